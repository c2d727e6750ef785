"""The search page in a browser: one person typed in three scripts, what else is known of her, and what is no name at all."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from panoh.access.context import acting
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.operations import register_household
from tests.registry.families import five, person
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

THE_ONE = PersonName("Arab", "محمد نعیم", father="عبدالغفور", family="رحیمی")
NAMESAKE = PersonName("Cyrl", "Муҳаммад Наим", father="Ҷамшед")


@pytest.fixture
def searching(committed_world, visit):
    """Opens the search page as the border post's clerk; two men of one name are registered, by another father and year."""
    with acting(committed_world.actor("registration_clerk")) as clerk:
        office = committed_world.offices["panji_poyon"].pk
        one, other = (
            register_household(by=clerk, registration=five(office, persons=(person(name=name, birth=birth),))).persons[
                0
            ]
            for name, birth in (
                (THE_ONE, BirthDate.from_parts("solar_hijri", 1365)),
                (NAMESAKE, BirthDate.from_parts("gregorian", 2001, 5, 1)),
            )
        )
    session = client_of(committed_world.members["registration_clerk"]).cookies["sessionid"].value

    def open_page(language="en", width=1280, **asked):
        return visit(f"/search?{urlencode(asked)}", language=language, width=width, cookies={"sessionid": session})

    open_page.one, open_page.other = one.number, other.number
    return open_page


def numbers(page) -> list[str]:
    return page.locator(".hits .person-facts bdi:first-child").all_inner_texts()


def press_search(page) -> None:
    with page.expect_navigation():
        page.locator("main form[role=search] button").click()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("prs", 390)])
@pytest.mark.parametrize(
    "typed", ["محمد نعیم", "Мухаммад Наим", "Naeem Mohd", "Tоҷик Муҳаммaд Наим", "Ｍｏｈａｍｍａｄ Ｎａｉｍ"]
)
def test_one_man_is_found_however_he_is_typed(searching, violations, language, width, typed):
    page = searching(language, width)
    page.locator("main #q").fill(typed)
    press_search(page)
    assert set(numbers(page)) == {searching.one, searching.other}
    assert page.locator("main #q").input_value() == typed
    assert not page.locator("main #father").is_visible(), "it would stand between the question and the answer"
    assert page.locator(".hits a[href*='/identity/explain']").count() == 2
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("father", "born", "first"),
    [
        ("Abdul Ghafoor", "", "one"),
        ("Абдулғафур", "1365", "one"),
        ("جمشید", "", "other"),
        ("", "2001", "other"),
        ("", "1986", "one"),
    ],
)
def test_the_fathers_name_and_the_year_tell_namesakes_apart(searching, father, born, first):
    page = searching()
    page.locator("main #q").fill("Mohammad Naim")
    page.locator("main #father").fill(father)
    page.locator("main #born").fill(born)
    press_search(page)
    assert numbers(page)[0] == getattr(searching, first)
    assert (page.locator("main #father").input_value(), page.locator("main #born").input_value()) == (father, born)
    assert page.locator("main #father").is_visible()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("prs", 390)])
def test_the_grandfathers_name_is_asked_beside_the_fathers(searching, language, width):
    page = searching(language, width, q="Mohammad Naim", grandfather="عبدالغفور")
    assert numbers(page)[0] == searching.one
    assert (
        page.locator("main #grandfather").input_value() == "عبدالغفور"
        and page.locator("main #grandfather").is_visible()
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_hit_leads_to_its_explanation_and_the_way_back(searching):
    page = searching(q="Мухаммад Наим")
    page.locator(f".hits li:has-text('{searching.one}') a[href*='/identity/explain']").click()
    page.wait_for_url("**/identity/explain?*")
    assert page.locator("tbody tr").first.locator(".met-word").all_inner_texts() == ["муҳаммад", "محمد"]


def test_nothing_asked_and_one_letter_are_answered_calmly(searching, violations):
    page = searching()
    press_search(page)
    assert page.locator(".hits, .notice-problem").count() == 0
    page.locator("main #q").fill("х")
    press_search(page)
    assert page.locator(".hits, .empty").count() == 1
    assert violations(page) == []


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("", 200),
        ("   ", 200),
        ("a" * 10_000, 422),
        ("😀👨‍👩‍👧", 422),
        ("%_*[(\\", 422),
        ("'; DROP TABLE x; --", 200),
        ("日本語", 200),
    ],
)
def test_what_is_no_name_gets_an_answer_and_is_kept(committed_world, typed, status):
    answer = client_of(committed_world.members["registration_clerk"]).get("/search", {"q": typed})
    assert answer.status_code == status
    assert 'role="search"' in answer.content.decode()
