"""Where a mission stays on which days: the best of all orders and lengths, with the days on the road, and a bound that holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panoh.kernel.problems import Problem
from panoh.scheduling.mission import Family, Leg, Mission, Session, Staff, broken_rules
from panoh.scheduling.routing import (
    AFTER_WORK,
    DAY_ON_THE_ROAD,
    Site,
    Ways,
    estimated_minutes,
    lay_out_route,
    plan_route,
)
from panoh.scheduling.solving import solve

MONDAY = date(2026, 9, 7)


def mission(families: dict[str, dict[str, int]], officers: int = 2, rest: frozenset[date] = frozenset()) -> Mission:
    """Families by place and urgency, an hour each; a working day of six hours."""
    return Mission(
        legs=(),
        sessions=(Session(9 * 60, 180), Session(13 * 60, 180)),
        officers=tuple(Staff(f"O{n}", "F", frozenset({"PRS"})) for n in range(officers)),
        interpreters=(),
        families=tuple(
            Family(f"{site}-{urgency}-{n}", site, "PRS", 60, urgency)
            for site, by in families.items()
            for urgency, many in by.items()
            for n in range(many)
        ),
        rest_days=rest,
    )


def ways(**minutes: int) -> Ways:
    return Ways({frozenset(pair.split("_")): value for pair, value in minutes.items()})


def sites(*codes: str) -> list[Site]:
    return [Site(code, 2) for code in codes]


def days_of(route) -> dict[str, int]:
    return {leg.site: (leg.last - leg.first).days + 1 for leg in route.legs}


def test_the_most_urgent_place_comes_first_and_nobody_waits_for_a_day_that_adds_nothing():
    made = mission({"A": {"normal": 12}, "B": {"emergency": 12}})
    route = lay_out_route(made, sites("A", "B"), ways(A_B=60), MONDAY, MONDAY + timedelta(9))
    assert [leg.site for leg in route.legs] == ["B", "A"]
    assert days_of(route) == {"B": 1, "A": 1} and route.left_out == ()
    assert [journey.days for journey in route.journeys] == [()]


def test_a_long_way_takes_days_on_which_nobody_is_heard():
    made = mission({"A": {"normal": 12}, "B": {"normal": 12}})
    route = lay_out_route(made, sites("A", "B"), ways(A_B=DAY_ON_THE_ROAD + 1), MONDAY, MONDAY + timedelta(9))
    first, second = route.legs
    assert (second.first - first.last).days == 3
    assert len(route.journeys[0].days) == 2
    near = lay_out_route(made, sites("A", "B"), ways(A_B=AFTER_WORK), MONDAY, MONDAY + timedelta(9))
    assert (near.legs[1].first - near.legs[0].last).days == 1


def test_a_place_that_is_too_far_for_the_days_is_left_out_and_said():
    made = mission({"A": {"normal": 12}, "B": {"urgent": 1}})
    route = lay_out_route(made, sites("A", "B"), ways(A_B=5 * DAY_ON_THE_ROAD), MONDAY, MONDAY + timedelta(3))
    assert [leg.site for leg in route.legs] == ["A"] and route.left_out == ("B",)


def test_the_way_from_where_it_sets_out_counts():
    made = mission({"A": {"normal": 12}})
    route = lay_out_route(made, sites("A"), ways(HOME_A=400), MONDAY, MONDAY + timedelta(4), start="HOME")
    assert route.legs[0].first == MONDAY + timedelta(1) and route.journeys[0].origin == "HOME"


def test_days_of_rest_are_used_for_the_road_and_not_for_interviews():
    weekend = frozenset({MONDAY + timedelta(5), MONDAY + timedelta(6)})
    made = mission({"A": {"normal": 12 * 5}, "B": {"normal": 12}}, rest=weekend)
    route = lay_out_route(made, sites("A", "B"), ways(A_B=DAY_ON_THE_ROAD * 2), MONDAY, MONDAY + timedelta(9))
    assert [(leg.site, leg.first) for leg in route.legs] == [("A", MONDAY), ("B", MONDAY + timedelta(7))]


def test_what_nobody_wrote_down_is_estimated_from_coordinates_and_marked_and_never_made_up():
    dushanbe, khujand = (38.56, 68.77), (40.28, 69.63)
    assert 60 * 5 <= estimated_minutes(dushanbe, khujand) <= 60 * 9
    made = mission({"A": {"normal": 1}, "B": {"normal": 1}})
    known = Ways({}, {"A": dushanbe, "B": khujand})
    route = lay_out_route(made, sites("A", "B"), known, MONDAY, MONDAY + timedelta(9))
    assert route.estimated
    told = Ways({frozenset({"A", "B"}): 300}, {"A": dushanbe, "B": khujand})
    assert not lay_out_route(made, sites("A", "B"), told, MONDAY, MONDAY + timedelta(9)).estimated
    with pytest.raises(Problem) as refused:
        lay_out_route(made, sites("A", "B"), Ways({}), MONDAY, MONDAY + timedelta(9))
    assert refused.value.code == "scheduling.route.way_unknown"


@pytest.mark.parametrize(
    ("codes", "last", "code"),
    [
        ([], 3, "scheduling.route.no_place"),
        ([f"P{n}" for n in range(9)], 3, "scheduling.route.too_many_places"),
        (["A"], -1, "scheduling.route.days"),
        (["A"], 400, "scheduling.route.days"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(codes, last, code):
    with pytest.raises(Problem) as refused:
        lay_out_route(mission({"A": {"normal": 1}}), sites(*codes), Ways({}), MONDAY, MONDAY + timedelta(last))
    assert refused.value.code == code


def by_hand(made: Mission, codes: list[str], road: Ways, horizon: int) -> float:
    """Every order and every length of stay, each planned by the solver itself: slow, and without a thought in common."""
    best = 0.0

    def go(order: tuple[str, ...], day: int, legs: tuple[Leg, ...]) -> None:
        nonlocal best
        if legs:
            best = max(best, solve(replace(made, legs=legs, begins=MONDAY), 5).value)
        if not order:
            return
        way = road.between(legs[-1].site, order[0]).days if legs else 0
        for length in range(1, horizon - day - way + 1):
            begins = MONDAY + timedelta(day + way)
            leg = Leg(order[0], begins, begins + timedelta(length - 1), 2)
            go(order[1:], day + way + length, (*legs, leg))

    for order in permutations(codes):
        go(order, 0, ())
    return best


@settings(max_examples=12, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["A", "B"]),
        st.dictionaries(st.sampled_from(["emergency", "normal"]), st.integers(1, 9), min_size=1),
        min_size=1,
    ),
    st.sampled_from([60, 400, 900]),
)
def test_no_plan_on_any_route_is_worth_more_than_the_bound(families, minutes):
    made, road = mission(families, officers=1), ways(A_B=minutes)
    routed = plan_route(made, sites("A", "B"), road, MONDAY, MONDAY + timedelta(3), seconds=5)
    assert broken_rules(routed.mission, routed.plan) == []
    found = by_hand(made, ["A", "B"], road, 4)
    assert found <= routed.route.bound + 1e-6
    assert routed.plan.value <= routed.route.bound + 1e-6
    assert routed.plan.value >= found * 0.9  # an hour each in sessions of three: nothing is lost by packing


def test_families_that_travel_together_come_on_one_day_of_the_route():
    made = mission({"A": {"normal": 20}})
    made = replace(
        made, families=tuple(replace(one, together="G" if n < 4 else None) for n, one in enumerate(made.families))
    )
    routed = plan_route(made, sites("A"), Ways({}), MONDAY, MONDAY + timedelta(4), seconds=10)
    assert broken_rules(routed.mission, routed.plan) == []
    assert routed.gap <= 0.02
