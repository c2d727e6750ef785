"""The register as the actor sees it, as arrays: what `panoh.identity.linkage` compares, and which record is whose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from itertools import chain
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.identity.linkage.people import People, Record, arranged
from panoh.identity.words import words_of
from panoh.kernel.names import PersonName
from panoh.registry.models import Name
from panoh.registry.nameindex import WIDEST_SPAN
from panoh.registry.queries.files import persons_visible_to

READ_AT_ONCE = 10_000
SAY_EACH = 100_000
Say = Callable[[str], None]
Bools = npt.NDArray[np.bool_]
FORM = ("script", "given", "father", "grandfather", "family", "patronymic", "tribal")
FATHERS_PARTS = ("father", "grandfather", "patronymic")  # Karimovich is whose father's name is Karim
COMPARED = (
    "pk", "household_id", "status", "household__registered_on", "birth_earliest", "birth_latest", "sex", "origin_place",
)  # fmt: skip


@dataclass(frozen=True)
class Register:
    """Persons in the order of their ids, and a record of `people` for each form of a person's name that is hers.

    Each form is compared by itself: no form has all the words of the others.
    """

    people: People
    person: npt.NDArray[np.int64]  # whose each record is, by the place in `ids`
    ids: npt.NDArray[np.bytes_]  # 16 bytes each, rising
    household: npt.NDArray[np.int64]
    is_open: Bools
    registered_on: npt.NDArray[np.datetime64]
    digest: npt.NDArray[np.uint64]  # of all that is compared: another one means that the person has changed

    def __len__(self) -> int:
        return len(self.ids)

    def id_of(self, place: int) -> UUID:
        return UUID(bytes=self.ids[place].ljust(16, b"\0"))


def read_register(by: Actor, say: Say) -> Register:
    """Everybody whom the actor sees, closed files too: who left and comes again is registered twice."""
    ids: list[bytes] = []
    houses: dict[UUID, int] = {}
    household: list[int] = []
    is_open: list[bool] = []
    registered_on: list[date] = []
    digests: list[int] = []

    def records() -> Iterator[Record]:
        for row, names in _rows(by):
            place = str(len(ids))
            ids.append(row[0].bytes)
            household.append(houses.setdefault(row[1], len(houses)))
            is_open.append(row[2] == "open")
            registered_on.append(row[3])
            digests.append(_digest(row, names))
            yield from (record_of(place, name, *row[4:]) for name in names)
            if len(ids) % SAY_EACH == 0:
                say(f"  {len(ids):,} persons read")

    people = arranged(records())
    say(f"  {len(ids):,} persons read, with {len(people):,} names of {len(people.words):,} different words")
    return Register(
        people, np.array(people.ids, np.int64), np.array(ids, "S16"), np.array(household, np.int64),
        np.array(is_open, bool), np.array(registered_on, "datetime64[D]"), np.array(digests, np.uint64),
    )  # fmt: skip


def record_of(place: str, name: PersonName, earliest: date, latest: date, sex: str, origin: str) -> Record:
    """One form of a name with what is known of its bearer. A span of many years says nothing, nor does a first of January."""
    own: list[str] = []
    fathers: list[str] = []
    for part, text in name.parts():
        (fathers if part in FATHERS_PARTS else own).extend(words_of(text))
    known = latest.year - earliest.year < WIDEST_SPAN
    day = earliest.timetuple().tm_yday if earliest == latest else 0
    return Record(
        place, own, fathers, (earliest.year, latest.year) if known else None, sex, day if day > 1 else 0, origin
    )


def _rows(by: Actor) -> Iterator[tuple[tuple[Any, ...], list[PersonName]]]:
    """Each person with the forms of the name that nobody proposed by rule; in short transactions, so that none waits for us."""
    after = UUID(int=0)
    while True:
        with acting(by) as actor:
            rows = list(
                persons_visible_to(actor).filter(pk__gt=after).order_by("pk").values_list(*COMPARED)[:READ_AT_ONCE]
            )
            if not rows:
                return
            told = Name.objects.filter(person_id__gt=after, person_id__lte=rows[-1][0]).exclude(role=Name.PROPOSED)
            names: dict[UUID, list[PersonName]] = {row[0]: [] for row in rows}
            for person_id, *parts in told.order_by("person_id", "id").values_list("person_id", *FORM):
                if person_id in names:
                    names[person_id].append(PersonName(*parts))
        for row in rows:
            yield row, names[row[0]]
        after = rows[-1][0]


def _digest(row: tuple[Any, ...], names: list[PersonName]) -> int:
    told = "\x1f".join(map(str, (*row[1:3], *row[4:], *chain.from_iterable((n.script, *n.parts()) for n in names))))
    return int.from_bytes(blake2b(told.encode(), digest_size=8).digest(), "big")
