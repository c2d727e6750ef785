"""What was published or planned, held against what `panoh.statistics` computes from the register."""

from __future__ import annotations

from collections import Counter

from panoh.demo.figures import LAST_YEAR, Figures
from panoh.statistics.annual import AnnualTable, annual_table

SECTIONS = {"REF": "REFUGEE", "ASY": "RSD", "STA": "STATELESS", "OIP": "OIP"}
COLUMNS = {"recognised": "ASYREC-CV", "rejected": "ASYREJ", "closed": "ASYOTHCL"}
UNKNOWN = {"UNK": "XXX"}
"""The register writes an unknown nationality as travel documents do; the source calls it UNK."""


def check_year(year: int, figures: Figures) -> None:
    """Stocks, applications, decisions and returns of one year, and that nothing in it is unexplained."""
    table = annual_table(year, method="true")
    assert table.unexplained == 0
    for (of, group, origin), number in figures.stocks.items():
        if of == year and group in SECTIONS:
            counted = table.value(SECTIONS[group], "CLOSING", origin=UNKNOWN.get(origin, origin))
            assert counted == number, (year, group, origin)
    for (of, origin, kind), number in figures.applications.items():
        if of == year:
            assert decided(table, origin, kind, "ASYAPP") == number, (year, origin, kind)
    for (of, origin, kind), row in figures.decisions.items():
        if of == year:
            for name, column in COLUMNS.items():
                assert decided(table, origin, kind, column) == getattr(row, name), (year, origin, kind, name)
    for (of, origin), number in figures.returns.items():
        if of == year:
            assert table.value("REFUGEE", "VOLREP", origin=origin) == number, (year, origin)


def decided(table: AnnualTable, origin: str, procedure: str, column: str) -> int:
    rows = table.section("DECISIONS").rows
    return sum(
        row.values[column] or 0 for row in rows if row.key["origin"] == origin and row.key["procedure"] == procedure
    )


def check_cells(figures: Figures) -> None:
    """Every cell of the last year, and no person outside them."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    total = 0
    for row in annual_table(LAST_YEAR, method="true").section("DEMOGR").rows:
        if row.key["location"]:
            total += row.values["TOTAL"] or 0
            for column, number in row.values.items():
                found[row.key["group"], row.key["origin"], row.key["location"], column] += number or 0
    for cell, number in figures.cells.items():
        column = "U" if cell.sex == "U" else f"{cell.sex} {cell.band}"
        assert found[cell.group, UNKNOWN.get(cell.origin, cell.origin), cell.location, column] == number, cell
    assert total == figures.total()
