"""A linkage of the register, from reading it to the suggestions, in blocks: after each, what was found is kept.

Broken off anywhere, it goes on after the last block that was kept: the persons of that block count as compared only once
their pairs are suggested. The same mark makes it incremental: who is new or has changed is compared with everybody, and
nobody else again. A pair found twice is kept once, so a block that is done twice does no harm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.policy import check
from panoh.identity.linkage.candidates import Candidates, find_candidates
from panoh.identity.linkage.habits import Habits
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.weighing import habits_of, parts_of, twins_speak, weigh
from panoh.identity.similarity import Reason
from panoh.registry.linking.compared import Compared, kept_for, only_since, read_compared
from panoh.registry.linking.engine import engine_in_use
from panoh.registry.linking.reading import Register, Say, read_register
from panoh.registry.linking.reasons import reasons_of
from panoh.registry.models import Person
from panoh.registry.operations import PairFound, suggest_pairs
from panoh.registry.operations.suggestions import PAIRS_IN_ONE_ENTRY, Suggested
from panoh.registry.queries.duplicates import alike
from panoh.registry.queries.files import names_in_order

LIKELY = 0.4  # the least probability that is suggested: see docs/identity.md, "Linkage", for how many of them are right
BLOCK = 50_000  # names; what is lost at most when a linkage is broken off
BANDS = (0.99, 0.9, 0.7, 0.4)


@dataclass(frozen=True)
class Pairs:
    """Pairs of persons by their places in the register, how likely each is one person, and what weighs, in bits."""

    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    chance: npt.NDArray[np.float64]
    bits: dict[str, npt.NDArray[np.float64]]

    def __len__(self) -> int:
        return len(self.a)

    def reasons(self, place: int) -> tuple[Reason, ...]:
        return reasons_of({name: float(bits[place]) for name, bits in self.bits.items()})


@dataclass
class Linked:
    """What a linkage did: persons compared and those there are, pairs by how likely they are, what became of them."""

    persons: int = 0
    compared: int = 0
    pairs: int = 0
    bands: dict[float, int] = field(default_factory=lambda: dict.fromkeys(BANDS, 0))
    suggested: Suggested = field(default_factory=Suggested)

    def count(self, pairs: Pairs) -> None:
        self.pairs += len(pairs)
        upper = np.inf
        for band in BANDS:
            self.bands[band] += int(((pairs.chance >= band) & (pairs.chance < upper)).sum())
            upper = band


def link_register(
    *,
    by: Actor,
    say: Say,
    least: float = LIKELY,
    since: date | None = None,
    afresh: bool = False,
    preview: bool = False,
) -> Linked:
    """Find the pairs that are likely enough and suggest them; with `preview` only count them."""
    check(by, "registry.duplicate.suggest")
    engine_in_use()
    with kept_for(by.member_id) if since is None else nullcontext() as file:
        register = read_register(by, say)
        if since is not None:
            compared = only_since(register, np.datetime64(since), least)
        else:
            compared = read_compared(file, register, least, afresh)
        done = Linked(len(register), int((~compared.done).sum()))
        say(f"  {done.compared:,} of them are new, have changed, or were not compared yet")
        if not preview:
            compared.keep()
        for pairs in find_pairs(register, compared, say):
            done.count(pairs)
            if preview:
                continue
            _suggest(by, register, pairs, done.suggested)
            compared.keep()
    return done


def find_pairs(register: Register, compared: Compared, say: Say) -> Iterator[Pairs]:
    """Block by block the pairs that are likely enough, each pair of persons once. Nobody of one household is paired with
    another of it: twins share all but a name, and whoever registered them saw both."""
    people = register.people
    if compared.done.all():
        return
    near = nearness(people.words, people.bearers())
    say("  words compared")
    habits = habits_of(people, near, lambda found: _of_two_households(register, found))
    compared.habits = habits
    say(f"  {habits.twice:.2%} of the persons seem to be registered twice")
    waiting, through, pairs = int(compared.waiting.sum()), 0, 0
    some: list[Candidates] = []
    records: list[npt.NDArray[np.int32]] = []
    for places, found in find_candidates(people, near, compared.record_stages()):
        some.append(_of_two_households(register, found))
        records.append(places)
        through += len(places)
        if sum(map(len, records)) >= BLOCK or through == waiting:
            likely = likely_pairs(register, Candidates.together(some), habits, compared.least)
            pairs += len(likely)
            compared.are_through(np.concatenate(records))
            yield likely
            say(f"  {through:,} of {waiting:,} names compared, {pairs:,} pairs")
            some, records = [], []


def _of_two_households(register: Register, found: Candidates) -> Candidates:
    a, b = register.person[found.a], register.person[found.b]
    return found.only((register.household[a] != register.household[b]) & (register.is_open[a] | register.is_open[b]))


def likely_pairs(register: Register, found: Candidates, habits: Habits, least: float) -> Pairs:
    """Weighed, and of several forms of two persons' names those that fit best."""
    twins = twins_speak(found)
    chance = 1 / (1 + np.exp2(-weigh(found, habits, engine_in_use()) - np.nan_to_num(twins)))
    of_a, of_b = register.person[found.a], register.person[found.b]
    a, b = np.minimum(of_a, of_b), np.maximum(of_a, of_b)
    order = np.lexsort((-chance, b, a))
    order = order[chance[order] >= least]
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(a[order]) != 0) | (np.diff(b[order]) != 0)
    best = order[first]
    return Pairs(a[best], b[best], chance[best], {**parts_of(found.only(best), habits), "twins": twins[best]})


def _suggest(by: Actor, register: Register, pairs: Pairs, done: Suggested) -> None:
    for begin in range(0, len(pairs), PAIRS_IN_ONE_ENTRY):
        with acting(by) as actor:
            told = suggest_pairs(by=actor, pairs=_explained(register, pairs, begin, begin + PAIRS_IN_ONE_ENTRY))
        for count in ("made", "renewed", "unchanged", "left_out"):
            setattr(done, count, getattr(done, count) + getattr(told, count))


def _explained(register: Register, pairs: Pairs, begin: int, end: int) -> Sequence[PairFound]:
    """With what weighs, and how the names meet, in the words that a clerk reads beside every suggestion."""
    some = range(begin, min(end, len(pairs)))
    ids = {register.id_of(int(place)) for one in some for place in (pairs.a[one], pairs.b[one])}
    people = Person.objects.prefetch_related(names_in_order()).in_bulk(ids)
    found = []
    for one in some:
        left, right = (people.get(register.id_of(int(place))) for place in (pairs.a[one], pairs.b[one]))
        if left is not None and right is not None:  # seen a moment ago, and perhaps sealed since
            reasons = (*pairs.reasons(one), *alike(left, right).reasons)
            found.append(PairFound(left.pk, right.pk, float(pairs.chance[one]), reasons))
    return found
