"""The sheet takes all that the register keeps; what is seldom needed is folded, and nothing typed is dropped in silence."""

from __future__ import annotations

import re
from datetime import date

import pytest

from panoh.access.context import acting_as_system
from panoh.kernel.names import PersonName
from panoh.registry.models import Household, Person, Profile
from tests.registry.pages import form_of, pressed
from tests.registry.test_register_page import FATHER, MOTHER, typed
from tests.signing_in import client_of

EVERYTHING = {
    **FATHER, "patronymic": "", "tribal": "پوپلزی", "occupation": "خیاط", "education": "12",
    "other_given": "Mohammad Naim", "other_grandfather": "Gul Agha", "other_tribal": "Popalzai",
    "third_given": "Муҳаммад Наим", "third_patronymic": "Ҳазратович",
    "paper_kind": "TAZKIRA", "paper_number": "48211", "paper_country": "Afghanistan", "paper_issued_on": "2001-05-06",
    "paper2_kind": "PASSPORT", "paper2_number": "P0123456", "paper2_country": "AFG", "paper2_expires_on": "2031-01-31",
    "paper3_kind": "BIRTH_CERTIFICATE", "paper3_number": "77", "birth_estimated": "on", "languages": ["PRS", "RUS"],
}  # fmt: skip


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


def register(client, *persons: dict, **household):
    return client.post("/households/register", typed(*persons, **household))


def people() -> list[Person]:
    with acting_as_system("reading in a test"):
        return list(Person.objects.prefetch_related("names", "papers_held").order_by("id"))


def test_everything_that_is_told_is_kept(clerk) -> None:
    later = {**MOTHER, "arrived_on": "2026-02-03"}
    answer = register(clerk, EVERYTHING, later)
    assert answer.status_code == 200 and "The household is registered" in answer.content.decode()
    father, mother = people()
    own = {name.script: name.as_person_name() for name in father.names.all() if name.role == "own"}
    assert own["Arab"].tribal == "پوپلزی"
    assert own["Latn"] == PersonName("Latn", "Mohammad Naim", grandfather="Gul Agha", tribal="Popalzai")
    assert own["Cyrl"] == PersonName("Cyrl", "Муҳаммад Наим", patronymic="Ҳазратович")
    papers = {one.kind: (one.number, one.country, one.issued_on, one.expires_on) for one in father.papers_held.all()}
    assert papers == {
        "TAZKIRA": ("48211", "AFG", date(2001, 5, 6), None),
        "PASSPORT": ("P0123456", "AFG", None, date(2031, 1, 31)),
        "BIRTH_CERTIFICATE": ("77", "", None, None),
    }
    assert (father.occupation, father.birth_estimated) == ("خیاط", True)
    assert (father.arrived_on, mother.arrived_on) == (date(2026, 1, 5), date(2026, 2, 3))
    with acting_as_system("reading in a test"):
        assert Profile.objects.get(person=father).languages == ["PRS", "RUS"]


def test_what_is_wrong_below_the_fold_is_marked_and_the_fold_stands_open(clerk) -> None:
    wrong = {
        **EVERYTHING, "third_patronymic": "Hazratovich", "paper2_issued_on": "2020-13-40", "paper2_number": "P_1",
        "paper_country": "Atlantis",
    }  # fmt: skip
    answer = register(clerk, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and not people()
    places = ("third_patronymic", "paper2_issued_on", "paper2_number", "paper_country")
    for place in places:
        assert f'id="persons.0.{place}-error"' in page, place
    for kept in ("Hazratovich", "2020-13-40", "P_1", "Atlantis", "خیاط"):
        assert kept in page, kept
    assert page.count("<details open>") >= 3
    assert "<details open>" not in register(clerk, {**FATHER, "given": ""}).content.decode(), (
        "the common case stays short"
    )


def test_a_passport_out_of_date_is_asked_once(clerk) -> None:
    asked = register(clerk, {**EVERYTHING, "paper2_expires_on": "2020-01-31"})
    page = asked.content.decode()
    assert 'data-code="registry.warning.paper_expired"' in page and not people()
    sent = typed({**EVERYTHING, "paper2_expires_on": "2020-01-31"})
    sent["submission_id"] = pressed(asked)["submission_id"]
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    assert clerk.post("/households/register", {**sent, "seen": seen}).status_code == 200 and len(people()) == 1


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"birth_year": "1360", "age": "10"}, "registry.birth.two_ways"),
        ({"birth_year": "", "birth_month": "3"}, "registry.birth.year_missing"),
        ({"birth_year": "", "age_year": "1390"}, "registry.birth.age_missing"),
    ],
)
def test_a_birth_told_in_two_ways_or_in_half_is_not_dropped(clerk, told, code) -> None:
    answer = register(clerk, {**FATHER, **told})
    assert answer.status_code == 422 and f'data-code="{code}"' in answer.content.decode() and not people()
    assert register(clerk, {**FATHER, **dict.fromkeys(told, ""), "birth_year": "1360"}).status_code == 200


def test_an_age_in_a_year_spans_the_two_years_that_it_may_mean(clerk) -> None:
    register(clerk, {**FATHER, "birth_year": "", "age": "۲۵", "age_year": "۱۳۹۰"})
    born = people()[0].birth
    assert (born.earliest, born.latest) == (date(1985, 3, 22), date(1987, 3, 20))
    assert (born.precision, born.calendar, born.estimated) == ("age", "solar_hijri", True)


def test_days_are_told_in_the_readers_own_calendar(clerk) -> None:
    assert 'type="date"' in clerk.get("/households/register").content.decode()
    clerk.cookies["language"] = "prs"
    shown = form_of(clerk, "/households/register")
    assert "arrived_on" not in shown and "حمل" in clerk.get("/households/register").content.decode()
    arrived = {"arrived_on_calendar": "solar_hijri", "arrived_on_year": "۱۴۰۴", "arrived_on_month": "12"}
    wrong = register(clerk, FATHER, arrived_on="", **arrived, arrived_on_day="۳۱")
    page = wrong.content.decode()
    assert wrong.status_code == 422 and 'data-code="registry.value.not_a_day"' in page
    assert 'value="۳۱"' in page and 'value="۱۴۰۴"' in page and '<option value="12" selected>حوت' in page
    assert register(clerk, FATHER, arrived_on="", **arrived, arrived_on_day="10").status_code == 200
    with acting_as_system("reading in a test"):
        household = Household.objects.get()
    assert household.arrived_on == date(2026, 3, 1)
    address = f"/households/{household.number}/arrival"
    sent = form_of(clerk, address)
    assert (sent["arrived_on_day"], sent["arrived_on_month"], sent["arrived_on_year"]) == ("۱۰", "12", "۱۴۰۴")
    assert clerk.post(address, {**sent, "evidence": "مهر پاسپورت"}).status_code == 422, "the same day is no correction"
    refused = clerk.post(address, {**sent, "evidence": "مهر پاسپورت", "arrived_on_day": "40"})
    assert refused.status_code == 422 and 'value="40"' in refused.content.decode()
    assert clerk.post(address, {**sent, "evidence": "مهر پاسپورت", "arrived_on_day": "9"}).status_code == 302
    with acting_as_system("reading in a test"):
        assert Household.objects.get().arrived_on == date(2026, 2, 28)
