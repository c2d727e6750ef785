"""What `panoh ledger verify` asks of the register: the present state of its records, and whether its counts hang together.

Registered in `apps.ready`; enters its own context, since verification is nobody's request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db import connection

from panoh.access.context import acting_as_system
from panoh.ledger.findings import Finding
from panoh.ledger.replay import LedgerReader
from panoh.registry.snapshots import Snapshot, current_snapshots

MOST_FINDINGS = 100


def registry_states(subjects: Sequence[UUID]) -> Mapping[UUID, Snapshot]:
    """The state of each record among the subjects, by the same code that made the digests."""
    with acting_as_system("ledger verification: states of the register"):
        return current_snapshots(subjects)


# Every person stands in the group to which the last passage led that no correction took back; and every passage
# names an entry that speaks of that person.
GROUPS = """
SELECT p.number, p.population_group, coalesce(last.to_group, '')
FROM registry_person p LEFT JOIN LATERAL (
    SELECT s.to_group FROM registry_statuschange s
    WHERE s.person_id = p.id AND s.from_group <> s.to_group
      AND NOT EXISTS (SELECT FROM registry_statuschange c WHERE c.corrects_id = s.id)
    ORDER BY s.effective_on DESC, s.recorded_at DESC, s.id DESC LIMIT 1) last ON true
WHERE p.population_group <> coalesce(last.to_group, '') ORDER BY p.number LIMIT %s"""
UNRECORDED = """
SELECT p.number, s.reason, s.effective_on
FROM registry_statuschange s JOIN registry_person p ON p.id = s.person_id
WHERE NOT EXISTS (SELECT FROM ledger_subject e WHERE e.subject_id = s.person_id AND e.entry_id = s.entry_id)
ORDER BY p.number LIMIT %s"""


def replay_population(reader: LedgerReader) -> Iterator[Finding]:
    """Groups that do not follow from the passages, and passages that no entry speaks of."""
    with acting_as_system("ledger verification: population accounting"), connection.cursor() as cursor:
        cursor.execute(GROUPS, [MOST_FINDINGS])
        wrong = [
            f"{number} stands as {group or 'nothing'}, its status changes say {told or 'nothing'}"
            for number, group, told in cursor.fetchall()
        ]
        cursor.execute(UNRECORDED, [MOST_FINDINGS])
        wrong += [
            f"{number}: the status change {reason} of {day} belongs to no entry about this person"
            for number, reason, day in cursor.fetchall()
        ]
    for what in wrong:
        yield Finding("replay.differs", None, None, {"name": "population", "what": what})
