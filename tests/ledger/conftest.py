"""What the ledger's tests share: an actor, keys of their own, a guarded table, and entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import transaction
from django.test import TransactionTestCase

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


@dataclass(frozen=True)
class Someone:
    """The four things that the ledger wants to know of an actor."""

    member_id: UUID
    organisation_id: UUID
    role: str = "registration_clerk"
    purpose: str = "asylum"


@pytest.fixture
def clerk() -> Someone:
    return Someone(new_id(), new_id())


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
        with transaction.atomic():
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
