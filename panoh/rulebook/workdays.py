"""Working days and months: the arithmetic under every legal time limit.

Pure, and honest about what it knows: a day beyond the years whose holidays are recorded raises `NoRuleInForce`, because counting it as
a working day would be a guess that somebody's appeal depends on.
"""

from __future__ import annotations

import calendar as gregorian
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from panoh.rulebook.law import NoRuleInForce


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days offices work. `weekend` counts as `date.weekday()` does; `covers` are the first and last day whose holidays are known."""

    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = field(default_factory=frozenset)
    covers: tuple[date, date] = (date.min, date.max)
    unconfirmed: frozenset[date] = field(default_factory=frozenset)
    """Holidays that are expected but not yet proclaimed: a computed day that rests on one is provisional."""

    _in_order: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """Holidays on days that are no weekend, and those unconfirmed, in their order: asked for a hundred thousand times a minute."""
    _unconfirmed_in_order: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekend) > 6 or not self.weekend <= set(range(7)):
            raise ValueError("a week needs at least one working day, and its days are numbered 0 to 6")
        on_weekdays = sorted(day for day in self.holidays if day.weekday() not in self.weekend)
        object.__setattr__(self, "_in_order", tuple(on_weekdays))
        object.__setattr__(self, "_unconfirmed_in_order", tuple(sorted(self.unconfirmed)))

    def is_working(self, day: date) -> bool:
        if not self.covers[0] <= day <= self.covers[1]:
            raise NoRuleInForce("holidays", str(day.year), day, f"{self.covers[0]} – {self.covers[1]}")
        return day.weekday() not in self.weekend and day not in self.holidays

    def first_working_day_from(self, day: date) -> date:
        """The day itself if offices work, else the next one they do."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after a day; the day itself is not counted. 0 is the day itself, if it works, else the next."""
        if n < 0:
            raise ValueError("working days are counted forward")
        if n == 0:
            return self.first_working_day_from(day)
        while n:
            day += timedelta(days=1)
            n -= self.is_working(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """Working days after one day up to and including another."""
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))

    def days_off_between(self, after: date, until: date) -> tuple[date, ...]:
        """The holidays on weekdays that a count from one day to another passed over, for the explanation."""
        return self._in_order[bisect_right(self._in_order, after) : bisect_right(self._in_order, until)]

    def rests_on_unconfirmed(self, after: date, until: date) -> bool:
        days = self._unconfirmed_in_order
        return bisect_right(days, after) < bisect_right(days, until)

    @classmethod
    def of(cls, weekend: Iterable[int], holidays: Iterable[date]) -> WorkCalendar:
        return cls(frozenset(weekend), frozenset(holidays))


def add_months(day: date, n: int, month_end: Literal["clip", "roll"] = "clip") -> date:
    """The same day n months on. Where that month is too short: "clip" is its last day, "roll" the first of the next month.

    31 January + 1 month is a legal question, not a library default; so each time limit in the data answers it.
    """
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    month += 1
    last = gregorian.monthrange(year, month)[1]
    if day.day <= last:
        return date(year, month, day.day)
    if month_end == "clip":
        return date(year, month, last)
    return date(year, month, last) + timedelta(days=1)
