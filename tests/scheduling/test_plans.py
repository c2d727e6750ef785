"""Plans keep every rule, are the best there are where that can be tried out, and a no-show moves nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panoh.kernel.problems import Problem
from panoh.scheduling.explaining import explain
from panoh.scheduling.files import read_mission, read_plan, write_plan
from panoh.scheduling.mission import Appointment, Mission, Plan, broken_rules, called_again, can_take, weight
from panoh.scheduling.solving import replan, solve
from panoh.scheduling.words import in_words
from tests.scheduling.missions import FIRST, circuit_ride, small_missions

UNHURRIED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@UNHURRIED
@given(small_missions())
def test_a_plan_breaks_no_rule_and_says_how_good_it_is(mission):
    plan = solve(mission, 10)
    assert broken_rules(mission, plan) == []
    families = {family.code: family for family in mission.families}
    assert plan.value == pytest.approx(sum(weight(mission, families[one.family], one.day) for one in plan.appointments))
    assert plan.bound >= plan.value - 1e-6 and 0 <= plan.gap <= 1


@UNHURRIED
@given(small_missions(), st.randoms(use_true_random=False))
def test_the_order_of_the_families_changes_nothing_in_value(mission, chance):
    turned = list(mission.families)
    chance.shuffle(turned)
    assert solve(replace(mission, families=tuple(turned)), 10).value == pytest.approx(
        solve(mission, 10).value, rel=2e-3
    )


def best_by_trying(mission: Mission) -> float:
    """The value of the best plan, by trying each way to give families a team-session: for three families at most."""
    places = [
        (day, number, officer, interpreter)
        for day, leg in mission.working_days()
        for number in range(len(mission.sessions))
        for officer in mission.officers
        for interpreter in (None, *mission.interpreters)
    ]
    best = 0.0
    for chosen in product([None, *places], repeat=len(mission.families)):
        if holds(mission, chosen):
            value = sum(
                weight(mission, family, place[0])
                for family, place in zip(mission.families, chosen, strict=True)
                if place is not None
            )
            best = max(best, value)
    return best


def holds(mission: Mission, chosen) -> bool:
    legs = dict(mission.working_days())
    groups: dict[str, set] = {}
    teams: dict[tuple, list[int]] = {}
    for family, place in zip(mission.families, chosen, strict=True):
        if family.together:
            groups.setdefault(family.together, set()).add(place and place[0])
        if place is None:
            continue
        day, number, officer, interpreter = place
        if (
            legs[day].site != family.site
            or not family.may_come(day)
            or not can_take(officer, interpreter, family)
            or day in officer.absent
            or (interpreter and day in interpreter.absent)
        ):
            return False
        teams.setdefault((day, number, officer.code, interpreter and interpreter.code), []).append(family.minutes)
    if any(len(days) > 1 for days in groups.values()):
        return False
    for day, number in {key[:2] for key in teams}:
        here = [key for key in teams if key[:2] == (day, number)]
        officers, interpreters = [key[2] for key in here], [key[3] for key in here if key[3]]
        if len(set(officers)) < len(officers) or len(set(interpreters)) < len(interpreters):
            return False
        if len(here) > legs[day].rooms:
            return False
        if any(sum(teams[key]) > mission.sessions[number].minutes for key in here):
            return False
    return True


@settings(UNHURRIED, max_examples=25)
@given(small_missions())
def test_no_plan_is_better_than_the_bound_and_small_plans_are_the_best(mission):
    mission = replace(mission, families=mission.families[:3])
    plan = solve(mission, 10)
    best = best_by_trying(mission)
    assert plan.bound >= best - 1e-6
    assert plan.value >= best * (1 - 2e-3) - 1e-6 or plan.gap >= (best - plan.value) / best - 1e-6


@pytest.fixture(scope="module")
def ride() -> tuple[Mission, Plan]:
    mission = circuit_ride(families=120, officers=2)
    return mission, solve(mission, 20)


def test_a_ride_is_laid_out_with_its_gap_named(ride):
    mission, plan = ride
    assert broken_rules(mission, plan) == []
    assert plan.appointments and plan.unplaced
    assert plan.gap <= 0.02
    urgency = {family.code: family.urgency for family in mission.families}
    seen = [urgency[one.family] for one in plan.appointments]
    assert seen.count("emergency") == list(urgency.values()).count("emergency"), "the most urgent come first"


def test_who_does_not_come_leaves_a_gap_that_somebody_else_gets_and_nobody_is_moved(ride):
    mission, plan = ride
    missing = plan.appointments[len(plan.appointments) // 3]
    again = replan(mission, plan, {missing.family}, (missing.day, missing.starts))
    assert broken_rules(called_again(mission, plan, {missing.family}, missing.day), again) == []
    before = {one.family: one for one in plan.appointments if one.family != missing.family}
    after = {one.family: one for one in again.appointments}
    assert {code: after[code] for code in before} == before
    assert missing.family not in after or after[missing.family].day > missing.day
    gained = [one for code, one in after.items() if code not in before]
    assert all((one.day, one.starts) >= (missing.day, missing.starts) for one in gained)


def test_every_family_has_reasons_in_words(ride):
    mission, plan = ride
    for family in mission.families:
        assert all(line.strip() and "%(" not in line for line in in_words(explain(mission, plan, family.code)))
    alone = replace(
        mission, families=(*mission.families, replace(mission.families[0], code="X", language="kir", together=None))
    )
    assert [code for code, _ in explain(alone, replace(plan, unplaced=(*plan.unplaced, "X")), "X")] == ["nobody_able"]
    with pytest.raises(KeyError):
        explain(mission, plan, "nobody")


def test_the_check_of_plans_finds_what_is_wrong(ride):
    """Each rule is shown to be looked at: a plan that breaks it is told."""
    mission, plan = ride
    first, second = plan.appointments[:2]
    families = {family.code: family for family in mission.families}

    def broken(*appointments: Appointment, more: tuple[str, ...] = ()) -> str:
        kept = tuple(one for one in plan.appointments if one.family not in {other.family for other in appointments})
        return "; ".join(
            broken_rules(mission, replace(plan, appointments=(*kept, *appointments), unplaced=(*plan.unplaced, *more)))
        )

    assert "cannot be interviewed" in broken(replace(first, interpreter=None, officer="O1"))
    assert "where the mission is not" in broken(replace(first, day=date(2026, 4, 1)))
    assert "does not fit" in broken(replace(first, minutes=first.minutes + 5))
    assert "has no room" in broken(replace(first, room=99))
    assert "taken twice" in broken(
        replace(second, officer=first.officer, starts=first.starts, day=first.day, session=first.session)
    )
    assert "seen and unplaced" in broken(first, more=(first.family,))
    assert "is lost" in "; ".join(broken_rules(mission, replace(plan, appointments=plan.appointments[1:])))
    grouped = next(one for one in plan.appointments if families[one.family].together)
    assert "torn apart" in broken(replace(grouped, day=FIRST if grouped.day != FIRST else date(2026, 3, 3)))


# -- files ------------------------------------------------------------------------------------------------------------

GOOD = {
    "legs": [{"site": "TJ-DU", "first": "2026-03-02", "last": "2026-03-03", "rooms": 1}],
    "sessions": [{"starts": "09:00", "minutes": 120}],
    "officers": [{"code": "O", "sex": "F", "languages": ["prs"]}],
    "families": [{"code": "A", "site": "TJ-DU", "language": "prs", "minutes": 60}],
}


def test_a_plan_is_written_and_read_again(ride):
    _mission, plan = ride
    again = read_plan(write_plan(plan))
    assert again.appointments == plan.appointments and again.unplaced == plan.unplaced
    assert solve(read_mission(json.dumps(GOOD))).unplaced == ()


def faults() -> Iterator[tuple[str, dict, str]]:
    yield "no_leg", {"legs": []}, "scheduling.mission.no_leg"
    yield "no_officer", {"officers": []}, "scheduling.mission.no_officer"
    yield "twice", {"families": GOOD["families"] * 2}, "scheduling.mission.code_twice"
    yield "rooms", {"legs": [{**GOOD["legs"][0], "rooms": 0}]}, "scheduling.leg.no_room"
    yield "days", {"legs": [{**GOOD["legs"][0], "last": "2026-03-01"}]}, "scheduling.leg.days"
    yield "overlap", {"legs": GOOD["legs"] * 2}, "scheduling.leg.overlaps"
    yield "times", {"sessions": [{"starts": "23:00", "minutes": 120}]}, "scheduling.session.times"
    yield "urgency", {"families": [{**GOOD["families"][0], "urgency": "later"}]}, "scheduling.family.urgency"
    yield "sex", {"officers": [{"code": "O", "sex": "X"}]}, "scheduling.staff.sex"
    yield "no day", {"legs": [{**GOOD["legs"][0], "first": "2026-02-31"}]}, "scheduling.file.row"
    yield "not a list", {"families": {}}, "scheduling.file.not_a_list"
    yield "no object", {"families": [7]}, "scheduling.file.row"
    yield "text for number", {"legs": [{**GOOD["legs"][0], "rooms": "one"}]}, "scheduling.file.row"


@pytest.mark.parametrize(
    ("change", "code"), [(change, code) for _name, change, code in faults()], ids=[name for name, *_ in faults()]
)
def test_a_mission_that_cannot_be_planned_is_refused_with_its_place(change, code):
    with pytest.raises(Problem) as refused:
        read_mission(json.dumps({**GOOD, **change}))
    assert code in {one.code for one in refused.value.each()}


@settings(UNHURRIED, max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["legs", "sessions", "officers", "families", "interpreters", "rest_days", "code", "site"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_breaks_the_reader(value):
    with pytest.raises(Problem):
        read_mission(json.dumps(value))


def test_a_text_that_is_no_json_is_refused():
    for text in ("", "{", "[]", "[" * 5000, "nul"):
        with pytest.raises(Problem) as refused:
            read_mission(text)
        assert refused.value.code == "scheduling.file.not_json"
