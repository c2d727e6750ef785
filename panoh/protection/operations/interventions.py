"""What is said to authorities and what they answer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.ledger.operations import record
from panoh.procedures.models import Case
from panoh.procedures.queries.cases import visible_to as cases_visible_to
from panoh.protection.models import FollowUp, Incident, Intervention, InterventionLink
from panoh.protection.queries.incidents import visible_to as incidents_visible_to
from panoh.protection.snapshots import incident_snapshot
from panoh.rulebook import current

LETTER_LANGUAGES = ("tg", "ru", "en")
LONGEST_WAIT = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Sent:
    """An intervention as typed."""

    kind: str
    institution: str
    subject: str
    text: str
    sent_on: date
    addressee: str = ""
    partners: str = ""
    language: str = "tg"
    provisions: Sequence[str] = field(default=())
    reply_due_on: date | None = None
    incidents: Sequence[str] = field(default=())
    cases: Sequence[str] = field(default=())


@transaction.atomic
def send_intervention(*, by: Actor, sent: Sent) -> Intervention:
    """Record what was sent to whom, on which law it relies, and until when an answer is expected."""
    check(by, "protection.intervention.send")
    _check(sent)
    incidents, cases = _incidents(by, sent.incidents), _cases(by, sent.cases)
    kind = current().codes["intervention_kinds"][sent.kind]
    today = timezone.localdate()
    row = Intervention(
        id=new_id(),
        number=_number(sent.sent_on),
        organisation_id=by.organisation_id,
        kind=sent.kind,
        institution=sent.institution,
        addressee=sent.addressee.strip(),
        partners=sent.partners.strip(),
        subject=sent.subject.strip(),
        text=sent.text.strip(),
        language=sent.language,
        provisions=list(sent.provisions),
        sent_on=sent.sent_on,
        reply_due_on=sent.reply_due_on or sent.sent_on + timedelta(days=int(kind.attributes["reply_days"])),
        recorded_at=timezone.now(),
        recorded_by_id=by.member_id,
    )
    entry = record(
        by=by,
        kind="protection.intervention.sent",
        subjects=[row.pk, *(one.pk for one in incidents)],
        payload={
            "number": row.number,
            "intervention_kind": row.kind,
            "text_sha256": hashlib.sha256(row.text.encode()).hexdigest(),
            "reply_due_on": row.reply_due_on,
        },
        occurred_on=sent.sent_on,
        legal_basis=list(sent.provisions),
        digests={one.pk: incident_snapshot(one) for one in incidents},
    )
    row.save(force_insert=True)
    InterventionLink.objects.bulk_create(
        [
            *(InterventionLink(intervention=row, incident=one) for one in incidents),
            *(InterventionLink(intervention=row, case=one) for one in cases),
        ]
    )
    FollowUp.objects.bulk_create(
        FollowUp(
            incident=one, act="intervention", done_on=min(sent.sent_on, today), facts={"intervention": row.number},
            recorded_at=entry.recorded_at, by_id=by.member_id, entry_id=entry.id,
        )
        for one in incidents
    )  # fmt: skip
    return row


@transaction.atomic
def answer_intervention(
    *,
    by: Actor,
    intervention: Intervention,
    outcome: str,
    replied_on: date | None,
    reply: str,
    expected_version: int | None = None,
) -> Intervention:
    """Record the answer, or that none came."""
    check(by, "protection.intervention.answer")
    row = (
        Intervention.objects.select_for_update().filter(pk=intervention.pk, organisation_id=by.organisation_id).first()
    )
    if row is None:
        raise Problem("protection.incident.not_found")
    if expected_version is not None and row.version != expected_version:
        raise Problem("protection.incident.changed")
    wrong = []
    if outcome not in current().codes["intervention_outcomes"]:
        wrong.append(Problem("protection.incident.no_outcome", field="outcome"))
    elif outcome != "NO_ANSWER" and replied_on is None:
        wrong.append(Problem("protection.intervention.no_day", field="replied_on"))
    if replied_on and not row.sent_on <= replied_on <= timezone.localdate():
        wrong.append(Problem("protection.intervention.day", field="replied_on"))
    if wrong:
        raise Problems(wrong)
    row.outcome, row.reply = outcome, reply.strip()
    row.replied_on = None if outcome == "NO_ANSWER" else replied_on
    row.version += 1
    record(
        by=by,
        kind="protection.intervention.answered",
        subjects=[row.pk],
        payload={"number": row.number, "outcome": outcome, "version": row.version},
        occurred_on=row.replied_on or timezone.localdate(),
    )
    row.save(update_fields=["outcome", "reply", "replied_on", "version"])
    return row


def _check(sent: Sent) -> None:
    book, today = current(), timezone.localdate()
    wrong = [
        Problem("protection.report.unknown_code", field=name)
        for name, value, known in (
            ("kind", sent.kind, book.codes["intervention_kinds"]),
            ("institution", sent.institution, book.codes["institutions"]),
            ("language", sent.language, LETTER_LANGUAGES),
        )
        if value not in known
    ]
    wrong += [
        Problem("protection.intervention.unknown_law", field="provisions")
        for id in sent.provisions
        if not any(one.is_in_force(sent.sent_on) for one in book.provisions.get(id, ()))
    ]
    if len(sent.subject.strip()) < 3 or len(sent.text.strip()) < 10:
        wrong.append(Problem("protection.intervention.no_text", field="text"))
    if sent.sent_on > today or sent.sent_on < today - LONGEST_WAIT * 20:
        wrong.append(Problem("protection.intervention.day", field="sent_on"))
    elif sent.reply_due_on and not sent.sent_on <= sent.reply_due_on <= sent.sent_on + LONGEST_WAIT:
        wrong.append(Problem("protection.intervention.due", field="reply_due_on"))
    if wrong:
        raise Problems(wrong)


def _incidents(by: Actor, numbers: Sequence[str]) -> list[Incident]:
    found = {one.number: one for one in incidents_visible_to(by).filter(number__in=numbers)}
    for number in numbers:
        if number not in found or found[number].by_referral:
            raise Problem("protection.intervention.no_such", field="incidents", number=number[:40])
    return list(found.values())


def _cases(by: Actor, numbers: Sequence[str]) -> list[Case]:
    found = {one.number: one for one in cases_visible_to(by).filter(number__in=numbers)}
    for number in numbers:
        if number not in found:
            raise Problem("protection.intervention.no_such", field="cases", number=number[:40])
    return list(found.values())


def _number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('protection_intervention_serial')")
        (value,) = cursor.fetchone()
    return f"V-{on:%y}-{value:05}"
