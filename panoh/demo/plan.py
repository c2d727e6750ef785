"""The whole operation in whole years: which families came, were decided upon and left, so that every table adds up.

Pure and deterministic: the same figures and the same seed give the same plan. `check_balance` proves the plan against the
published figures before a single row is written.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import count

from panoh.demo.figures import LAST_YEAR, Figures
from panoh.demo.flows import CannotBalance, Flows
from panoh.demo.survivors import NoWayLeft, Placement, families_of_last_year, with_deaths
from panoh.demo.targets import Targets, targets
from panoh.demo.ways import BY_GROUP, Family, Tally

ATTEMPTS = 20
SHARE_OF_FAMILIES_WITH_A_DEATH = 0.04
HEADCOUNT_ORIGIN = "UNK"
RECLASSIFIED = "OIP"


@dataclass(frozen=True)
class Plan:
    """`families` of refugees and asylum-seekers, those of the end of 2025 first; `tally` of all of them."""

    goal: Targets
    families: list[Family]
    tally: Tally

    def persons(self) -> int:
        return sum(len(f.members) or f.size + len(f.births) for f in self.families)


def make_plan(figures: Figures, seed: str) -> Plan:
    """The plan of this seed. A draw of families that leaves a remainder nowhere to go (seen only in very small
    operations) is thrown away and drawn again, always in the same order, so that a seed keeps its meaning."""
    for attempt in range(ATTEMPTS):
        try:
            return _draw_plan(figures, f"{seed}/{attempt}" if attempt else seed)
        except (CannotBalance, NoWayLeft):
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _draw_plan(figures: Figures, seed: str) -> Plan:
    goal = targets(figures)
    tally = Tally()
    keys = count(1)
    staying: dict[tuple[str, str], list[Family]] = {}
    rng = random.Random(f"{seed}/deaths")  # noqa: S311
    for group, origin, location, drafts in families_of_last_year(goal, seed):
        if group not in ("REF", "ASY", RECLASSIFIED):
            continue
        if group == "REF":
            drafts = with_deaths(drafts, rng, SHARE_OF_FAMILIES_WITH_A_DEATH)
        families = [
            Family(next(keys), origin, len(members), members, group=group, location=location) for members in drafts
        ]
        staying.setdefault((group, origin), []).extend(families)
    everyone: list[Family] = []
    for origin in sorted({origin for _, origin in staying} | set(goal.origins)):
        placement = Placement(goal, tally, origin, seed)
        placement.place_applicants(staying.get(("ASY", origin), []))
        placement.place_refugees(staying.get(("REF", origin), []))
        _place_headcount(staying.get((RECLASSIFIED, origin), []), goal, tally)
        for group in ("ASY", "REF", RECLASSIFIED):
            everyone += staying.get((group, origin), [])
    for origin in goal.origins:
        gone = Flows(goal, tally, origin, seed, keys).run()
        for family in gone:
            tally.add(family, goal.child_procedure)
        everyone += gone
    return Plan(goal, everyone, tally)


def _place_headcount(families: list[Family], goal: Targets, tally: Tally) -> None:
    """The people counted as in need of protection at the end of 2025 are those counted before as refugees of unknown
    origin: the source shows 3,000, then 2,250, then none of these, and 1,550 of the others for the first time."""
    arrivals = [year for (year, origin), number in goal.groups.items() if origin == HEADCOUNT_ORIGIN and number]
    for family in families:
        family.came, family.came_in = BY_GROUP, min(arrivals, default=LAST_YEAR)
        family.left, family.left_by = LAST_YEAR, RECLASSIFIED
        tally.add(family, goal.child_procedure)
