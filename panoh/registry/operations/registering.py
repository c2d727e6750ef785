"""The first act of all: a household is registered.

Checked whole, saved with one statement for each table, in the ledger with the state of every person, and answered with
a receipt and with those who may be registered already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.identity.proposing import own_spellings
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record, sign_receipt
from panoh.ledger.receipt import Receipt
from panoh.registry.models import Household, Person, Residence
from panoh.registry.models.duplicates import ENTRY
from panoh.registry.operations.consents import new_consents
from panoh.registry.operations.frame import find_earlier, office_code, region
from panoh.registry.operations.rows import Rows, add_person, draw_serials, facts_row, location_row, new_numbers
from panoh.registry.operations.suggestions import Confirm, Findings, as_it_is
from panoh.registry.queries.candidates import Candidate, find_candidates
from panoh.registry.registration import Registration, content_sha256
from panoh.registry.rules import check_registration, clean_registration
from panoh.registry.snapshots import Snapshot, household_snapshot, residence_snapshot
from panoh.rulebook import current

VERB = "registry.household.register"


@dataclass(frozen=True, slots=True)
class RegisteredHousehold:
    """What was registered, with the receipt to hand over and those who may be the same persons (found before saving)."""

    household: Household
    persons: tuple[Person, ...]
    entry: Entry
    receipt: Receipt
    candidates: tuple[Candidate, ...] = ()
    repeated: bool = False


@transaction.atomic
def register_household(
    *,
    by: Actor,
    registration: Registration,
    submission_id: UUID | None = None,
    base: int | None = None,
    on: date | None = None,
    confirm: Confirm = as_it_is,
) -> RegisteredHousehold:
    """Register a household. Raises all that is wrong with it at once, each Problem on its field.

    `confirm` is asked when all is checked and before anything is written, with those who may be registered already; it
    stops the act by raising.

    `submission_id` is made by whoever sends (page, device): the same again gets the same answer. `base` has no meaning
    for a new file and is there because every act takes it. `on` is the legal day of registration, today unless told.
    """
    check(by, VERB)
    today = timezone.localdate()
    on = on or today
    if on > today:
        raise Problem("registry.value.day_in_future", field="on", day=on, today=today)
    content = content_sha256([VERB, registration]) if submission_id else ""
    if submission_id and (earlier := find_earlier(by, submission_id, content)):
        return RegisteredHousehold(earlier.household, earlier.persons, earlier.entry, earlier.receipt, repeated=True)
    book = current()
    check_registration(registration, on, book.codes, places=book.places, region=region())
    registration = clean_registration(registration, region())
    if by.office_ids is not None and registration.office_id not in by.office_ids:
        raise Problem("registry.household.office_unknown", field="office_id")
    candidates = tuple(find_candidates(by, registration))
    confirm(candidates)
    now = timezone.now()
    serials = draw_serials(
        registration.office_id, by.organisation_id, on, households=1, persons=len(registration.persons)
    )
    household_numbers, person_numbers = new_numbers(serials, on.year)
    household = Household(
        number=household_numbers[0],
        custodian_id=by.organisation_id,
        office_id=serials.office_id,
        registered_on=on,
        arrived_on=registration.arrived_on,
        entry_point=registration.entry_point,
        phone=registration.phone,
        registered_by_id=by.member_id,
        submission_id=submission_id,
    )
    rows = Rows(households=[household])
    spelt = own_spellings(person.names for person in registration.persons)
    for number, person in zip(person_numbers, registration.persons, strict=True):
        add_person(
            rows,
            person,
            household=household,
            number=number,
            member_from=household.arrived_on,
            reason="registered",
            on=on,
            recorded_by=by.member_id,
            recorded_at=now,
            book=book,
            spelt=spelt,
        )
    if registration.residence_place:
        rows.residences.append(
            Residence(
                household=household,
                place=registration.residence_place,
                detail=registration.residence_detail.strip(),
                valid_from=on,
                recorded_at=now,
            )
        )
    digests: dict[UUID, Snapshot] = {household.pk: household_snapshot(household), **rows.digests()}
    digests |= {residence.pk: residence_snapshot(residence) for residence in rows.residences}
    consents = new_consents(by, household, rows.persons, registration.consents, on)
    digests |= consents.digests()
    alike = Findings(ENTRY).of(rows.persons, candidates)
    # The entry comes first: every row names it or is committed to by it. The guards look at commit.
    entry = record(
        by=by,
        kind="registry.household.registered",
        subjects=[household.pk, *(person.pk for person in rows.persons), *alike.ids()],
        occurred_on=on,
        payload={
            "household": household.pk,
            "number": household.number,
            "office": household.office_id,
            "arrived_on": household.arrived_on,
            "persons": [person.pk for person in rows.persons],
            "numbers": [person.number for person in rows.persons],
            **({"content_sha256": content} if content else {}),
        },
        submission_id=submission_id,
        digests=digests,
    )
    rows.facts = [facts_row(person, recorded_at=entry.recorded_at, entry_id=entry.id) for person in rows.persons]
    rows.locations = [
        location_row(
            household,
            registration.residence_place or serials.place,
            book,
            valid_from=household.arrived_on,
            recorded_at=entry.recorded_at,
            entry_id=entry.id,
        )
    ]
    rows.save()
    consents.save(entry.id)
    alike.save()
    receipt = sign_receipt(entry, office=office_code(by), number=household.number)
    return RegisteredHousehold(household, tuple(rows.persons), entry, receipt, candidates)
