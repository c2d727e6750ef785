"""Two and a half years of cases of every procedure but asylum, whose claims are told with the files: under way, decided, closed, late.

The families are those of the register. Acts that count somebody out are done on the very day on which the register did (`Course.counted`),
so the published tables stay what they are. Rows and entries are made by the operations' own functions (`procedures.operations.acts`);
letters, papers and notices of those years were not taken over.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connections

from panoh.access.context import acting_as_system
from panoh.access.roles import ROLES
from panoh.demo import cast
from panoh.demo.loading.bodies import Bodies
from panoh.demo.loading.cases import PROCEDURE
from panoh.demo.loading.courses import Care, Course
from panoh.demo.loading.files import Serials
from panoh.demo.loading.incidents import Chunk
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.demo.loading.sittings import Sittings
from panoh.demo.steps import GOVERNMENT
from panoh.kernel.births import BirthDate
from panoh.ledger.composition import Composed, compose
from panoh.procedures import models
from panoh.procedures.operations.acts import PlannedAct, entry_of, move, step_of
from panoh.procedures.rules.clocks import BarrierFact, ClockState
from panoh.procedures.rules.decisions import Applicant, line_up
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Procedure, Track

DAYS = 900
EACH_AT_PUBLISHED_SIZE, EACH_AT_LEAST = 80, 3
TRIES = 8
PEOPLE_AT_PUBLISHED_SIZE = 55_000
CHUNK = 250
FAMILIES = 4_000
COUNTED_SINCE = date(2023, 1, 1)
CHILDREN = frozenset({"best_interests"})
"""Procedures about a child alone; those of the others are about whoever stands first in the file."""
UNTOLD = frozenset({"REFOTHDEC"})
"""Whoever left the tables for "other" reasons left for many; none of them is told as a status that was taken away."""
SELDOM = 0.5
"""Of the families whose departure the register counted, so many are told with their case."""
CARE = {
    "dushanbe": Care(kept=0.92, in_time=0.8), "vahdat": Care(kept=0.88, in_time=0.62), "khujand": Care(kept=0.93, in_time=0.86),
    "khorugh": Care(kept=0.9, in_time=0.74, left_out=0.2), "panji-poyon": Care(kept=0.74, in_time=0.55, left_out=0.15),
}  # fmt: skip
CARE_ELSEWHERE = Care(kept=0.91, in_time=0.8)

DueRow = shape(models.Due)


@dataclass(frozen=True, slots=True)
class Family:
    """A file that may have a case: its people with their births, and when the register counted them out, by reason."""

    household: UUID
    office: UUID
    custodian: UUID
    registered_on: date
    group: str
    persons: tuple[Applicant, ...]
    counted: Mapping[str, date] = field(default_factory=dict)


@dataclass
class OtherCases:
    """Writes them once all files are there, and before the ledger is numbered."""

    setting: Setting
    serials: Serials
    sittings: Sittings
    barriers: Mapping[str, Sequence[BarrierFact]]
    written: int = 0
    clocks: dict[Any, ClockState] = field(default_factory=dict)

    def write(self, chunk: Chunk) -> int:
        self.bodies = Bodies(self.setting, self.sittings.next_number)
        self.office_codes = {key: code for code, key in self.setting.offices.items()}
        self.open_files = self._families()
        self.departed = self._departed()
        courses = self._courses()
        while batch := list(islice(courses, CHUNK)):
            with chunk() as (rows, entries):
                for course, family, taken in batch:
                    self._write(course, family, taken, rows, entries)
        return self.written

    # -- whose

    def _families(self, among: list[UUID] | None = None) -> list[Family]:
        """Open files, or those of these ids, with the people who are in them, in an order that has nothing to do with the days."""
        with acting_as_system("demo: whose cases", using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT h.id, h.office_id, h.custodian_id, h.registered_on, p.id, p.population_group, p.birth_earliest, p.birth_latest,"
                " p.birth_precision, p.arrived_on FROM (SELECT * FROM registry_household h"
                " WHERE CASE WHEN %s::uuid[] IS NULL THEN h.status = 'open' ELSE h.id = ANY (%s) END"
                " ORDER BY md5(h.id::text) LIMIT %s) h JOIN registry_person p ON p.household_id = h.id"
                " WHERE p.status = h.status AND p.closed_on IS NOT DISTINCT FROM h.closed_on"
                " ORDER BY md5(h.id::text), p.relationship <> 'PA', p.birth_earliest, p.id",
                [among, among, FAMILIES],
            )
            rows = cursor.fetchall()
        found: dict[UUID, list[Any]] = defaultdict(list)
        for row in rows:
            found[row[0]].append(row)
        return [
            Family(
                household=key, office=lines[0][1], custodian=lines[0][2], registered_on=max(lines[0][3], *(one[9] for one in lines)),
                group=lines[0][5], persons=tuple(Applicant(one[4], BirthDate(one[6], one[7], one[8])) for one in lines),
            )
            for key, lines in found.items()
        ]  # fmt: skip

    def _departed(self) -> list[Family]:
        """Families that left as a whole in the last years, each with the reason and the day that the tables have."""
        with acting_as_system("demo: who was counted out", using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT p.household_id, s.reason, max(s.effective_on) FROM registry_statuschange s JOIN registry_person p ON p.id = s.person_id"
                " JOIN registry_household h ON h.id = p.household_id WHERE h.status = 'closed' AND s.to_group = '' AND s.from_group <> ''"
                " AND s.reason <> 'DEATH' AND s.effective_on >= %s AND s.effective_on = h.closed_on GROUP BY 1, 2",
                [COUNTED_SINCE],
            )
            counted = {household: {reason: on} for household, reason, on in cursor.fetchall()}
        families = self._families(list(counted))
        return [
            Family(one.household, one.office, one.custodian, one.registered_on, one.group, one.persons, counted[one.household])
            for one in families
        ]  # fmt: skip

    def _courses(self) -> Iterator[tuple[Course, Family | None, list[tuple[PlannedAct, Hand]]]]:
        scale = self.serials.person / PEOPLE_AT_PUBLISHED_SIZE
        for versions in sorted(self.setting.book.procedures.values(), key=lambda found: found[-1].code):
            procedure = versions[-1]
            if procedure.code == PROCEDURE:
                continue
            for track in procedure.tracks.values():
                many = max(EACH_AT_LEAST, round(EACH_AT_PUBLISHED_SIZE * scale)) * (
                    2 if procedure.several_at_once else 1
                )
                yield from self._of_track(procedure, track, many)

    def _of_track(
        self, procedure: Procedure, track: Track, many: int
    ) -> Iterator[tuple[Course, Family | None, list[tuple[PlannedAct, Hand]]]]:
        chance = random.Random(f"other cases/{procedure.code}/{track.code}")  # noqa: S311
        hands = self._hands(procedure, track)
        if not hands:
            return
        reasons = {
            effect.params["reason"]
            for action in procedure.actions.values()
            for effect in action.effects
            if effect.name == "set_group"
        }
        told = 0
        for family in self._files(procedure, track, hands, reasons, chance):
            if told == many:
                return
            last = (
                min(family.counted.values()) - timedelta(days=40) if family and family.counted else self.setting.until
            )
            first = max(last - timedelta(days=DAYS), procedure.in_force_from, COUNTED_SINCE)
            if family:
                first = max(first, family.registered_on + timedelta(days=2))
            if first >= last:
                continue
            back = 240 if family and family.counted else (last - first).days
            on = last - timedelta(days=round(min(back, (last - first).days) * chance.random() ** 1.3))
            persons = self._persons(procedure, track, family, on)
            if persons is None:
                continue
            # Whoever left by this procedure has a case that ends so; some ways to get there are tried.
            for _try in range(TRIES if family and family.counted else 1):
                course = self._course(procedure, track, family, hands, chance)
                taken = course.run(persons, on)
                if taken and bool(family and family.counted) == course.counts_somebody():
                    told += 1
                    yield course, family, taken
                    break

    def _files(
        self, procedure: Procedure, track: Track, hands: Sequence[Hand], reasons: set[str], chance: random.Random
    ) -> Iterator[Family | None]:
        """Files for the cases of a track: some that left by it, then open ones that its organisation keeps or may see."""
        if procedure.subject_of(track.code) == "none":
            while True:
                yield None
        departed = [
            one for one in self.departed if (reasons - UNTOLD) & one.counted.keys() and chance.random() < SELDOM
        ]
        groups = {"STA"} if reasons & {"STAOTHINC", "STAOTHDEC"} else {"ASY", "REF"}
        own = hands[0].organisation_id
        keeps = {own} if track.organisation_kind == "authority" and groups != {"STA"} else None
        waiting = [
            one
            for one in self.open_files
            if one.group in groups
            and (keeps is None or one.custodian in keeps)
            and (one.group == "STA" or one.persons[0].birth.precision != "unknown")  # a headcount is nobody's case
        ]
        chance.shuffle(waiting)
        for n, family in enumerate(waiting):
            if departed and n % 3 == 0:
                yield departed.pop()
            yield family

    def _persons(self, procedure: Procedure, track: Track, family: Family | None, on: date) -> Any:
        if family is None:
            return ()
        if procedure.subject == "household":
            return line_up(family.persons, "household", on)
        small = procedure.code in CHILDREN
        fitting = [one for one in family.persons if (one.birth.age_on(on)[1] < 18) == small and one.birth.latest <= on]
        return line_up(fitting[:1], "person", on) if fitting else None

    def _hands(self, procedure: Procedure, track: Track) -> list[Hand]:
        """Whoever of one organisation has a part in cases of this track."""
        kinds = {code for code, role in ROLES.items() if track.organisation_kind in role.kinds}
        opening = procedure.actions[track.opens_with]
        first = next((one for one in cast.MEMBERS if one.role in kinds & set(opening.who)), None)
        if first is None:
            return []
        return [self.setting.hands[one.username] for one in cast.MEMBERS if one.organisation == first.organisation]

    def _course(
        self, procedure: Procedure, track: Track, family: Family | None, hands: list[Hand], chance: random.Random
    ) -> Course:
        office = self.office_codes.get(family.office, "") if family else ""
        in_some_order = chance.sample(hands, len(hands))
        near = [one for one in in_some_order if family and one.office_id == family.office]
        authority = self.setting.organisations[cast.AUTHORITY]
        return Course(
            procedure, track.code, self.setting.book, chance, near + [one for one in in_some_order if one not in near],
            offices=[self.setting.offices[one.code] for one in cast.OFFICES if one.organisation == cast.AUTHORITY],
            until=self.setting.until, care=CARE.get(office, CARE_ELSEWHERE), clocks=self.clocks,
            barriers=self.barriers.get(GOVERNMENT, ()) if hands[0].organisation_id == authority else (),
            counted=family.counted if family else {},
        )  # fmt: skip

    # -- rows

    def _write(
        self, course: Course, family: Family | None, taken: list[tuple[PlannedAct, Hand]], rows: Rows, entries: list[Composed]
    ) -> None:  # fmt: skip
        procedure, setting = course.procedure, self.setting
        opened_on = taken[0][0].occurred_on
        clock = Clockwork(course.chance, setting.latest)
        at = clock.instant(opened_on)
        self.serials.case += 1
        self.written += 1
        stem = f"{procedure.number_prefix}-{opened_on.year % 100:02d}-{self.serials.case:06d}"
        case = models.Case(
            id=clock.new_id(at), number=stem + check_digit(stem), procedure=procedure.code,
            procedure_version=procedure.version, track=course.track, state=procedure.initial_state().code,
            household_id=family.household if family else None, organisation_id=taken[0][1].organisation_id,
            opened_on=opened_on, confined=procedure.confined,
        )  # fmt: skip
        persons = taken[0][0].situation.persons
        ids = {one.person_id: clock.new_id() for one in persons}
        lines = [
            models.CasePerson(
                id=ids[one.person_id], case=case, person_id=one.person_id, position=one.position, own_line=one.own_line,
                listed_with_id=ids.get(one.listed_with) if one.listed_with else None,
            )
            for one in persons
        ]  # fmt: skip
        for n, (planned, hand) in enumerate(taken):
            at = clock.instant(planned.occurred_on) if n else at
            self._act(case, lines, planned, hand, course, clock, at, rows, entries)
            case._state.adding = False
        rows.add(models.Case, row_of(case))
        for line in lines:
            rows.add(models.CasePerson, row_of(line))
        for code, state in course.states().items():
            rows.add(
                models.Due,
                DueRow(
                    case_id=case.id, clock=code, household_id=case.household_id, organisation_id=case.organisation_id,
                    assigned_to_id=case.assigned_to_id, starts_on=state.starts_on, due_on=state.due_on,
                    elapsed_due_on=state.elapsed_due_on, paused_on=state.paused_on, stopped_on=state.stopped_on,
                    provision=state.provision, unknown=state.unknown,
                ),
            )  # fmt: skip

    def _act(
        self, case: models.Case, lines: list[models.CasePerson], planned: PlannedAct, hand: Hand, course: Course,
        clock: Clockwork, at: Any, rows: Rows, entries: list[Composed],
    ) -> None:  # fmt: skip
        before, step_id, beside, item = case.state, clock.new_id(at), [], None
        move(case, lines, planned)
        if planned.action.by_sitting:
            rule = course.procedure.sittings[planned.action.by_sitting]
            beside, item = self.bodies.decide(
                course.procedure, rule, planned.occurred_on, case.id, step_id, course.hands, rows, entries
            )
        entry = compose(
            entry_id=clock.new_id(at), recorded_at=at, by=hand,
            **entry_of(case, lines, planned, before, step_id, item, beside),
        )  # fmt: skip
        entries.append(entry)
        for row in step_of(case, planned, before, step_id, hand.member_id, entry.id, at, item):
            rows.add(type(row), row_of(row))


def row_of(instance: Any) -> tuple[Any, ...]:
    """The columns of a row that was not saved."""
    columns = shape(type(instance))
    return columns(**{name: getattr(instance, name) for name in columns._fields})
