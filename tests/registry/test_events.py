"""The events of continuous registration: what each changes, and that the database agrees at commit."""

from datetime import date, timedelta

import pytest
from django.db import connection

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.registry.models import Facts, Location, Membership, Name, Need, Person, Residence, StatusChange
from panoh.registry.operations import (
    add_member,
    add_need,
    change_residence,
    close_household,
    close_person,
    correct_person,
    end_need,
    record_birth,
    record_death,
    record_divorce,
    record_marriage,
    reopen_household,
)
from panoh.registry.registration import NeedEntry, PaperEntry
from panoh.registry.replays import replay_population
from tests.registry.conftest import settle
from tests.registry.families import person
from tests.registry.happenings import give_status, newborn, take_over, today

# -- births and later arrivals ----------------------------------------------------------------------------------------


def test_record_birth_adds_the_child_to_the_parents_group(family, clerk):
    give_status(clerk, [family.father, family.mother])
    done = record_birth(by=clerk, household=family.household, child=newborn(), parent=family.mother)
    child = Person.objects.get(pk=done.persons[0].pk)
    assert child.population_group == "REF"
    assert child.arrived_on == date(2026, 6, 1)
    change = StatusChange.objects.get(person=child)
    assert (change.reason, change.effective_on, change.from_group) == ("BIRTH", date(2026, 6, 1), "")
    assert Facts.objects.filter(person=child).count() == 1
    settle()


def test_record_birth_of_an_asylum_seeker_joins_the_claim(family, clerk):
    give_status(clerk, [family.father], "ASY", "ASYAPP")
    done = record_birth(by=clerk, household=family.household, child=newborn())
    assert StatusChange.objects.get(person=done.persons[0]).reason == "ASYAPP"


@pytest.mark.parametrize(
    ("child", "code"),
    [
        (newborn(sex="M"), "registry.person.relationship_sex"),
        (newborn(relationship="PA"), "registry.household.two_principal_applicants"),
        (newborn(birth=BirthDate.from_parts("gregorian", 2020, 6, 1)), "registry.event.before_arrival"),
        (newborn(birth=BirthDate.from_parts("gregorian", 2096, 6, 1)), "registry.person.born_in_future"),
    ],
)
def test_record_birth_refuses_what_cannot_be(family, clerk, child, code):
    with pytest.raises(Problem) as refusal:
        record_birth(by=clerk, household=family.household, child=child)
    assert code in {one.code for one in refusal.value.each()}
    record_birth(by=clerk, household=family.household, child=newborn())  # the same set-up, the right child


def test_add_member_brings_no_status(family, clerk):
    give_status(clerk, [family.father])
    brother = person("داود", relationship="SBM", birth=BirthDate.from_age(30, today()), arrived_on=date(2026, 7, 1))
    done = add_member(by=clerk, household=family.household, person=brother)
    assert done.persons[0].population_group == ""
    assert Membership.objects.get(person=done.persons[0]).valid_from == date(2026, 7, 1)
    settle()


# -- death and closure ------------------------------------------------------------------------------------------------


def test_record_death_ends_group_and_membership(family, clerk):
    give_status(clerk, [family.grandmother])
    record_death(by=clerk, person=family.grandmother, died_on=date(2026, 8, 2))
    gone = family.grandmother
    assert (gone.status, gone.closure_reason, gone.population_group) == ("closed", "DEATH", "")
    assert Membership.objects.get(person=gone).valid_to == date(2026, 8, 2)
    last = StatusChange.objects.filter(person=gone).latest("effective_on")
    assert (last.from_group, last.to_group, last.reason) == ("REF", "", "DEATH")
    settle()


def test_the_principal_applicants_death_needs_a_successor(family, clerk):
    with pytest.raises(Problem, match="principal_leaves"):
        record_death(by=clerk, person=family.father, died_on=date(2026, 8, 2))
    told = take_over(family, family.mother, grandmother="PLF", son="SON", daughter="DAU")
    record_death(
        by=clerk, person=family.father, died_on=date(2026, 8, 2), new_principal=family.mother, relationships=told
    )
    assert family.mother.relationship == "PA"
    assert family.household.status == "open"
    settle()


def test_the_last_ones_death_closes_the_household(family, clerk):
    close_person(by=clerk, person=family.grandmother, reason="SPONTANEOUS_DEPARTURE")
    close_person(by=clerk, person=family.mother, reason="SPONTANEOUS_DEPARTURE")
    close_person(by=clerk, person=family.son, reason="SPONTANEOUS_DEPARTURE")
    close_person(by=clerk, person=family.daughter, reason="SPONTANEOUS_DEPARTURE")
    record_death(by=clerk, person=family.father, died_on=today())
    assert family.household.status == "closed"
    settle()


def test_deportation_is_its_own_reason_and_marked_for_protection(family, clerk):
    give_status(clerk, [family.son])
    done = close_person(by=clerk, person=family.son, reason="DEPORTATION", closed_on=date(2026, 9, 1))
    assert family.son.closure_reason == "DEPORTATION"
    assert done.entry.payload["reason"] == "DEPORTATION"
    assert done.entry.payload["incident"] is True
    departed = close_person(by=clerk, person=family.daughter, reason="SPONTANEOUS_DEPARTURE")
    assert departed.entry.payload["incident"] is False


@pytest.mark.parametrize("reason", ["NO_SUCH_REASON", "", "TRANSFERRED"])
def test_close_person_refuses_reasons_that_are_none(family, clerk, reason):
    with pytest.raises(Problem) as refusal:
        close_person(by=clerk, person=family.son, reason=reason)
    assert refusal.value.field == "reason"


def test_a_closure_that_does_not_fit_the_group_is_refused(family, clerk):
    give_status(clerk, [family.son])
    with pytest.raises(Problem, match="not_for_group"):
        close_person(by=clerk, person=family.son, reason="FINAL_REJECTION")


def test_close_and_reopen_household_keeps_the_number(family, clerk, world):
    give_status(clerk, [family.father, family.mother])
    number = family.household.number
    close_household(by=clerk, household=family.household, reason="VOLUNTARY_REPATRIATION", closed_on=date(2026, 9, 1))
    settle()
    assert not Person.objects.filter(household=family.household, status="open").exists()
    assert {c.reason for c in StatusChange.objects.filter(to_group="")} == {"VOLREP"}
    with pytest.raises(Problem, match=r"household\.closed"):
        record_birth(by=clerk, household=family.household, child=newborn())
    with world.as_role("registration_supervisor") as supervisor:
        reopen_household(
            by=supervisor,
            household=family.household,
            persons=[family.father, family.mother],
            principal=family.father,
            explanation="came back after two months",
        )
    settle()
    assert family.household.number == number
    assert family.household.status == "open"
    assert family.father.population_group == ""
    assert family.son.status == "closed"


def test_reopen_household_can_take_a_mistaken_closure_back(family, clerk, world):
    give_status(clerk, [family.father, family.mother])
    close_household(by=clerk, household=family.household, reason="SPONTANEOUS_DEPARTURE", closed_on=date(2026, 9, 1))
    with world.as_role("registration_supervisor") as supervisor:
        reopen_household(
            by=supervisor,
            household=family.household,
            persons=[family.father, family.mother],
            principal=family.father,
            explanation="closed by mistake",
            restore_status=True,
        )
    settle()
    assert family.father.population_group == "REF"
    voided = StatusChange.objects.get(person=family.father, to_group="")
    assert voided.corrected_by.get().to_group == "REF"


# -- marriage and divorce ---------------------------------------------------------------------------------------------


def test_marriage_and_divorce_change_both(family, clerk):
    record_divorce(by=clerk, person=family.father, former_spouse=family.mother, divorced_on=date(2026, 9, 9))
    assert (family.father.marital, family.mother.marital) == ("DV", "DV")
    assert family.mother.relationship == "EXF"
    record_marriage(
        by=clerk, person=family.father, spouse=family.mother, married_on=date(2026, 10, 9), relationship="WIF"
    )
    assert (family.father.marital, family.mother.relationship) == ("MA", "WIF")
    settle()
    with pytest.raises(Problem, match="with_oneself"):
        record_marriage(by=clerk, person=family.father, spouse=family.father, married_on=today())


# -- corrections ------------------------------------------------------------------------------------------------------


def test_correct_person_keeps_the_old_name_and_is_found_by_the_new(family, clerk):
    new = (PersonName("Arab", "نجیب الرحمن", father="کریم", family="احمدی"),)
    correct_person(
        by=clerk,
        person=family.father,
        corrections={"names": new, "birth": BirthDate.from_parts("solar_hijri", 1359)},
        evidence="tazkira seen",
    )
    forms = {(name.role, name.given) for name in Name.objects.filter(person=family.father)}
    assert ("own", "نجیب الرحمن") in forms
    assert ("alias", "نجیب الله") in forms
    assert Facts.objects.filter(person=family.father).count() == 2
    settle()


@pytest.mark.parametrize(
    ("corrections", "evidence", "code"),
    [
        ({"sex": "F"}, "", "registry.value.missing"),
        ({"sex": "X"}, "seen", "registry.value.unknown_code"),
        ({"relationship": "HUS"}, "seen", "registry.household.change_by_act"),
        ({}, "seen", "registry.correction.nothing"),
        ({"religion": "ISM"}, "told", "access.verb.refused_class"),
        ({"birth": BirthDate.from_parts("gregorian", 2015)}, "seen", "registry.household.parent_not_older"),
        ({"papers": (PaperEntry("PASSPORT", "P<1"),)}, "seen", "registry.paper.number_not_alphanumeric"),
    ],
)
def test_correct_person_refuses(family, clerk, corrections, evidence, code):
    with pytest.raises(Problem) as refusal:
        correct_person(by=clerk, person=family.father, corrections=corrections, evidence=evidence)
    assert code in {one.code for one in refusal.value.each()}


# -- address and needs ------------------------------------------------------------------------------------------------


def test_a_clerk_writes_an_address_that_only_the_protection_side_reads(family, clerk, world):
    change_residence(by=clerk, household=family.household, place="3501263", detail="behind the mill", moved_on=today())
    settle()
    assert Residence.objects.count() == 0
    assert Location.objects.count() == 0
    with world.as_role("protection_officer"):
        assert Location.objects.filter(household=family.household).latest("valid_from").place == "3501263"
        rows = list(Residence.objects.order_by("valid_from", "id"))
        assert [row.valid_to for row in rows] == [today(), None]
        assert rows[1].detail == "behind the mill"


def test_a_clerk_cannot_end_the_address_of_a_hidden_file(family, clerk, world):
    """Also not by setting the function's own variable first."""
    world.add_member("registration_clerk", "stranger", office="vahdat")
    with world.as_role("stranger"), connection.cursor() as cursor:
        for inside in ("candidates", "principal", "residence"):
            cursor.execute("SELECT set_config('panoh.inside', %s, true)", [inside])
            cursor.execute("SELECT registry_end_residence(%s, %s)", [family.done.household.pk, today()])
            assert cursor.fetchone() == (False,)
    with world.as_role("protection_officer"):
        assert Residence.objects.get().valid_to is None


def test_restricted_needs_are_written_by_many_and_read_by_few(family, clerk, world):
    done = add_need(by=clerk, person=family.mother, need=NeedEntry("SV-VF", today(), "self"))
    assert not Need.objects.filter(pk=done.entry.payload["need"]).exists()
    with pytest.raises(Problem, match=r"need\.twice"):
        add_need(by=clerk, person=family.mother, need=NeedEntry("SV-VF", today(), "self"))
    with world.as_role("protection_officer") as officer:
        need = Need.objects.get(pk=done.entry.payload["need"])
        assert need.restricted
        end_need(by=officer, need=need)
        assert Need.objects.get(pk=need.pk).until == today()
    settle()


# -- the frame --------------------------------------------------------------------------------------------------------


def test_every_act_writes_exactly_one_entry(family, clerk):
    before = Entry.objects.count()
    record_birth(by=clerk, household=family.household, child=newborn())
    add_need(by=clerk, person=family.son, need=NeedEntry("CR-NE", today(), "observed"))
    correct_person(by=clerk, person=family.son, corrections={"education": "5"}, evidence="school report")
    close_person(by=clerk, person=family.daughter, reason="SPONTANEOUS_DEPARTURE")
    assert Entry.objects.count() == before + 4


def test_replay_finds_groups_that_follow_from_nothing(family, clerk):
    give_status(clerk, [family.father])
    assert not list(replay_population(None))
    record(by=clerk, kind="test.raw.write", subjects=[family.son.pk], payload={}, occurred_on=today())
    Person.objects.filter(pk=family.son.pk).update(population_group="REF")
    assert [family.son.number in finding.params["what"] for finding in replay_population(None)] == [True]


def test_an_old_version_is_refused(family, clerk):
    base = family.household.version
    add_need(by=clerk, person=family.son, need=NeedEntry("CR-NE", today()), base=base)
    with pytest.raises(Problem, match="changed_meanwhile"):
        add_need(by=clerk, person=family.daughter, need=NeedEntry("CR-NE", today()), base=base)
    add_need(by=clerk, person=family.daughter, need=NeedEntry("CR-NE", today()), base=base + 1)


def test_events_before_arrival_or_in_future_are_refused(family, clerk):
    for day in (date(2025, 1, 1), today() + timedelta(days=2)):
        with pytest.raises(Problem):
            record_death(by=clerk, person=family.grandmother, died_on=day)
    assert family.grandmother.status == "open"
