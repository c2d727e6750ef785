"""The commission's sittings: one for each Thursday on which something was decided, and one convened for the week to come.

Attendance and minutes stand for every sitting; motions and votes only for the last months, as a register that was taken
over would have them.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from panoh.demo.cast import AUTHORITY
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.ledger.composition import Composed, compose
from panoh.procedures import models
from panoh.registry.numbering import check_digit

if TYPE_CHECKING:
    from panoh.demo.loading.files import Writing

SittingRow, AttendanceRow, ItemRow = (shape(model) for model in (models.Sitting, models.Attendance, models.AgendaItem))
MotionRow, VoteRow = shape(models.Motion), shape(models.Vote)

PROCEDURE, KIND, PLACE = "asylum", "commission", "Душанбе"
SEATS = {
    "internal_affairs": ("chair", "commission"),
    "national_security": ("member", "commission-security"),
    "foreign_affairs": ("member", "commission-foreign"),
    "justice": ("member", "commission-justice"),
    "labour": ("member", "commission-labour"),
    "border_troops": ("member", "commission-border"),
    "ombudsman": ("member", "commission-ombudsman"),
    "secretary": ("secretary", "secretary"),
    "unhcr": ("observer", "protection"),
}
VOTES_SINCE_DAYS = 120
NEXT_AGENDA = 14


class Sittings:
    """Sittings by day, made when the first decision asks for one."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.rng = random.Random("demo/sittings")  # noqa: S311
        self.by_day: dict[date, tuple[UUID, list[UUID]]] = {}
        self.positions: dict[UUID, int] = {}
        self.waiting: list[tuple[date, UUID]] = []
        self.number = 0

    def decide(
        self,
        writing: Writing,
        on: date,
        case: UUID,
        step: UUID,
        action: str,
        facts: dict[str, Any],
        persons: dict[str, Any],
    ) -> tuple[list[UUID], UUID]:
        """The agenda item of a decision, and whom its entry must name besides the case."""
        if on not in self.by_day:
            self._hold(on, writing.rows, writing.entries)
        sitting, voters = self.by_day[on]
        self.positions[sitting] += 1
        item = writing.clock.new_id()
        writing.rows.add(
            models.AgendaItem,
            ItemRow(
                id=item, sitting_id=sitting, case_id=case, position=self.positions[sitting], outcome="decided",
                step_id=step, version=2,
            ),
        )  # fmt: skip
        beside = [sitting, item]
        if (self.setting.until - on).days <= VOTES_SINCE_DAYS:
            beside.append(self._vote(writing, item, voters, action, facts, persons))
        return beside, item

    def _vote(
        self,
        writing: Writing,
        item: UUID,
        voters: list[UUID],
        action: str,
        facts: dict[str, Any],
        persons: dict[str, Any],
    ) -> UUID:
        values = ["for"] * len(voters)
        if self.rng.random() < 0.2:
            values[self.rng.randrange(1, len(values))] = self.rng.choice(("against", "abstain"))
        motion = writing.clock.new_id()
        writing.rows.add(
            models.Motion,
            MotionRow(
                id=motion, item_id=item, round=1, action=action, facts={}, persons=persons, state="carried",
                in_favour=values.count("for"), against=values.count("against"), abstained=values.count("abstain"),
                put_by_id=self.setting.hands["secretary"].member_id,
            ),
        )  # fmt: skip
        for voter, value in zip(voters, values, strict=True):
            writing.rows.add(
                models.Vote, VoteRow(id=writing.clock.new_id(), motion_id=motion, member_id=voter, value=value)
            )
        return motion

    def _hold(self, on: date, rows: Rows, entries: list[Composed]) -> None:
        clock = Clockwork(random.Random(f"demo/sitting/{on}"), datetime.combine(on, time(18, 50), tzinfo=UTC))  # noqa: S311
        rule = self.setting.book.procedure(PROCEDURE, on).sittings[KIND]
        needed = self.setting.book.value(rule.quorum, on).number
        # Called together a week before; opened before the first decision of the day and closed after the last.
        at = min(datetime.combine(on, time(3, 1), tzinfo=UTC), self.setting.latest)
        sitting = clock.new_id(at)
        absent = clock.rng.choice([None, None, "labour", "border_troops"])
        voters = []
        for place, (seat, username) in SEATS.items():
            member = self.setting.hands[username].member_id
            present = place != absent
            if present and seat in ("chair", "member"):
                voters.append(member)
            rows.add(
                models.Attendance,
                AttendanceRow(
                    id=clock.new_id(at), sitting_id=sitting, member_id=member, seat=seat, place=place, present=present
                ),
            )
        rows.add(
            models.Sitting,
            SittingRow(
                id=sitting, number=self.next_number(on), procedure=PROCEDURE, procedure_version=1, kind=KIND,
                organisation_id=self.setting.organisations[AUTHORITY], on=on, place=PLACE, state="closed",
                quorum_needed=needed, quorum_present=len(voters), minutes=MINUTES, version=3,
            ),
        )  # fmt: skip
        ending = datetime.combine(on, time(13, 30), tzinfo=UTC)
        ending = min(ending, self.setting.latest)
        for past, state, instant, detail in (
            ("opened", "open", at, None),
            ("closed", "closed", ending, {"minutes": MINUTES}),
        ):
            self._enter(entries, clock, past, sitting, instant, on, {"state": state}, detail, rule.legal_basis)
        self.by_day[on] = (sitting, voters)
        self.positions[sitting] = 0

    # -- the next one

    def offer(self, case: UUID, since: date) -> None:
        self.waiting.append((since, case))
        if len(self.waiting) > 1_000:
            self.waiting = sorted(self.waiting)[:NEXT_AGENDA]

    def convene_next(self, rows: Rows, entries: list[Composed]) -> bool:
        """The sitting of the coming Thursday, with the cases that have waited longest. Nothing to convene: False."""
        agenda = sorted(self.waiting)[:NEXT_AGENDA]
        if not agenda:
            return False
        until = self.setting.until
        on = until + timedelta(days=((3 - until.weekday()) % 7) or 7)
        at = min(datetime.combine(until, time(5), tzinfo=UTC), self.setting.latest)
        clock = Clockwork(random.Random("demo/next sitting"), at)  # noqa: S311
        sitting, number = clock.new_id(at), self.next_number(on)
        items = {clock.new_id(at): case for _since, case in agenda}
        rows.add(
            models.Sitting,
            SittingRow(
                id=sitting, number=number, procedure=PROCEDURE, procedure_version=1, kind=KIND,
                organisation_id=self.setting.organisations[AUTHORITY], on=on, place=PLACE,
            ),
        )  # fmt: skip
        for position, (item, case) in enumerate(items.items(), start=1):
            rows.add(models.AgendaItem, ItemRow(id=item, sitting_id=sitting, case_id=case, position=position))
        rule = self.setting.book.procedure(PROCEDURE, until).sittings[KIND]
        payload = {
            "state": "convened",
            "items": {str(i): c for i, c in items.items()},
            "on": on,
            "number": number,
            "version": 1,
        }
        self._enter(
            entries, clock, "convened", sitting, at, until, payload, {"place": PLACE}, rule.legal_basis, items.values()
        )
        return True

    def _enter(
        self,
        entries: list[Composed],
        clock: Clockwork,
        past: str,
        sitting: UUID,
        at: datetime,
        on: date,
        payload: dict[str, Any],
        detail: dict[str, Any] | None,
        legal_basis: Any,
        cases: Any = (),
    ) -> None:
        entries.append(
            compose(
                entry_id=clock.new_id(at), recorded_at=at, by=self.setting.hands["secretary"],
                kind=f"procedures.sitting.{past}", subjects=[sitting, *cases], payload={"sitting": sitting, **payload},
                occurred_on=on, detail=detail, legal_basis=legal_basis,
            )
        )  # fmt: skip

    def next_number(self, on: date, prefix: str = "A") -> str:
        self.number += 1
        stem = f"{prefix}-{on.year % 100:02d}-S{self.number:04d}"
        return stem + check_digit(stem)


MINUTES = "Рӯзномаи ҷаласа пурра баррасӣ шуд; қарорҳо дар парвандаҳо сабт гардиданд."
