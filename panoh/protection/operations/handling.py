"""What is done about an incident: followed up, judged anew, closed with its outcome, reopened."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.protection.models import CLOSED, OPEN, FollowUp, Incident
from panoh.protection.policy import incident_scope
from panoh.protection.rules.response import first_due, leave_at, next_due
from panoh.protection.snapshots import incident_snapshot
from panoh.rulebook import current

ANSWERED_BEFORE_CLOSING = ("P1", "P2")


def lock_incident(by: Actor, incident: Incident, expected_version: int | None = None, *, state: str = OPEN) -> Incident:
    """The incident as it stands now, held until the transaction ends."""
    found = Incident.objects.select_for_update().filter(incident_scope(by), pk=incident.pk).first()
    if found is None:
        raise Problem("protection.incident.not_found")
    if expected_version is not None and expected_version != found.version:
        raise Problem("protection.incident.changed")
    if found.state != state:
        raise Problem("protection.incident.closed" if state == OPEN else "protection.incident.not_closed")
    return found


@transaction.atomic
def follow_up(
    *,
    by: Actor,
    incident: Incident,
    note: str,
    done_on: date | None = None,
    severity: str = "",
    verification: str = "",
    expected_version: int | None = None,
) -> Incident:
    """Somebody acted: what, when, and whether it makes the incident more or less urgent, or surer."""
    incident = lock_incident(by, incident, expected_version)
    check(by, "protection.incident.follow_up")
    codes = current().codes
    done_on = _check_day(incident, done_on)
    _check_note(note)
    facts: dict[str, Any] = {}
    for name, value, list_name in (
        ("severity", severity, "incident_severities"),
        ("verification", verification, "incident_verifications"),
    ):
        if not value or value == getattr(incident, name):
            continue
        if value not in codes[list_name]:
            raise Problem("protection.report.unknown_code", field=name)
        facts[name] = [getattr(incident, name), value]
        setattr(incident, name, value)
    incident.next_due_at = next_due(incident.severity, timezone.now(), codes)
    return _keep(by, incident, "protection.incident.followed_up", "followed_up", done_on, note, facts)


@transaction.atomic
def close_incident(
    *, by: Actor, incident: Incident, outcome: str, note: str, expected_version: int | None = None
) -> Incident:
    """Close an incident with how it ended. A grave one is not closed before anybody has acted on it."""
    incident = lock_incident(by, incident, expected_version)
    check(by, "protection.incident.close")
    if outcome not in current().codes["incident_outcomes"]:
        raise Problem("protection.incident.no_outcome", field="outcome")
    _check_note(note)
    if incident.severity in ANSWERED_BEFORE_CLOSING and not incident.follow_ups.filter(act="followed_up").exists():
        raise Problem("protection.incident.not_answered")
    today = timezone.localdate()
    incident.state, incident.outcome, incident.closed_on, incident.next_due_at = CLOSED, outcome, today, None
    return _keep(by, incident, "protection.incident.closed", "closed", today, note, {"outcome": outcome})


@transaction.atomic
def reopen_incident(*, by: Actor, incident: Incident, note: str, expected_version: int | None = None) -> Incident:
    """It was not over: the clock of its severity starts again, and of an order the days that are left."""
    incident = lock_incident(by, incident, expected_version, state=CLOSED)
    check(by, "protection.incident.reopen")
    if incident.by_referral:
        raise Problem("protection.evidence.referral")
    _check_note(note)
    before = incident.outcome
    incident.state, incident.outcome, incident.closed_on = OPEN, "", None
    ordered = leave_at(incident.occurred_on, incident.order_days, timezone.get_current_timezone())
    incident.next_due_at = first_due(incident.severity, timezone.now(), current().codes, ordered)
    return _keep(
        by, incident, "protection.incident.reopened", "reopened", timezone.localdate(), note, {"outcome": before}
    )


def _keep(
    by: Actor, incident: Incident, kind: str, act: str, done_on: date, note: str, facts: dict[str, Any]
) -> Incident:
    incident.version += 1
    entry = record(
        by=by,
        kind=kind,
        subjects=[incident.pk],
        payload={"number": incident.number, "version": incident.version},
        occurred_on=done_on,
        digests={incident.pk: incident_snapshot(incident)},
    )
    incident.save(update_fields=["severity", "verification", "state", "outcome", "closed_on", "next_due_at", "version"])
    FollowUp.objects.bulk_create(
        [
            FollowUp(
                incident=incident,
                act=act,
                done_on=done_on,
                note=note.strip(),
                facts=facts,
                recorded_at=entry.recorded_at,
                by_id=by.member_id,
                entry_id=entry.id,
            )
        ]
    )
    return incident


def _check_day(incident: Incident, done_on: date | None) -> date:
    today = timezone.localdate()
    done_on = done_on or today
    if not incident.occurred_on <= done_on <= today:
        raise Problem("protection.incident.day", field="done_on")
    return done_on


def _check_note(note: str) -> None:
    if len(note.strip()) < 3:
        raise Problem("protection.incident.no_note", field="note")
