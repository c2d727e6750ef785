"""The registration page: everything kept on error, candidates before saving, a receipt in the same answer."""

from __future__ import annotations

import re

import pytest

from panoh.access.context import acting_as_system
from panoh.kernel.ids import new_id
from panoh.registry.models import Household, Person
from tests.signing_in import client_of


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


def typed(*persons: dict, **household) -> dict:
    """The fields that a browser would send."""
    sent = {"arrived_on": "2026-01-05", "submission_id": str(new_id()), "person_count": str(len(persons)), **household}
    for index, person in enumerate(persons):
        sent |= {f"persons.{index}.{name}": value for name, value in person.items()}
    return sent


FATHER = {
    "relationship": "PA", "given": "محمد نعیم", "father": "غلام حضرت", "sex": "M", "nationality": "AFG",
    "birth_year": "1361", "birth_calendar": "solar_hijri",
}  # fmt: skip
MOTHER = {
    "relationship": "WIF", "given": "زرغونه", "father": "عبدالرحیم", "sex": "F", "nationality": "AFG",
    "birth_year": "1365", "birth_month": "3", "birth_calendar": "solar_hijri",
}  # fmt: skip


def count(model) -> int:
    with acting_as_system("counting in a test"):
        return model.objects.count()


def test_a_family_is_registered_and_leaves_with_a_receipt(clerk) -> None:
    answer = clerk.post("/households/register", typed(FATHER, MOTHER))
    assert answer.status_code == 200, answer.content.decode()[:3000]
    page = answer.content.decode()
    assert "data:image/png" in page and count(Household) == 1 and count(Person) == 2
    number = re.search(r"/households/([0-9A-Z-]+)\"", page)[1]
    household = clerk.get(f"/households/{number}")
    assert household.status_code == 200 and "محمد نعیم" in household.content.decode()


def test_the_same_page_sent_twice_registers_once(clerk) -> None:
    sent = typed(FATHER)
    first, second = clerk.post("/households/register", sent), clerk.post("/households/register", sent)
    assert first.status_code == second.status_code == 200 and count(Household) == 1
    entry = re.compile(r'<code dir="ltr">([0-9a-f-]{36})</code>')
    assert entry.search(first.content.decode())[1] == entry.search(second.content.decode())[1]


def test_everything_typed_stays_when_something_is_wrong(clerk) -> None:
    wrong = {**FATHER, "given": "N4im", "birth_year": "13x1", "phone": "12"}
    answer = clerk.post("/households/register", typed(wrong, MOTHER, arrived_on="2035-01-01"))
    page = answer.content.decode()
    assert answer.status_code == 422 and count(Household) == 0
    for kept in ("N4im", "13x1", "زرغونه", "غلام حضرت", "2035-01-01"):
        assert kept in page, kept
    for place in ("persons.0.given-error", "persons.0.birth_year-error", "arrived_on-error"):
        assert place in page, place


def test_adding_and_removing_persons_judges_nothing(clerk) -> None:
    answer = clerk.post("/households/register", {**typed({**FATHER, "given": ""}), "add": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200 and 'name="persons.1.given"' in page and "field-wrong" not in page
    answer = clerk.post("/households/register", {**typed(FATHER, MOTHER), "remove": "0"})
    page = answer.content.decode()
    assert "زرغونه" in page and "محمد نعیم" not in page and 'name="persons.1.given"' not in page


def test_a_likely_duplicate_is_shown_once_before_saving(clerk) -> None:
    assert clerk.post("/households/register", typed(FATHER)).status_code == 200
    again = typed({**FATHER, "given": "Муҳаммад Наим", "father": "Ғулом Ҳазрат"})
    warned = clerk.post("/households/register", again)
    page = warned.content.decode()
    assert count(Household) == 1 and "Perhaps registered already" in page
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', page)[1]
    assert (
        clerk.post("/households/register", {**again, "seen": "0" * 64}).content.decode().count("Perhaps registered")
        == 1
    )
    assert count(Household) == 1
    assert clerk.post("/households/register", {**again, "seen": seen}).status_code == 200
    assert count(Household) == 2


def test_who_may_not_register_is_refused_and_nobody_without_signing_in(world, client) -> None:
    assert client_of(world.members["lawyer"]).post("/households/register", typed(FATHER)).status_code == 403
    assert client.post("/households/register", typed(FATHER)).status_code == 401  # the sign-in, in front of the sheet
    assert count(Household) == 0


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"person_count": "999999999999999999999"},
        {"person_count": "-1", "submission_id": "nonsense"},
        {
            "person_count": "3",
            "persons.0.given": "\u202e\x00" * 50,
            "persons.1.birth_year": "۱۳۷۰",
            "persons.2.age": "-5",
        },
        {"person_count": "2", "persons.0.needs": "'; DROP TABLE registry_person; --", "persons.0.sex": "X" * 10_000},
        {"remove": "99999999999999999999"},
        {"arrived_on": "0000-99-99", "residence_place": "\ud800"},
    ],
)
def test_nonsense_gets_an_answer_and_never_a_fault(clerk, sent: dict) -> None:
    sent = {key: value.encode("utf-8", "replace").decode() for key, value in sent.items()}
    assert clerk.post("/households/register", sent).status_code in (200, 422)
    assert count(Household) == 0


def test_a_father_who_is_not_named_again_hides_no_duplicate(clerk) -> None:
    """On file with father and grandfather; told again without them, in another script and one letter off."""
    on_file = {**FATHER, "given": "عبدالنجیب", "father": "شیر محمد", "grandfather": "گل آغا", "family": "هوتک"}
    assert clerk.post("/households/register", typed(on_file)).status_code == 200
    again = {**FATHER, "given": "Abdul Najib", "father": "", "family": "Hotak"}
    page = clerk.post("/households/register", typed(again)).content.decode()
    assert "Perhaps registered already" in page and count(Household) == 1


def test_only_who_registers_may_ask_the_database_for_people_beyond_her_files(world, clerk) -> None:
    """Raw SQL of the same question: the clerk gets the number, a lawyer and an auditor get nothing."""
    from django.db import connection

    on_file = {**FATHER, "paper_kind": "TAZKIRA", "paper_number": "48211"}
    assert clerk.post("/households/register", typed(on_file)).status_code == 200
    asked = '[{"keys": [], "papers": ["48211"], "sex": "M", "earliest": "1980-01-01", "latest": "1985-01-01"}]'

    def found(role: str) -> int:
        with world.as_role(role), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registry_candidates(%s::jsonb)", [asked])
            return cursor.fetchone()[0]

    assert found("registration_clerk") == 1
    assert [found(role) for role in ("lawyer", "auditor", "administrator", "programme_officer")] == [0, 0, 0, 0]
