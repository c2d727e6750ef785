"""How incidents come in: reported by somebody, as a referral of a survivor, or opened by the register itself.

A report that accuses the reporter's own organisation is written in nobody's name: neither the table nor the ledger says who
made it, and the own organisation never sees it. Whoever told is known only by a made-up word.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting_without_member
from panoh.access.models import Office, Organisation
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import claim_submission, record, sign_receipt
from panoh.ledger.receipt import Receipt
from panoh.protection.models import FROM_REGISTER, FollowUp, Incident, IncidentPerson
from panoh.protection.operations.evidence import File, check_file, keep_file
from panoh.protection.rules.reports import Report, check_referral, check_report
from panoh.protection.rules.response import first_due, leave_at
from panoh.protection.snapshots import incident_snapshot
from panoh.registry.models import Household, Person
from panoh.registry.numbering import find_number
from panoh.registry.queries import persons_visible_to
from panoh.rulebook import current

REPORTED_KIND = "protection.incident.reported"
# Without letters that are mistaken for each other when read out on the telephone.
LETTERS = "ABCDEFGHKLMNPQRSTVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Reported:
    """The answer to a report: its number, the made-up name of whoever told, the receipt. The reporter may see no more."""

    number: str
    source_name: str
    entry: Entry
    receipt: Receipt
    in_confidence: bool = False
    repeated: bool = False


@transaction.atomic
def report_incident(
    *,
    by: Actor,
    report: Report,
    files: Sequence[File] = (),
    submission_id: UUID | None = None,
) -> Reported:
    """Take an incident in. Sent twice under one `submission_id` it is kept once."""
    check(by, "protection.incident.report")
    book, today = current(), timezone.localdate()
    accused_organisation, accused_office = _accused(report)
    own = accused_organisation is not None and accused_organisation.pk == by.organisation_id
    if submission_id and not own:
        earlier = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
        if earlier:
            return _again(earlier)
    check_report(report, today, book.codes, book.places)
    people = find_persons(by, report.numbers)
    for file in files:
        check_file(file)
    kind = book.codes["incident_kinds"][report.kind]
    severity = report.severity or kind.attributes["severity"]
    now = timezone.now()
    incident = Incident(
        id=new_id(),
        number=_number(today),
        kind=kind.code,
        occurred_on=report.occurred_on,
        place=report.place,
        institution=report.institution,
        accused_organisation=accused_organisation,
        accused_office=accused_office,
        amount=report.amount,
        currency=report.currency.upper(),
        paid=report.paid if report.amount is not None else None,
        order_days=report.order_days,
        narrative=report.narrative.strip(),
        source=report.source,
        source_name=source_name(),
        severity=severity,
        verification="UNVERIFIED",
        organisation_id=None if own else by.organisation_id,
        reported_by_id=None if own else by.member_id,
        reported_at=now,
        next_due_at=first_due(
            severity, now, book.codes, leave_at(report.occurred_on, report.order_days, timezone.get_current_timezone())
        ),
        submission_id=submission_id,
    )
    with _in_whose_name(by, incident, own) as author:
        entry = _enter(author, incident, None if own else submission_id, today)
        lines = [
            IncidentPerson(incident=incident, position=n, person=one, number=one.number) for n, one in enumerate(people)
        ]
        if report.others:
            lines.append(
                IncidentPerson(
                    incident=incident, position=len(lines), many=report.others,
                    description=report.others_description.strip()[:500],
                )
            )  # fmt: skip
        IncidentPerson.objects.bulk_create(lines)
        for file in files:
            keep_file(incident, file, today)
    return Reported(incident.number, incident.source_name, entry, _receipt(entry, incident.number), in_confidence=own)


@transaction.atomic
def record_referral(*, by: Actor, service: str, referred_on: date, submission_id: UUID | None = None) -> Reported:
    """A survivor of violence was told of a service. Nothing else is kept: not who, not where, not what was told."""
    check(by, "protection.incident.refer")
    if submission_id:
        earlier = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
        if earlier:
            return _again(earlier)
    book, today, now = current(), timezone.localdate(), timezone.now()
    check_referral(service, referred_on, today, book.codes)
    kind = book.codes["incident_kinds"].where(by_referral="yes")[0]
    incident = Incident(
        id=new_id(),
        number=_number(today),
        kind=kind.code,
        by_referral=True,
        occurred_on=referred_on,
        service=service,
        severity=kind.attributes["severity"],
        verification="UNVERIFIED",
        state="closed",
        outcome="PROTECTED",
        closed_on=today,
        reported_at=now,
        submission_id=submission_id,
    )
    entry = _enter(by, incident, submission_id, today)
    return Reported(incident.number, "", entry, _receipt(entry, incident.number))


@transaction.atomic
def open_from_register(*, by: Actor, household: Household, persons: Sequence[Person], kind: str, on: date) -> Incident:
    """The register closed a record for a reason that the protection side must look into: a deportation opens its incident.

    It is in the hands of the protection side alone, and hidden from the authority whose file it was.
    """
    book, now, today = current(), timezone.now(), timezone.localdate()
    code = book.codes["incident_kinds"][kind]
    keeper = Organisation.objects.get(pk=household.custodian_id)
    accused = keeper.pk if keeper.kind == "authority" else None
    incident = Incident(
        id=new_id(),
        number=_number(today),
        kind=code.code,
        origin=FROM_REGISTER,
        occurred_on=on,
        institution="UNKNOWN",
        accused_organisation_id=accused,
        severity=code.attributes["severity"],
        verification="PENDING",
        reported_by_id=by.member_id,
        reported_at=now,
        next_due_at=first_due(code.attributes["severity"], now, book.codes),
    )
    _enter(by, incident, None, today)
    IncidentPerson.objects.bulk_create(
        IncidentPerson(incident=incident, position=n, person=one, number=one.number) for n, one in enumerate(persons)
    )
    return incident


# -- pieces -----------------------------------------------------------------------------------------------------------


@contextmanager
def _in_whose_name(by: Actor, incident: Incident, own: bool) -> Iterator[Actor | None]:
    if not own:
        yield by
        return
    with acting_without_member("a report in confidence", records=[REPORTED_KIND], about=[incident.pk]):
        yield None


def _enter(by: Actor | None, incident: Incident, submission_id: UUID | None, today: date) -> Entry:
    """The entry and the row. The entry names the incident alone: files of the people in it must not lead to it."""
    entry = record(
        by=by,
        kind=REPORTED_KIND,
        subjects=[incident.pk],
        payload={"number": incident.number, "source_name": incident.source_name},
        occurred_on=today,
        submission_id=submission_id,
        digests={incident.pk: incident_snapshot(incident)},
    )
    incident.entry_id = entry.id
    try:
        with transaction.atomic():
            incident.save(force_insert=True)
    except IntegrityError as error:
        if "submission_id" in str(error):
            raise Problem("protection.report.already_sent") from error
        raise
    FollowUp.objects.bulk_create(
        [
            FollowUp(
                incident=incident,
                act="reported",
                done_on=today,
                recorded_at=incident.reported_at,
                by_id=incident.reported_by_id,
                entry_id=entry.id,
            )
        ]
    )
    return entry


def _receipt(entry: Entry, number: str) -> Receipt:
    return sign_receipt(entry, number=number)


def _again(entry: Entry) -> Reported:
    if entry.kind != REPORTED_KIND:
        raise Problem("protection.report.already_sent")
    payload = entry.payload
    return Reported(payload["number"], payload["source_name"], entry, _receipt(entry, payload["number"]), repeated=True)


def find_persons(by: Actor, numbers: Sequence[str]) -> list[Person]:
    """The persons behind numbers of persons or households; a number that names nobody the reporter sees is refused."""
    found: dict[UUID, Person] = {}
    for text in numbers:
        read = find_number(text)
        visible = persons_visible_to(by)
        rows: list[Person] = []
        if read is not None:
            rows = list(
                visible.filter(household__number=read.text, status="open").order_by("number")
                if read.is_household
                else visible.filter(number=read.text)
            )
        if not rows:
            raise Problem("protection.report.person_not_found", field="numbers", number=text[:40])
        found |= {person.pk: person for person in rows}
    return list(found.values())


def _accused(report: Report) -> tuple[Organisation | None, Office | None]:
    if report.accused_office_id:
        office = Office.objects.select_related("organisation").filter(pk=report.accused_office_id).first()
        if office is None:
            raise Problem("protection.report.accused_unknown", field="accused")
        return office.organisation, office
    if report.accused_organisation_id:
        organisation = Organisation.objects.filter(pk=report.accused_organisation_id).first()
        if organisation is None:
            raise Problem("protection.report.accused_unknown", field="accused")
        return organisation, None
    return None, None


def source_name() -> str:
    """A word for whoever told, to be given to her: with it she can ask and add later. It is made from chance alone."""
    word = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{word[:4]}-{word[4:]}"


def _number(today: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('protection_incident_serial')")
        (value,) = cursor.fetchone()
    return f"I-{today:%y}-{value:06}"
