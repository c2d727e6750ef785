"""Files, folders, mailboxes and dumps on the way in: what is there, read on all cores, taken in a batch at a time.

While one batch is written the next ones are read. A batch is a transaction of its own, so a run that was killed goes on where it
stood: files whose bytes are here already are passed over without being read again.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.library.operations.taking_in import here_already, take_in
from panoh.library.reading.pieces import Piece, pieces_of
from panoh.library.sources import Source, read_sources

# So many sources, or so many bytes of them, to one transaction and entry: what is under way fits into little memory.
BATCH = 200
LARGEST_BATCH = 8 * 1024 * 1024
AHEAD = 2
CHUNK = 10
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
    unmarked: str = "",
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Take in everything under a path. `entered` opens the transaction of a batch; `again` reads what is here already too.

    A source that cannot be taken in is named among the refused ones, and keeps none of the others out.
    """
    outcome = Outcome()
    under_way: deque[Callable[[], list[Source]]] = deque()
    seen = False

    def alone(source: Source) -> str:
        try:
            with entered():
                (taken,) = take_in(by=by, sources=[source])
        except Problem as problem:
            outcome.refused.append((source.name, problem.each()[0].code))
            return ""
        return taken.state

    def finish() -> None:
        sources = under_way.popleft()()
        try:
            with entered():
                states = [taken.state for taken in take_in(by=by, sources=sources)]
        except Problem:
            states = list(filter(None, map(alone, sources)))
        for state in states:
            setattr(outcome, state, getattr(outcome, state) + 1)
        outcome.doubtful += sum(bool(one.reading.doubts) for one in sources)
        told(outcome)

    for batch in batches(pieces_of(path, outcome.refused)):
        seen = True
        wanted = batch
        if not again:
            with entered():
                wanted = _not_here(batch, by)
            outcome.passed_over += len(batch) - len(wanted)
        if wanted:
            under_way.append(_reading(wanted, readers, unmarked))
        # Of large files one at a time is enough.
        most = 0 if sum(len(content) for _name, content, _how in batch) > LARGEST_BATCH else AHEAD
        while len(under_way) > most:
            finish()
    while under_way:
        finish()
    if not seen and not outcome.refused:
        raise Problem("library.document.nothing_there", path=str(path))
    return outcome


def batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        if batch and (len(batch) == BATCH or size + len(piece[1]) > LARGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(piece)
        size += len(piece[1])
    if batch:
        yield batch


def _reading(pieces: list[Piece], readers: Executor | None, unmarked: str) -> Callable[[], list[Source]]:
    """The sources of these pieces, as soon as they are asked for: many are read by others meanwhile, few here."""
    if readers is None or len(pieces) < WORTH_READERS:
        return lambda: read_sources(pieces, unmarked)
    read: list[Future[list[Source]]] = [
        readers.submit(read_sources, chunk, unmarked)
        for chunk in (pieces[at : at + CHUNK] for at in range(0, len(pieces), CHUNK))
    ]
    return lambda: list(chain.from_iterable(one.result() for one in read))


def _not_here(batch: list[Piece], by: Actor | None) -> list[Piece]:
    numbers = [hashlib.sha256(content).hexdigest() for _name, content, _how in batch]
    known = here_already(numbers, by.organisation_id if by else None)
    return [piece for piece, number in zip(batch, numbers, strict=True) if number not in known]
