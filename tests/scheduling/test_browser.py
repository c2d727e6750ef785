"""The pages of missions in a browser: accessible, no wider than a phone, in both directions."""

from __future__ import annotations

import os

import pytest

from panoh.scheduling.models import Mission
from panoh.scheduling.operations.listing import Wishes, change_wishes
from tests.browser import faults_of
from tests.scheduling.rides import Ride
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def ride(committed_world) -> Ride:
    """A round of interviews with a confirmed plan, and a second plan that waits for a person."""
    found = Ride(committed_world)
    found.accept(int(os.environ.get("PANOH_FAMILIES", "3")))
    found.make(days=6)
    found.list_all()
    with found.acting() as planner:
        one = found.mission.listed.get(case=found.families[0].case)
        change_wishes(
            by=planner, mission=found.mission, case=one.case_id,
            wishes=Wishes(one.place, "PRS", 90, "urgent", "F", "F"),
        )  # fmt: skip
        other = found.mission.listed.get(case=found.families[1].case)
        change_wishes(
            by=planner, mission=found.mission, case=other.case_id, wishes=Wishes(other.place, "PST", 90, "normal")
        )
    found.confirm(found.plan())
    found.plan("anew")
    return found


@pytest.mark.parametrize("language", ["en", "prs"])
def test_every_page_of_a_mission_is_accessible_and_fits_a_phone(ride, visit, violations, language):
    cookies = {"sessionid": client_of(ride.world.members["eligibility_officer"]).cookies["sessionid"].value}
    with ride.acting():
        number = Mission.objects.get().number
    faults = {}
    for n, address in enumerate(
        (
            "/missions",
            "/missions/new/asylum/fortnight",
            f"/missions/{number}",
            f"/missions/{number}/prepare",
            f"/missions/{number}/families",
            f"/missions/{number}/families/{ride.families[1].case.number}",
            f"/missions/{number}/confirm",
            f"/missions/{number}?plan=1",
        )
    ):
        page = visit(address, language=language, cookies=cookies)
        if found := faults_of(page, violations, f"ride-{n}-{language}"):
            faults[address] = found
    assert faults == {}
