"""Codes for asking about the own case: made, ended, sent to a contact that the person agreed to. Each act is an entry.

A code leaves this module once, to the page that prints it or to the channel that carries it; nothing here keeps it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.policy import check
from panoh.inquiry.channels import NotSent, channel_of
from panoh.inquiry.codes import digest_of, new_code
from panoh.inquiry.models import CaseCode, Contact, Sending
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.procedures.models import Case
from panoh.rulebook.law import LANGUAGES

MOST_SENDINGS, WITHIN = 3, timedelta(hours=24)
"""So many codes of one case are sent in so long: a contact is not flooded, and whoever misuses this page gains nothing by it."""


@transaction.atomic
def make_code(*, by: Actor, case: Case) -> str:
    """A code for the case, told this once; the one before ends. Two at once: the second waits and ends the first."""
    check(by, "inquiry.code.make", case)
    _made, code = _new_code(by, case)
    return code


@transaction.atomic
def revoke_code(*, by: Actor, case: Case) -> CaseCode:
    """The code in force ends, and none takes its place: the slip is lost, or in the wrong hands."""
    check(by, "inquiry.code.revoke", case)
    _lock(case)
    found = CaseCode.objects.filter(case=case, ended_on__isnull=True).first()
    if found is None:
        raise Problem("inquiry.code.none_in_force")
    found.ended_on = timezone.localdate()
    record(
        by=by,
        kind="inquiry.code.revoked",
        subjects=[found.pk, case.pk],
        payload={"case": case.pk, "code": found.pk, **case.closing},
        occurred_on=found.ended_on,
    )
    found.save(update_fields=["ended_on"])
    return found


@transaction.atomic
def add_contact(*, by: Actor, case: Case, channel: str, address: str, language: str, agreed: bool) -> Contact:
    """Writes down where a code may be sent. Without her own word nothing is ever sent."""
    check(by, "inquiry.contact.add", case)
    if not agreed:
        raise Problem("inquiry.contact.no_consent", field="agreed")
    if language not in LANGUAGES:
        raise Problem("inquiry.contact.language", field="language")
    checked = channel_of(channel).check_address(address)
    _lock(case)
    if Contact.objects.filter(case=case, channel=channel, address=checked, ended_on__isnull=True).exists():
        raise Problem("inquiry.contact.known", field="address")
    made = Contact(
        id=new_id(), case=case, channel=channel, address=checked, language=language,
        agreed_on=timezone.localdate(), taken_by_id=by.member_id,
    )  # fmt: skip
    entry = record(
        by=by,
        kind="inquiry.contact.added",
        subjects=[made.pk, case.pk],
        payload={"case": case.pk, "contact": made.pk, "channel": channel, "language": language, **case.closing},
        occurred_on=made.agreed_on,
        detail={"address": checked},
    )
    made.entry_id = entry.id
    made.save(force_insert=True)
    return made


@transaction.atomic
def end_contact(*, by: Actor, case: Case, contact: UUID) -> Contact:
    """She does not want codes there any more."""
    check(by, "inquiry.contact.end", case)
    _lock(case)
    found = _contact(case, contact)
    found.ended_on = timezone.localdate()
    record(
        by=by,
        kind="inquiry.contact.ended",
        subjects=[found.pk, case.pk],
        payload={"case": case.pk, "contact": found.pk, **case.closing},
        occurred_on=found.ended_on,
    )
    found.save(update_fields=["ended_on"])
    return found


@transaction.atomic
def send_code(*, by: Actor, case: Case, contact: UUID) -> Sending:
    """Makes a new code and sends it, once this transaction holds. What the channel answers is an entry of its own.

    Between the two the sending is under way; where the machine stops there, nobody knows the code and a new one is made.
    """
    check(by, "inquiry.code.send", case)
    _lock(case)
    found, now = _contact(case, contact), timezone.now()
    channel_of(found.channel)
    if Sending.objects.filter(case=case, sent_at__gt=now - WITHIN).count() >= MOST_SENDINGS:
        raise Problem("inquiry.code.sent_often", most=MOST_SENDINGS)
    sending_id = new_id()
    made, code = _new_code(by, case, subjects=[sending_id], sending=sending_id, contact=found.pk)
    sending = Sending(
        id=sending_id, code=made, contact=found, case=case, sent_at=now, sent_by_id=by.member_id, entry_id=made.entry_id
    )
    sending.save(force_insert=True)
    transaction.on_commit(lambda: _hand_over(by, sending_id, code))
    return sending


def _hand_over(by: Actor, sending_id: UUID, code: str) -> None:
    """After the commit, in a transaction of its own: the channel may be slow, and what it took cannot be rolled back."""
    with acting(by):
        sending = Sending.objects.select_related("contact").get(pk=sending_id)
    try:
        channel_of(sending.contact.channel).send(sending.contact.address, code, sending.contact.language)
        state, why = Sending.HANDED_OVER, ""
    except NotSent as error:
        state, why = Sending.FAILED, str(error)
    with acting(by):
        case = Case.objects.get(pk=sending.case_id)
        entry = record(
            by=by,
            kind=f"inquiry.sending.{state}",
            subjects=[sending.pk, case.pk],
            payload={"case": case.pk, "sending": sending.pk, "state": state, "why": why, **case.closing},
            occurred_on=timezone.localdate(),
        )
        Sending.objects.filter(pk=sending_id).update(state=state, entry_id=entry.id)


def _lock(case: Case) -> None:
    Case.objects.select_for_update().get(pk=case.pk)


def _contact(case: Case, contact: UUID) -> Contact:
    found = Contact.objects.filter(pk=contact, case=case, ended_on__isnull=True).first()
    if found is None:
        raise Problem("inquiry.contact.not_found")
    return found


def _new_code(by: Actor, case: Case, subjects: list[UUID] | None = None, **told: UUID) -> tuple[CaseCode, str]:
    """A fresh code in place of the one in force; `told` are the further ids of its entry."""
    _lock(case)
    today, code = timezone.localdate(), new_code()
    before = list(CaseCode.objects.filter(case=case, ended_on__isnull=True))
    made = CaseCode(id=new_id(), case=case, digest=digest_of(case.number, code), made_by_id=by.member_id, made_on=today)
    entry = record(
        by=by,
        kind="inquiry.code.sent" if told else "inquiry.code.made",
        subjects=[made.pk, case.pk, *(one.pk for one in before), *(subjects or [])],
        payload={"case": case.pk, "code": made.pk, "ended": [one.pk for one in before], **told, **case.closing},
        occurred_on=today,
    )
    CaseCode.objects.filter(pk__in=[one.pk for one in before]).update(ended_on=today)
    made.entry_id = entry.id
    made.save(force_insert=True)
    return made, code
