"""The calendar of sources: each day in one cell, in the calendar of whoever reads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from panoh.library.rules.months import months_of, weekdays, years_of

DAYS = {date(2006, 5, 9): 3, date(2006, 3, 20): 1, date(2006, 3, 21): 2, date(2005, 1, 1): 1}


@pytest.mark.parametrize(
    ("which", "years"),
    [("gregorian", [(2006, 6), (2005, 1)]), ("solar_hijri", [(1385, 5), (1384, 1), (1383, 1)])],
)
def test_days_are_counted_by_the_years_of_the_calendar(which, years):
    assert years_of(DAYS, which) == years


@pytest.mark.parametrize(
    ("which", "year", "first", "last"),
    [
        ("gregorian", 2006, date(2006, 1, 1), date(2006, 12, 31)),
        ("solar_hijri", 1385, date(2006, 3, 21), date(2007, 3, 20)),
    ],
)
def test_a_year_has_each_of_its_days_once_under_its_day_of_the_week(which, year, first, last):
    cells = [cell for month in months_of(DAYS, year, which) for week in month.weeks for cell in week if cell]
    assert [cell.day for cell in cells] == [first + timedelta(days=at) for at in range((last - first).days + 1)]
    for month in months_of(DAYS, year, which):
        assert [week.index(cell) for week in month.weeks for cell in week if cell] == [
            weekdays(which).index(cell.day.weekday()) for week in month.weeks for cell in week if cell
        ]


def test_a_day_is_numbered_and_shaded():
    months = months_of(DAYS, 1385, "solar_hijri")
    told = {cell.day: (cell.number, cell.many, cell.strength) for week in months[1].weeks for cell in week if cell}
    assert told[date(2006, 5, 9)] == (19, 3, 3)
    assert told[date(2006, 5, 10)] == (20, 0, 0)
    assert [month.many for month in months[:3]] == [2, 3, 0]
