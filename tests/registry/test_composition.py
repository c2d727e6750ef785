"""Who belongs together: the principal applicant, joining and splitting; and the database agrees at commit."""

from datetime import date

import pytest
from django.db import DatabaseError, connection

from panoh.access.context import acting_as_system
from panoh.kernel.calendars import BirthDate
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.registry.models import Household, Location, Membership, Person, StatusChange
from panoh.registry.operations import (
    change_principal_applicant,
    join_household,
    register_household,
    split_household,
)
from tests.registry.conftest import settle
from tests.registry.families import five, person
from tests.registry.happenings import to_mother, today

# -- the principal applicant ------------------------------------------------------------------------------------------


def test_change_principal_applicant_tells_everyone_anew(family, clerk):
    change_principal_applicant(
        by=clerk, household=family.household, new_principal=family.mother, relationships=to_mother(family)
    )
    assert family.mother.relationship == "PA"
    assert family.father.relationship == "HUS"
    assert Person.objects.filter(household=family.household, relationship="PA").count() == 1
    settle()


def test_change_principal_applicant_refuses_a_missing_relationship(family, clerk):
    told = to_mother(family)
    del told[family.son.pk]
    with pytest.raises(Problem, match="relationship_missing"):
        change_principal_applicant(
            by=clerk, household=family.household, new_principal=family.mother, relationships=told
        )


def test_the_database_holds_exactly_one_principal_applicant(family, clerk):
    record(
        by=clerk, kind="test.raw.write", subjects=[family.father.pk, family.mother.pk], payload={}, occurred_on=today()
    )
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        with pytest.raises(DatabaseError, match="person_one_principal_applicant"):
            cursor.execute("UPDATE registry_person SET relationship = 'PA' WHERE id = %s", [family.mother.pk])
        cursor.execute("ROLLBACK TO SAVEPOINT before")
        cursor.execute("UPDATE registry_person SET relationship = 'HUS' WHERE id = %s", [family.father.pk])
        with pytest.raises(DatabaseError, match="one principal applicant"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ROLLBACK TO SAVEPOINT before")


# -- join and split ---------------------------------------------------------------------------------------------------


def test_split_household_gives_the_leaving_ones_a_number(family, clerk):
    done = split_household(
        by=clerk,
        household=family.household,
        leaving=[family.grandmother, family.daughter],
        principal=family.grandmother,
        relationships={family.daughter.pk: "GCF"},
        split_on=date(2026, 10, 1),
    )
    settle()
    fresh = Household.objects.get(pk=done.entry.payload["new_household"])
    assert fresh.number != family.household.number
    assert {p.pk for p in fresh.persons.all()} == {family.grandmother.pk, family.daughter.pk}
    assert family.grandmother.relationship == "PA"
    assert Membership.objects.filter(person=family.daughter).count() == 2
    assert Location.objects.count() == 0, "the district is closed to who splits the household, and still carried over"
    with acting_as_system("looking in a test"):
        assert Location.objects.get(household=fresh).place == Location.objects.get(household=family.household).place


def test_split_household_refuses_to_leave_the_others_alone(family, clerk):
    with pytest.raises(Problem, match="principal_leaves"):
        split_household(
            by=clerk,
            household=family.household,
            leaving=[family.father],
            principal=family.father,
            relationships={},
        )
    with pytest.raises(Problem, match="split_all"):
        split_household(
            by=clerk,
            household=family.household,
            leaving=list(Person.objects.filter(household=family.household)),
            principal=family.father,
            relationships={},
        )


def test_join_household_empties_and_closes_the_other(family, clerk, world):
    brother = five(world.offices["panji_poyon"].pk, persons=(person("داود", birth=BirthDate.from_age(30, today())),))
    other = register_household(by=clerk, registration=brother)
    join_household(
        by=clerk,
        household=family.household,
        joining=other.household,
        relationships={other.persons[0].pk: "SBM"},
        joined_on=today(),
    )
    settle()
    joined = Person.objects.get(pk=other.persons[0].pk)
    assert joined.household_id == family.household.pk
    assert joined.number == other.persons[0].number
    emptied = Household.objects.get(pk=other.household.pk)
    assert (emptied.status, emptied.closure_reason) == ("closed", "TRANSFERRED")
    assert not StatusChange.objects.filter(person=joined).exists()


def test_nobody_belongs_to_two_households_on_one_day(family, clerk):
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before")
        with pytest.raises(DatabaseError, match="membership_one_at_a_time"):
            cursor.execute(
                "INSERT INTO registry_membership (id, household_id, person_id, relationship, valid_from, reason)"
                " SELECT gen_random_uuid(), household_id, id, 'SON', '2026-04-01', 'test' FROM registry_person WHERE id = %s",
                [family.son.pk],
            )
        cursor.execute("ROLLBACK TO SAVEPOINT before")
