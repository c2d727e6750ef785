"""A register of any size from the given one: its persons stay, the others are recombined from their parts.

A name is cut in two (a compound such as Abdul Rahman or Nurullah stays whole) and a first part is joined to a second of
the same country, script and pattern, so that parts keep their frequencies and nobody becomes Rustamovich in Arabic.
Father's name, birth date and sex with province come from three further persons of that country and script.

A register ten times larger has more than the same names: the given one shows how the number of distinct parts grows. So
one in five of the new family names is made the way people of the country make them, from a father's or forefather's name
with a family ending (Karim: Karimi, Karimzada, Каримов). Everything follows from the seed.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

SEED = 20260127
DERIVED_FAMILY_NAMES = 0.2
COLUMNS = ("id", "full_name", "script", "father_name", "sex", "birth_date", "birth_year", "country", "province")
FIRST_HALVES = frozenset(
    [
        "عبد",
        "ابو",
        "abdul",
        "abdel",
        "abdal",
        "abd",
        "abu",
        "abdur",
        "абду",
        "абдул",
        "al",
        "el",
        "ال",
        "bin",
        "بن",
        "ibn",
    ]
)
LAST_HALVES = frozenset(
    ["الله", "اله", "الدین", "الدين", "الرحمن", "ullah", "allah", "uddin", "al-din", "улло", "уллоҳ", "уддин"]
)
FAMILY_FIRST = ("ов", "ова", "ев", "ева", "зода", "заде", "ӣ", "иён", "ov", "ova", "ev", "eva", "zoda", "zade", "iyon")
ENDINGS = {
    ("AF", "Arab"): ("ی", "زاده", "زی", "یار"),
    ("AF", "Latn"): ("i", "zada", "zai", "yar"),
    ("IR", "Arab"): ("ی", "زاده", "پور", "نژاد", "یان"),
    ("IR", "Latn"): ("i", "zadeh", "pour", "nejad", "ian"),
    ("IQ", "Arab"): ("ي", "اوي"),
    ("IQ", "Latn"): ("i", "awi"),
    ("TJ", "Arab"): ("زاده", "ی"),
    ("TJ", "Latn"): ("ov", "ova", "zoda", "iyon"),
    ("TJ", "Cyrl"): ("ов", "ова", "зода", "иён", "ӣ"),
}
VOWELS = "aeiouаеиоуяюёӣӯ"


class Person(NamedTuple):
    id: str
    full_name: str
    script: str
    father_name: str
    sex: str
    birth_date: str
    birth_year: str
    country: str
    province: str


def read_register(path: Path) -> list[Person]:
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else open(path, newline="") as file:
        return [Person(**row) for row in csv.DictReader(file)]


def write_register(path: Path, persons: Iterator[Person] | list[Person]) -> None:
    """Whole or not at all: a run that was broken off leaves nothing that the next one would take for its register."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with open(unfinished, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(persons)
    unfinished.replace(path)


def cut_name(name: str) -> tuple[str, str]:
    """The first part of a name, compounds kept whole, and the rest."""
    words = name.split()
    end = 1
    while end < len(words) - 1 and (words[end - 1].lower() in FIRST_HALVES or words[end].lower() in LAST_HALVES):
        end += 1
    return " ".join(words[:end]), " ".join(words[end:])


class Recombination:
    """Makes new persons out of those given, without end."""

    def __init__(self, given: list[Person], seed: int = SEED) -> None:
        self.given = given
        self.chance = Random(seed)
        self.names = [cut_name(person.full_name) for person in given]
        self.patterns: dict[tuple[str, str, bool, int], list[int]] = defaultdict(list)
        self.peers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, person in enumerate(given):
            self.patterns[self._pattern(place)].append(place)
            self.peers[person.country, person.script].append(place)

    def persons(self, first_id: int) -> Iterator[Person]:
        number = first_id
        while True:
            yield self._person(str(number))
            number += 1

    def _person(self, number: str) -> Person:
        first = int(self.chance.random() * len(self.given))
        model = self.given[first]
        alike = self.peers[model.country, model.script]
        name = self._name(first, alike)
        father, born = self.given[self._one_of(alike)], self.given[self._one_of(alike)]
        return Person(
            number,
            name,
            model.script,
            father.father_name,
            model.sex,
            born.birth_date,
            born.birth_year,
            model.country,
            self.given[self._one_of(alike)].province,
        )

    def _name(self, first: int, alike: list[int]) -> str:
        pattern = self._pattern(first)
        head = self.names[first][0]
        tail = self.names[self._one_of(self.patterns[pattern])][1]
        if self.chance.random() < DERIVED_FAMILY_NAMES:
            family_first, words = pattern[2], pattern[3]
            derived = self._derived(self.names[self._one_of(alike)][0], *pattern[:2])
            if derived and family_first:
                head = derived
            elif derived and words == 1:
                tail = derived
        return f"{head} {tail}"

    def _derived(self, base: str, country: str, script: str) -> str:
        ending = self.chance.choice(ENDINGS[country, script])
        if len(base) < 4 or " " in base or base.lower().endswith(FAMILY_FIRST):
            return ""
        stem = base[:-1] if script != "Arab" and base[-1].lower() in VOWELS else base
        return stem + ending

    def _pattern(self, place: int) -> tuple[str, str, bool, int]:
        person, (head, tail) = self.given[place], self.names[place]
        return person.country, person.script, head.lower().endswith(FAMILY_FIRST), min(3, len(tail.split()))

    def _one_of(self, places: list[int]) -> int:
        return places[int(self.chance.random() * len(places))]


def made_register(given: list[Person], size: int, seed: int = SEED) -> Iterator[Person]:
    """Those given, then as many more as the size asks for, with ids above all given ones."""
    yield from given
    more = Recombination(given, seed).persons(max(int(person.id) for person in given) + 1)
    for _ in range(size - len(given)):
        yield next(more)
