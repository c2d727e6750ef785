"""`panoh demo`: load the synthetic operation, and say who may sign in."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

SEED = "1"


def register(subparsers: Any) -> None:
    loading = argparse.ArgumentParser(add_help=False)
    loading.add_argument(
        "--persons",
        type=persons,
        metavar="N",
        help="persons registered by the end of 2025 (default: as the published tables need)",
    )
    loading.add_argument(
        "--seed", default=SEED, help="another seed gives other people in the same tables (default: %(default)s)"
    )
    loading.add_argument(
        "--until", type=date.fromisoformat, metavar="DAY", help="the day on which the demo plays (default: today)"
    )
    loading.add_argument(
        "--fresh", action="store_true", help="remove what is in the demo's database first, ledger and all"
    )

    demo = subparsers.add_parser(
        "demo", parents=[loading], help="the synthetic operation: load it (also without an act), list its logins"
    )
    demo.set_defaults(run=run_load, makes_ready=True)
    acts = demo.add_subparsers(title="acts", metavar="ACT")
    load = acts.add_parser(
        "load", parents=[loading], help="load the operation into the demo's database; a rerun finds it loaded"
    )
    load.set_defaults(run=run_load, makes_ready=True)

    logins = acts.add_parser("logins", help="print one login for each role")
    logins.set_defaults(run=run_logins, needs_database=False)


def persons(text: str) -> int:
    number = int(text)
    if not 200 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("between 200 and 1,000,000 persons")
    return number


def run_load(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from panoh.demo.loading.running import load

    load(
        persons=arguments.persons,
        seed=arguments.seed,
        until=arguments.until or timezone.localdate(),
        fresh=arguments.fresh,
        say=lambda text: print(text, flush=True),
    )
    return 0


def run_logins(arguments: argparse.Namespace) -> int:
    from panoh.demo import cast

    shown = [member for member in cast.MEMBERS if member.shown]
    width = max(len(member.username) for member in shown)
    titles = {organisation.code: organisation.titles["en"] for organisation in cast.ORGANISATIONS}
    print(f'Logins (password for all: "{cast.PASSWORD}"); on the first page one press steps into each role:')
    for member in shown:
        print(f"  {member.username:<{width}}  {member.name}, {titles[member.organisation]}")
    return 0
