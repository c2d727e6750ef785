"""A family in the register, and a report about it: where every test of this room starts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from panoh.protection.models import Incident
from panoh.protection.operations import Reported, report_incident
from panoh.protection.rules.reports import Report
from tests.papers.conftest import Family, add_family
from tests.world import World

TOLD = "Two men in uniform asked for money before they would take the claim."


def report(**changes: Any) -> Report:
    given = Report(kind="BRIBE", occurred_on=timezone.localdate(), narrative=TOLD, place="3507223", others=1)
    return replace(given, **changes)


@pytest.fixture
def family(world: World) -> Family:
    with world.as_role("registration_clerk") as clerk:
        return add_family(clerk)


def tell(world: World, role: str = "lawyer", **changes: Any) -> Reported:
    """What that role's member reports."""
    with world.as_role(role) as by:
        return report_incident(by=by, report=report(**changes))


def seen_by(world: World, role: str, number: str) -> Incident | None:
    """The incident as the database shows it to that role, whatever the code asks."""
    with world.as_role(role):
        return Incident.objects.filter(number=number).first()
