"""Puts a rulebook in force: the server keeps a copy of it, and all its processes work under that one until the next start.

Called by `panoh serve` before the first page, and by `panoh check`. What the rulebook room says of copies stands in `panoh.rulebook.keeping`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.utils import timezone

from panoh.procedures.queries.versions import list_unknown_versions
from panoh.project.problems import SetupProblem
from panoh.rulebook import in_force
from panoh.rulebook.book import Rulebook
from panoh.rulebook.keeping import ChangedMeanwhile


def put_in_force() -> None:
    """Refuses a rulebook that does not know the cases of the register; else keeps it, and names it to the processes to come."""
    standing = in_force.standing()
    check_cases_are_known(standing.book)
    copies = in_force.keeping()
    if copies is None:
        return
    if not standing.faults:
        try:
            copies.keep(standing.book, timezone.now())
        except ChangedMeanwhile:
            raise SetupProblem(
                "setup.rulebook.changed_meanwhile",
                f"The rulebook in {standing.book.directory} was changed while it was read.",
                "Half a change is no law.",
                "Start again once the files are written.",
            ) from None
    os.environ[in_force.NAMED_BY_SERVER] = standing.book.fingerprint


def check_cases_are_known(book: Rulebook) -> None:
    unknown = list(unknown_cases(book))
    if unknown:
        raise SetupProblem(
            "setup.rulebook.cases_unknown",
            f"The rulebook in {book.directory} does not know every case of this register.",
            " ".join(unknown),
            "Put the files of these versions back: a version under which cases were opened is never taken away.",
        )


def unknown_cases(book: Rulebook) -> Iterator[str]:
    for one in list_unknown_versions(book):
        yield f"{one.cases} of procedure {one.procedure} run under version {one.version}, which it does not know."


def faults_on_disk() -> Iterator[str]:
    """What is wrong with the files on disk, each with file, line and the way to mend it."""
    found = in_force.look_at_disk()
    for fault in found.faults:
        yield f"{found.directory / fault.file}:{fault.line}: {fault.message}" + (
            f" — {fault.hint}" if fault.hint else ""
        )
