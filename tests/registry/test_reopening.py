"""One member closed by mistake, or back again: put right by a supervisor, with the tables as if it had never been."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.kernel.problems import Problem
from panoh.registry.models import Membership, Person, StatusChange
from panoh.registry.operations import close_person, record_death, register_household, reopen_household, reopen_person
from panoh.statistics.annual import annual_table
from tests.registry.conftest import Family, settle
from tests.registry.families import five
from tests.registry.happenings import give_status, to_mother
from tests.registry.pages import form_of
from tests.signing_in import client_of

WHY = "The wrong child was ticked"


def as_counted() -> object:
    """The year's tables without suppression, with who is counted where."""
    table = annual_table(timezone.localdate().year, method="true")
    assert table.balanced
    return table.sections


@pytest.mark.django_db(transaction=True, databases=["default", "owner", "reader"])
def test_the_wrong_member_recorded_dead_is_put_right_on_the_page(committed_world) -> None:
    world = committed_world
    with world.as_role("registration_clerk") as clerk:
        family = Family(world, register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk)))
        give_status(clerk, family.done.persons)
    before = as_counted()
    clerk, supervisor = (client_of(world.members[role]) for role in ("registration_clerk", "registration_supervisor"))
    son = family.done.persons[3]
    assert clerk.post(f"/persons/{son.number}/death", {"died_on": timezone.localdate()}).status_code == 302
    assert as_counted() != before
    address = f"/persons/{son.number}/reopening"
    assert address in supervisor.get(f"/persons/{son.number}").content.decode()
    assert address not in clerk.get(f"/persons/{son.number}").content.decode()
    assert clerk.get(address).status_code == 403
    sent = {**form_of(supervisor, address), "explanation": WHY}
    dead = supervisor.post(address, sent)
    assert dead.status_code == 409 and "having died" in dead.content.decode(), "the dead return only as a mistake"
    assert supervisor.post(address, {**sent, "explanation": "", "restore_status": "on"}).status_code == 422
    assert supervisor.post(address, {**sent, "restore_status": "on"}).status_code == 302
    assert as_counted() == before
    with acting_as_system("reading in a test"):
        person = Person.objects.get(pk=son.pk)
        assert (person.status, person.population_group, person.relationship) == ("open", "REF", "SON")
        assert [one.valid_to for one in Membership.objects.filter(person=person)] == [None]
    again = {**form_of(supervisor, address), "explanation": WHY, "restore_status": "on"}
    assert supervisor.post(address, again).status_code == 409, "open already"
    assert address not in supervisor.get(f"/persons/{son.number}").content.decode()


def test_a_principal_applicant_comes_back_beside_the_one_who_took_over(family, clerk, world) -> None:
    give_status(clerk, [family.father])
    record_death(
        by=clerk, person=family.father, died_on=date(2026, 9, 1), new_principal=family.mother,
        relationships=to_mother(family),
    )  # fmt: skip
    father = family.father
    with world.as_role("registration_supervisor") as supervisor:
        with pytest.raises(Problem, match="relationship_missing"):
            reopen_person(by=supervisor, person=father, explanation=WHY, restore_status=True)
        done = reopen_person(by=supervisor, person=father, relationship="HUS", explanation=WHY, restore_status=True)
        assert done.entry.kind == "registry.person.reopened"
    settle()
    assert (family.father.relationship, family.mother.relationship) == ("HUS", "PA")
    assert family.father.population_group == "REF"
    standing = Membership.objects.get(person=father, valid_to__isnull=True)
    assert standing.relationship == "HUS"


def test_one_who_returned_gets_a_place_and_no_status(family, clerk, world) -> None:
    give_status(clerk, [family.son])
    close_person(by=clerk, person=family.son, reason="SPONTANEOUS_DEPARTURE", closed_on=date(2026, 9, 1))
    with world.as_role("registration_supervisor") as supervisor:
        with pytest.raises(Problem, match="reopened_before_closing"):
            reopen_person(
                by=supervisor, person=family.son, explanation=WHY, reopened_on=date(2026, 8, 1), relationship="SON"
            )
        reopen_person(by=supervisor, person=family.son, explanation="he came back", reopened_on=date(2026, 10, 1))
    settle()
    assert (family.son.status, family.son.population_group) == ("open", "")
    assert not StatusChange.objects.filter(person=family.son, corrects__isnull=False).exists()
    spans = [(one.valid_from, one.valid_to) for one in Membership.objects.filter(person=family.son).order_by("id")]
    assert spans[1] == (date(2026, 10, 1), None) and spans[0][1] == date(2026, 9, 1)


def test_who_is_in_another_household_or_alone_in_a_closed_one_is_not_opened_here(family, clerk, world) -> None:
    for member in (family.daughter, family.son, family.grandmother, family.mother, family.father):
        record_death(by=clerk, person=member, died_on=date(2026, 9, 1))
    father = family.father
    with world.as_role("registration_supervisor") as supervisor:
        with pytest.raises(Problem, match=r"household\.closed"):
            reopen_person(by=supervisor, person=father, explanation=WHY, restore_status=True)
        with pytest.raises(Problem, match=r"person\.dead"):
            reopen_household(
                by=supervisor, household=family.household, persons=[father], principal=father, explanation=WHY
            )
        reopen_household(
            by=supervisor, household=family.household, persons=[father], principal=father, explanation=WHY,
            restore_status=True,
        )  # fmt: skip
    settle()
    assert family.father.status == "open" and family.household.status == "open"
