"""What was compared is not compared again, and nothing is lost: a linkage in pieces finds what a linkage at once finds."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from panoh.identity.linkage import candidates
from panoh.identity.linkage.candidates import (
    COMMON,
    LEAST_OF_NAMES,
    LINKED,
    NEW,
    SEEN,
    find_candidates,
    least_evidence,
    weigh_pairs,
)
from panoh.identity.linkage.evidence import YEARS_OFF
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.people import UNKNOWN_YEAR, People, Record, arranged
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


def with_long_names() -> People:
    """Some with more words than stand beside each bearer in the lists, and fathers likewise."""
    chance = Random(3)
    words = ["".join(chance.choices("bdfghklmnprstz", k=4)) for _ in range(60)]
    records = [
        Record(str(n), chance.sample(words, chance.choice((2, 3, 6, 8))), chance.sample(words, chance.choice((0, 1, 5))),
               None if n % 4 == 0 else (1980 + n % 3, 1980 + n % 3 + n % 2), "FMU"[n % 3], n % 40 + 2 if n % 2 else 0, "xy"[n % 2])
        for n in range(150)
    ]  # fmt: skip
    return arranged([*records, *(one._replace(id=f"{one.id} again", own=one.own[::-1]) for one in records[::2])])


@pytest.mark.parametrize("least", [9.0, 16.0, 22.0])
@pytest.mark.parametrize("register", [lambda: made_people(400), with_long_names], ids=["made", "long names"])
def test_nobody_is_passed_over_who_would_have_enough(register, least, monkeypatch):
    """Each person with each, weighed exactly: what is found by the lists is what has enough and shares a word that is near."""
    monkeypatch.setattr(candidates, "LEAST_EVIDENCE", least)  # the more is wanted, the more is passed over
    people = register()
    near = nearness(people.words, people.bearers())
    assert not (near.share > COMMON).any(), "else a pair that shares common words alone is passed over"
    a, b = np.triu_indices(len(people), 1)
    every = weigh_pairs(people, near, a.astype(np.int32), b.astype(np.int32))
    apart = np.maximum(people.first_year[b] - people.last_year[a], people.first_year[a] - people.last_year[b])
    far = (people.first_year[a] != UNKNOWN_YEAR) & (people.first_year[b] != UNKNOWN_YEAR) & (apart > YEARS_OFF)
    enough = (every.evidence >= least_evidence(len(people))) & (every.names >= LEAST_OF_NAMES) & ~far
    wanted = set(zip(a[enough].tolist(), b[enough].tolist(), strict=True))
    assert len(wanted) > 20
    assert pairs_of(find_candidates(people, near)) == wanted


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
