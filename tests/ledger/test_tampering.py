"""Tampering by a real superuser: everything he can do to the ledger is found, and named.

He sets the triggers aside (`session_replication_role = replica`), as PostgreSQL lets superusers do. Each test first shows
that the untouched ledger fits, so that a finding is due to what was done and to nothing else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections

from panoh.access.context import acting
from panoh.ledger import configuration, keys, note, operations, sequencer, witnesses
from panoh.ledger.evidence import KeptFile, read_kept_files
from panoh.ledger.models import Checkpoint, Leaf
from panoh.ledger.tree import leaf_hash
from tests.conftest import use_database
from tests.ledger.conftest import TODAY, someone
from tests.ledger.tampering import (
    EARLY,
    LATE,
    altered_body,
    assert_fits,
    codes,
    delete_tail,
    entry_at,
    load,
    rebuild_tree,
    verify,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


@pytest.fixture
def vandal(superuser) -> psycopg.Connection:
    superuser.execute("SET session_replication_role = replica")
    return superuser


# -- what is found ----------------------------------------------------------------------------------------------------


def test_an_untouched_ledger_fits(kept):
    found = verify(kept)
    assert (found.size, found.waiting, found.checkpoints, found.findings) == (LATE, 0, 2, [])
    assert found.as_json()["fits"] is True


def test_an_empty_ledger_fits(db):
    assert_fits()


def test_entries_that_wait_are_looked_at_too(kept, record, vandal):
    record()
    found = verify(kept)
    assert found.fits and found.waiting == 1
    vandal.execute(
        "UPDATE ledger_entry SET body = replace(body, 'TJ-DU', 'TJ-SU') WHERE id IN (SELECT entry_id FROM ledger_pending)"
    )
    assert [code for code, _ in codes(kept)] == ["entry.hash_altered"]


def test_an_altered_entry_is_named(kept, vandal):
    entry = entry_at(17)
    vandal.execute("UPDATE ledger_entry SET body = %s WHERE id = %s", [altered_body(entry), entry.id])
    assert codes(kept) == codes() == [("entry.altered", 17), ("entry.hash_altered", 17)]
    assert str(entry.id) in str(verify(kept).findings[0])


def test_an_altered_entry_with_its_hashes_altered_to_fit_is_named(kept, vandal):
    entry = entry_at(300)
    body = altered_body(entry)
    hash_ = leaf_hash(body.encode())
    with vandal.transaction():
        vandal.execute("UPDATE ledger_entry SET body = %s, leaf_hash = %s WHERE id = %s", [body, hash_, entry.id])
        vandal.execute("UPDATE ledger_leaf SET leaf_hash = %s WHERE entry_id = %s", [hash_, entry.id])
    found = verify(kept)
    assert [(f.code, f.number) for f in found.findings] == [("tree.does_not_fit", 256), ("tree.suspect", 300)]
    assert found.findings[0].params | {"signed_at": ""} == {"first": 256, "last": 511, "signed_at": ""}
    assert str(entry.id) in str(found.findings[1])


def test_with_everything_rebuilt_and_signed_only_the_kept_checkpoint_tells(kept, vandal):
    entry = entry_at(300)
    body = altered_body(entry)
    vandal.execute(
        "UPDATE ledger_entry SET body = %s, leaf_hash = %s WHERE id = %s", [body, leaf_hash(body.encode()), entry.id]
    )
    rebuild_tree(vandal)
    assert codes() == [], "without a checkpoint kept outside, nothing shows"
    assert ("tree.does_not_fit", 0) in codes(kept)
    assert "kept.not_in_list" in dict(codes(kept))


def test_a_whole_ledger_signed_with_another_key_is_found(kept, vandal, settings, tmp_path):
    theirs = configuration.checkpoint_verifier()
    settings.LEDGER_KEYS = tmp_path / "other keys"
    rebuild_tree(vandal)
    assert codes() == []
    found = dict(codes(kept))
    assert "kept.other_key" in found and theirs.key_id.hex() in str(verify(kept).findings[0])
    # With the witness's copy of the public key, the file is shown to be genuine, and the ledger not to be.
    found = dict(codes(kept, keys=[theirs]))
    assert "kept.other_key" not in found and "kept.not_in_list" in found


def test_stored_checkpoints_signed_with_another_key_are_found(kept, vandal):
    other = Ed25519PrivateKey.generate()
    for checkpoint in Checkpoint.objects.all():
        signed, _ = note.parse(checkpoint.note)
        forged = note.sign(signed, name=configuration.origin(), key=other)
        vandal.execute("UPDATE ledger_checkpoint SET note = %s WHERE size = %s", [forged, checkpoint.size])
    assert [code for code, _ in codes()] == ["checkpoint.other_key"] * 2


def test_a_deleted_entry_is_named(kept, vandal):
    entry = entry_at(40)
    vandal.execute("DELETE FROM ledger_entry WHERE id = %s", [entry.id])
    found = codes(kept)
    assert found[0] == ("entry.gone", 40)
    assert "tree.does_not_fit" not in dict(found)


def test_an_entry_deleted_with_its_number_is_named(kept, vandal):
    entry = entry_at(40)
    vandal.execute("DELETE FROM ledger_entry WHERE id = %s", [entry.id])
    vandal.execute("DELETE FROM ledger_leaf WHERE seq = 40")
    assert ("entry.number_missing", 40) in codes()


def test_an_entry_deleted_and_the_rest_renumbered_is_found(kept, vandal):
    entry = entry_at(600)
    with vandal.transaction():
        for table, column in (("entry", "id"), ("leaf", "entry_id"), ("subject", "entry_id"), ("detail", "entry_id")):
            vandal.execute(f"DELETE FROM ledger_{table} WHERE {column} = %s", [entry.id])
        vandal.execute("UPDATE ledger_leaf SET seq = -seq WHERE seq > 600")
        vandal.execute("UPDATE ledger_leaf SET seq = -seq - 1 WHERE seq < 0")
    found = codes()
    assert ("tree.does_not_fit", 0) in found and ("tree.shorter", 639) not in found[:1]
    assert ("tree.suspect", 600) in found


def test_a_tail_cut_off_cleanly_is_found_by_the_kept_checkpoint_alone(kept, vandal):
    delete_tail(vandal, 630)
    assert codes() == []
    assert codes(kept) == [("kept.not_in_list", None), ("tree.shorter", 630)]
    assert "640" in str(verify(kept).findings[-1])


def test_a_truncated_ledger_is_found(kept, vandal):
    vandal.execute("TRUNCATE ledger_entry, ledger_subject, ledger_detail, ledger_salt, ledger_leaf, ledger_node")
    assert codes() == [("tree.shorter", 0)]
    vandal.execute("TRUNCATE ledger_checkpoint")
    assert codes() == []
    assert ("tree.shorter", 0) in codes(kept)


def test_two_entries_that_changed_places_are_named(kept, vandal):
    with vandal.transaction():
        first, second = Leaf.objects.get(seq=100), Leaf.objects.get(seq=500)
        vandal.execute("DELETE FROM ledger_leaf WHERE seq IN (100, 500)")
        for seq, leaf in ((100, second), (500, first)):
            vandal.execute("INSERT INTO ledger_leaf VALUES (%s, %s, %s)", [seq, leaf.entry_id, bytes(leaf.leaf_hash)])
    assert codes(kept) == [("tree.does_not_fit", 0), ("tree.suspect", 100), ("tree.suspect", 500)]


def test_a_new_entry_with_an_old_date_is_named(kept, owner_connection):
    """Nothing is altered: an entry is added by all the rules, but says that it was recorded last year."""
    (backdated,) = load(owner_connection, 1, recorded_at=datetime.now(UTC) - timedelta(days=300))
    assert codes(kept) == [("entry.backdated", None)]
    sequencer.sequence()
    assert codes(kept) == codes() == [("entry.backdated", LATE)]
    operations.checkpoint()
    assert codes() == [("entry.backdated", LATE)]
    assert str(backdated.id) in str(verify().findings[0])


def test_an_act_that_took_long_is_no_finding(kept, owner_connection):
    load(owner_connection, 1, recorded_at=datetime.now(UTC) - timedelta(minutes=14))
    operations.checkpoint()
    assert_fits(kept)


def test_an_entry_of_tomorrow_is_named(kept, owner_connection):
    load(owner_connection, 1, recorded_at=datetime.now(UTC) + timedelta(days=1))
    sequencer.sequence()
    assert codes(kept) == [("entry.in_the_future", LATE)]


def test_an_older_backup_restored_is_found(kept, vandal, record):
    delete_tail(vandal, EARLY)  # what a restored backup of that day holds
    assert codes() == []
    assert codes(kept) == [("kept.not_in_list", None), ("tree.shorter", EARLY)]


def test_an_older_backup_restored_and_grown_again_is_found(kept, vandal, owner_connection):
    delete_tail(vandal, EARLY)
    load(owner_connection, 40)
    operations.checkpoint()
    assert codes() == []
    assert codes(kept) == [("kept.not_in_list", None), ("tree.does_not_fit", EARLY)]
    assert codes(kept[:1]) == [], "the checkpoint from before the backup still fits"


def test_a_real_backup_of_yesterday_put_in_place_is_found(record, embedded_cluster):
    """The whole database as it was then, every row and counter of it consistent, in the place of today's."""
    today, yesterday = connection.settings_dict["NAME"], f"{connection.settings_dict['NAME']}_backup"
    for _ in range(3):
        record()
    operations.checkpoint()
    connections.close_all()
    with embedded_cluster.connect() as admin:
        admin.execute(f"CREATE DATABASE {yesterday} TEMPLATE {today}")
    try:
        for _ in range(2):
            record()
        kept = [KeptFile("kept.txt", operations.checkpoint().note)]
        assert_fits(kept)
        use_database(yesterday)
        assert codes() == []
        assert codes(kept) == [("kept.not_in_list", None), ("tree.shorter", 3)]
        for _ in range(4):
            record()
        operations.checkpoint()
        assert codes() == []
        assert codes(kept) == [("kept.not_in_list", None), ("tree.does_not_fit", 3)]
    finally:
        use_database(today)
        with embedded_cluster.connect() as admin:
            admin.execute(f"DROP DATABASE {yesterday} WITH (FORCE)")


def test_an_edited_detail_is_named(kept, vandal):
    entry = entry_at(7)
    vandal.execute("UPDATE ledger_detail SET detail = %s WHERE entry_id = %s", ['{"family":"Каримов"}', entry.id])
    assert codes() == [("detail.altered", 7)]


def test_a_deleted_detail_is_named_and_an_erased_one_is_not(kept, vandal):
    first, second = entry_at(7), entry_at(8)
    with acting(someone("administrator")) as by:
        operations.erase_details(by=by, entries=[first.id], reason="retention_ended", occurred_on=TODAY)
    assert_fits(kept)
    vandal.execute("DELETE FROM ledger_detail WHERE entry_id = %s", [second.id])
    assert codes(kept) == [("detail.gone", 8)]


def test_a_detail_slipped_in_is_named(kept, vandal):
    vandal.execute("INSERT INTO ledger_detail VALUES (%s, 'salt', '{}')", [uuid4()])
    assert codes() == [("detail.added", None)]


def test_deleted_salts_are_named(kept, vandal):
    vandal.execute("DELETE FROM ledger_salt")
    assert codes() == [("salt.gone", EARLY - 1)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "registry.household.closed"),
        ("occurred_on", date(2024, 1, 1)),
        ("recorded_at", datetime(2024, 1, 1, tzinfo=UTC)),
        ("actor_id", None),
        ("organisation_id", uuid4()),
        ("correlation_id", uuid4()),
        ("submission_id", uuid4()),
        ("subjects", [uuid4()]),
    ],
)
def test_an_edited_column_beside_the_body_is_named(kept, vandal, column, value):
    entry = entry_at(99)
    vandal.execute(f"UPDATE ledger_entry SET {column} = %s WHERE id = %s", [value, entry.id])
    found = codes(kept)
    assert found[0] == ("entry.column_altered", 99)
    assert column.removesuffix("_id") in str(verify(kept).findings[0])


def test_a_body_that_is_no_entry_is_named(kept, vandal):
    entry = entry_at(5)
    vandal.execute("UPDATE ledger_entry SET body = 'nothing' WHERE id = %s", [entry.id])
    assert ("entry.unreadable", 5) in codes()


def test_an_entry_hidden_from_its_file_is_named(kept, vandal):
    entry = entry_at(70)
    vandal.execute("UPDATE ledger_subject SET subject_id = gen_random_uuid() WHERE entry_id = %s", [entry.id])
    assert [finding.entry_id for finding in verify().findings] == [entry.id]
    assert [code for code, _ in codes()] == ["entry.subjects_altered"]


def test_an_entry_taken_off_the_queue_is_named(kept, record, vandal):
    entry = record()
    vandal.execute("DELETE FROM ledger_pending")
    assert codes() == [("entry.unnumbered", None)]
    assert verify().findings[0].entry_id == entry.id


def test_an_altered_node_is_named(kept, vandal):
    vandal.execute("UPDATE ledger_node SET hash = %s WHERE index = 1", [b"\0" * 32])
    assert codes() == [("tree.node_altered", 256)]
    vandal.execute("DELETE FROM ledger_node WHERE index = 1")
    assert codes() == [("tree.node_altered", 256)]
    vandal.execute("INSERT INTO ledger_node VALUES (8, 1, %s), (16, 0, %s)", [b"\0" * 32, b"\0" * 32])
    assert codes() == [("tree.node_altered", 256), ("tree.node_altered", 0)]


def test_edited_columns_of_a_checkpoint_are_named(kept, vandal):
    vandal.execute("UPDATE ledger_checkpoint SET signed_at = signed_at - interval '1 day' WHERE size = %s", [EARLY])
    assert codes() == [("checkpoint.column_altered", None)]
    vandal.execute("UPDATE ledger_checkpoint SET note = 'x' WHERE size = %s", [EARLY])
    assert codes() == [("checkpoint.unreadable", None)]


def test_a_checkpoint_kept_by_nobody_here_is_named(kept):
    other = note.sign(
        note.Checkpoint(configuration.origin(), 3, b"\0" * 32, datetime.now(UTC)),
        name=configuration.origin(),
        key=configuration.checkpoint_key(),
    )
    assert codes([KeptFile("forged.txt", other)])[:1] == [("kept.not_in_list", None)]
    assert codes([KeptFile("empty.txt", "")]) == [("kept.unreadable", None)]


@pytest.mark.parametrize(("table", "guards"), [("ledger_entry", 3), ("ledger_detail", 2), ("ledger_test_register", 2)])
def test_a_guard_switched_off_is_named(kept, guarded_table, owner_connection, table, guards):
    assert_fits()
    owner_connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    found = verify().findings
    assert {finding.code for finding in found} == {"guard.off"} and len(found) == guards
    assert all(table in str(finding) for finding in found)


# -- receipts ---------------------------------------------------------------------------------------------------------


def test_receipts_find_what_no_checkpoint_covered(kept, record, vandal):
    """A leaf dropped before it was numbered: only the paper in somebody's pocket tells."""
    entry = record(kind="asylum.lodged")
    held = KeptFile("receipts.txt", operations.sign_receipt(entry, number="TJ-2025-000417").text + "\n")
    assert_fits(kept, receipts=[held])
    for table, column in (("entry", "id"), ("pending", "entry_id"), ("subject", "entry_id")):
        vandal.execute(f"DELETE FROM ledger_{table} WHERE {column} = %s", [entry.id])
    operations.checkpoint()
    assert codes(kept) == []
    assert codes(kept, receipts=[held]) == [("receipt.entry_gone", None)]
    assert "TJ-2025-000417" in str(verify(receipts=[held]).findings[0])


def test_receipts_find_an_entry_rewritten_before_it_was_numbered(kept, record, vandal):
    entry = record(kind="asylum.lodged")
    held = KeptFile("receipts.txt", operations.sign_receipt(entry).text)
    body = altered_body(entry)
    vandal.execute(
        "UPDATE ledger_entry SET body = %s, leaf_hash = %s WHERE id = %s", [body, leaf_hash(body.encode()), entry.id]
    )
    operations.checkpoint()
    assert codes(kept) == []
    assert codes(kept, receipts=[held]) == [("receipt.entry_altered", LATE)]


def test_a_forged_receipt_is_named(kept):
    assert codes(receipts=[KeptFile("receipts.txt", "\nPANOH1:ABC\n")]) == [("receipt.unreadable", None)]


# -- files of witnesses -----------------------------------------------------------------------------------------------


def test_a_witness_directory_can_be_held_against_the_ledger(kept, tmp_path, settings):
    for checkpoint in Checkpoint.objects.all():
        witnesses.write_file(checkpoint, tmp_path / "witness")
    files = read_kept_files([tmp_path / "witness"])
    assert [file.text for file in files] == [file.text for file in kept]
    assert_fits(files)
    keys._private_key.cache_clear()
