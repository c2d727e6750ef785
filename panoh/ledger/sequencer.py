"""Numbers the entries, and signs what the ledger has become: the one writer of its order.

Works as a database role of its own, which alone may do this: the application, and what somebody may inject into it,
only leaves entries in the queue `ledger_pending`, so acts never wait for one another. One
sequencer at a time (`ledger_take_turn`) takes what is committed, in the order of recording, and appends it to the tree.
Each batch is one transaction: a kill at any point leaves the batch whole, or undone and still in the queue.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, connections, transaction

from panoh.ledger import configuration, note, queries, witnesses
from panoh.ledger.models import Checkpoint, Pending
from panoh.ledger.tree import Frontier, fold

logger = logging.getLogger(__name__)

SEQUENCER = "sequencer"  # the alias of the database in its role
KEPT_LEVELS = 8  # see models.Node
LONGEST_PAUSE = 30.0


def sequence(batch: int = 1000) -> int:
    """Number all entries that wait, in batches of one transaction each; returns how many there were."""
    total = 0
    while True:
        numbered = _sequence_batch(batch)
        total += numbered
        if numbered < batch:
            return total


def _sequence_batch(batch: int) -> int:
    if not Pending.objects.using(SEQUENCER).exists():  # nothing is written, not even a lock, while nothing happens
        return 0
    with transaction.atomic(using=SEQUENCER), connections[SEQUENCER].cursor() as cursor:
        cursor.execute("SELECT ledger_take_turn()")
        # Ordered before the join, so that the queue's index alone decides, however long the queue is.
        cursor.execute(
            "SELECT entry_id, leaf_hash FROM (SELECT recorded_at, entry_id FROM ledger_pending"
            " ORDER BY recorded_at, entry_id LIMIT %s) waiting JOIN ledger_entry ON id = entry_id"
            " ORDER BY waiting.recorded_at, entry_id",
            [batch],
        )
        waiting: list[tuple[UUID, bytes]] = cursor.fetchall()
        if not waiting:
            return 0
        size = queries.tree_size(SEQUENCER)
        levels, indexes, hashes = new_nodes(size, [bytes(leaf) for _, leaf in waiting], _row_of_hashes)
        cursor.execute(
            "SELECT ledger_number(%s, %s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[])",
            [size, [entry_id for entry_id, _ in waiting], levels, indexes, hashes],
        )
    return len(waiting)


def _row_of_hashes(level: int, start: int, stop: int) -> list[bytes]:
    return queries.row_of_hashes(level, start, stop, SEQUENCER)


def _subtree_hash(level: int, index: int) -> bytes:
    return queries.subtree_hash(level, index, SEQUENCER)


def new_nodes(
    size: int, leaves: list[bytes], kept_row: Callable[[int, int, int], list[bytes]]
) -> tuple[list[int], list[int], list[bytes]]:
    """The kept subtrees (each eighth level) that these leaves complete, appended to a tree of that size. Pure."""
    levels: list[int] = []
    indexes: list[int] = []
    hashes: list[bytes] = []
    level, first, row = 0, size, leaves
    while row:
        start = (first >> KEPT_LEVELS) << KEPT_LEVELS
        row = kept_row(level, start, first) + row
        first, above = start >> KEPT_LEVELS, []
        for offset in range(0, len(row) - (1 << KEPT_LEVELS) + 1, 1 << KEPT_LEVELS):
            above.append(fold(row[offset : offset + (1 << KEPT_LEVELS)]))
        level, row = level + KEPT_LEVELS, above
        levels += [level] * len(row)
        indexes += range(first, first + len(row))
        hashes += row
    return levels, indexes, hashes


def checkpoint() -> Checkpoint | None:
    """Number what waits, sign the root if the ledger grew, keep it and hand it to the witnesses. None if nothing grew."""
    sequence()
    with transaction.atomic(using=SEQUENCER):
        with connections[SEQUENCER].cursor() as cursor:
            cursor.execute("SELECT ledger_take_turn()")
        size = queries.tree_size(SEQUENCER)
        last = queries.find_last_checkpoint(SEQUENCER)
        if size == (last.size if last else 0):
            return None
        signed = note.Checkpoint(
            origin=configuration.origin(),
            size=size,
            root=Frontier.at(size, _subtree_hash).root(),
            signed_at=datetime.now(UTC),
        )
        kept = Checkpoint.objects.using(SEQUENCER).create(
            size=signed.size,
            root=signed.root,
            signed_at=signed.signed_at,
            note=note.sign(signed, name=configuration.origin(), key=configuration.checkpoint_key()),
        )
        transaction.on_commit(lambda: witnesses.publish(kept), using=SEQUENCER)
    return kept


def keep(
    *,
    pause: float = 1.0,
    every: timedelta = timedelta(minutes=10),
    grown: int = 10_000,
    longest_pause: float = LONGEST_PAUSE,
    goes_on: Callable[[], bool] = lambda: True,
) -> None:
    """Number what comes, and sign a checkpoint when it is due.

    Outlives a restart of the database. A ledger that was tampered with so that the tree cannot go on stops numbering, not
    the office: entries wait in the queue, and the log says so again and again.
    """
    wait = pause
    while goes_on():
        try:
            sequence()
            if is_checkpoint_due(datetime.now(UTC), every=every, grown=grown):
                checkpoint()
            wait = pause
        except (OperationalError, InterfaceError) as error:
            logger.warning("The ledger waits for the database: %s", str(error).strip().split("\n")[0])
            connections[SEQUENCER].close()
            wait = min(max(wait, 0.1) * 2, longest_pause)
        except LookupError as error:
            logger.error("The ledger cannot go on, and entries wait: %s", error)
            wait = longest_pause
        time.sleep(wait)


def is_checkpoint_due(now: datetime, *, every: timedelta, grown: int) -> bool:
    """Whether entries came that no checkpoint covers, and enough of them or long enough ago."""
    size, last = queries.tree_size(SEQUENCER), queries.find_last_checkpoint(SEQUENCER)
    if last is None:
        return size > 0
    return size > last.size and (size - last.size >= grown or now - last.signed_at >= every)
