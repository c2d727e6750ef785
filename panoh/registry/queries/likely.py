"""Who is likely meant: from the words of a question to persons with evidence, through the index of names.

Three steps. Words of the register that may be the words asked (`near_words`). Persons who bear such words, by groups of words
together, because one common word alone would bring a tenth of a country (`probes`). And the evidence of each, with father,
year and the rarity of names (`panoh.identity.likeness`).

The words of the register stand in the process (`queries.vocabulary`), and what was judged about them is kept.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from panoh.identity.lexicon import Lexicon
from panoh.identity.likeness import FATHER_IN_THE_NAME, PAIRED, Asked, Known, possible, weigh, years_speak
from panoh.kernel.names import script_of
from panoh.registry.nameindex import FATHER
from panoh.registry.queries.vocabulary import Near, Vocabulary, current_vocabulary, near_words

MOST_WORDS_ASKED = 8
MOST_OF_ONE_PROBE = 800  # persons that a pair of groups may bring before a third group is added
MOST_PROBES = 12
MOST_WORK = 2500  # of one probe beyond the first, in persons looked at
POSTINGS_PER_PERSON = 150  # so many postings are passed over in the time in which one person is fetched and weighed
ENTRY = 2  # what looking up one word in the index costs, against one person
MOST_NAMED = 200
YEARS_ALIVE = 45  # over which births are spread, for guessing how many a span of years brings
YEARS_OFF = 2
SURE = 0.5  # where even three groups are common, only words that are this sure to be the name are asked for
JOINED = 2.0  # log odds from which two words asked are taken for one word of the register
MOST_READINGS = 3
OTHER_READING = -1.0


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


# -- the question to the index ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for, as terms of the index: any of them will do, each with its weight in nats."""

    terms: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    expected: float  # persons who bear any of them


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what the index is asked in its place."""

    asked: Asked
    near: tuple[Near, ...]  # of the words, then of the father's
    slots: tuple[Slot, ...]
    probes: list[list[list[int]]]
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

    @property
    def parameters(self) -> dict[str, Any]:
        """The arguments of `registry_find_named`, also as one question of `registry_candidates`."""
        return {
            "probes": self.probes,
            "ids": [int(term) for slot in self.slots for term in slot.terms],
            "slots": [place for place, slot in enumerate(self.slots) for _term in slot.terms],
            "weights": [round(float(weight), 3) for slot in self.slots for weight in slot.weights],
        }


def ask_about(people: Sequence[Asked]) -> tuple[list[Question], int]:
    """The questions to the index about several people, with one look for all their words; and how many are registered."""
    vocabulary = current_vocabulary()
    near = near_words([word for asked in people for word in (*asked.words, *asked.father)], vocabulary)
    return [_question(asked, near, vocabulary) for asked in people], vocabulary.persons


def ask_every_way(asked: Asked) -> tuple[Question, int]:
    """What one text asks: also with two words read as one or one as two, where the register knows them so."""
    vocabulary = current_vocabulary()
    joined = vocabulary.lexicon.joined(asked.words)
    halved = vocabulary.lexicon.halved(asked.words, vocabulary.persons)
    every = [word for words in (asked.words, asked.father, *joined, *halved) for word in words]
    near = near_words(every, vocabulary)
    known = [words for words in joined if any(near[word].surest > JOINED for word in words if word not in asked.words)]
    question, *others = [
        replace(_question(replace(asked, words=words), near, vocabulary), by_script=False)
        for words in (asked.words, *[*known, *halved][:MOST_READINGS])
    ]
    return replace(question, other_readings=tuple(others)), vocabulary.persons


def _question(asked: Asked, of_words: Mapping[str, Near], vocabulary: Vocabulary) -> Question:
    near, persons = tuple(of_words[word] for word in (*asked.words, *asked.father)), vocabulary.persons
    names = [_slot(one, fathers=False) for one in near[: len(asked.words)]]
    slots = [*names, *(_slot(one, fathers=True) for one in near[len(asked.words) :])]
    if asked.years:
        years = np.arange(asked.years[0] - YEARS_OFF, asked.years[1] + YEARS_OFF + 1)
        speak = np.array([years_speak(asked.years, (year, year)) for year in years.tolist()])
        slots.append(Slot(-years, speak, max(persons, 1) * min(len(years) / YEARS_ALIVE, 1)))
    slots = [slot for slot in slots if len(slot.terms)]
    probes = _probes(slots, len([slot for slot in names if len(slot.terms)]), persons)
    return Question(asked, near, tuple(slots), probes, vocabulary.lexicon)


def _slot(near: Near, *, fathers: bool) -> Slot:
    rarity = -np.log(near.common)
    weights = np.log(near.same) + rarity + PAIRED
    if fathers:
        return Slot(near.ids + FATHER, weights, float(near.bearers.sum()))
    # A word of the name may stand in the register as the father's: Ahmad Karim for Ahmad, son of Karim.
    sure = near.same >= SURE
    return Slot(
        np.concatenate([near.ids, near.ids[sure] + FATHER]),
        np.concatenate([weights, weights[sure] - FATHER_IN_THE_NAME]),
        float(near.bearers.sum()) + float(near.bearers[sure].sum()) / 2,
    )


def _probes(slots: list[Slot], names: int, persons: int) -> list[list[list[int]]]:
    """Which groups are asked for together: the cheapest that find a person of whom any one or two things are told wrongly.

    A probe is one rare group, two groups, or three where two are common; it finds who bears a word of each. The cheapest
    come first, and each that follows must reach somebody whom those before it miss.
    """
    everyone = max(persons, 1)
    rated: list[tuple[float, float, tuple[int, ...]]] = []
    largest = min(len(slots), 3)
    for places in chain.from_iterable(combinations(range(len(slots)), size) for size in range(1, largest + 1)):
        if places[0] >= names:
            continue  # a father and a year alone are no name
        sizes = sorted(slots[place].expected for place in places)
        found = everyone * math.prod(size / everyone for size in sizes)
        work = found + sum(sizes) / POSTINGS_PER_PERSON + ENTRY * sum(len(slots[place].terms) for place in places)
        rated.append((work, found, places))
    rated.sort()
    missing = [set(gone) for size in (0, 1, 2) for gone in combinations(range(len(slots)), size)]
    chosen = []
    for work, found, places in rated:
        reached = [gone for gone in missing if not gone & set(places)]
        if reached and found <= MOST_OF_ONE_PROBE and (work <= MOST_WORK or not chosen):
            missing = [gone for gone in missing if gone & set(places)]
            chosen.append([_terms(slots[place], tight=False) for place in places])
    if not chosen and rated:
        # Common names alone: thousands bear them all, so the closest spellings are enough.
        _found, places = min((found, places) for _work, found, places in rated)
        chosen.append([_terms(slots[place], tight=True) for place in places])
    return chosen[:MOST_PROBES]


def _terms(slot: Slot, *, tight: bool) -> list[int]:
    if tight:
        best = slot.weights.max()
        return [int(term) for term in slot.terms[slot.weights >= best + np.log(SURE)]]
    return [int(term) for term in slot.terms]


def find_likely(question: Question, persons: int, most: int = MOST_NAMED) -> Found:
    """Persons whose files the caller sees, the strongest evidence first; each by the reading that fits best."""
    found: dict[UUID, Likely] = {}
    cut_short = False
    for reading in (question, *question.other_readings):
        less = 0.0 if reading is question else OTHER_READING
        people, more = _named(reading, most)
        cut_short = cut_short or more
        for one in people:
            known = found.get(one.person_id)
            if known is None or one.evidence + less > known.evidence:
                found[one.person_id] = replace(one, evidence=one.evidence + less)
    return Found(sorted(found.values(), key=lambda one: (-one.evidence, one.number)), persons, cut_short)


def _named(question: Question, most: int) -> tuple[list[Likely], bool]:
    """(who bears such words, whether more than these were found)"""
    if not question.probes:
        return [], False
    given = question.parameters
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, number, sex, terms, found"
            " FROM registry_find_named(%s::jsonb, %s::int[], %s::int[], %s::real[], %s)",
            [json.dumps(given["probes"]), given["ids"], given["slots"], given["weights"], most],
        )
        rows = cursor.fetchall()
    evidence = weigh_terms(question, [(terms, sex) for _id, _number, sex, terms, _found in rows])
    people = [
        Likely(person_id, number, float(nats), _fits(question.asked, terms, sex))
        for (person_id, number, sex, terms, _found), nats in zip(rows, evidence, strict=True)
    ]
    return people, bool(rows) and rows[0][4] > most


def _fits(asked: Asked, terms: list[int], sex: str) -> bool:
    if "U" not in (asked.sex, sex) and asked.sex != sex:
        return False
    years = [-term for term in terms if term < 0] if asked.years else None
    return not years or (min(years) - YEARS_OFF <= asked.years[1] and asked.years[0] <= max(years) + YEARS_OFF)  # type: ignore[index]


def weigh_terms(question: Question, records: Sequence[tuple[list[int], str]]) -> npt.NDArray[np.float64]:
    """The evidence of records given by their terms and sex: of the forms in each script the one that fits best."""
    script_of_number = question.lexicon.script_of_number
    columns: dict[int, int] = {}
    known, whose = [], []
    for place, (terms, sex) in enumerate(records):
        own = [term for term in terms if 0 < term < FATHER]
        fathers = [term - FATHER for term in terms if term >= FATHER]
        spoken = [-term for term in terms if term < 0]
        years = (min(spoken), max(spoken)) if spoken else None
        scripts = {script_of_number(number) for number in own}
        for script in scripts:
            form = [number for number in own if script_of_number(number) == script] if len(scripts) > 1 else own
            theirs = [number for number in fathers if script_of_number(number) == script] or fathers
            form_columns = [columns.setdefault(number, len(columns)) for number in form]
            fathers_columns = [columns.setdefault(number, len(columns)) for number in theirs]
            known.append(Known(form_columns, fathers_columns, years, sex))
            whose.append(place)
    same = np.zeros((len(question.near), max(len(columns), 1)))
    for row, near in enumerate(question.near):
        for number, agrees in zip(near.ids.tolist(), near.same.tolist(), strict=True):
            column = columns.get(number)
            if column is not None:
                same[row, column] = agrees
    return _best(question, same, known, whose, len(records))


def _best(
    question: Question, same: npt.NDArray[np.float64], known: Sequence[Known], whose: Sequence[int], records: int
) -> npt.NDArray[np.float64]:
    """The evidence of each record, by whichever form of either name fits best."""
    best = np.full(records, -np.inf)
    if known:
        common = np.array([near.common for near in question.near])
        for asked, rows in question.forms:
            np.maximum.at(best, whose, weigh(asked, same[rows], common[rows], known))
    return best
