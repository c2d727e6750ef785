"""A family that agreed to legal aid, and a referral of the mother by the protection officer: where every test of this room starts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.utils import timezone

from panoh.ledger.operations import record
from panoh.referrals.models import Referral
from panoh.referrals.operations import Asked, send_referral
from panoh.registry.models import Consent, Need, Person, Residence
from tests.papers.conftest import Family, add_family
from tests.world import World

ASKED = "She has a hearing on Monday and nobody who speaks for her."


def agreed_family(world: World, serial: int = 1) -> Family:
    """The mother alone agreed that the lawyers be asked; her daughter did not."""
    with world.as_role("registration_clerk") as clerk:
        family = add_family(clerk, serial)
        today = timezone.localdate()
        rows: list[Any] = [
            Consent(
                household=family.household,
                person=family.mother,
                purpose="legal_aid",
                recipient=world.organisations["ngo"],
                method="written",
                language="PRS",
                given_on=today,
            ),
            Residence(
                household=family.household,
                place="3509018",
                detail="Street of the Mill 4",
                valid_from=today,
                recorded_at=timezone.now(),
            ),
            Need(
                person=family.mother,
                code="WR-UW",
                restricted=False,
                since=today,
                source="self",
                recorded_by_id=clerk.member_id,
                recorded_at=timezone.now(),
            ),
            Need(
                person=family.mother,
                code="SV-VA",
                restricted=True,
                since=today,
                source="self",
                recorded_by_id=clerk.member_id,
                recorded_at=timezone.now(),
            ),
        ]
        subjects = [family.household.pk, family.mother.pk, *(row.pk for row in rows)]
        record(by=clerk, kind="test.family.added", subjects=subjects, payload={}, occurred_on=today)
        Person.objects.filter(pk=family.mother.pk).update(phone="+992900000001")
        for row in rows:
            row.save(force_insert=True)
    return family


@pytest.fixture
def family(world: World) -> Family:
    return agreed_family(world)


def asked(world: World, family: Family, persons: Sequence[Person] | None = None, **changes: Any) -> Asked:
    given = {
        "kind": "LEGAL_AID",
        "receiver_id": world.organisations["ngo"].pk,
        "persons": [person.pk for person in (persons if persons is not None else [family.mother])],
        "urgency": "URGENT",
        "text": ASKED,
        "shares": ["contact"],
    }
    return Asked(**(given | changes))


def send(world: World, family: Family, role: str = "protection_officer", **changes: Any) -> Referral:
    with world.as_role(role) as by:
        return send_referral(by=by, household=family.household, asked=asked(world, family, **changes))


@pytest.fixture
def referral(world: World, family: Family) -> Referral:
    return send(world, family)
