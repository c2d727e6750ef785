"""The page of a route: what an officer tells, the proposal with the days on the road, and the stays that take it over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panoh import rulebook
from panoh.scheduling.models import Mission
from panoh.scheduling.operations.preparing import add_stay
from panoh.scheduling.operations.routes import accept_route
from panoh.scheduling.queries.routes import Asked, coordinates_of
from tests.procedures.stories import refused
from tests.scheduling.rides import PLACE, Ride, working_day
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(databases="__all__")
FAR = "3505401"


@pytest.fixture
def ride(world) -> Ride:
    found = Ride(world)
    found.accept(2)
    found.make(days=1)
    with found.acting() as planner:
        last = found.mission.stays.get().last
        add_stay(
            by=planner, mission=found.mission, place=FAR, venue="Lenin 3", first=last + timedelta(1),
            last=last + timedelta(3), rooms=1,
        )  # fmt: skip
    found.list_all()
    return found


@pytest.fixture
def client(ride):
    return client_of(ride.world.members["eligibility_officer"])


def asked(ride: Ride, days: int = 9, **roads: int) -> Asked:
    first = working_day(ride.families[0].today() + timedelta(1))
    known = {frozenset({PLACE, FAR}): minutes for minutes in roads.values()}
    return Asked(first, first + timedelta(days), "", known)


def days_of(ride: Ride) -> list[tuple]:
    with ride.acting():
        return list(
            Mission.objects.get(pk=ride.mission.pk).stays.order_by("first").values_list("place", "first", "last")
        )


def test_a_route_is_proposed_and_taken_over_on_its_page(ride, client):
    address = f"/missions/{ride.mission.number}/route"
    assert "Time on the road" in client.get(address).content.decode()
    what = asked(ride)
    form = {"first": what.first, "last": what.last, "road0_1": "900"}
    before = days_of(ride)
    page = client.post(address, form)
    assert page.status_code == 200, page.content.decode()[:2000]
    assert "families wait" in page.content.decode() and days_of(ride) == before
    assert client.post(address, {**form, "accept": "yes"}).status_code == 302
    after = days_of(ride)
    # All families live nearest to the first place: the mission is there from the first day, and as long as it is worth.
    assert after != before and after[0][0] == PLACE and after[0][1] == what.first


def test_a_road_that_nobody_knows_is_not_made_up(ride, client):
    if coordinates_of(PLACE) and coordinates_of(FAR):
        page = client.post(
            f"/missions/{ride.mission.number}/route", {"first": asked(ride).first, "last": asked(ride).last}
        )
        assert page.status_code == 200
    unknown = next(code for code in rulebook.current().places if coordinates_of(code) is None)
    with ride.acting() as planner, refused("scheduling.route.way_unknown"):
        accept_route(by=planner, mission=ride.mission, asked=Asked(asked(ride).first, asked(ride).last, unknown, {}))


def test_what_stands_against_a_route_is_told(ride, client):
    address = f"/missions/{ride.mission.number}/route"
    what = asked(ride)
    wrong = client.post(address, {"first": what.last, "last": what.first, "road0_1": "60"})
    assert wrong.status_code == 422 and str(what.last) in wrong.content.decode()
    ride.plan()
    with ride.acting() as planner, refused("scheduling.route.plan_there"):
        accept_route(by=planner, mission=ride.mission, asked=asked(ride, road=60))


def test_other_organisations_and_roles_have_no_route(ride):
    for role in ("mandate_officer", "auditor"):
        answer = client_of(ride.world.members[role]).get(f"/missions/{ride.mission.number}/route")
        assert answer.status_code in (403, 404)
