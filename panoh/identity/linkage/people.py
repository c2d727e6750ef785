"""A register as arrays of numbers: each person the words of the name, of the father's name, span of years of birth,
day, sex and place of origin.

Persons stand in the order of their birth, those of unknown year last, so that all who are born within a few years of
somebody, and all who are born on one day, are one stretch of every list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]

MOST_WORDS = 8  # of a name that are weighed; the father's likewise
UNKNOWN_YEAR = 9999
SEXES = {"F": 1, "M": 2}


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is read: its id and what is compared."""

    id: str
    own: Sequence[str]
    father: Sequence[str] = ()
    years: tuple[int, int] | None = None
    sex: str = "U"
    day: int = (
        0  # of the year, where the full date is told and is not the first of January, which stands for "some day"
    )
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
    places: dict[str, int] = {}
    regions: dict[str, int] = {}
    ids, own, fathers, first, last, sex, days, regional = [], [], [], [], [], [], [], []
    for record in records:
        ids.append(record.id)
        own.append([places.setdefault(word, len(places)) for word in dict.fromkeys(record.own)][:MOST_WORDS])
        fathers.append([places.setdefault(word, len(places)) for word in dict.fromkeys(record.father)][:MOST_WORDS])
        years = record.years or (UNKNOWN_YEAR, UNKNOWN_YEAR)
        first.append(years[0])
        last.append(years[1])
        sex.append(SEXES.get(record.sex, 0))
        days.append(record.day)
        regional.append(regions.setdefault(record.place, len(regions) + 1) if record.place else 0)
    order = np.lexsort((np.array(days, np.int32), np.array(last, np.int32), np.array(first, np.int32)))
    own_start, own_words = _lists(own, order)
    father_start, father_words = _lists(fathers, order)
    return People(
        [ids[place] for place in order.tolist()],
        list(places),
        own_start,
        own_words,
        father_start,
        father_words,
        np.array(first, np.int32)[order],
        np.array(last, np.int32)[order],
        np.array(sex, np.int32)[order],
        np.array(days, np.int32)[order],
        np.array(regional, np.int32)[order],
    )


def _lists(lists: Sequence[Sequence[int]], order: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Numbers]:
    chosen = [lists[place] for place in order.tolist()]
    start = np.zeros(len(chosen) + 1, np.int64)
    np.cumsum([len(one) for one in chosen], out=start[1:])
    return start, np.fromiter(chain.from_iterable(chosen), np.int32, int(start[-1]))
