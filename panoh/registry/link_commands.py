"""`panoh link --file`: search a table of persons for records that may be one person."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    link = subparsers.add_parser("link", help="search a table for records that may be one person")
    link.add_argument(
        "--file", type=Path, required=True, metavar="REGISTER.csv", help="the table: id, full_name, father_name, …"
    )
    link.add_argument(
        "--suggestions", type=Path, required=True, metavar="OUT.csv", help="where weight,id_a,id_b go, in bits"
    )
    link.set_defaults(run=run_file, needs_database=False)


def run_file(arguments: argparse.Namespace) -> int:
    """Without a database: the figures of benchmarks/identity.py are made so."""
    from panoh.identity.linkage.candidates import Candidates, find_candidates
    from panoh.identity.linkage.nearness import nearness
    from panoh.identity.linkage.people import arranged
    from panoh.identity.linkage.tables import read_records, write_suggestions
    from panoh.identity.linkage.weighing import weigh

    started = time.monotonic()
    people = arranged(read_records(arguments.file))
    say(f"  {len(people):,} records read, {time.monotonic() - started:.0f} s")
    near = nearness(people.words, people.bearers())
    say(f"  {len(people.words):,} different words compared, {time.monotonic() - started:.0f} s")
    some = []
    for done, found in find_candidates(people, near):
        some.append(found)
        if done % 50_000 == 0:
            say(f"  {done:,} of {len(people):,} records, {time.monotonic() - started:.0f} s")
    candidates = Candidates.together(some)
    weights = weigh(candidates, len(people))
    pairs = zip(weights.tolist(), candidates.a.tolist(), candidates.b.tolist(), strict=True)
    written = write_suggestions(
        arguments.suggestions, ((weight, people.ids[a], people.ids[b]) for weight, a, b in pairs)
    )
    say(f"  {written:,} pairs written, {time.monotonic() - started:.0f} s")
    return 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
