"""Files brought over a page are taken in, and taken back, after the request that asked for it: what waits, and who does it (ADR 28).

`panoh library keep`, which `panoh serve` runs, carries it out in the name of whoever asked. A batch is one transaction that holds the
intake's row: killed in between, the next keeper goes on behind the last batch; a second one lets the first work. A source that ends
its keeper each time is left out, in words.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.db.models import F

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.keeping import MOST_TRIES, whoever_asked
from panoh.kernel.problems import Problem
from panoh.ledger.guard import refusals
from panoh.library.importing import BATCH, batches
from panoh.library.models import Intake, IntakeFile, IntakeLine
from panoh.library.operations.intakes import finish_file, refuse_piece, take_batch, undo_batch
from panoh.library.reading.pieces import pieces_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An intake that waits, as far as the keeper knows it before it acts for anybody."""

    intake_id: UUID
    member_id: UUID
    purpose: str
    act: str
    tries: int


class ElsewhereError(Exception):
    """Another keeper is at it, or it no longer waits."""


def carry_out_waiting() -> int:
    """Do all that waits, the oldest first; how many were done."""
    return sum(carry_out(one) for one in list_waiting())


def list_waiting() -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_id, member_id, purpose, act, tries FROM library_waiting_intakes()")
        return [Waiting(*row) for row in cursor.fetchall()]


def carry_out(waiting: Waiting) -> bool:
    """False where another keeper is at it."""
    actor, gone = whoever_asked(waiting.member_id, waiting.purpose)
    if gone:
        _end(actor, waiting, gone)
        return True
    try:
        with _holding(actor, waiting):
            Intake.objects.filter(pk=waiting.intake_id).update(tries=F("tries") + 1)
        if waiting.act == Intake.UNDO:
            _undo(actor, waiting)
        else:
            _take(actor, waiting)
        _end(actor, waiting)
    except ElsewhereError:
        return False
    except Problem as problem:
        _end(actor, waiting, problem)
    return True


@contextmanager
def _holding(actor: Actor, waiting: Waiting) -> Iterator[None]:
    """A transaction of the member's own that holds the intake."""
    with refusals(), acting(actor):
        row = Intake.objects.select_for_update(skip_locked=True)
        if not row.filter(pk=waiting.intake_id, state=Intake.WAITS, act=waiting.act).exists():
            raise ElsewhereError
        yield


def _end(actor: Actor, waiting: Waiting, problem: Problem | None = None) -> None:
    refusal = None
    if problem is not None:
        one = problem.each()[0]
        params = {name: value if isinstance(value, int) else str(value) for name, value in one.params.items()}
        refusal = {"code": one.code, "params": params}
        logger.info("intake %s refused: %s", waiting.intake_id, one.code)
    with acting(actor):
        Intake.objects.filter(pk=waiting.intake_id, state=Intake.WAITS, act=waiting.act).update(
            state=Intake.REFUSED if refusal else Intake.DONE, refusal=refusal
        )


def _take(actor: Actor, waiting: Waiting) -> None:
    with acting(actor):
        files = IntakeFile.objects.filter(intake_id=waiting.intake_id, finished=False).order_by("position")
        left = list(files.values_list("pk", flat=True))
    tries = waiting.tries
    for file_id in left:
        with acting(actor):
            file = IntakeFile.objects.get(pk=file_id)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file.name
            path.write_bytes(bytes(file.content or b""))
            file.content = None
            _take_file(actor, waiting, file, path, tries)
        tries = 0


def _take_file(actor: Actor, waiting: Waiting, file: IntakeFile, path: Path, tries: int) -> None:
    refused: list[tuple[str, str]] = []
    if file.pieces is None:
        if tries < MOST_TRIES:
            many = sum(1 for _piece in pieces_of(path, []))
            with _holding(actor, waiting):
                IntakeFile.objects.filter(pk=file.pk).update(pieces=many)
        else:  # what is in it cannot even be counted
            with _holding(actor, waiting):
                finish_file(file=_unmoved(file), refused=[(file.name, "given_up")])
            return
    pieces = islice(pieces_of(path, refused), file.done, None)
    if tries >= MOST_TRIES:
        for piece in islice(pieces, 1):
            with _holding(actor, waiting):
                refuse_piece(file=_unmoved(file), piece=piece, why="given_up")
            file.done += 1
    # Where the keeper was ended before, each of the next ones is met alone, until the one that ends it stands first.
    alone = ([piece] for piece in islice(pieces, BATCH if tries else 0))
    for batch in chain(alone, batches(pieces)):
        with _holding(actor, waiting):
            take_batch(by=actor, file=_unmoved(file), pieces=batch)
        file.done += len(batch)
    with _holding(actor, waiting):
        finish_file(file=_unmoved(file), refused=refused)


def _unmoved(file: IntakeFile) -> IntakeFile:
    """The row as it is in this transaction; nobody else has gone on with it meanwhile."""
    row = IntakeFile.objects.defer("content").select_related("intake").get(pk=file.pk)
    if row.done != file.done or row.finished:
        raise ElsewhereError
    return row


def _undo(actor: Actor, waiting: Waiting) -> None:
    if waiting.tries >= MOST_TRIES:
        raise Problem("library.intake.given_up", tries=waiting.tries)
    brought = IntakeLine.objects.filter(
        file__intake_id=waiting.intake_id, outcome__in=[IntakeLine.NEW, IntakeLine.CHANGED], undone=""
    ).order_by("-file__position", "-position")  # the last first: of one source each reading gives way to the one before
    while True:
        with _holding(actor, waiting):
            lines = list(brought[:BATCH])
            if not lines:
                return
            undo_batch(by=actor, lines=lines)
