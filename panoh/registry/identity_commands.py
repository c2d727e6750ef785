"""`panoh identity`: how two names match, how good the search is, and the index of names made anew."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    identity = subparsers.add_parser("identity", help="names across scripts: explain, measure, index")
    acts = identity.add_subparsers(title="acts", metavar="ACT")

    explain = acts.add_parser("explain", help="how two names match, in words")
    explain.add_argument("a", metavar="A")
    explain.add_argument("b", metavar="B")
    explain.add_argument("--format", choices=["text", "json"], default="text")
    explain.set_defaults(run=run_explain, needs_database=False)

    measuring = acts.add_parser("measure", help="how well a register is searched, through PostgreSQL")
    measuring.add_argument(
        "--register", type=Path, required=True, metavar="FILE", help="a table of persons, .csv or .csv.gz"
    )
    measuring.add_argument("--queries", type=Path, required=True, metavar="FILE", help="a table of questions")
    measuring.add_argument("--evidence", choices=["name", "person"], default="person")
    measuring.add_argument(
        "--newcomers",
        type=Path,
        metavar="FILE",
        help="who of those asked for is a newcomer (qid,part): measures the alarm",
    )
    measuring.add_argument("--fresh", action="store_true", help="load the register anew")
    measuring.add_argument("--format", choices=["text", "json"], default="text")
    measuring.set_defaults(run=run_measure)

    index = acts.add_parser("index", help="index names anew where the algorithm has changed, and count their bearers")
    index.set_defaults(run=run_index)


def run_explain(arguments: argparse.Namespace) -> int:
    """Without the register: how common a name is stands on the page, where a member asks."""
    from dataclasses import asdict

    from panoh.identity.explaining import explain
    from panoh.registry.reasons import ALONE_A, ALONE_B, SENTENCES, SURENESS, VERDICTS

    found = explain(arguments.a, arguments.b)
    if arguments.format == "json":
        json.dump(asdict(found) | {"verdict": found.verdict}, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    print(f"{arguments.a}: {' · '.join(found.words_a) or '—'}")
    print(f"{arguments.b}: {' · '.join(found.words_b) or '—'}")
    print(f"{VERDICTS[found.verdict]} ({found.score:.0%})")
    for met in found.met:
        letters = "  ".join(f"{x or '·'}={y or '·'}" for x, y in met.letters) if met.a != met.b else ""
        print(f"  {met.a} – {met.b}: {SURENESS[met.sure]}" + (f"   {letters}" if letters else ""))
    for words, sentence in ((found.alone_a, ALONE_A), (found.alone_b, ALONE_B)):
        for word in words:
            print(f"  {word}: {sentence}")
    if found.turned:
        print(f"  {SENTENCES['other_order']}")
    return 0


def run_measure(arguments: argparse.Namespace) -> int:
    from panoh.registry.measuring import run

    for file in (arguments.register, arguments.queries, arguments.newcomers):
        if file is not None and not file.is_file():
            print(f"{file} is not there.", file=sys.stderr)
            return 1
    figures = run(
        arguments.register,
        arguments.queries,
        arguments.evidence,
        _say,
        newcomers=arguments.newcomers,
        fresh=arguments.fresh,
    )
    if arguments.format == "json":
        json.dump(figures, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for name in ("all", "cross_script", "same_script"):
        print(name, figures[name])
    for group in ("directions", "kinds"):
        for name, part in figures[group].items():
            print(f"  {name:12}", part)
    print("alarm", figures.get("alarm"))
    print("wall", figures["wall_ms"], "processor", figures["cpu_ms"], "index", figures["index_bytes"])
    return 0


def run_index(arguments: argparse.Namespace) -> int:
    from django.db import connections

    from panoh.access.context import acting_as_system
    from panoh.registry.nameindex import count_bearers, index_persons, key_words

    connection = connections["owner"]
    connection.ensure_connection()

    def enter() -> Any:
        return acting_as_system("index of names", using="owner")

    persons = index_persons(connection.connection, enter, lambda done, total: _say(f"  {done:,} of {total:,} persons"))
    words = key_words(connection.connection, lambda done, _total: _say(f"  {done:,} words"))
    count_bearers(connection.connection)
    print(f"{persons:,} persons indexed, {words:,} words given keys, bearers counted.")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
