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
from dataclasses import dataclass, field, replace
from itertools import chain, combinations
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from panoh.identity.lexicon import Lexicon
from panoh.identity.likeness import FATHER_IN_THE_NAME, PAIRED, Asked, Known, chances, possible, weigh, years_speak
from panoh.kernel.names import script_of
from panoh.registry.nameindex import FATHER
from panoh.registry.queries.vocabulary import Near, Vocabulary, current_vocabulary, near_words

MOST_WORDS_ASKED = 8
MOST_OF_ONE_PROBE = 800  # persons that a pair of groups may bring before a third group is added
MOST_PROBES = 12
WRONG_IN_A_SEARCH = 2  # words or years that may be quite other ones than the person's
# At entry a family is asked about with full names, fathers and years, and within a second: a second thing told quite wrongly
# finds nobody more (benchmarks/alarms_at_entry.py) and costs as much again as everything else the database does.
WRONG_AT_ENTRY = 1
MOST_WORK = 2500  # of one probe beyond the first
TIGHT_WORK = 900  # of one that asks for the closest spellings alone, where all would take too long
FIRST_WORK = 400  # of one probe among those that are asked first; the others only where these left a doubt
SURE_OF_ONE = 0.9  # the probability of the likeliest person from which nobody else is looked for
# What a probe costs (`_work`), against one person found and weighed: 4 µs. Fitted on 800 probes of a register of a million.
PROBE, ENTRY = 35.0, 1.3  # asking at all; one word looked up
STEPS_OF_OTHERS, STEPS_OF_RAREST = 1 / 500, 1 / 1200  # for each bearer of the rarest group each word is moved on
POSTINGS, MOST_MOVES = 1 / 130, 30  # of the next group: passed over one by one, or in so many moves for each bearer
MOST_NAMED = 80
YEARS_ALIVE = 45  # over which births are spread, for guessing how many a span of years brings
YEARS_OFF = 2
SURE = 0.5  # where even three groups are common, only words that are this sure to be the name are asked for
JOINED = -2.0  # log odds from which two words asked are taken for one word of the register as well
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
    """One word or year asked for, as terms of the index: any of them will do, each with its weight in nats.

    `told`: the thing it is part of, right or wrong as a whole. A father who is another one is so in all words of his name.
    """

    terms: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]
    bearers: npt.NDArray[np.float64]  # of each term
    told: int
    expected: float = field(init=False)  # persons who bear any of them

    def __post_init__(self) -> None:
        object.__setattr__(self, "expected", float(self.bearers.sum()))

    def closest(self) -> Slot:
        """Its surest spellings alone."""
        kept = self.weights >= self.weights.max() + np.log(SURE)
        return Slot(self.terms[kept], self.weights[kept], self.bearers[kept], self.told)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what the index is asked in its place."""

    asked: Asked
    near: tuple[Near, ...]  # of the words, then of the father's
    slots: tuple[Slot, ...]
    probes: list[list[list[int]]]
    first: int  # so many of the probes are cheap
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
    return [_question(asked, near, vocabulary, WRONG_AT_ENTRY) for asked in people], vocabulary.persons


def ask_every_way(asked: Asked) -> tuple[Question, int]:
    """What one text asks: also with two words read as one or one as two, where the register knows them so."""
    vocabulary = current_vocabulary()
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
    names = [_slot(one, place, fathers=False) for place, one in enumerate(near[:own])]
    slots = [*names, *(_slot(one, own, fathers=True) for one in near[own:])]
    if asked.years:
        years = np.arange(asked.years[0] - YEARS_OFF, asked.years[1] + YEARS_OFF + 1)
        speak = np.array([years_speak(asked.years, (year, year)) for year in years.tolist()])
        born = np.full(len(years), max(persons, 1) * min(len(years) / YEARS_ALIVE, 1) / len(years))
        slots.append(Slot(-years, speak, born, own + 1))
    slots = [slot for slot in slots if len(slot.terms)]
    probes, first = _probes(slots, len([slot for slot in names if len(slot.terms)]), persons, wrong)
    return Question(asked, near, tuple(slots), probes, first, vocabulary.lexicon)


def _slot(near: Near, told: int, *, fathers: bool) -> Slot:
    rarity = -np.log(near.common)
    weights = np.log(near.same) + rarity + PAIRED
    bearers = near.bearers.astype(float)
    if fathers:
        return Slot(near.ids + FATHER, weights, bearers, told)
    # A word of the name may stand in the register as the father's: Ahmad Karim for Ahmad, son of Karim.
    sure = near.same >= SURE
    return Slot(
        np.concatenate([near.ids, near.ids[sure] + FATHER]),
        np.concatenate([weights, weights[sure] - FATHER_IN_THE_NAME]),
        np.concatenate([bearers, bearers[sure] / 2]),
        told,
    )


def _probes(slots: list[Slot], names: int, persons: int, wrong: int) -> tuple[list[list[list[int]]], int]:
    """Which groups are asked for together, and how many of the probes are cheap: those come first.

    A probe is one rare group, two groups, or three where two are common; it finds who bears a word of each. Chosen are the
    cheapest that find a person of whom any `wrong` things are told wrongly: each must reach somebody whom those before it
    miss. Where all spellings of common words would cost too much, the closest are asked for.
    """
    everyone = max(persons, 1)
    rated: list[tuple[float, float, tuple[int, ...], bool]] = []
    closest = [slot.closest() for slot in slots]
    largest = min(len(slots), 3)
    for places in chain.from_iterable(combinations(range(len(slots)), size) for size in range(1, largest + 1)):
        if places[0] >= names:
            continue  # a father and a year alone are no name
        for tight, of in ((False, slots), (True, closest)):
            chosen_slots = [of[place] for place in places]
            found = everyone * math.prod(slot.expected / everyone for slot in chosen_slots)
            work = _work(chosen_slots, found)
            rated.append((work, found, places, tight))
            if work <= MOST_WORK and found <= MOST_OF_ONE_PROBE:
                break  # all spellings can be asked for
    rated.sort(key=lambda one: (one[3], one[0]))
    missing = [
        set(gone) for size in range(wrong + 1) for gone in combinations(sorted({slot.told for slot in slots}), size)
    ]
    chosen: list[tuple[float, list[list[int]]]] = []
    for work, found, places, tight in rated:
        told = {slots[place].told for place in places}
        reached = [gone for gone in missing if not gone & told]
        most = TIGHT_WORK if tight else MOST_WORK
        if reached and found <= MOST_OF_ONE_PROBE and (work <= most or not chosen):
            missing = [gone for gone in missing if gone & told]
            chosen.append((work, [_terms((closest if tight else slots)[place]) for place in places]))
    if not chosen and rated:
        # Common names alone: thousands bear them all, so the closest spellings are enough.
        _found, places = min((found, places) for _work, found, places, _tight in rated)
        chosen.append((0.0, [_terms(closest[place]) for place in places]))
    chosen.sort(key=lambda one: one[0])
    first = sum(work <= FIRST_WORK for work, _probe in chosen)
    return [probe for _work, probe in chosen[:MOST_PROBES]], min(max(first, 1), MOST_PROBES)


def _work(slots: Sequence[Slot], found: float) -> float:
    """What a probe costs: the index goes from bearer to bearer of its rarest group, and moves the words of the others on."""
    (rarest, own), *others = sorted((slot.expected, len(slot.terms)) for slot in slots)
    words = sum(words for _bearers, words in others)
    work = PROBE + found + ENTRY * (own + words)
    if others:
        work += rarest * (words * STEPS_OF_OTHERS + own * STEPS_OF_RAREST)
        work += min(others[0][0], MOST_MOVES * rarest) * POSTINGS
    return work


def _terms(slot: Slot) -> list[int]:
    return [int(term) for term in slot.terms]


def find_likely(question: Question, persons: int, most: int = MOST_NAMED) -> Found:
    """Persons whose files the caller sees, the strongest evidence first; each by the reading that fits best."""
    found: dict[UUID, Likely] = {}
    cut_short = False
    for reading in (question, *question.other_readings):
        less = 0.0 if reading is question else OTHER_READING
        people, more = _named(reading, persons, most)
        cut_short = cut_short or more
        for one in people:
            other = found.get(one.person_id)
            if other is None or one.evidence + less > other.evidence:
                found[one.person_id] = replace(one, evidence=one.evidence + less) if less else one
    return Found(sorted(found.values(), key=lambda one: (-one.evidence, one.number)), persons, cut_short)


def _named(question: Question, persons: int, most: int) -> tuple[list[Likely], bool]:
    """(who bears such words, whether more than these were found). Where the cheap probes find somebody beyond doubt, she is
    who was meant, and nobody is looked for who is like her in less."""
    probes, first = question.probes, question.first
    people, more = _ask_index(question, probes[:first], most)
    if first < len(probes) and not _beyond_doubt(people, question.possible, persons):
        further, more_of_these = _ask_index(question, probes[first:], most)
        known = {one.person_id for one in people}
        people, more = [*people, *(one for one in further if one.person_id not in known)], more or more_of_these
    return people, more


def _beyond_doubt(people: Sequence[Likely], possible: float, persons: int) -> bool:
    return bool(people) and float(chances([one.evidence for one in people], possible, persons).max()) > SURE_OF_ONE


def _ask_index(question: Question, probes: Sequence[Sequence[Sequence[int]]], most: int) -> tuple[list[Likely], bool]:
    if not probes:
        return [], False
    given = question.parameters
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, number, sex, terms, found"
            " FROM registry_find_named(%s::jsonb, %s::int[], %s::int[], %s::real[], %s)",
            [json.dumps(probes), *(_array(given[name]) for name in ("ids", "slots", "weights")), most],
        )
        rows = cursor.fetchall()
    evidence = weigh_terms(question, [(terms, sex) for _id, _number, sex, terms, _found in rows])
    people = [
        Likely(person_id, number, float(nats), _fits(question.asked, terms, sex))
        for (person_id, number, sex, terms, _found), nats in zip(rows, evidence, strict=True)
    ]
    return people, bool(rows) and rows[0][4] > most


def _array(numbers: Sequence[float]) -> str:
    """Some hundred numbers as the database writes an array: the driver takes a millisecond to look at each."""
    return f"{{{','.join(map(str, numbers))}}}"


def _fits(asked: Asked, terms: list[int], sex: str) -> bool:
    if "U" not in (asked.sex, sex) and asked.sex != sex:
        return False
    years = [-term for term in terms if term < 0] if asked.years else None
    return not years or (min(years) - YEARS_OFF <= asked.years[1] and asked.years[0] <= max(years) + YEARS_OFF)  # type: ignore[index]


def weigh_terms(question: Question, records: Sequence[tuple[list[int], str]]) -> npt.NDArray[np.float64]:
    """The evidence of records given by their terms and sex: of the forms in each script the one that fits best."""
    script_of = question.lexicon.scripts.get
    columns: dict[int, int] = {}
    known, whose = [], []
    for place, (terms, sex) in enumerate(records):
        own = [term for term in terms if 0 < term < FATHER]
        fathers = [term - FATHER for term in terms if term >= FATHER]
        spoken = [-term for term in terms if term < 0]
        years = (min(spoken), max(spoken)) if spoken else None
        scripts = set(map(script_of, own))
        for script in scripts:
            form, theirs = own, fathers
            if len(scripts) > 1:
                form = [number for number in own if script_of(number) == script]
            if len(scripts) > 1 or len(fathers) > 1:
                theirs = [number for number in fathers if script_of(number) == script] or fathers
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
