"""Invented people for linkage: names of a few syllables, one in three registered twice."""

from __future__ import annotations

from random import Random

from panoh.identity.linkage.people import People, Record, arranged
from panoh.identity.words import words_of

SYLLABLES = ("gul", "zar", "bah", "rom", "mir", "far", "nos", "tim", "shod", "kam", "dil", "pan", "sor", "hed", "yor")


def made_people(number: int) -> People:
    """Some without a year of birth, some with a span of years; the second record has the words in another order."""
    chance = Random(7)
    names = ["".join(chance.choices(SYLLABLES, k=chance.choice((2, 3)))) for _ in range(150)]
    records = []
    for place in range(number):
        given, family, father = chance.choices(names, k=3)
        year = chance.randrange(1950, 2020)
        years = None if chance.random() < 0.1 else (year, year + chance.choice((0, 0, 0, 2)))
        day = chance.randrange(2, 366) if years and years[0] == years[1] and chance.random() < 0.5 else 0
        for copy in range(2 if place % 3 == 0 else 1):
            words = words_of(f"{family} {given}" if copy else f"{given} {family}")
            records.append(Record(f"{place}-{copy}", words, words_of(father), years, "U", day))
    chance.shuffle(records)
    return arranged(records)
