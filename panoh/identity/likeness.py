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
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from panoh.identity.alignment import forms_of_records, ordered_pairings
from panoh.identity.channels import Floats
from panoh.identity.sameness import PARAMETERS, model

Longs = npt.NDArray[np.int64]

# Fitted on questions about half of the persons of a register of a million, checked on the other half (docs/identity.md).
STEEPNESS = 1.45  # what odds against being one name count, against what the letters alone say
LEAST_AGREEMENT = 0.003  # below this two words are held to be two names
NOBODYS = 1.4e-6  # share of all words: what a word may be by chance that is nobody's name
NEVER_PAIRED = -30.0
MOST_COLUMNS = 10  # words of one record that are weighed
PAIRED, LONE_ASKED, LONE_KNOWN = 0.15, -1.5, -2.5
OTHER_ORDER, SAME_FIRST = -2.4, 0.75  # names are told in another order by one in a dozen
FATHERS_PAIRED, FATHERS_LONE_ASKED, FATHERS_LONE_KNOWN = 0.15, -1.9, -3.5
FATHER_IN_THE_NAME = 7.2  # what a father's word weighs less where it was asked for as part of the name
FATHER_WRONG = 0.08  # how often a father's name is another one: stepfathers, titles, a grandfather's name in its place
YEARS_APART = (3.8, 1.2, 0.7)  # evidence of a year told 0, 1 or 2 years off; beyond that it speaks against
YEARS_FAR = -6.0
MOST_STANDING = 16.0  # evidence beyond all rivals: more makes nothing surer
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


class Forms(NamedTuple):
    """Records as they are weighed, one row each, or one for each script that a name stands in (`alignment.forms_of_records`)."""

    words: Longs  # columns of the table of sameness: words of the name, then of the father's
    lengths: Longs
    own: Longs  # how many of the words are of the name itself
    fathers: Longs
    fathers_lengths: Longs
    years: Longs  # first and last possible year of birth; 0 where it is not known
    sexes: npt.NDArray[np.str_]


def agreement(odds: npt.ArrayLike) -> Floats:
    """How well a word may be a spelling of another, 0 to 1, from the log odds that they are one name.

    1 from even odds on: who has a name that is written like the one asked may well spell it in either way.
    """
    return np.asarray(np.exp(np.minimum(STEEPNESS * np.asarray(odds, float), 0)))


def weigh(asked: Asked, same: Floats, common: Floats, known: Forms | Sequence[Known]) -> Floats:
    """Evidence in nats that each record is the person asked for.

    `same`: (words asked, then the father's; columns) the agreement of each two words. `common`: for each word asked the share
    of all words in the register that are this name.
    """
    forms = known if isinstance(known, Forms) else _forms(known)
    rarity = -np.log(np.maximum(common, NOBODYS))
    weights = np.where(
        same > LEAST_AGREEMENT, np.log(np.maximum(same, LEAST_AGREEMENT)) + rarity[:, None], NEVER_PAIRED
    )
    names, fathers = weights[: len(asked.words)] + PAIRED, weights[len(asked.words) :] + FATHERS_PAIRED
    total = ordered_pairings(
        names, forms.words, forms.lengths, forms.own,
        LONE_ASKED, LONE_KNOWN, FATHER_IN_THE_NAME, OTHER_ORDER, SAME_FIRST,
    )  # fmt: skip
    if len(asked.father):
        # His own words come first, the grandfather's after: who tells the father alone has told nothing against these.
        own = np.minimum(forms.fathers_lengths, len(asked.father) + 1)
        paired = ordered_pairings(
            fathers, forms.fathers, forms.fathers_lengths, own, FATHERS_LONE_ASKED, FATHERS_LONE_KNOWN, 0.0, 0.0, 0.0
        )
        right = np.logaddexp(math.log(1 - FATHER_WRONG) + paired, math.log(FATHER_WRONG))
        total += np.where(forms.fathers_lengths > 0, right, 0.0)
    if asked.years is not None:
        total += _years_speak(asked.years, forms.years)
    if asked.sex != "U":
        total += np.where(forms.sexes == "U", 0.0, np.where(forms.sexes == asked.sex, SEX_AGREES, SEX_DIFFERS))
    return np.asarray(total)


def forms_of(
    terms: Longs, start: Longs, columns: Longs, scripts: npt.NDArray[np.int8], father: int, sexes: npt.NDArray[np.str_]
) -> tuple[Longs, Forms]:
    """(whose each form is, the forms) of records by their terms, as `alignment.forms_of_records` takes them."""
    whose, words, lengths, own, fathers, fathers_lengths, years = forms_of_records(
        terms, start, columns, scripts, father, MOST_COLUMNS
    )
    return whose, Forms(words, lengths, own, fathers, fathers_lengths, years[whose], sexes[whose])


def _forms(known: Sequence[Known]) -> Forms:
    words, lengths = _columns([[*one.words[:MOST_COLUMNS], *one.father] for one in known])
    fathers, fathers_lengths = _columns([one.father for one in known])
    return Forms(
        words, lengths, np.array([min(len(one.words), MOST_COLUMNS) for one in known], np.int64),
        fathers, fathers_lengths,
        np.array([one.years or (0, 0) for one in known], np.int64).reshape(-1, 2),
        np.array([one.sex for one in known]),
    )  # fmt: skip


def _columns(rows: Sequence[Sequence[int]]) -> tuple[Longs, Longs]:
    columns, lengths = np.zeros((len(rows), MOST_COLUMNS), np.int64), np.zeros(len(rows), np.int64)
    for place, row in enumerate(rows):
        lengths[place] = min(len(row), MOST_COLUMNS)
        columns[place, : lengths[place]] = row[:MOST_COLUMNS]
    return columns, lengths


def possible(asked: Asked, common: Floats) -> float:
    """The most evidence that any record could give: all that was told, and nothing else."""
    rarity = -np.log(np.maximum(common, NOBODYS))
    most = float(rarity.sum()) + PAIRED * len(asked.words) + SAME_FIRST + FATHERS_PAIRED * len(asked.father)
    return most + (years_speak(asked.years, asked.years) if asked.years else 0.0)


def years_speak(a: tuple[int, int] | None, b: tuple[int, int] | None) -> float:
    """Evidence of two spans of years of birth; none where one is not known."""
    if a is None or b is None:
        return 0.0
    apart = max(a[0] - b[1], b[0] - a[1], 0)
    wider = math.log(max(a[1] - a[0], b[1] - b[0]) + 1)  # a span of ten years meets by chance ten times as often
    return max(YEARS_APART[apart] - wider, 0.2) if apart < len(YEARS_APART) else YEARS_FAR


def _years_speak(asked: tuple[int, int], known: Longs) -> Floats:
    """`years_speak` for the years of many records; 0 where they are not known."""
    first, last = known[:, 0], known[:, 1]
    apart = np.maximum(np.maximum(asked[0] - last, first - asked[1]), 0)
    wider = np.log(np.maximum(asked[1] - asked[0], last - first) + 1)
    near = np.maximum(np.array(YEARS_APART)[np.minimum(apart, len(YEARS_APART) - 1)] - wider, 0.2)
    return np.where(last > 0, np.where(apart < len(YEARS_APART), near, YEARS_FAR), 0.0)


def least_evidence(asked: Asked) -> float:
    """What is shown to somebody who searches: at least one word in common, whatever else speaks against."""
    return LONE_ASKED * max(len(asked.words) - 1, 0) + LONE_KNOWN * MOST_COLUMNS + YEARS_FAR + SEX_DIFFERS


def probability(
    evidence: npt.ArrayLike, persons: int, missing: npt.ArrayLike = 0.0, rival: npt.ArrayLike = -math.inf
) -> Floats:
    """The chance that it is the same person, where anybody among `persons` might have been meant.

    `missing`: how much more evidence a record could have given by which everything told is met (`possible`). `rival`: the
    evidence of the best other record. Somebody who is not registered is like many a little, and like nobody in everything.
    Calibrated on questions about people who are registered and people who are not (docs/identity.md).
    """
    known = calibration()
    above, short = standing(evidence, persons, rival), np.sqrt(np.maximum(missing, 0))
    odds = known.level + known.standing * above - known.missing * short
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


def standing(evidence: npt.ArrayLike, persons: int, rival: npt.ArrayLike) -> Floats:
    """How far the evidence stands above that of the best rival, and of all who are met by chance: on average e^0 each."""
    above = np.asarray(evidence, float) - np.logaddexp(rival, math.log(max(persons, 1)))
    return np.asarray(np.minimum(above, MOST_STANDING))


def chances(evidence: Sequence[float], possible: float, persons: int) -> Floats:
    """`probability` for each of all records that were found for one question."""
    found = np.asarray(evidence, float)
    rivals = np.full(len(found), -math.inf)
    if len(found) > 1:
        second, first = np.sort(found)[-2:]
        rivals = np.where(found == first, second, first)
    return probability(found, persons, possible - found, rivals)


def evidence_for(chance: float, persons: int) -> float:
    """The evidence in nats without which `probability` cannot be that chance, whatever else speaks for the record."""
    known = calibration()
    return math.log(max(persons, 1)) + (math.log(chance / (1 - chance)) - known.level) / known.standing


def warm_up() -> None:
    """Load the model and its compiled part; where they were never compiled, that takes some ten seconds, once."""
    same = np.array([agreement(model().odds("ali", ["علی", "али"]))])
    terms, scripts = np.array([1, 2]), np.zeros(2, np.int8)
    _whose, forms = forms_of(terms, np.array([0, 1, 2]), terms - 1, scripts, 1 << 30, np.array(["U", "U"]))
    weigh(Asked(("ali",)), same, np.array([0.01]), forms)


@dataclass(frozen=True, slots=True)
class Calibration:
    level: float
    standing: float
    missing: float


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    return Calibration(**json.loads((PARAMETERS / "calibration.json").read_text(encoding="utf-8")))
