"""What the ledger's tests share: an actor, keys of their own, a guarded table, and entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.test import TransactionTestCase

from panoh.access.actor import Actor
from panoh.access.context import acting, acting_as_system, facts_of, sign
from panoh.access.roles import SCOPE_OFFICE
from panoh.kernel.ids import new_id
from panoh.ledger import operations
from panoh.ledger.evidence import KeptFile
from panoh.ledger.guard import RequireEntry
from panoh.ledger.models import Entry
from panoh.ledger.surroundings import APPEND_ONLY

TODAY = date(2025, 6, 2)
TABLES = [f"ledger_{name}" for name in (*APPEND_ONLY, "pending")]


@pytest.fixture(scope="module", autouse=True)
def emptied_after_each_test(request) -> Iterator[None]:
    """These tests write to the ledger's tables alone: emptying them takes a twentieth of the time of a new clone."""
    if not hasattr(request.module, "pytestmark"):
        yield
        return
    request.getfixturevalue("django_db_setup")
    cluster = request.getfixturevalue("embedded_cluster")

    def empty(self: TransactionTestCase) -> None:
        with cluster.connect(settings.DATABASES["default"]["NAME"]) as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(f"TRUNCATE {', '.join(TABLES)}")
            for table in TABLES:
                superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    renew, TransactionTestCase._fixture_teardown = TransactionTestCase._fixture_teardown, empty
    yield
    TransactionTestCase._fixture_teardown = renew


def someone(role: str = "registration_clerk", organisation_id: UUID | None = None) -> Actor:
    """An actor of whom the database has no row: the ledger and the signed context need none."""
    return Actor(
        member_id=new_id(),
        account_id=new_id(),
        name="Somebody",
        organisation_id=organisation_id or new_id(),
        organisation_kind="authority",
        role=role,
        purpose="administration" if role == "administrator" else "asylum",
        scope=SCOPE_OFFICE,
    )


@pytest.fixture
def clerk() -> Actor:
    return someone()


def enter(connection: psycopg.Connection, actor: Actor | None, records: tuple[str, ...] = ()) -> None:
    """Give a bare connection the signed context of `actor`, or of the system, until it ends."""
    facts = facts_of(actor) if actor else {"records": list(records)}
    signed = sign(facts, connection.info.backend_pid)
    connection.execute("SELECT set_config('panoh.context', %s, false)", [signed])


@pytest.fixture
def acting_connection(app_connection, clerk) -> psycopg.Connection:
    """What a statement has that was injected into a page of `clerk`: the application's role, and her context."""
    enter(app_connection, clerk)
    return app_connection


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """Keys made for this test alone, and no witness but those a test names."""
    settings.LEDGER_KEYS = tmp_path / "keys"
    settings.LEDGER_WITNESS_DIRECTORY = ""
    settings.LEDGER_WITNESS_ADDRESSES = []


@pytest.fixture
def record(clerk):
    """Record one act in a transaction of its own, with only what the test cares about."""

    def record_one(**given) -> Entry:
        given = {
            "by": clerk,
            "kind": "registry.household.registered",
            "subjects": [new_id()],
            "payload": {"place": "TJ-DU"},
            "occurred_on": TODAY,
        } | given
        by = given["by"]
        with acting(by) if by else acting_as_system("a test", records=[given["kind"]]):
            return operations.record(**given)

    return record_one


@pytest.fixture
def guarded_table(owner_connection: psycopg.Connection) -> Iterator[str]:
    """A register table of its own, with the guard that the rooms' migrations put on theirs."""
    guard = RequireEntry("ledger_test_register", "person_id")
    with owner_connection.transaction():
        owner_connection.execute(
            "CREATE TABLE ledger_test_register (id uuid PRIMARY KEY, person_id uuid NOT NULL, place text)"
        )
        for statement in guard.forward_sql():
            owner_connection.execute(statement)
    yield "ledger_test_register"
    with owner_connection.transaction():
        for statement in guard.backward_sql():
            owner_connection.execute(statement)
        owner_connection.execute("DROP TABLE ledger_test_register")


@pytest.fixture
def vandal(superuser) -> psycopg.Connection:
    superuser.execute("SET session_replication_role = replica")
    return superuser


@pytest.fixture
def kept(owner_connection, record) -> list[KeptFile]:
    """A ledger of 640 entries, and the two checkpoints of it that a witness keeps."""
    from tests.ledger.tampering import EARLY, LATE, assert_fits, load

    load(owner_connection, EARLY - 1)
    person = new_id()
    record(subjects=[person], detail={"family": "Rahimi"}, digests={person: {"sex": "F"}})
    first = operations.checkpoint()
    load(owner_connection, LATE - EARLY)
    second = operations.checkpoint()
    assert (first.size, second.size) == (EARLY, LATE)
    files = [KeptFile("early.txt", first.note), KeptFile("late.txt", second.note)]
    assert_fits(files)
    return files
