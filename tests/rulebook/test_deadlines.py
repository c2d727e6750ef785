"""Deadlines by properties: against a day-by-day count, and against what must hold whatever the law says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.rulebook.counting import Pause
from panoh.rulebook.deadlines import Deadline, Extension, Moment, deadline, runs
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Amount, DatedValue
from panoh.rulebook.procedure import ClockRule
from panoh.rulebook.workdays import WorkCalendar

TITLES = FrozenMap(en="x", ru="x", tg="x", prs="x")
RULE = ClockRule(code="clock", titles=TITLES, starts_on=("a",), starts_when=None, stops_on=("b",), limit="limit")
CALENDAR = WorkCalendar(
    frozenset({5, 6}),
    frozenset(date(year, 3, day) for year in range(2000, 2041) for day in (21, 22, 23, 24))
    | frozenset(date(year, 5, 9) for year in range(2000, 2041)),
    (date(2000, 1, 1), date(2040, 12, 31)),
    frozenset({date(2030, 5, 9)}),
)
FAR = date(2035, 1, 1)

STARTS = st.dates(date(2010, 1, 1), date(2025, 12, 31))
UNITS = ("hours", "calendar_days", "working_days", "months")
AMOUNTS = st.builds(
    Amount,
    amount=st.integers(1, 40),
    unit=st.sampled_from(UNITS),
    month_end=st.sampled_from(["clip", "roll"]),
    rest_day=st.sampled_from(["next_working_day", "stay"]),
    counted_from=st.sampled_from(["next_day", "same_day"]),
)
PAUSES = st.lists(st.tuples(st.integers(-40, 90), st.integers(1, 60)), max_size=4)


def value(amount: Amount) -> DatedValue:
    return DatedValue(
        id="limit",
        titles=TITLES,
        value=amount,
        provision="act.1",
        source="test",
        confidence="verified",
        valid_from=date(2000, 1, 1),
        valid_to=None,
    )


def ask(amount: Amount, start: date, pauses=(), extensions=(), stops=(), asked_on=FAR) -> Deadline:
    return deadline(RULE, [start], stops, pauses, extensions, value(amount), CALENDAR, asked_on)


def placed(start: date, offsets) -> list[Pause]:
    return [Pause(start + timedelta(days=at), start + timedelta(days=at + length), "BARRIER") for at, length in offsets]


def due(answer: Deadline) -> date:
    assert answer.due_on is not None
    return answer.due_on


def days(n: int, unit="calendar_days", **more) -> Amount:
    return Amount(amount=n, unit=unit, **more)


# -- against a count on the fingers -----------------------------------------------------------------------------------


def counted_by_hand(amount: Amount, start: date, pauses: list[Pause]) -> date:
    """The same question, answered by walking day by day with nothing clever."""
    left = {"hours": -(-amount.amount // 24)}.get(amount.unit, amount.amount)
    day = start - timedelta(days=1) if amount.counted_from == "same_day" else start

    def paused(on: date) -> bool:
        return any(pause.from_on <= on < pause.to_on for pause in pauses)

    while left:
        day += timedelta(days=1)
        counts = not paused(day) and (amount.unit != "working_days" or CALENDAR.is_working(day))
        left -= counts
    while amount.rest_day == "next_working_day" and (not CALENDAR.is_working(day) or paused(day)):
        day += timedelta(days=1)
    return day


@given(AMOUNTS.filter(lambda amount: amount.unit != "months"), STARTS, PAUSES)
def test_a_deadline_is_what_one_counts_on_the_fingers(amount, start, offsets):
    pauses = placed(start, offsets)
    assert due(ask(amount, start, pauses)) == counted_by_hand(amount, start, pauses)


# -- what must hold whatever the law says -------------------------------------------------------------------------------


@given(AMOUNTS, STARTS, STARTS)
def test_a_later_start_never_gives_an_earlier_end(amount, one, other):
    earlier, later = sorted((one, other))
    assert due(ask(amount, earlier)) <= due(ask(amount, later))


@given(AMOUNTS.filter(lambda amount: amount.unit != "months"), STARTS, st.integers(0, 60), PAUSES)
def test_nor_does_it_with_pauses_on_the_way(amount, start, later, offsets):
    pauses = placed(start, offsets)
    assert due(ask(amount, start, pauses)) <= due(ask(amount, start + timedelta(days=later), pauses))


@given(
    st.integers(2, 40), st.sampled_from(["calendar_days", "months", "hours"]), STARTS, st.integers(1, 300), st.data()
)
def test_a_pause_adds_exactly_its_days(number, unit, start, length, data):
    amount = days(number if unit != "hours" else number * 24, unit, rest_day="stay")
    plain = ask(amount, start)
    first = data.draw(st.dates(start + timedelta(days=1), due(plain)))
    pause = Pause(first, first + timedelta(days=length), "BARRIER")
    paused = ask(amount, start, [pause])
    assert due(paused) - due(plain) == timedelta(days=length)
    assert paused.elapsed_due_on == plain.due_on


@given(st.integers(1, 40), STARTS, PAUSES)
def test_working_days_that_count_are_exactly_the_limit(number, start, offsets):
    pauses = placed(start, offsets)
    end = due(ask(days(number, "working_days"), start, pauses))
    span = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    paused = [any(pause.from_on <= day < pause.to_on for pause in pauses) for day in span]
    assert sum(CALENDAR.is_working(day) and not still for day, still in zip(span, paused, strict=True)) == number


@given(AMOUNTS, STARTS, PAUSES, st.integers(0, 200), st.booleans())
def test_the_elapsed_clock_never_runs_slower_than_the_legal_one(amount, start, offsets, later, stopped):
    asked_on = start + timedelta(days=later)
    stops = [asked_on] if stopped else []
    answer = ask(amount, start, placed(start, offsets), stops=stops, asked_on=asked_on)
    assert answer.elapsed_days >= answer.legal_days >= 0
    assert answer.elapsed_days == later
    assert answer.elapsed_due_on is not None
    assert answer.elapsed_due_on <= (answer.due_on or date.max)
    assert answer.elapsed_days_left <= answer.legal_days_left


@given(AMOUNTS, STARTS, PAUSES)
def test_overlapping_pauses_count_once(amount, start, offsets):
    pauses = placed(start, offsets)
    assert ask(amount, start, pauses).due_on == ask(amount, start, [*pauses, *pauses[::-1]]).due_on


@given(AMOUNTS, STARTS, PAUSES, st.integers(0, 60), st.integers(1, 40))
def test_what_happened_after_the_day_asked_plays_no_part(amount, start, offsets, later, gap):
    asked_on, after = start + timedelta(days=later), start + timedelta(days=later + gap)
    pauses = placed(start, offsets)
    now = ask(amount, start, pauses, asked_on=asked_on)
    with_future = deadline(
        RULE,
        [start, after],
        [after],
        [*pauses, Pause(after, None, "LATER")],
        [Extension(after, days(30))],
        value(amount),
        CALENDAR,
        asked_on,
    )
    assert with_future == now


@given(AMOUNTS.filter(lambda amount: amount.rest_day == "next_working_day"), STARTS)
def test_a_limit_does_not_end_on_a_day_off(amount, start):
    assert CALENDAR.is_working(due(ask(amount, start)))


@given(AMOUNTS, AMOUNTS, STARTS, st.integers(0, 100))
def test_an_extension_in_time_never_shortens_and_a_late_one_changes_nothing(amount, more, start, later):
    more = replace(more, rest_day=amount.rest_day)
    plain = ask(amount, start)
    on = start + timedelta(days=later)
    extended = ask(amount, start, extensions=[Extension(on, more)])
    codes = [line.code for line in extended.reasoning]
    if on <= due(plain):
        assert due(extended) >= due(plain)
        assert "extended" in codes
    else:
        assert extended.due_on == plain.due_on
        assert "extension_too_late" in codes


# -- single questions -------------------------------------------------------------------------------------------------


def test_three_months_and_three_more_are_six_months():
    six = ask(days(3, "months"), date(2025, 11, 30), extensions=[Extension(date(2026, 1, 15), days(3, "months"))])
    # Saturday 30 May, so Monday 1 June; by way of 28 February it would have been 28 May.
    assert due(six) == date(2026, 6, 1)
    assert [line.code for line in six.reasoning].count("extended") == 1


def test_a_clock_that_stands_still_has_no_end_and_says_what_would_be_left():
    pause = Pause(date(2025, 6, 10), None, "BARRIER")
    answer = ask(days(10), date(2025, 6, 2), [pause], asked_on=date(2025, 7, 1))
    assert (answer.due_on, answer.is_paused) == (None, True)
    assert answer.elapsed_due_on == date(2025, 6, 12)
    assert (answer.legal_days, answer.elapsed_days) == (7, 29)
    assert (answer.legal_days_left, answer.elapsed_days_left) == (3, -19)
    assert (answer.is_late, answer.is_late_by_elapsed_clock) == (False, True)


def test_a_pause_that_had_not_ended_on_the_day_asked_had_no_end_then():
    pause = Pause(date(2025, 6, 10), date(2025, 6, 20), "BARRIER")
    assert ask(days(10), date(2025, 6, 2), [pause], asked_on=date(2025, 6, 15)).due_on is None
    assert ask(days(10), date(2025, 6, 2), [pause], asked_on=date(2025, 6, 20)).due_on == date(2025, 6, 23)


def test_a_limit_that_ends_on_a_day_off_does_not_end_on_a_paused_day_either():
    # Ten days from Wednesday 4 June end on Saturday 14 June; Monday and Tuesday the office is shut.
    pause = Pause(date(2025, 6, 16), date(2025, 6, 18), "BARRIER")
    assert due(ask(days(10), date(2025, 6, 4), [pause])) == date(2025, 6, 18)


def test_an_act_during_a_pause_is_in_time():
    pause = Pause(date(2025, 6, 10), None, "BARRIER")
    answer = ask(days(10), date(2025, 6, 2), [pause], stops=[date(2025, 9, 1)], asked_on=date(2025, 9, 2))
    assert not answer.is_late and answer.is_late_by_elapsed_clock
    assert answer.stopped_on == date(2025, 9, 1)
    assert "stopped_in_time" in [line.code for line in answer.reasoning]


@pytest.mark.parametrize(("stopped", "late"), [(date(2025, 6, 12), False), (date(2025, 6, 13), True)])
def test_the_last_day_is_still_in_time(stopped, late):
    answer = ask(days(10), date(2025, 6, 2), stops=[stopped])
    assert answer.due_on == date(2025, 6, 12)
    assert answer.is_late is late


def test_seventy_two_hours_run_through_a_weekend():
    assert due(ask(days(72, "hours", rest_day="stay"), date(2025, 6, 6))) == date(2025, 6, 9)


def test_the_same_day_can_be_counted():
    assert due(ask(days(3, counted_from="same_day"), date(2025, 6, 2))) == date(2025, 6, 4)


def test_a_pause_on_the_first_day_counts_where_that_day_does():
    pause = Pause(date(2025, 6, 2), date(2025, 6, 3), "BARRIER")
    assert due(ask(days(3, counted_from="same_day"), date(2025, 6, 2), [pause])) == date(2025, 6, 5)
    assert due(ask(days(3), date(2025, 6, 2), [pause])) == date(2025, 6, 5)


def test_a_start_while_the_clock_runs_gives_no_new_time():
    one, two, end = date(2025, 6, 2), date(2025, 6, 5), date(2025, 6, 6)
    assert [(run.start.on, run.stop and run.stop.on) for run in runs([one, two], [])] == [(one, None)]
    assert [(run.start.on, run.stop and run.stop.on) for run in runs([one, two], [date(2025, 6, 3), end])] == [
        (one, date(2025, 6, 3)),
        (two, end),
    ]


def test_acts_of_one_day_are_told_apart_by_their_order():
    day = date(2025, 6, 2)
    told, decided_again = Moment(day, 4, "notify"), Moment(day, 5, "decide")
    stretches = runs([Moment(date(2025, 6, 1), 1, "decide"), decided_again], [told])
    assert [(run.start.seq, run.stop and run.stop.seq) for run in stretches] == [(1, 4), (5, None)]


def test_a_stop_before_any_start_is_nothing():
    assert runs([date(2025, 6, 5)], [date(2025, 6, 1)]) == ((Moment(date(2025, 6, 5)), None),)


def test_a_clock_that_never_started_says_so():
    answer = deadline(RULE, [], [], [], [], None, CALENDAR, FAR)
    assert (answer.started_on, answer.due_on, answer.is_running, answer.is_late) == (None, None, False, False)
    assert [line.code for line in answer.reasoning] == ["not_started"]


def test_the_limit_must_be_the_one_in_force_at_the_start():
    old = value(days(10))
    with pytest.raises(ValueError, match="in force on 1999-12-31"):
        deadline(RULE, [date(1999, 12, 31)], [], [], [], old, CALENDAR, FAR)
    with pytest.raises(ValueError, match="in force"):
        deadline(RULE, [date(2025, 1, 1)], [], [], [], None, CALENDAR, FAR)


def test_a_day_that_rests_on_an_expected_holiday_is_provisional():
    assert ask(days(5, "working_days"), date(2030, 5, 6)).provisional
    assert not ask(days(5, "working_days"), date(2029, 5, 6)).provisional
