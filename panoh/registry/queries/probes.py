"""Which groups of words the index of names is asked for together, and what each group costs.

A word asked for, a father's or a span of years is a slot: terms of the index of which any will do. A probe is one slot, two or
three, and finds who bears a term of each. Chosen are the cheapest that still reach somebody of whom one or two things were
told wrongly. Called by `queries.likely`; knows the terms of the index and no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, combinations

import numpy as np
import numpy.typing as npt

from panoh.identity.likeness import FATHER_IN_THE_NAME, PAIRED, years_speak
from panoh.registry.nameindex import FATHER

MOST_OF_ONE_PROBE = 800  # persons that a pair of groups may bring before a third group is added
MOST_PROBES = 12
MOST_WORK = 2500  # of one probe beyond the first
TIGHT_WORK = 900  # of one that asks for the closest spellings alone, where all would take too long
FIRST_WORK = 400  # of one probe among those that are asked first; the others only where these left a doubt
# What a probe costs (`_work`), against one person found and weighed: 4 µs. Fitted on 800 probes of a register of a million.
PROBE, ENTRY = 35.0, 1.3  # asking at all; one word looked up
STEPS_OF_OTHERS, STEPS_OF_RAREST = 1 / 500, 1 / 1200  # for each bearer of the rarest group each word is moved on
POSTINGS, MOST_MOVES = 1 / 130, 30  # of the next group: passed over one by one, or in so many moves for each bearer
LARGEST_PROBE = 3  # groups
YEARS_ALIVE = 45  # over which births are spread, for guessing how many a span of years brings
YEARS_OFF = 2
SURE = 0.5  # where even three groups are common, only words that are this sure to be the name are asked for

Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slot:
    """Terms of the index, any of which will do, each with its weight in nats; as the database is told of them.

    `expected`: persons who bear any of them. The `closest` first are the surest spellings; they alone bring `expected_closest`.
    """

    size: int
    expected: float
    closest: int
    expected_closest: float
    terms: str = field(repr=False)  # `array_of`
    weights: str = field(repr=False)


def slot(terms: Longs, weights: Floats, bearers: Floats) -> Slot:
    """`bearers` of each term."""
    order = np.argsort(-weights, kind="stable")
    terms, weights, bearers = terms[order], weights[order], bearers[order]
    closest = int(np.count_nonzero(weights >= weights[:1] + np.log(SURE)))
    return Slot(
        len(terms), float(bearers.sum()), closest, float(bearers[:closest].sum()), array_of(terms.tolist()),
        array_of(weights.round(3).tolist()),
    )  # fmt: skip


def array_of(numbers: Sequence[float]) -> str:
    """Numbers as the database writes an array: the driver takes a millisecond to look at some hundred."""
    return f"{{{','.join(map(str, numbers))}}}"


def slot_of_name(ids: Longs, same: Floats, bearers: Longs, common: float) -> Slot:
    """A word of the name asked for. It may stand in the register as the father's: Ahmad Karim for Ahmad, son of Karim."""
    weights = _weights(same, common)
    sure = same >= SURE
    return slot(
        np.concatenate([ids, ids[sure] + FATHER]),
        np.concatenate([weights, weights[sure] - FATHER_IN_THE_NAME]),
        np.concatenate([bearers, bearers[sure] / 2]),
    )


def slot_of_father(ids: Longs, same: Floats, bearers: Longs, common: float) -> Slot:
    return slot(ids + FATHER, _weights(same, common), bearers.astype(float))


def _weights(same: Floats, common: float) -> Floats:
    return np.asarray(np.log(same) - np.log(common) + PAIRED)


@lru_cache(maxsize=1000)
def slot_of_years(first: int, last: int, persons: int) -> Slot:
    years = np.arange(first - YEARS_OFF, last + YEARS_OFF + 1)
    speak = np.array([years_speak((first, last), (year, year)) for year in years.tolist()])
    born = np.full(len(years), max(persons, 1) * min(len(years) / YEARS_ALIVE, 1) / len(years))
    return slot(-years, speak, born)


@dataclass(frozen=True, slots=True)
class Probes:
    """Groups asked for together, each as twice the number of its slot, and one more for the closest spellings alone.

    So many of them are `cheap`: these come first.
    """

    groups: list[list[int]]
    cheap: int


def choose_probes(slots: Sequence[Slot], told: Sequence[int], names: int, persons: int, wrong: int) -> Probes:
    """The cheapest that find a person of whom any `wrong` things are told wrongly: each reaches somebody whom those before it miss.

    `told`: of each slot the thing that it is part of, right or wrong as a whole. The first `names` slots are words of the name.
    Where all spellings of common words would cost too much, the closest are asked for.
    """
    if not slots or not names:
        return Probes([], 0)
    places = _places(len(slots), names)
    found, work = _costs(slots, places, max(persons, 1))
    # The closest spellings only where all cannot be asked for; after all that can.
    dear = (work[0] > MOST_WORK) | (found[0] > MOST_OF_ONE_PROBE)
    rated = np.flatnonzero([np.ones_like(dear), dear])
    tight = rated >= len(places)
    rated = rated[np.lexsort((work.ravel()[rated], tight))]
    missing = _wrong(tuple(sorted(set(told))), wrong)
    chosen: list[tuple[float, list[int]]] = []
    for one in rated.tolist():
        if not missing:
            break
        closest, place = divmod(one, len(places))
        brought, cost = float(found[closest, place]), float(work[closest, place])
        used = [at for at in places[place].tolist() if at < len(slots)]
        things = {told[at] for at in used}
        reached = [gone for gone in missing if things.isdisjoint(gone)]
        if not reached or brought > MOST_OF_ONE_PROBE:
            continue
        # Of a question that is common in all that is right, the closest spellings are worth as much as any where one thing is wrong.
        rarely = closest and min(map(len, reached)) > 1
        if chosen and cost > (TIGHT_WORK if rarely else MOST_WORK):
            continue
        missing = tuple(gone for gone in missing if not things.isdisjoint(gone))
        chosen.append((cost, [2 * at + closest for at in used]))
    if not chosen:
        # Common names alone: thousands bear them all, so the closest spellings are enough.
        _closest, place = divmod(int(rated[np.argmin(found.ravel()[rated])]), len(places))
        chosen.append((0.0, [2 * at + 1 for at in places[place].tolist() if at < len(slots)]))
    chosen.sort(key=lambda one: one[0])
    chosen = chosen[:MOST_PROBES]
    cheap = sum(cost <= FIRST_WORK for cost, _groups in chosen)
    return Probes([groups for _cost, groups in chosen], max(cheap, 1))


@lru_cache(maxsize=1000)
def _places(slots: int, names: int) -> Longs:
    """Every one, two or three slots; the first is a word of the name, since a father and a year alone are no name. Where there
    are fewer than three, the number after the last slot."""
    sizes = range(1, min(slots, LARGEST_PROBE) + 1)
    some = chain.from_iterable(combinations(range(slots), size) for size in sizes)
    kept = [(*places, slots, slots)[:LARGEST_PROBE] for places in some if places[0] < names]
    return np.array(kept, np.int64).reshape(-1, LARGEST_PROBE)


@lru_cache(maxsize=1000)
def _wrong(told: tuple[int, ...], wrong: int) -> tuple[frozenset[int], ...]:
    """Everything that may be wrong at once."""
    return tuple(frozenset(gone) for size in range(wrong + 1) for gone in combinations(told, size))


def _costs(slots: Sequence[Slot], places: Longs, everyone: int) -> tuple[Floats, Floats]:
    """(persons that a probe finds, what it costs), each for all spellings and for the closest alone.

    The index goes from bearer to bearer of its rarest group, and moves the words of the others on.
    """
    sizes = np.array([[*(one.size for one in slots), 0], [*(one.closest for one in slots), 0]], float)
    expected = np.array(
        [[*(one.expected for one in slots), everyone], [*(one.expected_closest for one in slots), everyone]], float
    )
    words, bearers = sizes[:, places], expected[:, places]
    found = everyone * np.prod(bearers / everyone, axis=2)
    several = places[:, 1] < len(slots)
    bearers = np.where(places < len(slots), bearers, np.inf)
    rarest = bearers.argmin(axis=2, keepdims=True)
    of_rarest, own = np.take_along_axis(bearers, rarest, 2)[..., 0], np.take_along_axis(words, rarest, 2)[..., 0]
    next_rarest, all_words = np.partition(bearers, 1, axis=2)[..., 1], words.sum(axis=2)
    moves = of_rarest * ((all_words - own) * STEPS_OF_OTHERS + own * STEPS_OF_RAREST)
    moves += np.minimum(next_rarest, MOST_MOVES * of_rarest) * POSTINGS
    return found, PROBE + found + ENTRY * all_words + np.where(several, moves, 0.0)
