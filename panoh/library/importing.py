"""Files, folders, mailboxes and dumps on the way in: what is there, read on all cores, taken in a batch at a time.

A batch is a transaction of its own, so a run that was killed goes on where it stood: files whose bytes are here already are
passed over without being read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.library.models import Document
from panoh.library.operations.taking_in import Source, take_in
from panoh.library.reading.pieces import Piece, pieces_of, read_piece

BATCH = 100
WORTH_READERS = 20


@dataclass(slots=True)
class Outcome:
    """How far a run is."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    passed_over: int = 0
    doubtful: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return self.new + self.changed + self.unchanged + self.passed_over + len(self.refused)


def import_path(
    path: Path,
    *,
    by: Actor | None,
    entered: Callable[[], AbstractContextManager[object]],
    readers: Executor | None = None,
    again: bool = False,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Take in everything under a path. `entered` opens the transaction of a batch; `again` reads what is here already too."""
    outcome = Outcome()
    pieces = pieces_of(path, outcome.refused)
    seen = False
    while batch := list(islice(pieces, BATCH)):
        seen = True
        with entered():
            wanted = batch if again else _not_here(batch, by)
            outcome.passed_over += len(batch) - len(wanted)
            readings = (
                list(readers.map(read_piece, wanted, chunksize=8))
                if readers and len(wanted) > WORTH_READERS
                else [read_piece(one) for one in wanted]
            )
            sources = [
                Source(name, content, reading) for (name, content, _how), reading in zip(wanted, readings, strict=True)
            ]
            for taken in take_in(by=by, sources=sources):
                setattr(outcome, taken.state, getattr(outcome, taken.state) + 1)
            outcome.doubtful += sum(bool(one.doubts) for one in readings)
        told(outcome)
    if not seen and not outcome.refused:
        raise Problem("library.document.nothing_there", path=str(path))
    return outcome


def _not_here(batch: list[Piece], by: Actor | None) -> list[Piece]:
    known = set(
        Document.objects.filter(
            organisation_id=by.organisation_id if by else None,
            content_sha256__in=[hashlib.sha256(content).hexdigest() for _name, content, _how in batch],
        ).values_list("content_sha256", flat=True)
    )
    return [piece for piece in batch if hashlib.sha256(piece[1]).hexdigest() not in known]
