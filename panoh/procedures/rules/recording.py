"""How late an act may be written down. Pure.

A day in the past is what a deadline is met by, so whoever writes it down alone may go back only as far as the rulebook says
(`recording.within`, or the act's own `recorded_within`). What is older needs a second person who answers for it with a reason.
A day in the future is never taken; that stands in `rules.actions`.
"""

from __future__ import annotations

from datetime import date, timedelta

from panoh.kernel.problems import Problem
from panoh.rulebook.counting import count
from panoh.rulebook.model import Action, Rulebook

ONE_DAY = timedelta(days=1)


def first_day_to_record(action: Action, today: date, book: Rulebook) -> date:
    """The earliest day on which an act can have been done that one person may still record today.

    Walked backwards from today, so that a day before all calendars of the rulebook is simply too early.
    """
    amount = book.value(action.recorded_within, today).amount
    day = today
    while count(day - ONE_DAY, [amount], (), book.country.work_calendar).due_on >= today:
        day -= ONE_DAY
    return day


def check_recorded_in_time(action: Action, occurred_on: date, today: date, book: Rulebook, *, permitted: bool) -> None:
    """Raises where the day is further back than one person may go and no second one has allowed it."""
    if permitted or occurred_on > today:
        return
    first = first_day_to_record(action, today, book)
    if occurred_on < first:
        raise Problem("procedures.step.too_long_ago", field="occurred_on", on=occurred_on, first=first)
