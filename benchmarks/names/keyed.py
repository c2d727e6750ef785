"""Peers that look names up by keys: metaphone on romanised names, and the keys of rigour with the matcher of nomenklatura.

In memory, without a database, so their times are a lower limit of what such an engine takes behind PostgreSQL. Each key
counts by its rarity; the 200 records with the most are then compared one by one.
"""

from __future__ import annotations

import csv
import math
import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import numpy
from doublemetaphone import doublemetaphone
from rapidfuzz.fuzz import token_sort_ratio

from names.engines import MOST_FOUND, weighed
from names.romanisers import Romaniser, icu_romanised

CANDIDATES = 200
YEAR_COUNTS = 2.0  # as much as a key that one record in a hundred has
FATHER_COUNTS = 0.7
Keys = Callable[[str], Iterable[str]]
Likeness = Callable[[str, str], float]


class KeyedEngine:
    def __init__(self, title: str, keys: Keys, likeness: Likeness, prepare: Romaniser) -> None:
        self.title = title
        self._keys, self._likeness, self._prepare = keys, likeness, prepare

    def load(self, register: Path) -> None:
        self._ids: list[str] = []
        self._names: list[str] = []
        self._fathers: list[str] = []
        years = array("i")
        names: dict[str, array[int]] = defaultdict(lambda: array("i"))
        fathers: dict[str, array[int]] = defaultdict(lambda: array("i"))
        with open(register, newline="") as file:
            for place, row in enumerate(csv.DictReader(file)):
                self._ids.append(row["id"])
                self._names.append(self._prepare(row["full_name"]))
                self._fathers.append(icu_father(row["father_name"], self._prepare))
                years.append(int(row["birth_year"] or 0))
                for key in set(self._keys(self._names[-1])):
                    names[key].append(place)
                for key in set(self._keys(self._fathers[-1])):
                    fathers[key].append(place)
        self._years = numpy.array(years, dtype=numpy.int32)
        self._places = {key: numpy.array(found, dtype=numpy.int32) for key, found in names.items()}
        self._father_places = {key: numpy.array(found, dtype=numpy.int32) for key, found in fathers.items()}
        self._there = numpy.ones(len(self._ids), dtype=numpy.float32)

    def search(self, name: str, father: str, year: int | None) -> Sequence[str]:
        return [self._ids[place] for _, place in self._ranked(name, father, year)[:MOST_FOUND]]

    def alarm(self, name: str, father: str, year: int | None) -> float:
        ranked = self._ranked(name, father, year)
        return ranked[0][0] if ranked else 0.0

    def forget(self, ids: Iterable[str]) -> None:
        gone = set(ids)
        for place, number in enumerate(self._ids):
            if number in gone:
                self._there[place] = 0

    def index_bytes(self) -> int:
        return sum(found.nbytes for index in (self._places, self._father_places) for found in index.values())

    def cpu(self) -> float:
        return time.process_time()

    def close(self) -> None:
        self._ids = self._names = self._fathers = []
        self._places = self._father_places = {}

    def _ranked(self, name: str, father: str, year: int | None) -> list[tuple[float, int]]:
        asked, asked_father = self._prepare(name), icu_father(father, self._prepare)
        score = numpy.zeros(len(self._ids), dtype=numpy.float32)
        self._add(score, self._places, self._keys(asked), 1.0)
        self._add(score, self._father_places, self._keys(asked_father), FATHER_COUNTS)
        if year is not None:
            score[numpy.abs(self._years - year) <= 2] += YEAR_COUNTS
        score *= self._there
        ranked = []
        for place in best_places(score, CANDIDATES):
            known_father, known_year = self._fathers[place], int(self._years[place])
            likeness = weighed(
                self._likeness(asked, self._names[place]),
                token_sort_ratio(asked_father, known_father) / 100 if asked_father and known_father else None,
                abs(year - known_year) if year is not None and known_year else None,
            )
            ranked.append((likeness, place))
        ranked.sort(key=lambda found: (-found[0], found[1]))
        return ranked

    def _add(self, score: numpy.ndarray, index: dict[str, numpy.ndarray], keys: Iterable[str], times: float) -> None:
        for key in set(keys):
            found = index.get(key)
            if found is not None:
                score[found] += times * math.log(len(score) / len(found) + 1)


def best_places(score: numpy.ndarray, most: int) -> list[int]:
    """Where the highest scores are; those near the top are looked at first, which spares sorting a million."""
    near = numpy.flatnonzero(score > score.max() / 2)
    if len(near) < most:
        near = numpy.flatnonzero(score > 0)
    if len(near) > most:
        near = near[numpy.argpartition(score[near], -most)[-most:]]
    return near.tolist()


def icu_father(father: str, prepare: Romaniser) -> str:
    return prepare(father) or icu_romanised(father) if father else ""


@lru_cache(maxsize=500_000)
def _codes_of_word(word: str) -> tuple[str, ...]:
    return tuple(code for code in dict.fromkeys(doublemetaphone(word)) if code)


def metaphone_keys(romanised: str) -> set[str]:
    return {code for word in romanised.split() for code in _codes_of_word(word)}


def metaphone_likeness(asked: str, known: str) -> float:
    """Half what sounds alike, half what is spelled alike."""
    ours, theirs = metaphone_keys(asked), metaphone_keys(known)
    sound = len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0
    return (sound + token_sort_ratio(asked, known) / 100) / 2


def metaphone_engine(title: str, romaniser: Romaniser) -> KeyedEngine:
    return KeyedEngine(title, metaphone_keys, metaphone_likeness, romaniser)
