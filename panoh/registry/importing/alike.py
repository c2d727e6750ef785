"""Duplicates of a whole workbook: against the register, and of its households among themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from panoh.access.actor import Actor
from panoh.identity.similarity import similarity
from panoh.registry.namekeys import keys_of_names
from panoh.registry.queries.candidates import find_candidates_of
from panoh.registry.registration import PersonEntry, Registration

ASKED_AT_ONCE = 50  # persons in one question to the database
LIKELY = 0.9
MOST_BESIDE = 50  # persons compared under one key: a name shared by more says nothing


def find_alike(by: Actor, registrations: Sequence[Registration]) -> Iterator[tuple[int, int, str]]:
    """(household, person, number or place) of persons who may be registered already, or stand in the workbook twice."""
    flat = [(i, j, person) for i, one in enumerate(registrations) for j, person in enumerate(one.persons)]
    for start in range(0, len(flat), ASKED_AT_ONCE):
        part = flat[start : start + ASKED_AT_ONCE]
        for candidate in find_candidates_of(by, tuple(person for _i, _j, person in part)):
            household, place, _person = part[candidate.place]
            yield household, place, candidate.number
    yield from _among_themselves(flat)


def _among_themselves(flat: list[tuple[int, int, PersonEntry]]) -> Iterator[tuple[int, int, str]]:
    beside: dict[str, list[tuple[int, PersonEntry]]] = {}
    for household, place, person in flat:
        told = False
        keys = sorted(key for key in keys_of_names(person.names) if "+" in key) or sorted(keys_of_names(person.names))
        for key in keys:
            others = beside.setdefault(key, [])
            for other_household, other in () if told else others[:MOST_BESIDE]:
                if other_household != household and _same(person, other):
                    yield household, place, f"household {other_household + 1} of this workbook"
                    told = True
                    break
            others.append((household, person))


def _same(a: PersonEntry, b: PersonEntry) -> bool:
    return (
        a.sex == b.sex
        and a.birth.earliest <= b.birth.latest
        and b.birth.earliest <= a.birth.latest
        and similarity(a.names[0].display("full"), b.names[0].display("full")).score >= LIKELY
    )
