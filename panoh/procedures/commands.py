"""`panoh cases`: bring the stored clocks up to date, count them on any day, move cases to a later version of their procedure.

`panoh rulebook compare`: what a changed rulebook would do to open cases.
"""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from panoh import rulebook
from panoh.kernel.problems import Problem
from panoh.rulebook.model import LANGUAGES

if TYPE_CHECKING:
    from panoh.procedures.queries.moves import Preview


def register(subparsers: Any) -> None:
    cases = subparsers.add_parser("cases", help="the clocks of all cases")
    acts = cases.add_subparsers(title="acts", metavar="ACT")
    recompute = acts.add_parser(
        "recompute", help="compute every time limit anew: after holidays or a law were changed in the rulebook"
    )
    recompute.set_defaults(run=run_recompute)
    due = acts.add_parser(
        "due", help="how every time limit of every case stood, or will stand, on one day, as was known then"
    )
    due.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="2026-03-01 (default: today)")
    due.add_argument("--language", choices=LANGUAGES, default="en")
    due.set_defaults(run=run_due)

    move = acts.add_parser(
        "move", help="what transition rules would change for the open cases; with --do, move them, case by case"
    )
    move.add_argument("--do", action="store_true", help="move them; without it nothing is changed. It cannot be undone")
    move.add_argument("--as", dest="login", metavar="LOGIN", help="the account that acts, as the rule names its role")
    move.add_argument("--limit", type=int, metavar="N", help="move at most so many, or list so many (default: all; 20)")
    move.add_argument("--language", choices=LANGUAGES, default="en")
    move.set_defaults(run=run_move)

    compare = (
        subparsers.choices["rulebook"]
        .get_default("acts")
        .add_parser(
            "compare", help="a dry run of a changed rulebook against the open cases: which last days would move"
        )
    )
    compare.add_argument("folder", type=Path, metavar="FOLDER", help="the country's data as they would be")
    compare.add_argument("--limit", type=int, default=20, metavar="N", help="cases to list (default: %(default)s)")
    compare.add_argument("--language", choices=LANGUAGES, default="en")
    compare.set_defaults(run=run_compare)


def run_recompute(_arguments: argparse.Namespace) -> int:
    from panoh.procedures.operations.barriers import recompute_everything

    began = time.perf_counter()
    changed = recompute_everything("panoh cases recompute")
    print(f"{changed} time limits changed, in {time.perf_counter() - began:.1f} s.")
    return 0


def run_due(arguments: argparse.Namespace) -> int:
    """Counts alone: no case and no person is named."""
    from django.utils import timezone

    from panoh.access.context import acting_as_system
    from panoh.procedures.models import Case
    from panoh.procedures.queries.days import Standing, count_on

    on, began = arguments.on or timezone.localdate(), time.perf_counter()
    book = rulebook.current()
    with acting_as_system("panoh cases due"):
        counts = count_on(Case.objects.all(), book, on)
    print(f"{on}: {counts.clocks:,} time limits of {counts.cases:,} cases, in {time.perf_counter() - began:.1f} s.")
    print("  " + "".join(f"{one.value:>13}" for one in Standing))
    for (procedure, clock), many in sorted(counts.by_clock.items()):
        versions = book.procedures[procedure]
        found = next(version for version in reversed(versions) if clock in version.clocks)
        title = f"{found.titles[arguments.language]}, {found.clocks[clock].titles[arguments.language]}"
        print("  " + "".join(f"{many[one]:>13,}" for one in Standing) + f"  {title}")
    return 0


def run_move(arguments: argparse.Namespace) -> int:
    """Each case in a transaction of its own: what was cut off goes on where it stopped, and what was moved is not moved again."""
    if arguments.do:
        return _move_all(arguments)
    from django.utils import timezone

    from panoh.access.context import acting_as_system
    from panoh.procedures.models import Case
    from panoh.procedures.queries.moves import preview_moves

    began = time.perf_counter()
    listed = 20 if arguments.limit is None else arguments.limit
    with acting_as_system("panoh cases move"):
        found = preview_moves(Case.objects.all(), timezone.localdate(), listed)
    _print_previews(found, arguments.language)
    print(f"Nothing was changed ({time.perf_counter() - began:.1f} s). With --do --as LOGIN they are moved, for good.")
    return 0


def _print_previews(found: list[Preview], language: str) -> None:
    for one in found:
        title = one.later.titles[language]
        print(f"{title}: {_cases(one.cases)} would move, version {one.earlier.version} → {one.later.version}")
        print(f"  {one.rule.why[language]}")
        for before, after, many in one.by_state:
            print(f"  {many:>8,}  {before[language]} → {after[language]}")
        for titles, kept, later, earlier, begun, ended in one.by_clock:
            counts = {"keep their day": kept, "end later": later, "end earlier": earlier, "begin": begun, "end": ended}
            print(f"  {titles[language]}: " + ", ".join(f"{many:,} {what}" for what, many in counts.items() if many))
        if one.on_agenda or one.asked:
            print(
                f"  {one.on_agenda:,} stand on an agenda and wait; {one.asked:,} need answers, on the page of the case"
            )
        for prospect in one.first:
            moved = ", ".join(
                f"{clock.titles[language]}: {clock.due_before or '—'} → {clock.due_after or '—'}"
                for clock in prospect.changed
            )
            print(f"    {prospect.case.number}  {moved or 'no last day moves'}")


def _move_all(arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from panoh.access.context import acting
    from panoh.ledger.guard import refusals
    from panoh.procedures.operations.moving import move_case
    from panoh.procedures.policy import MOVE_READ
    from panoh.procedures.queries.moves import list_prospects, own_movable
    from panoh.registry.command_actor import actor_of_command

    actor = actor_of_command(arguments.login, MOVE_READ.name)
    with acting(actor):
        own = own_movable(actor, timezone.localdate())
        waiting = [(one.case, one.waits) for one in list_prospects(own, timezone.localdate())]
    ready = [case for case, waits in waiting if not waits][: arguments.limit]
    moved, refusals_met = 0, 0
    for case in ready:
        try:
            with refusals(), acting(actor):
                move_case(by=actor, case=case, expected_version=case.version)
        except Problem as problem:
            refusals_met += 1
            print(f"  {case.number}: {problem.code}")
        else:
            moved += 1
    left = sum(waits for _case, waits in waiting)
    print(f"{_cases(moved)} moved, {refusals_met} refused, {left} wait for a sitting or for an answer.")
    return 1 if refusals_met else 0


def _cases(many: int) -> str:
    return f"{many:,} case{'' if many == 1 else 's'}"


def run_compare(arguments: argparse.Namespace) -> int:
    """A draft with errors is told as `rulebook check` tells it; the rulebook in force is not touched either way."""
    from django.utils import timezone

    from panoh.access.context import acting_as_system
    from panoh.procedures.models import Case
    from panoh.procedures.queries.comparison import compare_rulebooks
    from panoh.procedures.queries.moves import preview_draft

    began = time.perf_counter()
    draft = rulebook.load(arguments.folder.resolve())
    with acting_as_system("panoh rulebook compare"):
        found = compare_rulebooks(Case.objects.all(), draft)
        moves = preview_draft(Case.objects.all(), draft, timezone.localdate(), arguments.limit)
    language = arguments.language
    print(f"{found.cases} open cases compared in {time.perf_counter() - began:.1f} s.")
    if found.is_same:
        print("The draft is the rulebook in force, word for word.")
    for one in found.unknown:
        print(
            f"{one.cases} cases of {one.procedure} version {one.version} would be left without their rule: {one.missing}"
        )
    for procedure, clock, later, earlier, other in found.counts:
        title = f"{procedure.titles[language]}, {procedure.clocks[clock].titles[language]}"
        print(f"{title}: {later} later, {earlier} earlier, {other} otherwise")
    for moved in found.moved[: arguments.limit]:
        days = "" if moved.days is None else f" ({moved.days:+} days)"
        print(f"  {moved.case.number}  {moved.clock}: {moved.before or '—'} → {moved.after or '—'}{days}")
    if len(found.moved) > arguments.limit:
        print(f"  … and {len(found.moved) - arguments.limit} more")
    _print_previews(moves, language)
    if not found.moved and not found.unknown and not moves:
        print("No last day would move.")
    return 1 if found.unknown else 0
