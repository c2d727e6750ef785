"""`panoh schedule`: lay out a mission that a JSON file describes, fill a gap in its plan, say why a family has its place."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any


def register(subparsers: Any) -> None:
    schedule = subparsers.add_parser(
        "schedule", help="plan an interview mission: officers, interpreters, rooms, families"
    )
    schedule.add_argument(
        "mission", type=Path, metavar="MISSION.json", help="legs, sessions, officers, interpreters, families"
    )
    schedule.add_argument(
        "--out", type=Path, metavar="PLAN.json", help="where the plan is written (default: standard output)"
    )
    schedule.add_argument(
        "--seconds", type=float, default=60.0, help="the longest time to look for a better plan (default: %(default)s)"
    )
    schedule.add_argument(
        "--plan", type=Path, metavar="PLAN.json", help="a plan made before, for --missed and --explain"
    )
    schedule.add_argument(
        "--missed", nargs="+", default=[], metavar="FAMILY", help="families that did not come: fill their gap"
    )
    schedule.add_argument(
        "--now", type=_moment, metavar="DAY[THH:MM]", help="with --missed: what lies before stays as it was"
    )
    schedule.add_argument("--explain", metavar="FAMILY", help="say why the family has its place in the plan, or none")
    schedule.set_defaults(run=run, needs_database=False)
    missions = subparsers.add_parser("missions", help="plans of missions that pages asked for")
    acts = missions.add_subparsers(dest="act", required=True, metavar="ACT")
    keep = acts.add_parser("keep", help="work out what pages asked for, for as long as it runs; `panoh serve` runs it")
    keep.add_argument("--pause", type=float, default=1.0, metavar="SECONDS", help="between looks at what waits")
    keep.set_defaults(run=run_keep)


def run(arguments: argparse.Namespace) -> int:
    from panoh.kernel.problems import Problem
    from panoh.scheduling.explaining import explain
    from panoh.scheduling.files import read_mission, read_plan, write_plan
    from panoh.scheduling.solving import replan, solve
    from panoh.scheduling.words import in_words

    mission = read_mission(_read(arguments.mission))
    if (arguments.missed or arguments.explain) and arguments.plan is None:
        raise Problem("scheduling.command.no_plan")
    plan = read_plan(_read(arguments.plan)) if arguments.plan else None
    if plan is not None and arguments.explain:
        try:
            reasons = explain(mission, plan, arguments.explain)
        except KeyError:
            raise Problem("scheduling.family.unknown", code=arguments.explain) from None
        for line in in_words(reasons):
            print(line)
        return 0
    if plan is not None and arguments.missed:
        unknown = set(arguments.missed) - {one.family for one in plan.appointments}
        if unknown:
            raise Problem("scheduling.family.unknown", code=", ".join(sorted(unknown)))
        now = arguments.now or datetime.combine(min(day for day, _leg in mission.working_days()), datetime.min.time())
        made = replan(mission, plan, arguments.missed, (now.date(), now.hour * 60 + now.minute), arguments.seconds)
    else:
        made = solve(mission, arguments.seconds)
    text = write_plan(made)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")
    else:
        print(text)
    print(
        f"{len(made.appointments)} families placed, {len(made.unplaced)} not; at most {made.gap:.2%} below the best plan there is",
        file=sys.stderr,
    )
    return 0


def run_keep(arguments: argparse.Namespace) -> int:
    from panoh.access.keeping import keep
    from panoh.scheduling.keeping import carry_out_waiting

    keep(carry_out_waiting, arguments.pause)
    return 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day, or a day with an hour: 2026-03-02T10:30") from None
