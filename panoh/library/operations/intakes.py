"""Files brought over a page: kept, taken in a batch at a time by the keeper, tried again, and taken back as a whole.

Each act here is one transaction. What became of a source stands in a line that is written together with the source itself, so
whatever is cut off between two batches is neither lost nor done twice.
"""

from __future__ import annotations

import hashlib
import logging
import zlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.library.models import IN_FORCE, WITHDRAWN, Document, Intake, IntakeFile, IntakeLine, Revision
from panoh.library.operations.taking_in import Taken, here_already, index_documents, take_in
from panoh.library.queries.documents import visible_to
from panoh.library.reading.pieces import Piece
from panoh.library.rows import insert_rows
from panoh.library.snapshots import document_snapshot
from panoh.library.sources import Source, read_sources

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
LONGEST_NAME = 60
LONGEST_ENDING = 12
RECORD = "application/jsonl"
CLOSED, CHANGED_SINCE, NOT_KEPT, UNREADABLE = "closed", "changed_since", "not_kept", "unreadable"


# -- asking -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def bring_files(*, by: Actor, files: Iterable[tuple[str, bytes]], unmarked: str = "") -> Intake:
    """Keep files to be taken in after the answer. `unmarked`: the classification of what bears none; without it, it stays to be settled."""
    check(by, "library.document.take_in")
    now = timezone.now()
    # What could not be taken in is kept for another try, but not for ever.
    left = IntakeFile.objects.filter(intake__member_id=by.member_id, intake__asked_at__lt=now - KEPT_FOR)
    left.filter(finished=True, content__isnull=False).update(content=None)
    intake = Intake.objects.create(
        organisation_id=by.organisation_id, member_id=by.member_id, purpose=by.purpose, unmarked=unmarked, asked_at=now
    )
    for position, (name, content) in enumerate(files):
        IntakeFile.objects.create(
            intake=intake, position=position, name=short_name(name), size=len(content), content=content
        )
    return intake


@transaction.atomic
def retry_intake(*, by: Actor, intake: Intake) -> None:
    """Try once more what was not taken in; what is here already is passed over."""
    check(by, "library.document.take_in")
    held = _held(by, intake)
    again = list(held.files.filter(content__isnull=False).values_list("pk", flat=True))
    if held.act != Intake.TAKE or not again:
        raise Problem("library.intake.nothing_left")
    IntakeLine.objects.filter(file_id__in=again, outcome=IntakeLine.REFUSED).delete()
    IntakeFile.objects.filter(pk__in=again).update(done=0, pieces=None, finished=False)
    _ask(held, Intake.TAKE)


@transaction.atomic
def undo_intake(*, by: Actor, intake: Intake) -> None:
    """Ask that everything which these files brought is taken back."""
    check(by, "library.intake.undo")
    held = _held(by, intake)
    brought = IntakeLine.objects.filter(file__intake_id=held.pk, outcome__in=[IntakeLine.NEW, IntakeLine.CHANGED])
    if not brought.filter(undone="").exists():
        raise Problem("library.intake.nothing_left")
    held.files.update(content=None)
    _ask(held, Intake.UNDO)


def _held(by: Actor, intake: Intake) -> Intake:
    held = Intake.objects.select_for_update().filter(pk=intake.pk, member_id=by.member_id).first()
    if held is None:
        raise Problem("access.thing.not_found")
    if held.state == Intake.WAITS:
        raise Problem("library.intake.under_way")
    return held


def _ask(held: Intake, act: str) -> None:
    held.act, held.state, held.tries, held.refusal = act, Intake.WAITS, 0, None
    held.save()


def short_name(name: str) -> str:
    """The name of a file, short enough for a file system in any script, with its ending."""
    path = PurePath(name.replace("\0", "").replace("/", " ") or "file")
    ending = "".join(path.suffixes[-2:])[-LONGEST_ENDING:]
    return (path.name.removesuffix(ending) or "file")[:LONGEST_NAME] + ending


# -- doing, a batch at a time -----------------------------------------------------------------------------------------


def take_batch(*, by: Actor, file: IntakeFile, pieces: Sequence[Piece]) -> None:
    """The next sources of a file, with a line for each. One that cannot be taken in keeps none of the others out."""
    through = set(file.lines.filter(position__gte=file.done, position__lt=file.done + len(pieces)).values_list("position", flat=True))  # fmt: skip
    _take_pieces(by, file, [one for one in enumerate(pieces, file.done) if one[0] not in through])
    IntakeFile.objects.filter(pk=file.pk).update(done=F("done") + len(pieces))
    Intake.objects.filter(pk=file.intake_id).update(tries=0)


def _take_pieces(by: Actor, file: IntakeFile, placed: Sequence[tuple[int, Piece]]) -> None:
    pieces = [piece for _place, piece in placed]
    numbers = [hashlib.sha256(content).hexdigest() for _name, content, _how in pieces]
    lines = [
        IntakeLine(id=new_id(), file=file, position=place, name=name[:300], content_sha256=number)
        for (place, (name, _content, _how)), number in zip(placed, numbers, strict=True)
    ]
    here = here_already(numbers, by.organisation_id)
    wanted = []
    for line, piece in zip(lines, pieces, strict=True):
        if line.content_sha256 in here:
            line.outcome, line.document_id = IntakeLine.UNCHANGED, here[line.content_sha256]
        else:
            wanted.append((line, piece))
    read = _read(wanted, file.intake.unmarked)
    try:
        with transaction.atomic():
            taken = take_in(by=by, sources=[source for _line, source in read])
        for (line, _source), one in zip(read, taken, strict=True):
            _tell(line, one)
    except Problem:
        for line, source in read:
            _take_one(by, line, source)
    insert_rows(lines)


def refuse_piece(*, file: IntakeFile, piece: Piece, why: str) -> None:
    """Leave one source out and go on behind it."""
    IntakeLine.objects.create(
        file=file, position=file.done, name=piece[0][:300], outcome=IntakeLine.REFUSED, why=why[:40]
    )
    IntakeFile.objects.filter(pk=file.pk).update(done=F("done") + 1)
    Intake.objects.filter(pk=file.intake_id).update(tries=0)


def finish_file(*, file: IntakeFile, refused: Iterable[tuple[str, str]]) -> None:
    """All of the file is through. It is kept for another try only where something of it was not taken in."""
    insert_rows(
        [
            IntakeLine(
                id=new_id(), file=file, position=file.done + place, name=name[:300], outcome="refused", why=why[:40]
            )
            for place, (name, why) in enumerate(refused)
        ]
    )
    row = IntakeFile.objects.filter(pk=file.pk)
    row.update(finished=True, pieces=F("done"))
    if not file.lines.filter(outcome=IntakeLine.REFUSED).exists():
        row.update(content=None)


def _read(wanted: Sequence[tuple[IntakeLine, Piece]], unmarked: str) -> list[tuple[IntakeLine, Source]]:
    read = []
    for line, piece in wanted:
        try:
            (source,) = read_sources([piece], unmarked)
        except Exception:  # whatever a file does to its reader, the others are read
            logger.exception("a source of an intake could not be read: %s", line.name)
            line.outcome, line.why = IntakeLine.REFUSED, UNREADABLE
        else:
            read.append((line, source))
    return read


def _take_one(by: Actor, line: IntakeLine, source: Source) -> None:
    try:
        with transaction.atomic():
            (taken,) = take_in(by=by, sources=[source])
        _tell(line, taken)
    except Problem as problem:
        line.outcome, line.why = IntakeLine.REFUSED, problem.each()[0].code.rpartition(".")[2][:40]


def _tell(line: IntakeLine, taken: Taken) -> None:
    line.outcome, line.document_id = taken.state, taken.document.pk


# -- taking back ------------------------------------------------------------------------------------------------------


def undo_batch(*, by: Actor, lines: Sequence[IntakeLine]) -> None:
    """Withdraw what these lines brought anew, and read again what stood before where they changed it.

    What somebody else has changed since, what the actor does not see, and what was not kept stays as it is, and is told.
    """
    check(by, "library.intake.undo")
    documents = {
        one.pk: one
        for one in visible_to(by)
        .select_for_update(of=("self",))
        .filter(pk__in=[line.document_id for line in lines], organisation_id=by.organisation_id)
    }
    withdrawn: list[Document] = []
    for line in lines:
        document = documents.get(line.document_id)
        if document is None:
            line.undone, line.why = IntakeLine.LEFT, CLOSED
        elif document.content_sha256 != line.content_sha256 or document.state != IN_FORCE:
            line.undone, line.why = IntakeLine.LEFT, CHANGED_SINCE
        elif line.outcome == IntakeLine.NEW:
            line.undone = IntakeLine.WITHDRAWN
            withdrawn.append(document)
        else:
            line.undone, line.why = _restore(by, document)
            documents[document.pk] = Document.objects.get(pk=document.pk)
    if withdrawn:
        _withdraw(by, withdrawn)
    for line in lines:
        line.save(update_fields=["undone", "why"])
    Intake.objects.filter(files__lines__in=lines).update(tries=0)


def _withdraw(by: Actor, documents: Sequence[Document]) -> None:
    """As one act. Not settled: whoever brings the same again has it back."""
    texts: dict[UUID, list[str]] = {one.pk: [] for one in documents}
    for document in documents:
        document.state = WITHDRAWN
        document.version += 1
        texts[document.pk] = list(
            document.paragraphs.filter(in_force=True).order_by("position").values_list("text", flat=True)
        )
    entry = record(
        by=by,
        kind="library.intake.undone",
        subjects=[one.pk for one in documents],
        payload={"withdrawn": len(documents)},
        occurred_on=timezone.localdate(),
        digests={one.pk: document_snapshot(one, texts[one.pk]) for one in documents},
    )
    for document in documents:
        document.entry_id = entry.id
        document.save()
    index_documents([one.pk for one in documents])


def _restore(by: Actor, document: Document) -> tuple[str, str]:
    """The file of the reading before, read again: its paragraphs come back under their addresses."""
    before: Any = Revision.objects.filter(document=document).order_by("-number")[1:2].first()
    if before is None or before.content is None:
        return IntakeLine.LEFT, NOT_KEPT
    content = zlib.decompress(bytes(before.content))
    (source,) = read_sources([(document.file_name, content, "record" if document.media_type == RECORD else "file")])
    if source.reading.refid[:80] != document.refid:
        return IntakeLine.LEFT, NOT_KEPT
    take_in(by=by, sources=[source])
    return IntakeLine.RESTORED, ""
