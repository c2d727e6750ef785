"""The sittings in which bodies decided the cases of the other procedures: one for each body and Thursday, closed, with its minutes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Hand, Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.ledger.composition import Composed, compose
from panoh.procedures import models
from panoh.rulebook.model import Procedure, SittingRule

SittingRow, AttendanceRow, ItemRow = (shape(model) for model in (models.Sitting, models.Attendance, models.AgendaItem))
PLACE, MINUTES = "Душанбе", "Рӯзнома пурра баррасӣ шуд."


@dataclass
class Bodies:
    """Sittings by body and day, made when the first decision asks for one."""

    setting: Setting
    next_number: Callable[[date, str], str]
    held: dict[tuple[str, str, date], list[Any]] = field(default_factory=dict)

    def decide(
        self, procedure: Procedure, rule: SittingRule, on: date, case: UUID, step: UUID, hands: Sequence[Hand],
        rows: Rows, entries: list[Composed],
    ) -> tuple[list[UUID], UUID]:  # fmt: skip
        """The sitting and the item that the entry of the decision names besides the case, and the item."""
        key = procedure.code, rule.code, on
        if key not in self.held:
            self.held[key] = [self._hold(procedure, rule, on, hands, rows, entries), 0]
        sitting, position = self.held[key]
        self.held[key][1] = position + 1
        item = self._clock(*key, case).new_id()
        rows.add(
            models.AgendaItem,
            ItemRow(
                id=item, sitting_id=sitting, case_id=case, position=position + 1, outcome="decided", step_id=step,
                version=2,
            ),
        )  # fmt: skip
        return [sitting, item], item

    def _clock(self, *key: Any) -> Clockwork:
        name = "/".join(str(one) for one in key)
        clock = Clockwork(random.Random(f"demo/bodies/{name}"), self.setting.latest)  # noqa: S311
        clock.last = datetime.combine(key[2], time(3, 1), tzinfo=UTC)
        return clock

    def _hold(
        self, procedure: Procedure, rule: SittingRule, on: date, hands: Sequence[Hand], rows: Rows, entries: list[Composed]
    ) -> UUID:  # fmt: skip
        clock = self._clock(procedure.code, rule.code, on)
        at = min(clock.last, self.setting.latest)
        sitting, voters, seated = clock.new_id(at), 0, set()
        for seat in rule.seats:
            hand = next((one for one in hands if one.role == seat.role and one.member_id not in seated), None)
            if hand is None:
                continue  # the cast has nobody for this seat; the quorum is met without
            seated.add(hand.member_id)
            voters += seat.seat in ("chair", "member")
            rows.add(
                models.Attendance,
                AttendanceRow(
                    id=clock.new_id(at), sitting_id=sitting, member_id=hand.member_id, seat=seat.seat, place=seat.code,
                    present=True,
                ),
            )  # fmt: skip
        needed = self.setting.book.value(rule.quorum, on).number
        rows.add(
            models.Sitting,
            SittingRow(
                id=sitting, number=self.next_number(on, procedure.number_prefix), procedure=procedure.code, procedure_version=procedure.version,
                kind=rule.code, organisation_id=hands[0].organisation_id, on=on, place=PLACE, state="closed",
                quorum_needed=min(needed, voters), quorum_present=voters, minutes=MINUTES, version=3,
            ),
        )  # fmt: skip
        ending = min(datetime.combine(on, time(13, 30), tzinfo=UTC), self.setting.latest)
        keeper = next((one for one in hands if one.member_id in seated), hands[0])
        for state, past, instant, detail in (
            ("open", "opened", at, None), ("closed", "closed", ending, {"minutes": MINUTES})
        ):  # fmt: skip
            entries.append(
                compose(
                    entry_id=clock.new_id(instant), recorded_at=instant, by=keeper, kind=f"procedures.sitting.{past}",
                    subjects=[sitting], payload={"sitting": sitting, "state": state}, occurred_on=on, detail=detail,
                    legal_basis=rule.legal_basis,
                )
            )  # fmt: skip
        return sitting
