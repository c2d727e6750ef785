"""Putting right on the page: what is not touched stays as it was, and everything that was told can be put right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.kernel.names import PersonName
from panoh.registry.models import Household, Membership, Name, PaperHeld, Person
from panoh.registry.operations import register_household
from panoh.registry.registration import PaperEntry
from tests.registry.families import ARRIVED, five
from tests.registry.pages import form_of, pressed
from tests.signing_in import client_of

IN_ARABIC = PersonName("Arab", "نجیب الله", father="کریم", grandfather="گل آغا", family="احمدی", tribal="پوپلزی")
IN_LATIN = PersonName("Latn", "Najibullah", father="Karim", family="Ahmadi", patronymic="Karimzoda", tribal="Popalzai")
EVIDENCE = {"evidence": "Tazkira shown"}


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


@pytest.fixture
def family(world):
    """The five, whose father has his name in two scripts and in all its parts."""
    with world.as_role("registration_clerk") as actor:
        registration = five(world.offices["panji_poyon"].pk, phone="+992 93 555 9876")
        father, *others = registration.persons
        father = replace(father, names=(IN_ARABIC, IN_LATIN))
        return register_household(by=actor, registration=replace(registration, persons=(father, *others)))


def read(model, **wanted):
    with acting_as_system("reading in a test"):
        return list(model.objects.filter(**wanted).order_by("id"))


def told(person: Person) -> dict[tuple[str, str], PersonName]:
    """The forms that were given: (role, script) → name."""
    rows = [name for name in read(Name, person=person) if name.role != Name.PROPOSED]
    assert len({(name.role, name.script) for name in rows}) == len(rows)
    return {(name.role, name.script): name.as_person_name() for name in rows}


def correct(client, person: Person, event: str = "correction", **changes: str):
    """Change some fields of the form that the page shows, and send it."""
    address = f"/persons/{person.number}/{event}"
    shown = form_of(client, address)
    assert not changes.keys() - shown.keys(), changes.keys() - shown.keys()
    return client.post(address, {**shown, **EVIDENCE, **changes})


def test_correcting_something_else_leaves_the_names_as_they_are(clerk, family) -> None:
    father = family.persons[0]
    before = {name.pk: (name.role, name.source, str(name)) for name in read(Name, person=father)}
    assert correct(clerk, father, marital="WD").status_code == 302
    assert read(Person, pk=father.pk)[0].marital == "WD"
    assert {name.pk: (name.role, name.source, str(name)) for name in read(Name, person=father)} == before


def test_a_letter_of_one_script_leaves_the_other_script_alone(clerk, family) -> None:
    father = family.persons[0]
    assert correct(clerk, father, given="نجیب الرحمن").status_code == 302
    assert told(father) == {
        ("own", "Arab"): replace(IN_ARABIC, given="نجیب الرحمن"),
        ("own", "Latn"): IN_LATIN,
        ("alias", "Arab"): IN_ARABIC,
    }
    assert correct(clerk, father, form1_given="Najibur Rahman", form1_patronymic="").status_code == 302
    assert told(father)["own", "Latn"] == replace(IN_LATIN, given="Najibur Rahman", patronymic="")
    assert told(father)["own", "Arab"].tribal == IN_ARABIC.tribal


def test_a_script_is_added_and_one_that_is_emptied_stays_as_another_name(clerk, family) -> None:
    father = family.persons[0]
    wrong = correct(clerk, father, form2_given="Нaжиб")  # a Latin letter in a Cyrillic word
    assert wrong.status_code == 422 and "form2_given" in wrong.content.decode()
    assert correct(clerk, father, form2_given="Наҷибуллоҳ", form2_patronymic="Каримович").status_code == 302
    assert told(father)["own", "Cyrl"] == PersonName("Cyrl", "Наҷибуллоҳ", patronymic="Каримович")
    emptied = {f"form1_{part}": "" for part, _text in IN_LATIN.parts()}
    assert correct(clerk, father, **emptied).status_code == 302
    assert told(father)["alias", "Latn"] == IN_LATIN and ("own", "Latn") not in told(father)
    primary = [name for name in read(Name, person=father) if name.is_primary]
    assert [name.as_person_name() for name in primary] == [IN_ARABIC]


def test_papers_are_put_right_added_and_taken_off(clerk, family) -> None:
    father = family.persons[0]
    held = read(PaperHeld, person=father)[0]
    assert correct(clerk, father, "papers", paper0_number="1400-0101-54321").status_code == 302
    assert [paper.number for paper in read(PaperHeld, person=father)] == ["1400-0101-54321"]
    passport = {"paper1_kind": "PASSPORT", "paper1_number": "P 0123456", "paper1_country": "AFG"}
    wrong = correct(clerk, father, "papers", **passport, paper1_issued_on="2024-05-01", paper1_expires_on="2020-05-01")
    assert wrong.status_code == 422 and "P 0123456" in wrong.content.decode()
    passport |= {"paper1_issued_on": "2015-05-01", "paper1_expires_on": "2020-05-01"}
    asked = correct(clerk, father, "papers", **passport)
    assert asked.status_code == 200 and 'data-code="registry.warning.paper_expired"' in asked.content.decode()
    assert clerk.post(f"/persons/{father.number}/papers", pressed(asked)).status_code == 302
    numbers = {paper.number: paper.expires_on for paper in read(PaperHeld, person=father)}
    assert numbers == {"1400-0101-54321": None, "P 0123456": date(2020, 5, 1)}
    assert correct(clerk, father, "papers").status_code == 422, "nothing was changed"
    off = {**form_of(clerk, f"/persons/{father.number}/papers"), **EVIDENCE, "paper1_off": "on"}
    assert clerk.post(f"/persons/{father.number}/papers", off).status_code == 302
    assert [paper.number for paper in read(PaperHeld, person=father)] == ["1400-0101-54321"]
    assert held.kind == "E_TAZKIRA"


def test_a_paper_that_somebody_else_has_shown_warns(clerk, family, world) -> None:
    mother = family.persons[1]
    with world.as_role("registration_clerk") as actor:
        entry = replace(five(world.offices["panji_poyon"].pk).persons[0], phone="")
        entry = replace(entry, names=(PersonName("Arab", "زلمی"),), papers=(PaperEntry("PASSPORT", "P777"),), sex="F")
        other = register_household(by=actor, registration=five(world.offices["panji_poyon"].pk, persons=(entry,)))
    asked = correct(clerk, mother, "papers", paper0_kind="PASSPORT", paper0_number="p-777")
    page = asked.content.decode()
    assert asked.status_code == 200 and other.persons[0].number in page and "the same number of a paper" in page
    assert not read(PaperHeld, person=mother)
    again = pressed(asked)
    assert clerk.post(f"/persons/{mother.number}/papers", {**again, "seen": "0" * 64}).status_code == 200
    assert clerk.post(f"/persons/{mother.number}/papers", again).status_code == 302
    assert len(read(PaperHeld, person=mother)) == 1


def test_a_telephone_and_the_rest_are_told_later(clerk, family) -> None:
    son = family.persons[3]
    changes = {"phone": "93 555 11 22", "occupation": "Tailor", "education": "5", "origin_place": "Kunduz"}
    assert correct(clerk, son, "details", **{**changes, "phone": "12"}).status_code == 422
    assert correct(clerk, son, "details", **changes).status_code == 302
    kept = read(Person, pk=son.pk)[0]
    assert (kept.phone, kept.occupation, kept.education) == ("+992935551122", "Tailor", "5")
    assert kept.origin_place.startswith("AF") and kept.relationship == "SON"
    page = clerk.get(f"/persons/{son.number}").content.decode()
    assert "Tailor" in page and "+992935551122" in page
    assert correct(clerk, son, "details").status_code == 422, "nothing was changed"


def test_the_arrival_of_a_household_is_put_right(clerk, family) -> None:
    address = f"/households/{family.household.number}/arrival"
    shown = {**form_of(clerk, address), **EVIDENCE}
    assert clerk.post(address, shown).status_code == 422, "nothing was changed"
    assert clerk.post(address, {**shown, "arrived_on": timezone.localdate() + timedelta(days=2)}).status_code == 422
    earlier = ARRIVED - timedelta(days=9)
    sent = {**shown, "arrived_on": earlier.isoformat(), "entry_point": "NIZHNY_PANJ", "phone": "+992 93 555 00 11"}
    answer = clerk.post(address, {**sent, "entry_point": "NOWHERE"})
    assert answer.status_code == 422
    sent["entry_point"] = ""
    assert clerk.post(address, sent).status_code == 302
    kept = read(Household, pk=family.household.pk)[0]
    assert (kept.arrived_on, kept.entry_point, kept.phone) == (earlier, "", "+992935550011")
    father, mother, grandmother, son, daughter = read(Person, household=kept)
    assert {one.arrived_on for one in (father, mother, grandmother, son, daughter)} == {earlier}
    assert {one.valid_from for one in read(Membership, household=kept)} == {earlier}
    assert "Arrival or telephone corrected" in clerk.get(f"/households/{kept.number}").content.decode()
