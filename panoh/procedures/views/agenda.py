"""Choosing the agenda: when a sitting is convened, and until it opens. Ticks and numbers, so that it works without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.pages import page
from panoh.access.policy import check, decide
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_day, read_id, typed
from panoh.procedures.models import AgendaItem, Sitting
from panoh.procedures.operations.agenda import change_agenda, convene_sitting
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.agenda import agenda_limit, families_of, find_by_numbers, list_candidates
from panoh.procedures.queries.sittings import obtain_sitting, rule_of
from panoh.procedures.rules.agenda import SUGGESTED, Candidate, order_agenda
from panoh.procedures.views.sittings import version_of
from panoh.rulebook.model import Procedure, SittingRule

SHOWN = 60
"""How many of the cases that wait are listed to choose from, the most urgent first; any other is added by its number."""


@page("procedures.sitting.act")
@require_http_methods(["GET", "POST"])
def sitting_convene(request: HttpRequest, procedure: str, kind: str) -> HttpResponse:
    """The day, the place and the choice of cases; the most urgent are ticked already."""
    actor, today = request.actor, timezone.localdate()
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, today)
    rule = definition.sittings.get(kind)
    if rule is None:
        raise Problem("procedures.sitting.unknown_kind")
    verb = sitting_verb(procedure, kind, "convene")
    if not decide(actor, verb).allowed:
        raise Problem("access.verb.refused_role", role=actor.role, verb=verb)
    refusal = None
    if request.method == "POST":
        try:
            found = convene_sitting(
                by=actor,
                procedure=procedure,
                kind=kind,
                on=read_day(typed(request.POST, "on"), "on"),
                place=typed(request.POST, "place"),
                cases=_chosen(request),
                submission_id=read_id(typed(request.POST, "submission_id")),
            )
        except Problem as problem:
            refusal = problem
        else:
            return redirect("sitting", found.number)
    limit = agenda_limit(rule, today, book)
    candidates = order_agenda(list_candidates(actor, definition, rule))
    suggested = [one.case_id for one in candidates[: SUGGESTED if limit is None else limit]]
    context = {
        **_choice(request, definition, candidates, suggested, today),
        "definition": definition,
        "rule": rule,
        "limit": limit,
        "refusal": refusal,
        "typed": request.POST,
        "submission_id": typed(request.POST, "submission_id") or new_id(),
    }
    return render(request, "procedures/sitting_convene.html", context, status=422 if refusal else 200)


@page("procedures.sitting.act")
@require_http_methods(["GET", "POST"])
def sitting_agenda(request: HttpRequest, number: str) -> HttpResponse:
    """The agenda of a sitting that has not opened: tick, take off, put in another order."""
    actor, today = request.actor, timezone.localdate()
    found = obtain_sitting(actor, number)
    check(actor, sitting_verb(found.procedure, found.kind, "convene"), found)
    if found.state != Sitting.CONVENED:
        return redirect("sitting", found.number)
    definition, rule = rule_of(found)
    refusal = None
    if request.method == "POST":
        try:
            change_agenda(by=actor, sitting=found, cases=_chosen(request), expected_version=version_of(request))
        except Problem as problem:
            refusal = problem
        else:
            return redirect("sitting", found.number)
    standing = _standing(actor, found, definition, rule)
    candidates = [*standing, *order_agenda(list_candidates(actor, definition, rule))]
    context = {
        **_choice(request, definition, candidates, [one.case_id for one in standing], today),
        "sitting": found,
        "rule": rule,
        "limit": agenda_limit(rule, found.on, rulebook.current()),
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "procedures/sitting_agenda.html", context, status=422 if refusal else 200)


def _standing(actor: Actor, found: Sitting, definition: Procedure, rule: SittingRule) -> list[Candidate]:
    """The cases that stand on the agenda now, in its order, each with the limit it runs against."""
    stopped = {clock.code for clock in definition.clocks.values() if set(clock.stops_on) & set(rule.decides)}
    rows = found.items.filter(outcome=AgendaItem.WAITING).select_related("case").prefetch_related("case__dues")
    standing = []
    for item in rows.order_by("position"):
        dues = [due for due in item.case.dues.all() if due.clock in stopped and due.stopped_on is None]
        due = min(dues, key=lambda one: one.due_on or one.elapsed_due_on or date.max, default=None)
        standing.append(
            Candidate(
                item.case_id,
                item.case.number,
                item.case.opened_on,
                due.due_on if due else None,
                due.elapsed_due_on if due else None,
                due.clock if due else "",
            )
        )
    return standing


def _choice(
    request: HttpRequest, definition: Procedure, candidates: Sequence[Candidate], ticked: list[UUID], today: date
) -> dict[str, Any]:
    """The rows to choose from; a form that came back keeps its ticks, its numbers and what was added."""
    if request.method == "POST":
        try:
            ticked = _chosen(request)
        except Problem:  # a number that nobody knows: told above the form; the ticks are kept as they are
            ticked = [case for case in map(read_id, request.POST.getlist("case")) if case]
    place = {case: n for n, case in enumerate(ticked, start=1)}
    shown = sorted(
        (one for n, one in enumerate(candidates) if n < SHOWN or one.case_id in place),
        key=lambda one: (one.case_id not in place, place.get(one.case_id, 0)),
    )
    families = families_of([one.case_id for one in shown])
    rows = [
        {
            "one": one,
            "ticked": one.case_id in place,
            "place": typed(request.POST, f"at-{one.case_id}") if request.POST else place.get(one.case_id, ""),
            "family": families.get(one.case_id),
            "clock": definition.clocks.get(one.clock),
        }
        for one in shown
    ]
    return {"rows": rows, "ticked": len(place), "many": len(candidates), "hidden": len(candidates) - len(shown)}


def _chosen(request: HttpRequest) -> list[UUID]:
    """The ticked cases in the order of the numbers beside them, then those added by their numbers."""
    ticked = []
    for n, text in enumerate(request.POST.getlist("case")):
        case = read_id(text)
        if case is not None:
            typed_place = typed(request.POST, f"at-{case}")
            place = int(typed_place) if typed_place.isascii() and typed_place.isdigit() and len(typed_place) < 6 else 0
            ticked.append((place or 100_000, n, case))
    chosen = [case for _place, _n, case in sorted(ticked)]
    numbers = [part.upper() for part in re.split(r"[\s,;،]+", typed(request.POST, "more")) if part][:SHOWN]
    known = find_by_numbers(request.actor, numbers)
    for number in numbers:
        if number not in known:
            raise Problem("procedures.sitting.unknown_case", field="more", number=number[:40])
        if known[number] not in chosen:
            chosen.append(known[number])
    return chosen
