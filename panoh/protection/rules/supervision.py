"""How an authority keeps its procedure: safeguards, time limits and outcomes of many cases, added up. Pure.

Two ways to count. By opening: cases stand in the month in which they were opened, whatever happens later, so that every case is counted
once and a month's share of broken safeguards has one denominator. By act: each safeguard stands in the month in which it was kept or broken
(or, where nobody can say, in which it was due), each time limit in that in which it ended, each outcome in that in which it was given: how an
office works now, whenever the cases began. What is not recorded is "unknown", and unknown is not kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from math import sqrt
from statistics import median
from uuid import UUID

from panoh.procedures.rules.safeguards import Finding, Record, Verdict, findings
from panoh.procedures.rules.situation import Situation
from panoh.rulebook.model import Procedure, Rulebook

FEWEST_SHOWN = 5
"""Fewer decisions than this are not told of one officer or office: a share of three is chance."""


@dataclass(frozen=True, slots=True)
class Clocked:
    """One clock of a case, as the table of dues has it."""

    clock: str
    starts_on: date
    due_on: date | None
    elapsed_due_on: date | None
    stopped_on: date | None


@dataclass(frozen=True, slots=True)
class Supervised:
    """A case as supervision sees it: no name, no number."""

    id: UUID
    office: UUID
    situation: Situation
    record: Record
    clocks: tuple[Clocked, ...] = ()
    outcomes: tuple[tuple[str, date], ...] = ()
    """What was decided for each person, with its day."""

    @property
    def month(self) -> date:
        assert self.situation.opened_on is not None  # noqa: S101 - a case has a first step
        return self.situation.opened_on.replace(day=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days whose acts are counted, end exclusive."""

    since: date
    before: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.since <= day < self.before


@dataclass(slots=True)
class Kept:
    """One safeguard in some cases: how many of each verdict, and which cases."""

    code: str
    cases: dict[Verdict, list[UUID]] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        return len(self.cases.get(verdict, ()))

    @property
    def kept(self) -> int:
        return self.count(Verdict.KEPT)

    @property
    def broken(self) -> int:
        return self.count(Verdict.BROKEN)

    @property
    def unknown(self) -> int:
        return self.count(Verdict.UNKNOWN)

    @property
    def not_due(self) -> int:
        return self.count(Verdict.NOT_DUE)


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one stage took: only cases in which its clock was stopped have a length."""

    clock: str
    stopped: int
    running: int
    median_days: float | None
    late: int
    """Beyond the legal limit: stopped too late, or still running after it."""
    late_elapsed: int
    """Beyond the same limit if nothing is ever paused: what a family lives through."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Decisions of one office or officer. `counts` is empty where they are too few to be told."""

    key: UUID | None
    decided: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Supervision:
    """All figures of some cases."""

    cases: int
    safeguards: dict[str, Kept]
    by_office_month: dict[tuple[UUID, date], tuple[int, int]]
    """Broken, and judged (kept or broken), over all safeguards."""
    stages: list[Stage]
    offices: list[Outcomes]
    officers: list[Outcomes]


def supervise(
    cases: Iterable[Supervised], procedure: Procedure, book: Rulebook, today: date, acts_in: Span | None = None
) -> Supervision:
    """Add up. `procedure` is the version whose safeguards and clocks are listed; each case is judged by its own.

    With `acts_in` it is counted by act, and only what fell into these days.
    """
    safeguards: dict[str, Kept] = {code: Kept(code) for code in procedure.safeguards}
    by_office_month: dict[tuple[UUID, date], tuple[int, int]] = {}
    clocks: dict[str, list[Clocked]] = {code: [] for code in procedure.clocks}
    offices: dict[UUID | None, Counter[str]] = {}
    officers: dict[UUID | None, Counter[str]] = {}
    many = 0
    for case in cases:
        counted = False
        for found in findings(case.situation, case.record, book):
            month = case.month
            if acts_in is not None:
                day = day_of(found, case.situation)
                if day is None or not acts_in.holds(day):
                    continue
                month = day.replace(day=1)
            counted = True
            kept = safeguards.setdefault(found.safeguard.code, Kept(found.safeguard.code))
            kept.cases.setdefault(found.verdict, []).append(case.id)
            before = by_office_month.get((case.office, month), (0, 0))
            broken = found.verdict is Verdict.BROKEN
            judged = found.verdict in (Verdict.BROKEN, Verdict.KEPT)
            by_office_month[case.office, month] = (before[0] + broken, before[1] + judged)
        for clock in case.clocks:
            if acts_in is None or acts_in.holds(ended_on(clock, today)):
                clocks.setdefault(clock.clock, []).append(clock)
                counted = True
        given = [outcome for outcome, on in case.outcomes if acts_in is None or acts_in.holds(on)]
        if given:
            offices.setdefault(case.office, Counter()).update(given)
            officers.setdefault(prepared_by(case.situation), Counter()).update(given)
        many += counted or bool(given) or acts_in is None
    return Supervision(
        cases=many,
        safeguards=safeguards,
        by_office_month=by_office_month,
        stages=[stage(code, found, today) for code, found in clocks.items() if found],
        offices=told(offices),
        officers=told(officers),
    )


def day_of(found: Finding, situation: Situation) -> date | None:
    """The day on which a safeguard was kept or broken; where nobody can say, on which it became due. None where that is still to come."""
    if found.verdict in (Verdict.NOT_DUE, Verdict.NOT_APPLICABLE):
        return None
    shown = [one.on for one in found.shown_by if one.on is not None]
    if shown:
        return min(shown)
    due = [act.occurred_on for act in situation.acts if act.action in found.safeguard.due_with]
    return max(due, default=situation.acts[-1].occurred_on if situation.acts else None)


def ended_on(clock: Clocked, today: date) -> date | None:
    """The day on which a time limit ended for the family: by the act that stopped it, or by its last day, once that has passed."""
    if clock.stopped_on is not None:
        return clock.stopped_on
    return clock.due_on if clock.due_on is not None and clock.due_on < today else None


def stage(code: str, clocks: Iterable[Clocked], today: date) -> Stage:
    """A stage: its length in days, and how many were late by either clock."""
    found = list(clocks)
    lengths = [(one.stopped_on - one.starts_on).days for one in found if one.stopped_on is not None]

    def late(limit: date | None, one: Clocked) -> bool:
        return limit is not None and (one.stopped_on or today) > limit

    return Stage(
        clock=code,
        stopped=len(lengths),
        running=len(found) - len(lengths),
        median_days=median(lengths) if lengths else None,
        late=sum(late(one.due_on, one) for one in found),
        late_elapsed=sum(late(one.elapsed_due_on, one) for one in found),
    )


def prepared_by(situation: Situation) -> UUID | None:
    """Whose work a decision rests on: who did the last act before outcomes were given."""
    field_name = situation.procedure.outcome_field
    last = None
    for act in situation.acts:
        if field_name and any(field_name in answers for answers in act.persons.values()):
            return last or act.member
        last = act.member
    return last


def told(found: dict[UUID | None, Counter[str]]) -> list[Outcomes]:
    """The most decisions first. Those with too few are added up in one line, if that is enough to hide each of them."""
    enough = {key: counts for key, counts in found.items() if counts.total() >= FEWEST_SHOWN}
    few = [counts for key, counts in found.items() if key not in enough]
    lines = [Outcomes(key, counts.total(), dict(counts)) for key, counts in enough.items()]
    lines.sort(key=lambda line: (-line.decided, str(line.key)))
    if few:
        together: Counter[str] = sum(few, Counter())
        shown = dict(together) if together.total() >= FEWEST_SHOWN and len(few) > 1 else {}
        lines.append(Outcomes(None, together.total(), shown))
    return lines


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Between which shares the truth lies, 95 times of 100 (Wilson 1927): wide where there is little to go by."""
    if not tries:
        return 0.0, 1.0
    z = 1.959964
    share = hits / tries
    middle = share + z * z / (2 * tries)
    spread = z * sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries))
    scale = 1 + z * z / tries
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
