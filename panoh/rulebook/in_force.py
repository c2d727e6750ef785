"""The rulebook that this process works under, and how the files on disk stand to it.

The files on disk, if they load whole; else the one that was in force last (`keeping`), which is said aloud. The processes of one server work
under one rulebook: the server names it to them (PANOH_RULEBOOK_IN_FORCE), so that files changed meanwhile come into force with the next start.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from panoh.rulebook.book import Rulebook
from panoh.rulebook.faults import Fault, RulebookError
from panoh.rulebook.keeping import Keeping, Kept
from panoh.rulebook.loader import country_in_use, directory_of, files_of, load

NAMED_BY_SERVER = "PANOH_RULEBOOK_IN_FORCE"

logger = logging.getLogger("panoh.rulebook")


@dataclass(frozen=True, slots=True)
class Standing:
    """A rulebook in force: `kept` where it is a copy, because the files on disk have `faults` or because the server named it."""

    book: Rulebook
    kept: Kept | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The files on disk beside the rulebook in force: the same, another sound one that waits for the next start, or a broken one."""

    state: Literal["in_force", "waits", "broken"]
    directory: Path
    faults: tuple[Fault, ...] = ()


_copies: list[Path] = []  # where copies lie, once the installation has said so
_found: dict[tuple[str | None, str | None], Standing] = {}  # by what the environment says
_in_use: list[Rulebook] = []
_looked: dict[tuple[object, ...], OnDisk] = {}
_looking = threading.Lock()


def keep_copies_in(directory: Path) -> None:
    """From now on this process goes back to the copies below a directory, where it has to."""
    _copies[:] = [directory]


def keeping() -> Keeping | None:
    """The copies of the country in use; None in a process that keeps none, as tests are."""
    return Keeping(_copies[0] / Path(country_in_use()).name) if _copies else None


def current() -> Rulebook:
    """The rulebook this process works under: of the country in PANOH_COUNTRY ("tj" if unset), loaded once."""
    return _in_use[-1] if _in_use else standing().book


def standing() -> Standing:
    """The rulebook of this process, and where it comes from."""
    named = os.environ.get("PANOH_COUNTRY"), os.environ.get("PANOH_COUNTRIES")
    if named not in _found:
        _found[named] = _obtain(keeping(), os.environ.get(NAMED_BY_SERVER))
    return _found[named]


def _obtain(copies: Keeping | None, named: str | None) -> Standing:
    if copies and named:
        return Standing(copies.load(named), copies.last())
    try:
        return Standing(load())
    except RulebookError as error:
        kept = copies.last() if copies else None
        if copies is None or kept is None:
            raise
        try:
            book = copies.load(kept.fingerprint)
        except RulebookError as lost:
            raise RulebookError([*error.faults, *lost.faults]) from error
        directory = directory_of(country_in_use())
        logger.error(
            "The rulebook in %s is not used. The one that was in force last goes on, as it has since %s (fingerprint %s)."
            " Mend the files, then start again: %s",
            directory, f"{kept.since:%Y-%m-%d %H:%M} UTC", kept.fingerprint[:12], error,
        )  # fmt: skip
        return Standing(book, kept, error.faults)


def look_at_disk() -> OnDisk:
    """How the files on disk stand to the rulebook of this process, now. They are read again only once they have changed."""
    directory, book = directory_of(country_in_use()), standing().book
    key = (str(directory), book.fingerprint, *_seen(directory))
    with _looking:
        if key not in _looked:
            _looked.clear()
            _looked[key] = _look(directory, book)
        return _looked[key]


def _seen(directory: Path) -> Iterator[tuple[str, int, int]]:
    for path in files_of(directory):
        with suppress(FileNotFoundError):  # an editor puts a new file in the place of the old one
            stat = path.stat()
            yield str(path), stat.st_mtime_ns, stat.st_size


def _look(directory: Path, book: Rulebook) -> OnDisk:
    try:
        found = load(directory)
    except RulebookError as error:
        return OnDisk("broken", directory, error.faults)
    return OnDisk("in_force" if found.fingerprint == book.fingerprint else "waits", directory)


@contextmanager
def using(book: Rulebook) -> Iterator[Rulebook]:
    """Makes another rulebook the current one for a while: tests run the engine on a country of their own with it."""
    _in_use.append(book)
    try:
        yield book
    finally:
        _in_use.pop()
