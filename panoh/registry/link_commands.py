"""`panoh link`: search the register, or a table of persons, for records that may be one person."""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from panoh.registry.linking.running import Linked


def register(subparsers: Any) -> None:
    link = subparsers.add_parser("link", help="search the whole register for records that may be one person")
    link.add_argument("--as", dest="login", metavar="LOGIN", help="the account that acts (a register officer)")
    link.add_argument("--threshold", type=_chance, metavar="P", help="the least probability that is suggested, 0 to 1")
    link.add_argument(
        "--since", type=date.fromisoformat, metavar="DATE", help="only pairs with somebody registered since that day"
    )
    link.add_argument(
        "--afresh", action="store_true", help="compare everybody again, not only who is new or has changed"
    )
    link.add_argument("--preview", action="store_true", help="count what would be suggested, and keep nothing")
    link.add_argument(
        "--explain", nargs=2, metavar=("A", "B"), help="what weighs for and against two numbers of persons"
    )
    link.add_argument(
        "--file", type=Path, metavar="REGISTER.csv", action=_Table,
        help="without a database: a table with id, full_name, and father_name, birth_year, birth_date, sex, province",
    )  # fmt: skip
    link.add_argument("--suggestions", type=Path, metavar="OUT.csv", help="with --file: where weight,id_a,id_b go")
    link.set_defaults(run=run_link)


class _Table(argparse.Action):
    """A table is linked without a database."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        _option: str | None = None,
    ) -> None:
        namespace.file, namespace.needs_database = values, False


def _chance(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value


def run_link(arguments: argparse.Namespace) -> int:
    if arguments.file:
        return run_file(arguments)
    from panoh.access.context import acting
    from panoh.ledger.guard import refusals
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.linking.explaining import explain_pair
    from panoh.registry.linking.running import LIKELY, link_register

    actor = actor_of_command(arguments.login, "registry.duplicate.suggest")
    if arguments.explain:
        with refusals(), acting(actor):
            print_explained(*arguments.explain, explain_pair(actor, *arguments.explain))
        return 0
    with refusals():
        done = link_register(
            by=actor, say=_Progress(), least=LIKELY if arguments.threshold is None else arguments.threshold,
            since=arguments.since, afresh=arguments.afresh, preview=arguments.preview,
        )  # fmt: skip
    print_linked(done, arguments.preview)
    return 0


def print_linked(done: Linked, preview: bool) -> None:
    print(f"{done.compared:,} of {done.persons:,} persons compared, {done.pairs:,} pairs that may be one person:")
    upper = 1.0
    for least, number in done.bands.items():
        if number:
            print(f"  {number:8,}  with a probability of {least:.0%} to {upper:.0%}")
        upper = least
    if preview:
        print("Nothing was kept.")
        return
    told = done.suggested
    print(
        f"New: {told.made:,}. Known, with another weight: {told.renewed:,}. As before or judged: {told.unchanged:,}."
        + (f" Not yours to see: {told.left_out:,}." if told.left_out else "")
    )


def print_explained(number: str, other: str, weighed: Any) -> None:
    from panoh.registry.linking.reasons import reason, together
    from panoh.registry.reasons import sentences

    print(f"{number}: {weighed.name}\n{other}: {weighed.other_name}")
    print(f"One person with a probability of {weighed.chance:.1%}.")
    for name, bits in together(weighed.bits).items():
        print(f"  {bits:+6.1f} bits  {sentences([reason(name, bits)])[0]}")
    if weighed.missing:
        print(
            f"  {weighed.missing:+6.1f} bits  what is not known: it is missing more often where one person has two records"
        )
    print(f"  {weighed.before:+6.1f} bits  before anything is compared, among {weighed.persons:,} persons")
    if weighed.one_household:
        print("They belong to one household: such pairs are never suggested.")


def run_file(arguments: argparse.Namespace) -> int:
    """Without a database: the figures of the benchmark are made so."""
    if not arguments.suggestions:
        print("--file needs --suggestions OUT.csv.", file=sys.stderr)
        return 2
    from panoh.identity.linkage.candidates import Candidates, find_candidates
    from panoh.identity.linkage.nearness import nearness
    from panoh.identity.linkage.people import arranged
    from panoh.identity.linkage.tables import read_records, write_suggestions
    from panoh.identity.linkage.weighing import habits_of, weigh
    from panoh.kernel.problems import Problem
    from panoh.registry.linking.engine import engine_in_use

    engine = engine_in_use()
    say = _Progress()
    try:
        people = arranged(read_records(arguments.file))
    except (ValueError, csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Problem("registry.linkage.no_table", file=arguments.file.name) from error
    if not people:
        raise Problem("registry.linkage.no_table", file=arguments.file.name)
    say(f"  {len(people):,} records read")
    near = nearness(people.words, people.bearers())
    say(f"  {len(people.words):,} different words compared")
    habits = habits_of(people, near)
    say(f"  {habits.twice:.2%} of the persons seem to be recorded twice")
    some, done = [], 0
    for places, found in find_candidates(people, near):
        some.append(found)
        done += len(places)
        if done % 50_000 == 0:
            say(f"  {done:,} of {len(people):,} records compared")
    candidates = Candidates.together(some)
    weights = weigh(candidates, habits, engine)
    pairs = zip(weights.tolist(), candidates.a.tolist(), candidates.b.tolist(), strict=True)
    written = write_suggestions(
        arguments.suggestions, ((weight, people.ids[a], people.ids[b]) for weight, a, b in pairs)
    )
    say(f"  {written:,} pairs written")
    return 0


class _Progress:
    """Says how far it is, with the seconds since the start."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"{text}, {time.monotonic() - self.started:.0f} s", file=sys.stderr, flush=True)
