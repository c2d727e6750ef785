"""`panoh rulebook`: check a country's data, and show a procedure as people can read it."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from panoh.rulebook.book import Rulebook
from panoh.rulebook.faults import RulebookError
from panoh.rulebook.in_force import standing
from panoh.rulebook.law import LANGUAGES
from panoh.rulebook.loader import country_in_use, directory_of, load
from panoh.rulebook.manual import write_manual


def register(subparsers: Any) -> None:
    rulebook = subparsers.add_parser("rulebook", help="check the data of a country; print the manual of a procedure")
    acts = rulebook.add_subparsers(title="acts", metavar="ACT")

    check = acts.add_parser("check", help="read every file and list everything that is wrong, with file and line")
    _country(check)
    check.add_argument("--unverified", action="store_true", help="also list what nobody has compared with a source yet")
    check.set_defaults(run=run_check, needs_database=False)

    show = acts.add_parser(
        "manual",
        help="print the manual of a procedure: states, acts, clocks, safeguards and letters with their articles",
    )
    show.add_argument("procedure", help="its code, for instance asylum")
    _country(show)
    show.add_argument(
        "--on", type=date.fromisoformat, metavar="DAY", help="the version in force on this day (default: the newest)"
    )
    show.add_argument("--language", choices=LANGUAGES, default="en")
    show.set_defaults(run=run_manual, needs_database=False)

    # What looks at cases is added by the room that keeps them (`panoh.procedures.commands`).
    rulebook.set_defaults(acts=acts)


def _country(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--country", metavar="DIR", help="code of a country or the directory of its data (default: PANOH_COUNTRY or tj)"
    )


def run_check(arguments: argparse.Namespace) -> int:
    directory = _directory(arguments)
    begun = time.monotonic()
    try:
        book = load(directory)
    except RulebookError as error:
        for fault in error.faults:
            print(
                f"{directory / fault.file}:{fault.line}: {fault.message}"
                + (f"\n    {fault.hint}" if fault.hint else "")
            )
        print(f"\n{_count(len(error.faults), 'error')} in {directory}", file=sys.stderr)
        if arguments.country is None:
            _print_what_goes_on()
        return 1
    _print_summary(book, time.monotonic() - begun)
    if arguments.unverified:
        _print_unverified(book)
    return 0


def run_manual(arguments: argparse.Namespace) -> int:
    try:
        book = load(_directory(arguments))
    except RulebookError as error:
        print(f"{error}\n\nMend the rulebook first; `panoh rulebook check` lists its errors.", file=sys.stderr)
        return 1
    versions = book.procedures.get(arguments.procedure, ())
    if not versions:
        known = ", ".join(sorted(book.procedures)) or "none"
        print(f"There is no procedure {arguments.procedure!r} in {book.directory}. Known: {known}", file=sys.stderr)
        return 1
    procedure = book.procedure(arguments.procedure, arguments.on) if arguments.on else versions[-1]
    print(write_manual(procedure, book, arguments.language))
    return 0


def _directory(arguments: argparse.Namespace) -> Path:
    named = arguments.country or country_in_use()
    return Path(named) if Path(named).is_dir() else directory_of(named)


def _print_summary(book: Rulebook, seconds: float) -> None:
    values = [value for versions in book.values.values() for value in versions]
    unverified = sum(value.confidence == "unverified" for value in values)
    expected = sum(not holiday.confirmed for holiday in book.country.holidays)
    first, last = book.country.work_calendar.covers
    print(f"{book.country.titles['en']}: the rulebook is sound ({seconds:.2f} s)")
    for line in (
        f"{_count(len(book.acts), 'act')}, {_count(len(book.provisions), 'provision')}",
        f"{_count(len(values), 'dated value')}, of which {unverified} unverified",
        f"{_count(len(book.country.holidays), 'holiday')} from {first} to {last}, of which {expected} not yet proclaimed",
        f"{_count(len(book.codes), 'code list')} with {sum(map(len, book.codes.values()))} codes, {_count(len(book.places), 'place')}",
        *(
            f"procedure {one.code} version {one.version}, in force from {one.in_force_from}: {_count(len(one.actions), 'act')},"
            f" {_count(len(one.clocks), 'clock')}, {_count(len(one.safeguards), 'safeguard')}"
            for versions in book.procedures.values()
            for one in versions
        ),
        f"fingerprint {book.fingerprint}",
    ):
        print(f"  {line}")


def _print_unverified(book: Rulebook) -> None:
    print("\nUnverified values:")
    for id, versions in sorted(book.values.items()):
        for value in versions:
            if value.confidence == "unverified":
                print(f"  {value.defined_at}: {id} from {value.valid_from} ({value.source})")
    print("\nUnverified provisions:")
    for id, wordings in sorted(book.provisions.items()):
        for wording in wordings:
            if wording.confidence == "unverified":
                print(f"  {wording.defined_at}: {id} from {wording.in_force_from} ({wording.source})")


def _print_what_goes_on() -> None:
    """The rulebook in use has errors, and yet this command runs: what it and the server work under meanwhile."""
    kept = standing().kept
    if kept is not None:
        print(
            f"The rulebook that was in force last goes on, as it has since {kept.since:%Y-%m-%d %H:%M} UTC:\n"
            f"  fingerprint {kept.fingerprint}\n  kept in {kept.directory}\nMend the files, then start the server again.",
            file=sys.stderr,
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
