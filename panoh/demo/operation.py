"""The synthetic operation as a whole: refugees, asylum-seekers, headcounts and the stateless, up to the day of the demo.

`plan_operation` is what the loader and the tests ask for. A size other than the published one scales every table; the
number of persons ever registered by the end of 2025 is then met exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import count

from panoh.demo.afterwards import continue_until
from panoh.demo.duplicates import Copy, plant_duplicates
from panoh.demo.figures import Figures, published
from panoh.demo.plan import make_plan
from panoh.demo.stateless import persons_ever, stateless_families, stateless_years
from panoh.demo.survivors import families_of_last_year
from panoh.demo.targets import Targets
from panoh.demo.ways import Family

OTHERS_KEYS = 50_000_000
"""Keys of families outside the refugee and asylum tables begin here, so that one table's size never shifts another's people."""


@dataclass(frozen=True)
class Operation:
    """Everybody who is or was in the register, in the order of coming."""

    figures: Figures
    goal: Targets
    seed: str
    families: list[Family]
    duplicates: dict[int, Copy]

    def persons(self, by_year: int = 9999) -> int:
        """Persons registered up to the end of that year."""
        return sum(_persons_of(family, by_year) for family in self.families)


def _persons_of(family: Family, by_year: int) -> int:
    if family.came_in > by_year:
        return 0
    if family.members:
        return sum(1 for member in family.members if member.born <= by_year)
    return family.size + sum(1 for year in family.births if year <= by_year)


def plan_operation(figures: Figures, persons: int | None, seed: str, until: date) -> Operation:
    """The plan at the published size, or scaled so that `persons` were registered by the end of 2025."""
    extra = 0
    if persons is not None:
        figures, extra = _sized(figures, persons, seed)
    plan = make_plan(figures, seed)
    keys = count(OTHERS_KEYS)
    staying = [
        Family(next(keys), origin, len(members), members, group=group, location=location)
        for group, origin, location, drafts in families_of_last_year(plan.goal, seed)
        if group == "STA"
        for members in drafts
    ]
    if persons is not None:
        extra = persons - plan.persons() - persons_ever(figures)
    stateless = list(stateless_families(stateless_years(figures, max(extra, 0)), staying, seed, keys))
    families = [*plan.families, *stateless]
    families += continue_until(families, until, seed, keys)
    families.sort(key=lambda family: (family.came_in, family.key))
    return Operation(figures, plan.goal, seed, families, plant_duplicates(families, seed))


@lru_cache(maxsize=8)
def _persons_at_published_size(seed: str) -> int:
    return make_plan(published(), seed).persons() + persons_ever(published())


def _sized(figures: Figures, persons: int, seed: str) -> tuple[Figures, int]:
    """A scale just below the wanted size; movement among the stateless then adds the missing persons (`stateless`)."""
    factor = persons / _persons_at_published_size(seed)
    for _ in range(12):
        scaled = figures.scaled(factor)
        missing = persons - make_plan(scaled, seed).persons() - persons_ever(scaled)
        if 0 <= missing <= max(40, persons * 0.01):
            return scaled, missing
        factor *= 1 + (missing - max(5, persons * 0.002)) / persons
    return scaled, missing
