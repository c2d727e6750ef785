"""Solar Hijri and Gregorian days, by known vectors, by a second implementation, and by properties."""

from datetime import date, timedelta

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.kernel import calendars
from panoh.kernel.calendars import format_day, from_solar_hijri, solar_hijri_year, to_solar_hijri
from panoh.kernel.problems import Problem

VECTORS = [
    ((1370, 1, 1), date(1991, 3, 21)),
    ((1375, 12, 30), date(1997, 3, 20)),
    ((1380, 6, 15), date(2001, 9, 6)),
    ((1399, 12, 30), date(2021, 3, 20)),
    ((1400, 1, 1), date(2021, 3, 21)),
    ((1403, 12, 30), date(2025, 3, 20)),
    ((1400, 5, 24), date(2021, 8, 15)),
    ((1368, 10, 11), date(1990, 1, 1)),
]
LEAP_YEARS = [1370, 1375, 1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408]
FIRST_DAY, LAST_DAY = solar_hijri_year(1178)[0], solar_hijri_year(1633)[1]
DAYS = st.dates(FIRST_DAY, LAST_DAY)


@pytest.mark.parametrize(("solar_hijri", "gregorian"), VECTORS)
def test_known_days_in_both_directions(solar_hijri, gregorian):
    assert from_solar_hijri(*solar_hijri) == gregorian
    assert to_solar_hijri(gregorian) == solar_hijri


def test_leap_years_of_four_decades():
    assert [year for year in range(1370, 1410) if calendars.is_solar_hijri_leap_year(year)] == LEAP_YEARS


def test_every_day_agrees_with_a_second_implementation():
    day = FIRST_DAY
    while day <= LAST_DAY:
        theirs = jdatetime.date.fromgregorian(date=day)
        assert to_solar_hijri(day) == (theirs.year, theirs.month, theirs.day)
        day += timedelta(days=1 if 1990 < day.year < 2030 else 29)


@given(DAYS)
def test_a_day_comes_back(day):
    assert from_solar_hijri(*to_solar_hijri(day)) == day


@given(DAYS.filter(lambda day: day < LAST_DAY))
def test_the_next_day_is_the_next_day(day):
    year, month, of_month = to_solar_hijri(day)
    following = to_solar_hijri(day + timedelta(days=1))
    assert following in {(year, month, of_month + 1), (year, month + 1, 1), (year + 1, 1, 1)}
    assert following > (year, month, of_month)


@given(st.integers(1178, 1633))
def test_a_year_spans_two_gregorian_years_and_is_whole(year):
    first, last = solar_hijri_year(year)
    assert (last - first).days + 1 == (366 if calendars.is_solar_hijri_leap_year(year) else 365)
    assert last.year == first.year + 1
    assert to_solar_hijri(first)[1:] == (1, 1)
    assert to_solar_hijri(first - timedelta(days=1))[0] == year - 1 if year > 1178 else True


@pytest.mark.parametrize(
    "parts", [(1400, 12, 30), (1400, 7, 31), (1400, 13, 1), (1400, 0, 1), (1400, 1, 0), (1400, 1, 32)]
)
def test_from_solar_hijri_refuses_a_day_that_does_not_exist(parts):
    with pytest.raises(Problem) as refused:
        from_solar_hijri(*parts)
    assert refused.value.code == "kernel.calendar.no_such_day"


@pytest.mark.parametrize(
    "call", [lambda: from_solar_hijri(2020, 1, 1), lambda: solar_hijri_year(1), lambda: to_solar_hijri(date(1, 1, 1))]
)
def test_years_outside_the_proved_range_are_refused(call):
    with pytest.raises(Problem) as refused:
        call()
    assert refused.value.code == "kernel.calendar.year_out_of_range"


@pytest.mark.parametrize(
    ("language", "calendar", "written"),
    [
        ("en", None, "3 May 2026"),
        ("ru", None, "3 мая 2026 г."),
        ("tg", None, "3 майи соли 2026"),
        ("prs", None, "۱۳ ثور ۱۴۰۵"),
        ("prs", "gregorian", "۳ می ۲۰۲۶"),
        ("en", "solar_hijri", "13 Sawr 1405"),
        ("tg", "solar_hijri", "13 Савр соли 1405"),
    ],
)
def test_format_day_in_the_readers_language_and_calendar(language, calendar, written):
    assert format_day(date(2026, 5, 3), language, calendar) == written


def test_partial_dates_stand_in_the_nominative():
    assert calendars.write_date(1990, 5, None, "ru", "gregorian") == "май 1990 г."
    assert calendars.write_date(1370, None, None, "prs", "solar_hijri") == "۱۳۷۰"
    assert calendars.write_date(1990, None, None, "tg", "gregorian") == "соли 1990"


def test_every_month_has_a_name_of_its_own_in_every_language():
    for names in (calendars.AFGHAN_MONTHS, calendars.IRANIAN_MONTHS, calendars.GREGORIAN_MONTHS):
        assert set(names) == {"en", "ru", "tg", "prs"}
        assert all(len(set(months)) == 12 for months in names.values())
    assert calendars.AFGHAN_MONTHS["tg"][0] == "Ҳамал"


def test_digits_are_read_from_every_keyboard():
    assert calendars.ascii_digits("۱۳۷۰/٠١/01") == "1370/01/01"
    assert calendars.persian_digits("1370") == "۱۳۷۰"
