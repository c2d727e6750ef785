"""A file given to a lawyer through its page, and taken back: she reads it in between, and neither before nor after.

Really committed, for a grant begins and ends by the clock.
"""

from __future__ import annotations

import pytest

from panoh.access.models import Grant
from panoh.access.operations import end_assignment
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from tests.papers.conftest import add_family
from tests.signing_in import client_of


@pytest.fixture
def family(committed_world):
    with committed_world.as_role("registration_clerk") as clerk:
        return add_family(clerk)


def test_a_lawyer_reads_what_was_given_to_her_until_it_is_taken_back(committed_world, family) -> None:
    world, address = committed_world, f"/households/{family.household.number}"
    supervisor, lawyer = (client_of(world.members[role]) for role in ("registration_supervisor", "lawyer"))
    assert lawyer.get(address).status_code == 404
    page = supervisor.get(address).content.decode()
    assert f"{address}/assignment" in page
    typed = {"member": world.members["lawyer"].pk, "reason": "a power of attorney of today"}
    assert supervisor.post(f"{address}/assignment", typed).status_code == 422, "the family was not asked"
    assert lawyer.get(address).status_code == 404
    assert supervisor.post(f"{address}/assignment", typed | {"agreed": "on"}).status_code == 302
    assert lawyer.get(address).status_code == 200

    with world.as_role("registration_supervisor"):
        grant = Grant.objects.get(household_id=family.household.pk)
    back = f"{address}/assignment-end"
    assert str(grant.pk) in supervisor.get(back).content.decode()
    assert supervisor.post(back, {"grant": grant.pk}).status_code == 302
    assert lawyer.get(address).status_code == 404
    assert supervisor.post(back, {"grant": grant.pk}).status_code == 422, "there is nothing left to take back"
    with world.as_role("registration_supervisor") as by:
        with pytest.raises(Problem) as refusal:  # two at once: the page of the second one still showed it
            end_assignment(by=by, household=family.household, grant=grant)
        assert refusal.value.code == "access.assignment.ended"
        kinds = Entry.objects.filter(subjects__contains=[family.household.pk]).order_by("recorded_at")
        assert [entry.kind for entry in kinds][-2:] == ["access.file.assigned", "access.file.taken_back"]


def test_who_may_not_give_a_file_away(committed_world, family) -> None:
    world, address = committed_world, f"/households/{family.household.number}/assignment"
    given = {"member": world.members["lawyer"].pk, "agreed": "on", "reason": "x"}
    assert client_of(world.members["registration_clerk"]).post(address, given).status_code == 403
    supervisor = client_of(world.members["registration_supervisor"])
    to_a_clerk = {**given, "member": world.members["registration_clerk"].pk}
    assert supervisor.post(address, to_a_clerk).status_code == 422
    assert not Grant.objects.exists()
