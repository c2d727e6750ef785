"""Writes one file of the register: household, persons, what is said of them, and the acts that made it so, in their order.

The kinds of entries and what they hold follow `panoh.registry.operations`; the states committed to are those after each act.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from panoh.access.models import Grant
from panoh.demo.histories import TAKEN_OVER, File, StatusChange
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.people_rows import MembershipRow, Record, pick
from panoh.demo.loading.setting import ENTRY_POINTS, Hand, Setting, custodian_of
from panoh.demo.loading.shapes import Rows, shape
from panoh.demo.loading.surroundings import Surroundings
from panoh.demo.ways import BY_APPLICATION, CARRIED_APPLICANT
from panoh.ledger.composition import Composed, compose
from panoh.registry import models, numbering
from panoh.registry.rules.population import opens_incident
from panoh.registry.snapshots import (
    consent_snapshot,
    household_snapshot,
    need_snapshot,
    person_snapshot,
    profile_snapshot,
    residence_snapshot,
)

HouseholdRow, StatusRow = shape(models.Household), shape(models.StatusChange)

SEALED = ("SV", "TR")


DatedAct = tuple[date, int, Callable[[date], None]]
"""A day, a place among the acts of that day, and the act."""


@dataclass
class Serials:
    """The numbers given out so far; the database's sequences go on from here."""

    household: int = 0
    person: int = 0
    case: int = 0
    twice: frozenset[int] = frozenset()
    """Families of whom somebody is registered twice: only their numbers are remembered."""
    numbers: dict[tuple[int, int], str] = field(default_factory=dict)

    def wanted(self, family: int) -> bool:
        return family in self.twice

    def next_household(self, prefix: str, year: int) -> str:
        self.household += 1
        return numbering.household_number(prefix, year, self.household)

    def next_person(self, prefix: str) -> str:
        self.person += 1
        return numbering.person_number(prefix, self.person)


class Writing:
    """One file while it is written. `acts` come with their day and order; each leaves one entry."""

    def __init__(self, file: File, setting: Setting, serials: Serials, rows: Rows, entries: list[Composed]) -> None:
        self.file, self.setting, self.serials, self.rows, self.entries = file, setting, serials, rows, entries
        self.rng = random.Random(f"loading/{file.family.key}")  # noqa: S311
        self.clock = Clockwork(self.rng, setting.latest)
        self.custodian = custodian_of(file)
        self.office = setting.office_of(file, self.rng)
        self.clerk = setting.clerk(self.office)
        self.around = Surroundings(file, setting, self.custodian, self.clock, self.rng)
        self.household: Any = None
        self.homes: list[Any] = []
        self.people: dict[int, Record] = {}
        self.first_recording = TAKEN_OVER
        self.endings: list[Callable[[], None]] = []
        self.last_case: UUID | None = None
        self.last_steps: dict[str, Any] = {}
        self.changes: dict[int, list[StatusChange]] = {}
        for change in file.changes:
            self.changes.setdefault(change.life, []).append(change)

    # -- the file as a whole

    def write(self, *others: Callable[[Writing], Sequence[DatedAct]]) -> None:
        """All acts in the order of their days. `others` give those of rooms above the register: cases, papers."""
        acts: list[DatedAct] = [(self.file.registered_on, 0, self.register)]
        for acts_of in others:
            acts += acts_of(self)
        for place, life in enumerate(self.file.lives):
            if life.born_here:
                acts.append((life.born_on, 1, lambda day, place=place: self.birth(place, day)))
            if life.dies_on:
                acts.append((life.dies_on, 6, lambda day, place=place: self.death(place, day)))
            if life.splits_on:
                acts.append((life.splits_on, 5, lambda day, place=place: self.split(place, day)))
            for need in life.needs:
                if need[2]:
                    acts.append(
                        (
                            max(need[2], life.joined_on),
                            4,
                            lambda day, place=place, code=need[0]: self.end_need(place, code, day),
                        )
                    )
        if self.file.family.left_by == "OIP":
            acts.append((self.file.changes[-1].on, 3, self.change_status))
        if self.file.left_on:
            acts.append((self.file.left_on, 9, self.close))
        for day, _order, act in sorted(acts, key=lambda act: (act[0], act[1])):
            act(day)
        self.finish()

    def finish(self) -> None:
        for end in self.endings:
            end()
        left_over = [change for changes in self.changes.values() for change in changes]
        if left_over:
            raise ValueError(f"family {self.file.family.key}: no act carries {left_over}")
        self.rows.add(models.Household, self.household)
        for home in self.homes:
            self.rows.add(models.Residence, home)
        for place, record in self.people.items():
            record.write(self.rows)
            if self.serials.wanted(self.file.family.key):
                self.serials.numbers[self.file.family.key, place] = record.row.number

    def entry(
        self,
        day: date,
        kind: str,
        subjects: Sequence[UUID],
        payload: dict[str, Any],
        digests: dict[UUID, Any],
        by: Hand | None = None,
        legal_basis: Sequence[str] = (),
        detail: dict[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Composed:
        """The earlier register was taken over on one day: what happened before was recorded then."""
        recorded_at = at or self.clock.instant(max(day, TAKEN_OVER))
        composed = compose(
            entry_id=self.clock.new_id(recorded_at), recorded_at=recorded_at, by=by or self.clerk, kind=kind,
            subjects=subjects, payload=payload, occurred_on=day, digests=digests, legal_basis=legal_basis, detail=detail,
        )  # fmt: skip
        self.entries.append(composed)
        return composed

    # -- states for the ledger

    def state(self, *records: Record) -> dict[UUID, Any]:
        """What is committed to: the states that the tables will keep. Those before them could not be compared with anything."""
        last = self.household.status == "closed" or not self.file.closed
        found = {self.household.id: household_snapshot(self.household)} if last else {}
        for record in records:
            life = record.life
            changes_still = record.row.status == "open" and (
                self.file.closed or life.dies_on or (life.splits_on and record.row.household_id == self.household.id)
            )
            if not changes_still:
                found[record.id] = person_snapshot(record.row, record.names, record.papers)
        return found

    def head(self, persons: Sequence[Record]) -> dict[str, Any]:
        """What the payload of every later act on a household holds (registry.operations.frame)."""
        self.household = self.household._replace(version=self.household.version + 1)
        return {
            "household": self.household.id,
            "number": self.household.number,
            "version": self.household.version,
            "persons": [record.id for record in persons],
        }

    # -- acts

    def register(self, day: date) -> None:
        file, setting, rng = self.file, self.setting, self.rng
        at = self.clock.instant(max(day, TAKEN_OVER))
        needs = {need[0][:2] for life in file.lives for need in life.needs}
        prefix = setting.prefix(self.office)
        afghan = file.family.origin not in ("XXA", "UNK")
        self.household = HouseholdRow(
            id=self.clock.new_id(at),
            number=self.serials.next_household(prefix, day.year),
            custodian_id=setting.organisations[self.custodian],
            office_id=setting.offices[self.office],
            registered_on=day,
            arrived_on=file.arrived_on,
            entry_point=pick(ENTRY_POINTS, rng) if afghan else "",
            sensitivity=1 if needs & set(SEALED) and rng.random() < 0.5 else 0,
            registered_by_id=self.clerk.member_id,
        )
        digests: dict[UUID, Any] = {}
        for place, life in enumerate(file.lives):
            if life.born_here:
                continue
            record = Record(life, self.serials.next_person(prefix), self.household.id, file.arrived_on, self.clock)
            record.add_needs(setting.restricted_needs, self.clerk.member_id, at, self.clock)
            self.people[place] = record
            self._belongs(record, record.row.arrived_on, "registered")
            digests |= self._said_of(record)
        if afghan:
            self.homes.append(self.around.home(self.household.id, day, at))
            digests[self.homes[0].id] = residence_snapshot(self.homes[0])
        consents = self.around.consents(self.household.id, day) if afghan else []
        digests |= {consent.id: consent_snapshot(consent) for consent in consents}
        records = list(self.people.values())
        entry = self.entry(
            day,
            "registry.household.registered",
            [self.household.id, *(record.id for record in records)],
            {
                "household": self.household.id,
                "number": self.household.number,
                "office": self.household.office_id,
                "arrived_on": self.household.arrived_on,
                "persons": [record.id for record in records],
                "numbers": [record.row.number for record in records],
            },
            self.state(*records) | digests,
            at=at,
        )
        for consent in consents:
            self.rows.add(models.Consent, consent)
            if grant := self.around.grant(consent, entry, self.clerk):
                self.rows.add(Grant, grant)
        for record in records:
            self.rows.add(models.Facts, record.facts(self.clock, entry.id, at))
        self.rows.add(models.Location, self.around.location(self.household.id, self.household.arrived_on, entry, at))
        if file.family.came not in (BY_APPLICATION, CARRIED_APPLICANT):
            # Groups and the earlier register: people enter the population accounting without a case of their own.
            self.count(entry, day, list(self.people), first=True)

    def birth(self, place: int, day: date) -> None:
        life = self.file.lives[place]
        at = self.clock.instant(day)
        record = Record(
            life, self.serials.next_person(self.setting.prefix(self.office)), self.household.id, self.household.arrived_on,
            self.clock,
        )  # fmt: skip
        record.add_needs(self.setting.restricted_needs, self.clerk.member_id, at, self.clock)
        self.people[place] = record
        self._belongs(record, day, "born")
        entry = self.entry(
            day, "registry.birth.recorded", [self.household.id, record.id], self.head([record]),
            self.state(record) | self._said_of(record), at=at,
        )  # fmt: skip
        self.rows.add(models.Facts, record.facts(self.clock, entry.id, at))
        self.count(entry, day, [place], first=True)

    def death(self, place: int, day: date) -> None:
        record = self.people[place]
        self._end_membership(record, day)
        record.change(
            status="closed", closed_on=day, closure_reason="DEATH", population_group="", version=record.row.version + 1
        )
        entry = self.entry(
            day, "registry.death.recorded", [self.household.id, record.id],
            self.head([record]) | {"reason": "DEATH", "person": record.id, "incident": False}, self.state(record),
        )  # fmt: skip
        self.count(entry, day, [place])

    def split(self, place: int, day: date) -> None:
        """A grown son begins a household of his own; both files name each other in one entry."""
        record, old = self.people[place], self.household
        at = self.clock.instant(day)
        new = old._replace(
            id=self.clock.new_id(at), number=self.serials.next_household(self.setting.prefix(self.office), day.year),
            registered_on=day, version=1, sensitivity=0,
        )  # fmt: skip
        self._end_membership(record, day)
        record.change(household_id=new.id, relationship="PA", version=record.row.version + 1)
        self._belongs(record, day, "split")
        home = self.around.home(new.id, day, at)
        entry = self.entry(
            day, "registry.household.split", [old.id, new.id, record.id],
            self.head([record]) | {"new_household": new.id, "new_number": new.number},
            self.state(record) | {new.id: household_snapshot(new), home.id: residence_snapshot(home)}, at=at,
        )  # fmt: skip
        self.rows.add(models.Household, new)
        self.rows.add(models.Residence, home)
        self.rows.add(models.Location, self.around.location(new.id, day, entry, at))

    def end_need(self, place: int, code: str, day: date) -> None:
        record = self.people.get(place)
        if record is None or record.row.status != "open" or self.household.status != "open":
            return
        index = next(i for i, need in enumerate(record.needs) if need.code == code)
        record.needs[index] = record.needs[index]._replace(until=day)
        need = record.needs[index]
        self.entry(
            day, "registry.need.ended", [self.household.id, record.id], self.head([record]) | {"code": code},
            self.state(record) | {need.id: need_snapshot(need)},
        )  # fmt: skip
        record.change(version=record.row.version + 1)

    def change_status(self, day: date) -> None:
        """The headcount of 2023 is counted from now on in another group."""
        places = list(self.people)
        entry = self.entry(
            day, "demo.headcount.reclassified",
            [self.household.id, *(self.people[place].id for place in places)],
            self.head([self.people[place] for place in places]), self.state(),
        )  # fmt: skip
        self.count(entry, day, places)

    def close(self, day: date) -> None:
        staying = {
            p: r for p, r in self.people.items() if r.row.status == "open" and r.row.household_id == self.household.id
        }
        self.household = self.household._replace(status="closed", closed_on=day, closure_reason=self.file.closure)
        for record in staying.values():
            self._end_membership(record, day)
            record.change(
                status="closed", closed_on=day, closure_reason=self.file.closure, population_group="",
                version=record.row.version + 1,
            )  # fmt: skip
        if self.homes:
            self.homes[-1] = self.homes[-1]._replace(valid_to=max(day, self.homes[-1].valid_from))
        records = list(staying.values())
        entry = self.entry(
            day, "registry.household.closed", [self.household.id, *(record.id for record in records)],
            self.head(records) | {"reason": self.file.closure, "incident": self.opens_incident()}, self.state(*records),
        )  # fmt: skip
        self.count(entry, day, list(staying))

    def opens_incident(self) -> bool:
        """A deportation is marked for the protection side (registry.rules.population)."""
        return opens_incident(self.file.closure, self.setting.book.codes)

    # -- population accounting

    def count(self, entry: Composed, day: date, places: Sequence[int], first: bool = False) -> None:
        """The status changes of that day, and of these people, hang on this act. `first`: only their entering."""
        for place in places:
            due = [c for c in self.changes.get(place, ()) if c.on == day or first][: 1 if first else None]
            for change in due:
                self.changes[place].remove(change)
                record = self.people[place]
                self.rows.add(
                    models.StatusChange,
                    StatusRow(
                        id=self.clock.new_id(entry.recorded_at), person_id=record.id, effective_on=change.on,
                        from_group=change.from_group, to_group=change.to_group, reason=change.reason,
                        procedure_type=change.procedure, decision_level=change.level,
                        recorded_at=entry.recorded_at, entry_id=entry.id,
                    ),
                )  # fmt: skip
                if record.row.status == "open":
                    record.change(population_group=change.to_group)

    # -- pieces

    def _said_of(self, record: Record) -> dict[UUID, Any]:
        found = {need.id: need_snapshot(need) for need in record.needs}
        if record.profile:
            found[record.profile.id] = profile_snapshot(record.profile)
        return found

    def _belongs(self, record: Record, since: date, reason: str) -> None:
        record.memberships.append(
            MembershipRow(
            id=self.clock.new_id(), household_id=record.row.household_id, person_id=record.id,
            relationship=record.row.relationship, valid_from=since, reason=reason,
            )
        )  # fmt: skip

    def _end_membership(self, record: Record, day: date) -> None:
        last = record.memberships[-1]
        record.memberships[-1] = last._replace(valid_to=max(day, last.valid_from))
