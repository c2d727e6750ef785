"""The rules of an appeal on values alone: who may decide, what is late, where it leads back to, and what is heard together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from panoh import rulebook
from panoh.procedures.rules.actions import check_possible, next_state
from panoh.procedures.rules.agenda import Candidate, order_agenda
from panoh.procedures.rules.guards import Asked, check_answer_guards
from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.model import Action
from tests.procedures.stories import refused

# -- the appeal ---------------------------------------------------------------------------------------------------------


def under_appeal(first: UUID, voter: UUID | None = None) -> tuple[Situation, Action]:
    """A paper was refused, and the refusal is appealed against."""
    procedure, today = rulebook.current().procedures["paper_request"][-1], date(2026, 11, 2)
    acts = (
        Act(1, "decide", today, first, "checked", "refused"),
        Act(2, "lodge_appeal", today, uuid4(), "refused", "under_appeal", {"held_in_detention": False}),
    )
    voters = {"decide": frozenset({voter})} if voter else {}
    situation = Situation(procedure, "government", "under_appeal", today, today, acts, voters=voters)
    return situation, procedure.actions["decide_appeal"]


def test_whoever_decided_or_voted_first_is_refused_and_told_so():
    first, voter, other = uuid4(), uuid4(), uuid4()
    situation, decide = under_appeal(first, voter)
    for member in (first, voter):
        with refused("procedures.guard.decided_first"):
            check_possible(situation, decide, role="eligibility_officer", member=member, occurred_on=situation.today)
    check_possible(situation, decide, role="eligibility_officer", member=other, occurred_on=situation.today)


def test_an_appeal_that_is_taken_back_leads_to_where_the_case_stood():
    situation, _decide = under_appeal(uuid4())
    back = situation.procedure.actions["withdraw_appeal"]
    assert next_state(situation, back, {}, {}) == "refused"
    with refused("procedures.guard.not_yet_done"):
        next_state(replace(situation, acts=situation.acts[:1]), back, {}, {})


@pytest.mark.parametrize(("ahead", "in_time"), [(-1, True), (0, True), (1, False)])
def test_an_appeal_is_in_time_until_the_last_day_and_late_after_it(ahead: int, in_time: bool):
    situation, _decide = under_appeal(uuid4())
    ends = situation.today - timedelta(days=ahead)
    situation = replace(situation, state="refused", acts=situation.acts[:1], clock_ends={"appeal_window": ends})
    lodge, late = (situation.procedure.actions[code] for code in ("lodge_appeal", "lodge_late_appeal"))
    asked = Asked(lodge, situation.today, uuid4(), {"held_in_detention": False}, {}, rulebook.current())
    if in_time:
        check_answer_guards(situation, asked)
        with refused("procedures.guard.still_in_time"):
            check_possible(situation, late, role="registration_clerk", member=None, occurred_on=situation.today)
        return
    with refused("procedures.guard.out_of_time", "occurred_on"):
        check_answer_guards(situation, asked)
    check_possible(situation, late, role="registration_clerk", member=None, occurred_on=situation.today)


# -- the agenda ---------------------------------------------------------------------------------------------------------


def waiting(number: str, due_in: int, hearing: UUID | None = None) -> Candidate:
    today = date(2026, 11, 2)
    return Candidate(uuid4(), number, today, today + timedelta(days=due_in), None, hearing=hearing)


def test_cases_heard_together_stand_side_by_side_where_the_most_urgent_of_them_stands():
    both = uuid4()
    agenda = [waiting("A1", 9), waiting("A2", 3, both), waiting("A3", 5), waiting("A4", 20, both)]
    assert [one.number for one in order_agenda(agenda)] == ["A2", "A4", "A3", "A1"]


def test_what_is_heard_together_is_not_torn_apart_by_the_limit_of_an_agenda():
    both = uuid4()
    agenda = [waiting("A1", 1), waiting("A2", 3, both), waiting("A3", 5), waiting("A4", 20, both)]
    assert [one.number for one in order_agenda(agenda, 2)] == ["A1", "A3"]
    assert [one.number for one in order_agenda(agenda, 3)] == ["A1", "A2", "A4"]
    alone = [waiting("B1", 1, both), waiting("B2", 2, both), waiting("B3", 3, both)]
    assert len(order_agenda(alone, 2)) == 2, "what is more than any agenda takes begins with the most urgent"
