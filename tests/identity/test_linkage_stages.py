"""What was compared is not compared again, and nothing is lost: a linkage in pieces finds what a linkage at once finds."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from panoh.identity.linkage import candidates
from panoh.identity.linkage.candidates import LINKED, NEW, SEEN, find_candidates, weigh_pairs
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.people import People
from tests.identity.made_people import made_people


@pytest.fixture(scope="module")
def people() -> People:
    return made_people(400)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch):
    monkeypatch.setattr(candidates, "PEOPLE_AT_ONCE", 37)


def pairs_of(found) -> set[tuple[int, int]]:
    return {pair for _places, some in found for pair in zip(some.a.tolist(), some.b.tolist(), strict=True)}


def at_once(people: People) -> set[tuple[int, int]]:
    return pairs_of(find_candidates(people, nearness(people.words, people.bearers())))


def test_there_is_something_to_be_lost(people):
    assert len(at_once(people)) > 100


def test_each_pair_is_found_once_and_in_order(people):
    found = [
        pair
        for _places, some in find_candidates(people, nearness(people.words, people.bearers()))
        for pair in zip(some.a.tolist(), some.b.tolist(), strict=True)
    ]
    assert len(found) == len(set(found))
    assert all(a < b for a, b in found)


@pytest.mark.parametrize("stretches", [1, 4, 9])
def test_a_linkage_that_was_broken_off_finds_the_rest_and_nothing_twice(people, stretches):
    near = nearness(people.words, people.bearers())
    stage = np.full(len(people), SEEN, np.uint8)
    before: set[tuple[int, int]] = set()
    for number, (places, some) in enumerate(find_candidates(people, near, stage), 1):
        before |= pairs_of([(places, some)])
        stage = stage.copy()
        stage[places] = LINKED
        if number == stretches:
            break
    after = pairs_of(find_candidates(people, near, stage))
    assert before | after == at_once(people)
    assert before & after == set()


@pytest.mark.parametrize("seed", range(4))
def test_who_is_new_meets_everybody_and_the_others_do_not_meet_again(people, seed):
    """Some are linked, some were only seen, some are new: exactly the pairs are found that were not compared yet."""
    stage = np.array(Random(seed).choices((LINKED, SEEN, NEW), (6, 2, 1), k=len(people)), np.uint8)
    near = nearness(people.words, people.bearers())
    found = pairs_of(find_candidates(people, near, stage))
    assert found == {(a, b) for a, b in at_once(people) if stage[a] + stage[b] >= SEEN + SEEN}
    assert found


def test_what_a_pair_weighs_does_not_depend_on_how_it_was_found(people):
    near = nearness(people.words, people.bearers())
    for _places, some in find_candidates(people, near):
        again = weigh_pairs(people, near, some.b, some.a)
        for part in ("a", "b", "names", "father", "birth", "sex", "place", "lone", "extra", "evidence"):
            np.testing.assert_allclose(getattr(again, part), getattr(some, part), rtol=1e-6)
