"""Numbers without gaps or doubles, whatever happens; checkpoints that reach their witnesses."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core import mail
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from panoh.access.context import acting
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, note, operations, queries, sequencer, tree, verification, witnesses
from panoh.ledger.models import Checkpoint, Entry, Leaf, Node, Pending
from tests.ledger.conftest import TODAY, someone
from tests.ledger.tampering import load

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])


def assert_whole(size: int) -> None:
    """Every entry has one number, without gaps, and all kept hashes are right."""
    assert list(Leaf.objects.order_by("seq").values_list("seq", flat=True)) == list(range(size))
    assert set(Leaf.objects.values_list("entry_id", flat=True)) == set(Entry.objects.values_list("id", flat=True))
    assert not Pending.objects.exists()
    found = verification.verify(register_too=False)
    assert found.fits, [str(finding) for finding in found.findings]


def test_entries_get_their_numbers_in_the_order_of_recording(record):
    entries = [record() for _ in range(5)]
    assert operations.sequence() == 5
    assert list(Leaf.objects.order_by("seq").values_list("entry_id", flat=True)) == [entry.id for entry in entries]
    assert operations.sequence() == 0
    later = record()
    assert operations.sequence() == 1
    assert Leaf.objects.get(entry_id=later.id).seq == 5
    assert_whole(6)


def test_an_act_that_is_not_confirmed_gets_no_number(record, clerk):
    record()
    ready, done = threading.Event(), threading.Event()

    def act() -> None:
        with acting(clerk):
            operations.record(by=clerk, kind="a.late", subjects=[], payload={}, occurred_on=TODAY)
            ready.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=act)
    thread.start()
    ready.wait(10)
    record()
    assert operations.sequence() == 2, "the open act is passed over, and nothing waits for it"
    done.set()
    thread.join()
    assert operations.sequence() == 1, "a reader that follows a serial would have missed it"
    assert Entry.objects.get(id=Leaf.objects.get(seq=2).entry_id).kind == "a.late"
    assert_whole(3)


@pytest.mark.parametrize("batch", [1, 7, 255, 256, 257, 1000])
def test_batches_of_any_size_make_the_same_tree(owner_connection, batch):
    load(owner_connection, 530)
    assert operations.sequence(batch=batch) == 530
    leaves = [bytes(hash_) for hash_ in Leaf.objects.order_by("seq").values_list("leaf_hash", flat=True)]
    assert Node.objects.count() == 2
    assert tree.root_at(530, queries.subtree_hash) == tree.root(leaves)
    assert_whole(530)


def test_proofs_from_kept_hashes_hold(owner_connection):
    load(owner_connection, 300)
    early = operations.checkpoint()
    load(owner_connection, 300)
    late = operations.checkpoint()
    for seq in (0, 1, 255, 256, 299, 300, 511, 599):
        entry_id = Leaf.objects.get(seq=seq).entry_id
        proof = queries.inclusion_proof(entry_id)
        assert proof.holds() and proof.index == seq
        assert proof.checkpoint.size == (300 if seq < 300 else 600), "the first that covers it"
    assert tree.proves_consistency(
        old_size=300,
        size=600,
        old_root=bytes(early.root),
        root=bytes(late.root),
        proof=queries.consistency_proof(300, 600),
    )


def test_a_proof_of_a_large_ledger_reads_little(owner_connection, django_assert_max_num_queries):
    load(owner_connection, 2000)
    operations.checkpoint()
    entry_id = Leaf.objects.get(seq=1234).entry_id
    with django_assert_max_num_queries(20):
        assert queries.inclusion_proof(entry_id).holds()


def test_an_entry_without_a_number_has_no_proof_yet(record):
    entry = record()
    with pytest.raises(Problem) as refusal:
        queries.inclusion_proof(entry.id)
    assert refusal.value.code == "ledger.entry.not_sequenced"
    operations.sequence()
    with pytest.raises(Problem):
        queries.inclusion_proof(entry.id)
    operations.checkpoint()
    assert queries.inclusion_proof(entry.id).holds()
    with pytest.raises(Problem) as refusal:
        queries.inclusion_proof(new_id())
    assert refusal.value.code == "ledger.entry.missing"


def test_raw_sql_cannot_number_out_of_turn(record, sequencer_connection):
    first, second = record(), record()
    for start, entries in ((1, [first.id]), (0, [first.id, new_id()]), (0, [first.id, first.id])):
        with pytest.raises(psycopg.DatabaseError):
            sequencer_connection.execute("SELECT ledger_number(%s, %s, '{}', '{}', '{}')", [start, entries])
    assert operations.sequence() == 2
    with pytest.raises(psycopg.DatabaseError):
        sequencer_connection.execute("SELECT ledger_number(2, %s, '{}', '{}', '{}')", [[second.id]])
    assert_whole(2)


# -- many at once, and death at any point -----------------------------------------------------------------------------


def test_many_record_while_several_number_and_sign():
    mistakes: list[BaseException] = []
    finished = threading.Event()

    def in_thread(work) -> threading.Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                mistakes.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def act() -> None:
        who = someone()
        for _ in range(40):
            with acting(who):
                operations.record(by=who, kind="a.b", subjects=[new_id()], payload={}, occurred_on=TODAY)

    def number() -> None:
        while not finished.is_set():
            operations.sequence(batch=5)
            operations.checkpoint()

    keepers = [in_thread(number) for _ in range(2)]
    for thread in [in_thread(act) for _ in range(6)]:
        thread.join()
    finished.set()
    for thread in keepers:
        thread.join()
    assert not mistakes
    operations.checkpoint()
    assert_whole(240)


def number_for_ever() -> None:
    """In a process of its own: the connections inherited from the parent are left alone, not closed."""
    for alias in connections:
        connections[alias].connection = None
    while True:
        operations.sequence(batch=3)
        operations.checkpoint()


def test_a_sequencer_killed_at_any_point_leaves_the_ledger_whole(owner_connection, settings):
    settings.LEDGER_WITNESS_DIRECTORY = configuration.key_directory().parent / "witness"
    configuration.checkpoint_key()
    load(owner_connection, 400)
    connections.close_all()
    chance = random.Random(417)
    fork = multiprocessing.get_context("fork")
    for _ in range(12):
        process = fork.Process(target=number_for_ever, daemon=True)
        process.start()
        time.sleep(chance.uniform(0.005, 0.12))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        (size,) = Leaf.objects.values_list("seq", flat=True).order_by("-seq")[:1] or (-1,)
        assert Leaf.objects.count() == size + 1
        assert Leaf.objects.count() + Pending.objects.count() == 400, "each entry is numbered or waits"
    load(owner_connection, 10)
    operations.checkpoint()
    assert_whole(410)
    for file in settings.LEDGER_WITNESS_DIRECTORY.glob("*.txt"):
        note.open_note(file.read_text(), [configuration.checkpoint_verifier()])


def test_the_keeper_outlives_the_database(owner_connection, superuser):
    load(owner_connection, 200)
    rounds = iter(range(60))

    def goes_on() -> bool:
        at = next(rounds, None)
        if at in (2, 10):
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()",
                [connections["sequencer"].settings_dict["USER"]],
            )
        if at == 12:
            load(owner_connection, 50)
        return at is not None

    connections["sequencer"].ensure_connection()
    sequencer.keep(pause=0.001, every=timedelta(0), grown=1, goes_on=goes_on)
    assert_whole(250)
    assert queries.find_last_checkpoint().size == 250


# -- checkpoints ------------------------------------------------------------------------------------------------------


def test_a_checkpoint_speaks_for_all_that_is_confirmed(record):
    assert operations.checkpoint() is None, "an empty ledger has nothing to sign"
    record()
    checkpoint = operations.checkpoint()
    assert (checkpoint.size, operations.checkpoint()) == (1, None)
    signed = note.open_note(checkpoint.note, [configuration.checkpoint_verifier()])
    stored = Checkpoint.objects.get(size=1)
    assert (signed.size, signed.root, signed.signed_at) == (stored.size, bytes(stored.root), stored.signed_at)
    assert signed.root == bytes(Leaf.objects.get().leaf_hash)


def test_when_a_checkpoint_is_due(record):
    now = datetime.now(UTC)
    hour = {"every": timedelta(hours=1), "grown": 2}
    assert not sequencer.is_checkpoint_due(now, **hour)
    record()
    operations.sequence()
    assert sequencer.is_checkpoint_due(now, **hour), "the first entry is not left waiting"
    operations.checkpoint()
    assert not sequencer.is_checkpoint_due(now + timedelta(days=1), **hour), "nothing came"
    record()
    operations.sequence()
    assert not sequencer.is_checkpoint_due(now, **hour)
    assert sequencer.is_checkpoint_due(now + timedelta(hours=2), **hour)
    record()
    operations.sequence()
    assert sequencer.is_checkpoint_due(now, **hour)


def test_witnesses_get_each_checkpoint_as_a_file_and_one_mail_a_day(record, settings, tmp_path):
    settings.LEDGER_WITNESS_DIRECTORY = tmp_path / "witness"
    settings.LEDGER_WITNESS_ADDRESSES = ["keeper@unhcr.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    record()
    first = operations.checkpoint()
    record()
    second = operations.checkpoint()
    names = sorted(path.name for path in (tmp_path / "witness").iterdir())
    assert names == ["checkpoint-000000000001.txt", "checkpoint-000000000002.txt", "latest.txt"]
    assert (tmp_path / "witness" / "latest.txt").read_text() == second.note
    assert len(mail.outbox) == 1
    assert mail.outbox[0].to == ["keeper@unhcr.example"]
    assert first.note in mail.outbox[0].body


def test_no_witness_is_set_by_default(record):
    record()
    operations.checkpoint()
    assert not getattr(mail, "outbox", [])


def test_a_witness_out_of_reach_does_not_stop_the_ledger(record, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.LEDGER_WITNESS_DIRECTORY = tmp_path / "file" / "below"
    settings.LEDGER_WITNESS_ADDRESSES = ["keeper@unhcr.example"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    record()
    assert operations.checkpoint().size == 1
    assert "could not be written" in caplog.text and "could not be mailed" in caplog.text


def test_the_printed_line_tells_ledgers_apart(record):
    record()
    line = witnesses.printed_line(operations.checkpoint())
    assert line.startswith("1 · 20") and len(line) < 70


@given(st.integers(0, 2000), st.integers(0, 700))
def test_new_nodes_are_those_of_the_whole_tree(size, more):
    """The sequencer's arithmetic against folding everything anew, for any size before and any batch."""
    leaves = [tree.leaf_hash(str(number).encode()) for number in range(size + more)]
    kept = {(0, index): leaf for index, leaf in enumerate(leaves[:size])}
    kept |= {(8, index): tree.fold(leaves[index * 256 : index * 256 + 256]) for index in range(size // 256)}

    def row(level: int, start: int, stop: int) -> list[bytes]:
        return [kept[level, index] for index in range(start, stop)]

    levels, indexes, hashes = sequencer.new_nodes(size, leaves[size:], row)
    expected = range(size // 256, (size + more) // 256)
    assert levels == [8] * len(expected) and indexes == list(expected)
    assert hashes == [tree.fold(leaves[index * 256 : index * 256 + 256]) for index in expected]


def test_a_tree_with_a_hole_is_not_continued_and_the_keeper_says_so(owner_connection, superuser, record, caplog):
    load(owner_connection, 300)
    operations.sequence()
    superuser.execute("SET session_replication_role = replica")
    (leaf,) = superuser.execute("DELETE FROM ledger_leaf WHERE seq = 290 RETURNING leaf_hash, entry_id").fetchall()
    record()
    rounds = iter(range(3))
    sequencer.keep(pause=0, longest_pause=0, goes_on=lambda: next(rounds, None) is not None)
    assert Pending.objects.count() == 1 and not Checkpoint.objects.exists()
    assert caplog.text.count("The ledger cannot go on, and entries wait") == 3
    superuser.execute("INSERT INTO ledger_leaf (seq, leaf_hash, entry_id) VALUES (290, %s, %s)", leaf)
    rounds = iter(range(2))
    sequencer.keep(pause=0, longest_pause=0, goes_on=lambda: next(rounds, None) is not None)
    assert_whole(301)


def test_a_fault_of_the_program_ends_the_keeper(monkeypatch):
    def broken(batch=1000):
        raise ValueError("a fault")

    monkeypatch.setattr(sequencer, "sequence", broken)
    with pytest.raises(ValueError, match="a fault"):
        sequencer.keep(pause=0)
