"""How strongly names, father's names and years of birth speak for one person: evidence in nats, and a probability.

Fellegi and Sunter's weights with the frequency of names: two words that are one name weigh as much as that name is rare, so
that Mohammad says little and Khoshqadam much. A word without a partner speaks against, but not for ever: people leave parts
out. Father and year of birth are weighed alike, and a missing one weighs nothing. `probability` sets the sum against the
number of people who might have been meant.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from panoh.identity.alignment import best_pairings
from panoh.identity.sameness import PARAMETERS, Floats, model

LEAST_SAME = 0.02  # below this two words are held to be two names
NEVER_PAIRED = -30.0
MOST_COLUMNS = 10  # words of one record that are weighed
RAREST = 1e-5  # no name counts as rarer than this
PAIRED, LONE_ASKED, LONE_KNOWN = math.log(0.92), math.log(0.15), math.log(0.03)
FATHER_IN_THE_NAME = 3.0  # what a father's word weighs less where it was asked for as part of the name
FATHER_WRONG = 0.01  # how often a father's name is another one: stepfathers, titles, a grandfather's name in its place
YEARS_APART = (3.8, 1.2, 0.7)  # evidence of a year told 0, 1 or 2 years off; beyond that it speaks against
YEARS_FAR = -6.0
SEX_AGREES, SEX_DIFFERS = 0.65, -3.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is told of a person: words of the name, words of the father's name, first and last possible year of birth, sex."""

    words: tuple[str, ...]
    father: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    sex: str = "U"


@dataclass(frozen=True, slots=True)
class Known:
    """A record, its words given as columns of the table of sameness."""

    words: Sequence[int]
    father: Sequence[int] = ()
    years: tuple[int, int] | None = None
    sex: str = "U"


def weigh(asked: Asked, same: Floats, common: Floats, known: Sequence[Known]) -> Floats:
    """Evidence in nats that each record is the person asked for.

    `same`: (words asked, then the father's; columns) probabilities of being one name. `common`: for each word asked the share
    of all words in the register that are this name.
    """
    rarity = -np.log(np.maximum(common, RAREST))
    weights = np.where(same > LEAST_SAME, np.log(np.maximum(same, LEAST_SAME)) + rarity[:, None] + PAIRED, NEVER_PAIRED)
    names, fathers = weights[: len(asked.words)], weights[len(asked.words) :]
    total = _pair(names, [(list(one.words), list(one.father)) for one in known])
    if len(asked.father):
        paired = _pair(fathers, [(list(one.father), []) for one in known])
        told = np.array([bool(len(one.father)) for one in known])
        total += np.where(told, np.logaddexp(math.log(1 - FATHER_WRONG) + paired, math.log(FATHER_WRONG)), 0.0)
    total += np.array([years_speak(asked.years, one.years) + sex_speaks(asked.sex, one.sex) for one in known])
    return total


def _pair(weights: Floats, words: Sequence[tuple[list[int], list[int]]]) -> Floats:
    columns = np.zeros((len(words), MOST_COLUMNS), np.int64)
    lengths, own = np.zeros(len(words), np.int64), np.zeros(len(words), np.int64)
    for place, (name, others) in enumerate(words):
        chosen = [*name[:MOST_COLUMNS], *others][:MOST_COLUMNS]
        columns[place, : len(chosen)] = chosen
        lengths[place], own[place] = len(chosen), min(len(name), MOST_COLUMNS)
    return np.asarray(best_pairings(weights, columns, lengths, own, LONE_ASKED, LONE_KNOWN, 0.0, FATHER_IN_THE_NAME))


def years_speak(a: tuple[int, int] | None, b: tuple[int, int] | None) -> float:
    """Evidence of two spans of years of birth; none where one is not known."""
    if a is None or b is None:
        return 0.0
    apart = max(a[0] - b[1], b[0] - a[1], 0)
    wider = math.log(max(a[1] - a[0], b[1] - b[0]) + 1)  # a span of ten years meets by chance ten times as often
    return max(YEARS_APART[apart] - wider, 0.2) if apart < len(YEARS_APART) else YEARS_FAR


def sex_speaks(a: str, b: str) -> float:
    if "U" in (a, b):
        return 0.0
    return SEX_AGREES if a == b else SEX_DIFFERS


def least_evidence(asked: Asked) -> float:
    """What is shown to somebody who searches: at least one word in common, whatever else speaks against."""
    return LONE_ASKED * max(len(asked.words) - 1, 0) + LONE_KNOWN * MOST_COLUMNS + YEARS_FAR + SEX_DIFFERS


def probability(evidence: npt.ArrayLike, persons: int) -> Floats:
    """The chance that it is the same person, where anybody among `persons` might have been meant.

    Calibrated on questions about people who are registered and people who are not (`panoh.identity.learning`).
    """
    slope, level = calibration()
    odds = slope * (np.asarray(evidence, float) - math.log(max(persons, 1))) + level
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


def evidence_for(chance: float, persons: int) -> float:
    """The evidence in nats from which `probability` is at least that chance."""
    slope, level = calibration()
    return math.log(max(persons, 1)) + (math.log(chance / (1 - chance)) - level) / slope


def warm_up() -> None:
    """Load the model and its compiled part; where they were never compiled, that takes some ten seconds, once."""
    same = np.array([model().sameness("ali", ["علی", "али"])])
    weigh(Asked(("ali",)), same, np.array([0.01]), [Known((0,)), Known((1,))])


@lru_cache(maxsize=1)
def calibration() -> tuple[float, float]:
    found = json.loads((PARAMETERS / "calibration.json").read_text(encoding="utf-8"))
    return float(found["slope"]), float(found["level"])
