"""Pairs of records that may be one person, and what each kind of evidence says of them.

For each person, the lists of bearers of all words near to the words of the name and of the father's name are gone through, the
rarest word first, as far as they were born within two years or at an unknown time. Whoever is met for the first time under a word
shares none of the rarer ones: he is passed over where this word, all the commoner ones together, birth, sex and place would not
be enough (the prefix filter of set joins, word by word). Sex and place stand beside each bearer in the list, so that most are
passed over without a look at their records. For the rest: which of the words they have at all, and then exactly (`evidence`).

Names that one person in fifty bears bring nobody by themselves: a pair that shares nothing rarer cannot be told from chance.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from os import cpu_count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.likeness import SEX_AGREES, SEX_DIFFERS, YEARS_APART
from panoh.identity.linkage.evidence import (
    LONE,
    PLACE_AGREES,
    PLACE_DIFFERS,
    SAME_DAY,
    YEARS_OFF,
    Floats,
    Places,
    father_says,
    first,
    given_pairs,
    near_of,
    told_of,
)
from panoh.identity.linkage.nearness import Nearness
from panoh.identity.linkage.people import MOST_WORDS, UNKNOWN_YEAR, People

COMMON = 0.02  # a name of a larger share of all words brings nobody by itself
LEAST_EVIDENCE = (
    9.0  # evidence in all below which a pair is not kept, in nats, in a register of `LEAST_EVIDENCE_IN` persons
)
LEAST_EVIDENCE_IN = 100_000
LEAST_OF_NAMES = 0.0  # whoever has less in common by name is another person, whatever else agrees
PEOPLE_AT_ONCE = 5_000
# What was compared before: everybody who is linked with all who are linked or seen; those seen not yet with each other.
LINKED, SEEN, NEW = 0, 1, 2

OWN_AT_HAND, FATHERS_AT_HAND = 5, 4  # words that stand beside each bearer: few persons have more
OWN_FROM = 2
FATHERS_FROM = OWN_FROM + OWN_AT_HAND
_SAME_YEAR, _OTHER_YEAR = YEARS_APART[0], max(YEARS_APART[1:])
_BITS = np.array([some.bit_count() for some in range(1 << MOST_WORDS)])  # how many words a set has

Stages = npt.NDArray[np.uint8]
Longs = npt.NDArray[np.int64]


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

    def only(self, places: Longs | npt.NDArray[np.bool_]) -> Candidates:
        return Candidates(*(getattr(self, part.name)[places] for part in fields(self)))

    @classmethod
    def together(cls, some: Sequence[Candidates]) -> Candidates:
        return cls(*(np.concatenate([getattr(one, part.name) for one in some]) for part in fields(cls)))


class Lists(NamedTuple):
    """Who bears each term, in their order: `entries[start[t] : start[t + 1]]`, from `unknown[t]` on those of unknown birth.

    A term is a word of a name or, behind all of these, a word of a father's name. An entry is all that is needed to pass over
    most of the bearers, side by side, since a look at each record would be a wait for memory each time: the person, sex and
    place in one number, the words of the name and those of the father's name (the number of words where there is none).
    """

    start: Longs
    unknown: Longs
    entries: npt.NDArray[np.uint32]
    of_persons: npt.NDArray[np.uint32]  # the entry of each person


class Limits(NamedTuple):
    """Where the persons of unknown birth begin, the widest span of years of a birth, the least evidence of a pair."""

    unknown: int
    span: int
    least: float


def find_candidates(people: People, near: Nearness, stage: Stages | None = None) -> Iterator[tuple[Places, Candidates]]:
    """(places of persons that are through, their pairs), in stretches that are worked on side by side.

    `stage` says what was compared before: a pair of a `LINKED` person with a linked or a `SEEN` one was, and is left out.
    """
    stages = np.full(len(people), SEEN, np.uint8) if stage is None else stage
    unknown = int(np.searchsorted(people.first_year, UNKNOWN_YEAR))
    span = int((people.last_year - people.first_year)[:unknown].max(initial=0))
    limits = Limits(unknown, span, least_evidence(len(people)))
    told, lists, near_words, strongest = told_of(people), _lists(people, unknown), near_of(near), _strongest(near)

    def stretch(some: Places) -> Candidates:
        likely = _likely(some, told, lists, near_words, strongest, limits, stages)
        likely = likely[_comparable(likely[:, 0], likely[:, 1], people, unknown, stages)]
        one, other = np.unique(np.sort(likely, axis=1), axis=0).T
        found = _as_candidates(*given_pairs(one, other, told, near_words))
        return found.only((found.names >= LEAST_OF_NAMES) & (found.evidence >= limits.least))

    waiting = np.flatnonzero(stages != LINKED).astype(np.int32)
    stretches = [waiting[start : start + PEOPLE_AT_ONCE] for start in range(0, len(waiting), PEOPLE_AT_ONCE)]
    workers = ThreadPoolExecutor(cpu_count() or 1)
    try:
        yield from zip(stretches, workers.map(stretch, stretches), strict=True)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)


def weigh_pairs(people: People, near: Nearness, a: Places, b: Places) -> Candidates:
    """The evidence of given pairs, however little it is."""
    return _as_candidates(*given_pairs(np.minimum(a, b), np.maximum(a, b), told_of(people), near_of(near)))


def _comparable(person: Places, other: Places, people: People, unknown: int, stages: Stages) -> npt.NDArray[np.bool_]:
    """Whether the two were not compared before, and the other one, if it stands before the person, does not find her itself."""
    known = (person < unknown) & (other < unknown)
    far = known & (people.first_year[person] - people.last_year[other] > YEARS_OFF)
    before = (other < person) & (stages[other] == LINKED) & ~far
    return np.asarray(before | (other > person) & (stages[person] + stages[other] >= SEEN + SEEN))


def least_evidence(persons: int) -> float:
    """What a pair must gather to be kept: more in a large register, where more pairs are alike by chance."""
    return LEAST_EVIDENCE + max(math.log(max(persons, 1) / LEAST_EVIDENCE_IN), 0.0)


def _as_candidates(a: Places, b: Places, evidence: Floats, signs: npt.NDArray[np.int8]) -> Candidates:
    (names, father, total), (birth, sex, place, lone, extra) = evidence.T, signs.T
    return Candidates(a, b, names, father, birth, sex, place, lone, extra, total)


def _strongest(near: Nearness) -> Floats:
    """The most that each word can say for anybody; below zero (less one) for those that are so common that they bring nobody."""
    most = np.maximum.reduceat(near.evidence, near.start[:-1]) if len(near.start) > 1 else np.zeros(0, np.float32)
    most = np.maximum(most, 0)
    return np.where(near.share > COMMON, -1 - most, most).astype(np.float32)


def _lists(people: People, unknown: int) -> Lists:
    number, everyone = len(people.words), np.arange(len(people), dtype=np.int32)
    own, fathers = np.diff(people.own_start), np.diff(people.father_start)
    places = np.where(people.place > 0, people.place, 0)
    of_persons = np.full((len(people), FATHERS_FROM + FATHERS_AT_HAND), number, np.uint32)
    of_persons[:, 0], of_persons[:, 1] = everyone, places * 4 + people.sex
    for some, begins, many, first_column, columns in (
        (people.own, people.own_start, own, OWN_FROM, OWN_AT_HAND),
        (people.father, people.father_start, fathers, FATHERS_FROM, FATHERS_AT_HAND),
    ):
        column = np.arange(len(some)) - np.repeat(begins[:-1], many)
        at_hand = column < columns
        of_persons[np.repeat(everyone, many)[at_hand], first_column + column[at_hand]] = some[at_hand]
        of_persons[many > columns, first_column] = number + 1  # which passes for every word
    terms = np.concatenate([people.own, people.father + np.int32(number)])
    owners = np.concatenate([np.repeat(everyone, own), np.repeat(everyone, fathers)])
    order = np.lexsort((owners, terms))
    start = np.searchsorted(terms[order], np.arange(2 * number + 1))
    known = np.bincount(terms[owners < unknown], minlength=2 * number)
    return Lists(start, start[:-1] + known, of_persons[owners[order]], of_persons)


@njit(cache=True, nogil=True)
def _at_most(strength, begin, end, sums):  # type: ignore[no-untyped-def]
    """For each set of these words: the most that a name which has them and none of the others can come to."""
    number = end - begin
    for some in range(1 << number):
        total = 0.0
        for i in range(number):
            total += strength[begin + i] if (some >> i) & 1 else LONE
        sums[some] = total


@njit(cache=True, nogil=True)
def _mark(words, near, marks, add):  # type: ignore[no-untyped-def]
    """For each word there is: which of these words it is near to. Without `add` the marks are taken away."""
    for k in range(words.shape[0]):
        for at in range(near.start[words[k]], near.start[words[k] + 1]):
            marks[near.other[at]] = marks[near.other[at]] | (1 << k) if add else 0


@njit(cache=True, nogil=True)
def _segments(person, told, limits, stage, begins, ends, gains):  # type: ignore[no-untyped-def]
    """Where those stand with whom the person is to be compared, and the most that their birth may say; the last segment is
    of those whose birth is unknown."""
    unknown = limits.unknown
    # Those before her found her themselves, but for those who were linked before she was there.
    low = person + 1 if stage == SEEN else 0
    begins[:], ends[:], gains[:] = low, 0, 0.0
    begins[3], ends[3] = max(low, unknown), told.first_year.shape[0]
    if person >= unknown:
        ends[0] = unknown
        return
    year, last = told.first_year[person], told.last_year[person]
    same = first(told.first_year, 0, unknown, year - limits.span)
    after = first(told.first_year, same, unknown, last + 1)
    begins[0], ends[0] = max(low, first(told.first_year, 0, same, year - YEARS_OFF - limits.span)), same
    begins[1], ends[1] = max(low, same), after
    begins[2], ends[2] = max(low, after), first(told.first_year, after, unknown, last + YEARS_OFF + 1)
    gains[0], gains[1], gains[2] = _OTHER_YEAR, _SAME_YEAR, _OTHER_YEAR


@njit(cache=True, nogil=True)
def _walk(  # type: ignore[no-untyped-def]
    entries, position, stop, end, need, enough, place, by_sex, marks, of_his, by_name, by_father, person, pairs, kept
):
    """Go through a list up to the person `end`; who says `need` by sex and place is kept where the words may make it `enough`.

    `marks` and `of_his`: which words of the person's name, or of her father's, each word is near to at all. `by_name` and
    `by_father`: the most that a name can say which has these of them and no others. Returns how many pairs there are then.

    Plain arrays and numbers only: in this innermost loop numba would count references to anything else.
    """
    none = marks.shape[0] - 2
    while position < stop and entries[position, 0] < end:
        tag = entries[position, 1]
        other, gain = tag >> 2, by_sex[tag & 3]
        if place and other:
            gain += PLACE_AGREES if other == place else PLACE_DIFFERS
        if gain >= need:
            names, fathers, many = 0, 0, 0
            for column in range(OWN_FROM, FATHERS_FROM):
                word = entries[position, column]
                if word == none:
                    break
                names |= marks[word]
                many += 1
            gain += by_name[names] + LONE * max(many - _BITS[names], 0)
            if by_father[0] < 0 and entries[position, FATHERS_FROM] != none:  # else one of the fathers is not told
                for column in range(FATHERS_FROM, FATHERS_FROM + FATHERS_AT_HAND):
                    fathers |= of_his[entries[position, column]]
                gain += by_father[fathers]
            if gain >= enough:
                pairs[kept, 0], pairs[kept, 1] = person, entries[position, 0]
                kept += 1
        position += 1
    return kept


@njit(cache=True, nogil=True)
def _with_room(pairs, kept, more):  # type: ignore[no-untyped-def]
    if kept + more <= pairs.shape[0]:
        return pairs
    larger = np.empty((2 * (kept + more), 2), np.int32)
    larger[:kept] = pairs[:kept]
    return larger


@njit(cache=True, nogil=True)
def _likely(some, told, lists, near, strongest, limits, stages):  # type: ignore[no-untyped-def]
    """(person, other) of all pairs that may gather enough, some of them twice."""
    number, least, entries = strongest.shape[0], limits.least, lists.entries
    marks, of_his = np.zeros(number + 2, np.uint8), np.zeros(number + 2, np.uint8)
    by_name, by_father, by_sex = np.empty(1 << MOST_WORDS), np.empty(1 << MOST_WORDS), np.zeros(4)
    rank, strength = np.empty(2 * MOST_WORDS), np.empty(2 * MOST_WORDS)
    begins, ends, of_birth = np.empty(4, np.int64), np.empty(4, np.int64), np.empty(4)
    bearers, kept, pairs = entries[:, 0], 0, np.empty((4096, 2), np.int32)
    for person in some:
        words = told.own[told.own_start[person] : told.own_start[person + 1]]
        fathers = told.father[told.father_start[person] : told.father_start[person + 1]]
        own, both, later = words.shape[0], words.shape[0] + fathers.shape[0], 0.0
        for k in range(both):
            rank[k] = -strongest[words[k] if k < own else fathers[k - own]]
            strength[k] = rank[k] - 1 if rank[k] > 0 else -rank[k]
            later += strength[k]
        _at_most(strength, 0, own, by_name)
        _at_most(strength, own, both, by_father)
        for some_words in range(1 << (both - own)):
            by_father[some_words] = father_says(by_father[some_words])
        _mark(words, near, marks, True)
        _mark(fathers, near, of_his, True)
        marks[number + 1], of_his[number + 1] = (1 << own) - 1, (1 << (both - own)) - 1
        sex, place = lists.of_persons[person, 1] & 3, lists.of_persons[person, 1] >> 2
        for other in range(1, 4):
            by_sex[other] = 0.0 if not sex else SEX_AGREES if other == sex else SEX_DIFFERS
        best = (SEX_AGREES if sex else 0.0) + (PLACE_AGREES if place else 0.0)
        _segments(person, told, limits, stages[person], begins, ends, of_birth)
        if told.day[person]:  # whoever was born on the same day is looked at, however common the names
            begin, end = _of_one_day(person, begins[1], ends[1], told)
            pairs = _with_room(pairs, kept, end - begin)
            kept = _walk(
                lists.of_persons, begin, end, end, -np.inf, least - _SAME_YEAR - SAME_DAY, place,
                by_sex, marks, of_his, by_name, by_father, person, pairs, kept,
            )  # fmt: skip
        for k in np.argsort(rank[:both]):
            later -= strength[k]
            if rank[k] > 0:  # so common that it brings nobody, as are all that follow
                break
            word, behind = (words[k], 0) if k < own else (fathers[k - own], number)
            for at in range(near.start[word], near.start[word + 1]):
                need, term = least - near.evidence[at] - later, near.other[at] + behind
                for segment in range(4):
                    if need > of_birth[segment] + best or begins[segment] >= ends[segment]:
                        continue
                    begin, end = lists.unknown[term], lists.start[term + 1]
                    if segment < 3:
                        begin, end = lists.start[term], lists.unknown[term]
                    begin = first(bearers, begin, end, begins[segment])
                    pairs = _with_room(pairs, kept, end - begin)
                    kept = _walk(
                        entries, begin, end, ends[segment], need - of_birth[segment], least - of_birth[segment], place,
                        by_sex, marks, of_his, by_name, by_father, person, pairs, kept,
                    )  # fmt: skip
        _mark(words, near, marks, False)
        _mark(fathers, near, of_his, False)
    return pairs[:kept]


@njit(cache=True, nogil=True)
def _of_one_day(person, begin, end, told):  # type: ignore[no-untyped-def]
    """From where to where those stand, between the two, who were born on the day of the person."""
    before, after = person, person + 1
    while (
        before > begin
        and told.day[before - 1] == told.day[person]
        and told.first_year[before - 1] == told.first_year[person]
    ):
        before -= 1
    while after < end and told.day[after] == told.day[person] and told.first_year[after] == told.first_year[person]:
        after += 1
    return max(before, begin), after
