"""How well and how fast an interview mission is laid out.

    .panoh/venv/bin/python benchmarks/circuit_ride.py [--families 400] [--officers 6] [--rides 3]

Made-up rides of ten days in three places with six officers, five interpreters and more families than hours. Printed for each:
the time beside the limit of 60 s, the gap to the proven bound beside the limit of 2 %, and the peer: families taken by urgency,
each into the first team that can take it, as a planner does with a list.

Then each ride once more with its days chosen too: which place on which days of the fortnight, with a day on the road between. Its gap
is against every plan on every route, so it holds what the route leaves out of account (languages, sexes, relatives) as well.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("PANOH_MODE", "test")

from panoh.scheduling.mission import URGENCIES, Mission, broken_rules, can_take, weight  # noqa: E402
from panoh.scheduling.routing import Site, Ways, plan_route  # noqa: E402
from panoh.scheduling.solving import solve  # noqa: E402
from tests.scheduling.missions import circuit_ride  # noqa: E402

MOST_SECONDS, MOST_GAP = 60.0, 0.02


def by_list(mission: Mission) -> float:
    """The value of taking families by urgency, each into the first place that is free; relatives are not kept together."""
    left: dict[tuple, int] = {}
    team_of: dict[tuple, str | None] = {}
    value = 0.0
    for family in sorted(mission.families, key=lambda one: -URGENCIES[one.urgency]):
        place = _first_place(mission, family, left, team_of)
        if place is not None:
            left[place] -= family.minutes
            value += weight(mission, family, place[0])
    return value


def _first_place(mission, family, left, team_of):
    for day, leg in mission.working_days():
        if leg.site != family.site or not family.may_come(day):
            continue
        for number, session in enumerate(mission.sessions):
            taken = {team for (a, b, _officer), team in team_of.items() if (a, b) == (day, number)}
            for officer in mission.officers:
                place = (day, number, officer.code)
                if place in team_of:
                    beside = next((one for one in mission.interpreters if one.code == team_of[place]), None)
                    if can_take(officer, beside, family) and left[place] >= family.minutes:
                        return place
                    continue
                for beside in (None, *mission.interpreters):
                    free = beside is None or beside.code not in taken
                    if free and can_take(officer, beside, family) and session.minutes >= family.minutes:
                        team_of[place], left[place] = beside and beside.code, session.minutes
                        return place
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--families", type=int, default=400)
    parser.add_argument("--officers", type=int, default=6)
    parser.add_argument("--rides", type=int, default=3)
    arguments = parser.parse_args()
    all_kept = True
    for seed in range(1, arguments.rides + 1):
        mission = circuit_ride(arguments.families, arguments.officers, seed)
        plan = solve(mission, MOST_SECONDS - 2)
        wrong = broken_rules(mission, plan)
        peer = by_list(mission)
        kept = not wrong and plan.seconds <= MOST_SECONDS and plan.gap <= MOST_GAP
        all_kept = all_kept and kept
        print(
            f"ride {seed}: {len(plan.appointments)} of {len(mission.families)} families placed in {plan.seconds:5.1f} s"
            f" = {plan.seconds / MOST_SECONDS:.2f} of the limit; gap {plan.gap:.3%} (at most {MOST_GAP:.0%});"
            f" by list {peer / plan.value:.1%} of its value; {'kept' if kept else 'NOT KEPT ' + '; '.join(wrong[:3])}",
            flush=True,
        )
        all_kept = routed(mission, seed, plan.value) and all_kept
    return 0 if all_kept else 1


def routed(mission: Mission, seed: int, typed: float) -> bool:
    """The ride with its days laid out; beside it, what the days are worth that an officer typed."""
    first, last = mission.legs[0].first, mission.legs[-1].last
    sites = [Site(leg.site, leg.rooms) for leg in mission.legs]
    roads = {frozenset({one.code, other.code}): 300 for one in sites for other in sites if one is not other}
    began = time.monotonic()
    found = plan_route(mission, sites, Ways(roads), first, last, seconds=MOST_SECONDS - 10)
    seconds = time.monotonic() - began
    wrong = broken_rules(found.mission, found.plan)
    days = ", ".join(f"{leg.site} {(leg.last - leg.first).days + 1}" for leg in found.route.legs)
    kept = not wrong and seconds <= MOST_SECONDS
    print(
        f"ride {seed}, its days laid out ({days}): {len(found.plan.appointments)} families in {seconds:5.1f} s;"
        f" gap to any plan on any route {found.gap:.3%}, to any plan on these days {found.plan.gap:.3%};"
        f" {found.plan.value / typed:.1%} of the days as typed; {'kept' if kept else 'NOT KEPT ' + '; '.join(wrong[:3])}",
        flush=True,
    )
    return kept


if __name__ == "__main__":
    sys.exit(main())
