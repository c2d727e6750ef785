"""A workbook brought over a page: kept for the preview, then taken in or put away. Nothing of it stays behind."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.models import Office
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.registry.importing.batches import Progress, Taken, refuse_known, take_workbook
from panoh.registry.importing.households import INDIVIDUALS, WANTED, needed_sheets
from panoh.registry.importing.workbook import LARGEST_FILE, Workbook, read_stream
from panoh.registry.models import ImportFile, ImportJob

KEPT_FOR = timedelta(days=7)
MOST_ROWS_ON_A_PAGE = 20_000  # so that the upload itself is read in time; the command line takes more


@transaction.atomic
def keep_workbook(*, by: Actor, file_name: str, content: bytes, office_id: UUID) -> ImportFile:
    """Keep an uploaded workbook, once it can be read. The same file again is the one that is there."""
    check(by, "registry.import.preview")
    if not Office.objects.filter(pk=office_id, organisation_id=by.organisation_id).exists():
        raise Problem("registry.household.office_unknown", field="office")
    if len(content) > LARGEST_FILE:
        raise Problem("registry.import.too_large", field="file", file=file_name, megabytes=len(content) // 1024 // 1024)
    digest = hashlib.sha256(content).hexdigest()
    found = ImportFile.objects.filter(organisation_id=by.organisation_id, file_sha256=digest).first()
    if found is not None:
        return found
    workbook = open_content(content, file_name)
    refuse_known(by, workbook)
    now = timezone.now()
    left = list(
        ImportFile.objects.filter(organisation_id=by.organisation_id, uploaded_at__lt=now - KEPT_FOR).values_list(
            "pk", flat=True
        )
    )
    kept = ImportFile(
        organisation_id=by.organisation_id,
        office_id=office_id,
        file_name=file_name[:200],
        file_sha256=digest,
        content=content,
        uploaded_by_id=by.member_id,
        uploaded_at=now,
    )
    record(
        by=by,
        kind="registry.import.brought",
        subjects=[kept.pk, *left],
        occurred_on=timezone.localdate(),
        payload={"file": kept.pk, "file_sha256": digest, "put_away": len(left)},
    )
    kept.save(force_insert=True)
    ImportJob.objects.filter(file_id__in=left).delete()
    ImportFile.objects.filter(pk__in=left).delete()
    return kept


def open_content(content: bytes, file_name: str) -> Workbook:
    """The workbook, or a Problem on the field `file`; also where it is more than one page can answer for."""
    try:
        workbook = read_stream(io.BytesIO(content), file_name, wanted=WANTED)
        people = needed_sheets(workbook)[INDIVIDUALS]
    except Problem as problem:
        raise Problem(problem.code, field="file", **problem.params) from None
    if len(people.rows) > MOST_ROWS_ON_A_PAGE:
        raise Problem(
            "registry.import.too_long_for_a_page", field="file", rows=len(people.rows), most=MOST_ROWS_ON_A_PAGE
        )
    return workbook


def obtain_file(by: Actor, file_id: UUID) -> ImportFile:
    found = (
        ImportFile.objects.filter(pk=file_id, organisation_id=by.organisation_id)
        .select_related("office", "uploaded_by__account")
        .first()
    )
    if found is None:
        raise Problem("access.thing.not_found")
    return found


@transaction.atomic
def take_kept(*, by: Actor, file: ImportFile, progress: Progress = lambda done, of: None) -> Taken:
    """Take in what was kept, as one act; the kept file goes with it."""
    check(by, "registry.import.take")
    _take_away(by, file)
    workbook = open_content(bytes(file.content), file.file_name)
    return take_workbook(by=by, workbook=workbook, office_id=file.office_id, kept_file=file.pk, progress=progress)


@transaction.atomic
def put_away(*, by: Actor, file: ImportFile) -> None:
    """Delete a kept workbook without taking it in."""
    check(by, "registry.import.preview")
    if ImportJob.objects.filter(file_id=file.pk, act=ImportJob.TAKE, state=ImportJob.WAITS).exists():
        raise Problem("registry.import.being_taken", file=file.file_name)
    ImportJob.objects.filter(file_id=file.pk).delete()
    _take_away(by, file)
    record(
        by=by,
        kind="registry.import.put_away",
        subjects=[file.pk],
        occurred_on=timezone.localdate(),
        payload={"file": file.pk, "file_sha256": file.file_sha256},
    )


def _take_away(by: Actor, file: ImportFile) -> None:
    """Deletes the row first of all: of two who press at once, the second waits here and then finds nothing."""
    deleted, _rows = ImportFile.objects.filter(pk=file.pk, organisation_id=by.organisation_id).delete()
    if not deleted:
        raise Problem("access.thing.not_found")
