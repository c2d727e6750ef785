"""In which order a sitting takes the cases, and in which order a desk does. Pure.

The most urgent is the one whose legal time limit ends first. A case whose legal clock stands still has no such day; it
is ranked by the elapsed clock, so that a suspension by the state does not push a family to the end of the queue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

SUGGESTED = 20
"""How many of the most urgent cases are proposed for one sitting where the law sets no number; whoever convenes it chooses."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that waits for an act which only a sitting may do, with the most urgent clock that the act would stop."""

    case_id: UUID
    number: str
    opened_on: date
    due_on: date | None
    elapsed_due_on: date | None
    clock: str = ""
    deferred_on: date | None = None
    """The day of the last sitting that put it off."""
    hearing: UUID | None = None
    """What cases that are heard together have in common; a case that is heard alone has its own."""


def urgency(candidate: Candidate) -> tuple[date, date, str]:
    """Smaller is more urgent. The number breaks the last tie, so that the order is always the same."""
    return (candidate.due_on or candidate.elapsed_due_on or date.max, candidate.opened_on, candidate.number)


def order_agenda(candidates: Iterable[Candidate], limit: int | None = None) -> tuple[Candidate, ...]:
    """The agenda: most urgent first, and what is heard together one after the other, where the most urgent of them stands.

    What does not fit whole under the limit is left to the next sitting, unless nothing else stands on the agenda.
    """
    together: dict[UUID, list[Candidate]] = {}
    for one in sorted(candidates, key=urgency):
        together.setdefault(one.hearing or one.case_id, []).append(one)
    agenda: list[Candidate] = []
    for group in together.values():
        if limit is None or len(agenda) + len(group) <= limit:
            agenda += group
        elif not agenda:
            agenda += group[:limit]
    return tuple(agenda)


class Standing(StrEnum):
    """How far an item has come."""

    WAITING = "waiting"
    VOTING = "voting"
    CARRIED = "carried"
    DECIDED = "decided"
    DEFERRED = "deferred"


def standing_of(outcome: str, motion: str) -> Standing:
    """From what became of the item and of the motion that is put on it, if any ("open", "carried")."""
    if outcome in (Standing.DECIDED, Standing.DEFERRED):
        return Standing(outcome)
    return {"open": Standing.VOTING, "carried": Standing.CARRIED}.get(motion, Standing.WAITING)


class Bucket(StrEnum):
    """The headings of the work list."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"
    PAUSED = "paused"


def week_end(today: date, last_weekday: int = 6) -> date:
    """The last day of the week that `today` is in; weekdays as in `date.weekday()`, Sunday by default."""
    return today + timedelta(days=(last_weekday - today.weekday()) % 7)


def bucket(due_on: date | None, today: date) -> Bucket:
    """Under which heading something due that day stands. No legal day means that the legal clock is paused."""
    if due_on is None:
        return Bucket.PAUSED
    if due_on < today:
        return Bucket.OVERDUE
    if due_on == today:
        return Bucket.TODAY
    return Bucket.THIS_WEEK if due_on <= week_end(today) else Bucket.LATER


def bucket_range(which: Bucket, today: date) -> tuple[date | None, date | None]:
    """First and last day of a heading, both inclusive, None for no bound. PAUSED has no days and is not asked here."""
    match which:
        case Bucket.OVERDUE:
            return None, today - timedelta(days=1)
        case Bucket.TODAY:
            return today, today
        case Bucket.THIS_WEEK:
            return today + timedelta(days=1), week_end(today)
        case Bucket.LATER:
            return week_end(today) + timedelta(days=1), None
    raise ValueError(f"no days for {which}")
