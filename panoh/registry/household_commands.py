"""`panoh households check`: how many open files break each rule of registration, and which ones."""

from __future__ import annotations

import argparse
import json
from typing import Any

SHOWN = 20


def register(subparsers: Any) -> None:
    households = subparsers.add_parser("households", help="what can be asked of all files together")
    acts = households.add_subparsers(title="acts", metavar="ACT")
    checking = acts.add_parser("check", help="open files that break a rule of registration today")
    checking.add_argument("--rule", default="", metavar="RULE", help="list all files that break this one")
    checking.add_argument(
        "--as", dest="login", metavar="LOGIN", help="the account that asks; it sees what its role may"
    )
    checking.add_argument("--format", choices=["text", "json"], default="text")
    checking.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from panoh.access.context import acting
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.queries.incomplete import RULES, VERB, list_incomplete

    actor = actor_of_command(arguments.login, VERB)
    wanted = [rule for rule in RULES if arguments.rule in ("", rule.code)]
    if not wanted:
        print(f"There is no rule {arguments.rule!r}: {', '.join(rule.code for rule in RULES)}.")
        return 2
    with acting(actor):
        found = {rule: list(list_incomplete(actor, rule).values_list("number", flat=True)) for rule in wanted}
    if arguments.format == "json":
        print(json.dumps({rule.code: numbers for rule, numbers in found.items()}, indent=1))
        return 0
    for rule, numbers in found.items():
        print(f"{rule.code:12}{len(numbers):8}  {rule.title}")
        for number in numbers if arguments.rule else numbers[:SHOWN]:
            print(f"{'':22}{number}")
        if not arguments.rule and len(numbers) > SHOWN:
            print(f"{'':22}and more: --rule {rule.code}")
    return 0
