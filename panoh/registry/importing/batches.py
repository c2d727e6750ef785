"""Taking a workbook in as one act, and taking it back as one act.

One transaction, one ledger entry for all its households. What was refused stays in the batch with its reasons. Undoing
closes the households as registered in error: their numbers stay theirs and are given to nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from panoh.registry.importing.alike import Alike, find_alike
from panoh.registry.importing.findings import Finding, warning
from panoh.registry.importing.households import INDIVIDUALS, ImportedHousehold, Reading, understand
from panoh.registry.importing.workbook import Workbook
from panoh.registry.models import Household, ImportBatch, ImportRow, Person, Residence
from panoh.registry.models.duplicates import IMPORT
from panoh.registry.operations.closing import close_all
from panoh.registry.operations.frame import PERSON_FIELDS, office_code, region
from panoh.registry.operations.population import StatusRows
from panoh.registry.operations.rows import (
    SOURCE_IMPORT,
    Rows,
    add_person,
    draw_serials,
    facts_row,
    location_row,
    new_numbers,
)
from panoh.registry.operations.suggestions import Findings
from panoh.registry.queries.files import visible_to
from panoh.registry.rules import clean_registration
from panoh.registry.snapshots import household_snapshot, residence_snapshot, snapshots_of
from panoh.rulebook import current

SOURCE = "hope"
IN_ERROR = "REGISTERED_IN_ERROR"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a workbook: the batch, its households' numbers, and the reading with all its findings."""

    batch: ImportBatch
    numbers: tuple[str, ...]
    reading: Reading
    entry: Entry
    receipt: Receipt


def preview_workbook(
    *,
    by: Actor,
    workbook: Workbook,
    office_id: UUID,
    on: date | None = None,
    progress: Progress = lambda done, of: None,
) -> Reading:
    """What would be taken in and what not, with possible duplicates; nothing is saved."""
    check(by, "registry.import.preview")
    refuse_known(by, workbook)
    return _read(by, workbook, office_id, on or timezone.localdate(), progress)[0]


@transaction.atomic
def take_workbook(
    *,
    by: Actor,
    workbook: Workbook,
    office_id: UUID,
    on: date | None = None,
    progress: Progress = lambda done, of: None,
    kept_file: UUID | None = None,
) -> Taken:
    """Register every household of the workbook that stands up to the rules, as one act.

    `kept_file` is the upload that the caller deletes with this act, so that its entry speaks of it; the batch bears its id.
    """
    check(by, "registry.import.take")
    on = on or timezone.localdate()
    refuse_known(by, workbook)
    # Comparing with the register takes about as long as all the rest: the two halves of the progress.
    reading, alike = _read(by, workbook, office_id, on, lambda done, of: progress(done, 2 * of))
    accepted = reading.accepted
    if not accepted:
        raise Problem("registry.import.nothing_to_take", file=workbook.file_name, refused=len(reading.refused))
    book, now = current(), timezone.now()
    serials = draw_serials(
        office_id,
        by.organisation_id,
        on,
        households=len(accepted),
        persons=sum(len(one.registration.persons) for one in accepted if one.registration),
    )
    household_numbers, person_numbers = new_numbers(serials, on.year)
    numbers = iter(person_numbers)
    rows = Rows()
    places: list[str] = []
    for index, (one, number) in enumerate(zip(accepted, household_numbers, strict=True)):
        registration = clean_registration(one.registration, region())  # type: ignore[arg-type]
        household = Household(
            number=number,
            custodian_id=by.organisation_id,
            office_id=serials.office_id,
            registered_on=on,
            arrived_on=registration.arrived_on,
            phone=registration.phone,
            registered_by_id=by.member_id,
        )
        rows.households.append(household)
        places.append(registration.residence_place or serials.place)
        spelt = own_spellings(person.names for person in registration.persons)
        for person in registration.persons:
            add_person(
                rows,
                person,
                household=household,
                number=next(numbers),
                member_from=household.arrived_on,
                reason="imported",
                on=on,
                recorded_by=by.member_id,
                recorded_at=now,
                book=book,
                source=SOURCE_IMPORT,
                spelt=spelt,
            )
        if registration.residence_place:
            rows.residences.append(
                Residence(
                    household=household,
                    place=registration.residence_place,
                    detail=registration.residence_detail,
                    valid_from=on,
                    recorded_at=now,
                )
            )
        progress(len(accepted) + index + 1, 2 * len(accepted))
    batch = ImportBatch(
        **({"id": kept_file} if kept_file else {}),
        organisation_id=by.organisation_id,
        office_id=serials.office_id,
        file_name=workbook.file_name[:200],
        file_sha256=workbook.sha256,
        source=SOURCE,
        households=len(accepted),
        persons=len(rows.persons),
        refused_rows=len(reading.refused),
        imported_by_id=by.member_id,
        imported_at=now,
    )
    kept = [kept_file] if kept_file else []
    found = _found(alike, accepted, rows.persons)
    digests = {household.pk: household_snapshot(household) for household in rows.households} | rows.digests()
    digests |= {residence.pk: residence_snapshot(residence) for residence in rows.residences}
    entry = record(
        by=by,
        kind="registry.import.taken",
        subjects=[batch.pk, *(h.pk for h in rows.households), *(p.pk for p in rows.persons), *found.ids(), *kept],
        occurred_on=on,
        payload={
            "batch": batch.pk,
            "file_sha256": workbook.sha256,
            "households": len(accepted),
            "persons": len(rows.persons),
            "refused": len(reading.refused),
        },
        digests=digests,
    )
    batch.entry_id = entry.id
    _add_accounting(rows, places, entry)
    rows.save()
    found.save()
    batch.save(force_insert=True)
    _save_lines(batch, reading, {one.key: household for one, household in zip(accepted, rows.households, strict=True)})
    receipt = sign_receipt(entry, office=office_code(by))
    return Taken(batch, tuple(household_numbers), reading, entry, receipt)


@transaction.atomic
def undo_import(*, by: Actor, batch_id: UUID, on: date | None = None) -> Entry:
    """Take a workbook back: all its households are closed as registered in error.

    Refused where one of them has had an act of its own since: then somebody works with it, and a person must decide.
    """
    check(by, "registry.import.undo")
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id, organisation_id=by.organisation_id).first()
    if batch is None:
        raise Problem("access.thing.not_found")
    if batch.undone_at is not None:
        raise Problem("registry.import.already_undone", day=timezone.localdate(batch.undone_at))
    on = on or timezone.localdate()
    ids = list(batch.rows.filter(household__isnull=False).values_list("household_id", flat=True))
    households = list(visible_to(by).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if len(households) != len(ids):
        raise Problem("access.thing.not_found")
    changed = [household.number for household in households if household.version > 1]
    if changed:
        raise Problem("registry.import.changed_since", count=len(changed), first=changed[0])
    people: dict[UUID, list[Person]] = {household.pk: [] for household in households}
    for person in Person.objects.filter(household_id__in=ids, status="open").select_for_update().order_by("pk"):
        people[person.household_id].append(person)
    status = StatusRows()
    closed: list[Person] = []
    for household in households:
        closed += close_all(household, people[household.pk], IN_ERROR, on, status)
        household.version += 1
    for person in closed:
        person.version += 1
    Household.objects.bulk_update(households, ["status", "closed_on", "closure_reason", "version"])
    Person.objects.bulk_update(closed, PERSON_FIELDS)
    batch.undone_at, batch.undone_by_id = timezone.now(), by.member_id
    batch.save(update_fields=["undone_at", "undone_by"])
    entry = record(
        by=by,
        kind="registry.import.undone",
        subjects=[batch.pk, *ids, *(person.pk for person in closed)],
        occurred_on=on,
        payload={"batch": batch.pk, "households": len(households), "persons": len(closed), "reason": IN_ERROR},
        digests={household.pk: household_snapshot(household) for household in households} | snapshots_of(closed),
    )
    status.save(entry)
    return entry


def refuse_known(by: Actor, workbook: Workbook) -> None:
    """The same file twice would register everyone twice."""
    known = ImportBatch.objects.filter(
        organisation_id=by.organisation_id, file_sha256=workbook.sha256, undone_at__isnull=True
    ).first()
    if known is not None:
        raise Problem(
            "registry.import.taken_already",
            file=workbook.file_name,
            day=timezone.localdate(known.imported_at),
            batch=str(known.pk),
        )


def _read(by: Actor, workbook: Workbook, office_id: UUID, on: date, progress: Progress) -> tuple[Reading, list[Alike]]:
    reading = understand(workbook, office_id=office_id, on=on, book=current(), region=region())
    accepted = reading.accepted
    alike = list(find_alike(by, [one.registration for one in accepted if one.registration], progress))
    for one in alike:
        accepted[one.household].findings.append(_alike(accepted, one))
    return reading, alike


def _alike(accepted: Sequence[ImportedHousehold], found: Alike) -> Finding:
    here = accepted[found.household]
    code, told = "registry.import.perhaps_registered", {"number": found.number}
    if found.beside is not None:
        earlier = accepted[found.beside[0]]
        code, told = "registry.import.twice_in_workbook", {"household": earlier.key, "first": earlier.row}
    return warning(INDIVIDUALS, here.row, "full_name_i_c", code, person=found.place + 1, **told)


def _found(alike: Sequence[Alike], accepted: Sequence[ImportedHousehold], persons: Sequence[Person]) -> Findings:
    """The same as pairs of records, now that the workbook's persons have numbers."""
    people = iter(persons)
    of = [[next(people) for _person in one.registration.persons] for one in accepted if one.registration]
    found = Findings(IMPORT)
    for one in alike:
        number = of[one.beside[0]][one.beside[1]].number if one.beside else one.number
        found.add(of[one.household][one.place].pk, number, one.score, one.reasons)
    return found


def _add_accounting(rows: Rows, places: list[str], entry: Entry) -> None:
    book = current()
    rows.facts = [facts_row(person, recorded_at=entry.recorded_at, entry_id=entry.id) for person in rows.persons]
    rows.locations = [
        location_row(
            household,
            place,
            book,
            valid_from=household.arrived_on,
            recorded_at=entry.recorded_at,
            entry_id=entry.id,
        )
        for household, place in zip(rows.households, places, strict=True)
    ]


def _save_lines(batch: ImportBatch, reading: Reading, taken: dict[str, Household]) -> None:
    ImportRow.objects.bulk_create(
        ImportRow(
            batch=batch,
            sheet="Households",
            row=one.row,
            source_key=one.key,
            household=taken.get(one.key),
            outcome=ImportRow.TAKEN if one.key in taken else ImportRow.REFUSED,
            findings=[finding.as_json() for finding in one.findings],
        )
        for one in reading.households
    )
