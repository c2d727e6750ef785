"""What this room adds to the page of a household: its papers, and for whom one can be made out."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.papers import rules
from panoh.papers.models import REFUSED
from panoh.papers.queries import list_of_household
from panoh.registry.models import Household
from panoh.registry.panels import Panel

SHOWN = 20
OWN_CERTIFICATE_AGE = 16  # Regulation No. 324 of 2000, § 1: younger children are written into a parent's certificate


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "papers.paper.read", household).allowed:
        return None
    today = timezone.localdate()
    papers = [paper for paper in list_of_household(actor, household.pk) if paper.state != REFUSED]
    may_prepare = household.status == "open" and decide(actor, "papers.paper.prepare", household).allowed
    persons = household.persons.filter(status="open").order_by("number") if may_prepare else ()
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
