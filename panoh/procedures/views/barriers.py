"""Barriers: what stands, what a new one would do, and the day on which one fell."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_day, read_id, typed
from panoh.procedures.models import Barrier
from panoh.procedures.operations.barriers import KINDS, BarrierEffect, lift_barrier, preview_barrier, record_barrier


def barriers_visible_to(actor):
    """Those of the own organisation, and of others whose files an agreement opens: the monitor measures them."""
    return Barrier.objects.filter(organisation_id__in=[actor.organisation_id, *actor.open_organisations])


@page("procedures.barrier.read")
@require_GET
def barriers(request: HttpRequest) -> HttpResponse:
    rows = (
        barriers_visible_to(request.actor)
        .select_related("organisation", "recorded_by__account", "lifted_by__account")
        .order_by("-from_on", "id")[:100]
    )
    return render(
        request,
        "procedures/barriers.html",
        {
            "barriers": rows,
            "known": rulebook.current().known_barriers,
            "may_record": decide(request.actor, "procedures.barrier.record").allowed,
            "own": request.actor.organisation_id,
        },
    )


@page("procedures.barrier.record")
@require_http_methods(["GET", "POST"])
def barrier_record(request: HttpRequest) -> HttpResponse:
    """First shows what the barrier would do to the open cases; recording it is a second press."""
    actor, today = request.actor, timezone.localdate()
    effect: BarrierEffect | None = None
    refusal, status = None, 200
    if request.method == "POST":
        try:
            kind, from_on = typed(request.POST, "kind"), read_day(typed(request.POST, "from_on"), "from_on")
            if typed(request.POST, "do") == "record":
                record_barrier(
                    by=actor,
                    kind=kind,
                    from_on=from_on,
                    reason=typed(request.POST, "reason"),
                    provision=typed(request.POST, "provision"),
                    submission_id=read_id(typed(request.POST, "submission_id")),
                )
                messages.info(request, _("The barrier is recorded. The legal clocks that it stops stand still."))
                return redirect("barriers")
            effect = preview_barrier(by=actor, kind=kind, from_on=from_on)
        except Problem as problem:
            refusal, status = problem, 422
    return render(
        request,
        "procedures/barrier_record.html",
        {
            "kinds": rulebook.current().codes[KINDS].in_force(today),
            "effect": effect,
            "clocks": clock_titles(),
            "refusal": refusal,
            "typed": request.POST,
            "submission_id": typed(request.POST, "submission_id") or new_id(),
        },
        status=status,
    )


@page("procedures.barrier.record")
@require_http_methods(["GET", "POST"])
def barrier_lift(request: HttpRequest, barrier: UUID) -> HttpResponse:
    """The first day without it; what that does to the last days is shown before."""
    found = barriers_visible_to(request.actor).filter(pk=barrier).select_related("organisation").first()
    if found is None:
        raise Problem("procedures.barrier.not_found")
    effect, refusal, status = None, None, 200
    if request.method == "POST":
        try:
            to_on = read_day(typed(request.POST, "to_on"), "to_on")
            if typed(request.POST, "do") == "lift":
                version = typed(request.POST, "version")
                lift_barrier(
                    by=request.actor,
                    barrier=found,
                    to_on=to_on,
                    expected_version=int(version) if version.isdigit() else 0,
                )
                messages.info(request, _("The barrier is lifted. The legal clocks run on."))
                return redirect("barriers")
            effect = preview_barrier(
                by=request.actor, kind=found.kind, from_on=found.from_on, to_on=to_on, barrier=found
            )
        except Problem as problem:
            refusal, status = problem, 422
    return render(
        request,
        "procedures/barrier_lift.html",
        {"barrier": found, "effect": effect, "clocks": clock_titles(), "refusal": refusal, "typed": request.POST},
        status=status,
    )


def clock_titles() -> dict[str, object]:
    """Titles of all clocks by code, for the counts of a preview."""
    return {
        clock.code: clock.titles
        for versions in rulebook.current().procedures.values()
        for version in versions
        for clock in version.clocks.values()
    }
