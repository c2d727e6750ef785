"""The rulebook that was in force last, kept beside the register: where the files on disk have errors, work goes on under it.

A copy lies under the fingerprint of its files, and `in_force.json` names the one that was in force last. Only that one is ever gone back to,
and only as it was kept: an older copy would apply a law that is no longer so, an altered one a law that never was. Copies are written by the
server before its first page (`panoh.project.ruling`), never by a command that merely reads a rulebook.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from panoh.rulebook.book import Rulebook
from panoh.rulebook.faults import Fault, RulebookError
from panoh.rulebook.loader import files_of, fingerprint_of, load

LAST = "in_force.json"


class ChangedMeanwhile(Exception):
    """The files are no longer those that were read: somebody is writing them just now."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy: whose fingerprint, since when it was in force, and where it lies."""

    fingerprint: str
    since: datetime
    directory: Path


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the copies of one country's rulebooks lie."""

    root: Path

    def last(self) -> Kept | None:
        """The rulebook that was in force last; None where none ever was."""
        try:
            told = json.loads((self.root / LAST).read_text(encoding="utf-8"))
            return Kept(told["fingerprint"], datetime.fromisoformat(told["since"]), self.root / told["fingerprint"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            raise RulebookError(
                [
                    Fault(
                        LAST,
                        1,
                        "cannot be read",
                        f"it lies in {self.root}; nobody can say which copy was in force last",
                    )
                ]
            ) from None

    def load(self, fingerprint: str) -> Rulebook:
        """A copy, if it is still what was kept. Raises RulebookError where it is gone, was altered, or this program cannot read it."""
        directory = self.root / fingerprint
        if not directory.is_dir():
            raise RulebookError([Fault(fingerprint, 1, "this copy is gone", f"it was kept in {self.root}")])
        if fingerprint_of(directory) != fingerprint:
            raise RulebookError([Fault(fingerprint, 1, "this copy was altered", f"it was kept in {self.root}")])
        return load(directory)

    def keep(self, book: Rulebook, now: datetime) -> Kept:
        """Copies the files of a rulebook that was loaded whole, and names it as the one in force. Nothing is half kept."""
        directory = self.root / book.fingerprint
        if not directory.is_dir() or fingerprint_of(directory) != book.fingerprint:
            self._copy(book, directory)
        kept = self._last_if_readable()
        if kept is None or kept.fingerprint != book.fingerprint:
            kept = Kept(book.fingerprint, now, directory)
            told = {"fingerprint": kept.fingerprint, "since": kept.since.isoformat()}
            _write(self.root / LAST, json.dumps(told).encode())
        return kept

    def _last_if_readable(self) -> Kept | None:
        try:
            return self.last()
        except RulebookError:
            return None

    def _copy(self, book: Rulebook, directory: Path) -> None:
        pending = directory.with_name(f".{directory.name}.{os.getpid()}")
        shutil.rmtree(pending, ignore_errors=True)
        try:
            for path in files_of(Path(book.directory)):
                copy = pending / path.relative_to(book.directory)
                copy.parent.mkdir(parents=True, exist_ok=True)
                _write(copy, path.read_bytes())
            if not pending.is_dir() or fingerprint_of(pending) != book.fingerprint:
                raise ChangedMeanwhile(book.directory)
            shutil.rmtree(directory, ignore_errors=True)  # one that was altered
            pending.rename(directory)
        finally:
            shutil.rmtree(pending, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing, also where the machine stops in between."""
    pending = path.with_name(f".{path.name}.{os.getpid()}")
    with pending.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    pending.replace(path)
