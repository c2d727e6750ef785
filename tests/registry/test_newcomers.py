"""Who comes later is looked for like everybody: warned of once, and the pair is kept in the act that registers her."""

from __future__ import annotations

import pytest

from panoh.access.context import acting_as_system
from panoh.registry.models import Person, Suggestion
from tests.registry.pages import form_of, pressed
from tests.registry.test_event_pages import members, register
from tests.registry.test_register_page import FATHER, MOTHER
from tests.signing_in import client_of

ELSEWHERE = {
    **FATHER, "given": "عبدالنجیب", "father": "شیر محمد", "family": "هوتک", "birth_year": "1372",
}  # fmt: skip
AGAIN = {
    "given": "Abdul Najib", "father": "Sher Mohammad", "family": "Hotak", "sex": "M", "nationality": "AFG",
    "birth_calendar": "solar_hijri", "birth_year": "1372", "relationship": "BIL", "arrived_on": "2026-02-01",
}  # fmt: skip


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


def suggested() -> list[tuple[object, object, str]]:
    with acting_as_system("reading in a test"):
        return [(one.person_a_id, one.person_b_id, one.origin) for one in Suggestion.objects.all()]


def everybody() -> list[Person]:
    with acting_as_system("reading in a test"):
        return list(Person.objects.order_by("id"))


def test_who_was_registered_elsewhere_is_told_before_he_joins_his_family(clerk) -> None:
    known = members(register(clerk, ELSEWHERE))[0]
    family = register(clerk, FATHER, MOTHER)
    address = f"/households/{family.number}/member"
    asked = clerk.post(address, AGAIN)
    page = asked.content.decode()
    assert asked.status_code == 200 and known.number in page and "Abdul Najib" in page, "told, and nothing is lost"
    assert len(everybody()) == 3 and not suggested()
    sent = pressed(asked)
    other_letter = clerk.post(address, {**sent, "given": "Abdul Najibb"})
    assert other_letter.status_code == 200 and len(everybody()) == 3, "another letter is another question"
    assert clerk.post(address, sent).status_code == 302
    joined = everybody()[-1]
    assert suggested() == [(known.pk, joined.pk, "entry")]


def test_one_whom_nobody_resembles_joins_at_once(clerk) -> None:
    register(clerk, ELSEWHERE)
    family = register(clerk, FATHER, MOTHER)
    other = {**AGAIN, "given": "Zalmay", "father": "Nasir", "family": "Wardak", "birth_year": "1340"}
    assert clerk.post(f"/households/{family.number}/member", other).status_code == 302
    assert len(everybody()) == 4 and not suggested()


def test_what_looks_odd_in_the_family_is_asked_once(clerk) -> None:
    family = register(clerk, FATHER, MOTHER)
    child = {**AGAIN, "given": "Zalmay", "relationship": "SIL", "sex": "F", "birth_year": "1392", "marital": "MA"}
    asked = clerk.post(f"/households/{family.number}/member", child)
    assert asked.status_code == 200 and 'data-code="registry.warning.child_marriage"' in asked.content.decode()
    assert clerk.post(f"/households/{family.number}/member", pressed(asked)).status_code == 302
    assert len(everybody()) == 3


def test_a_newcomer_has_a_second_script_and_a_paper(clerk) -> None:
    family = register(clerk, FATHER, MOTHER)
    told = {
        **AGAIN,
        "patronymic": "Sherzod",
        "other_given": "عبدالنجیب",
        "other_tribal": "هوتک",
        "paper_kind": "TAZKIRA",
    }
    wrong = clerk.post(f"/households/{family.number}/member", {**told, "other_given": "Najib"})
    assert wrong.status_code == 422
    refused = clerk.post(f"/households/{family.number}/member", told)
    assert refused.status_code == 422 and "id_paper_number" in refused.content.decode()
    assert clerk.post(f"/households/{family.number}/member", {**told, "paper_number": "48211"}).status_code == 302
    joined = everybody()[-1]
    with acting_as_system("reading in a test"):
        own = {name.script: name for name in joined.names.filter(role="own")}
        assert (own["Latn"].patronymic, own["Arab"].tribal) == ("Sherzod", "هوتک")
        assert [paper.number for paper in joined.papers_held.all()] == ["48211"]


def test_a_corrected_name_finds_the_other_record(clerk) -> None:
    known = members(register(clerk, ELSEWHERE))[0]
    mistaken = register(clerk, {**ELSEWHERE, "given": "زلمی", "father": "ناصر", "family": "وردک"})
    person = members(mistaken)[0]
    address = f"/persons/{person.number}/correction"
    shown = form_of(clerk, address)
    sent = {**shown, "given": "عبدالنجیب", "father": "شیر محمد", "family": "هوتک", "evidence": "Tazkira shown"}
    asked = clerk.post(address, sent)
    assert asked.status_code == 200 and known.number in asked.content.decode()
    assert clerk.post(address, pressed(asked)).status_code == 302
    assert suggested() == [(known.pk, person.pk, "entry")]
    shown = form_of(clerk, address)
    assert clerk.post(address, {**shown, "father": "شیرمحمد", "evidence": "Again"}).status_code == 302, "told once"
