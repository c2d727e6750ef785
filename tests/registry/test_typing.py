"""While a household is typed: who may be registered already is told before anything is saved, and nobody else is."""

from __future__ import annotations

import re

import pytest

from panoh.access.context import acting
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry.models import Household, Person
from panoh.registry.operations import register_household
from tests.hostile.values import HOSTILE
from tests.registry.families import five, person
from tests.registry.test_register_page import count, typed
from tests.signing_in import client_of

KNOWN = PersonName("Arab", "محمد نعیم", father="عبدالغفور", family="رحیمی")
BORN = BirthDate.from_parts("solar_hijri", 1365)
SAME = {"given": "Мухаммад Наим", "father": "Абдулгафур", "family": "Рахими"}
TOLD = "Perhaps registered already"


def register_known(world) -> Person:
    with acting(world.actor("registration_clerk")) as clerk:
        office = world.offices["panji_poyon"].pk
        family = five(office, persons=(person(name=KNOWN, birth=BORN),))
        return register_household(by=clerk, registration=family).persons[0]


@pytest.fixture
def known(world) -> Person:
    return register_known(world)


@pytest.fixture
def ask(world):
    """Asks as the sheet does about one of the persons typed; answers the text of what is put beside her."""
    client = client_of(world.members["registration_clerk"])

    def answer(*persons: dict, about: int = 0) -> str:
        answered = client.post("/households/register/alike", {**typed(*persons), "alike": str(about)})
        assert answered.status_code == 200
        return answered.content.decode()

    return answer


@pytest.mark.parametrize(
    "as_typed",
    [
        {**SAME, "birth_year": "1986", "birth_calendar": "gregorian"},
        {**SAME, "given": "Мухаммад Наам", "birth_year": "1365", "birth_calendar": "solar_hijri"},
        {"given": "Mohd Naeem", "father": "Abdul Ghafoor", "birth_year": "1366", "birth_calendar": "solar_hijri"},
        {"given": "نعیم محمد", "father": "عبدالغفور", "family": "رحیمی"},
    ],
    ids=["another script", "one letter wrong", "a year off", "no year yet"],
)
def test_who_is_registered_is_told_before_the_sheet_is_whole(known, ask, as_typed):
    before = count(Household)
    told = ask(as_typed)
    assert TOLD in told and known.number in told
    assert count(Household) == before


@pytest.mark.parametrize(
    "as_typed",
    [
        {**SAME, "given": "Зайнаб", "birth_year": "1365", "birth_calendar": "solar_hijri", "sex": "F"},
        {"given": "Мухаммад Наим", "father": "Ҷамшед", "birth_year": "2001", "birth_calendar": "gregorian"},
        {"given": "Мухаммад"},
        {},
    ],
    ids=["twin sister", "namesake", "a common name alone", "nothing"],
)
def test_nobody_else_is(known, ask, as_typed):
    assert TOLD not in ask(as_typed)


def test_of_a_brother_it_says_which_name_is_another(known, ask):
    """He has all but his own name of him who is registered: the clerk is asked to look, and told what does not fit."""
    told = ask({**SAME, "given": "Мухаммад Карим", "birth_year": "1365", "birth_calendar": "solar_hijri"})
    assert known.number in told and "карим" in told and "نعیم" in told


def test_a_birth_that_nobody_told_is_no_reason(known, ask):
    reason = "the dates of birth can be the same"
    assert reason not in ask(SAME)
    assert reason in ask({**SAME, "birth_year": "1365", "birth_calendar": "solar_hijri"})


def test_each_person_is_told_of_alone(known, ask):
    other = {"given": "Зайнаб", "father": "Карим", "sex": "F"}
    assert TOLD not in ask(other, SAME, about=0)
    assert known.number in ask(other, SAME, about=1)


def test_who_may_not_register_may_not_ask(world, known):
    lawyer = client_of(world.members["lawyer"])
    assert lawyer.post("/households/register/alike", {**typed(SAME), "alike": "0"}).status_code == 403


@pytest.mark.parametrize("text", [text for text in HOSTILE if text == text.encode(errors="ignore").decode()])
def test_nonsense_is_answered(known, ask, text):
    names = dict.fromkeys(("given", "father", "family", "birth_year", "paper_number", "sex"), text)
    assert "data-alike" in ask(names)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True, databases="__all__")
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("prs", 390)])
def test_a_clerk_sees_it_while_typing(committed_world, visit, violations, language, width):
    known = register_known(committed_world)
    session = client_of(committed_world.members["registration_clerk"]).cookies["sessionid"].value
    page = visit("/households/register", language=language, width=width, cookies={"sessionid": session})
    for name, text in SAME.items():
        page.locator(f"[name='persons.0.{name}']").press_sequentially(text)
    record = page.locator("#person-0 [data-alike] a")
    record.wait_for()
    assert record.get_attribute("href").endswith(known.number)
    assert re.search("محمد نعیم", record.inner_text())
    assert page.evaluate("document.activeElement.name") == "persons.0.family", "the clerk types on"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    for name in SAME:
        page.locator(f"[name='persons.0.{name}']").fill("Зайнаб")
    record.wait_for(state="detached")
