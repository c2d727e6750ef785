"""A register as arrays of numbers: each person the words of the name, of the father's name, span of years of birth,
day, sex and place of origin.

Persons stand in the order of their birth, those of unknown year last, so that all who are born within a few years of
somebody, and all who are born on one day, are one stretch of every list.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]

MOST_WORDS = 8  # of a name that are weighed; the father's likewise
UNKNOWN_YEAR = 9999
SEXES = {"F": 1, "M": 2}


class Record(NamedTuple):
    """One record as it is read: its id and what is compared."""

    id: str
    own: Sequence[str]
    father: Sequence[str] = ()
    years: tuple[int, int] | None = None
    sex: str = "U"
    # of the year, where the full date is told and is not the first of January, which stands for "some day"
    day: int = 0
    place: str = ""


@dataclass(frozen=True)
class People:
    """Records as arrays. Words of person k: `own[own_start[k] : own_start[k + 1]]`, numbers in `words`."""

    ids: list[str]
    words: list[str]
    own_start: npt.NDArray[np.int64]
    own: Numbers
    father_start: npt.NDArray[np.int64]
    father: Numbers
    first_year: Numbers
    last_year: Numbers
    sex: Numbers
    day: Numbers
    place: Numbers  # 0 where none is told

    def __len__(self) -> int:
        return len(self.ids)

    def bearers(self) -> npt.NDArray[np.int64]:
        """How many persons bear each word as a part of the own name."""
        return np.bincount(self.own, minlength=len(self.words))


def arranged(records: Iterable[Record]) -> People:
    """All that is kept of a record are numbers, so that a million of them are read without a million lists."""
    places: dict[str, int] = {}
    regions: dict[str, int] = {}
    ids: list[str] = []
    own, fathers, many, many_of_father, first, last, sex, days, regional = (array("i") for _ in range(9))
    for record in records:
        ids.append(record.id)
        for words, into, count in ((record.own, own, many), (record.father, fathers, many_of_father)):
            different = [places.setdefault(word, len(places)) for word in dict.fromkeys(words)][:MOST_WORDS]
            into.extend(different)
            count.append(len(different))
        years = record.years or (UNKNOWN_YEAR, UNKNOWN_YEAR)
        first.append(years[0])
        last.append(years[1])
        sex.append(SEXES.get(record.sex, 0))
        days.append(record.day)
        regional.append(regions.setdefault(record.place, len(regions) + 1) if record.place else 0)
    first_year, last_year, day = (np.array(numbers, np.int32) for numbers in (first, last, days))
    order = np.lexsort((day, last_year, first_year))
    return People(
        [ids[place] for place in order.tolist()],
        list(places),
        *_in_order(own, many, order),
        *_in_order(fathers, many_of_father, order),
        first_year[order],
        last_year[order],
        np.array(sex, np.int32)[order],
        day[order],
        np.array(regional, np.int32)[order],
    )


def _in_order(
    words: array[int], many: array[int], order: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Lists of words that stand one behind the other, in another order: (where each begins, all of them)."""
    before = np.array(many, np.int64)
    begins, lengths = (np.cumsum(before) - before)[order], before[order]
    start = np.zeros(len(order) + 1, np.int64)
    np.cumsum(lengths, out=start[1:])
    return start, np.array(words, np.int32)[np.repeat(begins - start[:-1], lengths) + np.arange(start[-1])]
