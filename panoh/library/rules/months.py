"""Days with counts laid out as months, in the calendar of whoever reads: Gregorian from Monday, Solar Hijri from Saturday."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from panoh.kernel.calendars import CalendarName, solar_hijri_month, to_solar_hijri

MONDAY, SATURDAY = 0, 5
STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month: its number in the calendar, how many sources it has, and how strongly that shows (0 to 3)."""

    day: date
    number: int
    many: int
    strength: int


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    last: date
    number: int
    many: int
    weeks: list[list[Cell | None]]


def years_of(days: Mapping[date, int], which: CalendarName) -> list[tuple[int, int]]:
    """Each year with its count, the latest first."""
    found: Counter[int] = Counter()
    for day, many in days.items():
        found[_parts(day, which)[0]] += many
    return sorted(found.items(), reverse=True)


def months_of(days: Mapping[date, int], year: int, which: CalendarName) -> list[Month]:
    spans = [_span(year, month, which) for month in range(1, 13)]
    most = max((days.get(day, 0) for first, last in spans for day in _between(first, last)), default=0)
    found = []
    for number, (first, last) in enumerate(spans, 1):
        cells: list[Cell | None] = [
            Cell(day, _parts(day, which)[2], days.get(day, 0), _strength(days.get(day, 0), most))
            for day in _between(first, last)
        ]
        before = (first.weekday() - (MONDAY if which == "gregorian" else SATURDAY)) % 7
        cells = [*([None] * before), *cells]
        cells += [None] * (-len(cells) % 7)
        many = sum(cell.many for cell in cells if cell)
        found.append(Month(first, last, number, many, [cells[at : at + 7] for at in range(0, len(cells), 7)]))
    return found


def weekdays(which: CalendarName) -> list[int]:
    """The days of the week in their order, Monday being 0."""
    first = MONDAY if which == "gregorian" else SATURDAY
    return [(first + at) % 7 for at in range(7)]


def _parts(day: date, which: CalendarName) -> tuple[int, int, int]:
    return (day.year, day.month, day.day) if which == "gregorian" else to_solar_hijri(day)


def _span(year: int, month: int, which: CalendarName) -> tuple[date, date]:
    if which == "gregorian":
        return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    return solar_hijri_month(year, month)


def _between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def _strength(many: int, most: int) -> int:
    return 0 if not many else 1 + min(STRONGEST - 1, STRONGEST * (many - 1) // max(most, 1))
