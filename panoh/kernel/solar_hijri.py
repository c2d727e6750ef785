"""The Solar Hijri calendar, in which Afghan papers are dated: its year begins at the spring equinox.

The conversion is the 33-year arithmetic cycle (eight leap years in 33), which agrees with the astronomical calendar
for the years 1178–1633 (1799–2255); outside them we refuse rather than guess. The tests compare every day with a second implementation.
"""

from __future__ import annotations

from datetime import date, timedelta

from panoh.kernel.problems import Problem

FIRST_SOLAR_HIJRI_YEAR = 1178
LAST_SOLAR_HIJRI_YEAR = 1633

_CYCLE_ORIGIN_YEAR = 979
_CYCLE_ORIGIN_DAY = date(1600, 3, 20).toordinal()
"""The day of 1 Hamal 979; years are counted from here in cycles of 33."""


def to_solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month and day in the Solar Hijri calendar: 2021-08-15 is (1400, 5, 24)."""
    ordinal = day.toordinal()
    year = day.year - 621
    if not FIRST_SOLAR_HIJRI_YEAR - 1 <= year <= LAST_SOLAR_HIJRI_YEAR + 1:
        raise Problem("kernel.calendar.year_out_of_range", year=day.year, first=1799, last=2254)
    if ordinal < _first_ordinal(year):
        year -= 1
    _check_year(year)
    day_of_year = ordinal - _first_ordinal(year)
    if day_of_year < 186:
        return year, day_of_year // 31 + 1, day_of_year % 31 + 1
    return year, (day_of_year - 186) // 30 + 7, (day_of_year - 186) % 30 + 1


def from_solar_hijri(year: int, month: int, day: int) -> date:
    """The Gregorian date of a Solar Hijri day: (1370, 1, 1) is 1991-03-21."""
    _check_year(year)
    if not 1 <= month <= 12 or not 1 <= day <= days_in_solar_hijri_month(year, month):
        raise Problem("kernel.calendar.no_such_day", year=year, month=month, day=day)
    passed = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return date.fromordinal(_first_ordinal(year) + passed + day - 1)


def solar_hijri_year(year: int) -> tuple[date, date]:
    """First and last Gregorian day of a Solar Hijri year: 1370 spans 1991-03-21 to 1992-03-20."""
    _check_year(year)
    return date.fromordinal(_first_ordinal(year)), date.fromordinal(_first_ordinal(year + 1) - 1)


def solar_hijri_month(year: int, month: int) -> tuple[date, date]:
    """First and last Gregorian day of a Solar Hijri month."""
    first = from_solar_hijri(year, month, 1)
    return first, first + timedelta(days=days_in_solar_hijri_month(year, month) - 1)


def is_solar_hijri_leap_year(year: int) -> bool:
    _check_year(year)
    return _first_ordinal(year + 1) - _first_ordinal(year) == 366


def days_in_solar_hijri_month(year: int, month: int) -> int:
    if month <= 6:
        return 31
    if month <= 11:
        return 30
    return 30 if is_solar_hijri_leap_year(year) else 29


def _first_ordinal(year: int) -> int:
    cycles, place = divmod(year - _CYCLE_ORIGIN_YEAR, 33)
    # Within a cycle the leap years stand at places 0, 4, 8, … 28; hence eight in 33.
    return _CYCLE_ORIGIN_DAY + 365 * (year - _CYCLE_ORIGIN_YEAR) + cycles * 8 + (place + 3) // 4


def _check_year(year: int) -> None:
    if not FIRST_SOLAR_HIJRI_YEAR <= year <= LAST_SOLAR_HIJRI_YEAR:
        raise Problem(
            "kernel.calendar.year_out_of_range", year=year, first=FIRST_SOLAR_HIJRI_YEAR, last=LAST_SOLAR_HIJRI_YEAR
        )
