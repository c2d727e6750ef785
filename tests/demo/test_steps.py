"""The acts of the planned claims are those of the asylum procedure: allowed where they happen, answered as its forms ask."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date

import pytest

from panoh.demo.figures import published
from panoh.demo.histories import SUSPENDED_FROM, SUSPENDED_UNTIL, Histories
from panoh.demo.operation import plan_operation
from panoh.demo.simplified import simplified_where_fit
from panoh.demo.steps import NARRATIVES_FROM, plan_cases
from panoh.procedures.rules.answers import Known, check_answers
from panoh.rulebook import current

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="module")
def cases():
    operation = plan_operation(published(), 6_000, "1", UNTIL)
    histories = Histories(operation.goal, operation.seed, UNTIL, operation.duplicates)
    found = []
    for family in operation.families:
        file = histories.tell(family)
        rng = random.Random(family.key)
        told = plan_cases(file, rng, UNTIL, at_the_border=rng.random() < 0.1)
        found += [(file, simplified_where_fit(case, family.key)) for case in told]
    assert {case.track for _file, case in found} == set(current().procedure("asylum", UNTIL).tracks)
    return found


def test_each_act_is_possible_in_the_state_it_finds(cases) -> None:
    for _file, case in cases:
        procedure = current().procedure("asylum", case.steps[0].on)
        state = procedure.initial_state().code
        for step in case.steps:
            action = procedure.actions[step.action]
            assert state in action.from_states, (step.action, state)
            assert not action.tracks or case.track in action.tracks
            if action.to_by is not None:
                field = action.to_by.field
                each = [step.persons[place][field] for place in case.persons] if action.to_by.per_person else None
                state = action.to_by.state_for(each or [step.facts[field]])
            else:
                state = action.to_state or state


def test_acts_follow_each_other_in_time(cases) -> None:
    for _file, case in cases:
        days = [step.on for step in case.steps]
        assert days == sorted(days), case
        assert days[-1] <= UNTIL


def test_whoever_acts_has_a_role_that_may(cases) -> None:
    from panoh.demo.cast import MEMBERS

    roles = {member.username: member.role for member in MEMBERS}
    for _file, case in cases:
        procedure = current().procedure("asylum", case.steps[0].on)
        done_by = {}
        for step in case.steps:
            action = procedure.actions[step.action]
            assert roles[step.username] in action.who, (step.action, step.username)
            if action.two_person_after:
                assert step.username != done_by.get(action.two_person_after), step.action
            done_by[step.action] = step.username


def test_recent_forms_are_answered_as_the_rulebook_asks(cases) -> None:
    checked = 0
    for _file, case in cases:
        procedure = current().procedure("asylum", case.steps[0].on)
        for step in case.steps:
            if step.on < NARRATIVES_FROM:
                continue
            action = procedure.actions[step.action]
            known = Known(current(), step.on, lambda _member: True)
            check_answers(action.form, step.facts, known)
            for answers in step.persons.values():
                check_answers(action.per_person, answers, known)
            checked += 1
    assert checked > 500


def test_the_commission_decides_nothing_while_it_is_suspended(cases) -> None:
    decided = [step.on for _file, case in cases for step in case.steps if step.action == "decide"]
    assert not [day for day in decided if SUSPENDED_FROM <= day < SUSPENDED_UNTIL]
    assert [day for day in decided if day.year == 2021]


def test_claims_pending_today_stand_everywhere_on_the_way_and_some_are_fresh(cases) -> None:
    ends = Counter()
    fresh = late = 0
    for file, case in cases:
        if file.decided_on is None and file.family.outcome == "":
            ends[case.steps[-1].action] += 1
            waiting = (UNTIL - case.steps[0].on).days
            fresh += waiting <= 14
            late += waiting > 120
    assert {"register", "refer_to_commission"} <= ends.keys()
    assert len(ends) >= 4, ends
    assert fresh
    assert late
