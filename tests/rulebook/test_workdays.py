"""Working days and months: the arithmetic under every time limit."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.rulebook import NoRuleInForce
from panoh.rulebook.workdays import WorkCalendar, add_months

DAYS = st.dates(date(2000, 1, 1), date(2029, 12, 31))
CALENDAR = WorkCalendar(frozenset({5, 6}), frozenset({date(2025, 3, 21), date(2025, 3, 24), date(2025, 5, 9)}))


@pytest.mark.parametrize(
    ("day", "n", "month_end", "expected"),
    [
        (date(2025, 1, 31), 1, "clip", date(2025, 2, 28)),
        (date(2025, 1, 31), 1, "roll", date(2025, 3, 1)),
        (date(2024, 1, 31), 1, "clip", date(2024, 2, 29)),
        (date(2024, 1, 31), 1, "roll", date(2024, 3, 1)),
        (date(2024, 2, 29), 12, "clip", date(2025, 2, 28)),
        (date(2024, 2, 29), 12, "roll", date(2025, 3, 1)),
        (date(2024, 2, 29), 48, "roll", date(2028, 2, 29)),
        (date(2025, 10, 31), 4, "clip", date(2026, 2, 28)),
        (date(2025, 12, 15), 1, "clip", date(2026, 1, 15)),
        (date(2025, 5, 31), 1, "clip", date(2025, 6, 30)),
        (date(2025, 5, 31), 1, "roll", date(2025, 7, 1)),
        (date(2025, 5, 31), 0, "clip", date(2025, 5, 31)),
    ],
)
def test_add_months_answers_the_question_of_the_month_end(day, n, month_end, expected):
    assert add_months(day, n, month_end) == expected


@given(DAYS, DAYS, st.integers(0, 60), st.sampled_from(["clip", "roll"]))
def test_months_keep_the_order_of_days(one, other, n, month_end):
    earlier, later = sorted((one, other))
    assert add_months(earlier, n, month_end) <= add_months(later, n, month_end)


@given(DAYS, st.integers(0, 60))
def test_clipping_and_rolling_differ_only_where_the_day_is_missing(day, n):
    clipped, rolled = add_months(day, n, "clip"), add_months(day, n, "roll")
    assert rolled == clipped if clipped.day == day.day else rolled == clipped + timedelta(days=1)


def test_working_days_pass_over_weekends_and_holidays():
    # Thursday 20 March 2025: Friday and Monday are Navruz.
    assert CALENDAR.add_working_days(date(2025, 3, 20), 1) == date(2025, 3, 25)
    assert CALENDAR.days_off_between(date(2025, 3, 20), date(2025, 3, 25)) == (date(2025, 3, 21), date(2025, 3, 24))
    assert CALENDAR.add_working_days(date(2025, 3, 22), 0) == date(2025, 3, 25)


@given(DAYS.filter(lambda day: day.year < 2029), st.integers(0, 60))
def test_the_nth_working_day_has_n_working_days_behind_it(day, n):
    reached = CALENDAR.add_working_days(day, n)
    assert CALENDAR.is_working(reached)
    assert CALENDAR.working_days_between(day, reached) == n or n == 0


@given(DAYS, DAYS, st.integers(0, 30))
def test_working_days_keep_the_order_of_days(one, other, n):
    earlier, later = sorted((one, other))
    assert CALENDAR.add_working_days(earlier, n) <= CALENDAR.add_working_days(later, n)


@given(DAYS, st.integers(1, 30), DAYS)
def test_a_new_holiday_never_makes_a_limit_shorter(day, n, holiday):
    more = WorkCalendar(CALENDAR.weekend, CALENDAR.holidays | {holiday})
    assert more.add_working_days(day, n) >= CALENDAR.add_working_days(day, n)


def test_days_whose_holidays_are_unknown_are_refused():
    calendar = WorkCalendar(covers=(date(2025, 1, 1), date(2025, 12, 31)))
    assert calendar.is_working(date(2025, 12, 31))
    for day in (date(2024, 12, 31), date(2026, 1, 1)):
        with pytest.raises(NoRuleInForce):
            calendar.is_working(day)
    with pytest.raises(NoRuleInForce):
        calendar.add_working_days(date(2025, 12, 30), 5)


def test_a_week_needs_a_working_day_and_counting_goes_forward():
    with pytest.raises(ValueError, match="working day"):
        WorkCalendar(frozenset(range(7)))
    with pytest.raises(ValueError, match="working day"):
        WorkCalendar(frozenset({7}))
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2025, 1, 1), -1)
