"""A record closed as deported, extradited or turned back opens an incident by itself, in the same transaction; so does a case in
which somebody is found to have been sent away, such as the follow-up of a detention.

Whoever closes the record need not think of it, and cannot leave it out. The protection side sees the incident; the authority
whose file it was does not (panoh.protection).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from panoh.access.actor import Actor
from panoh.protection.models import IncidentPerson
from panoh.protection.operations import open_from_register
from panoh.registry.models import Household, Person
from panoh.registry.rules.population import opens_incident
from panoh.rulebook import current


def open_incident_of_case(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    """As a closure would, for those about whom none of this kind is being followed already."""
    kind = current().codes["closure_reasons"][reason].attributes["incident_kind"]
    followed = set(
        IncidentPerson.objects.filter(person__in=persons, incident__kind=kind)
        .exclude(incident__state="closed")
        .values_list("person_id", flat=True)
    )
    if left := [one for one in persons if one.pk not in followed]:
        open_incident(by, household, left, reason, on)


def open_incident(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    """The list of closure reasons says which of them open an incident, and of which kind."""
    codes = current().codes
    if opens_incident(reason, codes):
        kind = codes["closure_reasons"][reason].attributes["incident_kind"]
        open_from_register(by=by, household=household, persons=persons, kind=kind, on=on)
