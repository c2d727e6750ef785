"""`panoh library`: take sources in, show one, search them."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panoh.rulebook.model import LANGUAGES

if TYPE_CHECKING:
    from panoh.access.actor import Actor
    from panoh.library.importing import Outcome
    from panoh.library.queries.searching import Found

SHOWN_FACETS = 12


def register(subparsers: Any) -> None:
    library = subparsers.add_parser("library", help="sources: take in, show, search")
    acts = library.add_subparsers(title="acts", metavar="ACT")

    importing = acts.add_parser(
        "import",
        help="take in a file, a folder, a ZIP, a mailbox or a dump of cables, reports, pages, plans, laws, letters",
    )
    importing.add_argument("path", type=Path, metavar="PATH")
    importing.add_argument(
        "--as", dest="login", metavar="LOGIN", help="the account that acts; without it the operator does"
    )
    importing.add_argument("--again", action="store_true", help="read files anew that are here already")
    importing.add_argument(
        "--unmarked",
        choices=["internal", "public"],
        default="internal",
        help="what bears no classification: within the organisation until somebody settles it, or public",
    )
    importing.add_argument("--format", choices=["text", "json"], default="text")
    importing.set_defaults(run=run_import, makes_ready=True)

    keep = acts.add_parser("keep", help="take in what pages brought, for as long as it runs; `panoh serve` runs it")
    keep.add_argument("--pause", type=float, default=1.0, metavar="SECONDS", help="between looks at what waits")
    keep.set_defaults(run=run_keep)

    show = acts.add_parser("show", help="show a source: its fields and paragraphs")
    show.add_argument("refid", metavar="REF", help="the reference id: 09DUSHANBE1080")
    show.add_argument("--as", dest="login", metavar="LOGIN", help="the account that asks; it sees what its role may")
    show.add_argument("--format", choices=["text", "json"], default="text")
    show.set_defaults(run=run_show, makes_ready=True)

    search = acts.add_parser("search", help="search in sources, with the operators of the search box")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--as", dest="login", metavar="LOGIN", help="the account that asks; it sees what its role may")
    search.add_argument("--order", choices=["best", "newest"], default="best")
    search.add_argument(
        "--page", type=int, default=1, metavar="N", help="twenty sources to a page, twenty pages at most"
    )
    search.add_argument("--language", choices=LANGUAGES, default="en")
    search.add_argument("--format", choices=["text", "json"], default="text")
    search.set_defaults(run=run_search, makes_ready=True)

    places = acts.add_parser("places", help="say which places a text names, by p-code; more than one code asks")
    places.add_argument("text", metavar="TEXT")
    places.add_argument("--language", choices=LANGUAGES, default="en")
    places.add_argument("--format", choices=["text", "json"], default="text")
    places.set_defaults(run=run_places, needs_database=False)


def run_import(arguments: argparse.Namespace) -> int:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from panoh.ledger.guard import refusals
    from panoh.library.importing import import_path

    actor = _actor(arguments.login, "library.document.take_in")
    # Spawned, not forked: a fork would take the connection of this process along.
    with refusals(), ProcessPoolExecutor(mp_context=get_context("spawn")) as readers:
        outcome = import_path(
            arguments.path,
            by=actor,
            entered=lambda: _entered(actor),
            readers=readers,
            again=arguments.again,
            unmarked="PUBLIC" if arguments.unmarked == "public" else "",
            told=_show_progress,
        )
    if arguments.format == "json":
        told = {
            name: getattr(outcome, name)
            for name in ("new", "changed", "unchanged", "passed_over", "doubtful", "refused")
        }
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(
            f"{outcome.new} new, {outcome.changed} changed, {outcome.unchanged + outcome.passed_over} as before;"
            f" {outcome.doubtful} with something for a person to settle."
        )
        for name, why in outcome.refused:
            print(f"not taken in: {name} ({why})", file=sys.stderr)
    return 1 if outcome.refused and not outcome.done - len(outcome.refused) else 0


def run_keep(arguments: argparse.Namespace) -> int:
    from panoh.access.keeping import keep
    from panoh.library.keeping import carry_out_waiting

    keep(carry_out_waiting, arguments.pause)
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    from panoh.access.context import acting, acting_as_system
    from panoh.kernel.problems import Problem
    from panoh.library.models import Document
    from panoh.library.queries.documents import obtain_document
    from panoh.library.showing import document_as_json

    actor = _actor(arguments.login, "library.document.read")
    if actor is not None:
        with acting(actor):
            told = document_as_json(obtain_document(actor, arguments.refid, route="command"))
    else:
        with acting_as_system("a source shown on the command line"):
            found = Document.objects.filter(refid=arguments.refid).order_by("-taken_in_at").first()
            if found is None:
                raise Problem("library.document.not_found")
            told = document_as_json(found)
    if arguments.format == "json":
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print(told)
    return 0


def run_search(arguments: argparse.Namespace) -> int:
    from django.utils import translation

    from panoh.access.context import acting
    from panoh.library.queries.searching import search
    from panoh.library.rules.questions import read_question
    from panoh.library.showing import found_as_json
    from panoh.registry.command_actor import actor_of_command

    actor = actor_of_command(arguments.login, "library.document.read")
    question = read_question(arguments.text)
    with acting(actor):
        found = search(actor, question, order=arguments.order, page=arguments.page)
    if arguments.format == "json":
        print(json.dumps(found_as_json(found), ensure_ascii=False, indent=1))
    else:
        with translation.override(arguments.language):
            _print_found(found)
    return 0


def run_places(arguments: argparse.Namespace) -> int:
    from django.utils import translation
    from django.utils.translation import gettext as _

    from panoh.library.gazetteer import gazetteer
    from panoh.rulebook import current

    book = current()

    def title(code: str) -> str:
        return book.places[code].titles[arguments.language] if code in book.places else _("no place")

    mentions = gazetteer().find(arguments.text)
    with translation.override(arguments.language):
        if arguments.format == "json":
            told = [
                {"text": one.text, "codes": list(one.codes), "titles": list(map(title, one.codes)), "asks": one.asks}
                for one in mentions
            ]
            print(json.dumps(told, ensure_ascii=False, indent=1))
            return 0
        for one in mentions:
            places = _(" or ").join(f"{title(code)} {code}".strip() for code in one.codes)
            print(f"{one.text}: {places}")
        if not mentions:
            print(_("No place is named."))
    return 0


def _print_found(found: Found) -> None:
    """What the page of the search shows, as text."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    from panoh.library.words import FACETS, KINDS, LANGUAGES, title_in

    if found.more:
        print(_("More than %(total)s sources; counts are of the newest %(total)s") % {"total": found.total})
    else:
        print(ngettext("%(shown)s source", "%(shown)s sources", found.total) % {"shown": found.total})
    if found.looked_back_to:
        print(_("Older ones than %(day)s were not looked through.") % {"day": found.looked_back_to})
    for hit in found.hits:
        one = hit.document
        print(
            f"\n{one.refid}  {one.created_on or '–'}  {title_in(KINDS, one.kind)}  {one.classification}  {one.origin}"
        )
        print(f"  {one.title}")
        if hit.paragraph:
            print(f"  ¶ {hit.paragraph.label or hit.paragraph.anchor}  {hit.plain}")
    print()
    for code, name in FACETS.items():
        values = [
            f"{title_in({'kind': KINDS, 'language': LANGUAGES}.get(code, {}), value)} {many}"
            for value, many in found.facets.get(code, [])[:SHOWN_FACETS]
        ]
        if values:
            print(f"{name}: {' · '.join(values)}")


def _actor(login: str | None, verb: str) -> Actor | None:
    from panoh.registry.command_actor import actor_of_command

    return actor_of_command(login, verb) if login else None


def _entered(actor: Actor | None) -> AbstractContextManager[object]:
    from panoh.access.context import acting, acting_without_member
    from panoh.library.operations.taking_in import TAKEN_IN

    return acting(actor) if actor else acting_without_member("sources taken in by the operator", records=[TAKEN_IN])


def _show_progress(outcome: Outcome) -> None:
    if sys.stderr.isatty():
        print(f"\r{outcome.done} …", end="", file=sys.stderr, flush=True)


def _print(told: dict[str, Any]) -> None:
    print(f"{told['refid']}  {told['classification']}  {told['origin']}  {told['created']}\n{told['title']}\n")
    print(f"tags: {' '.join(told['tags'])}")
    for one in told["references"]:
        print(f"names: {one['label']} {one['text']} {one['refid']}")
    for one in told["paragraphs"]:
        mark = f"({one['mark']}) " if one["mark"] else ""
        label = f"{one['label']}. " if one["label"] else ""
        print(
            f"\n[{one['anchor']}] {label}{mark}{one['text']}"
            if one["kind"] != "heading"
            else f"\n{one['text'].upper()}"
        )
    for one in told["doubts"]:
        if not one["settled"]:
            print(f"unsure: {one['code']} {one['about']}")
