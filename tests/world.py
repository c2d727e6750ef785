"""A small operation to test in: four organisations, their offices, one member for each role, agreements.

`world` is a pytest fixture; `world.actor("registration_clerk")` is that role's actor, `world.as_role(...)` enters the
database as it. Success and refusal of a test start from the same world.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting, acting_as_system
from panoh.access.models import Account, Agreement, Member, Office, Organisation
from panoh.access.queries import actor_for
from panoh.access.roles import FIELD_CLASSES, ROLES
from panoh.ledger.operations import record

SINCE = date(2010, 1, 1)

OFFICES = {
    # code: (organisation, prefix, place, parent)
    "dushanbe": ("authority", "101", "3501263", None),
    "panji_poyon": ("authority", "102", "3507223", "dushanbe"),
    "vahdat": ("authority", "103", "3509018", "dushanbe"),
    "un_dushanbe": ("un", "201", "3501263", None),
    "ngo_dushanbe": ("ngo", "301", "3501263", None),
    "undp_dushanbe": ("undp", "401", "3501263", None),
}
ORGANISATIONS = {"authority": "authority", "un": "un", "ngo": "ngo", "undp": "partner", "neighbour": "authority"}
HOMES = {"authority": "dushanbe", "un": "un_dushanbe", "ngo": "ngo_dushanbe", "partner": "undp_dushanbe"}


@dataclass
class World:
    organisations: dict[str, Organisation] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)

    def actor(self, role: str, purpose: str | None = None, on: date | None = None) -> Actor:
        """The actor of the world's member in this role (`registration_clerk` sits at the border post)."""
        return actor_for(self.members[role], purpose, on)

    @contextmanager
    def as_role(self, role: str, purpose: str | None = None) -> Iterator[Actor]:
        """Inside: the database shows what this role's member may see."""
        with acting(self.actor(role, purpose)) as actor:
            yield actor

    def add_member(self, role: str, name: str, office: str | None = None, organisation: str | None = None) -> Member:
        """One more member in a role, known as `name` in `members`, with an entry of its own."""
        with acting_as_system("a member of a test", records=["test.member.added"]):
            member = self._make_member(role, name, office, organisation)
            subjects = [member.pk, member.account_id]
            record(by=None, kind="test.member.added", subjects=subjects, payload={}, occurred_on=SINCE)
        return member

    def add_role(self, member: Member, role: str) -> Member:
        """The same account in a second role of the same organisation."""
        with acting_as_system("a member of a test", records=["test.member.added"]):
            second = Member.objects.create(
                account=member.account,
                organisation=member.organisation,
                office=member.office,
                role=role,
                valid_from=member.valid_from,
            )
            record(by=None, kind="test.member.added", subjects=[second.pk], payload={}, occurred_on=SINCE)
        return second

    def _make_member(self, role: str, name: str, office: str | None, organisation: str | None = None) -> Member:
        home = office or HOMES[sorted(ROLES[role].kinds - {"authority"} or ROLES[role].kinds)[0]]
        account = Account.objects.create_user(
            name, password="correct horse battery", name=name.replace("_", " ").title()
        )
        owner = self.organisations[organisation] if organisation else self.offices[home].organisation
        member = Member.objects.create(
            account=account, organisation=owner, office=self.offices[home], role=role, valid_from=SINCE
        )
        self.members[name] = member
        return member


def make_world() -> World:
    world = World()
    with acting_as_system("the world of a test", records=["test.world.made"]):
        fill(world)
    return world


def fill(world: World) -> None:
    for code, kind in ORGANISATIONS.items():
        country = {"authority": "TJK", "neighbour": "AFG"}.get(code, "")
        titles = dict.fromkeys(("en", "ru", "tg", "prs"), code.title())
        world.organisations[code] = Organisation.objects.create(
            code=code, kind=kind, country=country, titles=titles, valid_from=SINCE
        )
    for code, (organisation, prefix, place, parent) in OFFICES.items():
        world.offices[code] = Office.objects.create(
            organisation=world.organisations[organisation],
            code=code,
            prefix=prefix,
            titles=dict.fromkeys(("en", "ru", "tg", "prs"), code.replace("_", " ").title()),
            place=place,
            parent=world.offices[parent] if parent else None,
            valid_from=SINCE,
        )
    homes = {"registration_clerk": "panji_poyon", "administrator": "un_dushanbe", "auditor": "un_dushanbe"}
    for code, role in ROLES.items():
        kind = "authority" if "authority" in role.kinds else sorted(role.kinds)[0]
        world._make_member(code, code, office=homes.get(code, HOMES[kind]))
    now = timezone.now()
    world.agreements["un"] = Agreement.objects.create(
        giver=world.organisations["authority"],
        receiver=world.organisations["un"],
        reference="Cooperation agreement",
        purposes=["protection", "statistics"],
        field_classes=list(FIELD_CLASSES),
        needs_consent=False,
        valid_from=SINCE,
        signed_at=now,
    )
    world.agreements["undp"] = Agreement.objects.create(
        giver=world.organisations["authority"],
        receiver=world.organisations["undp"],
        reference="Assistance by consent",
        purposes=["assistance"],
        field_classes=["open", "identity", "contact"],
        needs_consent=True,
        valid_from=SINCE,
        signed_at=now,
    )
    tables = [row for made in vars(world).values() for row in made.values()]
    record(
        by=None,
        kind="test.world.made",
        subjects=[row.pk for row in (*tables, *(member.account for member in world.members.values()))],
        payload={},
        occurred_on=SINCE,
    )


@pytest.fixture
def world(db) -> World:
    """Inside the test's transaction. Tests that commit or use threads build it with `committed_world`."""
    return make_world()


@pytest.fixture
def committed_world(transactional_db) -> World:
    """Really committed, for tests with several connections."""
    return make_world()
