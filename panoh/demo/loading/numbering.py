"""Numbers the loaded entries in the order of their time and signs a checkpoint at each month's end.

Called once the last file is written. A checkpoint of 2019 signed today would be a lie in a real register; here it is
signed by the demo's own key over a history that is synthetic from end to end, so that proofs can be tried on old entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from panoh.ledger import configuration, note, queries
from panoh.ledger.sequencer import KEPT_LEVELS
from panoh.ledger.tree import Frontier, fold

BATCH = 20_000


class Numbering:
    """Streams the waiting entries; keeps only the unfinished edge of the tree."""

    def __init__(self, connection: Any, until: date) -> None:
        self.connection, self.until = connection, until
        self.frontier = Frontier.at(queries.tree_size(), queries.subtree_hash)
        self.signed_size = 0
        self.unfinished: dict[int, list[bytes]] = {}

    def run(self, progress: Callable[[int], None]) -> int:
        """Numbers everything that waits; returns how many checkpoints were signed."""
        signed = 0
        for end in self._ends_of_months():
            while self._number(end):
                progress(self.frontier.size)
            signed += self._sign(end)
        while self._number(None):
            progress(self.frontier.size)
        return signed

    def _ends_of_months(self) -> Iterator[datetime]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT min(recorded_at) FROM ledger_pending")
            first = cursor.fetchone()[0]
        month = first.date().replace(day=1) if first else self.until
        while (month := (month + timedelta(days=32)).replace(day=1)) <= self.until:
            yield datetime.combine(month, time(0), tzinfo=UTC)

    def _number(self, before: datetime | None) -> int:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SELECT ledger_take_turn()")
            cursor.execute(
                "SELECT entry_id, leaf_hash FROM (SELECT recorded_at, entry_id FROM ledger_pending"
                " WHERE recorded_at < coalesce(%s, 'infinity'::timestamptz) ORDER BY recorded_at, entry_id LIMIT %s) waiting"
                " JOIN ledger_entry ON id = entry_id ORDER BY waiting.recorded_at, entry_id",
                [before, BATCH],
            )
            waiting = cursor.fetchall()
            if waiting:
                first, leaves = self.frontier.size, [bytes(leaf) for _, leaf in waiting]
                levels, indexes, hashes = self._finished(first, leaves)
                cursor.execute(
                    "SELECT ledger_number(%s, %s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[])",
                    [first, [entry for entry, _ in waiting], levels, indexes, hashes],
                )
                for leaf in leaves:
                    self.frontier.append(leaf)
        return len(waiting)

    def _finished(self, first: int, leaves: list[bytes]) -> tuple[list[int], list[int], list[bytes]]:
        """The subtrees of 256, 65,536 … that these leaves complete (ledger.models.Node)."""
        levels: list[int] = []
        indexes: list[int] = []
        hashes: list[bytes] = []
        level, row = 0, leaves
        while row:
            if level not in self.unfinished:
                begun = (first >> level) >> KEPT_LEVELS << KEPT_LEVELS
                self.unfinished[level] = queries.row_of_hashes(level, begun, first >> level)
            row = self.unfinished[level] + row
            whole = len(row) >> KEPT_LEVELS
            above = [fold(row[at << KEPT_LEVELS : (at + 1) << KEPT_LEVELS]) for at in range(whole)]
            self.unfinished[level] = row[whole << KEPT_LEVELS :]
            level += KEPT_LEVELS
            levels += [level] * whole
            indexes += range(first >> level, (first >> level) + whole)
            hashes += above
            row = above
        return levels, indexes, hashes

    def _sign(self, at: datetime) -> int:
        if self.frontier.size == self.signed_size:
            return 0
        self.signed_size = self.frontier.size
        signed = note.Checkpoint(configuration.origin(), self.frontier.size, self.frontier.root(), at)
        text = note.sign(signed, name=configuration.origin(), key=configuration.checkpoint_key())
        with self.connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_checkpoint (size, root, signed_at, note) VALUES (%s, %s, %s, %s)",
                [signed.size, signed.root, signed.signed_at, text],
            )
        return 1
