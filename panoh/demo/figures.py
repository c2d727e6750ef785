"""The published figures that the synthetic register must reproduce, as read from `published/` and scaled to any size.

Scaling keeps every total consistent with its parts by the method of largest remainder, so that a register of any size
is balanced like the published one.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

PUBLISHED = Path(__file__).parent / "published"
FIRST_YEAR, LAST_YEAR = 2015, 2025
YEARS = range(FIRST_YEAR, LAST_YEAR + 1)

# Groups of people arrived outside the individual procedure. The source shows 3,000 people of unknown origin among the
# flows of 2022 but in the stocks only from the end of 2023; the register follows the stocks (docs/demo.md).
GROUP_ARRIVAL_YEAR = {(2022, "UNK"): 2023}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the demographic table at the end of 2025."""

    group: str
    origin: str
    location: str
    sex: str
    band: str


@dataclass(frozen=True, slots=True)
class Decisions:
    recognised: int
    rejected: int
    closed: int
    level: str


@dataclass(frozen=True)
class Figures:
    """Stocks by (year, group, origin), cells of end-2025, flows by year, origin and procedure type."""

    stocks: dict[tuple[int, str, str], int]
    cells: dict[Cell, int]
    applications: dict[tuple[int, str, str], int]
    decisions: dict[tuple[int, str, str], Decisions]
    returns: dict[tuple[int, str], int]
    group_arrivals: dict[tuple[int, str], int]
    places: dict[str, str] = field(default_factory=dict)

    def stock(self, year: int, group: str, origin: str) -> int:
        return self.stocks.get((year, group, origin), 0)

    def origins(self, *groups: str) -> list[str]:
        return sorted({origin for (_, group, origin) in self.stocks if group in groups})

    def total(self) -> int:
        """People of concern at the end of the last year."""
        return sum(self.cells.values())

    def scaled(self, factor: float) -> Figures:
        """The same operation, larger or smaller. `factor` 1 gives the published figures themselves."""
        if factor == 1:
            return self
        cells = apportion(self.cells, round(self.total() * factor))
        stocks = {key: round(number * factor) for key, number in self.stocks.items()}
        last: dict[tuple[int, str, str], int] = defaultdict(int)
        for cell, number in cells.items():
            last[(LAST_YEAR, cell.group, "UNK" if cell.group == "OIP" else cell.origin)] += number
        stocks = {key: number for key, number in stocks.items() if key[0] != LAST_YEAR} | dict(last)
        return Figures(
            stocks=stocks,
            cells=cells,
            applications={key: round(number * factor) for key, number in self.applications.items()},
            decisions={
                key: Decisions(
                    round(row.recognised * factor), round(row.rejected * factor), round(row.closed * factor), row.level
                )
                for key, row in self.decisions.items()
            },
            returns={key: round(number * factor) for key, number in self.returns.items()},
            group_arrivals={key: round(number * factor) for key, number in self.group_arrivals.items()},
            places=self.places,
        )


def apportion(parts: dict, total: int) -> dict:
    """Whole numbers in the proportions of `parts` whose sum is `total`: the largest remainders get the last seats."""
    whole = sum(parts.values())
    if not whole or total <= 0:
        return dict.fromkeys(parts, 0)
    shares = {key: divmod(number * total, whole) for key, number in parts.items()}
    seats = {key: quotient for key, (quotient, _) in shares.items()}
    short = total - sum(seats.values())
    order = sorted(enumerate(shares), key=lambda item: (-shares[item[1]][1], item[0]))
    for _, key in order[:short]:
        seats[key] += 1
    return seats


def _rows(name: str) -> list[dict[str, str]]:
    with open(PUBLISHED / name, encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@lru_cache(maxsize=1)
def published() -> Figures:
    """UNHCR's figures, unaltered (published/SOURCE.md)."""
    arrivals: dict[tuple[int, str], int] = defaultdict(int)
    for row in _rows("group_arrivals.csv"):
        year = GROUP_ARRIVAL_YEAR.get((int(row["year"]), row["origin"]), int(row["year"]))
        arrivals[(year, row["origin"])] += int(row["persons"])
    return Figures(
        stocks={(int(r["year"]), r["group"], r["origin"]): int(r["persons"]) for r in _rows("population.csv")},
        cells={
            Cell(r["group"], r["origin"], r["location"], r["sex"], r["age_band"]): int(r["persons"])
            for r in _rows("demographics_2025.csv")
        },
        applications={
            (int(r["year"]), r["origin"], r["procedure_type"]): int(r["persons"]) for r in _rows("applications.csv")
        },
        decisions={
            (int(r["year"]), r["origin"], r["procedure_type"]): Decisions(
                int(r["recognised"]), int(r["rejected"]), int(r["closed"]), r["decision_level"]
            )
            for r in _rows("decisions.csv")
        },
        returns={(int(r["year"]), r["origin"]): int(r["persons"]) for r in _rows("returns.csv")},
        group_arrivals=dict(arrivals),
        places={r["label"]: r["place"] for r in _rows("locations.csv")},
    )
