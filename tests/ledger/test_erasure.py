"""Erasing the personal part of an entry: only by a member with the verb, only what the entry of the act names."""

from __future__ import annotations

import psycopg
import pytest

from panoh.access.context import acting
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import operations
from panoh.ledger.models import Entry
from tests.ledger.conftest import TODAY, enter, someone
from tests.ledger.test_record import body

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


def erase(by, *entries):
    return operations.erase_details(by=by, entries=entries, reason="retention_ended", occurred_on=TODAY)


def erasure_of(by, subjects, entries) -> str:
    return body(
        by,
        kind="ledger.detail.erased",
        subjects=[str(subject) for subject in subjects],
        payload={"entries": [str(entry) for entry in entries]},
    )


@pytest.fixture
def administrator():
    return someone("administrator")


def test_erasing_removes_text_and_salts_and_leaves_the_proof(record, administrator, superuser):
    person = new_id()
    entry = record(subjects=[person], detail={"family": "Karimi"}, digests={person: {"sex": "F"}})
    kept = record(detail={"family": "Saidov"})
    with acting(administrator):
        erasure = erase(administrator, entry.id)
    assert superuser.execute("SELECT entry_id FROM ledger_detail").fetchall() == [(kept.id,)]
    assert superuser.execute("SELECT count(*) FROM ledger_salt").fetchone() == (0,)
    stored = Entry.objects.get(id=entry.id)
    assert stored.body == entry.body and stored.facts["detail_commitment"]
    assert erasure.kind == "ledger.detail.erased" and erasure.payload["entries"] == [str(entry.id)]


def test_what_has_no_detail_cannot_be_erased(record, administrator):
    entry = record()
    with pytest.raises(Problem) as refusal, acting(administrator):
        erase(administrator, entry.id)
    assert refusal.value.code == "ledger.detail.no_detail"
    assert Entry.objects.count() == 1, "the erasure that did not happen is not recorded either"


def test_erasing_without_saying_so_is_refused(record, app_connection, administrator, owner_connection, superuser):
    enter(app_connection, administrator)
    entry, other = record(detail={"family": "Karimi"}), record(detail={"family": "Saidov"})
    for connection_ in (app_connection, owner_connection):
        with pytest.raises(psycopg.DatabaseError) as refusal:
            connection_.execute("SELECT ledger_erase_detail(%s)", [entry.id])
        assert refusal.value.sqlstate == "PN002"
    naming_other = erasure_of(administrator, [entry.id], [other.id])
    with pytest.raises(psycopg.DatabaseError), app_connection.transaction():
        app_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [naming_other])
        app_connection.execute("SELECT ledger_erase_detail(%s)", [entry.id])
    assert superuser.execute("SELECT count(*) FROM ledger_detail").fetchone() == (2,)


def test_erasing_needs_a_member_who_may_erase(record, app_connection, clerk, administrator, superuser):
    """Success and refusal differ in the role alone; the entry says who erased."""
    entry = record(detail={"family": "Karimi"})

    def erase_by(by) -> None:
        enter(app_connection, by)
        with app_connection.transaction():
            said = erasure_of(by, [entry.id], [entry.id])
            app_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [said])
            app_connection.execute("SELECT ledger_erase_detail(%s)", [entry.id])

    with pytest.raises(psycopg.DatabaseError, match="erases no detail") as refusal:
        erase_by(clerk)
    assert refusal.value.sqlstate == "PN005"
    assert superuser.execute("SELECT count(*) FROM ledger_detail").fetchone() == (1,)
    erase_by(administrator)
    assert superuser.execute("SELECT count(*) FROM ledger_detail").fetchone() == (0,)


def test_an_erasure_of_an_earlier_transaction_erases_nothing(record, app_connection, administrator):
    entry = record(detail={"family": "Karimi"})
    enter(app_connection, administrator)
    said = erasure_of(administrator, [entry.id], [entry.id])
    app_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [said])
    with pytest.raises(psycopg.DatabaseError) as refusal:
        app_connection.execute("SELECT ledger_erase_detail(%s)", [entry.id])
    assert refusal.value.sqlstate == "PN002"
