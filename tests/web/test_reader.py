"""The reader's language and calendar: chosen by cookie, else by the browser's wishes; switched by a form that stays on the page."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from panoh.web import reader


@pytest.mark.parametrize(
    ("cookie", "wishes", "chosen"),
    [
        (None, "", "en"),
        (None, "fa-AF,fa;q=0.9,en;q=0.8", "prs"),
        (None, "ps", "prs"),
        (None, "tg-TJ", "tg"),
        (None, "de;q=1.0, ru;q=0.4, tg;q=0.7", "tg"),
        (None, "de, fr", "en"),
        (None, "ru;q=0, tg", "tg"),
        ("prs", "ru", "prs"),
        ("xx", "ru", "ru"),
    ],
)
def test_choose_language(cookie, wishes, chosen):
    assert reader.choose_language(cookie, wishes) == chosen


@given(st.none() | st.text(), st.text())
def test_choose_language_bears_anything(cookie, wishes):
    assert reader.choose_language(cookie, wishes) in reader.LANGUAGES


def test_dari_reads_from_the_right_in_solar_hijri():
    with reader.reading_as("prs") as dari:
        assert (dari.tag, dari.direction, dari.calendar) == ("fa-AF", "rtl", "solar_hijri")
    with reader.reading_as("prs", "gregorian") as dari:
        assert dari.calendar == "gregorian"
    with reader.reading_as("tg") as tajik:
        assert (tajik.direction, tajik.calendar) == ("ltr", "gregorian")


def test_a_reader_ends_with_its_block():
    with reader.reading_as("prs", "gregorian"):
        pass
    assert reader.current() == reader.Reader("en", "gregorian")


def test_a_page_speaks_the_language_of_the_cookie(client):
    client.cookies["language"] = "prs"
    answer = client.get("/help")
    assert answer.headers["Content-Language"] == "fa-AF"
    assert '<html lang="fa-AF" dir="rtl"' in answer.content.decode()
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_switch_keeps_the_page(client):
    answer = client.post("/reader/language", {"language": "tg", "next": "/help?x=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help?x=1")
    assert answer.cookies["language"].value == "tg"
    assert answer.cookies["language"]["httponly"]


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org", ""]
)
def test_the_switch_never_leads_elsewhere(client, elsewhere):
    answer = client.post("/reader/calendar", {"calendar": "solar_hijri", "next": elsewhere})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("unknown", ["xx", "", "prs; Secure", "../"])
def test_an_unknown_language_changes_nothing(client, unknown):
    answer = client.post("/reader/language", {"language": unknown, "next": "/help"})
    assert answer.status_code == 302
    assert "language" not in answer.cookies


def test_the_switch_needs_its_token():
    assert Client(enforce_csrf_checks=True).post("/reader/language", {"language": "tg"}).status_code == 403


def test_the_calendar_of_the_cookie_holds_for_days(client, rf):
    from panoh.web.templatetags.panoh import day

    with reader.reading_as("en", "solar_hijri"):
        assert "1 Hamal 1400" in day(date(2021, 3, 21))
