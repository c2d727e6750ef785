"""The register changes only together with an entry: shown with raw SQL, and shown to be needed."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from panoh.access.context import acting
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import guard, operations
from tests.ledger.conftest import TODAY
from tests.ledger.test_record import body

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])

INSERT = "INSERT INTO ledger_test_register VALUES (%s, %s, 'TJ-DU')"
CHANGES = {
    "insert": ("INSERT INTO ledger_test_register VALUES (gen_random_uuid(), %(person)s, 'TJ-DU')", {}),
    "update": ("UPDATE ledger_test_register SET place = 'TJ-SU' WHERE person_id = %(person)s", {}),
    "delete": ("DELETE FROM ledger_test_register WHERE person_id = %(person)s", {}),
}


@pytest.fixture
def person(guarded_table, superuser):
    """A person who stands in the register already."""
    person = uuid4()
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(INSERT, [uuid4(), person])
    superuser.execute("SET session_replication_role = origin")
    return person


def append(connection_: psycopg.Connection, clerk, *subjects) -> None:
    given = body(clerk, subjects=[str(subject) for subject in subjects])
    connection_.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [given])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("entry_about", ["nobody", "somebody else", "an earlier transaction", "the person"])
def test_raw_sql_needs_an_entry_about_the_same_subject(
    acting_connection, clerk, superuser, person, change, entry_about
):
    statement, _ = CHANGES[change]
    if entry_about == "an earlier transaction":
        append(acting_connection, clerk, person)

    def act() -> None:
        with acting_connection.transaction():
            if entry_about == "somebody else":
                append(acting_connection, clerk, uuid4())
            if entry_about == "the person":
                append(acting_connection, clerk, uuid4(), person)
            done = acting_connection.execute(statement, {"person": person})
            assert done.rowcount == 1

    before = superuser.execute("SELECT * FROM ledger_test_register").fetchall()
    if entry_about == "the person":
        act()
        assert superuser.execute("SELECT * FROM ledger_test_register").fetchall() != before
    else:
        with pytest.raises(psycopg.DatabaseError) as refusal:
            act()
        assert refusal.value.sqlstate == guard.NO_ENTRY
        assert "ledger_test_register" in str(refusal.value)
        assert superuser.execute("SELECT * FROM ledger_test_register").fetchall() == before


@pytest.mark.parametrize("change", CHANGES)
def test_without_the_guard_the_same_change_passes(app_connection, owner_connection, superuser, person, change):
    before = superuser.execute("SELECT * FROM ledger_test_register").fetchall()
    owner_connection.execute("ALTER TABLE ledger_test_register DISABLE TRIGGER ledger_require_entry")
    app_connection.execute(CHANGES[change][0], {"person": person})
    assert superuser.execute("SELECT * FROM ledger_test_register").fetchall() != before


def test_a_row_cannot_be_slipped_to_another_subject(acting_connection, clerk, person):
    other = uuid4()
    slip = "UPDATE ledger_test_register SET person_id = %s WHERE person_id = %s"
    for about in ([person], [other]):
        with pytest.raises(psycopg.DatabaseError) as refusal, acting_connection.transaction():
            append(acting_connection, clerk, *about)
            acting_connection.execute(slip, [other, person])
        assert refusal.value.sqlstate == guard.NO_ENTRY
    with acting_connection.transaction():
        append(acting_connection, clerk, person, other)
        acting_connection.execute(slip, [other, person])


def test_the_owner_is_held_to_it_and_may_not_truncate(owner_connection, person):
    with pytest.raises(psycopg.DatabaseError) as refusal:
        owner_connection.execute("DELETE FROM ledger_test_register")
    assert refusal.value.sqlstate == guard.NO_ENTRY
    with pytest.raises(psycopg.DatabaseError) as refusal:
        owner_connection.execute("TRUNCATE ledger_test_register")
    assert refusal.value.sqlstate == guard.CHANGE_REFUSED


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE TEMPORARY TABLE ledger_subject AS SELECT %(person)s::uuid AS subject_id, pg_current_xact_id() AS transaction_id",
        "SELECT set_config('search_path', 'pg_temp, public', true)",
        "SET CONSTRAINTS ALL DEFERRED",
        "SET LOCAL check_function_bodies = off",
    ],
)
def test_tricks_of_the_session_do_not_open_the_guard(app_connection, owner_connection, person, trick):
    # The grant is given here so that the trick is really tried, whatever the installation allows.
    database = app_connection.info.dbname
    owner_connection.execute(f'GRANT TEMPORARY ON DATABASE "{database}" TO "{app_connection.info.user}"')
    with pytest.raises(psycopg.DatabaseError) as refusal, app_connection.transaction():
        app_connection.execute(trick, {"person": person})
        app_connection.execute(CHANGES["update"][0], {"person": person})
    assert refusal.value.sqlstate == guard.NO_ENTRY
    owner_connection.execute(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM "{app_connection.info.user}"')


def test_the_application_cannot_set_triggers_aside(app_connection, person):
    for attempt in ("SET session_replication_role = replica", "ALTER TABLE ledger_test_register DISABLE TRIGGER ALL"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(attempt)


def test_what_the_guard_refuses_at_commit_reaches_the_caller_as_a_problem(guarded_table, clerk):
    def act(*subjects) -> None:
        with guard.refusals(), acting(clerk), connection.cursor() as cursor:
            operations.record(by=clerk, kind="a.b", subjects=subjects, payload={}, occurred_on=TODAY)
            cursor.execute(INSERT, [new_id(), person])

    person = new_id()
    with pytest.raises(Problem) as refusal:
        act(new_id())
    assert refusal.value.code == "ledger.entry.none"
    assert refusal.value.params == {"table": "ledger_test_register"}
    act(person)


def test_refusals_of_others_pass_through_unchanged(guarded_table):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), guard.refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO ledger_test_register VALUES (%s, NULL, '')", [new_id()])


def test_a_guard_takes_only_plain_names():
    for table, column in (("a; DROP TABLE b", "c"), ("a", "b c"), ("A", "b")):
        with pytest.raises(ValueError, match="plain name"):
            guard.RequireEntry(table, column)


def test_many_rows_and_many_entries_in_one_transaction_stay_cheap(acting_connection, clerk, superuser, guarded_table):
    """An import brings thousands of households in one act: the check of a row may not look at all their entries."""
    persons = [uuid4() for _ in range(2000)]
    with acting_connection.transaction():
        for person in persons:
            append(acting_connection, clerk, person)
        acting_connection.cursor().executemany(INSERT, [(uuid4(), person) for person in persons])
        started = superuser.execute("SELECT clock_timestamp()").fetchone()[0]
        acting_connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = superuser.execute("SELECT clock_timestamp()").fetchone()[0] - started
    # About 10 µs a row on the machine this was written on; a scan of all entries of the transaction would take 40 times that.
    assert spent.total_seconds() / len(persons) < 150e-6
