"""The way of a family through the register in whole years: how it came in, how it was decided, how it left.

A `Tally` counts what families contribute to the tables of each year, so that what the published figures still need is
always known: first the families that stay until the end of 2025 are given a way (`survivors`), then families that
came and went fill every table to the last person (`flows`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from panoh.demo.figures import FIRST_YEAR, LAST_YEAR, YEARS
from panoh.demo.kinship import DIES, Member

OPENING = FIRST_YEAR - 1

BY_APPLICATION = "application"
BY_GROUP = "group"
BY_VERIFICATION = "verification"
CARRIED_REFUGEE = "carried_refugee"
CARRIED_APPLICANT = "carried_applicant"

RECOGNISED, REJECTED, CLOSED, PENDING = "recognised", "rejected", "closed", ""


@dataclass(slots=True)
class Family:
    """One family of the plan. `members` is empty where only the size matters so far; `people` fills it in later."""

    key: int
    origin: str
    size: int
    members: tuple[Member, ...] = ()
    births: tuple[int, ...] = ()
    deaths: tuple[int, ...] = ()
    group: str = ""
    location: str = ""
    came: str = BY_APPLICATION
    came_in: int = 0
    procedure: str = ""
    decided: int = 0
    decided_by: str = ""
    outcome: str = PENDING
    left: int = 0
    left_by: str = ""
    has_mother: bool = False
    # Days that are fixed because they lie after the last published year (`afterwards`); else drawn within their year.
    lodged_on: date | None = None
    decided_on: date | None = None
    left_on: date | None = None

    def refugee_from(self) -> int:
        """The year in which the family became refugees; 0 if it never did."""
        if self.came == BY_APPLICATION or self.came == CARRIED_APPLICANT:
            return self.decided if self.outcome == RECOGNISED else 0
        return self.came_in

    def present(self) -> int:
        """How many are left in the family after births and deaths."""
        return self.size + len(self.births) - len(self.deaths)


ChildProcedure = Callable[[int, str, str], str]
"""Year, origin and the family's procedure type → the type under which a child born in that year joins the claim."""


@dataclass
class Tally:
    """Persons by year and origin in every column of the annual tables, as far as families have been given a way."""

    applications: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    decisions: Counter[tuple[int, str, str, str]] = field(default_factory=Counter)
    groups: Counter[tuple[int, str]] = field(default_factory=Counter)
    verified: Counter[tuple[int, str]] = field(default_factory=Counter)
    carried: Counter[tuple[str, str]] = field(default_factory=Counter)
    births: Counter[tuple[int, str]] = field(default_factory=Counter)
    deaths: Counter[tuple[int, str]] = field(default_factory=Counter)
    departures: Counter[tuple[int, str, str]] = field(default_factory=Counter)
    applicants: Counter[tuple[int, str]] = field(default_factory=Counter)
    refugees: Counter[tuple[int, str]] = field(default_factory=Counter)

    def add(self, family: Family, child_procedure: ChildProcedure, sign: int = 1) -> None:
        """Count a family that has its whole way. Children born later count in the year of their birth: while the claim
        is pending as applicants (a child is added to the claim of its parents), after recognition as births."""
        for entered, died in person_spans(family):
            self._add_person(family, entered, died, child_procedure, sign)

    def _add_person(self, family: Family, entered: int, died: int, child_procedure: ChildProcedure, sign: int) -> None:
        origin, first = family.origin, family.came_in
        refugee_from = family.refugee_from()
        gone = died or family.left or LAST_YEAR + 1
        applicant = family.came in (BY_APPLICATION, CARRIED_APPLICANT)
        if entered > first and refugee_from and entered > refugee_from:
            self.births[entered, origin] += sign
        elif applicant:
            if entered == first and family.came == CARRIED_APPLICANT:
                self.carried["ASY", origin] += sign
            else:
                kind = family.procedure if entered == first else child_procedure(entered, origin, family.procedure)
                self.applications[entered, origin, kind] += sign
            if family.decided:
                self.decisions[family.decided, origin, family.decided_by, family.outcome] += sign
            for year in range(entered, family.decided or LAST_YEAR + 1):
                self.applicants[year, origin] += sign
        elif family.came == BY_GROUP:
            self.groups[first, origin] += sign
        elif family.came == BY_VERIFICATION:
            self.verified[first, origin] += sign
        else:
            self.carried["REF", origin] += sign
        if refugee_from:
            for year in range(max(entered, refugee_from), gone):
                self.refugees[year, origin] += sign
            if died:
                self.deaths[died, origin] += sign
            elif family.left:
                self.departures[family.left, origin, family.left_by] += sign


def person_spans(family: Family) -> list[tuple[int, int]]:
    """For each person: the year of entering the register and the year of death (0 for the living)."""
    first = family.came_in
    if not family.members:
        spans = [(first, 0)] * (family.size - len(family.deaths))
        return spans + [(first, year) for year in family.deaths] + [(year, 0) for year in family.births]
    deaths = iter(family.deaths)
    return [(max(first, member.born), next(deaths) if member.fate == DIES else 0) for member in family.members]


def years_between(first: int, last: int) -> range:
    return range(max(first, YEARS.start), last + 1)
