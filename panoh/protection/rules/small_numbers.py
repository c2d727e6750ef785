"""What a table for others may not tell about few people: cells from 1 to 4 stay blank, and none can be worked out again.

Smaller than the rule of the published tables (panoh.statistics.disclosure, a storey above): here a table has only sums by
column, or by row, which share no cell.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Cell = TypeVar("Cell", bound=Hashable)

THRESHOLD = 5


def blanks(cells: Mapping[Cell, int], sums: Iterable[Iterable[Cell]], threshold: int = THRESHOLD) -> set[Cell]:
    """The cells to leave blank, where the reader knows the sum of each of the groups in `sums`.

    A single blank in a group follows from the rest, and two whose sum is small still tell much: so the smallest open cell goes
    along until at least two are blank and together they are no small number, or nothing is left to blank.
    """
    blank = {cell for cell, value in cells.items() if 0 < value < threshold}
    for group in sums:
        members = list(group)
        while True:
            hidden = [cell for cell in members if cell in blank]
            left = [cell for cell in members if cell not in blank and cells[cell]]
            enough = len(hidden) > 1 and sum(cells[cell] for cell in hidden) >= threshold
            if not hidden or enough or not left:
                break
            blank.add(min(left, key=lambda cell: (cells[cell], str(cell))))
    return blank
