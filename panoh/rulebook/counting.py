"""Counting a length of time on a calendar: hours, days, working days and months, with the days that do not count.

The arithmetic under `panoh.rulebook.deadlines`; it knows no acts and no law, only lengths, pauses and a working calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from panoh.rulebook.law import Amount
from panoh.rulebook.workdays import WorkCalendar, add_months

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the legal clock stands still, from the first to before `to_on` (None: still going on).

    `kind` is the kind of barrier, or the code of the act that paused the clock.
    """

    from_on: date
    to_on: date | None
    kind: str
    provision: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How a day was reached: where the count itself ended, and what it was moved to because offices rest."""

    due_on: date
    ended_on: date
    clipped: bool
    days_off: tuple[date, ...]
    provisional: bool


def count(start: date, amounts: Sequence[Amount], pauses: Sequence[Pause], calendar: WorkCalendar) -> Count:
    """The last day of one or more lengths of time, one after the other. Lengths of one unit are added up before they are counted:
    three months and three months more are six months, whatever the ends of the months between.
    """
    day, clipped, worked, reached = start, False, False, start
    if amounts[0].counted_from == "same_day":
        day -= ONE_DAY
    for amount in _added_up(amounts):
        if amount.unit == "working_days":
            worked = True
            day = _working_days(day, amount.amount, pauses, calendar)
        else:
            length, short = _length(day, amount)
            clipped = clipped or short
            day = _pass_days(day, length, pauses)
    reached = day
    if amounts[-1].rest_day == "next_working_day":
        while not calendar.is_working(day) or is_paused(day, pauses):
            day += ONE_DAY
    if not worked and amounts[-1].rest_day == "stay":
        # No day off plays a part, so no calendar has to reach that far: five years of residence end beyond it.
        return Count(day, reached, clipped, (), False)
    # Holidays matter from the start where working days are counted, else only at the end.
    matters_from = start if worked else reached - ONE_DAY
    off = tuple(holiday for holiday in calendar.days_off_between(matters_from, day) if not is_paused(holiday, pauses))
    return Count(day, reached, clipped, off, calendar.rests_on_unconfirmed(matters_from, day))


def _added_up(amounts: Sequence[Amount]) -> list[Amount]:
    merged: list[Amount] = []
    for amount in amounts:
        last = merged[-1] if merged else None
        if last and last.unit == amount.unit:
            merged[-1] = Amount(
                amount=last.amount + amount.amount,
                unit=last.unit,
                month_end=last.month_end,
                rest_day=amount.rest_day,
                counted_from=last.counted_from,
            )
        else:
            merged.append(amount)
    return merged


def _length(day: date, amount: Amount) -> tuple[int, bool]:
    """Calendar days of a length that begins after a day, and whether a short month cut it."""
    if amount.unit == "hours":
        return -(-amount.amount // 24), False
    if amount.unit == "calendar_days":
        return amount.amount, False
    end = add_months(day, amount.amount, amount.month_end)
    return (end - day).days, end.day != day.day


def _pass_days(day: date, length: int, pauses: Sequence[Pause]) -> date:
    """The day on which `length` days have passed that were not paused."""
    for pause in pauses:
        assert pause.to_on is not None  # noqa: S101 - closed before counting
        if pause.to_on <= day + ONE_DAY:
            continue
        free = max((pause.from_on - day).days - 1, 0)
        if length <= free:
            break
        length -= free
        day = pause.to_on - ONE_DAY
    return day + timedelta(days=length)


def _working_days(day: date, number: int, pauses: Sequence[Pause], calendar: WorkCalendar) -> date:
    while number:
        day += ONE_DAY
        number -= calendar.is_working(day) and not is_paused(day, pauses)
    return day


def is_paused(day: date, pauses: Sequence[Pause]) -> bool:
    return any(pause.from_on <= day and (pause.to_on is None or day < pause.to_on) for pause in pauses)


def paused_between(start: date, end: date, pauses: Sequence[Pause]) -> list[int]:
    """Paused days after the start up to the end, for each pause."""
    return [
        max((min(pause.to_on or end + ONE_DAY, end + ONE_DAY) - max(pause.from_on, start + ONE_DAY)).days, 0)
        for pause in pauses
    ]
