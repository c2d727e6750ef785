"""`panoh cases`: bring the stored clocks up to date, count them on any day. `panoh rulebook compare`: what a changed rulebook would do to open cases."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path
from typing import Any

from panoh import rulebook
from panoh.rulebook.model import LANGUAGES


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


def run_compare(arguments: argparse.Namespace) -> int:
    """A draft with errors is told as `rulebook check` tells it; the rulebook in force is not touched either way."""
    from panoh.access.context import acting_as_system
    from panoh.procedures.models import Case
    from panoh.procedures.queries.comparison import compare_rulebooks

    began = time.perf_counter()
    draft = rulebook.load(arguments.folder.resolve())
    with acting_as_system("panoh rulebook compare"):
        found = compare_rulebooks(Case.objects.all(), draft)
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
    if not found.moved and not found.unknown:
        print("No last day would move.")
    return 1 if found.unknown else 0
