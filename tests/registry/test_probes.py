"""Which groups of words the index is asked for: whoever was told of wrongly in few things is still reached, at a bounded cost."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from panoh.registry.queries.probes import MOST_WORK, TIGHT_WORK, Slot, _costs, choose_probes, slot, slot_of_name

MILLION = 1_000_000


def of_words(bearers: float, words: int = 20) -> Slot:
    """A thing asked for: one likely spelling that half of its bearers have, and further ones that are less likely."""
    share = np.array([0.5, *[0.5 / (words - 1)] * (words - 1)])
    weights = np.array([5.0, *[3.0] * (words - 1)])
    return slot(np.arange(1, 1 + words), weights, bearers * share)


FOUR_WORDS = [of_words(bearers) for bearers in (9_000, 5_000, 1_500, 700)]
FATHER = [of_words(bearers) for bearers in (54, 402, 3_638)]
YEAR = of_words(111_111, 5)
SLOTS = [*FOUR_WORDS, *FATHER, YEAR]
TOLD = [0, 1, 2, 3, 4, 4, 4, 5]  # of each slot the thing that it is part of


def used(groups: list[int]) -> list[tuple[int, bool]]:
    """(number of the slot, whether its closest spellings alone are asked for)"""
    return [(group // 2, bool(group % 2)) for group in groups]


def test_a_father_of_another_name_is_one_thing_told_wrongly():
    """In however many words: three of his must not use up what may be wrong."""
    probes = choose_probes(SLOTS, TOLD, 4, MILLION, 2)
    for wrong in combinations(range(6), 2):
        right = [all(TOLD[place] not in wrong for place, _closest in used(groups)) for groups in probes.groups]
        assert any(right), wrong


def test_common_words_are_asked_for_by_their_closest_spellings():
    """Three common words, another father: all spellings with the year would cost too much, and nobody was looked for."""
    slots = [*(of_words(bearers, 80) for bearers in (118_000, 52_000, 28_000)), of_words(990), YEAR]
    probes = choose_probes(slots, range(5), 3, MILLION, 1)
    without_father = [used(groups) for groups in probes.groups if 3 not in [place for place, _closest in used(groups)]]
    assert without_father and all(closest for groups in without_father for _place, closest in groups), without_father
    assert [slots[place].closest for place, _closest in without_father[0]] == [1] * len(without_father[0])


def test_a_father_of_another_name_is_worth_more_work_than_two_things_told_wrongly():
    """Ali Hussein, of whom only his father is told wrongly, is found among the very commonest names; were the year wrong as
    well, nobody would be looked for at that cost."""
    slots = [of_words(400_000, 80), of_words(118_000, 80), of_words(990), YEAR]
    probes = choose_probes(slots, range(4), 2, MILLION, 2)
    without_father = [
        {place for place, _closest in used(groups)} for groups in probes.groups if 2 not in dict(used(groups))
    ]
    assert without_father == [{0, 1, 3}]
    _found, work = _costs(slots, np.array([(0, 1, 3)]), MILLION)
    assert TIGHT_WORK < work[1] <= MOST_WORK, "else the test tests nothing"


def test_every_probe_is_within_its_work():
    probes = choose_probes(SLOTS, TOLD, 4, MILLION, 2)
    assert 1 <= probes.cheap <= len(probes.groups)
    for groups in probes.groups:
        places, closest = zip(*used(groups), strict=True)
        assert len(set(closest)) == 1, "one probe asks for all spellings or for the closest"
        _found, work = _costs(SLOTS, np.array([(*places, len(SLOTS), len(SLOTS))[:3]]), MILLION)
        assert work[int(closest[0])] <= MOST_WORK


def test_a_father_and_a_year_alone_are_no_name():
    probes = choose_probes(SLOTS, TOLD, 4, MILLION, 2)
    assert all(min(place for place, _closest in used(groups)) < 4 for groups in probes.groups)
    assert choose_probes([*FATHER, YEAR], [0, 0, 0, 1], 0, MILLION, 2).groups == []
    assert choose_probes([], [], 0, MILLION, 2).groups == []


@pytest.mark.parametrize("words", [1, 2, 8])
def test_names_that_everybody_bears_are_asked_for_by_one_probe_all_the_same(words):
    probes = choose_probes([of_words(400_000, 80)] * words, range(words), words, MILLION, 2)
    assert probes.groups and probes.cheap >= 1


def test_the_closest_spellings_come_first_and_a_word_may_be_the_fathers():
    made = slot_of_name(np.array([7, 8, 9]), np.array([0.1, 1.0, 0.9]), np.array([30, 20, 10]), 1e-4)
    assert made.terms == f"{{8,9,7,{8 + (1 << 30)},{9 + (1 << 30)}}}", "the father's words weigh less than any of these"
    assert (made.size, made.closest) == (5, 2)
    assert (made.expected, made.expected_closest) == (75, 30)
