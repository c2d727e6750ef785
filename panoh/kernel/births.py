"""A birth date as people know it: an interval of days with a precision and a calendar.

Afghan papers often give a year alone, or an age in a year. A Solar Hijri year covers parts of two Gregorian years, so a single
date would be an invention; storing 1 January makes thousands of people equally old and hides who is a child. Every answer about
age is therefore a pair of bounds, and only statistics, which must put each person in one band, use the interval's midpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from panoh.kernel.problems import Problem
from panoh.kernel.solar_hijri import from_solar_hijri, solar_hijri_month, solar_hijri_year, to_solar_hijri
from panoh.kernel.written_days import CalendarName, persian_digits, write_date

Precision = Literal["day", "month", "year", "age", "unknown"]

AGE_BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("0-4", 0, 4),
    ("5-11", 5, 11),
    ("12-17", 12, 17),
    ("18-59", 18, 59),
    ("60+", 60, None),
)
"""UNHCR's standard bands (code, first age, last age), in force since 2006."""

UNKNOWN_BAND = "unknown"
OLDEST_AGE = 120
"""The bound behind an unknown birth date: the interval must end somewhere, and no one is known to have lived longer in exile."""


class BirthParts(NamedTuple):
    """What was said of a birth date, in the calendar it was said in; what was not said is None."""

    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Born between `earliest` and `latest`, both included; equal when known to the day.

    `estimated` travels with the date: someone judged it (RRF `DateofBirthEstimate`); precision says how widely.
    """

    earliest: date
    latest: date
    precision: Precision
    calendar: CalendarName = "gregorian"
    estimated: bool = False

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"a birth interval cannot end ({self.latest}) before it begins ({self.earliest})")
        if (self.precision == "day") != (self.earliest == self.latest):
            raise ValueError(f"precision {self.precision!r} does not fit {self.earliest} to {self.latest}")

    @classmethod
    def from_parts(
        cls,
        calendar: CalendarName,
        year: int,
        month: int | None = None,
        day: int | None = None,
        estimated: bool = False,
    ) -> BirthDate:
        """The interval that the stated parts leave open: a Solar Hijri year alone spans two Gregorian years."""
        if month is None and day is not None:
            raise Problem("kernel.birth.day_without_month", day=day)
        earliest, latest = _bounds(calendar, year, month, day)
        precision: Precision = "day" if day is not None else "month" if month is not None else "year"
        return cls(earliest, latest, precision, calendar, estimated)

    @classmethod
    def from_age(cls, age: int, on: date, *, calendar: CalendarName = "gregorian") -> BirthDate:
        """Someone who says "I am 35" on a day was born in the 365 or 366 days that make that true."""
        if not 0 <= age <= OLDEST_AGE:
            raise Problem("kernel.birth.implausible_age", age=age, oldest=OLDEST_AGE)
        return cls(_years_before(on, age + 1) + timedelta(days=1), _years_before(on, age), "age", calendar, True)

    @classmethod
    def from_age_in_year(cls, age: int, calendar: CalendarName, year: int) -> BirthDate:
        """ "Aged 25 in 1390", as paper tazkiras say it: the birthday may still have been to come in that year, or not."""
        if not 0 <= age <= OLDEST_AGE:
            raise Problem("kernel.birth.implausible_age", age=age, oldest=OLDEST_AGE)
        first_day, _ = _bounds(calendar, year - age - 1, None, None)
        _, last_day = _bounds(calendar, year - age, None, None)
        return cls(first_day + timedelta(days=1), last_day, "age", calendar, True)

    @classmethod
    def unknown(cls, on: date) -> BirthDate:
        """Nothing is known but that the person lives on this day."""
        return cls(_years_before(on, OLDEST_AGE), on, "unknown", "gregorian", True)

    def parts(self) -> BirthParts:
        """Year, month and day as they were stated; all None where an age or nothing was stated."""
        if self.precision in ("age", "unknown"):
            return BirthParts(None, None, None)
        year, month, day = (
            to_solar_hijri(self.earliest)
            if self.calendar == "solar_hijri"
            else (self.earliest.year, self.earliest.month, self.earliest.day)
        )
        return BirthParts(
            year, month if self.precision in ("month", "day") else None, day if self.precision == "day" else None
        )

    def age_on(self, day: date) -> tuple[int, int]:
        """Lowest and highest completed age on a day. Someone born on 29 February completes a year on 1 March."""
        if day < self.earliest:
            raise ValueError(f"nobody born between {self.earliest} and {self.latest} lives on {day}")
        return max(_completed_years(self.latest, day), 0), _completed_years(self.earliest, day)

    def is_adult_on(self, day: date, majority: int = 18) -> bool | None:
        """True or False where the interval decides it, None where it does not: then the benefit of the doubt is a person's decision."""
        lowest, highest = self.age_on(day)
        if lowest >= majority:
            return True
        return False if highest < majority else None

    @property
    def midpoint(self) -> date:
        """The middle day of the interval (the earlier of two), for counting only."""
        return self.earliest + (self.latest - self.earliest) // 2

    def age_band_on(self, day: date) -> str:
        """UNHCR's age band by the interval's midpoint, or "unknown" where nothing is known.

        The midpoint makes a table reproducible from the register alone and puts each person into exactly one band; it decides
        nothing about the person.
        """
        if self.precision == "unknown":
            return UNKNOWN_BAND
        age = max(_completed_years(self.midpoint, day), 0)
        return next(code for code, _first, last in AGE_BANDS if last is None or age <= last)


def format_birth(birth: BirthDate, language: str) -> str:
    """A birth date in words as it was stated, in its own calendar; for a stated age the Gregorian years it allows; "" if unknown."""
    if birth.precision == "unknown":
        return ""
    year, month, day = birth.parts()
    if year is not None:
        return write_date(year, month, day, language, birth.calendar)
    years = f"{birth.earliest.year}–{birth.latest.year}"
    return persian_digits(years) if language == "prs" else years


def _bounds(calendar: CalendarName, year: int, month: int | None, day: int | None) -> tuple[date, date]:
    if calendar == "solar_hijri":
        if month is None:
            return solar_hijri_year(year)
        if day is None:
            if not 1 <= month <= 12:
                raise Problem("kernel.calendar.no_such_day", year=year, month=month, day=1)
            return solar_hijri_month(year, month)
        exact = from_solar_hijri(year, month, day)
        return exact, exact
    if not 1800 <= year <= 2200:
        raise Problem("kernel.calendar.year_out_of_range", year=year, first=1800, last=2200)
    try:
        earliest = date(year, month or 1, day or 1)
    except ValueError:
        raise Problem("kernel.calendar.no_such_day", year=year, month=month or 1, day=day or 1) from None
    if day is not None:
        return earliest, earliest
    if month is None or month == 12:
        return earliest, date(year, 12, 31)
    return earliest, date(year, month + 1, 1) - timedelta(days=1)


def _completed_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _years_before(day: date, years: int) -> date:
    """The last birthday-compatible day `years` before: who is born on it has completed exactly `years` on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February in a common year
        return day.replace(year=day.year - years, day=28)
