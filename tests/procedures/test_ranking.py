"""The ranking of a panel: exact, the same whoever is named first, never worse for a better mark, and equal for equals."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.kernel.problems import Problem
from panoh.procedures.rules.ranking import check_marks, counted, rank, total
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.sheet import Criterion, ScoreSheet

TITLES = FrozenMap(dict.fromkeys(("en", "ru", "tg", "prs"), "a"))
ANSWERS = ("first", "second", "rest")


def sheet(least: int | None = None) -> ScoreSheet:
    return ScoreSheet(
        name="a-50-30-20",
        source="test",
        confidence="verified",
        criteria=FrozenMap(
            {
                code: Criterion(code=code, titles=TITLES, weight=weight, lowest=lowest, highest=highest)
                for code, weight, lowest, highest in (("a", 50, 0, 10), ("b", 30, 1, 4), ("c", 20, 0, 5))
            }
        ),
        decides="select",
        fills="outcome",
        per_person=True,
        ranked=("first", "second"),
        rest="rest",
        least=least,
    )


SHEET = sheet()
marks = st.fixed_dictionaries({"a": st.integers(0, 10), "b": st.integers(1, 4), "c": st.integers(0, 5)})
members = st.sampled_from([UUID(int=n) for n in range(1, 5)])
items = st.sampled_from([UUID(int=n) for n in range(100, 112)])
panels = st.dictionaries(items, st.dictionaries(members, marks, min_size=1), min_size=1, max_size=12)
places = st.fixed_dictionaries({"first": st.integers(0, 5), "second": st.integers(0, 5)})


def told(ranked) -> dict[UUID, tuple]:
    return {one.item: (one.rank, one.score, one.equal, one.outcome) for one in ranked}


def at(number: int, member: int = 1, **given: int) -> dict[UUID, dict[UUID, dict[str, int]]]:
    return {UUID(int=number): {UUID(int=member): {"a": 0, "b": 1, "c": 0, **given}}}


def test_the_best_marks_come_to_a_hundred_and_the_lowest_to_nothing():
    assert total(SHEET, {"a": 10, "b": 4, "c": 5}) == 100
    assert total(SHEET, {"a": 0, "b": 1, "c": 0}) == 0
    assert total(SHEET, {"a": 5, "b": 2, "c": 1}) == 25 + 10 + 4


@given(panels, places, st.randoms())
def test_the_order_of_members_and_cases_changes_nothing(scores, given_places, chance):
    turned = []
    for item, of_item in scores.items():
        by = list(of_item.items())
        chance.shuffle(by)
        turned.append((item, dict(by)))
    chance.shuffle(turned)
    assert told(rank(SHEET, scores, given_places)) == told(rank(SHEET, dict(turned), given_places))


@given(panels, places, st.data())
def test_who_gave_which_marks_changes_nothing(scores, given_places, data):
    """Members swapped among themselves in one case: a mean knows no names."""
    item = data.draw(st.sampled_from(sorted(scores)))
    of_item = scores[item]
    turned = dict(zip(of_item, data.draw(st.permutations(list(of_item.values()))), strict=True))
    assert told(rank(SHEET, scores, given_places)) == told(rank(SHEET, {**scores, item: turned}, given_places))


@given(panels, places, st.data())
def test_a_better_mark_never_makes_a_case_worse(scores, given_places, data):
    item = data.draw(st.sampled_from(sorted(scores)))
    member = data.draw(st.sampled_from(sorted(scores[item])))
    code = data.draw(st.sampled_from("abc"))
    before = scores[item][member]
    better = {**before, code: min(before[code] + data.draw(st.integers(1, 10)), SHEET.criteria[code].highest)}
    with_better = {**scores, item: {**scores[item], member: better}}
    old = told(rank(SHEET, scores, given_places))[item]
    new = told(rank(SHEET, with_better, given_places))[item]
    assert new[0] <= old[0] and new[1] >= old[1]
    assert ANSWERS.index(new[3]) <= ANSWERS.index(old[3])


@given(panels, places)
def test_no_outcome_is_given_more_often_than_there_are_places(scores, given_places):
    outcomes = [one.outcome for one in rank(SHEET, scores, given_places)]
    assert outcomes.count("first") <= given_places["first"]
    assert outcomes.count("first") + outcomes.count("second") <= sum(given_places.values())
    assert outcomes == sorted(outcomes, key=ANSWERS.index)


@given(panels, places)
def test_equals_have_one_rank_and_one_outcome(scores, given_places):
    ranked = rank(SHEET, scores, given_places)
    by_rank: dict[int, set] = {}
    for one in ranked:
        by_rank.setdefault(one.rank, set()).add((one.score, tuple(one.means.values()), one.outcome, one.equal))
    assert all(len(found) == 1 for found in by_rank.values())
    assert [one.rank for one in ranked] == sorted(one.rank for one in ranked)


def test_equal_scores_are_told_apart_by_the_heaviest_criterion_in_which_they_differ():
    # 25 + 0 + 8 against 15 + 10 + 8: not equal; make them equal: a 3 -> 15, b 4 -> 30 = 45; a 9 -> 45.
    ranked = rank(SHEET, {**at(100, a=9), **at(101, a=3, b=4)}, {"first": 1, "second": 0})
    assert [one.score for one in ranked] == [45, 45]
    assert [one.item.int for one in ranked] == [100, 101] and [one.rank for one in ranked] == [1, 2]
    assert [one.apart_by for one in ranked] == ["", "a"]
    assert [one.outcome for one in ranked] == ["first", "rest"]


def test_where_places_do_not_suffice_for_equals_none_is_put_above_the_others():
    scores = {**at(100, a=9), **at(101, a=5), **at(102, a=5), **at(103, a=1)}
    ranked = rank(SHEET, scores, {"first": 2, "second": 1})
    assert [(one.rank, one.outcome, one.equal) for one in ranked] == [
        (1, "first", 0), (2, "second", 1), (2, "second", 1), (4, "rest", 0),
    ]  # fmt: skip


def test_below_the_least_score_nobody_has_a_place():
    ranked = rank(sheet(least=45), {**at(100, a=9), **at(101, a=8)}, {"first": 5, "second": 5})
    assert [(one.score, one.outcome) for one in ranked] == [(45, "first"), (40, "rest")]


def test_the_spread_says_how_far_members_are_apart():
    scores = {UUID(int=100): {UUID(int=1): {"a": 10, "b": 1, "c": 0}, UUID(int=2): {"a": 0, "b": 4, "c": 0}}}
    one = rank(SHEET, scores, {})[0]
    assert (one.lowest, one.highest, one.spread, one.score) == (30, 50, 20, 40)
    assert one.means == {"a": Fraction(5), "b": Fraction(5, 2), "c": Fraction(0)}


@given(panels)
def test_who_is_in_conflict_does_not_count_even_where_she_has_scored(scores):
    for of_item in scores.values():
        out = frozenset([next(iter(of_item))])
        left = counted(of_item, of_item, out)
        assert set(left) == set(of_item) - out
    assert counted({UUID(int=9): {}}, [], frozenset()) == {}


@pytest.mark.parametrize("wrong", ["", "11", "-1", "4.5", "٥", "x", None, "1e1", "999999999"])
def test_a_mark_is_a_whole_number_in_its_range(wrong):
    with pytest.raises(Problem) as refused:
        check_marks(SHEET, {"a": wrong, "b": "4", "c": "0"})
    assert [(one.code, one.field) for one in refused.value.each()] == [("procedures.score.out_of_range", "a")]
    assert check_marks(SHEET, {"a": " 10 ", "b": 1, "c": "05"}) == {"a": 10, "b": 1, "c": 5}
