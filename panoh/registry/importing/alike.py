"""Duplicates of a whole workbook: against the register, and of its households among themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from panoh.access.actor import Actor
from panoh.identity.similarity import Reason, similarity
from panoh.registry.nameindex import sounds_of_names
from panoh.registry.queries.candidates import find_candidates_of
from panoh.registry.registration import PersonEntry, Registration

ASKED_AT_ONCE = 50  # persons in one question to the database
LIKELY = 0.9
MOST_BESIDE = 50  # persons compared under one key: a name shared by more says nothing


@dataclass(frozen=True, slots=True)
class Alike:
    """A person of the workbook (household and place within it) who may be the one of that number, or stands there twice.

    `number` is a record of the register; where it is empty, `beside` is the household and place of the earlier row.
    """

    household: int
    place: int
    score: float
    reasons: tuple[Reason, ...]
    number: str = ""
    beside: tuple[int, int] | None = None


def find_alike(
    by: Actor, registrations: Sequence[Registration], progress: Callable[[int, int], None] = lambda done, of: None
) -> Iterator[Alike]:
    """Persons who may be registered already, or stand in the workbook twice. `progress` counts households."""
    flat = [(i, j, person) for i, one in enumerate(registrations) for j, person in enumerate(one.persons)]
    for start in range(0, len(flat), ASKED_AT_ONCE):
        part = flat[start : start + ASKED_AT_ONCE]
        for candidate in find_candidates_of(by, tuple(person for _i, _j, person in part)):
            household, place, _person = part[candidate.place]
            yield Alike(household, place, candidate.score, candidate.reasons, number=candidate.number)
        progress(part[-1][0] + 1, len(registrations))
    yield from _among_themselves(flat)


def _among_themselves(flat: list[tuple[int, int, PersonEntry]]) -> Iterator[Alike]:
    beside: dict[str, list[tuple[int, int, PersonEntry]]] = {}
    for household, place, person in flat:
        told = False
        for key in sounds_of_names(person.names):
            others = beside.setdefault(key, [])
            for other_household, other_place, other in () if told else others[:MOST_BESIDE]:
                if other_household != household and (found := _compare(person, other)):
                    score, reasons = found
                    yield Alike(household, place, score, reasons, beside=(other_household, other_place))
                    told = True
                    break
            others.append((household, place, person))


def _compare(a: PersonEntry, b: PersonEntry) -> tuple[float, tuple[Reason, ...]] | None:
    """How alike two rows are, and why; None where they are too little alike to be told."""
    if a.sex != b.sex or a.birth.earliest > b.birth.latest or b.birth.earliest > a.birth.latest:
        return None
    judged = similarity(a.names[0].display("full"), b.names[0].display("full"))
    return (judged.score, (("birth_fits", {}), *judged.reasons)) if judged.score >= LIKELY else None
