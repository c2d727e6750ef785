"""Families that came and went: they fill the tables of 2015 to 2025 to the last person.

Year by year, for one origin: new claims, decisions and returns take exactly the number that the families still present
at the end have left over; deaths and births happen; what then stands between the account and the published closing
stock is written as other increases (a verification found families) or other decreases (resettlement, naturalisation,
departures). Sizes only: who these families were is told when their lives are written.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

from panoh.demo.composing import HEADCOUNT
from panoh.demo.figures import LAST_YEAR, YEARS
from panoh.demo.targets import PROCEDURES, Targets
from panoh.demo.ways import (
    BY_APPLICATION,
    BY_GROUP,
    BY_VERIFICATION,
    CARRIED_APPLICANT,
    CARRIED_REFUGEE,
    CLOSED,
    OPENING,
    RECOGNISED,
    REJECTED,
    Family,
    Tally,
)

SIZES = (1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 7, 8)
YEARLY_BIRTHS_OF_A_COUPLE, YEARLY_DEATHS_OF_A_PERSON = 0.07, 0.0035

# How the departures that no published figure explains are divided. Invented: UNHCR publishes neither resettlement nor
# naturalisation for Tajikistan. (RESTL, NATURLZN, deported; the rest left or was not found at a verification.)
DEPARTURES = {
    **dict.fromkeys(range(2015, 2021), (0.55, 0.02, 0.0)),
    2021: (0.25, 0.005, 0.005),
    2022: (0.35, 0.002, 0.008),
    2023: (0.45, 0.005, 0.005),
    2024: (0.50, 0.01, 0.01),
    2025: (0.35, 0.01, 0.02),
}
RETURNED, RESETTLED, NATURALISED, DEPORTED, LEFT = "VOLREP", "RESTL", "NATURLZN", "DEPORTED", "LEFT"


class CannotBalance(RuntimeError):
    """A published figure needs persons that this draw of families does not have; `make_plan` then draws again."""


class Flows:
    """The years of one origin."""

    def __init__(self, goal: Targets, tally: Tally, origin: str, seed: str, keys: count[int]) -> None:
        self.goal, self.origin, self.keys = goal, origin, keys
        self.left = goal.left_for(tally)  # the families that stay; fixed while this runs
        self.rng = random.Random(f"{seed}/flows/{origin}")  # noqa: S311
        self.applicants: list[Family] = []
        self.refugees: list[Family] = []
        self.gone: list[Family] = []

    def run(self) -> list[Family]:
        self.applicants = self._new(self.left.carried("ASY", self.origin), CARRIED_APPLICANT, OPENING, "G")
        self.refugees = self._new(self.left.carried("REF", self.origin), CARRIED_REFUGEE, OPENING)
        for year in YEARS:
            self._lodge(year)
            self._decide(year)
            self._change_refugees(year)
        if self.applicants or self.refugees:
            raise CannotBalance(f"{self.origin}: families of the past are left over at the end of {LAST_YEAR}")
        return self.gone

    # -- asylum-seekers

    def _lodge(self, year: int) -> None:
        wanted = {kind: self.left.applications(year, self.origin, kind) for kind in PROCEDURES}
        for family in self.applicants:
            if family.has_mother and self.rng.random() < YEARLY_BIRTHS_OF_A_COUPLE:
                kind = self.goal.child_procedure(year, self.origin, family.procedure)
                if wanted.get(kind, 0) > 20:
                    wanted[kind] -= 1
                    family.births += (year,)
        for kind, number in wanted.items():
            self.applicants += self._new(number, BY_APPLICATION, year, kind)

    def _decide(self, year: int) -> None:
        for kind in PROCEDURES:
            for outcome in (RECOGNISED, REJECTED, CLOSED):
                number = self.left.decisions(year, self.origin, kind, outcome)
                chosen = self._take(self.applicants, number, lambda f: self._turn(f, year), f"{outcome} in {year}")
                for family in chosen:
                    family.decided, family.decided_by, family.outcome = year, kind, outcome
                (self.refugees if outcome == RECOGNISED else self.gone).extend(chosen)

    def _turn(self, family: Family, year: int) -> float:
        return self.rng.random() * (0.4 if family.came_in < year else 1.0)

    # -- refugees

    def _change_refugees(self, year: int) -> None:
        arrived = self._new(self.left.groups(year, self.origin), BY_GROUP, year)
        self._births_and_deaths(year)
        self.refugees += arrived
        present = sum(family.present() for family in self.refugees)
        closing = self.left.refugees(year, self.origin)
        returned = self.goal.returns.get((year, self.origin), 0)
        surplus = present - returned - closing
        if surplus < 0:
            self.refugees += self._new(-surplus, BY_VERIFICATION, year)
        self._leave(year, RETURNED, returned)
        if surplus > 0:
            # A headcount without names is only found smaller at the next count.
            shares = (0.0, 0.0, 0.0) if self.origin == HEADCOUNT else DEPARTURES[year]
            resettled, naturalised, deported = (round(surplus * share) for share in shares)
            for by, number in ((RESETTLED, resettled), (NATURALISED, naturalised), (DEPORTED, deported)):
                if number >= 5:  # smaller numbers would be published as 0
                    surplus -= number
                    self._leave(year, by, number)
            self._leave(year, LEFT, surplus)

    def _births_and_deaths(self, year: int) -> None:
        if self.origin == HEADCOUNT:  # knows neither
            return
        for family in self.refugees:
            if family.refugee_from() >= year:
                continue
            if family.has_mother and self.rng.random() < YEARLY_BIRTHS_OF_A_COUPLE:
                family.births += (year,)
            if family.size - len(family.deaths) > 2 and self.rng.random() < YEARLY_DEATHS_OF_A_PERSON * family.size:
                family.deaths += (year,)

    def _leave(self, year: int, by: str, number: int) -> None:
        def order(family: Family) -> float:
            fresh = family.refugee_from() == year
            # Most of those who came as a group in 2021 went on to a third country the next year.
            onward = family.came == BY_GROUP and by in (RESETTLED, LEFT)
            return self.rng.random() + (1.0 if fresh else 0.0) - (0.6 if onward else 0.0)

        for family in self._take(self.refugees, number, order, f"{by} in {year}"):
            family.left, family.left_by = year, by
            self.gone.append(family)

    # -- whole families, exact numbers

    def _new(self, number: int, came: str, year: int, procedure: str = "") -> list[Family]:
        if number < 0:
            raise CannotBalance(f"{self.origin} {year}: the families that stay fill more than {came} allows")
        families = []
        while number > 0:
            size = min(self.rng.choice(SIZES), number)
            mother = size >= 2 and self.rng.random() < (0.9 if size > 2 else 0.5) and self.origin != HEADCOUNT
            families.append(
                Family(
                    next(self.keys), self.origin, size, came=came, came_in=year, procedure=procedure, has_mother=mother
                )
            )
            number -= size
        return families

    def _take(self, pool: list[Family], number: int, order: Callable[[Family], float], what: str) -> list[Family]:
        """Families with exactly `number` persons, taken from the pool. The last one is two families if need be."""
        if number < 0:
            raise CannotBalance(f"{self.origin}: {what} is overfilled by {-number}")
        if number == 0:
            return []
        chosen: list[Family] = []
        later: list[Family] = []
        for family in sorted(pool, key=order):
            size = family.present()
            if number and size <= number:
                chosen.append(family)
                number -= size
            else:
                later.append(family)
        if number:
            chosen.append(self._part(later, number, what))
        pool[:] = later
        return chosen

    def _part(self, pool: list[Family], number: int, what: str) -> Family:
        """Some of a larger family were a family of their own all along: nothing was told yet that says otherwise."""
        for keeps_mother in (True, False):
            for family in pool:
                couple = family.has_mother and (keeps_mother or bool(family.births))
                if family.size - len(family.deaths) - (2 if couple else 1) < number:
                    continue
                family.size -= number
                family.has_mother = couple
                return Family(
                    next(self.keys), family.origin, number, came=family.came, came_in=family.came_in,
                    procedure=family.procedure, decided=family.decided, decided_by=family.decided_by,
                    outcome=family.outcome,
                )  # fmt: skip
        raise CannotBalance(f"{self.origin}: {number} persons are missing for {what}")
