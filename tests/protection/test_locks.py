"""Whom the database shows an incident: held against the Q of the pages, and against raw SQL."""

from __future__ import annotations

import itertools

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from panoh.access.roles import ROLES
from panoh.ledger.operations import record
from panoh.protection.models import FollowUp, Incident, IncidentPerson, IncidentReading
from panoh.protection.queries.incidents import visible_to
from tests.protection.conftest import seen_by, tell

REPORTING = ("registration_clerk", "protection_officer", "lawyer", "programme_officer")
ACCUSED = (None, "authority", "un", "ngo", "undp")


@pytest.fixture
def incidents(world) -> dict[tuple[str, str | None], str]:
    """Each role's report against each organisation, and against nobody."""
    made = {}
    for role, accused in itertools.product(REPORTING, ACCUSED):
        organisation = world.organisations[accused].pk if accused else None
        made[role, accused] = tell(world, role, accused_organisation_id=organisation).number
    return made


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_database_shows_what_the_pages_ask_for(world, incidents, role):
    with world.as_role(role) as actor:
        by_database = set(Incident.objects.values_list("number", flat=True))
        by_pages = set(visible_to(actor).values_list("number", flat=True))
    assert by_database == by_pages
    own = {"un": "un", "ngo": "ngo", "partner": "undp"}.get(world.members[role].organisation.kind, "authority")
    expected = set()
    if role == "protection_officer":
        expected = {number for (_by, accused), number in incidents.items() if accused != own}
    elif role == "lawyer":
        expected = {number for (by, accused), number in incidents.items() if by == "lawyer" and accused != own}
    assert by_database == expected


def test_no_member_of_the_accused_organisation_sees_it_by_raw_sql(world, incidents):
    accusing_us = incidents["lawyer", "authority"]
    for role in ROLES:
        if world.members[role].organisation.code != "authority":
            continue
        with world.as_role(role), connection.cursor() as cursor:
            for table in ("incident", "incidentperson", "evidence", "followup", "incidentreading"):
                cursor.execute(f"SELECT count(*) FROM protection_{table}")
                assert cursor.fetchone() == (0,), (role, table)
    assert seen_by(world, "protection_officer", accusing_us) is not None


def test_without_the_rule_the_accused_would_see_it(committed_world, owner_connection):
    """The guard taken away: nothing else holds the protection side of an accused organisation off."""
    un = committed_world.organisations["un"].pk
    number = tell(committed_world, "lawyer", accused_organisation_id=un).number
    assert seen_by(committed_world, "protection_officer", number) is None
    (rule,) = owner_connection.execute(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
        " WHERE polname = 'panoh_read' AND polrelid = 'protection_incident'::regclass"
    ).fetchone()
    guard = "accused_organisation_id IS DISTINCT FROM"
    assert guard in rule
    owner_connection.execute(
        f"ALTER POLICY panoh_read ON protection_incident USING ({rule.replace(guard, 'id IS DISTINCT FROM')})"
    )
    assert seen_by(committed_world, "protection_officer", number) is not None


def test_nobody_reports_into_the_hands_of_another_organisation(world):
    with world.as_role("lawyer") as lawyer:
        number = tell(world, "lawyer").number
        kept = Incident.objects.get(number=number)
        entry = record(
            by=lawyer,
            kind="protection.incident.reported",
            subjects=[kept.pk],
            payload={},
            occurred_on=timezone.localdate(),
        )
        copy = Incident(**{f.attname: getattr(kept, f.attname) for f in Incident._meta.concrete_fields})
        copy.pk, copy.number, copy.submission_id, copy.entry_id = entry.id, "I-26-999998", None, entry.id
        copy.organisation_id = world.organisations["undp"].pk
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            copy.save(force_insert=True)


def test_whoever_cannot_see_an_incident_adds_nothing_to_it(committed_world):
    """In a transaction of its own: within that of the report its parts come in with its entry."""
    number = tell(committed_world, "protection_officer").number
    kept = seen_by(committed_world, "protection_officer", number)
    with committed_world.as_role("lawyer") as lawyer:
        record(by=lawyer, kind="test.something", subjects=[kept.pk], payload={}, occurred_on=timezone.localdate())
        for row in (
            IncidentPerson(incident_id=kept.pk, position=7, many=2),
            FollowUp(
                incident_id=kept.pk,
                act="closed",
                done_on=timezone.localdate(),
                recorded_at=timezone.now(),
                entry_id=kept.pk,
            ),
            IncidentReading(incident_id=kept.pk, member_id=lawyer.member_id, verb="x", read_at=timezone.now()),
        ):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                row.save(force_insert=True)


def test_what_was_reported_cannot_be_rewritten_and_nothing_is_removed(world):
    number = tell(world, "protection_officer").number
    with world.as_role("protection_officer") as officer:
        kept = Incident.objects.get(number=number)
        record(by=officer, kind="test.something", subjects=[kept.pk], payload={}, occurred_on=timezone.localdate())
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
            Incident.objects.filter(pk=kept.pk).update(narrative="nothing happened at all")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM protection_followup WHERE incident_id = %s", [kept.pk])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM protection_incident WHERE id = %s", [kept.pk])
            assert cursor.rowcount == 0  # no policy lets a row go
    assert seen_by(world, "protection_officer", number) is not None
