"""Until when must it be done? A deadline from what happened, the law in force when the clock started, and the working calendar.

Computed at any time for any day, past or future; never counted by a nightly job. Two clocks answer side by side: the legal clock stands
still while a barrier or an act pauses it, the elapsed clock never does. Each answer carries its reasoning, line by line, so that a
family's lawyer can check it by hand.

Counting is in whole days. A limit in hours is rounded up to whole days, because acts are dated by the day: 72 hours are three days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from panoh.rulebook.counting import ONE_DAY, Count, Pause, count, paused_between
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Amount, DatedValue
from panoh.rulebook.procedure import ClockRule
from panoh.rulebook.workdays import WorkCalendar


class Moment(NamedTuple):
    """An act that starts or stops a clock. `seq` orders acts of one day; `act` is its code, for the explanation."""

    on: date
    seq: int = 0
    act: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, granted on a day. What was granted after the time had run out does not count."""

    on: date
    amount: Amount
    provision: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of "why this date": a code of `sentences.yaml`, its parameters, and the provision it rests on."""

    code: str
    params: FrozenMap[str, Any]
    provision: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a clock says on the day it is asked.

    `due_on` is None before the clock starts and while it stands still with no end in sight; `legal_days_left` then says how many days would be
    left if it went on the next day. Days are negative when the time is over. `provisional` means that a day off on the way is not yet
    proclaimed, `unverified` that the limit itself is known from memory only.
    """

    clock: str
    started_on: date | None
    due_on: date | None
    elapsed_due_on: date | None
    stopped_on: date | None
    elapsed_days: int
    legal_days: int
    legal_days_left: int | None
    elapsed_days_left: int | None
    is_paused: bool
    provisional: bool
    unverified: bool
    reasoning: tuple[Line, ...]

    @property
    def is_running(self) -> bool:
        return self.started_on is not None and self.stopped_on is None

    @property
    def is_late(self) -> bool:
        """Whether the legal limit was passed: by the act that stopped the clock, or by the day it was asked on."""
        return self.legal_days_left is not None and self.legal_days_left < 0

    @property
    def is_late_by_elapsed_clock(self) -> bool:
        return self.elapsed_days_left is not None and self.elapsed_days_left < 0


class Run(NamedTuple):
    """One stretch of a clock: from the act that started it to the act that stopped it, if any."""

    start: Moment
    stop: Moment | None


def runs(starts: Iterable[Moment | date], stops: Iterable[Moment | date], until: date | None = None) -> tuple[Run, ...]:
    """The stretches of a clock. A start while it runs changes nothing: time once given to an authority is not given twice.

    An act that is a start and a stop renews it: what ran ends, as a visit ends the wait for a visit, and the next begins.
    """
    begins = set(_moments(starts))
    marks = [(moment, 0) for moment in begins] + [(moment, 1) for moment in _moments(stops)]
    marks.sort(key=lambda mark: (mark[0].on, mark[0].seq, mark[1]))
    found: list[Run] = []
    begun: Moment | None = None
    for moment, is_stop in marks:
        if until is not None and moment.on > until:
            break
        if is_stop and begun and begun != moment:
            found.append(Run(begun, moment))
            begun = moment if moment in begins else None
        elif not is_stop and begun is None:
            begun = moment
    if begun:
        found.append(Run(begun, None))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What a deadline comes to, without its words: what thousands of cases are computed by. `deadline` explains it."""

    run: Run
    value: DatedValue
    counted_to: date
    legal: Count
    elapsed: Count
    standing: list[Pause]
    granted: list[Extension]
    refused: list[Extension]

    @property
    def open_now(self) -> Pause | None:
        """The pause that had not ended on the last day that was counted."""
        return self.standing[-1] if self.standing and self.standing[-1].to_on is None else None

    @property
    def due_on(self) -> date | None:
        return None if self.open_now and not self.run.stop else self.legal.due_on


def reckon(
    code: str,
    run: Run,
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    value: DatedValue | None,
    calendar: WorkCalendar,
    asked_on: date,
) -> Reckoning:
    """The days of a run's limit as was known on `asked_on`; see `deadline`."""
    start = run.start.on
    if value is None or not (value.is_in_force(start) or (value.applies_to_running and start < value.valid_from)):
        raise ValueError(f"the limit of {code!r} must be the one in force on {start}, the day the clock started")
    counted_to = run.stop.on if run.stop else asked_on
    standing = _known_pauses(pauses, start, counted_to) if pauses else []
    # As if it went on the next day: what is left is shown, and an act during a pause can never be late.
    closed = [_closed(pause, counted_to + ONE_DAY) for pause in standing]
    legal, granted, refused = _with_extensions(start, value.amount, extensions, closed, calendar, counted_to)
    if closed:
        elapsed, _, _ = _with_extensions(start, value.amount, granted, (), calendar, counted_to)
    else:
        elapsed = legal
    return Reckoning(run, value, counted_to, legal, elapsed, standing, granted, refused)


def deadline(
    rule: ClockRule,
    starts: Sequence[Moment | date],
    stops: Sequence[Moment | date],
    pauses: Sequence[Pause],
    extensions: Sequence[Extension],
    value: DatedValue | None,
    calendar: WorkCalendar,
    asked_on: date,
) -> Deadline:
    """What the clock says on `asked_on`, as was known that day: acts and barriers after it play no part.

    `value` is the limit in force on the day the last run started (`runs(...)[-1].start.on`); it governs that run to its end, unless a
    later law passes it over (`governing_value`).
    """
    stretches = runs(starts, stops, asked_on)
    if not stretches:
        return _not_started(rule)
    found = reckon(rule.code, stretches[-1], pauses, extensions, value, calendar, asked_on)
    run, legal, elapsed, counted_to = found.run, found.legal, found.elapsed, found.counted_to
    start = run.start.on
    closed = [_closed(pause, counted_to + ONE_DAY) for pause in found.standing]
    paused_days = sum(paused_between(start, counted_to, closed))
    explain = _Reasoning(rule, run, found.value, calendar)
    return Deadline(
        clock=rule.code,
        started_on=start,
        due_on=found.due_on,
        elapsed_due_on=elapsed.due_on,
        stopped_on=run.stop.on if run.stop else None,
        elapsed_days=(counted_to - start).days,
        legal_days=(counted_to - start).days - paused_days,
        legal_days_left=(legal.due_on - counted_to).days,
        elapsed_days_left=(elapsed.due_on - counted_to).days,
        is_paused=found.open_now is not None and run.stop is None,
        provisional=legal.provisional,
        unverified=found.value.confidence != "verified",
        reasoning=explain.lines(
            legal, elapsed, found.standing, found.granted, found.refused, counted_to, found.open_now
        ),
    )


def governing_value(versions: Sequence[DatedValue], run: Run, calendar: WorkCalendar) -> DatedValue | None:
    """The limit that governs a run: the one in force when it started, or a later one that also changed what was running then.

    Whether the run was running on that day is asked of the older limit without pauses or extensions: what had run out before the
    new law came was over, and stays so.
    """
    found = next((version for version in versions if version.is_in_force(run.start.on)), None)
    for later in versions:
        if found is None or not later.applies_to_running or later.valid_from <= max(found.valid_from, run.start.on):
            continue
        stopped = run.stop is not None and run.stop.on < later.valid_from
        if not stopped and count(run.start.on, [found.amount], (), calendar).due_on >= later.valid_from:
            found = later
    return found


def _with_extensions(
    start: date,
    limit: Amount,
    extensions: Sequence[Extension],
    pauses: Sequence[Pause],
    calendar: WorkCalendar,
    known_on: date,
) -> tuple[Count, list[Extension], list[Extension]]:
    """The count with every extension that was granted before the time ran out; those that came too late are given back apart."""
    amounts, granted, refused = [limit], [], []
    counted = count(start, amounts, pauses, calendar) if pauses else _count_alone(start, limit, calendar)
    for extension in sorted(extensions, key=lambda one: one.on):
        if not start <= extension.on <= known_on:
            continue
        if extension.on > counted.due_on:
            refused.append(extension)
            continue
        granted.append(extension)
        amounts.append(extension.amount)
        counted = count(start, amounts, pauses, calendar)
    return counted, granted, refused


@lru_cache(maxsize=200_000)
def _count_alone(start: date, limit: Amount, calendar: WorkCalendar) -> Count:
    """One length of time that nothing interrupts: in a register thousands of clocks start on one day with the same limit."""
    return count(start, [limit], (), calendar)


def _known_pauses(pauses: Iterable[Pause], start: date, known_on: date) -> list[Pause]:
    """The pauses known on a day, merged where they overlap, in order; one that had not ended by then has no end."""
    known: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: (one.from_on, one.to_on or date.max)):
        if pause.from_on > known_on or (pause.to_on is not None and pause.to_on <= max(pause.from_on, start)):
            continue
        to_on = pause.to_on if pause.to_on is not None and pause.to_on <= known_on else None
        if known and (known[-1].to_on is None or pause.from_on <= known[-1].to_on):
            last = known[-1]
            end = None if last.to_on is None or to_on is None else max(last.to_on, to_on)
            known[-1] = Pause(last.from_on, end, last.kind, last.provision)
        else:
            known.append(Pause(pause.from_on, to_on, pause.kind, pause.provision))
    return known


def _closed(pause: Pause, on: date) -> Pause:
    return (
        pause if pause.to_on is not None else Pause(pause.from_on, max(on, pause.from_on), pause.kind, pause.provision)
    )


def _moments(marks: Iterable[Moment | date]) -> list[Moment]:
    return [mark if isinstance(mark, Moment) else Moment(mark) for mark in marks]


def _not_started(rule: ClockRule) -> Deadline:
    return Deadline(
        clock=rule.code,
        started_on=None,
        due_on=None,
        elapsed_due_on=None,
        stopped_on=None,
        elapsed_days=0,
        legal_days=0,
        legal_days_left=None,
        elapsed_days_left=None,
        is_paused=False,
        provisional=False,
        unverified=False,
        reasoning=(Line("not_started", FrozenMap({"clock": rule.code})),),
    )


# -- the reasoning ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reasoning:
    """Writes the lines in the order in which a person would count."""

    rule: ClockRule
    run: Run
    value: DatedValue
    calendar: WorkCalendar

    def lines(
        self,
        legal: Count,
        elapsed: Count,
        pauses: Sequence[Pause],
        granted: Sequence[Extension],
        refused: Sequence[Extension],
        counted_to: date,
        open_now: Pause | None,
    ) -> tuple[Line, ...]:
        start, amount = self.run.start, self.value.amount
        lines = [
            _line("started", on=start.on, act=start.act),
            _line("limit", self.value.provision, amount=amount.amount, unit=amount.unit),
        ]
        if not self.value.is_in_force(start.on):
            lines.append(_line("transition", self.value.provision, on=self.value.valid_from))
        if self.value.confidence != "verified":
            lines.append(_line("unverified", self.value.provision, source=self.value.source))
        lines.append(_line("counted_from_next_day" if amount.counted_from == "next_day" else "counted_from_same_day"))
        if amount.unit == "hours":
            lines.append(_line("hours_as_days", hours=amount.amount, days=-(-amount.amount // 24)))
        for extension in granted:
            lines.append(
                _line(
                    "extended",
                    extension.provision,
                    on=extension.on,
                    amount=extension.amount.amount,
                    unit=extension.amount.unit,
                )
            )
        for extension in refused:
            lines.append(_line("extension_too_late", extension.provision, on=extension.on))
        if legal.clipped:
            lines.append(_line("month_end", on=legal.ended_on))
        lines.extend(self._pauses(pauses, legal, counted_to))
        if amount.unit == "working_days" and legal.days_off:
            lines.append(_line("holidays_skipped", days=legal.days_off))
        if legal.due_on != legal.ended_on:
            lines.append(_line("moved_to_working_day", ended=legal.ended_on, on=legal.due_on))
        if legal.provisional:
            lines.append(_line("provisional"))
        return (*lines, *self._end(legal, elapsed, counted_to, open_now))

    def _pauses(self, pauses: Sequence[Pause], legal: Count, counted_to: date) -> Iterable[Line]:
        closed = [_closed(pause, counted_to + ONE_DAY) for pause in pauses]
        end = max(legal.due_on, counted_to)
        for pause, days in zip(pauses, paused_between(self.run.start.on, end, closed), strict=True):
            if pause.to_on is not None:
                if days:
                    yield _line(
                        "paused",
                        pause.provision,
                        kind=pause.kind,
                        on=pause.from_on,
                        until=pause.to_on - ONE_DAY,
                        days=days,
                    )
            else:
                yield _line("paused_still", pause.provision, kind=pause.kind, on=pause.from_on)

    def _end(self, legal: Count, elapsed: Count, counted_to: date, open_now: Pause | None) -> Iterable[Line]:
        left = (legal.due_on - counted_to).days
        stop = self.run.stop
        if open_now is None or stop:
            yield _line("due", on=legal.due_on)
        if stop:
            yield _line("stopped_late" if left < 0 else "stopped_in_time", on=stop.on, act=stop.act, days=abs(left))
        elif open_now:
            yield _line("left_when_it_goes_on", days=left)
        else:
            yield _line("overdue" if left < 0 else "days_left", days=abs(left))
        if elapsed.due_on != legal.due_on or open_now:
            yield _line("elapsed_due", on=elapsed.due_on)
        yield _line("elapsed", days=(counted_to - self.run.start.on).days)


def _line(code: str, provision: str | None = None, **params: Any) -> Line:
    return Line(code, FrozenMap(params), provision)
