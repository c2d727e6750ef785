"""Disclosure control: no blank can be worked out, checked by trying every table that a reader could imagine."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from panoh.statistics.disclosure import THRESHOLD, recoverable, round5, suppressed


def with_margins(rows: list[list[int]]) -> tuple[dict, list[dict]]:
    """A table with row and column sums and the grand total; cells named (row, column), sums by "+"."""
    height, width = len(rows), len(rows[0])
    cells = {(r, c): rows[r][c] for r in range(height) for c in range(width)}
    cells |= {(r, "+"): sum(rows[r]) for r in range(height)}
    cells |= {("+", c): sum(row[c] for row in rows) for c in range(width)}
    cells["+", "+"] = sum(map(sum, rows))
    sums = [{(r, "+"): -1, **{(r, c): 1 for c in range(width)}} for r in [*range(height), "+"]]
    sums += [{("+", c): -1, **{(r, c): 1 for r in range(height)}} for c in [*range(width), "+"]]
    return cells, sums


def solutions(blank: list, cells: dict, sums: list[dict], most: int) -> list[tuple[int, ...]]:
    """Every way to fill the blanks with numbers up to `most` so that all sums hold: what a reader can work out."""
    found = []
    for values in product(range(most + 1), repeat=len(blank)):
        guess = dict(cells) | dict(zip(blank, values, strict=True))
        if all(sum(sign * guess[cell] for cell, sign in known.items()) == 0 for known in sums):
            found.append(values)
    return found


tables = st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=3)


@settings(max_examples=200, deadline=None)
@given(tables)
def test_small_numbers_are_blank_and_sums_do_not_give_them_away(rows) -> None:
    cells, sums = with_margins(rows)
    blank = suppressed(cells, sums)
    assert {cell for cell, value in cells.items() if 0 < value < THRESHOLD} <= blank
    exposed = recoverable(blank, sums)
    for cell in exposed:
        # Only where nothing open is left that could hide it: every other cell of its sums is nought.
        assert not [c for known in sums if cell in known for c in known if c not in blank and cells[c]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=2))
def test_a_reader_who_tries_every_table_finds_more_than_one(rows) -> None:
    cells, sums = with_margins(rows)
    blank = sorted(suppressed(cells, sums) - recoverable(suppressed(cells, sums), sums), key=str)
    if not blank or len(blank) > 5:
        return
    possible = solutions(blank, cells, sums, most=14)
    assert tuple(cells[cell] for cell in blank) in possible
    for at in range(len(blank)):
        assert len({values[at] for values in possible}) > 1, f"{blank[at]} follows from the sums"


def test_blanking_the_small_number_alone_would_give_it_away() -> None:
    """The guard is needed: with the complementary blanks taken away the sums tell the small number."""
    cells, sums = with_margins([[3, 20, 30], [40, 50, 60]])
    assert recoverable({(0, 0)}, sums) == {(0, 0)}
    blank = suppressed(cells, sums)
    assert (0, 0) in blank and len(blank) >= 4 and recoverable(blank, sums) == set()


def test_two_blanks_in_one_line_are_still_seen_through_by_the_columns() -> None:
    """A row of two blanks looks safe alone; each column with a single blank opens it again."""
    cells, sums = with_margins([[3, 2, 30], [40, 50, 60]])
    assert recoverable({(0, 0), (0, 1)}, sums) == {(0, 0), (0, 1)}
    assert recoverable(suppressed(cells, sums), sums) == set()


@given(st.integers(0, 10**6))
def test_rounding_goes_to_the_nearest_five(value: int) -> None:
    assert round5(value) % 5 == 0 and abs(round5(value) - value) <= 2
    assert round5(-value) == -round5(value)


def test_noughts_stay() -> None:
    cells, sums = with_margins([[0, 20], [30, 40]])
    assert suppressed(cells, sums) == set()
