"""Movable feasts once they are proclaimed: the rulebook expects a day, people say which day it was. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

from panoh.rulebook.book import Rulebook
from panoh.rulebook.law import Holiday

LONGEST_SHIFT = 3
"""A feast that follows the moon falls at most so many days beside the day that was computed for it."""


def expected_feasts(book: Rulebook) -> tuple[Holiday, ...]:
    """The feasts of which the rulebook knows an expectation only, in their order."""
    return tuple(holiday for holiday in book.country.holidays if not holiday.confirmed)


def with_feasts(book: Rulebook, days: Mapping[date, date]) -> Rulebook:
    """The rulebook with the proclaimed day of each expected feast. What the rulebook itself holds for confirmed stays as it is."""
    return _with_feasts(book, tuple(sorted(days.items()))) if days else book


@lru_cache(maxsize=16)
def _with_feasts(book: Rulebook, days: tuple[tuple[date, date], ...]) -> Rulebook:
    proclaimed, country = dict(days), book.country
    holidays = tuple(
        replace(holiday, on=proclaimed[holiday.on], confirmed=True)
        if not holiday.confirmed and holiday.on in proclaimed
        else holiday
        for holiday in country.holidays
    )
    calendar = replace(
        country.work_calendar,
        holidays=frozenset(holiday.on for holiday in holidays),
        unconfirmed=frozenset(holiday.on for holiday in holidays if not holiday.confirmed),
    )
    ordered = tuple(sorted(holidays, key=lambda holiday: holiday.on))
    return replace(book, country=replace(country, holidays=ordered, work_calendar=calendar))
