"""A ledger that a witness keeps checkpoints of, and what a database administrator may do to it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import psycopg

from panoh.kernel.ids import new_id
from panoh.ledger import bulk, operations, verification
from panoh.ledger.canonical import canonical_text
from panoh.ledger.composition import compose
from panoh.ledger.models import Entry, Leaf
from tests.ledger.conftest import TODAY, someone

EARLY = 620  # entries under the first checkpoint: two full tiles and a part of one
LATE = 640


def load(owner_connection, count: int, **given) -> list:
    entries = [
        compose(
            **{
                "entry_id": new_id(),
                "recorded_at": datetime.now(UTC),
                "by": someone(),
                "kind": "registry.household.registered",
                "subjects": [uuid4(), uuid4()],
                "payload": {"place": "TJ-DU", "at": at},
                "occurred_on": TODAY,
                "detail": {"family": f"Раҳимов {at}"},
            }
            | given
        )
        for at in range(count)
    ]
    with owner_connection.transaction(), owner_connection.cursor() as cursor:
        bulk.write_entries(cursor, entries)
    return entries


def verify(kept=(), **more) -> verification.Verification:
    return verification.verify(against=kept, register_too=False, **more)


def assert_fits(kept=(), **more) -> None:
    found = verify(kept, **more)
    assert found.fits, [str(finding) for finding in found.findings]


def codes(kept=(), **more) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.number) for finding in verify(kept, **more).findings]


def entry_at(number: int) -> Entry:
    return Entry.objects.get(id=Leaf.objects.get(seq=number).entry_id)


def altered_body(entry: Entry) -> str:
    facts = json.loads(entry.body)
    facts["payload"]["place"] = "TJ-SU"
    return canonical_text(facts)


def rebuild_tree(vandal: psycopg.Connection) -> None:
    """All that hangs on the leaves made anew, signed with the real key: what an administrator with the key file can do."""
    vandal.execute("DELETE FROM ledger_leaf")
    vandal.execute("DELETE FROM ledger_node")
    vandal.execute("DELETE FROM ledger_checkpoint")
    vandal.execute("DELETE FROM ledger_pending")
    vandal.execute("INSERT INTO ledger_pending SELECT recorded_at, id FROM ledger_entry")
    operations.checkpoint()


def delete_tail(vandal: psycopg.Connection, size: int) -> None:
    tail = "(SELECT entry_id FROM ledger_leaf WHERE seq >= %s)"
    with vandal.transaction():
        for table, column in (("entry", "id"), ("subject", "entry_id"), ("detail", "entry_id"), ("salt", "entry_id")):
            vandal.execute(f"DELETE FROM ledger_{table} WHERE {column} IN {tail}", [size])
        vandal.execute("DELETE FROM ledger_leaf WHERE seq >= %s", [size])
        vandal.execute("DELETE FROM ledger_node WHERE (index + 1) * 256 > %s", [size])
        vandal.execute("DELETE FROM ledger_checkpoint WHERE size > %s", [size])
