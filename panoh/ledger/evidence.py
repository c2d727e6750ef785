"""What was kept of the ledger, inside and outside: stored checkpoints, those of witnesses, receipts of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from panoh.ledger import configuration, note, receipt
from panoh.ledger.findings import Finding
from panoh.ledger.note import NotACheckpoint, VerifierKey
from panoh.ledger.receipt import NotAReceipt, Receipt
from panoh.ledger.scan import entry_words


@dataclass(frozen=True)
class Vouched:
    """A root that somebody vouched for. `outside` where it comes from a witness and not from the database."""

    size: int
    root: bytes
    signed_at: datetime
    outside: bool


@dataclass(frozen=True)
class KeptFile:
    """A checkpoint as a witness kept it: the text of a file, not yet judged."""

    name: str
    text: str


def read_kept_files(paths: Sequence[Path]) -> list[KeptFile]:
    """The checkpoints in files, and in all files of directories; OSError where one cannot be read."""
    found = []
    for path in paths:
        files = sorted(path.glob("checkpoint-*.txt")) if path.is_dir() else [path]
        found += [KeptFile(str(file), file.read_text(encoding="utf-8", errors="replace")) for file in files]
    return found


class Evidence:
    """Collects what can be believed, and yields a finding for what cannot."""

    def __init__(self, keys: Sequence[VerifierKey]) -> None:
        self.keys = list(keys)
        self.vouched: list[Vouched] = []
        self._stored: dict[int, bytes] = {}
        self.stored_count = 0

    def read_stored(self, connection: psycopg.Connection) -> Iterator[Finding]:
        """The checkpoints in the ledger's own list. One that does not hold is reported and not believed."""
        rows = connection.execute("SELECT size, root, signed_at, note FROM ledger_checkpoint ORDER BY size").fetchall()
        last_signed_at = None
        for size, root, signed_at, text in rows:
            self.stored_count += 1
            try:
                parsed, _ = note.parse(text)
            except NotACheckpoint as error:
                yield Finding("checkpoint.unreadable", params={"size": size, "why": str(error)})
                continue
            try:
                note.open_note(text, self.keys)
            except NotACheckpoint as error:
                yield Finding("checkpoint.other_key", params={"size": size, "why": str(error)})
                continue
            self._stored[size] = parsed.root
            if (parsed.size, parsed.root, parsed.signed_at) != (size, bytes(root), signed_at):
                yield Finding("checkpoint.column_altered", params={"size": size})
            if parsed.origin != configuration.origin():
                yield Finding("checkpoint.other_origin", params={"origin": parsed.origin})
            if last_signed_at is not None and parsed.signed_at < last_signed_at:
                yield Finding("checkpoint.time_runs_back", params={"size": size})
            last_signed_at = parsed.signed_at
            self.vouched.append(Vouched(parsed.size, parsed.root, parsed.signed_at, outside=False))

    def read_kept(self, kept: Sequence[KeptFile]) -> Iterator[Finding]:
        """Checkpoints of witnesses. One of an unknown key is reported, and the ledger is held against it all the same."""
        for file in kept:
            try:
                parsed, _ = note.parse(file.text)
            except NotACheckpoint as error:
                yield Finding("kept.unreadable", params={"file": file.name, "why": str(error)})
                continue
            try:
                note.open_note(file.text, self.keys)
            except NotACheckpoint as error:
                yield Finding("kept.other_key", params={"file": file.name, "why": str(error)})
            params = {"size": parsed.size, "signed_at": f"{parsed.signed_at:%Y-%m-%d %H:%M:%S} UTC"}
            if parsed.size not in self._stored:
                yield Finding("kept.not_in_list", params=params)
            elif self._stored[parsed.size] != parsed.root:
                yield Finding("kept.differs", params=params)
            self.vouched.append(Vouched(parsed.size, parsed.root, parsed.signed_at, outside=True))


# -- receipts ---------------------------------------------------------------------------------------------------------


def check_receipts(
    connection: psycopg.Connection, files: Sequence[KeptFile], keys: dict[bytes, Ed25519PublicKey]
) -> Iterator[Finding]:
    """Receipts, one a line: each must name an entry that is in the ledger and says what it said when it was signed."""
    for file in files:
        for line, text in enumerate(file.text.splitlines(), 1):
            if not text.strip():
                continue
            try:
                held = receipt.read(text, keys)
            except NotAReceipt as error:
                yield Finding("receipt.unreadable", params={"file": file.name, "line": line, "why": str(error)})
                continue
            yield from _check_receipt(connection, held)


def _check_receipt(connection: psycopg.Connection, held: Receipt) -> Iterator[Finding]:
    row = connection.execute(
        "SELECT sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')), e.kind, e.recorded_at, l.seq,"
        " EXISTS (SELECT FROM ledger_checkpoint c WHERE c.signed_at > e.recorded_at + interval '15 minutes')"
        " FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id WHERE e.id = %s",
        [held.entry_id],
    ).fetchone()
    recorded_at = f"{held.recorded_at:%Y-%m-%d %H:%M:%S} UTC"
    if row is None:
        params = {"kind": held.kind, "recorded_at": recorded_at, "number": held.number or "?", "id": str(held.entry_id)}
        yield Finding("receipt.entry_gone", None, held.entry_id, params)
        return
    found, kind, at, number, checkpoint_since = row
    params = {"entry": entry_words(number, kind, at, str(held.entry_id))}
    if bytes(found) != held.leaf_hash:
        yield Finding("receipt.entry_altered", number, held.entry_id, params)
    elif number is None and checkpoint_since:
        yield Finding("receipt.unnumbered", None, held.entry_id, params)


def narrow_down(
    connection: psycopg.Connection, first: int, last: int, wrong_tiles: Sequence[int]
) -> tuple[int, int, list[tuple[int, UUID, str, datetime]]]:
    """Where in a range that does not fit the change may lie: by the kept hashes of the tree, and by PostgreSQL's own
    note of which transaction wrote a row last (xmin). A hint to look at first, never a proof of innocence."""
    tiles = [tile for tile in wrong_tiles if tile * 256 <= last and (tile + 1) * 256 > first]
    if tiles:
        first, last = max(first, tiles[0] * 256), min(last, tiles[-1] * 256 + 255)
    suspects = connection.execute(
        "SELECT l.seq, l.entry_id, e.kind, e.recorded_at FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.seq BETWEEN %s AND %s AND (age(e.xmin) < age(l.xmin) OR age(l.xmin) <"
        " (SELECT age(c.xmin) FROM ledger_checkpoint c WHERE c.size > l.seq ORDER BY c.size LIMIT 1))"
        " ORDER BY l.seq LIMIT %s",
        [first, last, MOST_SUSPECTS + 1],
    ).fetchall()
    # When everything was written anew (a restored dump), nothing stands out.
    return first, last, suspects if len(suspects) <= MOST_SUSPECTS and len(suspects) <= last - first else []


MOST_SUSPECTS = 20
