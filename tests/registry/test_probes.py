"""Which groups of words the index is asked for: whoever was told of wrongly in few things is still reached, at a bounded cost."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from panoh.registry.queries.likely import MOST_WORK, TIGHT_WORK, Slot, _probes, _work

MILLION = 1_000_000


def slot(told: int, first_term: int, bearers: float, words: int = 20) -> Slot:
    """A thing asked for: one likely spelling that half of its bearers have, and further ones that are less likely."""
    share = np.array([0.5, *[0.5 / (words - 1)] * (words - 1)])
    weights = np.array([5.0, *[3.0] * (words - 1)])
    return Slot(np.arange(first_term, first_term + words), weights, bearers * share, told)


def reached(probes, slots, wrong: set[int]) -> bool:
    """Whether one of the probes finds a person of whom these things were told wrongly."""
    right = {int(term) for one in slots if one.told not in wrong for term in one.terms}
    return any(all(set(group) <= right for group in probe) for probe in probes)


FOUR_WORDS = [slot(place, 1000 * (place + 1), bearers) for place, bearers in enumerate((9_000, 5_000, 1_500, 700))]
FATHER = [slot(4, 10_000 * (place + 1), bearers) for place, bearers in enumerate((54, 402, 3_638))]
YEAR = slot(5, 90_000, 111_111, 5)


def test_a_father_of_another_name_is_one_thing_told_wrongly():
    """In however many words: three of his must not use up what may be wrong."""
    slots = [*FOUR_WORDS, *FATHER, YEAR]
    probes, _first = _probes(slots, 4, MILLION, 2)
    for wrong in combinations(range(6), 2):
        assert reached(probes, slots, set(wrong)), wrong


def test_common_words_are_asked_for_by_their_closest_spellings():
    """Three common words, another father: all spellings with the year would cost too much, and nobody was looked for."""
    names = [slot(0, 1000, 118_000, 80), slot(1, 2000, 52_000, 80), slot(2, 3000, 28_000, 80)]
    slots = [*names, slot(3, 4000, 990), slot(4, 5000, 111_111, 5)]
    probes, _first = _probes(slots, 3, MILLION, 1)
    without_father = [[len(group) for group in probe] for probe in probes if not any(4000 in group for group in probe)]
    assert without_father and all(set(sizes) == {1} for sizes in without_father), without_father


def test_every_probe_is_within_its_work():
    slots = [*FOUR_WORDS, *FATHER, YEAR]
    of_term = {int(term): one for one in slots for term in one.terms}
    probes, first = _probes(slots, 4, MILLION, 2)
    assert 1 <= first <= len(probes)
    for probe in probes:
        used = [of_term[group[0]] for group in probe]
        whole = all(len(group) == len(one.terms) for group, one in zip(probe, used, strict=True))
        asked = used if whole else [one.closest() for one in used]
        found = MILLION * np.prod([one.expected / MILLION for one in asked])
        assert _work(asked, found) <= (MOST_WORK if whole else TIGHT_WORK)
