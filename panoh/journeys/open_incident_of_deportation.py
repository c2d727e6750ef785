"""A record closed as deported, extradited or turned back opens an incident by itself, in the same transaction.

Whoever closes the record need not think of it, and cannot leave it out. The protection side sees the incident; the authority
whose file it was does not (panoh.protection).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from panoh.access.actor import Actor
from panoh.protection.operations import open_from_register
from panoh.registry.models import Household, Person
from panoh.registry.rules.population import opens_incident
from panoh.rulebook import current


def open_incident(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    """The list of closure reasons says which of them open an incident, and of which kind."""
    codes = current().codes
    if opens_incident(reason, codes):
        kind = codes["closure_reasons"][reason].attributes["incident_kind"]
        open_from_register(by=by, household=household, persons=persons, kind=kind, on=on)
