"""A file goes to the office where the family lives: seen there at once, and no longer where it was."""

from __future__ import annotations

import pytest

from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.registry.models import Household
from panoh.registry.operations import transfer_household
from tests.papers.conftest import add_family
from tests.signing_in import client_of


@pytest.fixture
def family(world):
    world.add_member("registration_clerk", "of_vahdat", office="vahdat")
    with world.as_role("registration_clerk") as clerk:
        return add_family(clerk)


def test_the_other_office_goes_on_with_the_file(world, family) -> None:
    address = f"/households/{family.household.number}"
    before, after = (client_of(world.members[name]) for name in ("registration_clerk", "of_vahdat"))
    supervisor = client_of(world.members["registration_supervisor"])
    assert (before.get(address).status_code, after.get(address).status_code) == (200, 404)
    typed = {"office": world.offices["vahdat"].pk, "reason": "lives in Vahdat since the spring"}
    assert supervisor.post(f"{address}/transfer", typed).status_code == 302
    assert (before.get(address).status_code, after.get(address).status_code) == (404, 200)
    assert after.get(f"/persons/{family.daughter.number}").status_code == 200
    with world.as_role("registration_supervisor"):
        entry = Entry.objects.get(kind="registry.household.transferred")
        assert entry.payload["from"] == str(world.offices["panji_poyon"].pk)
        assert entry.payload["to"] == str(world.offices["vahdat"].pk)


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("registration_clerk", "vahdat", 403),  # who sees one office only gives nothing away
        ("registration_supervisor", "panji_poyon", 422),  # where it is already
        ("registration_supervisor", "un_dushanbe", 422),  # of another organisation
    ],
)
def test_what_is_refused_changes_nothing(world, family, role, office, status) -> None:
    typed = {"office": world.offices[office].pk, "reason": "lives there"}
    answer = client_of(world.members[role]).post(f"/households/{family.household.number}/transfer", typed)
    assert answer.status_code == status
    with world.as_role("registration_supervisor"):
        kept = Household.objects.get(pk=family.household.pk)
        assert kept.office_id == world.offices["panji_poyon"].pk


@pytest.mark.parametrize(
    ("office", "code"),
    [
        (
            "un_dushanbe",
            "registry.household.office_unknown",
        ),  # the page does not offer it; the act refuses it all the same
        ("panji_poyon", "registry.household.office_same"),
    ],
)
def test_the_act_itself_refuses_what_the_page_does_not_offer(world, family, office, code) -> None:
    with world.as_role("registration_supervisor") as by, pytest.raises(Problem) as refusal:
        transfer_household(by=by, household=family.household, office=world.offices[office], reason="lives there")
    assert refusal.value.code == code
