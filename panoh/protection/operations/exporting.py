"""That incidents left the system as a table is an act of its own, though the table names nobody."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.ledger.models import Entry
from panoh.ledger.operations import record


@transaction.atomic
def record_export(*, by: Actor, rows: int) -> Entry:
    check(by, "protection.incident.export")
    return record(
        by=by,
        kind="protection.incident.exported",
        subjects=[by.member_id],
        payload={"rows": rows},
        occurred_on=timezone.localdate(),
    )
