"""From the steps of a case and the barriers of the state to what each time limit comes to. Pure.

The arithmetic of days is `rulebook.deadlines`; here stands what counts as start, stop, pause and extension. What is stored
(`Due`) does not depend on today: it is the answer on the last day on which something happened, and stays true until
something else does. While a pause is open the legal limit has no last day; it gets one when the pause ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from panoh.procedures.rules.moves import Move, stretches_of
from panoh.procedures.rules.situation import Act
from panoh.rulebook.counting import Pause, count
from panoh.rulebook.deadlines import Deadline, Extension, Moment, Run, deadline, governing_value, reckon, runs
from panoh.rulebook.model import MOVE, ClockRule, DatedValue, NoRuleInForce, Procedure, Rulebook
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
    extensions: tuple[tuple[date, str], ...]
    """Days on which more time was granted, each with the dated value that says how much."""
    last_day: date
    """The last day on which something happened to this clock."""
    carried: Carried | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """The limit of a run that began before the case moved to a later version: that of another rule than the clock's own.

    It governs what began before the act `before`. `as_of` is the day whose law is asked; None means the day the run began.
    """

    before: int
    limit: str
    as_of: date | None


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


@dataclass(slots=True)
class Told:
    """What happened to one clock so far, while the acts of a case are gone through."""

    rule: ClockRule
    starts: list[Moment] = field(default_factory=list)
    stops: list[Moment] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    extensions: list[tuple[date, str]] = field(default_factory=list)
    carried: Carried | None = None

    def take(self, acts: Iterable[Act], procedure: Procedure) -> None:
        """Goes on through acts that were done under one version."""
        rule, starts, stops, pauses = self.rule, self.starts, self.stops, self.pauses
        for act in acts:
            if act.action in rule.starts_on and _starts(rule, act):
                starts.append(Moment(act.occurred_on, act.seq, act.action))
                if act.action in rule.stops_on:  # it renews the clock
                    stops.append(starts[-1])
            elif starts and (act.action in rule.stops_on or _left(rule, procedure, act)):
                stops.append(Moment(act.occurred_on, act.seq, act.action))
            elif act.action in rule.pauses_on and not self.stands_still:
                pauses.append(Pause(act.occurred_on, None, act.action))
            elif act.action in rule.resumes_on and self.stands_still:
                self.resume(act.occurred_on)
            elif act.action == rule.extended_by:
                self.extensions.append((act.occurred_on, rule.extension or ""))

    @property
    def stands_still(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].to_on is None

    def resume(self, on: date) -> None:
        last = self.pauses[-1]
        self.pauses[-1] = Pause(last.from_on, max(on, last.from_on), last.kind)

    def inputs(self, barriers: Iterable[BarrierFact]) -> ClockInputs | None:
        """None where the clock has never started."""
        if not self.starts:
            return None
        pauses = [
            *self.pauses,
            *(
                Pause(barrier.from_on, barrier.to_on, barrier.kind, barrier.provision or None)
                for barrier in barriers
                if barrier.kind in self.rule.paused_by_barriers
            ),
        ]
        days = [moment.on for moment in (*self.starts, *self.stops)] + [on for on, _value in self.extensions]
        days += [day for pause in pauses for day in (pause.from_on, pause.to_on) if day]
        extensions = tuple(self.extensions)
        return ClockInputs(tuple(self.starts), tuple(self.stops), tuple(pauses), extensions, max(days), self.carried)


def clock_inputs(
    rule: ClockRule, procedure: Procedure, acts: Sequence[Act], barriers: Iterable[BarrierFact]
) -> ClockInputs | None:
    """What happened to a clock under one version, or None where it has never started."""
    told = Told(rule)
    told.take(acts, procedure)
    return told.inputs(barriers)


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


def compute_deadline(rule: ClockRule, inputs: ClockInputs, book: Rulebook, asked_on: date) -> Deadline:
    """What the clock says on a day, with its reasoning. Raises NoRuleInForce where the rulebook does not reach."""
    stretches = runs(inputs.starts, inputs.stops, asked_on)
    value = _limit(rule, inputs, stretches[-1], book) if stretches else None
    more = _extensions(inputs, book)
    calendar = book.country.work_calendar
    return deadline(rule, inputs.starts, inputs.stops, inputs.pauses, more, value, calendar, asked_on)


def _extensions(inputs: ClockInputs, book: Rulebook) -> list[Extension]:
    return [
        Extension(on, extension.amount, extension.provision)
        for on, value in inputs.extensions
        for extension in [book.value(value, on)]
    ]


def _limit(rule: ClockRule, inputs: ClockInputs, run: Run, book: Rulebook) -> DatedValue:
    """The limit of a run. Raises NoRuleInForce where the rulebook has none for the day it started."""
    carried, limit = inputs.carried, rule.limit
    if carried is not None and run.start.seq < carried.before:
        if carried.as_of is not None:
            recounted = book.value(carried.limit, carried.as_of)
            # Days that passed under the earlier version count by the later one's limit: that is what recounting means.
            return replace(recounted, applies_to_running=True)
        limit = carried.limit
    begun = book.value(limit, run.start.on)
    return governing_value(book.values[limit], run, book.country.work_calendar) or begun


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
        more = _extensions(inputs, book)
        limit = _limit(rule, inputs, run, book)
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
    procedure: Procedure, track: str, acts: Sequence[Act], barriers: Sequence[BarrierFact], book: Rulebook
) -> list[tuple[ClockRule, ClockInputs]]:
    """What happened to each clock of the track that has started, also under the versions that the case was moved out of."""
    done = {act.action for act in acts}
    if MOVE in done:
        told = tell_over_moves(procedure, track, acts, book)
    else:
        told = []
        for rule in procedure.clocks_of(track):
            if not done.isdisjoint(rule.starts_on):
                told.append(Told(rule))
                told[-1].take(acts, procedure)
    found = [(one.rule, one.inputs(barriers)) for one in told]
    return [(rule, inputs) for rule, inputs in found if inputs is not None]


def tell_over_moves(procedure: Procedure, track: str, acts: Sequence[Act], book: Rulebook) -> list[Told]:
    """The clocks of a case that was moved: each stretch by the version it was done under, carried over by the rule of each move."""
    stretches = stretches_of(procedure, acts, book)
    told: dict[str, Told] = {}
    ended: list[Told] = []
    for version, done, move in stretches:
        for rule in version.clocks_of(track):
            if rule.code not in told:
                told[rule.code] = Told(rule)
            told[rule.code].take(done, version)
        if move is not None:
            told = _carried_over(told, ended, move, track)
    return [*ended, *told.values()]


def _carried_over(told: dict[str, Told], ended: list[Told], move: Move, track: str) -> dict[str, Told]:
    """The clocks after a move. One that ends with it stays on record, as ended on that day."""
    at = Moment(move.act.occurred_on, move.act.seq, MOVE)
    after: dict[str, Told] = {}
    for code, one in told.items():
        if not one.starts:
            continue
        how = move.rule.clocks[code]
        run = runs(one.starts, one.stops)[-1]
        if how.to is None:
            if run.stop is None:
                one.stops.append(at)
            ended.append(one)
            continue
        rule = move.later.clocks[how.to]
        if run.stop is None and how.count == "from_move":
            one.starts, one.stops, one.extensions, one.carried = [at], [], [], None
            one.pauses = [replace_from(one.pauses[-1], at.on)] if one.stands_still else []
        elif run.stop is None and how.count == "from_start":
            one.carried = Carried(at.seq, rule.limit, at.on)
        elif one.carried is None or run.start.seq >= one.carried.before:
            one.carried = Carried(at.seq, one.rule.limit, None)
        if one.stands_still and not rule.resumes_on:
            one.resume(at.on)  # nothing in the later version could make it go on
        one.rule = rule
        after[how.to] = one
    for code, states in move.rule.begins.items():
        if move.act.to_state in states and track in move.later.clocks[code].tracks:
            after[code] = Told(move.later.clocks[code], [at])
    return after


def replace_from(pause: Pause, on: date) -> Pause:
    """A pause that stands, as seen from a later day on."""
    return Pause(max(pause.from_on, on), pause.to_on, pause.kind, pause.provision)


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
    told = told_clocks(procedure, track, acts, barriers, book)
    return states_of(procedure, told, book, {} if known is None else known)


def last_day_of(value: DatedValue, first_day: date, calendar: WorkCalendar) -> date:
    """The last day of something that is good for a length of time from a day on. It may be a day off: a paper has no office."""
    return count(first_day, [replace(value.amount, rest_day="stay")], (), calendar).due_on
