"""What each published table still needs, and the residuals the published figures leave.

For asylum-seekers: opening + applications − decisions = closing holds in UNHCR's figures up to a few persons; what is
missing becomes an application or a closure without a procedure type, so that the tables by procedure type stay as published.
For refugees only recognitions, group arrivals and returns are published; the rest of the change is births, deaths and
other movements, and is found while the families are made (`flows`). docs/demo.md lists every residual with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from panoh.demo.figures import LAST_YEAR, YEARS, Figures
from panoh.demo.ways import CLOSED, OPENING, RECOGNISED, REJECTED, Tally

PROCEDURES = ("G", "U", "")


@dataclass(frozen=True)
class Targets:
    """Whole numbers of one operation: what the tables of every year must show for applicants, and all known of refugees."""

    origins: tuple[str, ...]
    applications: dict[tuple[int, str, str], int]
    decisions: dict[tuple[int, str, str, str], int]
    levels: dict[tuple[int, str], str]
    groups: dict[tuple[int, str], int]
    returns: dict[tuple[int, str], int]
    applicants: dict[tuple[int, str], int]
    refugees: dict[tuple[int, str], int]
    residuals: dict[tuple[int, str], int]
    figures: Figures

    def child_procedure(self, year: int, origin: str, procedure: str) -> str:
        """A child joins the claim under the family's procedure where that procedure took applications in the year."""
        for kind in (procedure, "G", "U"):
            if self.applications.get((year, origin, kind)):
                return kind
        return procedure

    def left_for(self, tally: Tally) -> Remaining:
        return Remaining(self, tally)


def targets(figures: Figures) -> Targets:
    """The targets of every year; residuals of the applicants' account become applications or closures without type."""
    origins = tuple(figures.origins("REF", "ASY"))
    applications: dict[tuple[int, str, str], int] = dict(figures.applications)
    decisions: dict[tuple[int, str, str, str], int] = {}
    residuals: dict[tuple[int, str], int] = {}
    for (year, origin, kind), row in figures.decisions.items():
        decisions[year, origin, kind, RECOGNISED] = row.recognised
        decisions[year, origin, kind, REJECTED] = row.rejected
        decisions[year, origin, kind, CLOSED] = row.closed
    for origin in origins:
        for year in YEARS:
            expected = (
                figures.stock(year - 1, "ASY", origin)
                + sum(applications.get((year, origin, kind), 0) for kind in "GU")
                - sum(decisions.get((year, origin, k, o), 0) for k in "GU" for o in (RECOGNISED, REJECTED, CLOSED))
            )
            residual = figures.stock(year, "ASY", origin) - expected
            if residual > 0:
                applications[year, origin, ""] = residual
            elif residual < 0:
                decisions[year, origin, "", CLOSED] = -residual
            if residual:
                residuals[year, origin] = residual
    levels = {(year, kind): row.level for (year, _, kind), row in figures.decisions.items()}
    stocks = range(OPENING, LAST_YEAR + 1)
    return Targets(
        origins=origins,
        applications=applications,
        decisions=decisions,
        levels=levels,
        groups=figures.group_arrivals,
        returns=figures.returns,
        applicants={(year, origin): figures.stock(year, "ASY", origin) for year in stocks for origin in origins},
        refugees={(year, origin): figures.stock(year, "REF", origin) for year in stocks for origin in origins},
        residuals=residuals,
        figures=figures,
    )


@dataclass(frozen=True)
class Remaining:
    """Targets less what a tally holds already."""

    targets: Targets
    tally: Tally

    def applications(self, year: int, origin: str, kind: str) -> int:
        key = (year, origin, kind)
        return self.targets.applications.get(key, 0) - self.tally.applications[key]

    def decisions(self, year: int, origin: str, kind: str, outcome: str) -> int:
        key = (year, origin, kind, outcome)
        return self.targets.decisions.get(key, 0) - self.tally.decisions[key]

    def groups(self, year: int, origin: str) -> int:
        return self.targets.groups.get((year, origin), 0) - self.tally.groups[year, origin]

    def carried(self, group: str, origin: str) -> int:
        stocks = self.targets.refugees if group == "REF" else self.targets.applicants
        return stocks.get((OPENING, origin), 0) - self.tally.carried[group, origin]

    def applicants(self, year: int, origin: str) -> int:
        return self.targets.applicants.get((year, origin), 0) - self.tally.applicants[year, origin]

    def refugees(self, year: int, origin: str) -> int:
        return self.targets.refugees.get((year, origin), 0) - self.tally.refugees[year, origin]
