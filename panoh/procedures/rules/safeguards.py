"""Was the procedure fair in this case? Each safeguard is kept, broken, not due yet or unknown, with what shows it. Pure.

Unknown is an answer of its own: what nobody wrote down is not thereby kept. Evidence comes from the steps, the clocks,
the sittings and the papers, and, where no record can tell, from a monitor who was told or was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from panoh.procedures.rules.situation import Situation
from panoh.rulebook.counting import count
from panoh.rulebook.model import Condition, Evidence, Rulebook, Safeguard, as_text


class Verdict(StrEnum):
    """What can be said of a safeguard in one case."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"


ANSWERS = frozenset({Verdict.KEPT, Verdict.BROKEN, Verdict.NOT_APPLICABLE})
"""What a monitor can say; the rest is said by the record, or by its silence."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What shows it: the kind of evidence, and the step, clock, seat or paper it was read from."""

    kind: str
    of: str
    on: date | None = None
    seq: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A safeguard with its verdict and the evidence for it."""

    safeguard: Safeguard
    verdict: Verdict
    shown_by: tuple[Shown, ...] = ()
    due_on: date | None = None
    """For one that is not due yet: the day until which it can be kept, where there is one."""


@dataclass(frozen=True, slots=True)
class MonitorAnswer:
    """What a monitor said of a safeguard, with the day and in a few words on what it rests."""

    verdict: Verdict
    on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What a case can show, beside its steps."""

    late_clocks: Mapping[str, date] = field(default_factory=dict)
    """Clocks whose limit has passed (or was passed when they stopped), with the day on which it ended."""
    clocks_in_time: Mapping[str, date] = field(default_factory=dict)
    """Clocks that were stopped within their limit, with the day."""
    running_clocks: Mapping[str, date | None] = field(default_factory=dict)
    """Clocks that run within their limit, with its last day; None while they stand still."""
    seats: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By kind of sitting that dealt with the case: the seats that were taken there."""
    papers: Mapping[str, date] = field(default_factory=dict)
    """Kinds of paper that were issued in the case, with the first day."""
    answers: Mapping[str, MonitorAnswer] = field(default_factory=dict)


def findings(situation: Situation, record: Record, book: Rulebook) -> tuple[Finding, ...]:
    """All safeguards of the case's track, in the order of the rulebook."""
    return tuple(
        finding(one, situation, record, book)
        for one in situation.procedure.safeguards.values()
        if situation.track in one.tracks
    )


def finding(safeguard: Safeguard, situation: Situation, record: Record, book: Rulebook) -> Finding:
    """One safeguard. A monitor's word stands before what the record suggests: she may know what nobody wrote down."""
    said = record.answers.get(safeguard.code)
    if said is not None:
        return Finding(safeguard, said.verdict, (Shown("answer", safeguard.code, said.on, note=said.note),))
    if safeguard.asked_when is not None and not _applies(safeguard.asked_when, situation):
        return Finding(safeguard, Verdict.NOT_APPLICABLE)
    days = [act.occurred_on for act in situation.acts if act.action in safeguard.due_with]
    over = situation.state_definition.is_final
    if safeguard.due_with and not days and over:
        return Finding(safeguard, Verdict.NOT_APPLICABLE)
    until = None
    if safeguard.due_within and days:
        value = book.value(safeguard.due_within, min(days))
        until = count(min(days), [value.amount], (), book.country.work_calendar).due_on
    asked = _Asked(situation, record, due=not safeguard.due_with or bool(days), until=until, over=over)
    looked = [_look(evidence, asked) for evidence in safeguard.evidence]

    def shown_as(verdict: Verdict) -> tuple[Shown, ...]:
        return tuple(shown for found, shown in looked if found is verdict and shown)

    if shown_as(Verdict.BROKEN):
        return Finding(safeguard, Verdict.BROKEN, shown_as(Verdict.BROKEN))
    waiting = [shown for found, shown in looked if found is Verdict.NOT_DUE]
    if waiting:
        ends = [shown.on for shown in waiting if shown and shown.on]
        return Finding(safeguard, Verdict.NOT_DUE, shown_as(Verdict.KEPT), due_on=min(ends, default=None))
    if shown_as(Verdict.KEPT):
        return Finding(safeguard, Verdict.KEPT, shown_as(Verdict.KEPT))
    return Finding(safeguard, Verdict.UNKNOWN if asked.due else Verdict.NOT_DUE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a piece of evidence is held against: the case, what it can show, and by when it must."""

    situation: Situation
    record: Record
    due: bool
    until: date | None
    """The last day on which it may still be kept, where the rulebook gives one."""
    over: bool
    """The case is at its end: what was not done by now was not done."""

    def missing(self, shown: Shown) -> tuple[Verdict, Shown | None]:
        """Something is not there: not due yet, broken, or nobody can say while the case goes on and no day is set."""
        if not self.due:
            return Verdict.UNKNOWN, None
        if self.until is not None and self.situation.today <= self.until:
            return Verdict.NOT_DUE, replace(shown, on=self.until)
        return (Verdict.BROKEN, shown) if self.until is not None or self.over else (Verdict.UNKNOWN, None)


def _applies(when: Condition, situation: Situation) -> bool:
    return any(
        when.holds(act.facts) or any(when.holds(about) for about in act.persons.values()) for act in situation.acts
    )


def _look(evidence: Evidence, asked: _Asked) -> tuple[Verdict, Shown | None]:
    record = asked.record
    match evidence.kind:
        case "step":
            return _step(evidence, asked)
        case "field":
            return _field(evidence, asked.situation)
        case "clock" if evidence.clock:
            if evidence.clock in record.late_clocks:
                return Verdict.BROKEN, Shown("clock", evidence.clock, record.late_clocks[evidence.clock])
            if evidence.clock in record.running_clocks:
                return Verdict.NOT_DUE, Shown("clock", evidence.clock, record.running_clocks[evidence.clock])
            if evidence.clock in record.clocks_in_time:
                return Verdict.KEPT, Shown("clock", evidence.clock, record.clocks_in_time[evidence.clock])
        case "sitting" if evidence.sitting and evidence.seat:
            if evidence.sitting in record.seats:
                there = evidence.seat in record.seats[evidence.sitting]
                return Verdict.KEPT if there else Verdict.BROKEN, Shown("sitting", evidence.seat)
        case "paper" if evidence.paper_kind:
            issued_on = record.papers.get(evidence.paper_kind)
            if issued_on is None:
                return asked.missing(Shown("paper", evidence.paper_kind))
            late = asked.until is not None and issued_on > asked.until
            return Verdict.BROKEN if late else Verdict.KEPT, Shown("paper", evidence.paper_kind, issued_on)
    return Verdict.UNKNOWN, None


def _step(evidence: Evidence, asked: _Asked) -> tuple[Verdict, Shown | None]:
    action, situation = evidence.action or "", asked.situation
    first = next((act for act in situation.acts if act.action == action), None)
    if first is None:
        return asked.missing(Shown("step", action))
    limit = situation.last(evidence.before) if evidence.before else None
    too_late = (limit is not None and limit.seq < first.seq) or (
        asked.until is not None and first.occurred_on > asked.until
    )
    return Verdict.BROKEN if too_late else Verdict.KEPT, Shown("step", action, first.occurred_on, first.seq)


def _field(evidence: Evidence, situation: Situation) -> tuple[Verdict, Shown | None]:
    done = situation.last(evidence.action or "")
    if done is None:
        return Verdict.UNKNOWN, None
    values = {as_text(value) for value in _values(evidence.field or "", done.facts, done.persons.values())}
    shown = Shown("field", f"{evidence.action}.{evidence.field}", done.occurred_on, done.seq)
    if values & evidence.broken:
        return Verdict.BROKEN, shown
    if values & evidence.kept:
        return Verdict.KEPT, shown
    return Verdict.UNKNOWN, None


def _values(name: str, facts: Mapping[str, Any], persons: Iterable[Mapping[str, Any]]) -> list[Any]:
    found: list[Any] = []
    for answers in (facts, *persons):
        if name in answers:
            value = answers[name]
            found.extend(value) if isinstance(value, list) else found.append(value)
    return found
