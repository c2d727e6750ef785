"""What two records say of being one person, compiled: their words paired off, the father's name, birth, sex and place.

`candidates` asks it of every pair that may be enough, `weigh_pairs` of given ones: a pair weighs the same however it was found.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.likeness import NEVER_PAIRED, SEX_AGREES, SEX_DIFFERS, YEARS_APART, YEARS_FAR
from panoh.identity.linkage.nearness import Nearness
from panoh.identity.linkage.people import MOST_WORDS, UNKNOWN_YEAR, People

YEARS_OFF = len(YEARS_APART) - 1
TOLD_BEFORE = 0.5  # what a father's name says that stands in the person's own name too, and was weighed there
SAME_DAY = 3.5  # and not only in one year; many dates are guesses
PLACE_AGREES, PLACE_DIFFERS = 2.0, -2.0
PARTNERS = 0.3  # the least probability with which two words are counted as partners
LONE = math.log(0.14)  # a word without a partner, on either side: of two records none asks
FATHER_WRONG = 0.03

_APART = np.array(YEARS_APART)
_LOG_RIGHT, _LOG_WRONG = math.log(1 - FATHER_WRONG), math.log(FATHER_WRONG)
_IMPOSSIBLE = -1e9

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


class Told(NamedTuple):
    """What `People` holds of each, in few bytes: those born in one year then fit into the processor's cache."""

    own_start: npt.NDArray[np.int64]
    own: Places
    father_start: npt.NDArray[np.int64]
    father: Places
    first_year: npt.NDArray[np.int16]
    last_year: npt.NDArray[np.int16]
    day: npt.NDArray[np.int16]
    sex: npt.NDArray[np.int8]
    place: Places


class Near(NamedTuple):
    """`Nearness` without what is known of each word alone."""

    start: npt.NDArray[np.int64]
    other: Places
    evidence: Floats
    same: Floats


def told_of(people: People) -> Told:
    return Told(
        people.own_start, people.own, people.father_start, people.father,
        people.first_year.astype(np.int16), people.last_year.astype(np.int16),
        people.day.astype(np.int16), people.sex.astype(np.int8), people.place,
    )  # fmt: skip


def near_of(near: Nearness) -> Near:
    return Near(near.start, near.other, near.evidence, near.same)


@njit(cache=True, nogil=True)
def first(places, begin, end, least):  # type: ignore[no-untyped-def]
    """The first position in a rising stretch whose value is at least `least`."""
    while begin < end:
        middle = (begin + end) // 2
        if places[middle] < least:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def room_for_pairing() -> Any:
    """What `best_pairing` works in, for two names of the most words: (evidence, best of each set of columns)."""
    return np.empty((MOST_WORDS, MOST_WORDS)), np.empty(1 << MOST_WORDS)


@njit(cache=True, nogil=True)
def best_pairing(weights, rows, columns, best):  # type: ignore[no-untyped-def]
    """The best total of a one-to-one pairing of rows with columns, where each that has no partner counts as `LONE`.

    Exact, over all sets of columns, each from those with one column less; from the largest down, so that one row is enough.
    """
    sets = 1 << columns
    best[:sets] = _IMPOSSIBLE
    best[0] = 0.0
    for i in range(rows):
        for taken in range(sets - 1, -1, -1):
            value = best[taken] + LONE
            for j in range(columns):
                if (taken >> j) & 1:
                    value = max(value, best[taken ^ (1 << j)] + weights[i, j])
            best[taken] = value
    top = _IMPOSSIBLE
    for taken in range(sets):
        value = best[taken]
        for j in range(columns):
            if not (taken >> j) & 1:
                value += LONE
        top = max(top, value)
    return top


@njit(cache=True, nogil=True)
def _near_at(near, word, other):  # type: ignore[no-untyped-def]
    """Where the other word stands among those near to the word, or -1."""
    end = near.start[word + 1]
    at = first(near.other, near.start[word], end, other)
    return at if at < end and near.other[at] == other else -1


@njit(cache=True, nogil=True)
def of_names(words, others, near, room):  # type: ignore[no-untyped-def]
    """The evidence of two names, their words paired off one to one."""
    weights, best = room
    for i in range(words.shape[0]):
        for j in range(others.shape[0]):
            at = _near_at(near, words[i], others[j])
            weights[i, j] = near.evidence[at] if at >= 0 else NEVER_PAIRED
    return best_pairing(weights, words.shape[0], others.shape[0], best)


@njit(cache=True, nogil=True)
def of_fathers(one, other, told, near, room):  # type: ignore[no-untyped-def]
    """What the fathers' names say; nan where not both are known. What stands in the own name too was weighed there."""
    his = told.father[told.father_start[one] : told.father_start[one + 1]]
    others = told.father[told.father_start[other] : told.father_start[other + 1]]
    if not his.shape[0] or not others.shape[0]:
        return np.nan
    weights, best = room
    own = told.own[told.own_start[one] : told.own_start[one + 1]]
    for i in range(his.shape[0]):
        before = False
        for word in own:
            before |= _near_at(near, his[i], word) >= 0
        for j in range(others.shape[0]):
            at = _near_at(near, his[i], others[j])
            weights[i, j] = (
                NEVER_PAIRED if at < 0 else min(near.evidence[at], TOLD_BEFORE) if before else near.evidence[at]
            )
    return father_says(best_pairing(weights, his.shape[0], others.shape[0], best))


@njit(cache=True, nogil=True)
def father_says(paired):  # type: ignore[no-untyped-def]
    """What is told of a father is somebody else's name now and then."""
    return np.logaddexp(_LOG_RIGHT + paired, _LOG_WRONG)


@njit(cache=True, nogil=True)
def besides(one, other, told):  # type: ignore[no-untyped-def]
    """What birth, sex and place say: (evidence, birth, sex, place), the last three as `Candidates` has them."""
    birth, agrees, near_by, total = -1, -1, -1, 0.0
    first_year, last_year = told.first_year, told.last_year
    if first_year[one] != UNKNOWN_YEAR and first_year[other] != UNKNOWN_YEAR:
        years = max(first_year[other] - last_year[one], first_year[one] - last_year[other], 0)
        wider = max(last_year[one] - first_year[one], last_year[other] - first_year[other]) + 1
        birth = max(2 - years, 0)
        if years == 0 and wider == 1 and told.day[one] and told.day[other]:
            birth = 3 if told.day[one] == told.day[other] else 2
        if years > YEARS_OFF:
            total += YEARS_FAR
        else:
            apart = _APART[years] if wider == 1 else _APART[years] - np.log(wider)
            total += max(apart, 0.2) + (SAME_DAY if birth == 3 else 0.0)
    if told.sex[one] and told.sex[other]:
        agrees = 1 if told.sex[one] == told.sex[other] else 0
        total += SEX_AGREES if agrees else SEX_DIFFERS
    if told.place[one] and told.place[other]:
        near_by = 1 if told.place[one] == told.place[other] else 0
        total += PLACE_AGREES if near_by else PLACE_DIFFERS
    return total, birth, agrees, near_by


@njit(cache=True, nogil=True)
def _without_partner(words, others, near):  # type: ignore[no-untyped-def]
    """How many of the words are surely none of the others: Hasan is near to Husain, but he is another one."""
    alone = 0
    for word in words:
        best = 0.0
        for other in others:
            at = _near_at(near, word, other)
            if at >= 0:
                best = max(best, near.same[at])
        alone += best < PARTNERS
    return alone


@njit(cache=True, nogil=True)
def alone(words, others, near):  # type: ignore[no-untyped-def]
    """Words without a partner: (of the name with fewer of them, of the other)."""
    one, other = _without_partner(words, others, near), _without_partner(others, words, near)
    return min(one, other), max(one, other)


@njit(cache=True, nogil=True)
def given_pairs(a, b, told, near):  # type: ignore[no-untyped-def]
    """(a, b, evidence of names, fathers and in all, signs as `Candidates` has them) of pairs, the lower place first."""
    evidence, signs = np.empty((a.shape[0], 3), np.float32), np.empty((a.shape[0], 5), np.int8)
    room = room_for_pairing()
    for k in range(a.shape[0]):
        one, other = a[k], b[k]
        more, birth, agrees, near_by = besides(one, other, told)
        words = told.own[told.own_start[one] : told.own_start[one + 1]]
        others = told.own[told.own_start[other] : told.own_start[other + 1]]
        name = of_names(words, others, near, room)
        of_father = of_fathers(one, other, told, near, room)
        evidence[k, 0], evidence[k, 1] = name, of_father
        evidence[k, 2] = name + more + (0.0 if np.isnan(of_father) else of_father)
        signs[k, 0], signs[k, 1], signs[k, 2] = birth, agrees, near_by
        signs[k, 3], signs[k, 4] = alone(words, others, near)
    return a, b, evidence, signs
