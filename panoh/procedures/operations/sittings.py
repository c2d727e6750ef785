"""Meetings that decide: opened with a quorum, closed with minutes. How one is convened stands in `operations.agenda`.

Every act on a sitting locks its row, so that two people at two keyboards act one after the other; each leaves one entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.access.models import Member
from panoh.access.queries import in_force
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.procedures.models import AgendaItem, Attendance, Sitting
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import today
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.sittings import rule_of
from panoh.procedures.rules.recording import first_day_to_record
from panoh.procedures.rules.voting import Attendant, Quorum, QuorumRule, Seat, quorum
from panoh.rulebook.model import Procedure, Rulebook, SittingRule


@dataclass(frozen=True, slots=True)
class Attends:
    """A line of the attendance list as it is given in: who takes which place. `leads` where a member stands in as chair."""

    member_id: UUID
    place: str
    present: bool
    leads: bool = False


@transaction.atomic
def open_sitting(*, by: Actor, sitting: Sitting, attendance: Sequence[Attends], expected_version: int) -> Sitting:
    """Opens the sitting with its attendance list. Without a quorum it does not open."""
    locked, definition, rule = locked_for(by, sitting, "open", Sitting.CONVENED, expected_version)
    if locked.on > today():
        raise Problem("procedures.sitting.not_its_day", on=locked.on)
    first = max(first_day_to_record(definition.actions[code], today(), current_book()) for code in rule.decides)
    if locked.on < first:
        # Its decisions would bear a day that nobody may write down alone any more.
        raise Problem("procedures.sitting.long_past", on=locked.on, first=first)
    lines = _check_attendance(by, rule, locked, attendance)
    reached = quorum_of(current_book(), rule, locked.on, lines)
    check_quorum(reached)
    locked.state, locked.quorum_needed, locked.quorum_present = Sitting.OPEN, reached.needed, reached.present
    save_sitting(
        by, locked, "opened", payload={"attendance": _told(lines), "quorum": [reached.needed, reached.present]}
    )
    Attendance.objects.bulk_create(lines)
    return locked


@transaction.atomic
def change_attendance(*, by: Actor, sitting: Sitting, attendance: Sequence[Attends], expected_version: int) -> Sitting:
    """Somebody comes or goes while the sitting is open. Votes already counted stay as they were counted."""
    locked, _definition, rule = locked_for(by, sitting, "attend", Sitting.OPEN, expected_version)
    lines = _check_attendance(by, rule, locked, attendance)
    known = {line.member_id: line for line in locked.attendance.all()}
    missing = known.keys() - {line.member_id for line in lines}
    for line in lines:
        found = known.get(line.member_id)
        if found:
            line.pk = found.pk
            line._state.adding = False
    save_sitting(
        by, locked, "attendance_changed", payload={"attendance": _told(lines), "absent": sorted(map(str, missing))}
    )
    # Places are given up before they are given, so that one chair and one for a place hold between two statements.
    locked.attendance.filter(member_id__in=known).update(present=False)
    for line in lines:
        line.save(force_insert=line._state.adding)
    return locked


@transaction.atomic
def close_sitting(*, by: Actor, sitting: Sitting, minutes: str, expected_version: int) -> Sitting:
    """Closes the sitting with its minutes, once every item was decided or deferred."""
    locked, _definition, _rule = locked_for(by, sitting, "close", Sitting.OPEN, expected_version)
    text = minutes.strip()
    if not text:
        raise Problem("procedures.sitting.no_minutes", field="minutes")
    waiting = locked.items.filter(outcome=AgendaItem.WAITING).count()
    if waiting:
        raise Problem("procedures.sitting.items_waiting", count=waiting)
    locked.state, locked.minutes = Sitting.CLOSED, text
    save_sitting(by, locked, "closed", payload={}, detail={"minutes": text}, fields=["minutes"])
    return locked


@transaction.atomic
def cancel_sitting(*, by: Actor, sitting: Sitting, reason: str, expected_version: int) -> Sitting:
    """A sitting that does not meet: its cases are free for the next agenda."""
    locked, _definition, _rule = locked_for(by, sitting, "convene", Sitting.CONVENED, expected_version)
    items = list(locked.items.filter(outcome=AgendaItem.WAITING))
    locked.state = Sitting.CANCELLED
    save_sitting(
        by, locked, "cancelled", subjects=[item.case_id for item in items],
        payload={"deferred": [str(item.pk) for item in items]}, detail={"reason": reason.strip()},
    )  # fmt: skip
    for item in items:
        item.outcome, item.version = AgendaItem.DEFERRED, item.version + 1
    AgendaItem.objects.bulk_update(items, ["outcome", "version"])
    return locked


# -- what every act on a sitting begins and ends with ----------------------------------------------------------------


def lock_sitting(sitting: Sitting) -> Sitting:
    locked = Sitting.objects.select_for_update().filter(pk=sitting.pk).first()
    if locked is None:
        raise Problem("procedures.sitting.not_found")
    return locked


def locked_for(
    by: Actor, sitting: Sitting, act: str, state: str, expected_version: int | None
) -> tuple[Sitting, Procedure, SittingRule]:
    locked = lock_sitting(sitting)
    policy.check(by, sitting_verb(locked.procedure, locked.kind, act), locked)
    if locked.state != state:
        raise Problem("procedures.sitting.wrong_state", state=locked.state)
    if expected_version is not None and locked.version != expected_version:
        raise Problem("procedures.sitting.changed_meanwhile")
    definition, rule = rule_of(locked)
    return locked, definition, rule


def save_sitting(
    by: Actor,
    sitting: Sitting,
    past: str,
    *,
    payload: Mapping[str, Any],
    subjects: Sequence[UUID] = (),
    detail: Mapping[str, Any] | None = None,
    fields: Sequence[str] = (),
) -> Entry:
    sitting.version += 1
    entry = record_sitting(
        by, sitting, past, current_book(), subjects=subjects, payload=payload, detail=detail, occurred_on=sitting.on
        if past != "cancelled" else today(),
    )  # fmt: skip
    sitting.save(update_fields=["state", "version", "quorum_needed", "quorum_present", *fields])
    return entry


def record_sitting(
    by: Actor,
    sitting: Sitting,
    past: str,
    book: Rulebook,
    *,
    subjects: Sequence[UUID] = (),
    payload: Mapping[str, Any],
    occurred_on: date,
    detail: Mapping[str, Any] | None = None,
    submission_id: UUID | None = None,
) -> Entry:
    """One entry about a sitting; `state` in the payload is what the replay compares."""
    _definition, rule = rule_of(sitting)
    return record(
        by=by,
        kind=f"procedures.sitting.{past}",
        subjects=[sitting.pk, *subjects],
        payload={"sitting": sitting.pk, "state": sitting.state, "version": sitting.version, **payload},
        occurred_on=occurred_on,
        detail=detail,
        legal_basis=rule.legal_basis,
        submission_id=submission_id,
    )


def _check_attendance(
    by: Actor, rule: SittingRule, sitting: Sitting, attendance: Sequence[Attends]
) -> list[Attendance]:
    """Each place goes to one member whose role the rulebook names for it, in force on the day; one chair, nobody twice."""
    by_id = {
        member.pk: member
        for member in Member.objects.filter(in_force(sitting.on), pk__in=[one.member_id for one in attendance])
    }
    places = {seat.code: seat for seat in rule.seats}
    lines: dict[UUID, Attendance] = {}
    for one in attendance:
        member, place = by_id.get(one.member_id), places.get(one.place)
        if (
            member is None
            or place is None
            or one.member_id in lines
            or member.role != place.role
            or (one.leads and not place.votes)
            or (place.seat != Seat.OBSERVER and member.organisation_id != sitting.organisation_id)
        ):
            raise Problem("procedures.sitting.seat_not_yours", field="attendance", place=one.place[:60])
        seat = Seat.CHAIR if one.leads else place.seat
        lines[one.member_id] = Attendance(
            sitting=sitting, member_id=one.member_id, seat=seat, place=place.code, present=one.present
        )
    if any(one.leads for one in attendance):
        # Somebody stands in: whoever has the chair by the rulebook is there as a member, if at all.
        for line, one in zip(lines.values(), attendance, strict=True):
            if line.seat == Seat.CHAIR and not one.leads:
                line.seat = Seat.MEMBER
    here = [line for line in lines.values() if line.present]
    if sum(line.seat == Seat.CHAIR for line in here) > 1 or len({line.place for line in here}) != len(here):
        raise Problem("procedures.sitting.one_chair", field="attendance")
    return list(lines.values())


def _told(lines: Iterable[Attendance]) -> list[list[Any]]:
    return [[str(line.member_id), line.place, str(line.seat), line.present] for line in lines]


def attendants(lines: Iterable[Attendance]) -> tuple[Attendant, ...]:
    return tuple(Attendant(line.member_id, Seat(line.seat), line.present) for line in lines)


def quorum_of(
    book: Rulebook,
    rule: SittingRule,
    on: date,
    lines: Iterable[Attendance],
    excluded: frozenset[UUID] = frozenset(),
) -> Quorum:
    """The quorum that the law asks for on that day, against who is there."""
    needed = book.value(rule.quorum, on).number
    votes = sum(seat.votes for seat in rule.seats)
    return quorum(
        QuorumRule(members=max(votes, needed), least=needed, chair_required=rule.chair_required),
        attendants(lines),
        excluded,
    )


def check_quorum(reached: Quorum) -> None:
    if reached.missing:
        raise Problem("procedures.sitting.no_quorum", needed=reached.needed, present=reached.present)
    if reached.chair_missing:
        raise Problem("procedures.sitting.no_chair")
