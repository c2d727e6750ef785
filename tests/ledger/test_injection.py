"""What an injected statement can do: the application's role with SQL of its own, inside a page of one member.

Each attack is made on the real database. Where a guard stops it, the same attack is made again with that guard taken
away by a superuser, and then succeeds: so it is this guard, and not something else, that stops it.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from panoh.access.context import LIFETIME_SECONDS, acting, facts_of, sign
from panoh.kernel.ids import new_id
from panoh.ledger import guard, operations
from tests.ledger.conftest import TODAY, enter, someone
from tests.ledger.test_record import body

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])

APPEND = "SELECT ledger_append(%s, NULL, NULL, NULL, NULL)"


@pytest.fixture
def victim():
    return someone("registration_supervisor")


@contextmanager
def without(superuser, take_away: str, give_back: str):
    superuser.execute(take_away)
    try:
        yield
    finally:
        superuser.execute(give_back)


@contextmanager
def without_the_check_of_authors(superuser):
    with without(
        superuser,
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_author",
        "ALTER TABLE ledger_entry ENABLE TRIGGER ledger_author",
    ):
        yield


def refuses(connection_: psycopg.Connection, statement: str, given=()) -> str:
    with pytest.raises(psycopg.DatabaseError) as refusal, connection_.transaction():
        connection_.execute(statement, given)
    return refusal.value.sqlstate


# -- in whose name ----------------------------------------------------------------------------------------------------


def test_an_entry_bears_the_name_of_the_context_and_no_other(acting_connection, clerk, victim, superuser):
    acting_connection.execute(APPEND, [body(clerk)])
    for pretended in (
        victim,
        replace(clerk, member_id=victim.member_id),
        replace(clerk, organisation_id=victim.organisation_id),
        replace(clerk, role="commission_member"),
        replace(clerk, purpose="audit"),
    ):
        assert refuses(acting_connection, APPEND, [body(pretended)]) == guard.AUTHOR_WRONG
    for changes in ({"actor": None, "organisation": None}, {"on_behalf": str(victim.member_id)}, {"role": None}):
        assert refuses(acting_connection, APPEND, [body(clerk, **changes)]) == guard.AUTHOR_WRONG
    with without_the_check_of_authors(superuser):
        acting_connection.execute(APPEND, [body(victim)])


def test_nothing_is_recorded_without_a_context(app_connection, clerk, superuser):
    nobody = {"actor": None, "organisation": None, "role": None, "purpose": None}
    for given in (body(clerk), body(clerk, **nobody)):
        assert refuses(app_connection, APPEND, [given]) == guard.AUTHOR_WRONG
    with without_the_check_of_authors(superuser):
        app_connection.execute(APPEND, [body(clerk)])


def test_nobody_records_only_what_a_context_of_the_system_names(app_connection, clerk):
    nobody = {"actor": None, "organisation": None, "role": None, "purpose": None}
    enter(app_connection, None, records=("a.b",))
    app_connection.execute(APPEND, [body(clerk, **nobody)])
    assert refuses(app_connection, APPEND, [body(clerk, **nobody, kind="a.c")]) == guard.AUTHOR_WRONG
    assert refuses(app_connection, APPEND, [body(clerk)]) == guard.AUTHOR_WRONG
    enter(app_connection, None)
    assert refuses(app_connection, APPEND, [body(clerk, **nobody)]) == guard.AUTHOR_WRONG


def test_a_name_said_twice_is_the_one_that_is_read(acting_connection, clerk, victim):
    """JSON with a key twice: the database compares the very value that every reader of the body finds."""
    twice = "{" + f'"actor":"{victim.member_id}",' + body(clerk)[1:]
    assert json.loads(twice)["actor"] == str(clerk.member_id)
    acting_connection.execute(APPEND, [twice])
    twice = body(clerk)[:-1] + f',"actor":"{victim.member_id}"' + "}"
    assert refuses(acting_connection, APPEND, [twice]) == guard.AUTHOR_WRONG


def test_the_name_cannot_be_put_beside_the_body(acting_connection, clerk):
    for attempt in (
        "INSERT INTO ledger_entry (id, body) SELECT id, body FROM ledger_entry",
        "COPY ledger_entry FROM STDIN",
        "UPDATE ledger_entry SET actor_id = NULL",
        "UPDATE ledger_pending SET recorded_at = now()",
        "DELETE FROM ledger_pending",
        "INSERT INTO ledger_pending VALUES (now(), gen_random_uuid())",
        "INSERT INTO ledger_subject VALUES (gen_random_uuid(), pg_current_xact_id(), gen_random_uuid())",
        "INSERT INTO ledger_guarded VALUES ('a', 'b')",
        "DELETE FROM ledger_guarded",
    ):
        assert refuses(acting_connection, attempt) == "42501", attempt


# -- the context ------------------------------------------------------------------------------------------------------


def context(connection_) -> dict | None:
    return connection_.execute("SELECT access_context()").fetchone()[0]


def test_a_context_is_not_forged(app_connection, clerk, victim, superuser):
    enter(app_connection, clerk)
    signed = app_connection.execute("SELECT current_setting('panoh.context')").fetchone()[0]
    facts = facts_of(victim) | {"pid": app_connection.info.backend_pid, "until": 9_999_999_999}
    for forged in (
        signed[:65] + json.dumps(facts),
        "0" * 64 + ":" + json.dumps(facts),
        ":" * 65 + json.dumps(facts),
        json.dumps(facts),
        "",
    ):
        app_connection.execute("SELECT set_config('panoh.context', %s, false)", [forged])
        assert context(app_connection) is None
    app_connection.execute("SELECT set_config('panoh.context', %s, false)", [signed])
    assert context(app_connection)["actor"] == str(clerk.member_id)


def test_a_context_of_another_connection_is_worth_nothing(app_connection, victim):
    with acting(victim), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('panoh.context')")
        (signed,) = cursor.fetchone()
    app_connection.execute("SELECT set_config('panoh.context', %s, false)", [signed])
    assert context(app_connection) is None
    assert refuses(app_connection, APPEND, [body(victim)]) == guard.AUTHOR_WRONG


def test_a_context_ends(app_connection, clerk, monkeypatch):
    monkeypatch.setattr("panoh.access.context.LIFETIME_SECONDS", -1)
    enter(app_connection, clerk)
    assert context(app_connection) is None
    assert LIFETIME_SECONDS <= 300, "kept longer it could be used again on the same connection of the pool"


def test_the_context_of_others_is_not_shown_among_running_statements(app_connection, victim):
    """pg_stat_activity shows each session of a role the statements of the others; a pool gives out connections anew."""
    with acting(victim):
        pid = connection.connection.info.backend_pid
        shown = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        (statement,) = app_connection.execute(shown, [pid]).fetchone()
        assert "set_config" in statement and str(victim.member_id) not in statement
        # Spliced into the statement, as Django does it unless it is told otherwise (project.database):
        psycopg.ClientCursor(connection.connection).execute(
            "SELECT set_config('panoh.context', %s, true)", [sign(facts_of(victim), pid)]
        )
        (statement,) = app_connection.execute(shown, [pid]).fetchone()
        assert str(victim.member_id) in statement


def test_the_key_of_contexts_is_out_of_reach(acting_connection):
    for attempt in (
        "SELECT * FROM access_contextkey",
        "COPY access_contextkey TO STDOUT",
        "UPDATE access_contextkey SET inner_pad = ''",
        "INSERT INTO access_contextkey VALUES (2, '', '')",
    ):
        assert refuses(acting_connection, attempt) == "42501", attempt


# -- who one is -------------------------------------------------------------------------------------------------------


def test_the_application_becomes_nobody_else(acting_connection, settings):
    roles = settings.DATABASE_ROLES
    for role in (roles.owner, roles.reader, roles.sequencer, "postgres"):
        for attempt in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}"):
            with pytest.raises(psycopg.DatabaseError):
                acting_connection.execute(attempt)
    for attempt in (
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE OR REPLACE FUNCTION ledger_check_author() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER FUNCTION access_context() RESET ALL",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_author",
        "DROP TRIGGER ledger_author ON ledger_entry",
        "ALTER TABLE ledger_entry NO FORCE ROW LEVEL SECURITY",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT * FROM ledger_detail",
        "COPY (SELECT 1) TO '/tmp/panoh-attack'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT lo_export(1, '/tmp/panoh-attack')",
    ):
        assert refuses(acting_connection, attempt) == "42501", attempt
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        acting_connection.execute("ALTER SYSTEM SET fsync = off")


def test_shadows_in_a_temporary_schema_deceive_no_guard(
    acting_connection, clerk, victim, owner_connection, guarded_table
):
    """Given the right to make temporary objects, which it has not: tables and types of the same names come first."""
    database, role = acting_connection.info.dbname, acting_connection.info.user
    owner_connection.execute(f'GRANT TEMPORARY ON DATABASE "{database}" TO "{role}"')
    for shadow in (
        "CREATE TEMPORARY TABLE access_contextkey AS SELECT 1 AS id, ''::bytea AS inner_pad, ''::bytea AS outer_pad",
        "CREATE TEMPORARY TABLE ledger_entry (LIKE public.ledger_entry)",
        "CREATE TEMPORARY TABLE ledger_subject (LIKE public.ledger_subject)",
        "CREATE DOMAIN pg_temp.jsonb AS pg_catalog.jsonb CHECK (false)",
        "CREATE FUNCTION pg_temp.access_context() RETURNS pg_catalog.jsonb LANGUAGE sql AS"
        f" $$ SELECT '{json.dumps(facts_of(victim))}'::pg_catalog.jsonb $$",
        "SET search_path = pg_temp, public, pg_catalog",
    ):
        acting_connection.execute(shadow)
    assert refuses(acting_connection, "SELECT public.ledger_append(%s, NULL, NULL, NULL, NULL)", [body(victim)]) == (
        guard.AUTHOR_WRONG
    )
    acting_connection.execute("SELECT public.ledger_append(%s, NULL, NULL, NULL, NULL)", [body(clerk)])
    insert = "INSERT INTO public.ledger_test_register VALUES (gen_random_uuid(), gen_random_uuid(), '')"
    assert refuses(acting_connection, insert) == guard.NO_ENTRY


def test_every_function_that_works_as_the_owner_is_pinned_and_given_to_few(superuser):
    """A function of the owner's rights looks names up where the owner says, and is not there for whoever connects."""
    rows = superuser.execute(
        "SELECT oid::regprocedure::text, proconfig, prorettype = 'trigger'::regtype,"
        " EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0)"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert len(rows) >= 8
    pinned = "search_path=pg_catalog, public, pg_temp"
    loose = [name for name, config, _, _ in rows if pinned not in (config or [])]
    assert loose == []
    planner = re.compile(
        r"enable_\w+=off|jit=off|plan_cache_mode=\w+"
    )  # which way to the rows: changes nothing that is found
    others = {one for _, config, _, _ in rows for one in config if one != pinned and not planner.fullmatch(one)}
    assert others == set()
    assert [name for name, _, is_trigger, public in rows if public and not is_trigger] == []


# -- an entry that is there for a moment only -------------------------------------------------------------------------


def test_an_entry_taken_back_after_the_check_takes_the_change_with_it(acting_connection, clerk, guarded_table):
    """SET CONSTRAINTS runs the check while the entry stands, ROLLBACK TO undoes the entry: the check must come again."""
    person = uuid4()
    with pytest.raises(psycopg.DatabaseError) as refusal, acting_connection.transaction():
        acting_connection.execute("INSERT INTO ledger_test_register VALUES (gen_random_uuid(), %s, '')", [person])
        acting_connection.execute("SAVEPOINT before_entry")
        acting_connection.execute(APPEND, [body(clerk, subjects=[str(person)])])
        acting_connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        acting_connection.execute("ROLLBACK TO SAVEPOINT before_entry")
    assert refusal.value.sqlstate == guard.NO_ENTRY


# -- holding things up ------------------------------------------------------------------------------------------------


def test_no_lock_that_the_application_can_take_keeps_entries_from_their_numbers(record, acting_connection):
    record()
    with acting_connection.transaction():
        acting_connection.execute("SELECT pg_advisory_lock_shared(n) FROM generate_series(7310200, 7310210) AS n")
        for table in ("entry", "pending", "leaf", "node", "checkpoint", "subject"):
            acting_connection.execute(f"LOCK TABLE ledger_{table} IN ACCESS SHARE MODE")
        for attempt in (
            "SELECT FROM ledger_turn FOR UPDATE",
            "SELECT FROM ledger_turn FOR KEY SHARE",
            "LOCK TABLE ledger_turn IN ACCESS SHARE MODE",
            "LOCK TABLE ledger_leaf IN ROW EXCLUSIVE MODE",
            "SELECT FROM ledger_pending FOR UPDATE",
        ):
            assert refuses(acting_connection, attempt) == "42501", attempt
        assert operations.checkpoint().size == 1
    acting_connection.execute("SELECT pg_advisory_unlock_all()")


def test_without_the_row_a_lock_held_by_anybody_would_stop_the_sequencer(
    record, acting_connection, sequencer_connection, superuser
):
    """The guard is who may lock the row: given to the application, the sequencer waits for it."""
    record()
    role = acting_connection.info.user
    sequencer_connection.execute("SET lock_timeout = '100ms'")
    with (
        without(
            superuser, f'GRANT SELECT, UPDATE ON ledger_turn TO "{role}"', f'REVOKE ALL ON ledger_turn FROM "{role}"'
        ),
        acting_connection.transaction(),
        pytest.raises(psycopg.errors.LockNotAvailable),
    ):
        acting_connection.execute("SELECT FROM ledger_turn FOR UPDATE")
        sequencer_connection.execute("SELECT ledger_take_turn()")
    sequencer_connection.execute("SELECT ledger_take_turn()")


def test_the_application_ends_no_sequencer(acting_connection, sequencer_connection):
    for function in ("pg_terminate_backend", "pg_cancel_backend"):
        attempt = f"SELECT {function}({sequencer_connection.info.backend_pid})"
        assert refuses(acting_connection, attempt) == "42501"
    assert sequencer_connection.execute("SELECT 1").fetchone() == (1,)


# -- the whole way ----------------------------------------------------------------------------------------------------


def test_an_act_recorded_by_the_program_is_recorded_in_its_own_name(clerk, victim):
    """The program too: an operation called with another `by` than the context's is refused, not put right."""
    with acting(clerk):
        operations.record(by=clerk, kind="a.b", subjects=[new_id()], payload={}, occurred_on=TODAY)
    from django.db import DatabaseError

    with pytest.raises(DatabaseError, match="no other"), acting(clerk):
        operations.record(by=victim, kind="a.b", subjects=[new_id()], payload={}, occurred_on=TODAY)
