"""What a register is like, as far as the weight of a pair depends on it: how many are registered twice, and what is missing when.

The model (`parameters/linkage.json`) holds what does not change from register to register: what agreement says where both sides
are known. How many records are a second one, and whether a father's name, a birth or a place is missing more often where one
person was registered twice, no other register can tell. Both are estimated from this one, by the pairs that are nearly certain:
counting all pairs by their probability would let a crowd of namesakes pass for people who are registered many times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from panoh.identity.linkage.candidates import LINKED, NEW, SEEN, Candidates, Stages
from panoh.identity.linkage.people import UNKNOWN_YEAR, People

FEWEST = 10_000  # a register of fewer persons is weighed as if it were one of so many
TWICE = 0.01  # of the persons, before anything is known of a register
PAIRS_BEFORE = 100  # as many likely pairs must be seen before what is missing in them counts half
NEARLY_CERTAIN, LIKELY = 0.95, 0.5
MOST_MISSING = 8.0  # times more often: beyond that it is a fault of the register rather than evidence
MOST_EVER = 0.9
SAMPLE = 10_000  # persons whose pairs tell what a large register is like
STEPS = 20
OPTIONAL = ("father", "birth", "sex", "place")
Floats = npt.NDArray[np.float64]
Missing = dict[str, npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Habits:
    """How many pairs there are for each person, and for each optional evidence how often it is missing: (in pairs of one
    person, in any two records)."""

    persons: int
    twice: float
    missing: dict[str, tuple[float, float]]


def missing_in_any_two(people: People) -> dict[str, float]:
    known = {
        "father": np.diff(people.father_start) > 0,
        "birth": people.first_year != UNKNOWN_YEAR,
        "sex": people.sex > 0,
        "place": people.place > 0,
    }
    return {name: 1 - float(known[name].mean()) ** 2 if len(people) else 0.0 for name in OPTIONAL}


def usual_habits(persons: int, missing: dict[str, float]) -> Habits:
    """Before any pair is seen: what is missing says nothing."""
    return Habits(persons, TWICE, {name: (share, share) for name, share in missing.items()})


def sampled(people: People) -> tuple[Stages, float]:
    """Whose pairs tell what the register is like, and which share of all pairs has one of them on either side."""
    step = -(-len(people) // SAMPLE)
    if step <= 1:
        return np.full(len(people), SEEN, np.uint8), 1.0
    stage = np.full(len(people), LINKED, np.uint8)
    stage[::step] = NEW
    return stage, 1 - (1 - 1 / step) ** 2


def missing_in(pairs: Candidates) -> Missing:
    """Of each pair, what is not known on both sides."""
    unknown = {name: np.asarray(getattr(pairs, name)) < 0 for name in OPTIONAL if name != "father"}
    return {"father": np.isnan(pairs.father), **unknown}


def estimate(before: Habits, bits: Floats, unknown: Missing, share: float) -> Habits:
    """`bits` is the weight of each candidate under the habits `before`, `share` which part of all pairs they are."""
    habits, weight = before, bits
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp2(-weight))
        certain = float((chance >= NEARLY_CERTAIN).sum()) / share
        twice = (certain + TWICE * FEWEST) / (habits.persons + FEWEST)
        likely = np.where(chance >= LIKELY, chance, 0.0)
        missing = {}
        for name, (_, anybody) in before.missing.items():
            among = float((likely * unknown[name]).sum() + PAIRS_BEFORE * anybody) / (likely.sum() + PAIRS_BEFORE)
            missing[name] = (float(max(min(among, anybody * MOST_MISSING, MOST_EVER), anybody)), anybody)
        after = Habits(habits.persons, twice, missing)
        if abs(np.log2(after.twice / habits.twice)) < 0.01 and _near(after, habits):
            return after
        habits, weight = after, bits + change(before, after, unknown)
    return habits


def change(before: Habits, after: Habits, unknown: Missing) -> Floats:
    """What other habits add to the weight of each pair, in bits."""
    added = np.full(len(next(iter(unknown.values()))), np.log2(after.twice / before.twice))
    for name, absent in unknown.items():
        for habits, sign in ((after, 1), (before, -1)):
            one, anybody = habits.missing[name]
            if 0 < anybody < 1:
                added += sign * np.where(absent, np.log2(one / anybody), np.log2((1 - one) / (1 - anybody)))
    return added


def _near(one: Habits, other: Habits) -> bool:
    return all(abs(one.missing[name][0] - other.missing[name][0]) < 0.001 for name in one.missing)
