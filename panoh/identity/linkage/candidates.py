"""Pairs of records that may be one person, and what each kind of evidence says of them, compiled.

For each person, the lists of bearers of all words near to the words of the name are gone through, as far as they were born
within two years or at an unknown time, and the evidence of each bearer is summed up. Who gathers enough is weighed exactly:
words paired off one to one, the father's name, years and sex (`panoh.identity.likeness` holds the same weights for search).

Names that one person in fifty bears bring nobody by themselves: a pair that shares nothing rarer cannot be told from chance.
Nor are the lists of a person's commonest words gone through as far as all of them together, with the same birth, sex and
place, would not be enough (the prefix filter of set joins): who shares nothing else cannot get there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from os import cpu_count
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import best_pairing
from panoh.identity.likeness import (
    NEVER_PAIRED,
    SEX_AGREES,
    SEX_DIFFERS,
    YEARS_APART,
    YEARS_FAR,
)
from panoh.identity.linkage.nearness import Nearness
from panoh.identity.linkage.people import UNKNOWN_YEAR, People

COMMON = 0.02  # a name of a larger share of all words brings nobody by itself
LEAST_EVIDENCE = (
    9.0  # evidence in all below which a pair is not kept, in nats, in a register of `LEAST_EVIDENCE_IN` persons
)
LEAST_EVIDENCE_IN = 100_000
YEARS_OFF = len(YEARS_APART) - 1
LEAST_OF_NAMES = 0.0  # whoever has less in common by name is another person, whatever else agrees
TOLD_BEFORE = 0.5  # what a father's name says that stands in the person's own name too, and was weighed there
SAME_DAY = 3.5  # and not only in one year; many dates are guesses
PLACE_AGREES, PLACE_DIFFERS = 2.0, -2.0
PEOPLE_AT_ONCE = 5_000
# What was compared before: everybody who is linked with all who are linked or seen; those seen not yet with each other.
LINKED, SEEN, NEW = 0, 1, 2
PARTNERS = 0.3  # the least probability with which two words are counted as partners
LONE = math.log(0.14)  # a word without a partner, on either side: of two records none asks
FATHER_WRONG = 0.03

_APART = np.array(YEARS_APART)
_FATHER_RIGHT, _FATHER_WRONG = math.log(1 - FATHER_WRONG), math.log(FATHER_WRONG)

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Stages = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs by the places of their records, with evidence in nats. -1 stands for what is not known."""

    a: Places
    b: Places
    names: Floats
    father: Floats  # nan where not both are known
    birth: npt.NDArray[np.int8]  # 3 the same day, 2 the same year, 1 and 0 so many years off less, -1 unknown
    sex: npt.NDArray[np.int8]  # 1 agrees, 0 differs, -1 unknown
    place: npt.NDArray[np.int8]
    lone: npt.NDArray[np.int8]  # words without a partner, of the name with fewer of them
    extra: npt.NDArray[np.int8]  # and of the name with more
    evidence: Floats  # in all, as it was weighed here

    def __len__(self) -> int:
        return len(self.a)

    def only(self, places: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(*(getattr(self, part.name)[places] for part in fields(self)))

    @classmethod
    def together(cls, some: Sequence[Candidates]) -> Candidates:
        return cls(*(np.concatenate([getattr(one, part.name) for one in some]) for part in fields(cls)))


def find_candidates(people: People, near: Nearness, stage: Stages | None = None) -> Iterator[tuple[Places, Candidates]]:
    """(places of persons that are through, their pairs), in stretches that are worked on side by side.

    `stage` says what was compared before: a pair of a `LINKED` person with a linked or a `SEEN` one was, and is left out.
    """
    near_lists = (near.start, near.other, near.evidence, near.same)
    lists = (
        *_bearers(people.own_start, people.own, len(people.words)),
        *_bearers(people.father_start, people.father, len(people.words)),
    )
    stages = np.full(len(people), SEEN, np.uint8) if stage is None else stage
    unknown = int(np.searchsorted(people.first_year, UNKNOWN_YEAR))
    span = int((people.last_year - people.first_year)[:unknown].max(initial=0))
    limits = (unknown, span, least_evidence(len(people)))
    strongest = _strongest(near)

    given: Any = (*limits, *_of(people), *lists, *near_lists, strongest, stages)

    def stretch(some: Places) -> Candidates:
        return _as_candidates(*_stretch(some, *given))

    waiting = np.flatnonzero(stages != LINKED).astype(np.int32)
    stretches = [waiting[start : start + PEOPLE_AT_ONCE] for start in range(0, len(waiting), PEOPLE_AT_ONCE)]
    workers = ThreadPoolExecutor(cpu_count() or 1)
    try:
        yield from zip(stretches, workers.map(stretch, stretches), strict=True)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def weigh_pairs(people: People, near: Nearness, a: Places, b: Places) -> Candidates:
    """The evidence of given pairs, however little it is."""
    given: Any = (*_of(people), near.start, near.other, near.evidence, near.same)
    return _as_candidates(*_given(a, b, *given))


def least_evidence(persons: int) -> float:
    """What a pair must gather to be kept: more in a large register, where more pairs are alike by chance."""
    return LEAST_EVIDENCE + max(math.log(max(persons, 1) / LEAST_EVIDENCE_IN), 0.0)


def _of(people: People) -> tuple[npt.NDArray[Any], ...]:
    return (
        people.own_start, people.own, people.father_start, people.father,
        people.first_year, people.last_year, people.day, people.sex, people.place,
    )  # fmt: skip


def _as_candidates(pairs: Places, evidence: Floats, signs: npt.NDArray[np.int8]) -> Candidates:
    names, father, total = evidence.T
    birth, sex, place, lone, extra = signs.T
    return Candidates(pairs[:, 0], pairs[:, 1], names, father, birth, sex, place, lone, extra, total)


def _strongest(near: Nearness) -> Floats:
    """The most that each word can say for anybody; below zero (less one) for those that are so common that they bring nobody."""
    most = np.maximum.reduceat(near.evidence, near.start[:-1]) if len(near.start) > 1 else np.zeros(0, np.float32)
    most = np.maximum(most, 0)
    return np.where(near.share > COMMON, -1 - most, most).astype(np.float32)


def _bearers(start: npt.NDArray[np.int64], words: Places, number: int) -> tuple[npt.NDArray[np.int64], Places]:
    """For each word the persons who bear it, in their order."""
    persons = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    order = np.argsort(words, kind="stable")
    return np.searchsorted(words[order], np.arange(number + 1)), persons[order]


@njit(cache=True, nogil=True)
def _first(places, begin, end, least):  # type: ignore[no-untyped-def]
    """The first position in a rising stretch whose value is at least `least`."""
    while begin < end:
        middle = (begin + end) // 2
        if places[middle] < least:
            begin = middle + 1
        else:
            end = middle
    return begin


@njit(cache=True, nogil=True)
def _gather(word, low, window, unknown, list_start, lists, near_start, near_other, near_evidence, shared, touched, count):  # type: ignore[no-untyped-def]  # fmt: skip
    """Add the evidence of one word to everybody from `low` to `window`, or of unknown birth, who bears one near to it."""
    for at in range(near_start[word], near_start[word + 1]):
        evidence = near_evidence[at]
        if evidence <= 0:
            continue
        other = near_other[at]
        end = list_start[other + 1]
        position = _first(lists, list_start[other], end, low)
        while position < end:
            bearer = lists[position]
            if bearer >= window and bearer < unknown:
                position = _first(lists, position, end, unknown)
                continue
            if shared[bearer] == 0:
                touched[count] = bearer
                count += 1
            shared[bearer] += evidence
            position += 1
    return count


@njit(cache=True, nogil=True)
def _paired(words, others, told, near_start, near_other, near_evidence):  # type: ignore[no-untyped-def]
    """The evidence of two names, their words paired off one to one. `told` marks words that have been weighed before."""
    weights = np.full((words.shape[0], others.shape[0]), NEVER_PAIRED)
    for i in range(words.shape[0]):
        begin, end = near_start[words[i]], near_start[words[i] + 1]
        for j in range(others.shape[0]):
            at = _first(near_other, begin, end, others[j])
            if at < end and near_other[at] == others[j]:
                weights[i, j] = min(near_evidence[at], TOLD_BEFORE) if told[i] else near_evidence[at]
    return best_pairing(weights, LONE, np.full(others.shape[0], LONE))


@njit(cache=True, nogil=True)
def _among(words, others, near_start, near_other):  # type: ignore[no-untyped-def]
    """Which of the words stand among the others too, in the same or another spelling."""
    found = np.zeros(words.shape[0], np.bool_)
    for i in range(words.shape[0]):
        begin, end = near_start[words[i]], near_start[words[i] + 1]
        for other in others:
            at = _first(near_other, begin, end, other)
            if at < end and near_other[at] == other:
                found[i] = True
    return found


@njit(cache=True, nogil=True)
def _besides(one, other, first_year, last_year, day, sex, place):  # type: ignore[no-untyped-def]
    """What birth, sex and place say: (evidence, birth, sex, place), the last three as `Candidates` has them."""
    birth, agrees, near_by, total = -1, -1, -1, 0.0
    if first_year[one] != UNKNOWN_YEAR and first_year[other] != UNKNOWN_YEAR:
        years = max(first_year[other] - last_year[one], first_year[one] - last_year[other], 0)
        wider = max(last_year[one] - first_year[one], last_year[other] - first_year[other]) + 1
        birth = max(2 - years, 0)
        if years == 0 and wider == 1 and day[one] and day[other]:
            birth = 3 if day[one] == day[other] else 2
        if years > YEARS_OFF:
            total += YEARS_FAR
        else:
            total += max(_APART[years] - np.log(wider), 0.2) + (SAME_DAY if birth == 3 else 0.0)
    if sex[one] and sex[other]:
        agrees = 1 if sex[one] == sex[other] else 0
        total += SEX_AGREES if agrees else SEX_DIFFERS
    if place[one] and place[other]:
        near_by = 1 if place[one] == place[other] else 0
        total += PLACE_AGREES if near_by else PLACE_DIFFERS
    return total, birth, agrees, near_by


@njit(cache=True, nogil=True)
def _of_fathers(one, other, own_start, own, father_start, father, near_start, near_other, near_evidence):  # type: ignore[no-untyped-def]
    """What the fathers' names say; nan where not both are known. What stands in the own name too was weighed there."""
    his = father[father_start[one] : father_start[one + 1]]
    others = father[father_start[other] : father_start[other + 1]]
    if not his.shape[0] or not others.shape[0]:
        return np.nan
    told = _among(his, own[own_start[one] : own_start[one + 1]], near_start, near_other)
    return np.logaddexp(
        _FATHER_RIGHT + _paired(his, others, told, near_start, near_other, near_evidence), _FATHER_WRONG
    )


@njit(cache=True, nogil=True)
def _without_partner(words, others, near_start, near_other, near_same):  # type: ignore[no-untyped-def]
    """How many of the words are surely none of the others: Hasan is near to Husain, but he is another one."""
    alone = 0
    for word in words:
        begin, end, best = near_start[word], near_start[word + 1], 0.0
        for other in others:
            at = _first(near_other, begin, end, other)
            if at < end and near_other[at] == other:
                best = max(best, near_same[at])
        alone += best < PARTNERS
    return alone


@njit(cache=True, nogil=True)
def _alone(words, others, near_start, near_other, near_same):  # type: ignore[no-untyped-def]
    """Words without a partner: (of the name with fewer of them, of the other)."""
    one = _without_partner(words, others, near_start, near_other, near_same)
    other = _without_partner(others, words, near_start, near_other, near_same)
    return min(one, other), max(one, other)


@njit(cache=True, nogil=True)
def _given(a, b, own_start, own, father_start, father, first_year, last_year, day, sex, place, near_start, near_other, near_evidence, near_same):  # type: ignore[no-untyped-def]  # fmt: skip
    pairs, evidence, signs = np.empty((a.shape[0], 2), np.int32), np.empty((a.shape[0], 3), np.float32), np.empty((a.shape[0], 5), np.int8)  # fmt: skip
    for k in range(a.shape[0]):
        one, other = min(a[k], b[k]), max(a[k], b[k])
        besides, birth, agrees, near_by = _besides(one, other, first_year, last_year, day, sex, place)
        words, others = own[own_start[one] : own_start[one + 1]], own[own_start[other] : own_start[other + 1]]
        name = _paired(words, others, np.zeros(words.shape[0], np.bool_), near_start, near_other, near_evidence)
        of_father = _of_fathers(one, other, own_start, own, father_start, father, near_start, near_other, near_evidence)
        pairs[k, 0], pairs[k, 1] = one, other
        evidence[k, 0], evidence[k, 1] = name, of_father
        evidence[k, 2] = name + besides + (0.0 if np.isnan(of_father) else of_father)
        signs[k, 0], signs[k, 1], signs[k, 2] = birth, agrees, near_by
        signs[k, 3], signs[k, 4] = _alone(words, others, near_start, near_other, near_same)
    return pairs, evidence, signs


@njit(cache=True, nogil=True)
def _by_strength(words, fathers, strongest, room):  # type: ignore[no-untyped-def]
    """Which words need not be gone through, the own ones first: the commonest, as far as all together stay within `room`.

    Also what they may add at most for those who are found by other words.
    """
    number = words.shape[0] + fathers.shape[0]
    strength = np.empty(number, np.float64)
    hidden, left_out = 0.0, np.zeros(number, np.bool_)
    for k in range(number):
        strength[k] = strongest[words[k] if k < words.shape[0] else fathers[k - words.shape[0]]]
        if strength[k] < 0:
            left_out[k] = True
            hidden += -1 - strength[k]
    tail = 0.0
    for k in np.argsort(strength):
        if left_out[k]:
            continue
        if tail + strength[k] > room:
            break
        tail += strength[k]
        left_out[k] = True
    return left_out, hidden + tail


@njit(cache=True, nogil=True)
def _stretch(some, unknown, span, least, own_start, own, father_start, father, first_year, last_year, day, sex, place, own_list_start, own_lists, father_list_start, father_lists, near_start, near_other, near_evidence, near_same, strongest, stages):  # type: ignore[no-untyped-def]  # fmt: skip
    everyone = first_year.shape[0]
    shared = np.zeros(everyone, np.float32)
    touched = np.empty(everyone, np.int32)
    room, kept = 4096, 0
    pairs, evidence, signs = np.empty((room, 2), np.int32), np.empty((room, 3), np.float32), np.empty((room, 5), np.int8)  # fmt: skip
    for person in some:
        known = person < unknown
        words = own[own_start[person] : own_start[person + 1]]
        fathers = father[father_start[person] : father_start[person + 1]]
        # Those before her found her themselves, but for those who were linked before she was there.
        low = person + 1 if stages[person] == SEEN else 0
        window = everyone
        if known:
            window = _first(first_year, person, unknown, last_year[person] + YEARS_OFF + 1)
            low = max(low, _first(first_year, 0, person, first_year[person] - YEARS_OFF - span))
        most_besides = (_APART[0] if known else 0.0) + SEX_AGREES + (PLACE_AGREES if place[person] else 0.0)
        left_out, hidden = _by_strength(words, fathers, strongest, least - most_besides)
        count = 0
        for k in range(words.shape[0]):
            if not left_out[k]:
                count = _gather(words[k], low, window, unknown, own_list_start, own_lists, near_start, near_other, near_evidence, shared, touched, count)  # fmt: skip
        for k in range(fathers.shape[0]):
            if not left_out[words.shape[0] + k]:
                count = _gather(fathers[k], low, window, unknown, father_list_start, father_lists, near_start, near_other, near_evidence, shared, touched, count)  # fmt: skip
        if day[person]:  # whoever was born on the same day is weighed, however common the names
            for step in (1, -1):
                bearer = person + step
                while bearer >= low and bearer < unknown and day[bearer] == day[person] and first_year[bearer] == first_year[person]:  # fmt: skip
                    if shared[bearer] == 0:
                        touched[count] = bearer
                        count += 1
                        shared[bearer] = 1e-3
                    bearer += step
        for bearer in touched[:count]:
            most, shared[bearer] = shared[bearer] + hidden, 0
            if bearer > person:
                if stages[person] + stages[bearer] < SEEN + SEEN:
                    continue
            elif (
                bearer == person
                or stages[bearer] != LINKED
                or (known and bearer < unknown and first_year[person] - last_year[bearer] > YEARS_OFF)
            ):  # finds her itself
                continue
            besides, birth, agrees, near_by = _besides(person, bearer, first_year, last_year, day, sex, place)
            if most + besides < least:  # the most that the names can say is not enough
                continue
            one, other = min(person, bearer), max(person, bearer)
            words_of_one, others = (
                own[own_start[one] : own_start[one + 1]],
                own[own_start[other] : own_start[other + 1]],
            )
            name = _paired(words_of_one, others, np.zeros(words_of_one.shape[0], np.bool_), near_start, near_other, near_evidence)  # fmt: skip
            if name < LEAST_OF_NAMES:
                continue
            of_father = _of_fathers(one, other, own_start, own, father_start, father, near_start, near_other, near_evidence)  # fmt: skip
            total = name + besides + (0.0 if np.isnan(of_father) else of_father)
            if total < least:
                continue
            if kept == room:
                room *= 2
                pairs, evidence, signs = _twice(pairs), _twice(evidence), _twice(signs)
            pairs[kept, 0], pairs[kept, 1] = one, other
            evidence[kept, 0], evidence[kept, 1], evidence[kept, 2] = name, of_father, total
            signs[kept, 0], signs[kept, 1], signs[kept, 2] = birth, agrees, near_by
            signs[kept, 3], signs[kept, 4] = _alone(words_of_one, others, near_start, near_other, near_same)
            kept += 1
    return pairs[:kept], evidence[:kept], signs[:kept]


@njit(cache=True, nogil=True)
def _twice(rows):  # type: ignore[no-untyped-def]
    room = np.empty((2 * rows.shape[0], rows.shape[1]), rows.dtype)
    room[: rows.shape[0]] = rows
    return room
