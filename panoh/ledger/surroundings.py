"""What stands round the entries: nothing loose, nothing missing beside them, and the guards on their posts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg

from panoh.ledger.findings import Finding
from panoh.ledger.scan import entry_words

MOST = 50

UNNUMBERED = """
SELECT e.id, e.kind, e.recorded_at FROM ledger_entry e
WHERE NOT EXISTS (SELECT FROM ledger_leaf l WHERE l.entry_id = e.id)
  AND NOT EXISTS (SELECT FROM ledger_pending p WHERE p.entry_id = e.id) ORDER BY e.recorded_at, e.id LIMIT %s"""

ORPHANS = """
SELECT entry_id FROM (SELECT entry_id FROM ledger_detail UNION SELECT entry_id FROM ledger_salt) kept
WHERE NOT EXISTS (SELECT FROM ledger_entry e WHERE e.id = kept.entry_id) LIMIT %s"""

# Sums of hashes tell quickly whether the two lists are one; only if not, they are compared row by row.
SUBJECT_SUMS = """
SELECT (SELECT (count(*), sum(uuid_hash_extended(subject_id, uuid_hash_extended(entry_id, 0))))::text FROM ledger_subject),
       (SELECT (count(*), sum(uuid_hash_extended(subject, uuid_hash_extended(id, 0))))::text
        FROM ledger_entry, unnest(subjects) AS subject)"""
SUBJECTS = """
WITH said AS (SELECT id, unnest(subjects) AS subject FROM ledger_entry)
SELECT DISTINCT coalesce(said.id, found.entry_id) AS entry, e.kind, e.recorded_at
FROM said FULL JOIN ledger_subject found ON found.entry_id = said.id AND found.subject_id = said.subject
LEFT JOIN ledger_entry e ON e.id = coalesce(said.id, found.entry_id)
WHERE said.id IS NULL OR found.entry_id IS NULL LIMIT %s"""


def find_loose_ends(connection: psycopg.Connection) -> Iterator[Finding]:
    """Entries outside the order, details of no entry, a list of subjects that is not that of the entries."""
    for entry_id, kind, recorded_at in connection.execute(UNNUMBERED, [MOST]):
        words = entry_words(None, kind, recorded_at, str(entry_id))
        yield Finding("entry.unnumbered", None, entry_id, {"entry": words})
    for (entry_id,) in connection.execute(ORPHANS, [MOST]):
        yield Finding("detail.added", None, entry_id, {"id": str(entry_id)})
    found, said = connection.execute(SUBJECT_SUMS).fetchone() or ("", "")
    if found != said:
        for entry_id, kind, recorded_at in connection.execute(SUBJECTS, [MOST]):
            words = str(entry_id) if kind is None else entry_words(None, kind, recorded_at, str(entry_id))
            yield Finding("entry.subjects_altered", None, UUID(str(entry_id)), {"entry": words})


GUARDS = """
WITH expected AS (
    SELECT table_name, unnest(ARRAY['ledger_require_entry', 'ledger_refuse_truncate']) AS trigger FROM ledger_guarded
    UNION ALL
    SELECT 'ledger_' || name, trigger FROM unnest(%s::text[]) AS name,
        unnest(ARRAY['ledger_append_only', 'ledger_append_only_truncate']) AS trigger
    UNION ALL SELECT 'ledger_entry', 'ledger_author'
)
SELECT table_name, trigger FROM expected WHERE NOT EXISTS (
    SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass('public.' || quote_ident(table_name))
    AND t.tgname = trigger AND t.tgenabled IN ('O', 'A'))
ORDER BY 1, 2"""
APPEND_ONLY = ["entry", "subject", "detail", "salt", "leaf", "node", "checkpoint"]


def find_switched_off_guards(connection: psycopg.Connection) -> Iterator[Finding]:
    """The triggers that migrations put on register and ledger, and that somebody took off or disabled."""
    for table, trigger in connection.execute(GUARDS, [APPEND_ONLY]):
        yield Finding("guard.off", params={"table": table, "trigger": trigger})
