"""How two names match, as a page and as a command: what a clerk sees, what no input breaks, and what rarity must not give away."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connections

from panoh.__main__ import main
from panoh.access.context import acting
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.nameindex import count_bearers
from panoh.registry.operations import register_household
from panoh.registry.queries.explaining import FEWEST_TOLD, explain_names
from tests.registry.families import five, person
from tests.signing_in import client_of

COMMITTED = pytest.mark.django_db(transaction=True, databases="__all__")
A, B = "Karimi Муҳаммад Наим", "محمد نعیم کریمی عبدالغفور"


def address(a: str, b: str) -> str:
    return f"/identity/explain?{urlencode({'a': a, 'b': b})}"


@pytest.fixture
def counted(committed_world):
    """Seven men called Naim and one called Jamshed, and their bearers counted."""
    names = [*["Наим"] * (FEWEST_TOLD + 2), "Ҷамшед"]
    with acting(committed_world.actor("registration_clerk")) as clerk:
        for name in names:
            one = person(name=PersonName("Cyrl", name), birth=BirthDate.from_age(30, date(2026, 1, 1)))
            registration = five(committed_world.offices["panji_poyon"].pk, persons=(one,))
            register_household(by=clerk, registration=registration)
    owner = connections["owner"]
    owner.ensure_connection()
    count_bearers(owner.connection)
    return committed_world


@COMMITTED
def test_how_common_a_name_is_never_tells_whether_a_rare_one_occurs(counted):
    with acting(counted.actor("registration_clerk")):
        found = explain_names("نعیم جمشید", "Naim Farida")
    assert found.counted == FEWEST_TOLD + 3
    assert found.borne["نعیم"] == found.borne["naim"] == 1
    assert found.borne["جمشید"] is found.borne["farida"] is None, "borne once and borne by nobody look the same"


@COMMITTED
def test_the_page_shows_words_letters_and_who_stands_alone(counted):
    page = client_of(counted.members["registration_clerk"]).get(address("Наим", "نعیم غفور")).content.decode()
    assert "borne by 1 in 1 people" in page
    assert "<bdi>н</bdi><bdi>ن</bdi>" in page
    assert "stands in the second name only" in page and "stands in the first name only" not in page


@pytest.mark.parametrize(
    ("a", "b", "status"),
    [
        ("", "", 200),
        ("Наим", "", 422),
        ("😀", "Наим", 422),
        ("я", "a", 200),
        ("日本", "Наим", 200),
        ("Tоҷик", "Тоҷик", 200),
        ("a" * 10_000, "b", 422),
        ("%_*(", "'; drop table x; --", 422),
        ("12345", "67890", 200),
        ("‮Наим\u2066", "Ｎａｉｍ", 200),
    ],
)
def test_no_input_breaks_the_page(world, a, b, status):
    answer = client_of(world.members["registration_clerk"]).get(address(a, b))
    assert answer.status_code == status, answer.content.decode()[:500]
    assert "<script>" not in answer.content.decode().split("<main")[1]


def test_only_who_searches_may_compare(world):
    assert client_of(world.members["administrator"]).get(address(A, B)).status_code == 403


def test_the_command_says_the_same(capsys):
    assert main(["identity", "explain", A, B]) == 0
    told = capsys.readouterr().out
    assert "наим – نعیم: surely the same word   н=ن" in told
    assert "غفور: stands in the second name only" in told
    assert main(["identity", "explain", A, B, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [met["a"] for met in found["met"]] == ["karimi", "муҳаммад", "наим"]
    assert found["alone_b"] == ["عبد", "غفور"]


@pytest.mark.browser
@COMMITTED
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("prs", 390)])
def test_the_page_in_a_browser(counted, visit, violations, language, width):
    session = client_of(counted.members["registration_clerk"]).cookies["sessionid"].value
    page = visit(address(A, B), language=language, width=width, cookies={"sessionid": session})
    assert violations(page) == []
    assert page.locator("tbody tr").count() == 5
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("main #a").fill("Ҷамшед")
    page.locator("main #b").fill("جمشید")
    with page.expect_navigation():
        page.locator("main #b").press("Enter")
    assert page.locator("tbody tr").count() == 1
