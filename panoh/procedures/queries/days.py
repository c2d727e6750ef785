"""All clocks of all cases as they stood, or will stand, on one day: computed from the steps, whatever the projection says.

The plain way for one case is `rules.clocks.compute_deadline`; this is the same for a hundred thousand, and a property test holds the
two together. Only what was known on the day counts: acts and barriers after it play no part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from panoh.kernel.collecting import without_collecting
from panoh.procedures.models import Case
from panoh.procedures.operations.dues import feasts_on_record, read_histories
from panoh.procedures.rules.clocks import ClockState, state_on
from panoh.rulebook.feasts import with_feasts
from panoh.rulebook.model import Rulebook


class Standing(StrEnum):
    """Where a clock is on a day, as a page heads it."""

    LATE = "late"
    WEEK = "week"
    MONTH = "month"
    LATER = "later"
    PAUSED = "paused"
    STOPPED = "stopped"
    STOPPED_LATE = "stopped_late"
    UNKNOWN = "unknown"


class ClockOn(NamedTuple):
    """One clock of one case on the day that was asked for."""

    case_id: UUID
    procedure: str
    clock: str
    state: ClockState


@dataclass(slots=True)
class CountsOn:
    """How many clocks stand where, by procedure and clock."""

    on: date
    cases: int = 0
    clocks: int = 0
    by_clock: dict[tuple[str, str], Counter[Standing]] = field(default_factory=dict)


def list_on(cases: QuerySet[Case], book: Rulebook, on: date) -> Iterator[ClockOn]:
    """Every clock that had started by the day, of the cases that were open or closed then. Needs to see all of them."""
    book = with_feasts(book, feasts_on_record())
    known: dict[Any, ClockState | None] = {}
    for case, procedure, told in read_histories(cases.filter(opened_on__lte=on), book, until=on):
        for rule, inputs in told:
            key = (procedure.code, procedure.version, rule.code, inputs)
            if key not in known:
                known[key] = state_on(rule, inputs, book, on)
            found = known[key]
            if found is not None:
                yield ClockOn(case.pk, procedure.code, rule.code, found)


def count_on(cases: QuerySet[Case], book: Rulebook, on: date) -> CountsOn:
    """How many clocks stood where on a day."""
    counts, seen = CountsOn(on), None
    with without_collecting():
        for one in list_on(cases, book, on):
            counts.clocks += 1
            if one.case_id != seen:
                seen = one.case_id
                counts.cases += 1
            key = (one.procedure, one.clock)
            if key not in counts.by_clock:
                counts.by_clock[key] = Counter()
            counts.by_clock[key][standing_of(one.state, on)] += 1
    return counts


def standing_of(state: ClockState, on: date) -> Standing:
    if state.unknown:
        return Standing.UNKNOWN
    if state.stopped_on is not None:
        return (
            Standing.STOPPED_LATE if state.due_on is not None and state.stopped_on > state.due_on else Standing.STOPPED
        )
    if state.due_on is None:
        return Standing.PAUSED
    left = (state.due_on - on).days
    if left < 0:
        return Standing.LATE
    return Standing.WEEK if left <= 7 else Standing.MONTH if left <= 31 else Standing.LATER
