"""Birth dates as intervals: nobody becomes older or younger by what was not known."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from panoh.kernel.births import AGE_BANDS, OLDEST_AGE, BirthDate, format_birth
from panoh.kernel.calendars import to_solar_hijri
from panoh.kernel.problems import Problem

DAYS = st.dates(date(1900, 1, 1), date(2030, 12, 31))


def test_a_solar_hijri_year_is_an_interval_over_two_gregorian_years():
    birth = BirthDate.from_parts("solar_hijri", 1370)
    assert (birth.earliest, birth.latest) == (date(1991, 3, 21), date(1992, 3, 20))
    assert birth.precision == "year"
    assert birth.parts() == (1370, None, None)
    assert birth.age_on(date(2025, 12, 31)) == (33, 34)


@given(st.sampled_from(["gregorian", "solar_hijri"]), DAYS, st.sampled_from(["day", "month", "year"]))
def test_parts_come_back_and_hold_the_day_they_describe(calendar, day, precision):
    parts = to_solar_hijri(day) if calendar == "solar_hijri" else (day.year, day.month, day.day)
    given_parts = parts[: {"year": 1, "month": 2, "day": 3}[precision]]
    birth = BirthDate.from_parts(calendar, *given_parts)
    assert birth.precision == precision
    assert birth.earliest <= day <= birth.latest
    assert tuple(part for part in birth.parts() if part is not None) == given_parts
    length = (birth.latest - birth.earliest).days + 1
    assert length in {"day": {1}, "month": {28, 29, 30, 31}, "year": {365, 366}}[precision]


@given(DAYS, st.integers(0, 45_000))
def test_age_by_an_exact_day_is_one_age_and_grows_on_the_birthday(born, later):
    day = born + timedelta(days=later)
    assume(day.year < 2100)
    lowest, highest = BirthDate.from_parts("gregorian", born.year, born.month, born.day).age_on(day)
    assert lowest == highest
    assert abs(lowest - later / 365.2425) < 1.01
    if (day.month, day.day) == (born.month, born.day):
        assert lowest == day.year - born.year


@given(DAYS, st.integers(0, OLDEST_AGE))
def test_a_stated_age_is_true_on_the_day_it_was_stated(on, age):
    birth = BirthDate.from_age(age, on)
    assert birth.age_on(on) == (age, age)
    assert birth.age_on(on + timedelta(days=364))[1] in (age, age + 1)
    assert birth.estimated
    assert birth.parts() == (None, None, None)
    # One day wider on either side, and somebody of another age would be let in.
    assert BirthDate(birth.earliest - timedelta(days=1), birth.latest, "age").age_on(on)[1] == age + 1
    if age:
        assert BirthDate(birth.earliest, birth.latest + timedelta(days=1), "age").age_on(on)[0] == age - 1


@given(st.sampled_from(["gregorian", "solar_hijri"]), DAYS, st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_the_band_lies_within_the_bounds_of_the_age(calendar, born, day):
    parts = to_solar_hijri(born) if calendar == "solar_hijri" else (born.year, born.month, born.day)
    birth = BirthDate.from_parts(calendar, parts[0])
    assume(birth.earliest <= day)
    lowest, highest = birth.age_on(day)
    first, last = next((first, last) for code, first, last in AGE_BANDS if code == birth.age_band_on(day))
    assert first <= highest
    assert last is None or lowest <= last


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-4"),
        (4, "0-4"),
        (5, "5-11"),
        (11, "5-11"),
        (12, "12-17"),
        (17, "12-17"),
        (18, "18-59"),
        (59, "18-59"),
        (60, "60+"),
        (110, "60+"),
    ],
)
def test_bands_begin_and_end_where_unhcr_says(age, band):
    assert BirthDate.from_parts("gregorian", 2025 - age, 1, 1).age_band_on(date(2025, 12, 31)) == band


def test_an_unknown_birth_date_is_in_no_band_and_of_any_age():
    birth = BirthDate.unknown(date(2025, 1, 1))
    assert birth.age_band_on(date(2025, 12, 31)) == "unknown"
    assert birth.age_on(date(2025, 1, 1)) == (0, 120)
    assert format_birth(birth, "en") == ""


def test_majority_is_undecided_where_the_interval_leaves_it_open():
    birth = BirthDate.from_parts("solar_hijri", 1386)  # 21 Mar 2007 – 19 Mar 2008
    assert birth.is_adult_on(date(2025, 3, 20)) is False
    assert birth.is_adult_on(date(2025, 9, 1)) is None
    assert birth.is_adult_on(date(2026, 3, 19)) is True


def test_who_is_born_on_29_february_completes_a_year_on_1_march():
    birth = BirthDate.from_parts("gregorian", 2004, 2, 29)
    assert birth.age_on(date(2022, 2, 28)) == (17, 17)
    assert birth.age_on(date(2022, 3, 1)) == (18, 18)


def test_age_before_the_birth_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="lives on"):
        BirthDate.from_parts("gregorian", 2004).age_on(date(2003, 12, 31))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: BirthDate.from_parts("gregorian", 2023, 2, 29), "kernel.calendar.no_such_day"),
        (lambda: BirthDate.from_parts("gregorian", 2023, 13), "kernel.calendar.no_such_day"),
        (lambda: BirthDate.from_parts("solar_hijri", 1402, 12, 30), "kernel.calendar.no_such_day"),
        (lambda: BirthDate.from_parts("solar_hijri", 1402, 13), "kernel.calendar.no_such_day"),
        (lambda: BirthDate.from_parts("gregorian", 1370), "kernel.calendar.year_out_of_range"),
        (lambda: BirthDate.from_parts("solar_hijri", 1991), "kernel.calendar.year_out_of_range"),
        (lambda: BirthDate.from_parts("gregorian", 2000, None, 3), "kernel.birth.day_without_month"),
        (lambda: BirthDate.from_age(121, date(2025, 1, 1)), "kernel.birth.implausible_age"),
        (lambda: BirthDate.from_age(-1, date(2025, 1, 1)), "kernel.birth.implausible_age"),
    ],
)
def test_impossible_birth_dates_are_refused(call, code):
    with pytest.raises(Problem) as refused:
        call()
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        (date(2000, 1, 2), date(2000, 1, 1), "year"),
        (date(2000, 1, 1), date(2000, 1, 2), "day"),
        (date(2000, 1, 1), date(2000, 1, 1), "year"),
    ],
)
def test_an_interval_that_contradicts_itself_cannot_be_made(earliest, latest, precision):
    with pytest.raises(ValueError, match=r"birth interval|precision"):
        BirthDate(earliest, latest, precision)


def test_format_birth_shows_what_was_said_in_the_calendar_it_was_said_in():
    assert format_birth(BirthDate.from_parts("solar_hijri", 1370, 2), "prs") == "ثور ۱۳۷۰"
    assert format_birth(BirthDate.from_parts("solar_hijri", 1370, 2, 3), "en") == "3 Sawr 1370"
    assert format_birth(BirthDate.from_age(35, date(2025, 6, 1)), "prs") == "۱۹۸۹–۱۹۹۰"
