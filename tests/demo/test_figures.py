"""The published figures and their scaling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from panoh.demo.figures import apportion, published


def test_the_published_totals_are_those_of_the_source() -> None:
    figures = published()
    assert figures.total() == 8_620 + 3_238 + 3_980 + 1_550
    assert figures.stock(2025, "REF", "AFG") == 8_615
    assert figures.stock(2025, "ASY", "PAK") == 5
    assert figures.returns[2025, "AFG"] == 1_421
    assert figures.stock(2021, "REF", "AFG") == 10_719


def test_cells_of_the_last_year_add_up_to_its_stocks() -> None:
    figures = published()
    for group, origin in {(cell.group, cell.origin) for cell in figures.cells}:
        counted = sum(n for cell, n in figures.cells.items() if (cell.group, cell.origin) == (group, origin))
        assert counted == figures.stock(2025, group, origin)


@given(
    st.dictionaries(st.integers(), st.integers(0, 10_000), min_size=1, max_size=40).filter(lambda p: sum(p.values())),
    st.integers(0, 1_000_000),
)
def test_apportioned_parts_add_up_and_keep_their_share(parts: dict[int, int], total: int) -> None:
    seats = apportion(parts, total)
    assert sum(seats.values()) == total
    whole = sum(parts.values())
    assert all(abs(seats[key] * whole - number * total) < whole for key, number in parts.items())
    assert all(seats[key] == 0 for key, number in parts.items() if not number)


@given(st.floats(0.01, 30))
def test_scaled_cells_and_stocks_agree(factor: float) -> None:
    figures = published().scaled(factor)
    for group in ("REF", "ASY", "STA", "OIP"):
        cells = sum(n for cell, n in figures.cells.items() if cell.group == group)
        stocks = sum(n for (year, of, _origin), n in figures.stocks.items() if year == 2025 and of == group)
        assert cells == stocks
