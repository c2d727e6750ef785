"""Does the ledger still say what it said? Re-reads every entry and holds it against everything that was kept of it.

Trusts no stored hash: each body is hashed again, the tree is built again from these hashes, and its root is held against
every stored checkpoint, those that witnesses kept outside, and receipts that people carried home. Then columns against
bodies, details against commitments, times against checkpoints, guards, and the register against its entries (`replay`).

Reads as the owner, in one snapshot, and changes nothing. No personal text leaves the database: details are hashed there.
What a superuser can do without being found is written down in docs/security.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.db import connections

from panoh.ledger import configuration, replay
from panoh.ledger.evidence import Evidence, KeptFile, Vouched, check_receipts, narrow_down
from panoh.ledger.findings import Finding
from panoh.ledger.note import VerifierKey
from panoh.ledger.scan import LedgerScan, entry_words
from panoh.ledger.surroundings import find_loose_ends, find_switched_off_guards

# An entry is recorded while its transaction runs, and gets its number after COMMIT. A checkpoint signed in between knows
# nothing of it, though it is younger than the entry's time. No act may take longer than this.
LONGEST_TRANSACTION = timedelta(minutes=15)
LARGEST_CLOCK_DIFFERENCE = timedelta(minutes=5)
MOST_FINDINGS = 200

Progress = Callable[[int, int], None]


@dataclass
class Verification:
    """What was looked at, and what was found."""

    size: int = 0
    waiting: int = 0
    checkpoints: int = 0
    seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    left_off: int = 0

    @property
    def fits(self) -> bool:
        return not self.findings

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if len(self.findings) < MOST_FINDINGS:
                self.findings.append(finding)
            else:
                self.left_off += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "fits": self.fits,
            "size": self.size,
            "waiting": self.waiting,
            "checkpoints": self.checkpoints,
            "seconds": round(self.seconds, 3),
            "findings": [finding.as_json() for finding in self.findings],
            "findings_left_off": self.left_off,
        }


def verify(
    *,
    against: Sequence[KeptFile] = (),
    receipts: Sequence[KeptFile] = (),
    keys: Sequence[VerifierKey] = (),
    register_too: bool = True,
    progress: Progress = lambda done, of: None,
    using: str = "owner",
) -> Verification:
    """Verify the whole ledger. `keys` are further public keys to believe, as witnesses keep them."""
    started = time.perf_counter()
    result = Verification()
    with _snapshot(using) as connection:
        evidence = Evidence([configuration.checkpoint_verifier(), *keys])
        result.add(evidence.read_stored(connection))
        result.add(evidence.read_kept(against))
        result.checkpoints = evidence.stored_count
        scan = LedgerScan(
            connection,
            sizes=[vouched.size for vouched in evidence.vouched],
            floors=[(vouched.size, vouched.signed_at) for vouched in evidence.vouched],
            tolerance=LONGEST_TRANSACTION,
            ceiling=datetime.now(UTC) + LARGEST_CLOCK_DIFFERENCE,
            erased=_erased(connection),
        )
        (size,) = _one(connection, "SELECT coalesce(max(seq) + 1, 0) FROM ledger_leaf")
        result.add(scan.numbered(size, progress))
        result.add(scan.waiting_entries())
        result.size, result.waiting = scan.size, scan.waiting
        result.add(_hold_against(connection, scan, evidence.vouched))
        result.add(find_loose_ends(connection))
        result.add(check_receipts(connection, receipts, configuration.receipt_verifiers()))
        result.add(find_switched_off_guards(connection))
        if register_too:
            result.add(replay.run_replays(replay.LedgerReader(connection, lambda: _connect(using))))
    result.seconds = time.perf_counter() - started
    return result


def _hold_against(connection: psycopg.Connection, scan: LedgerScan, vouched: Sequence[Vouched]) -> Iterator[Finding]:
    """The tree as it is now against the roots that were vouched for: the first that does not fit says where."""
    wrong_tiles = sorted(index for level, index in scan.wrong_nodes if level == 8)
    fitting, explained = 0, False
    for each in sorted(vouched, key=lambda each: (each.size, each.outside)):
        signed_at = f"{each.signed_at:%Y-%m-%d %H:%M:%S} UTC"
        if each.size > scan.size:
            params = {"size": scan.size, "kept_size": each.size, "signed_at": signed_at}
            yield Finding("tree.shorter", scan.size, params=params)
            explained = True
            break
        if scan.roots.get(each.size) == each.root:
            fitting = each.size
            continue
        first, last, suspects = narrow_down(connection, fitting, each.size - 1, wrong_tiles)
        params = {"first": first, "last": last, "signed_at": signed_at}
        yield Finding("tree.does_not_fit", first, params=params)
        for number, entry_id, kind, recorded_at in suspects:
            words = entry_words(number, kind, recorded_at, str(entry_id))
            yield Finding("tree.suspect", number, entry_id, {"entry": words})
        explained = True
        break
    if not explained:
        for level, index in scan.wrong_nodes:
            first = index << level
            params = {"level": level, "index": index, "first": first, "last": first + (1 << level) - 1}
            yield Finding("tree.node_altered", first, params=params)


def _erased(connection: psycopg.Connection) -> set[str]:
    """The entries whose personal part was erased, as entries of the ledger itself say."""
    rows = connection.execute(
        "SELECT jsonb_array_elements_text(body::jsonb->'payload'->'entries') FROM ledger_entry"
        " WHERE kind = 'ledger.detail.erased'"
    )
    return {entry_id for (entry_id,) in rows}


def _one(connection: psycopg.Connection, statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always yields a row
    return row


def _connect(using: str) -> psycopg.Connection:
    """A connection of its own: the snapshot must neither see nor disturb what the caller is doing."""
    wrapper = connections.create_connection(using)
    wrapper.connect()
    return wrapper.connection


@contextmanager
def _snapshot(using: str) -> Iterator[psycopg.Connection]:
    connection = _connect(using)
    try:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
    finally:
        connection.close()
