"""What this room adds to the page of a household: its cases, what is due in them, and the cases that can be opened."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.procedures.models import Case, Due
from panoh.procedures.queries.cases import list_cases_of_household, list_cases_of_person, procedure_of
from panoh.procedures.queries.openings import Opening, list_openings
from panoh.registry.models import Household, Person
from panoh.registry.panels import Panel


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "procedures.case.read", household).allowed:
        return None
    cases = list_cases_of_household(actor, household)
    return {**shown(cases), "acts": acts_of(household, list_openings(actor, household, cases))}


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


AT_HAND = 2
"""How many cases can be opened straight from the page of the household; the others stand on a page of their own."""


def acts_of(household: Household, found: list[Opening]) -> list[dict[str, str]]:
    """The first ones as buttons, and the way to all of them where there are more."""
    shown = found if len(found) <= AT_HAND + 1 else found[:AT_HAND]
    acts = [{"label": one.label, "url": one.url} for one in shown]
    if len(shown) < len(found):
        acts.append({"label": _("Open another case"), "url": reverse("case_choose", args=[household.number])})
    return acts


WORK_PANELS: list[Panel] = []
"""What rooms above show in My work, each given the day: referrals that wait for an answer."""

CASES = Panel("procedures/household_cases.html", read, order=20)
CASES_OF_PERSON = Panel("procedures/household_cases.html", read_person, order=20)
