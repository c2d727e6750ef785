"""Pairs of records that may be one person, and what each kind of evidence says of them, compiled.

For each person, the lists of bearers of all words near to the words of the name are gone through, as far as they were born
within two years or at an unknown time, and the evidence of each bearer is summed up. Who gathers enough is weighed exactly:
words paired off one to one, the father's name, years and sex (`panoh.identity.likeness` holds the same weights for search).

Names that one person in fifty bears bring nobody by themselves: a pair that shares nothing rarer cannot be told from chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from os import cpu_count

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import best_pairing
from panoh.identity.likeness import (
    NEVER_PAIRED,
    SEX_AGREES,
    SEX_DIFFERS,
    YEARS_APART,
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
LONE = math.log(0.14)  # a word without a partner, on either side: of two records none asks
FATHER_WRONG = 0.03

_APART = np.array(YEARS_APART)
_FATHER_RIGHT, _FATHER_WRONG = math.log(1 - FATHER_WRONG), math.log(FATHER_WRONG)

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]


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


def find_candidates(
    people: People, near: Nearness, newest: npt.NDArray[np.bool_] | None = None
) -> Iterator[tuple[int, Candidates]]:
    """(persons done, their pairs with persons further on), in stretches that are worked on side by side.

    `newest` marks the only persons whose pairs are wanted: those with anybody, but no pair of two others.
    """
    own_lists, father_lists = (
        _bearers(people.own_start, people.own, len(people.words)),
        _bearers(people.father_start, people.father, len(people.words)),
    )
    wanted = np.ones(len(people), bool) if newest is None else newest
    least = LEAST_EVIDENCE + max(math.log(len(people) / LEAST_EVIDENCE_IN), 0.0)
    unknown = int(np.searchsorted(people.first_year, UNKNOWN_YEAR))
    share = near.share.astype(np.float32)

    def stretch(start: int) -> Candidates:
        pairs, evidence, signs = _stretch(
            start, min(start + PEOPLE_AT_ONCE, len(people)), unknown,
            people.own_start, people.own, people.father_start, people.father,
            people.first_year, people.last_year, people.day, people.sex, people.place,
            *own_lists, *father_lists, near.start, near.other, near.evidence, share, wanted, least,
        )  # fmt: skip
        names, father, total = evidence.T
        birth, sex, place, lone, extra = signs.T
        return Candidates(pairs[:, 0], pairs[:, 1], names, father, birth, sex, place, lone, extra, total)

    starts = range(0, len(people), PEOPLE_AT_ONCE)
    with ThreadPoolExecutor(cpu_count() or 1) as workers:
        for start, found in zip(starts, workers.map(stretch, starts), strict=True):
            yield min(start + PEOPLE_AT_ONCE, len(people)), found


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
def _gather(word, person, window, unknown, list_start, lists, near_start, near_other, near_evidence, shared, touched, count):  # type: ignore[no-untyped-def]  # fmt: skip
    """Add the evidence of one word to everybody further on who bears one near to it."""
    for at in range(near_start[word], near_start[word + 1]):
        evidence = near_evidence[at]
        if evidence <= 0:
            continue
        other = near_other[at]
        end = list_start[other + 1]
        position = _first(lists, list_start[other], end, person + 1)
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
def _stretch(begin, end, unknown, own_start, own, father_start, father, first_year, last_year, day, sex, place, own_list_start, own_lists, father_list_start, father_lists, near_start, near_other, near_evidence, share, wanted, least):  # type: ignore[no-untyped-def]  # fmt: skip
    everyone = first_year.shape[0]
    shared = np.zeros(everyone, np.float32)
    touched = np.empty(everyone, np.int32)
    room, kept = 4096, 0
    pairs, evidence, signs = (
        np.empty((room, 2), np.int32),
        np.empty((room, 3), np.float32),
        np.empty((room, 5), np.int8),
    )
    for person in range(begin, end):
        window = everyone
        if person < unknown:
            window = _first(first_year, person, unknown, last_year[person] + YEARS_OFF + 1)
        count = 0
        hidden = 0.0  # what the words that bring nobody may add
        for word in own[own_start[person] : own_start[person + 1]]:
            if share[word] <= COMMON:
                count = _gather(word, person, window, unknown, own_list_start, own_lists, near_start, near_other, near_evidence, shared, touched, count)  # fmt: skip
            else:
                hidden -= np.log(share[word])
        for word in father[father_start[person] : father_start[person + 1]]:
            if share[word] <= COMMON:
                count = _gather(word, person, window, unknown, father_list_start, father_lists, near_start, near_other, near_evidence, shared, touched, count)  # fmt: skip
            else:
                hidden -= np.log(share[word])
        if day[person]:  # whoever was born on the same day is weighed, however common the names
            bearer = person + 1
            while bearer < unknown and day[bearer] == day[person] and first_year[bearer] == first_year[person]:
                if shared[bearer] == 0:
                    touched[count] = bearer
                    count += 1
                    shared[bearer] = 1e-3
                bearer += 1
        for bearer in touched[:count]:
            most, shared[bearer] = shared[bearer] + hidden, 0
            if not (wanted[person] or wanted[bearer]):
                continue
            birth, besides = -1, np.float32(0.0)
            if person < unknown and bearer < unknown:
                years = max(first_year[bearer] - last_year[person], first_year[person] - last_year[bearer], 0)
                wider = max(last_year[person] - first_year[person], last_year[bearer] - first_year[bearer]) + 1
                birth = 2 - years
                if years == 0 and wider == 1 and day[person] and day[bearer]:
                    birth = 3 if day[person] == day[bearer] else 2
                besides += max(_APART[years] - np.log(wider), 0.2) + (SAME_DAY if birth == 3 else 0.0)
            agrees = -1
            if sex[person] and sex[bearer]:
                agrees = 1 if sex[person] == sex[bearer] else 0
                besides += SEX_AGREES if agrees else SEX_DIFFERS
            near_by = -1
            if place[person] and place[bearer]:
                near_by = 1 if place[person] == place[bearer] else 0
                besides += PLACE_AGREES if near_by else PLACE_DIFFERS
            if most + besides < least:  # the most that the names can say is not enough
                continue
            words = own[own_start[person] : own_start[person + 1]]
            other_words = own[own_start[bearer] : own_start[bearer + 1]]
            name = _paired(words, other_words, np.zeros(words.shape[0], np.bool_), near_start, near_other, near_evidence)  # fmt: skip
            if name < LEAST_OF_NAMES:
                continue
            of_father = np.nan
            total = name + besides
            his = father[father_start[person] : father_start[person + 1]]
            others = father[father_start[bearer] : father_start[bearer + 1]]
            if his.shape[0] and others.shape[0]:
                told = _among(his, words, near_start, near_other)
                of_father = np.logaddexp(_FATHER_RIGHT + _paired(his, others, told, near_start, near_other, near_evidence), _FATHER_WRONG)  # fmt: skip
                total += of_father
            if total < least:
                continue
            if kept == room:
                room *= 2
                pairs, evidence = _twice(pairs), _twice(evidence)
                signs = _twice(signs)
            pairs[kept, 0], pairs[kept, 1] = person, bearer
            evidence[kept, 0], evidence[kept, 1], evidence[kept, 2] = name, of_father, total
            alone = _among(words, other_words, near_start, near_other)
            others_alone = _among(other_words, words, near_start, near_other)
            one, other = words.shape[0] - alone.sum(), other_words.shape[0] - others_alone.sum()
            signs[kept, 0], signs[kept, 1], signs[kept, 2] = birth, agrees, near_by
            signs[kept, 3], signs[kept, 4] = min(one, other), max(one, other)
            kept += 1
    return pairs[:kept], evidence[:kept], signs[:kept]


@njit(cache=True, nogil=True)
def _twice(rows):  # type: ignore[no-untyped-def]
    room = np.empty((2 * rows.shape[0], rows.shape[1]), rows.dtype)
    room[: rows.shape[0]] = rows
    return room
