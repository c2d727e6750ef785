"""Histories loaded at once are entries like any other: guarded, numbered, verified."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from panoh.kernel.ids import new_id
from panoh.ledger import bulk, operations
from panoh.ledger.composition import compose
from panoh.ledger.models import Entry, Leaf
from tests.ledger.conftest import TODAY
from tests.ledger.tampering import assert_fits

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])

LONG_AGO = datetime(2015, 3, 1, 8, 30, tzinfo=UTC)


def composed(day: int, subject, **given):
    return compose(
        entry_id=new_id(),
        recorded_at=LONG_AGO + timedelta(days=day),
        by=None,
        kind="registry.household.registered",
        subjects=[subject, uuid4()],
        payload={"place": "TJ-DU"},
        occurred_on=TODAY,
        **given,
    )


def test_a_history_is_numbered_in_its_own_order(owner_connection, superuser):
    persons = [uuid4() for _ in range(300)]
    entries = [
        composed(day, person, detail={"family": "Раҳимӣ"}, digests={person: {"sex": "F"}})
        for day, person in reversed(list(enumerate(persons)))
    ]
    with owner_connection.transaction(), owner_connection.cursor() as cursor:
        assert bulk.write_entries(cursor, entries) == 300
    operations.checkpoint()
    in_order = list(Leaf.objects.order_by("seq").values_list("entry_id", flat=True))
    assert in_order == [entry.id for entry in reversed(entries)]
    stored = Entry.objects.get(id=entries[0].id)
    assert stored.body == entries[0].body and stored.recorded_at == entries[0].recorded_at
    assert superuser.execute("SELECT count(*) FROM ledger_salt").fetchone() == (300,)
    assert_fits()


def test_rows_of_the_register_come_in_with_their_entries(owner_connection, guarded_table):
    def load(about) -> None:
        person = uuid4()
        with owner_connection.transaction(), owner_connection.cursor() as cursor:
            bulk.write_entries(cursor, [composed(1, person if about == "the person" else uuid4())])
            with cursor.copy(f"COPY {guarded_table} (id, person_id, place) FROM STDIN") as copy:
                copy.write_row((uuid4(), person, "TJ-DU"))

    load("the person")
    with pytest.raises(psycopg.DatabaseError) as refusal:
        load("somebody else")
    assert refusal.value.sqlstate == "PN001"


def test_the_application_cannot_load_histories(app_connection):
    with pytest.raises(psycopg.errors.InsufficientPrivilege), app_connection.cursor() as cursor:
        bulk.write_entries(cursor, [composed(1, uuid4())])


def test_nothing_to_write_is_no_mistake(owner_connection):
    with owner_connection.transaction(), owner_connection.cursor() as cursor:
        assert bulk.write_entries(cursor, []) == 0
