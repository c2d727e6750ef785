"""Who is likely meant: from the words of a question to persons with evidence, through the index of names.

Three steps. Words of the register that may be the words asked (`near_words`). Persons who bear such words, by groups of words
together, because one common word alone would bring a tenth of a country (`probes`). And the evidence of each, with father,
year and the rarity of names (`panoh.identity.likeness`).

What the words near to a word are is kept in the process: words are only ever added, so the next question asks for newer
ones alone. How many bear them may be ten minutes old.
"""

from __future__ import annotations

import json
import math
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from panoh.identity.likeness import FATHER_IN_THE_NAME, LEAST_SAME, RAREST, Asked, Known, weigh, years_speak
from panoh.identity.sameness import model
from panoh.registry.nameindex import FATHER, keys_of_word

LONGEST_KEPT_SECONDS = 600
MOST_KEPT = 20_000
LATE_WORDS = 256  # a word may become visible after one with a higher number: so far back is always asked again
MOST_NEAR = 80
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
NOT_COUNTED_YET = 1000  # words of an imagined register, so that the first names of an empty one do not weigh as common


@dataclass(frozen=True, slots=True)
class Near:
    """Words of the register that may be one word asked: numbers, probabilities, bearers, and the share of all words they are."""

    ids: npt.NDArray[np.int64]
    same: npt.NDArray[np.float64]
    bearers: npt.NDArray[np.int64]
    common: float
    newest: int
    asked_at: float


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


_kept: OrderedDict[str, Near] = OrderedDict()
_lock = Lock()


def near_words(words: Sequence[str]) -> tuple[dict[str, Near], int]:
    """What each word may be in this register, and how many persons the last count found."""
    wanted = list(dict.fromkeys(words))
    now = time.monotonic()
    with _lock:
        kept = {
            word: near for word in wanted if (near := _kept.get(word)) and now - near.asked_at < LONGEST_KEPT_SECONDS
        }
    asked = [
        {
            "place": place,
            "keys": keys_of_word(word),
            "newer_than": kept[word].newest - LATE_WORDS if word in kept else 0,
        }
        for place, word in enumerate(wanted)
    ]
    if not asked:
        return {}, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_near_words(%s::jsonb)", [json.dumps(asked)])
        answer = cursor.fetchall()
    rows = {row[0]: row[1:4] for row in answer}
    persons, total, newest = answer[0][4:] if answer else (0, 0, 0)
    if any(near.newest > newest for near in kept.values()):  # another database than before
        _forget()
        return near_words(words)
    found = {}
    for place, word in enumerate(wanted):
        before = kept.get(word)
        ids, texts, bearers = (part or [] for part in rows.get(place, ([], [], [])))
        if before is not None and not ids:
            found[word] = before
        else:
            found[word] = _judge(word, ids, texts, bearers, total, newest, before, now)
    with _lock:
        _kept.update(found)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found, persons


def _judge(
    word: str,
    ids: list[int],
    texts: list[str],
    bearers: list[int],
    total: int,
    newest: int,
    before: Near | None,
    now: float,
) -> Near:
    same = model().sameness(word, texts) if texts else np.zeros(0)
    chosen = np.flatnonzero(same > LEAST_SAME)
    number, chance, borne = np.array(ids, np.int64)[chosen], same[chosen], np.array(bearers, np.int64)[chosen]
    if before is not None:
        fresh = ~np.isin(before.ids, number)
        number = np.concatenate([number, before.ids[fresh]])
        chance = np.concatenate([chance, before.same[fresh]])
        borne = np.concatenate([borne, before.bearers[fresh]])
    order = np.argsort(-chance * np.log(borne + 3), kind="stable")[:MOST_NEAR]
    number, chance, borne = number[order], chance[order], borne[order]
    common = float((chance * np.maximum(borne, 1)).sum() / (total + NOT_COUNTED_YET))
    return Near(number, chance, borne, max(common, RAREST), newest, before.asked_at if before else now)


def _forget() -> None:
    with _lock:
        _kept.clear()


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
    near, persons = near_words([word for asked in people for word in (*asked.words, *asked.father)])
    return [
        _question(asked, tuple(near[word] for word in (*asked.words, *asked.father)), persons) for asked in people
    ], persons


def _question(asked: Asked, near: tuple[Near, ...], persons: int) -> Question:
    names = [_slot(one, fathers=False) for one in near[: len(asked.words)]]
    slots = [*names, *(_slot(one, fathers=True) for one in near[len(asked.words) :])]
    if asked.years:
        years = np.arange(asked.years[0] - YEARS_OFF, asked.years[1] + YEARS_OFF + 1)
        speak = np.array([years_speak(asked.years, (year, year)) for year in years.tolist()])
        slots.append(Slot(-years, speak, max(persons, 1) * min(len(years) / YEARS_ALIVE, 1)))
    slots = [slot for slot in slots if len(slot.terms)]
    return Question(asked, near, tuple(slots), _probes(slots, len([s for s in names if len(s.terms)]), persons))


def _slot(near: Near, *, fathers: bool) -> Slot:
    rarity = -np.log(near.common)
    weights = np.log(near.same) + rarity
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
    """Persons whose files the caller sees, the strongest evidence first."""
    if not question.probes:
        return Found([], persons, False)
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
    people.sort(key=lambda one: (-one.evidence, one.number))
    return Found(people, persons, bool(rows) and rows[0][4] > most)


def _fits(asked: Asked, terms: list[int], sex: str) -> bool:
    if "U" not in (asked.sex, sex) and asked.sex != sex:
        return False
    years = [-term for term in terms if term < 0] if asked.years else None
    return not years or (min(years) - YEARS_OFF <= asked.years[1] and asked.years[0] <= max(years) + YEARS_OFF)  # type: ignore[index]


def weigh_terms(question: Question, records: Sequence[tuple[list[int], str]]) -> npt.NDArray[np.float64]:
    """The evidence of records given by their terms and sex."""
    if not records:
        return np.zeros(0)
    columns: dict[int, int] = {}
    known = []
    for terms, sex in records:
        own = [columns.setdefault(term, len(columns)) for term in terms if 0 < term < FATHER]
        fathers = [columns.setdefault(term - FATHER, len(columns)) for term in terms if term >= FATHER]
        years = [-term for term in terms if term < 0]
        known.append(Known(own, fathers, (min(years), max(years)) if years else None, sex))
    same = np.zeros((len(question.near), max(len(columns), 1)))
    for row, near in enumerate(question.near):
        for number, chance in zip(near.ids.tolist(), near.same.tolist(), strict=True):
            column = columns.get(number)
            if column is not None:
                same[row, column] = chance
    return weigh(question.asked, same, np.array([near.common for near in question.near]), known)


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose words are at hand: of each form of the name its own words and the fathers'; years of birth, sex."""

    forms: list[tuple[Sequence[str], Sequence[str]]]
    years: tuple[int, int] | None
    sex: str


def best_evidence(question: Question, records: Sequence[Record]) -> list[float]:
    """The evidence of each record: of its forms the one that fits best."""
    columns: dict[str, int] = {}
    known, whose = [], []
    for place, record in enumerate(records):
        for own, fathers in record.forms:
            own_columns = [columns.setdefault(word, len(columns)) for word in own]
            fathers_columns = [columns.setdefault(word, len(columns)) for word in fathers]
            known.append(Known(own_columns, fathers_columns, record.years, record.sex))
            whose.append(place)
    best = np.full(len(records), -np.inf)
    if known:
        words, asked = list(columns), (*question.asked.words, *question.asked.father)
        same = np.array([model().sameness(word, words) for word in asked]) if asked else np.zeros((0, len(words)))
        common = np.array([near.common for near in question.near])
        np.maximum.at(best, whose, weigh(question.asked, same, common, known))
    return best.tolist()
