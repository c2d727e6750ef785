"""Quorum and majority: small sums that decide about people."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.kernel.problems import Problem
from panoh.procedures.rules.voting import (
    Attendant,
    Majority,
    QuorumRule,
    Seat,
    Tie,
    Value,
    check_vote,
    quorum,
    tally,
)

CHAIR, FIRST, SECOND, THIRD, WATCHER = (uuid4() for _ in range(5))


def attendance(*absent, watcher=True):
    seats = [(CHAIR, Seat.CHAIR), (FIRST, Seat.MEMBER), (SECOND, Seat.MEMBER), (THIRD, Seat.MEMBER)]
    found = [Attendant(member, seat, member not in absent) for member, seat in seats]
    return (*found, Attendant(WATCHER, Seat.OBSERVER, True)) if watcher else tuple(found)


def test_an_observer_counts_neither_for_the_quorum_nor_for_the_vote():
    rule = QuorumRule(members=4, least=4)
    assert quorum(rule, attendance()).reached
    assert quorum(rule, attendance(THIRD)).missing == 1
    counted = tally(
        {WATCHER: Value.AGAINST, FIRST: Value.IN_FAVOUR}, attendance(), frozenset(), Majority.SIMPLE, Tie.CHAIR
    )
    assert (counted.in_favour, counted.against, counted.carried) == (1, 0, True)
    with pytest.raises(Problem, match="no_vote"):
        check_vote(WATCHER, attendance(), frozenset())


def test_a_conflict_of_interest_takes_a_member_out_of_quorum_and_vote():
    rule = QuorumRule(members=4, least=4)
    assert not quorum(rule, attendance(), frozenset({FIRST})).reached
    with pytest.raises(Problem, match="conflict_of_interest"):
        check_vote(FIRST, attendance(), frozenset({FIRST}))
    votes = {FIRST: Value.AGAINST, SECOND: Value.IN_FAVOUR}
    assert tally(votes, attendance(), frozenset({FIRST}), Majority.SIMPLE, Tie.FALLS).carried
    assert not tally(votes, attendance(), frozenset(), Majority.SIMPLE, Tie.FALLS).carried


def test_the_chair_must_be_there_where_the_rulebook_says_so():
    rule = QuorumRule(members=4, least=2, chair_required=True)
    assert quorum(rule, attendance()).reached
    assert not quorum(rule, attendance(CHAIR)).reached


@pytest.mark.parametrize(
    ("chair_votes", "tie", "carried"),
    [
        (Value.IN_FAVOUR, Tie.CHAIR, True),
        (Value.AGAINST, Tie.CHAIR, False),
        (Value.IN_FAVOUR, Tie.FALLS, False),
        (Value.IN_FAVOUR, None, None),
    ],
)
def test_equal_votes_are_decided_as_the_rulebook_says(chair_votes, tie, carried):
    other = Value.AGAINST if chair_votes is Value.IN_FAVOUR else Value.IN_FAVOUR
    counted = tally({CHAIR: chair_votes, FIRST: other}, attendance(), frozenset(), Majority.SIMPLE, tie)
    assert counted.carried is carried


def test_a_tie_in_which_the_chair_abstains_decides_nothing():
    votes = {CHAIR: Value.ABSTAIN, FIRST: Value.IN_FAVOUR, SECOND: Value.AGAINST}
    assert tally(votes, attendance(), frozenset(), Majority.SIMPLE, Tie.CHAIR).carried is None


@pytest.mark.parametrize(
    ("majority", "in_favour", "carried"),
    [
        (Majority.ABSOLUTE, 2, False),
        (Majority.ABSOLUTE, 3, True),
        (Majority.TWO_THIRDS, 2, False),
        (Majority.TWO_THIRDS, 3, True),
        (Majority.UNANIMOUS, 3, True),
    ],
)
def test_other_majorities_count_those_who_may_vote(majority, in_favour, carried):
    votes = dict.fromkeys((CHAIR, FIRST, SECOND, THIRD)[:in_favour], Value.IN_FAVOUR)
    assert tally(votes, attendance(), frozenset(), majority, Tie.FALLS).carried is carried


values = st.sampled_from(list(Value))


@given(
    st.dictionaries(st.sampled_from([CHAIR, FIRST, SECOND, THIRD, WATCHER]), values), st.sampled_from(list(Majority))
)
def test_one_more_vote_in_favour_never_turns_a_carried_motion_down(votes, majority):
    """Monotony: whoever changes a vote to "for" cannot thereby defeat the motion."""
    before = tally(votes, attendance(), frozenset(), majority, Tie.FALLS)
    for member in list(votes):
        after = tally({**votes, member: Value.IN_FAVOUR}, attendance(), frozenset(), majority, Tie.FALLS)
        assert not (before.carried and after.carried is False)


@given(
    st.dictionaries(st.sampled_from([CHAIR, FIRST, SECOND, THIRD, WATCHER]), values), st.sampled_from(list(Majority))
)
def test_the_votes_of_those_without_a_vote_change_nothing(votes, majority):
    without = {member: value for member, value in votes.items() if member != WATCHER}
    with_watcher = tally(votes, attendance(), frozenset(), majority, Tie.CHAIR)
    assert with_watcher == tally(without, attendance(watcher=False), frozenset(), majority, Tie.CHAIR)
