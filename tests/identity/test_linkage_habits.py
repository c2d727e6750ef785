"""What a register is like: how many are registered twice, and whether what is missing says anything."""

from __future__ import annotations

import numpy as np
import pytest

from panoh.identity.linkage import habits as ours
from panoh.identity.linkage.candidates import Candidates, find_candidates
from panoh.identity.linkage.habits import TWICE, Habits, change, estimate, missing_in, usual_habits
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.weighing import habits_of, parts_of, prior_bits, weigh
from tests.identity.made_people import made_people

PERSONS = 100_000
USUAL = usual_habits(PERSONS, {"father": 0.1})


def pairs_of(certain: int, doubtful: int, bits: float = 1.0):
    weights = np.concatenate([np.full(certain, 12.0), np.full(doubtful, bits)])
    return weights, {"father": np.zeros(len(weights), bool)}


def test_who_is_registered_twice_is_counted_by_the_pairs_that_are_nearly_certain():
    assert estimate(USUAL, *pairs_of(8_000, 0), 1.0).twice == pytest.approx(0.08, rel=0.1)
    assert estimate(USUAL, *pairs_of(200, 0), 1.0).twice < TWICE


def test_a_crowd_of_namesakes_does_not_pass_for_people_who_are_registered_many_times():
    """Each is rather one person than not; counted by probability they would make half of the register doubles."""
    assert estimate(USUAL, *pairs_of(500, 50_000), 1.0).twice < TWICE


def test_a_sample_of_the_pairs_stands_for_all():
    assert estimate(USUAL, *pairs_of(800, 0), 0.1).twice == pytest.approx(
        estimate(USUAL, *pairs_of(8_000, 0), 1.0).twice
    )


def test_what_is_missing_more_often_in_certain_pairs_speaks_for_a_pair_and_never_against():
    weights, unknown = pairs_of(5_000, 0)
    unknown["father"][:2_000] = True  # in four of ten, where it is one of ten among any two
    more = estimate(USUAL, weights, unknown, 1.0)
    assert more.missing["father"][0] == pytest.approx(0.4, abs=0.02)
    added = change(USUAL, Habits(PERSONS, USUAL.twice, more.missing), unknown)
    assert added[0] > 1.5 > 0 > added[-1] > -1
    unknown["father"][:] = False
    assert estimate(USUAL, weights, unknown, 1.0).missing["father"] == (0.1, 0.1)


def test_splink_weighs_as_the_parts_say_with_any_habits():
    people = made_people(600)
    found = Candidates.together([some for _, some in find_candidates(people, nearness(people.words, people.bearers()))])
    for habits in (usual_habits(len(people), {}), Habits(50_000, 0.03, {"birth": (0.3, 0.2), "father": (0.1, 0.1)})):
        parts = parts_of(found, habits)
        together = prior_bits(habits) + sum(np.nan_to_num(bits) for bits in parts.values())
        np.testing.assert_allclose(weigh(found, habits), together, atol=1e-6)
    assert missing_in(found)["birth"].any()


def test_a_part_of_a_register_tells_what_all_of_it_tells(monkeypatch):
    people = made_people(3_000)
    near = nearness(people.words, people.bearers())
    whole = habits_of(people, near)
    monkeypatch.setattr(ours, "SAMPLE", 1_000)
    part = habits_of(people, near)
    assert part != whole
    assert part.twice == pytest.approx(whole.twice, rel=0.25)
