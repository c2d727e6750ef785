"""Ids: UUIDv7, growing within a process, unique across threads and forks."""

import os
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

from panoh.kernel import ids
from panoh.kernel.ids import made_at, new_id


def test_new_id_is_a_version_7_uuid_of_now():
    before = datetime.now(UTC) - timedelta(milliseconds=5)
    made = new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made_at(made) <= datetime.now(UTC) + timedelta(seconds=5)


def test_ids_only_grow_even_when_the_clock_is_set_back(monkeypatch):
    first = new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000)
    later = [new_id() for _ in range(10_000)]
    assert [first, *later] == sorted([first, *later])


def test_ids_grow_past_the_counter_of_one_millisecond(monkeypatch):
    moment = time.time_ns() + 10_000_000_000
    monkeypatch.setattr(ids, "_last_millisecond", 0)
    monkeypatch.setattr(time, "time_ns", lambda: moment)
    made = [new_id() for _ in range(9_000)]
    assert made == sorted(made)
    assert len(set(made)) == 9_000


def test_threads_never_make_the_same_id():
    made: list[uuid.UUID] = []
    threads = [threading.Thread(target=lambda: made.extend([new_id() for _ in range(2_000)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_a_forked_process_makes_other_ids(monkeypatch):
    moment = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: moment)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, b"".join(new_id().bytes for _ in range(100)))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reader, 100_000)
    os.close(reader)
    os.close(writer)
    assert len(theirs) == 1_600
    ours = {new_id().bytes for _ in range(100)}
    assert not ours & {theirs[at : at + 16] for at in range(0, len(theirs), 16)}
