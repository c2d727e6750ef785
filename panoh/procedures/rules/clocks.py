"""From the steps of a case and the barriers of the state to what each time limit comes to. Pure.

The arithmetic of days is `rulebook.deadlines`; here stands what counts as start, stop, pause and extension. What is stored
(`Due`) does not depend on today: it is the answer on the last day on which something happened, and stays true until
something else does. While a pause is open the legal limit has no last day; it gets one when the pause ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from panoh.procedures.rules.situation import Act
from panoh.rulebook.counting import Pause, count
from panoh.rulebook.deadlines import Deadline, Extension, Moment, Run, deadline, governing_value, reckon, runs
from panoh.rulebook.model import ClockRule, DatedValue, NoRuleInForce, Procedure, Rulebook
from panoh.rulebook.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class BarrierFact:
    """A barrier as the rules see it; `to_on` is the first day without it, None while it stands."""

    kind: str
    from_on: date
    to_on: date | None
    provision: str = ""


@dataclass(frozen=True, slots=True)
class ClockInputs:
    """What happened, as far as one clock is concerned. Equal inputs give equal deadlines."""

    starts: tuple[Moment, ...]
    stops: tuple[Moment, ...]
    pauses: tuple[Pause, ...]
    extensions: tuple[date, ...]
    last_day: date
    """The last day on which something happened to this clock."""


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a clock comes to; the columns of `Due`. `unknown` where the rulebook does not cover the days it needs."""

    starts_on: date
    due_on: date | None
    elapsed_due_on: date | None
    paused_on: date | None
    stopped_on: date | None
    provision: str
    unknown: bool = False

    @property
    def is_late(self) -> bool:
        """Stopped after its last day. Whether one that still runs is late depends on the day that is asked for."""
        return self.stopped_on is not None and self.due_on is not None and self.stopped_on > self.due_on


def clock_inputs(
    rule: ClockRule, procedure: Procedure, acts: Sequence[Act], barriers: Iterable[BarrierFact]
) -> ClockInputs | None:
    """What happened to a clock, or None where it has never started."""
    starts: list[Moment] = []
    stops: list[Moment] = []
    pauses: list[Pause] = []
    extensions: list[date] = []
    for act in acts:
        if act.action in rule.starts_on and _starts(rule, act):
            starts.append(Moment(act.occurred_on, act.seq, act.action))
        elif starts and (act.action in rule.stops_on or _left(rule, procedure, act)):
            stops.append(Moment(act.occurred_on, act.seq, act.action))
        elif act.action in rule.pauses_on and not _is_open(pauses):
            pauses.append(Pause(act.occurred_on, None, act.action))
        elif act.action in rule.resumes_on and _is_open(pauses):
            pauses[-1] = Pause(pauses[-1].from_on, max(act.occurred_on, pauses[-1].from_on), pauses[-1].kind)
        elif act.action == rule.extended_by:
            extensions.append(act.occurred_on)
    if not starts:
        return None
    pauses += [
        Pause(barrier.from_on, barrier.to_on, barrier.kind, barrier.provision or None)
        for barrier in barriers
        if barrier.kind in rule.paused_by_barriers
    ]
    days = [moment.on for moment in (*starts, *stops)] + extensions
    days += [day for pause in pauses for day in (pause.from_on, pause.to_on) if day]
    return ClockInputs(tuple(starts), tuple(stops), tuple(pauses), tuple(extensions), max(days))


def _starts(rule: ClockRule, act: Act) -> bool:
    if rule.applies_to_states and act.to_state not in rule.applies_to_states:
        return False
    when = rule.starts_when
    return when is None or when.holds(act.facts) or any(when.holds(about) for about in act.persons.values())


def _left(rule: ClockRule, procedure: Procedure, act: Act) -> bool:
    """The case went where the clock means nothing: out of its states, or to its end."""
    if rule.applies_to_states:
        return act.to_state not in rule.applies_to_states
    return procedure.states[act.to_state].is_final


def _is_open(pauses: Sequence[Pause]) -> bool:
    return bool(pauses) and pauses[-1].to_on is None


def compute_deadline(rule: ClockRule, inputs: ClockInputs, book: Rulebook, asked_on: date) -> Deadline:
    """What the clock says on a day, with its reasoning. Raises NoRuleInForce where the rulebook does not reach."""
    stretches = runs(inputs.starts, inputs.stops, asked_on)
    value = _limit(rule, stretches[-1], book) if stretches else None
    more = _extensions(rule, inputs, book)
    calendar = book.country.work_calendar
    return deadline(rule, inputs.starts, inputs.stops, inputs.pauses, more, value, calendar, asked_on)


def _extensions(rule: ClockRule, inputs: ClockInputs, book: Rulebook) -> list[Extension]:
    return [
        Extension(on, extension.amount, extension.provision)
        for on in inputs.extensions
        for extension in [book.value(rule.extension or "", on)]
    ]


def _limit(rule: ClockRule, run: Run, book: Rulebook) -> DatedValue:
    """The limit of a run. Raises NoRuleInForce where the rulebook has none for the day it started."""
    begun = book.value(rule.limit, run.start.on)
    return governing_value(book.values[rule.limit], run, book.country.work_calendar) or begun


def clock_state(rule: ClockRule, inputs: ClockInputs, book: Rulebook) -> ClockState:
    """What is stored of a clock: its answer on the last day on which something happened to it."""
    found = state_on(rule, inputs, book, inputs.last_day)
    assert found is not None  # noqa: S101 - inputs without a start are never asked about
    return found


def state_on(rule: ClockRule, inputs: ClockInputs, book: Rulebook, on: date) -> ClockState | None:
    """What `compute_deadline` says of a day, without its words; None where the clock had not started by then."""
    stretches = runs(inputs.starts, inputs.stops, on)
    if not stretches:
        return None
    run = stretches[-1]
    provision = rule.legal_basis[0] if rule.legal_basis else ""
    stopped_on = run.stop.on if run.stop else None
    try:
        more = _extensions(rule, inputs, book)
        limit = _limit(rule, run, book)
        found = reckon(rule.code, run, inputs.pauses, more, limit, book.country.work_calendar, on)
    except NoRuleInForce:
        # An act is never refused because a table of holidays ends: the family's step stands, the day is shown as unknown.
        return ClockState(run.start.on, None, None, None, stopped_on, provision, unknown=True)
    paused = found.open_now if stopped_on is None else None
    return ClockState(
        starts_on=run.start.on,
        due_on=found.due_on,
        elapsed_due_on=found.elapsed.due_on,
        paused_on=paused.from_on if paused else None,
        stopped_on=stopped_on,
        provision=provision,
    )


def told_clocks(
    procedure: Procedure, track: str, acts: Sequence[Act], barriers: Sequence[BarrierFact]
) -> list[tuple[ClockRule, ClockInputs]]:
    """What happened to each clock of the track that has started."""
    done = {act.action for act in acts}
    told = [
        (rule, clock_inputs(rule, procedure, acts, barriers))
        for rule in procedure.clocks_of(track)
        if not done.isdisjoint(rule.starts_on)
    ]
    return [(rule, inputs) for rule, inputs in told if inputs is not None]


def states_of(
    procedure: Procedure, told: Sequence[tuple[ClockRule, ClockInputs]], book: Rulebook, known: dict[Any, ClockState]
) -> dict[str, ClockState]:
    """What these clocks come to. `known` keeps what was computed, for cases whose clocks are alike."""
    states: dict[str, ClockState] = {}
    for rule, inputs in told:
        key = (procedure.code, procedure.version, rule.code, inputs)
        if key not in known:
            known[key] = clock_state(rule, inputs, book)
        states[rule.code] = known[key]
    return states


def project_clocks(
    procedure: Procedure,
    track: str,
    acts: Sequence[Act],
    barriers: Sequence[BarrierFact],
    book: Rulebook,
    known: dict[Any, ClockState] | None = None,
) -> dict[str, ClockState]:
    """Every clock of the track that has started."""
    return states_of(procedure, told_clocks(procedure, track, acts, barriers), book, {} if known is None else known)


def last_day_of(value: DatedValue, first_day: date, calendar: WorkCalendar) -> date:
    """The last day of something that is good for a length of time from a day on. It may be a day off: a paper has no office."""
    return count(first_day, [replace(value.amount, rest_day="stay")], (), calendar).due_on
