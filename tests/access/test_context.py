"""The signed context: what it opens, and that nothing else does."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction

from panoh.access.context import acting, acting_as_system, facts_of
from panoh.kernel.ids import new_id


def fact(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        return cursor.fetchone()[0]


def test_the_database_reads_the_actor_inside_and_nothing_outside(world) -> None:
    actor = world.actor("registration_clerk")
    with acting(actor):
        assert fact("access_own()") == actor.organisation_id
        assert fact("access_offices()") == list(actor.office_ids)
        assert fact("access_all_offices()") is False
        assert fact("access_clearance()") == 0
    assert fact("access_context()") is None
    assert fact("access_clearance()") == -1


def test_nested_actors_give_the_outer_one_back(world) -> None:
    with world.as_role("registration_clerk") as outer:
        with world.as_role("protection_officer"):
            assert fact("access_clearance()") == 1
        assert fact("access_member()") == outer.member_id


@pytest.mark.parametrize("keep_signature", [True, False])
def test_forged_facts_open_nothing(world, keep_signature: bool) -> None:
    with world.as_role("registration_clerk"):
        signed = fact("current_setting('panoh.context')")
        assert fact("access_everything()") is False
        facts = json.loads(signed[65:])
        forged = signed if keep_signature else signed[:65] + json.dumps({**facts, "everything": True})
        fact("set_config('panoh.context', '{}', true)".format(forged.replace("'", "''")))
        if keep_signature:
            assert fact("access_member()") is not None
        else:
            assert fact("access_context()") is None


def test_a_context_of_another_connection_opens_nothing(committed_world, app_connection) -> None:
    with committed_world.as_role("protection_officer"):
        signed = fact("current_setting('panoh.context')")
        with app_connection.transaction():
            app_connection.execute("SELECT set_config('panoh.context', %s, true)", [signed])
            assert app_connection.execute("SELECT access_context()").fetchone()[0] is None


def test_the_app_role_cannot_read_the_key(committed_world, app_connection) -> None:
    import psycopg

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute("SELECT * FROM access_contextkey")


def test_the_context_ends_with_the_transaction(committed_world, app_connection) -> None:
    with committed_world.as_role("protection_officer"):
        pass
    with transaction.atomic():
        assert fact("access_context()") is None


def test_system_context_says_why(world) -> None:
    with acting_as_system("test of the context"):
        assert fact("access_everything()") is True
        assert fact("access_context()->>'reason'") == "test of the context"


def test_roles_without_files_carry_no_organisation(world) -> None:
    facts = facts_of(world.actor("administrator"))
    assert facts["own"] is None and facts["receiver"] is None and facts["open"] == []
    assert facts_of(world.actor("protection_officer"))["own"] is not None


def test_grants_of_others_stay_hidden(world) -> None:
    from django.utils import timezone

    from panoh.access.models import Grant
    from panoh.ledger.operations import record

    giver = world.actor("registration_supervisor")
    with acting_as_system("giving a file in a test", records=["test.file.assigned"]):
        household_id = new_id()
        record(
            by=None, kind="test.file.assigned", subjects=[household_id], payload={}, occurred_on=timezone.localdate()
        )
        Grant.objects.create(
            household_id=household_id,
            member=world.members["lawyer"],
            basis="assignment",
            purpose="legal_aid",
            valid_from=timezone.now(),
            given_by_organisation_id=giver.organisation_id,
            entry_id=new_id(),
        )
        assert Grant.objects.count() == 1
    with world.as_role("lawyer"):
        assert Grant.objects.count() == 1
    with world.as_role("programme_officer"):
        assert Grant.objects.count() == 0
