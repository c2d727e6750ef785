"""rapidfuzz over every record: no index can lose anybody here, so this is what spelling alone can find after ICU."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist

from names.engines import MOST_FOUND, weighed
from names.romanisers import icu_romanised

CANDIDATES = 200


class BruteForceEngine:
    title = "rapidfuzz over everything, on ICU"

    def load(self, register: Path) -> None:
        self._ids: list[str] = []
        self._names: list[str] = []
        self._fathers: list[str] = []
        self._years: list[int] = []
        with open(register, newline="") as file:
            for row in csv.DictReader(file):
                self._ids.append(row["id"])
                self._names.append(icu_romanised(row["full_name"]))
                self._fathers.append(icu_romanised(row["father_name"]))
                self._years.append(int(row["birth_year"] or 0))
        self._gone: list[int] = []

    def search(self, name: str, father: str, year: int | None) -> Sequence[str]:
        return [self._ids[place] for _, place in self._ranked(name, father, year)[:MOST_FOUND]]

    def alarm(self, name: str, father: str, year: int | None) -> float:
        return self._ranked(name, father, year)[0][0]

    def forget(self, ids: Iterable[str]) -> None:
        gone = set(ids)
        self._gone = [place for place, number in enumerate(self._ids) if number in gone]

    def index_bytes(self) -> int:
        return 0

    def cpu(self) -> float:
        return time.process_time()

    def close(self) -> None:
        self._ids = self._names = self._fathers = []

    def _ranked(self, name: str, father: str, year: int | None) -> list[tuple[float, int]]:
        asked, asked_father = icu_romanised(name), icu_romanised(father)
        likeness = cdist([asked], self._names, scorer=token_sort_ratio, dtype=numpy.uint8)[0]
        likeness[self._gone] = 0
        most = min(CANDIDATES, len(likeness) - 1)
        ranked = []
        for place in numpy.argpartition(likeness, -most)[-most:].tolist():
            known_father, known_year = self._fathers[place], self._years[place]
            score = weighed(
                token_sort_ratio(asked, self._names[place]) / 100,
                token_sort_ratio(asked_father, known_father) / 100 if asked_father and known_father else None,
                abs(year - known_year) if year is not None and known_year else None,
            )
            ranked.append((score, place))
        ranked.sort(key=lambda found: (-found[0], found[1]))
        return ranked
