"""One pass over all entries in the order of their numbers: hashes them anew, builds the tree anew, judges each alone.

The inner loop of `verification`, and written for speed: one binary answer for some thousand rows (COPY hands rows over
one by one, which costs Python more than hashing them), each body hashed and parsed once. A row that does not fit is
named, and its stored hash stands in for it in the tree, so that one altered entry does not make every later checkpoint
look wrong as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg

from panoh.ledger import tree
from panoh.ledger.findings import Finding

CHUNK = 4_000  # about 6 MB: sorted in memory by PostgreSQL and held at once here
TILE_LEVELS = 8
TILE = 1 << TILE_LEVELS

# The columns of a row that is judged: hash, body, then COLUMNS below, then the detail's hash and how many salts there are.
JUDGED = """
    e.leaf_hash, e.body, e.id::text, e.kind, e.occurred_on::text, e.recorded_at, e.actor_id::text,
    e.organisation_id::text, array_to_string(e.subjects, ','), e.correlation_id::text, e.submission_id::text,
    encode(sha256(d.salt || convert_to(d.detail, 'UTF8')), 'hex'),
    (SELECT count(*) FROM ledger_salt s WHERE s.entry_id = e.id)"""

NUMBERED = f"""
SELECT l.seq, CASE WHEN e.id IS NULL THEN l.entry_id END, l.leaf_hash, {JUDGED}
FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.id = l.entry_id LEFT JOIN ledger_detail d ON d.entry_id = e.id
WHERE l.seq >= %s AND l.seq < %s ORDER BY l.seq"""  # noqa: S608 - put together from the constant above

WAITING = f"""
SELECT p.entry_id, p.recorded_at, {JUDGED}
FROM ledger_pending p LEFT JOIN ledger_entry e ON e.id = p.entry_id LEFT JOIN ledger_detail d ON d.entry_id = e.id
WHERE (p.recorded_at, p.entry_id) > (%s, %s) ORDER BY p.recorded_at, p.entry_id LIMIT %s"""  # noqa: S608 - likewise

read_json = json.JSONDecoder().raw_decode

COLUMNS = (
    "id",
    "kind",
    "occurred_on",
    "recorded_at",
    "actor",
    "organisation",
    "subjects",
    "correlation_id",
    "submission_id",
)


class LedgerScan:
    """Reads the ledger once. `roots` afterwards holds the root at each size that was asked for and reached."""

    def __init__(
        self,
        connection: psycopg.Connection,
        *,
        sizes: Sequence[int],
        floors: Sequence[tuple[int, datetime]],
        tolerance: timedelta,
        ceiling: datetime,
        erased: set[str],
    ) -> None:
        """`floors`: (size, time) of checkpoints. From that number on no entry was recorded before it, by `tolerance`."""
        self._connection = connection
        self._sizes = sorted(set(sizes), reverse=True)
        self._floors = sorted(floors, reverse=True)
        self._floor: datetime | None = None
        self._floor_signed_at: datetime | None = None
        self._tolerance = tolerance
        self._ceiling = ceiling
        self._erased = erased
        self._kept_nodes: dict[int, dict[int, bytes]] = {}
        for level, index, kept in connection.execute("SELECT level, index, hash FROM ledger_node"):
            self._kept_nodes.setdefault(level, {})[index] = bytes(kept)
        self._rows: list[list[bytes]] = [[]]
        self._done: list[int] = [0]
        self.wrong_nodes: list[tuple[int, int]] = []
        self.roots: dict[int, bytes] = {}
        self.size = 0
        self.waiting = 0

    # -- the pass -----------------------------------------------------------------------------------------------------

    def numbered(self, size: int, progress: Callable[[int, int], None]) -> Iterator[Finding]:
        """All entries with a number below `size`."""
        self._reached(0)
        chunks = [(start, min(start + CHUNK, size)) for start in range(0, size, CHUNK)]
        # PostgreSQL prepares the next chunk while this one is hashed: two processors work instead of one.
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = ahead.submit(self._rows_of, NUMBERED, chunks[0]) if chunks else None
            for at, (start, stop) in enumerate(chunks):
                rows = coming.result() if coming else []
                coming = ahead.submit(self._rows_of, NUMBERED, chunks[at + 1]) if at + 1 < len(chunks) else None
                yield from self._chunk(start, rows)
                progress(stop, size)
        if self.size < size:
            yield Finding("entry.number_missing", self.size, params={"last": size - 1})
        for level, kept in self._kept_nodes.items():
            self.wrong_nodes += [(level, index) for index in kept]  # kept of entries that are not there

    def _chunk(self, start: int, rows: Sequence[tuple[Any, ...]]) -> Iterator[Finding]:
        expected = start
        for row in rows:
            number, leaf_of, kept_hash, hash_beside, body = row[:5]
            if number != expected:
                yield Finding("entry.number_missing", expected, params={"last": number - 1})
                expected = self.size = number
            if body is None:
                yield Finding("entry.gone", number, leaf_of)
            else:
                found = sha256(b"\x00" + body.encode()).digest()
                if found != kept_hash:
                    yield self._finding("entry.altered", number, row[3:])
                if found != hash_beside:
                    yield self._finding("entry.hash_altered", number, row[3:])
                if self._floors and self._floors[-1][0] <= number:
                    self._raise_floor(number)
                wrong = self._judge(number, row[3:])
                if wrong:
                    yield from wrong
            self._grow(kept_hash)
            expected += 1

    def _rows_of(self, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with psycopg.Cursor(self._connection) as cursor:
            return cursor.execute(statement, parameters, binary=True).fetchall()

    def waiting_entries(self) -> Iterator[Finding]:
        """The entries that have no number yet, judged as the others are."""
        self._raise_floor(self.size)
        after: tuple[datetime, UUID] = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
        while rows := self._rows_of(WAITING, [*after, CHUNK]):
            for entry_id, recorded_at, *row in rows:
                after = (recorded_at, entry_id)
                self.waiting += 1
                if row[1] is None:
                    yield Finding("entry.waits_without_entry", None, entry_id, {"id": str(entry_id)})
                    continue
                if sha256(b"\x00" + row[1].encode()).digest() != row[0]:
                    yield self._finding("entry.hash_altered", None, row)
                yield from self._judge(None, row) or ()

    # -- one entry ----------------------------------------------------------------------------------------------------

    def _judge(self, number: int | None, row: Sequence[Any]) -> list[Finding] | None:
        """What is wrong with one entry by itself; mostly nothing, so the common way through builds no list."""
        try:
            facts, _ = read_json(row[1])
            recorded_at = datetime.fromisoformat(facts["recorded_at"])
            commitment, digests = facts["detail_commitment"], facts["digests"]
            same = (
                facts["id"] == row[2]
                and facts["kind"] == row[3]
                and facts["occurred_on"] == row[4]
                and recorded_at == row[5]
                and facts["actor"] == row[6]
                and facts["organisation"] == row[7]
                and ",".join(facts["subjects"]) == row[8]
                and facts["correlation_id"] == row[9]
                and facts["submission_id"] == row[10]
            )
            salts = len(digests)
        except (ValueError, KeyError, TypeError):
            return [self._finding("entry.unreadable", number, row)]
        if (
            same
            and commitment == row[11]
            and salts == row[12]
            and (self._floor is None or recorded_at >= self._floor)
            and recorded_at <= self._ceiling
        ):
            return None
        return list(self._wrong(number, row, facts, recorded_at)) or None

    def _wrong(
        self, number: int | None, row: Sequence[Any], facts: dict[str, Any], recorded_at: datetime
    ) -> Iterator[Finding]:
        said = {name: facts[name] for name in COLUMNS} | {
            "subjects": ",".join(facts["subjects"]),
            "recorded_at": recorded_at,
        }
        for column, found in zip(COLUMNS, row[2:11], strict=True):
            if said[column] != found:
                yield self._finding("entry.column_altered", number, row, column=column, found=found, said=said[column])
        commitment = facts["detail_commitment"]
        erased = facts["id"] in self._erased
        if commitment != row[11] and not (row[11] is None and erased):
            code = "detail.gone" if row[11] is None else "detail.altered" if commitment else "detail.added"
            yield self._finding(code, number, row, id=facts["id"])
        if len(facts["digests"]) != row[12] and not (row[12] == 0 and erased):
            yield self._finding("salt.gone", number, row)
        if self._floor is not None and recorded_at < self._floor:
            yield self._finding(
                "entry.backdated",
                number,
                row,
                recorded_at=_moment(recorded_at),
                signed_at=_moment(self._floor_signed_at),
            )
        if recorded_at > self._ceiling:
            yield self._finding("entry.in_the_future", number, row, recorded_at=_moment(recorded_at))

    def _finding(self, code: str, number: int | None, row: Sequence[Any], **params: Any) -> Finding:
        return Finding(code, number, UUID(row[2]), {"entry": entry_words(number, row[3], row[5], row[2])} | params)

    def _raise_floor(self, number: int) -> None:
        while self._floors and self._floors[-1][0] <= number:
            _, signed_at = self._floors.pop()
            if self._floor is None or signed_at - self._tolerance > self._floor:
                self._floor, self._floor_signed_at = signed_at - self._tolerance, signed_at

    # -- the tree -----------------------------------------------------------------------------------------------------

    def _grow(self, leaf: bytes) -> None:
        row = self._rows[0]
        row.append(leaf)
        self.size += 1
        if len(row) == TILE:
            self._carry(0)
        if self._sizes and self._sizes[-1] <= self.size:
            self._reached(self.size)

    def _carry(self, at: int) -> None:
        """A full row of 256 folds into one hash of the row above, which is one of those the ledger keeps."""
        if len(self._rows) == at + 1:
            self._rows.append([])
            self._done.append(0)
        folded = tree.fold(self._rows[at])
        self._rows[at] = []
        level, index = (at + 1) * TILE_LEVELS, self._done[at]
        self._done[at] += 1
        if self._kept_nodes.get(level, {}).pop(index, None) != folded:
            self.wrong_nodes.append((level, index))
        above = self._rows[at + 1]
        above.append(folded)
        if len(above) == TILE:
            self._carry(at + 1)

    def _reached(self, size: int) -> None:
        while self._sizes and self._sizes[-1] <= size:
            if self._sizes.pop() == size:  # sizes that fell into a gap of numbers have no root at all
                self.roots[size] = self._root()

    def _root(self) -> bytes:
        edge: list[bytes] = []
        for row in reversed(self._rows):
            edge += [tree.fold(row[i << k : (i + 1) << k]) for k, i in tree.complete_subtrees(0, len(row))]
        return tree.Frontier(self.size, edge).root()


def entry_words(number: int | None, kind: str, recorded_at: datetime, entry_id: str) -> str:
    """How a finding names an entry to a person."""
    at = f"{recorded_at:%Y-%m-%d %H:%M}"
    return f"Entry {'without a number' if number is None else number} ({kind}, {at}, {entry_id})"


def _moment(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"
