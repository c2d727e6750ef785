"""Files that show an incident, kept as they came: evidence is not re-encoded. The ledger holds their hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.protection.models import Evidence, FollowUp, Incident
from panoh.protection.operations.handling import lock_incident
from panoh.protection.snapshots import incident_snapshot

LARGEST = 8 * 1024 * 1024
# What the bytes themselves say; a name or a header can say anything.
KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"%PDF-", "application/pdf"))


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was sent."""

    name: str
    content: bytes


def media_type(content: bytes) -> str | None:
    return next((kind for start, kind in KINDS if content.startswith(start)), None)


def check_file(file: File) -> None:
    if len(file.content) > LARGEST:
        raise Problem("protection.evidence.too_large", field="file", most=LARGEST // 1024 // 1024)
    if media_type(file.content) is None:
        raise Problem("protection.evidence.kind", field="file")


def keep_file(incident: Incident, file: File, today: date) -> Evidence:
    evidence = Evidence(
        incident=incident,
        file_name=PurePath(file.name).name[-120:] or "file",
        media_type=media_type(file.content) or "",
        sha256=hashlib.sha256(file.content).hexdigest(),
        size=len(file.content),
        content=file.content,
        added_on=today,
    )
    evidence.save(force_insert=True)
    return evidence


@transaction.atomic
def add_evidence(*, by: Actor, incident: Incident, file: File) -> Evidence:
    """Hang a file on an open incident."""
    incident = lock_incident(by, incident)
    check(by, "protection.incident.follow_up")
    if incident.by_referral:
        raise Problem("protection.evidence.referral")
    check_file(file)
    digest = hashlib.sha256(file.content).hexdigest()
    if incident.evidence.filter(sha256=digest).exists():
        raise Problem("protection.evidence.known", field="file")
    today = timezone.localdate()
    entry = record(
        by=by,
        kind="protection.evidence.added",
        subjects=[incident.pk],
        payload={"number": incident.number, "sha256": digest},
        occurred_on=today,
        digests={incident.pk: incident_snapshot(incident)},
    )
    evidence = keep_file(incident, file, today)
    FollowUp.objects.bulk_create(
        [
            FollowUp(
                incident=incident,
                act="evidence",
                done_on=today,
                note=evidence.file_name,
                facts={"sha256": digest},
                recorded_at=entry.recorded_at,
                by_id=by.member_id,
                entry_id=entry.id,
            )
        ]
    )
    return evidence
