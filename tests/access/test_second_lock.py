"""The second lock is the first one again: raw SQL as the app role sees exactly what `access.scope` says.

Random files, agreements, grants and roles; for each, the rows that the database shows inside `acting(actor)` are
compared with what the Q of the same actor finds when row-level security shows everything.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Grant
from panoh.access.roles import ROLES
from panoh.access.scope import class_scope, household_scope
from panoh.kernel.ids import new_id
from panoh.ledger.operations import record
from panoh.registry.models import Household, Name, Need, Person, Profile, Residence, StatusChange

DAY = date(2024, 3, 1)


def fill_register(world, seed: int, files: int = 24) -> None:
    """Files of all custodians and offices, ordinary and sealed, with grants of every basis, ended and in force."""
    rng = random.Random(seed)
    owners = [(code, office) for code, office in world.offices.items()]
    now = timezone.now()
    with acting_as_system("filling the register of a test", records=["test.register.filled"]):
        households, persons, rows, grants = [], [], [], []
        for _ in range(files):
            _code, office = rng.choice(owners)
            household = Household(
                number=f"H{new_id().hex[-12:]}",
                custodian=office.organisation,
                office=office,
                registered_on=DAY,
                arrived_on=DAY,
                sensitivity=int(rng.random() < 0.25),
                registered_by=world.members["registration_clerk"],
            )
            person = Person(
                number=f"P{new_id().hex[-12:]}",
                household=household,
                relationship="PA",
                sex=rng.choice("FM"),
                birth_earliest=DAY - timedelta(days=9000),
                birth_latest=DAY - timedelta(days=9000),
                birth_precision="day",
                nationality="AFG",
                arrived_on=DAY,
            )
            households.append(household)
            persons.append(person)
            rows += [
                Name(person=person, script="Latn", given="Zarghuna", source="told", is_primary=True),
                Residence(household=household, place="3509018", valid_from=DAY, recorded_at=now),
                Profile(person=person, religion="ISM"),
                Need(person=person, code="SV-VO", restricted=True, since=DAY, source="self", recorded_by=world.members["protection_officer"], recorded_at=now),
                Need(person=person, code="DS-BD", restricted=False, since=DAY, source="self", recorded_by=world.members["protection_officer"], recorded_at=now),
                StatusChange(person=person, effective_on=DAY, to_group="ASY", reason="ASYAPP", recorded_at=now, entry_id=new_id()),
            ]  # fmt: skip
            for _ in range(rng.randrange(3)):
                grants.append(random_grant(world, rng, household.pk, now))
        entry_subjects = [row.pk for row in (*households, *persons)]
        record(by=None, kind="test.register.filled", subjects=entry_subjects, payload={}, occurred_on=DAY)
        Household.objects.bulk_create(households)
        Person.objects.bulk_create(persons)
        for row in rows:
            row.save(force_insert=True)
        Grant.objects.bulk_create(grants)


def random_grant(world, rng: random.Random, household_id, now) -> Grant:
    start = now - timedelta(days=rng.choice([1, 30]))
    end = rng.choice([None, now - timedelta(hours=1), now + timedelta(days=1)])
    grant = Grant(
        household_id=household_id,
        purpose="assistance",
        valid_from=rng.choice([start, start, now + timedelta(days=1)]),
        valid_to=end,
        given_by_organisation_id=world.organisations["authority"].pk,
        entry_id=new_id(),
        basis=rng.choice(["consent", "assignment", "override"]),
    )
    if grant.basis == "consent":
        grant.organisation = rng.choice([world.organisations["undp"], world.organisations["un"]])
        grant.agreement = world.agreements[rng.choice(["undp", "un"])]
    else:
        grant.member = world.members[
            rng.choice(["lawyer", "programme_officer", "eligibility_officer", "registration_clerk"])
        ]
        grant.reason = "Removal announced for tonight"
        if grant.basis == "override":
            grant.valid_to = end or now + timedelta(hours=3)
    return grant


def ids_by_sql(table: str, column: str = "id", where: str = "true") -> set:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {where}")
        return {row[0] for row in cursor.fetchall()}


def ids_by_scope(queryset, column: str = "pk") -> set:
    with acting_as_system("what the scope alone would show"):
        return set(queryset.values_list(column, flat=True))


def compare(world, role: str) -> int:
    actor = world.actor(role)
    expected = {
        "registry_household": ids_by_scope(Household.objects.filter(household_scope(actor))),
        "registry_person": ids_by_scope(Person.objects.filter(household_scope(actor, "household__"))),
        "registry_name": ids_by_scope(Name.objects.filter(household_scope(actor, "person__household__"))),
        "registry_statuschange": ids_by_scope(
            StatusChange.objects.filter(household_scope(actor, "person__household__"))
        ),
        "registry_residence": ids_by_scope(Residence.objects.filter(class_scope(actor, "residence"))),
    }
    profiles = ids_by_scope(
        Profile.objects.filter(class_scope(actor, "religion_ethnicity", "person__household__")), "person_id"
    )
    restricted = ids_by_scope(
        Need.objects.filter(class_scope(actor, "needs_restricted", "person__household__"), restricted=True)
    )
    with acting(actor):
        for table, ids in expected.items():
            assert ids_by_sql(table) == ids, f"{role} in {table}"
        assert ids_by_sql("registry_profile", "person_id") == profiles, role
        assert ids_by_sql("registry_need", where="restricted") == restricted, role
    return len(expected["registry_household"])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_raw_sql_sees_what_the_scope_says(world, seed: int) -> None:
    fill_register(world, seed)
    seen = {role: compare(world, role) for role in ROLES}
    everything = ids_by_scope(Household.objects.all())
    assert seen["administrator"] == seen["auditor"] == seen["head_of_office"] == 0
    assert 0 < seen["protection_officer"] <= len(everything)
    assert seen["registration_clerk"] <= seen["registration_supervisor"] <= len(everything)


def test_without_a_context_nothing_is_seen_or_written(world) -> None:
    from django.db import DatabaseError, transaction

    fill_register(world, 1)
    for table in ("registry_household", "registry_person", "registry_name", "registry_residence", "access_grant"):
        assert ids_by_sql(table) == set()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        fill_without_context(world)


def fill_without_context(world) -> None:
    office = world.offices["dushanbe"]
    Household.objects.create(
        number="H1",
        custodian=office.organisation,
        office=office,
        registered_on=DAY,
        arrived_on=DAY,
        registered_by=world.members["registration_clerk"],
    )


def test_a_file_cannot_be_put_into_another_office(world) -> None:
    """The policy guards what is written, not only what is read: a clerk of the border writes no file of the capital."""
    from django.db import DatabaseError, transaction

    with (
        world.as_role("registration_clerk"),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        fill_without_context(world)


def test_an_address_may_be_written_by_who_may_not_read_it(world) -> None:
    with world.as_role("registration_supervisor") as by:
        office = world.offices["dushanbe"]
        household = Household(
            number="H2", custodian=office.organisation, office=office, registered_on=DAY, arrived_on=DAY,
            registered_by_id=by.member_id, status="closed", closed_on=DAY, closure_reason="test",
        )  # fmt: skip
        record(by=by, kind="test.file.made", subjects=[household.pk], payload={}, occurred_on=DAY)
        household.save(force_insert=True)
        Residence(household=household, place="3509018", valid_from=DAY, recorded_at=timezone.now()).save(
            force_insert=True
        )
        assert ids_by_sql("registry_residence") == set()
    assert len(ids_by_scope(Residence.objects.all())) == 1


def test_every_policy_is_forced(world) -> None:
    """Enabled but not FORCEd would leave the owner's functions outside; and every policy must name a signed fact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relforcerowsecurity FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid GROUP BY 1, 2"
        )
        tables = dict(cursor.fetchall())
    assert {"registry_household", "registry_person", "access_grant", "access_reading"} <= set(tables)
    assert [table for table, forced in tables.items() if not forced] == []
