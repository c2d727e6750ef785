"""How a gap of the law stands from a day on: recorded by who watches the law, with the source."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.ledger.operations import record
from panoh.protection.models import LawStep
from panoh.rulebook import current


@transaction.atomic
def record_law_step(*, by: Actor, gap: str, status: str, on: date, source: str, note: str = "") -> LawStep:
    """Writes down what became of a gap: a draft was proposed, is discussed, the law was amended. Earlier lines stay."""
    check(by, "protection.law.record")
    _check(gap, status, on, source)
    row = LawStep(
        id=new_id(),
        gap=gap,
        status=status,
        on=on,
        source=source.strip()[:300],
        note=note.strip()[:500],
        organisation_id=by.organisation_id,
        recorded_by_id=by.member_id,
    )
    entry = record(
        by=by,
        kind="protection.law.recorded",
        subjects=[row.pk],
        payload={"gap": gap, "status": status, "day": on},
        occurred_on=timezone.localdate(),
        detail={"source": row.source, "note": row.note},
        legal_basis=[current().codes["law_gaps"][gap].attributes["provision"]],
    )
    row.recorded_at, row.entry_id = entry.recorded_at, entry.id
    row.save(force_insert=True)
    return row


def _check(gap: str, status: str, on: date, source: str) -> None:
    book, today = current(), timezone.localdate()
    problems = []
    if gap not in book.codes["law_gaps"]:
        raise Problem("protection.law.unknown_gap")
    if status not in book.codes["law_gap_statuses"]:
        problems.append(Problem("protection.law.unknown_status", field="status"))
    if on > today:
        problems.append(Problem("protection.law.in_the_future", field="on"))
    if not source.strip():
        problems.append(Problem("protection.law.no_source", field="source"))
    if problems:
        raise Problems(problems)
