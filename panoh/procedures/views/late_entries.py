"""Allowing a late entry: which act, of which day, and why it was not written down in time."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_day, typed
from panoh.procedures.models import Case
from panoh.procedures.operations.late_permits import allow_late_entry
from panoh.procedures.policy import late_entry_verb
from panoh.procedures.queries.cases import obtain_case, procedure_of
from panoh.procedures.rules.recording import first_day_to_record
from panoh.registry.models import Household
from panoh.registry.queries import obtain_household
from panoh.rulebook.model import Action, Procedure


@page("procedures.case.act")
@require_http_methods(["GET", "POST"])
def case_late_entry(request: HttpRequest, number: str) -> HttpResponse:
    """For an act of an open case: any that its state knows."""
    found = obtain_case(request.actor, number, request.path)
    definition = procedure_of(found)
    acts = definition.actions_from(found.state, found.track)
    if found.household is None:  # a permit hangs off a file
        raise Problem("procedures.case.other_subject")
    return _allow(request, found.household, definition, acts, case=found)


@page("procedures.case.act")
@require_http_methods(["GET", "POST"])
def opening_late_entry(request: HttpRequest, household: str, procedure: str, track: str) -> HttpResponse:
    """For the act that opens a case."""
    file = obtain_household(request.actor, household, route=request.path)
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, timezone.localdate())
    way = definition.tracks.get(track)
    if way is None:
        raise Problem("procedures.case.unknown_procedure")
    return _allow(request, file, definition, (definition.actions[way.opens_with],))


def _allow(
    request: HttpRequest,
    household: Household,
    definition: Procedure,
    acts: tuple[Action, ...],
    case: Case | None = None,
) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    check(actor, late_entry_verb(definition.code), case or household)
    refusal = None
    if request.method == "POST":
        try:
            allow_late_entry(
                by=actor,
                household=household,
                procedure=definition,
                action=typed(request.POST, "action"),
                occurred_on=read_day(typed(request.POST, "on"), "on"),
                reason=typed(request.POST, "reason"),
                case=case,
            )
        except Problem as problem:
            refusal = problem
        else:
            messages.info(request, _("The late entry is allowed. Somebody else records the act now, with this day."))
            return redirect("case", case.number) if case else redirect("household", household.number)
    book = rulebook.current()
    context: dict[str, Any] = {
        "household": household,
        "case": case,
        "definition": definition,
        "limit": book.value(definition.recording.within, today),
        "first": max((first_day_to_record(one, today, book) for one in acts), default=today),
        "acts": [
            {
                "action": one,
                "first": first_day_to_record(one, today, book),
                "limit": book.value(one.recorded_within, today),
            }
            for one in acts
        ],
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "procedures/late_entry.html", context, status=422 if refusal else 200)
