"""People of a file referred to another organisation: for one purpose, by consent, with what the receiver may see of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Organisation
from panoh.access.policy import check
from panoh.access.queries import in_force
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import claim_submission, record
from panoh.referrals.models import Referral, ReferralNote, ReferralPerson
from panoh.referrals.policy import kinds_for
from panoh.referrals.queries.referrals import referral_scope
from panoh.referrals.rules.standing import RUNNING, SHAREABLE, due_after
from panoh.referrals.snapshots import referral_snapshot
from panoh.registry.models import Consent, Household, Person
from panoh.rulebook import current
from panoh.rulebook.model import Rulebook

LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of whom, about whom, and what of them may be seen there."""

    kind: str
    receiver_id: UUID
    persons: Sequence[UUID]
    urgency: str
    text: str
    shares: Sequence[str] = ()


@transaction.atomic
def send_referral(*, by: Actor, household: Household, asked: Asked, submission_id: UUID | None = None) -> Referral:
    """Refer people of the household; the clock for the answer starts. Today's day: a referral is sent when it is written."""
    check(by, "referrals.referral.send", household)
    if submission_id is not None:
        entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
        if entry is not None:
            return _sent_before(by, entry.id)
    # Two at once about the same people: the second waits, and then finds the first.
    Household.objects.select_for_update().get(pk=household.pk)
    book, today = current(), timezone.localdate()
    purpose = check_asked(by, book, asked)
    persons = _persons(household, asked.persons)
    receiver = _receiver(by, asked.receiver_id, purpose)
    consents = [_consent(household, person, receiver, purpose) for person in persons]
    _check_not_running(household, persons, receiver, asked.kind)
    urgency = book.codes["referral_urgencies"][asked.urgency].attributes
    made = Referral(
        id=new_id(),
        number=_number(today.year),
        household=household,
        sender_id=by.organisation_id,
        receiver=receiver,
        caseworker_id=by.member_id,
        kind=asked.kind,
        purpose=purpose,
        urgency=asked.urgency,
        shares=[share for share in SHAREABLE if share in asked.shares],
        sent_on=today,
        sent_at=timezone.now(),
        due_on=due_after("sent", today, urgency, book.country.work_calendar),
        submission_id=submission_id,
    )
    entry = record(
        by=by,
        kind="referrals.referral.sent",
        # The file's own ledger says nothing of it: its custodian may be the very state from which help is sought.
        subjects=[made.pk],
        payload={"number": made.number, "version": 1},
        occurred_on=today,
        submission_id=submission_id,
        digests={made.pk: referral_snapshot(made)},
    )
    made.entry_id = entry.id
    made.save(force_insert=True)
    ReferralPerson.objects.bulk_create(
        [
            ReferralPerson(referral=made, person=person, consent=consent)
            for person, consent in zip(persons, consents, strict=True)
        ]
    )
    ReferralNote.objects.bulk_create(
        [
            ReferralNote(
                referral=made,
                act="sent",
                text=asked.text.strip(),
                organisation_id=by.organisation_id,
                by_id=by.member_id,
                done_on=today,
                recorded_at=entry.recorded_at,
                entry_id=entry.id,
            )
        ]
    )
    return made


def check_asked(by: Actor, book: Rulebook, asked: Asked) -> str:
    """What can be said against it before anybody is looked up; gives back the purpose that the kind serves."""
    kind = book.codes["referral_kinds"].get(asked.kind)
    if kind is None:
        raise Problem("referrals.referral.unknown_kind", field="kind")
    if kind.attributes["survivors"]:
        raise Problem("referrals.referral.survivors", field="kind")
    if asked.urgency not in book.codes["referral_urgencies"]:
        raise Problem("referrals.referral.unknown_urgency", field="urgency")
    if any(share not in SHAREABLE or not by.reads(share) for share in asked.shares):
        raise Problem("referrals.referral.cannot_share", field="shares")
    if not asked.persons:
        raise Problem("referrals.referral.nobody", field="persons")
    if not 3 <= len(asked.text.strip()) <= LONGEST_TEXT:
        raise Problem("referrals.referral.no_text", field="text")
    return kind.attributes["purpose"]


def _persons(household: Household, wanted: Sequence[UUID]) -> list[Person]:
    found = list(Person.objects.filter(pk__in=wanted, household=household, status="open").order_by("id"))
    if len(found) != len(set(wanted)):
        raise Problem("referrals.referral.other_person", field="persons")
    return found


def _receiver(by: Actor, organisation_id: UUID, purpose: str) -> Organisation:
    found = Organisation.objects.filter(in_force(timezone.localdate()), pk=organisation_id).first()
    if found is None or found.pk == by.organisation_id or found.kind not in kinds_for(purpose):
        raise Problem("referrals.referral.wrong_receiver", field="receiver")
    return found


def _consent(household: Household, person: Person, receiver: Organisation, purpose: str) -> Consent:
    """The person's own consent, else that of the whole family."""
    found = (
        Consent.objects.filter(
            Q(person=person) | Q(person__isnull=True),
            household=household,
            recipient=receiver,
            purpose=purpose,
            withdrawn_on__isnull=True,
        )
        .order_by("person_id")
        .first()
    )
    if found is None:
        raise Problem("referrals.referral.no_consent", field="receiver")
    return found


def _check_not_running(household: Household, persons: list[Person], receiver: Organisation, kind: str) -> None:
    running = (
        Referral.objects.filter(
            household=household, receiver=receiver, kind=kind, state__in=RUNNING, persons__person__in=persons
        )
        .values_list("number", flat=True)
        .first()
    )
    if running:
        raise Problem("referrals.referral.already_running", number=running)


def _number(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referrals_referral_serial')")
        return f"R-{year % 100:02d}-{cursor.fetchone()[0]:06d}"


def _sent_before(by: Actor, entry_id: UUID) -> Referral:
    found = Referral.objects.filter(referral_scope(by), entry_id=entry_id).first()
    if found is None:
        raise Problem("referrals.submission.other_act")
    return found
