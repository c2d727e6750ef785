"""The filters of `{% load panoh %}`: each value in the reader's language, digits, calendar and direction."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from panoh.access.days import typed_day
from panoh.kernel.births import BirthDate
from panoh.kernel.names import PersonName
from panoh.web import reader
from panoh.web.templatetags import panoh as tags

DAY = date(2021, 3, 21)


@pytest.mark.parametrize(
    ("language", "calendar", "shown"),
    [
        ("en", None, "21 March 2021"),
        ("prs", None, "۱ حمل ۱۴۰۰"),
        ("prs", "gregorian", "۲۱ مارچ ۲۰۲۱"),
        ("en", "solar_hijri", "1 Hamal 1400"),
    ],
)
def test_day(language, calendar, shown):
    with reader.reading_as(language, calendar):
        html = tags.day(DAY)
    assert shown in html
    assert '<time datetime="2021-03-21"' in html


def test_day_in_both_calendars():
    with reader.reading_as("en"):
        assert tags.day(DAY, "both") == '<time datetime="2021-03-21">21 March 2021 (1 Hamal 1400)</time>'


def test_day_of_an_instant_is_the_day_in_dushanbe():
    assert "22 March 2021" in tags.day(datetime(2021, 3, 21, 20, 30, tzinfo=UTC))
    assert "01:30" in tags.moment(datetime(2021, 3, 21, 20, 30, tzinfo=UTC))


@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_shows_as_nothing(nothing):
    filters = (
        tags.day,
        tags.moment,
        tags.days_left,
        tags.number,
        tags.bdi,
        tags.name,
        tags.place,
        tags.provision,
        tags.titled,
    )
    assert [show(nothing) for show in filters] == [""] * len(filters)
    assert tags.code(nothing, "sex") == ""


@pytest.mark.parametrize(
    ("due", "words", "marked"),
    [
        (date(2021, 3, 21), "due today", True),
        (date(2021, 3, 22), "1 day left", True),
        (date(2021, 3, 28), "7 days left", True),
        (date(2021, 3, 29), "8 days left", False),
        (date(2021, 3, 20), "1 day late", True),
        (date(2021, 3, 1), "20 days late", True),
    ],
)
def test_days_left(due, words, marked):
    html = tags.days_left(due, DAY)
    assert words in html
    assert ("badge-due" in html) is marked
    assert "danger" not in html


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("en", 1234567, "1,234,567"),
        ("prs", 1234567, "۱٬۲۳۴٬۵۶۷"),
        ("ru", 1234567, "1\xa0234\xa0567"),
        ("en", Decimal("0.5"), "0.5"),
        ("prs", "<5", "&lt;۵"),
        ("en", "*", "*"),
        ("en", 0, "0"),
    ],
)
def test_number(language, value, shown):
    with reader.reading_as(language):
        assert shown in tags.number(value)


def test_name_is_isolated_and_carries_its_script():
    dari = PersonName("Arab", "محمد نعیم", father="عبدالرحیم")
    assert tags.name(dari) == '<bdi lang="fa" dir="rtl">محمد نعیم</bdi>'
    assert "عبدالرحیم" in tags.name(dari, "full")
    assert tags.name(PersonName("Latn", "Naeem")) == '<bdi dir="ltr">Naeem</bdi>'


@given(st.text())
def test_nothing_typed_becomes_markup(text):
    for html in (tags.bdi(text), tags.number(text), tags.name(text)):
        assert html.count("<") == (2 if html else 0)


def test_birth_stands_in_its_own_calendar():
    assert "1370" in tags.birth(BirthDate.from_parts("solar_hijri", 1370))
    with reader.reading_as("prs"):
        assert "۱۳۷۰" in tags.birth(BirthDate.from_parts("solar_hijri", 1370))


def test_an_unknown_birth_date_shows_as_nothing():
    assert tags.birth(BirthDate.unknown(DAY)) == ""
    assert tags.birth(None) == ""


def test_code_speaks_the_readers_language_and_marks_what_it_does_not_know():
    with reader.reading_as("en"):
        english = tags.code("F", "sex")
    with reader.reading_as("prs"):
        dari = tags.code("F", "sex")
    assert english and dari and english != dari
    assert tags.code("<b>", "sex") == '<bdi class="unknown-code">&lt;b&gt;</bdi>'
    assert "unknown-code" in tags.code("F", "no_such_list")


def test_titled_takes_anything_with_titles():
    titles = {"en": "Interview", "prs": "مصاحبه"}
    with reader.reading_as("prs"):
        assert tags.titled(titles) == "مصاحبه"
    with reader.reading_as("tg"):
        assert tags.titled(titles) == "Interview"


def test_with_query_changes_one_parameter(rf):
    template = Template("{% load panoh %}{% with_query after='k' %}|{% with_query q=None %}")
    assert template.render(Context({"request": rf.get("/x?q=1&after=a")})) == "?q=1&amp;after=k|?after=a"


def test_block_components_escape_their_titles():
    source = "{% load panoh %}{% card title=t %}<p>ok</p>{% endcard %}{% notice title=t kind='due' %}x{% endnotice %}{% empty title=t %}x{% endempty %}"
    html = Template(source).render(Context({"t": "<script>"}))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 3
    assert "<p>ok</p>" in html


def test_every_icon_can_be_drawn():
    from panoh.web import icons

    for which in icons._DRAWINGS:
        assert "<svg" in icons.svg(which)
    assert 'aria-label="Search"' in icons.svg("search", "Search")


# -- a day to be typed ------------------------------------------------------------------------------------------------


SPRING = date(2025, 3, 21)


def drawn(language: str, **context) -> str:
    given = {"day": SPRING, "sent": None, **context}
    with reader.reading_as(language):
        return Template('{% load panoh %}{% day_input "on" day sent=sent max=day %}').render(Context(given))


def test_a_day_is_asked_in_the_readers_calendar():
    assert drawn("en") == '<input id="on" max="2025-03-21" name="on" type="date" value="2025-03-21">\n'
    asked = drawn("prs")
    assert 'name="on_day" value="۱"' in asked and '<option value="1" selected>حمل' in asked
    assert 'name="on_year" value="۱۴۰۴"' in asked and 'name="on"' not in asked
    assert 'value="۱"' not in drawn("prs", day=None)


@pytest.mark.parametrize(
    ("sent", "day"),
    [
        ({"on": " 2025-03-21 "}, "2025-03-21"),
        ({"on_year": "1404", "on_month": "1", "on_day": "1", "on_calendar": "solar_hijri"}, "2025-03-21"),
        ({"on_year": "۱۴۰۴", "on_month": "1", "on_day": "۱"}, "2025-03-21"),
        ({"on_year": "2025", "on_month": "3", "on_day": "21", "on_calendar": "gregorian"}, "2025-03-21"),
        ({"on_year": "", "on_month": "4", "on_day": ""}, ""),
        ({}, ""),
    ],
)
def test_a_typed_day_is_one_text(sent, day):
    assert typed_day(sent, "on") == day


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [("1404", "12", "30"), ("1404", "", "3"), ("14o4", "1", "1"), ("1404", "1", "²"), ("9" * 30, "1", "1")],
)
@pytest.mark.parametrize("language", ["en", "prs"])
def test_what_is_no_day_is_shown_again_as_it_was_typed(language, year, month, day):
    sent = {"on_year": year, "on_month": month, "on_day": day, "on_calendar": "solar_hijri"}
    text = typed_day(sent, "on")
    with pytest.raises(ValueError, match="Invalid isoformat"):
        date.fromisoformat(text)
    again = drawn(language, sent=sent)
    for typed in (year, day):
        assert f'value="{typed}"' in again
    assert not month or f'<option value="{month}" selected>' in again
