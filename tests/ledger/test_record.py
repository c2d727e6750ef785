"""Recording an act: what an entry holds, what it never holds, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from panoh.access.context import acting
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import composition, operations, queries
from panoh.ledger.models import Entry, Pending, Subject
from tests.ledger.conftest import TODAY, someone

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


def test_the_entry_returned_is_the_entry_stored(record, clerk):
    household, person, correlation = new_id(), new_id(), new_id()
    entry = record(
        subjects=[household, person, household],
        payload={"entry_point": "TJ-KT", "persons": [person], "arrived_on": date(2025, 5, 30)},
        legal_basis=["refugee_law/7"],
        correlation_id=correlation,
    )
    stored = Entry.objects.get(id=entry.id)
    for field in (
        "body",
        "kind",
        "occurred_on",
        "recorded_at",
        "actor_id",
        "organisation_id",
        "subjects",
        "correlation_id",
    ):
        assert getattr(stored, field) == getattr(entry, field), field
    assert bytes(stored.leaf_hash) == entry.leaf_hash == hashlib.sha256(b"\x00" + entry.body.encode()).digest()
    facts = json.loads(stored.body)
    assert facts["subjects"] == [str(household), str(person)]
    assert facts["payload"] == {"arrived_on": "2025-05-30", "entry_point": "TJ-KT", "persons": [str(person)]}
    assert facts["actor"] == str(clerk.member_id)
    assert (facts["role"], facts["purpose"]) == ("registration_clerk", "asylum")
    assert facts["legal_basis"] == ["refugee_law/7"]
    assert datetime.fromisoformat(facts["recorded_at"]) == stored.recorded_at
    assert Subject.objects.filter(entry_id=entry.id, transaction_id__isnull=False).count() == 2
    assert Pending.objects.filter(entry_id=entry.id).exists()


def test_personal_text_is_committed_to_and_not_in_the_body(record, superuser):
    entry = record(detail={"given": "Муҳаммад", "family": "محمد نعیم"})
    assert "Муҳаммад" not in entry.body and "محمد" not in entry.body
    salt, detail = superuser.execute(
        "SELECT salt, detail FROM ledger_detail WHERE entry_id = %s", [entry.id]
    ).fetchone()
    assert json.loads(detail) == {"given": "Муҳаммад", "family": "محمد نعیم"}
    assert len(salt) == 16
    assert entry.facts["detail_commitment"] == hashlib.sha256(salt + detail.encode()).hexdigest()


def test_equal_details_have_unequal_commitments(record):
    first, second = (record(detail={"family": "Naim"}).facts["detail_commitment"] for _ in range(2))
    assert first != second, "without its own salt, whoever knows a name could look for it"


def test_the_state_of_a_subject_is_committed_to_with_a_salt_of_its_own(record, superuser):
    person = new_id()
    entry = record(subjects=[person], digests={person: {"sex": "F", "birth": date(1990, 3, 21)}})
    (salt,) = superuser.execute(
        "SELECT salt FROM ledger_salt WHERE entry_id = %s AND subject_id = %s", [entry.id, person]
    ).fetchone()
    expected = hashlib.sha256(salt + b'{"birth":"1990-03-21","sex":"F"}').hexdigest()
    assert entry.facts["digests"] == {str(person): expected}


def test_payload_takes_no_text_about_a_person(record):
    with pytest.raises(ValueError, match="goes into detail"):
        record(payload={"reason": "Он вернулся домой"})
    with pytest.raises(ValueError, match="goes into detail"):
        record(payload={"steps": [{"note": "x" * 201}]})
    assert not Entry.objects.exists()


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_cannot_be_stored_for_good_is_refused_in_words(record, text):
    with pytest.raises(Problem) as refusal:
        record(detail={"names": [{"given": text}]})
    assert refusal.value.code == "ledger.entry.not_storable"
    assert refusal.value.params == {"place": "names[0].given"}


def test_a_kind_is_dotted_words(record):
    for kind in ("registered", "Registry.Household", "registry household", ""):
        with pytest.raises(ValueError, match="kind of entry"):
            record(kind=kind)


def test_recording_outside_a_transaction_is_refused(clerk):
    with pytest.raises(transaction.TransactionManagementError):
        operations.record(by=clerk, kind="a.b", subjects=[], payload={}, occurred_on=TODAY)


def test_the_system_itself_may_act(record):
    entry = record(by=None)
    assert entry.actor_id is None and entry.facts["role"] is None
    assert Entry.objects.get(id=entry.id).organisation_id is None


def test_an_act_undone_leaves_no_entry(clerk):
    with pytest.raises(ZeroDivisionError), acting(clerk):
        operations.record(by=clerk, kind="a.b", subjects=[new_id()], payload={}, occurred_on=TODAY)
        raise ZeroDivisionError
    assert not Entry.objects.exists() and not Pending.objects.exists() and not Subject.objects.exists()


def test_the_same_submission_makes_one_entry(record, clerk):
    submission = new_id()
    first = record(submission_id=submission)
    assert queries.find_by_submission(clerk.organisation_id, submission) == first
    with pytest.raises(Problem) as refusal:
        record(submission_id=submission)
    assert refusal.value.code == "ledger.entry.submission_exists"
    other = someone()
    assert record(by=other, submission_id=submission).id != first.id, (
        "ids of one organisation tell nothing of another's"
    )


def test_of_many_arrivals_of_a_submission_one_acts_and_all_get_its_answer(clerk):
    submission, answers, mistakes = new_id(), [], []

    def arrive() -> None:
        try:
            with acting(clerk):
                entry = operations.claim_submission(organisation_id=clerk.organisation_id, submission_id=submission)
                if entry is None:
                    time.sleep(0.02)
                    entry = operations.record(
                        by=clerk, kind="a.b", subjects=[], payload={}, occurred_on=TODAY, submission_id=submission
                    )
                answers.append(entry.id)
        except Exception as error:
            mistakes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=arrive) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not mistakes
    assert len(answers) == 8 and len(set(answers)) == 1
    assert Entry.objects.count() == 1


# -- the database behind it -------------------------------------------------------------------------------------------


def body(by, **given) -> str:
    from panoh.ledger.canonical import canonical_text

    now = datetime.now(UTC)
    return canonical_text(
        {
            "id": str(new_id()),
            "actor": str(by.member_id),
            "organisation": str(by.organisation_id),
            "role": by.role,
            "purpose": by.purpose,
            "kind": "a.b",
            "occurred_on": "2025-01-01",
            "recorded_at": composition.written_instant(now),
            "subjects": [],
            "payload": {},
            "detail_commitment": None,
            "digests": {},
        }
        | given
    )


def test_raw_sql_cannot_backdate_an_entry(acting_connection, clerk, owner_connection):
    long_ago = body(clerk, recorded_at=composition.written_instant(datetime.now(UTC) - timedelta(minutes=6)))
    with pytest.raises(psycopg.DatabaseError) as refusal:
        acting_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [long_ago])
    assert refusal.value.sqlstate == "PN003"
    acting_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [body(clerk)])
    owner_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [long_ago])  # loading a history


def test_raw_sql_cannot_slip_in_a_detail_that_the_entry_does_not_commit_to(acting_connection, clerk):
    salt, right = b"s" * 16, hashlib.sha256(b"s" * 16 + b"{}").hexdigest()
    for commitment, salt_given, detail in ((None, salt, "{}"), ("00" * 32, salt, "{}"), (right, None, None)):
        with pytest.raises(psycopg.DatabaseError) as refusal:
            given = body(clerk, detail_commitment=commitment)
            acting_connection.execute("SELECT ledger_append(%s, %s, %s, NULL, NULL)", [given, salt_given, detail])
        assert refusal.value.sqlstate == "PN004"
    given = body(clerk, detail_commitment=right)
    acting_connection.execute("SELECT ledger_append(%s, %s, %s, NULL, NULL)", [given, salt, "{}"])


CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "INSERT INTO {table} ({column}) SELECT {column} FROM {table}",
)
COLUMNS = {
    "ledger_entry": "body",
    "ledger_subject": "entry_id",
    "ledger_detail": "detail",
    "ledger_salt": "salt",
    "ledger_leaf": "leaf_hash",
    "ledger_node": "hash",
    "ledger_checkpoint": "note",
}


@pytest.fixture
def full_ledger(record, acting_connection, clerk):
    """A row in every table."""
    person = new_id()
    record(subjects=[person], detail={"family": "Rahimi"}, digests={person: {"sex": "M"}})
    for _ in range(256):
        acting_connection.execute("SELECT ledger_append(%s, NULL, NULL, NULL, NULL)", [body(clerk)])
    operations.checkpoint()


@pytest.mark.parametrize("table", COLUMNS)
def test_no_row_of_the_ledger_is_changed_or_removed(full_ledger, app_connection, owner_connection, superuser, table):
    (before,) = superuser.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert before, "an empty table would refuse nothing"
    for change in CHANGES[:3]:
        statement = change.format(table=table, column=COLUMNS[table])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(statement)
        with pytest.raises(psycopg.DatabaseError) as refusal:
            owner_connection.execute(statement)
        assert refusal.value.sqlstate == "PN002", statement
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app_connection.execute(CHANGES[3].format(table=table, column=COLUMNS[table]))
    assert superuser.execute(f"SELECT count(*) FROM {table}").fetchone() == (before,)


def test_the_application_neither_numbers_nor_signs(record, app_connection, sequencer_connection):
    """Injected SQL cannot give an entry its number, nor add a checkpoint row; the sequencer can do both and little else."""
    entry = record()
    number = "SELECT ledger_number(0, %s, '{}', '{}', '{}')"
    sign = "INSERT INTO ledger_checkpoint (size, root, signed_at, note) VALUES (1, '', now(), 'forged')"
    for attempt, given in ((number, [[entry.id]]), (sign, []), ("SELECT ledger_take_turn()", [])):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app_connection.execute(attempt, given)
    for beyond in (
        "SELECT body FROM ledger_entry",
        "SELECT * FROM ledger_detail",
        "SELECT * FROM registry_household",
        "SELECT * FROM access_account",
        "SELECT ledger_append('{}', NULL, NULL, NULL, NULL)",
        "DELETE FROM ledger_pending",
        "UPDATE ledger_checkpoint SET note = ''",
        "INSERT INTO ledger_leaf SELECT * FROM ledger_leaf",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sequencer_connection.execute(beyond)
    sequencer_connection.execute(number, [[entry.id]])
    sequencer_connection.execute(sign)


def test_without_its_triggers_the_owner_could_change_the_ledger(full_ledger, owner_connection):
    with owner_connection.transaction(force_rollback=True):
        owner_connection.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        assert owner_connection.execute("DELETE FROM ledger_entry").rowcount == 257


def test_the_application_and_statistics_see_no_personal_detail(
    full_ledger, app_connection, reader_connection, owner_connection
):
    for table in ("ledger_detail", "ledger_salt"):
        assert app_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        assert owner_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader_connection.execute(f"SELECT count(*) FROM {table}")


def test_statistics_cannot_write_entries(reader_connection):
    reader_connection.execute("SET default_transaction_read_only = off")
    for call in (
        "ledger_append('{}', NULL, NULL, NULL, NULL)",
        "ledger_number(0, '{}', '{}', '{}', '{}')",
        "ledger_erase_detail(gen_random_uuid())",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="function"):
            reader_connection.execute(f"SELECT {call}")


def test_record_needs_one_statement(clerk, django_assert_num_queries):
    person = new_id()
    with acting(clerk), django_assert_num_queries(1):
        operations.record(
            by=clerk,
            kind="a.b",
            subjects=[person],
            payload={},
            occurred_on=TODAY,
            detail={"a": "b"},
            digests={person: {}},
        )


def test_unrelated_database_errors_are_not_dressed_up(record):
    with pytest.raises(DatabaseError, match="uuid"), transaction.atomic():
        record(subjects=["not an id"])
    assert isinstance(new_id(), UUID)
