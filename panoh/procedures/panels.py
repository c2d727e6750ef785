"""What this room adds to the page of a household: its cases, what is due in them, and the cases that can be opened."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.procedures.models import Case, Due
from panoh.procedures.queries.cases import list_cases_of_household, list_cases_of_person, procedure_of
from panoh.registry.models import Household, Person
from panoh.registry.panels import Panel
from panoh.rulebook.model import NoRuleInForce


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "procedures.case.read", household).allowed:
        return None
    cases = list_cases_of_household(actor, household)
    return {**shown(cases), "acts": openings(actor, household, cases)}


def read_person(actor: Actor, person: Person) -> dict[str, Any] | None:
    """The cases in which this person stands, whichever household they were opened for."""
    if not decide(actor, "procedures.case.read", person).allowed:
        return None
    return {**shown(list_cases_of_person(actor, person)), "of_person": True}


def shown(cases: list[Case]) -> dict[str, Any]:
    """Each case with its state and the clocks that run in it."""
    dues: dict[Any, list[Due]] = {}
    running = Due.objects.filter(case__in=cases, stopped_on__isnull=True).order_by("due_on", "id")
    for due in running:
        dues.setdefault(due.case_id, []).append(due)
    rows = []
    for case in cases:
        definition = procedure_of(case)
        clocks = [{"due": due, "clock": definition.clocks[due.clock]} for due in dues.get(case.pk, ())]
        rows.append({"case": case, "definition": definition, "state": definition.states[case.state], "clocks": clocks})
    return {
        "cases": rows,
        "due": "procedures/household_due.html" if running else "",
    }


def openings(actor: Actor, household: Household, cases: list[Any]) -> list[dict[str, str]]:
    """The cases that this actor may open for the household: a track of her organisation that is not open yet."""
    if household.status != "open":
        return []
    today = timezone.localdate()
    open_now = {(case.procedure, case.track) for case in cases if case.closed_on is None}
    found = []
    for code in rulebook.current().procedures:
        try:
            definition = rulebook.current().procedure(code, today)
        except NoRuleInForce:
            continue
        for track in definition.tracks.values():
            if (code, track.code) in open_now or track.organisation_kind != actor.organisation_kind:
                continue
            if decide(actor, definition.verb(track.opens_with), household).allowed:
                label = rulebook.current().text(definition.actions[track.opens_with].titles, actor.language)
                found.append(
                    {
                        "label": label or _("Open a case"),
                        "url": reverse("case_open", args=[household.number, code, track.code]),
                    }
                )
    return found


CASES = Panel("procedures/household_cases.html", read, order=20)
CASES_OF_PERSON = Panel("procedures/household_cases.html", read_person, order=20)
