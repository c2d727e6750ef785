"""Was the procedure fair in this case? Each safeguard of the rulebook is kept, broken or unknown, with what shows it. Pure.

Unknown is an answer of its own: what nobody wrote down is not thereby kept. Evidence comes from the steps, the clocks,
the sittings and the papers, and, where no record can tell, from a monitor who was told or was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from panoh.procedures.rules.situation import Situation
from panoh.rulebook.model import Condition, Evidence, Safeguard, as_text


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
    seats: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By kind of sitting that dealt with the case: the seats that were taken there."""
    papers: Mapping[str, date] = field(default_factory=dict)
    """Kinds of paper that were issued in the case, with the first day."""
    answers: Mapping[str, MonitorAnswer] = field(default_factory=dict)


def findings(situation: Situation, record: Record) -> tuple[Finding, ...]:
    """All safeguards of the case's track, in the order of the rulebook."""
    return tuple(
        finding(one, situation, record)
        for one in situation.procedure.safeguards.values()
        if situation.track in one.tracks
    )


def finding(safeguard: Safeguard, situation: Situation, record: Record) -> Finding:
    """One safeguard. A monitor's word stands before what the record suggests: she may know what nobody wrote down."""
    said = record.answers.get(safeguard.code)
    if said is not None:
        return Finding(safeguard, said.verdict, (Shown("answer", safeguard.code, said.on, note=said.note),))
    if safeguard.asked_when is not None and not _applies(safeguard.asked_when, situation):
        return Finding(safeguard, Verdict.NOT_APPLICABLE)
    days = [act.occurred_on for act in situation.acts if act.action in safeguard.due_with]
    due, since = not safeguard.due_with or bool(days), min(days, default=None)
    kept: list[Shown] = []
    broken: list[Shown] = []
    for evidence in safeguard.evidence:
        verdict, shown = _look(evidence, situation, record, due, since)
        if verdict is Verdict.KEPT and shown:
            kept.append(shown)
        elif verdict is Verdict.BROKEN and shown:
            broken.append(shown)
    if broken:
        return Finding(safeguard, Verdict.BROKEN, tuple(broken))
    if kept:
        return Finding(safeguard, Verdict.KEPT, tuple(kept))
    return Finding(safeguard, Verdict.UNKNOWN if due else Verdict.NOT_DUE)


def _applies(when: Condition, situation: Situation) -> bool:
    return any(
        when.holds(act.facts) or any(when.holds(about) for about in act.persons.values()) for act in situation.acts
    )


def _look(
    evidence: Evidence, situation: Situation, record: Record, due: bool, since: date | None
) -> tuple[Verdict, Shown | None]:
    match evidence.kind:
        case "step":
            return _step(evidence, situation, due)
        case "field":
            return _field(evidence, situation)
        case "clock" if evidence.clock:
            if evidence.clock in record.late_clocks:
                return Verdict.BROKEN, Shown("clock", evidence.clock, record.late_clocks[evidence.clock])
            if evidence.clock in record.clocks_in_time:
                return Verdict.KEPT, Shown("clock", evidence.clock, record.clocks_in_time[evidence.clock])
        case "sitting" if evidence.sitting and evidence.seat:
            if evidence.sitting in record.seats:
                there = evidence.seat in record.seats[evidence.sitting]
                return Verdict.KEPT if there else Verdict.BROKEN, Shown("sitting", evidence.seat)
        case "paper" if evidence.paper_kind:
            if evidence.paper_kind in record.papers:
                return Verdict.KEPT, Shown("paper", evidence.paper_kind, record.papers[evidence.paper_kind])
            # On the day itself a paper may still be made out.
            if due and (since is None or since < situation.today):
                return Verdict.BROKEN, Shown("paper", evidence.paper_kind)
    return Verdict.UNKNOWN, None


def _step(evidence: Evidence, situation: Situation, due: bool) -> tuple[Verdict, Shown | None]:
    action = evidence.action or ""
    done = situation.last(action)
    if done is None:
        return (Verdict.BROKEN, Shown("step", action)) if due else (Verdict.UNKNOWN, None)
    first = next(act for act in situation.acts if act.action == action)
    if evidence.before:
        limit = situation.last(evidence.before)
        if limit is not None and limit.seq < first.seq:
            return Verdict.BROKEN, Shown("step", action, first.occurred_on, first.seq)
    return Verdict.KEPT, Shown("step", action, first.occurred_on, first.seq)


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
