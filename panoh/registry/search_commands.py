"""`panoh search`: the search of the page on the command line, as the account that asks, over what it may see."""

from __future__ import annotations

import argparse
import json
from typing import Any

MOST = 100


def register(subparsers: Any) -> None:
    search = subparsers.add_parser("search", help="find persons by name in any script, or by a number")
    search.add_argument("text", metavar="TEXT", nargs="?", default="", help="a name, or the number of a person")
    search.add_argument("--father", default="", metavar="NAME")
    search.add_argument("--grandfather", default="", metavar="NAME")
    search.add_argument("--sex", default="", choices=["F", "M"])
    search.add_argument("--born", default="", metavar="YEAR", help="in either calendar")
    search.add_argument("--place", default="", metavar="PLACE", help="of origin: a code, or a name in any language")
    search.add_argument("--paper", default="", metavar="NUMBER", help="the number of a paper held")
    search.add_argument("--limit", type=int, default=20, metavar="N", help=f"hits shown (default: 20, at most {MOST})")
    search.add_argument("--after", default="", metavar="CURSOR", help="go on behind this hit (from --format json)")
    search.add_argument("--as", dest="login", metavar="LOGIN", help="the account that asks; it sees what its role may")
    search.add_argument("--format", choices=["text", "json"], default="text")
    search.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    from panoh.access.context import acting
    from panoh.registry.asking import hit_as_json, read_question, read_wanted
    from panoh.registry.command_actor import actor_of_command
    from panoh.registry.queries import search_persons

    wanted = read_wanted(
        sex=arguments.sex,
        born=arguments.born,
        father=arguments.father,
        grandfather=arguments.grandfather,
        place=arguments.place,
    )
    actor = actor_of_command(arguments.login, "registry.person.search")
    limit = max(1, min(arguments.limit, MOST))
    with acting(actor):
        hits = search_persons(
            actor,
            read_question(arguments.text, arguments.paper),
            wanted,
            limit=limit,
            after=arguments.after or None,
        )
        if arguments.format == "json":
            after = hits[-1].cursor if len(hits) == limit else None
            told = {"hits": [hit_as_json(hit) for hit in hits], "after": after, "cut_short": hits.cut_short}
            print(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            print_hits(hits)
    return 0


def print_hits(hits: Any) -> None:
    from panoh.kernel.births import format_birth
    from panoh.registry.reasons import sentences

    for hit in hits:
        person = hit.person
        names = " / ".join(name.as_person_name().display("full") for name in person.names.all())
        born = format_birth(person.birth, "en")
        print(f"{person.number}  {names}")
        print(f"    {person.sex}  {born or 'birth not known'}  {person.nationality}  {person.status}")
        print(f"    {'; '.join(sentences(hit.reasons))}")
    if not hits:
        print("Nobody found among the files open to this account.")
    if hits.cut_short:
        print("There are more than could be compared. Add a father's name or a year of birth.")
