"""Gives every family of the end-2025 tables a way into the register that the flows of the earlier years allow.

A way is taken only if no table of any year would hold more persons than were published; what is then still missing in
the tables is filled by families that came and left again (`flows`). Newer recognitions are favoured, since few of those
recognised ten years ago are still there.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from panoh.demo.figures import LAST_YEAR, YEARS
from panoh.demo.fitting import fit_families, with_a_death
from panoh.demo.kinship import DIES, Member
from panoh.demo.targets import PROCEDURES, Targets
from panoh.demo.ways import (
    BY_APPLICATION,
    BY_GROUP,
    BY_VERIFICATION,
    CARRIED_APPLICANT,
    CARRIED_REFUGEE,
    CLOSED,
    OPENING,
    PENDING,
    RECOGNISED,
    REJECTED,
    Family,
    Tally,
)

MEAN_SIZE = {"REF": 4.4, "ASY": 2.5}
# Share of each year's new refugees that is still in the country at the end of 2025: invented, for nothing is published.
STILL_THERE = {
    2015: 0.08, 2016: 0.1, 2017: 0.1, 2018: 0.12, 2019: 0.16, 2020: 0.2, 2021: 0.28, 2022: 0.5, 2023: 0.8, 2024: 0.88,
    2025: 0.98,
}  # fmt: skip
STILL_THERE_OF_GROUPS, STILL_THERE_OF_CARRIED, STILL_THERE_OF_VERIFIED = 0.12, 0.08, 0.2
OLD_CLAIMS_FIRST = 3.0
"""How much more likely a claim of an earlier year is decided than one of the same year."""


class NoWayLeft(RuntimeError):
    """The published flows leave no way into the register for a family: the operation is too small to be fitted."""


@dataclass(frozen=True)
class Route:
    """One way in: how, decided in which year and by whom, and how many persons at most and ideally take it."""

    came: str
    year: int
    kind: str
    most: int
    ideal: float


def pending_by_year(goal: Targets, origin: str) -> tuple[dict[int, dict[int, float]], dict[int, float]]:
    """For each decision year, from which years its claims come; and from which years the claims still pending are."""
    pending: dict[int, float] = {OPENING: float(goal.applicants[OPENING, origin])}
    decided: dict[int, dict[int, float]] = {}
    for year in YEARS:
        pending[year] = float(sum(goal.applications.get((year, origin, kind), 0) for kind in PROCEDURES))
        count = sum(
            goal.decisions.get((year, origin, kind, outcome), 0)
            for kind in PROCEDURES
            for outcome in (RECOGNISED, REJECTED, CLOSED)
        )
        decided[year] = _draw(pending, count, year)
    return decided, pending


def _draw(pending: dict[int, float], count: float, this_year: int) -> dict[int, float]:
    drawn: dict[int, float] = defaultdict(float)
    left = float(count)
    while left > 1e-6:
        weights = {y: n * (OLD_CLAIMS_FIRST if y < this_year else 1.0) for y, n in pending.items() if n > 1e-9}
        whole = sum(weights.values())
        if whole <= 0:
            break
        for year, weight in weights.items():
            part = min(pending[year], left * weight / whole)
            pending[year] -= part
            drawn[year] += part
        left = count - sum(drawn.values())
    return drawn


def families_of_last_year(goal: Targets, seed: str) -> Iterator[tuple[str, str, str, list[tuple[Member, ...]]]]:
    """Group, origin, place and families for each set of cells of the end-2025 table."""
    cells: dict[tuple[str, str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for cell, number in goal.figures.cells.items():
        cells[cell.group, cell.origin, cell.location][cell.sex, cell.band] = number
    for (group, origin, location), counts in cells.items():
        rng = random.Random(f"{seed}/families/{group}/{origin}/{location}")  # noqa: S311
        yield group, origin, location, fit_families(counts, origin, MEAN_SIZE.get(group, 2.5), rng)


class Placement:
    """Finds ways for the families of one origin."""

    def __init__(self, goal: Targets, tally: Tally, origin: str, seed: str) -> None:
        self.goal, self.tally, self.origin = goal, tally, origin
        self.left = goal.left_for(tally)
        self.rng = random.Random(f"{seed}/ways/{origin}")  # noqa: S311
        self.decided_from, self.pending_from = pending_by_year(goal, origin)

    def place_applicants(self, families: list[Family]) -> None:
        """Claims pending at the end of the last year."""
        wanted = dict(self.pending_from)
        for family in sorted(families, key=lambda f: (-_earliest_year(f), f.key)):
            earliest = _earliest_year(family)
            years = [year for year in wanted if year > OPENING and year >= earliest and wanted[year] > 0.5]
            years = years or list(YEARS)
            tries = self._drawn(years, [max(wanted[year], 0.01) for year in years], 6)
            for year in [*tries, *reversed(YEARS)]:
                if self._try_application(family, year, 0, "", PENDING):
                    wanted[year] -= family.size
                    break
            else:
                raise NoWayLeft(f"{self.origin}: no pending claim for a family of {family.size}")

    def place_refugees(self, families: list[Family]) -> None:
        routes = self._routes(sum(family.size for family in families))
        used = dict.fromkeys(routes, 0)
        for family in sorted(families, key=lambda f: (-_earliest_year(f), f.key)):
            earliest = _earliest_year(family)
            open_routes = [route for route in routes if route.year >= earliest]
            # Some came as adolescents of fourteen to seventeen; only where no other way is open.
            earlier = sorted((r for r in routes if earliest - 4 <= r.year < earliest), key=lambda r: -r.year)
            weights = [max(route.ideal - used[route], 0.0) + 0.02 * route.most + 0.001 for route in open_routes]
            for route in [
                *self._drawn(open_routes, weights, 10),
                *sorted(open_routes, key=lambda r: used[r] - r.most),
                *earlier,
            ]:
                if self._try_route(family, route, earliest):
                    used[route] += family.size
                    break
            else:
                self._place_by_verification(family)

    def _drawn(self, options: list, weights: list[float], most: int) -> list:
        return self.rng.choices(options, weights, k=most) if options else []

    def _routes(self, needed: int) -> list[Route]:
        routes: list[Route] = []
        for year in YEARS:
            for kind in PROCEDURES:
                number = self.goal.decisions.get((year, self.origin, kind, RECOGNISED), 0)
                if number:
                    routes.append(Route(BY_APPLICATION, year, kind, number, number * STILL_THERE[year]))
            number = self.goal.groups.get((year, self.origin), 0)
            if number:
                routes.append(Route(BY_GROUP, year, "", number, number * STILL_THERE_OF_GROUPS))
            number = self._unexplained_growth(year)
            if number > 0:
                routes.append(Route(BY_VERIFICATION, year, "", number, number * STILL_THERE_OF_VERIFIED))
        number = self.goal.refugees[OPENING, self.origin]
        if number:
            routes.append(Route(CARRIED_REFUGEE, OPENING, "", number, number * STILL_THERE_OF_CARRIED))
        whole = sum(route.ideal for route in routes) or 1
        factor = needed / whole
        return [Route(r.came, r.year, r.kind, r.most, min(r.ideal * factor, r.most * 0.985)) for r in routes]

    def _unexplained_growth(self, year: int) -> int:
        recognised = sum(self.goal.decisions.get((year, self.origin, kind, RECOGNISED), 0) for kind in PROCEDURES)
        return (
            self.goal.refugees[year, self.origin]
            - self.goal.refugees[year - 1, self.origin]
            - recognised
            - self.goal.groups.get((year, self.origin), 0)
            + self.goal.returns.get((year, self.origin), 0)
        )

    def _try_route(self, family: Family, route: Route, earliest: int) -> bool:
        if route.came != BY_APPLICATION:
            return self._try(family, route.came, route.year, "", 0, "", PENDING)
        sources = {y: n for y, n in self.decided_from[route.year].items() if n > 0 and y >= min(earliest, route.year)}
        if not sources:
            sources = {route.year: 1.0}
        for year in self._drawn(list(sources), list(sources.values()), 3):
            if self._try_application(family, year, route.year, route.kind, RECOGNISED):
                return True
        return False

    def _try_application(self, family: Family, year: int, decided: int, decided_by: str, outcome: str) -> bool:
        if year == OPENING:
            return self._try(family, CARRIED_APPLICANT, year, decided_by, decided, decided_by, outcome)
        kinds = [kind for kind in PROCEDURES if self.left.applications(year, self.origin, kind) > 0]
        weights = [float(self.goal.applications[year, self.origin, kind]) for kind in kinds]
        return any(
            self._try(family, BY_APPLICATION, year, kind, decided, decided_by, outcome)
            for kind in dict.fromkeys(self._drawn(kinds, weights, 2) + kinds)
        )

    def _try(
        self, family: Family, came: str, year: int, procedure: str, decided: int, decided_by: str, outcome: str
    ) -> bool:
        family.came, family.came_in, family.procedure = came, year, procedure
        family.decided, family.decided_by, family.outcome = decided, decided_by, outcome
        family.deaths = self._deaths(family)
        self.tally.add(family, self.goal.child_procedure)
        if self._fits(family):
            return True
        self.tally.add(family, self.goal.child_procedure, sign=-1)
        return False

    def _deaths(self, family: Family) -> tuple[int, ...]:
        dying = sum(1 for member in family.members if member.fate == DIES)
        first = family.refugee_from() + 1
        if dying and 1 < first <= LAST_YEAR:
            return tuple(self.rng.randint(max(first, YEARS.start), LAST_YEAR) for _ in range(dying))
        if dying:  # no time to die in the register: then that parent never came
            family.members = tuple(member for member in family.members if member.fate != DIES)
            family.size = len(family.members)
        return ()

    def _fits(self, family: Family) -> bool:
        origin, left = family.origin, self.left
        if family.came == BY_GROUP and left.groups(family.came_in, origin) < 0:
            return False
        if family.came == CARRIED_REFUGEE and left.carried("REF", origin) < 0:
            return False
        if family.came == CARRIED_APPLICANT and left.carried("ASY", origin) < 0:
            return False
        if family.decided and left.decisions(family.decided, origin, family.decided_by, family.outcome) < 0:
            return False
        for year in range(max(family.came_in, OPENING), LAST_YEAR + 1):
            if left.applicants(year, origin) < 0 or left.refugees(year, origin) < 0:
                return False
            if any(left.applications(year, origin, kind) < 0 for kind in PROCEDURES):
                return False
        return True

    def _place_by_verification(self, family: Family) -> None:
        """The last resort of very small operations: found in a verification of the last years, with that reason."""
        for year in reversed(YEARS):
            if self._try(family, BY_VERIFICATION, year, "", 0, "", PENDING):
                return
        raise NoWayLeft(f"{self.origin}: no way for a refugee family of {family.size}")


def _earliest_year(family: Family) -> int:
    """Head and spouse came as adults (or of working age, where children live alone)."""
    couple = [m.born for m in family.members if m.relationship in ("PA", "HUS", "WIF") and m.born]
    if not couple:
        return OPENING
    youngest = max(couple)
    return youngest + (18 if LAST_YEAR - youngest >= 18 else 7)


def with_deaths(families: list[tuple[Member, ...]], rng: random.Random, share: float) -> list[tuple[Member, ...]]:
    return [with_a_death(members, rng) if rng.random() < share else members for members in families]
