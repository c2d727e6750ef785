"""Who is likely meant: from the words of a question to persons with evidence, through the index of names.

Three steps. Words of the register that may be the words asked (`near_words`). Persons who bear such words, by groups of words
together, because one common word alone would bring a tenth of a country (`probes`). And the evidence of each, with father,
year and the rarity of names (`panoh.identity.likeness`).

The words of the register stand in the process (`queries.vocabulary`), and what was judged about them is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from panoh.identity.lexicon import Lexicon
from panoh.identity.likeness import Asked, Forms, chances, forms_of, possible, weigh
from panoh.kernel.names import script_of
from panoh.registry.nameindex import FATHER
from panoh.registry.queries.probes import YEARS_OFF, Probes, Slot, choose_probes, slot_of_years
from panoh.registry.queries.vocabulary import Held, Near, Vocabulary, current_vocabulary, held_vocabulary, near_words

MOST_WORDS_ASKED = 8
WRONG_IN_A_SEARCH = 2  # words or years that may be quite other ones than the person's
# At entry a family is asked about with full names, fathers and years, and within a second: a second thing told quite wrongly
# finds nobody more (benchmarks/alarms_at_entry.py) and costs as much again as everything else the database does.
WRONG_AT_ENTRY = 1
SURE_OF_ONE = 0.9  # the probability of the likeliest person from which nobody else is looked for
MOST_NAMED = 60  # each costs a look at her file; of 2,000 questions none is answered worse than by 80, one by 40
JOINED = -2.0  # log odds from which two words asked are taken for one word of the register as well
MOST_READINGS = 3
OTHER_READING = -1.0
FIND = "SELECT person_id, number, sex, terms, more FROM registry_find_named(%s::jsonb, %s)"
# A row without a person tells of newer words, in the place of the number.
FIND_WITH_WORDS = f"{FIND} UNION ALL SELECT NULL, registry_words(%s, %s::int[])::text, NULL, NULL, NULL"


@dataclass(frozen=True, slots=True)
class Likely:
    """A person found by name, with the evidence in nats that it is who was asked for.

    `fits` is false where the year of birth told is more than two years off, or the sex another one.
    """

    person_id: UUID
    number: str
    evidence: float
    fits: bool


@dataclass(frozen=True, slots=True)
class Found:
    persons: list[Likely]
    counted: int  # persons in the register at the last count
    cut_short: bool
    is_current: bool = True  # the words of the question were all that there are


# -- the question to the index ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what the index is asked in its place."""

    asked: Asked
    near: tuple[Near, ...]  # of the words, then of the father's
    slots: tuple[Slot, ...]
    probes: Probes
    lexicon: Lexicon
    by_script: bool = True  # the words asked are those of several forms of the name, one in each script
    other_readings: tuple[Question, ...] = ()

    @property
    def possible(self) -> float:
        """The most evidence that any record could give."""
        common = np.array([near.common for near in self.near])
        return max((possible(asked, common[rows]) for asked, rows in self.forms), default=0.0)

    @property
    def forms(self) -> list[tuple[Asked, list[int]]]:
        """Each form of the name that was asked for, with its places among `near`."""
        asked, own = self.asked, len(self.asked.words)
        if not self.by_script:
            return [(asked, list(range(len(self.near))))]
        scripts = list(dict.fromkeys(map(script_of, asked.words)))
        found = []
        for script in scripts:
            words = [place for place, word in enumerate(asked.words) if script_of(word) == script]
            told = list(enumerate(asked.father, start=own))
            fathers = [place for place, word in told if script_of(word) == script] or [place for place, _word in told]
            of_form = replace(
                asked,
                words=tuple(asked.words[place] for place in words),
                father=tuple(asked.father[place - own] for place in fathers),
            )
            found.append((of_form, [*words, *fathers]))
        return found

    def to_database(self, groups: Sequence[Sequence[int]] | None = None) -> dict[str, Any]:
        """One question of `registry_find_named` or `registry_candidates`: by these probes, or by all."""
        return {
            "probes": self.probes.groups if groups is None else groups,
            "ids": [slot.terms for slot in self.slots],
            "weights": [slot.weights for slot in self.slots],
            "closest": [slot.closest for slot in self.slots],
        }


def ask_about(people: Sequence[Asked]) -> tuple[list[Question], int]:
    """The questions to the index about several people, with one look for all their words; and how many are registered."""
    vocabulary = current_vocabulary()
    near = near_words([word for asked in people for word in (*asked.words, *asked.father)], vocabulary)
    return [_question(asked, near, vocabulary, WRONG_AT_ENTRY) for asked in people], vocabulary.persons


def ask_every_way(asked: Asked, vocabulary: Vocabulary | None = None) -> tuple[Question, int]:
    """What one text asks: also with two words read as one or one as two, where the register knows them so."""
    vocabulary = vocabulary or current_vocabulary()
    joined = vocabulary.lexicon.joined(asked.words)
    halved = vocabulary.lexicon.halved(asked.words, vocabulary.persons)
    every = [word for words in (asked.words, asked.father, *joined, *halved) for word in words]
    near = near_words(every, vocabulary)
    known = [words for words in joined if any(near[word].surest > JOINED for word in words if word not in asked.words)]
    question, *others = [
        replace(_question(replace(asked, words=words), near, vocabulary, WRONG_IN_A_SEARCH), by_script=False)
        for words in (asked.words, *[*known, *halved][:MOST_READINGS])
    ]
    return replace(question, other_readings=tuple(others)), vocabulary.persons


def _question(asked: Asked, of_words: Mapping[str, Near], vocabulary: Vocabulary, wrong: int) -> Question:
    near, persons = tuple(of_words[word] for word in (*asked.words, *asked.father)), vocabulary.persons
    own = len(asked.words)
    names = [(one.as_name, place) for place, one in enumerate(near[:own]) if len(one.ids)]
    slots = [*names, *((one.as_father, own) for one in near[own:] if len(one.ids))]
    if asked.years:
        slots.append((slot_of_years(*asked.years, persons), own + 1))
    probes = choose_probes([slot for slot, _told in slots], [told for _slot, told in slots], len(names), persons, wrong)
    return Question(asked, near, tuple(slot for slot, _told in slots), probes, vocabulary.lexicon)


# -- the answer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """What the database answers of a person; `more`: there were more than it tells of."""

    person_id: UUID
    number: str
    sex: str
    terms: list[int]
    more: bool


def find_by_name(asked: Asked, most: int = MOST_NAMED) -> tuple[Question, Found]:
    """Who is likely meant, and the question that was asked. With the words that this process knows; where the answer tells of
    words that are newer, the question is asked again with them."""
    held = held_vocabulary()
    question, persons = ask_every_way(asked, held.vocabulary)
    found = find_likely(question, persons, most, held)
    if not found.is_current:
        question, persons = ask_every_way(asked)
        found = find_likely(question, persons, most)
    return question, found


def find_likely(question: Question, persons: int, most: int = MOST_NAMED, held: Held | None = None) -> Found:
    """Persons whose files the caller sees, the strongest evidence first; each by the reading that fits best.

    Where the cheap probes find somebody beyond doubt, she is who was meant, and nobody is looked for who is like her in less,
    nor by another reading of the words. With `held`, the answer tells as well whether the words of the question are all there are.
    """
    readings = (question, *question.other_readings)
    groups, cheap = question.probes.groups, question.probes.cheap
    rows: list[_Row] = []
    is_current = True
    if groups and _beyond_doubt(np.array([question.possible]), question, persons):  # else nobody could be
        rows, is_current = _ask_index([question.to_database(groups[:cheap])], most, held)
        held = None
        if _beyond_doubt(weigh_records(question, _read(question, rows)), question, persons):
            readings, groups = (question,), []
        else:
            groups = groups[cheap:]
    left = [question.to_database(groups), *(reading.to_database() for reading in readings[1:])]
    further, still_current = _ask_index([one for one in left if one["probes"]], most, held)
    known = {row.person_id for row in rows}
    rows += [row for row in further if row.person_id not in known]
    more = any(row.more for row in rows)
    return Found(_weighed(readings, rows), persons, more, is_current=is_current and still_current)


def _beyond_doubt(evidence: npt.NDArray[np.float64], question: Question, persons: int) -> bool:
    return len(evidence) > 0 and float(chances(evidence.tolist(), question.possible, persons).max()) > SURE_OF_ONE


def _ask_index(asked: Sequence[dict[str, Any]], most: int, held: Held | None) -> tuple[list[_Row], bool]:
    """(the persons found, whether the words of the question are all there are; not asked without `held`)"""
    if not asked and held is None:
        return [], True
    statement, arguments = FIND, [json.dumps(asked), most]
    if held is not None:
        statement, arguments = FIND_WITH_WORDS, [*arguments, *held.arguments]
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        rows = cursor.fetchall()
    words = next((number for person_id, number, *_more in rows if person_id is None), None)
    return [_Row(*row) for row in rows if row[0] is not None], held is None or held.is_current(words)


def _read(question: Question, rows: Sequence[_Row]) -> Records:
    return read_records(question.lexicon, [(row.terms, row.sex) for row in rows])


def _weighed(readings: Sequence[Question], rows: Sequence[_Row]) -> list[Likely]:
    question, *others = readings
    records = _read(question, rows)
    best = weigh_records(question, records)
    for other in others:
        best = np.maximum(best, weigh_records(other, records) + OTHER_READING)
    people = [
        Likely(row.person_id, row.number, nats, _fits(question.asked, row))
        for row, nats in zip(rows, best.tolist(), strict=True)
    ]
    return sorted(people, key=lambda one: (-one.evidence, one.number))


def _fits(asked: Asked, row: _Row) -> bool:
    if "U" not in (asked.sex, row.sex) and asked.sex != row.sex:
        return False
    years = [-term for term in row.terms if term < 0] if asked.years else None
    return not years or (min(years) - YEARS_OFF <= asked.years[1] and asked.years[0] <= max(years) + YEARS_OFF)  # type: ignore[index]


class Records(NamedTuple):
    """Persons as they are weighed: the words that any of them bears, and each one's forms (`likeness.Forms`)."""

    count: int
    words: npt.NDArray[np.int64]
    whose: npt.NDArray[np.int64]
    forms: Forms


def read_records(lexicon: Lexicon, records: Sequence[tuple[list[int], str]]) -> Records:
    """Records given by their terms in the index of names and their sex."""
    start = np.zeros(len(records) + 1, np.int64)
    np.cumsum([len(terms) for terms, _sex in records], out=start[1:])
    terms = np.fromiter(chain.from_iterable(terms for terms, _sex in records), np.int64, int(start[-1]))
    words = np.where(terms >= FATHER, terms - FATHER, terms)
    known, columns = np.unique(words, return_inverse=True)
    sexes = np.array([sex for _terms, sex in records], np.str_)
    whose, forms = forms_of(terms, start, columns, lexicon.scripts_of(words), FATHER, sexes)
    return Records(len(records), known, whose, forms)


def weigh_records(question: Question, records: Records) -> npt.NDArray[np.float64]:
    """The evidence of each: of the forms in each script the one that fits best."""
    best = np.full(records.count, -np.inf)
    if not len(records.whose):
        return best
    same = np.zeros((len(question.near), len(records.words)))
    for row, near in enumerate(question.near):
        at = records.words.searchsorted(near.ids)
        met = records.words.take(at, mode="clip") == near.ids
        same[row, at[met]] = near.same[met]
    common = np.array([near.common for near in question.near])
    for asked, rows in question.forms:
        np.maximum.at(best, records.whose, weigh(asked, same[rows], common[rows], records.forms))
    return best
