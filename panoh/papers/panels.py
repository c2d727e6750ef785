"""What this room adds to the page of a household: its papers, and for whom one can be made out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.papers import rules
from panoh.papers.models import REFUSED, Paper
from panoh.papers.queries import list_of_household, list_of_person
from panoh.registry.models import Household, Person
from panoh.registry.panels import Panel

SHOWN = 20
OWN_CERTIFICATE_AGE = 16  # Regulation No. 324 of 2000, § 1: younger children are written into a parent's certificate


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "papers.paper.read", household).allowed:
        return None
    may_prepare = household.status == "open" and decide(actor, "papers.paper.prepare", household).allowed
    persons = household.persons.filter(status="open").order_by("number") if may_prepare else ()
    return shown(list_of_household(actor, household.pk), persons)


def read_person(actor: Actor, person: Person) -> dict[str, Any] | None:
    """The papers made out to this person, and those into which she is written."""
    if not decide(actor, "papers.paper.read", person).allowed:
        return None
    may_prepare = person.status == "open" and decide(actor, "papers.paper.prepare", person).allowed
    return shown(list_of_person(actor, person.pk), [person] if may_prepare else ())


def shown(papers: list[Paper], persons: Iterable[Person]) -> dict[str, Any]:
    """Each paper as it stands today, and for whom of the persons one can be made out."""
    today = timezone.localdate()
    papers = [paper for paper in papers if paper.state != REFUSED]
    return {
        "papers": [
            {"paper": paper, "state": rules.state_on(paper.state, paper.valid_until, today)} for paper in papers[:SHOWN]
        ],
        "persons": [
            {"person": person, "no_photo": not person.photo_sha256}
            for person in persons
            if person.birth.age_on(today)[1] >= OWN_CERTIFICATE_AGE
        ],
    }


PAPERS = Panel("papers/household_panel.html", read, order=40)
PAPERS_OF_PERSON = Panel("papers/household_panel.html", read_person, order=40)
