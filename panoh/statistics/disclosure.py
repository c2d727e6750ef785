"""Disclosure control: what a published table may not tell about few people (DOMAIN §10.5).

`suppress` blanks every value from 1 to 4 and as many others as it takes that no blank can be worked out from the sums
that stand in the table. `round5` gives every value, sums too, to the nearest multiple of five; sums then need not add up.
Pure; a table is a mapping of cells and a list of the sums that a reader knows of.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np

Cell = TypeVar("Cell", bound=Hashable)

THRESHOLD = 5
# A sum that a reader knows: the cells times their signs make nought (opening + increases − decreases − closing = 0).
Sum = Mapping[Cell, int]

_ZERO = 1e-9


def round5(value: int) -> int:
    """To the nearest multiple of five; halves cannot occur. Keeps 0 at 0, and makes 1 and 2 into 0, 3 and 4 into 5."""
    return int((abs(value) + 2) // 5 * 5) * (1 if value >= 0 else -1)


def suppressed(cells: Mapping[Cell, int], sums: Sequence[Sum[Cell]], threshold: int = THRESHOLD) -> set[Cell]:
    """The cells to leave blank: the small ones, and others until no blank one follows from the sums.

    Each sum is first looked at alone (a single blank in it follows from the rest); then the sums together: a blank
    follows from them exactly when no change of the blanks that keeps all sums touches it, which is read from the null
    space of the sums. Others are taken smallest first, so that as much as possible stays.
    """
    blank = {cell for cell, value in cells.items() if 0 < abs(value) < threshold}
    while True:
        grown = _close_single(blank, cells, sums)
        exposed = recoverable(grown, sums)
        if not exposed:
            return grown
        found = (_partner(cell, grown, cells, sums) for cell in exposed)
        partners = {cell for cell in found if cell is not None}
        if not partners:
            # Every cell that could hide them is blank or nought: nothing more can be done within these sums.
            return grown
        blank = grown | partners


def _close_single(blank: set[Cell], cells: Mapping[Cell, int], sums: Sequence[Sum[Cell]]) -> set[Cell]:
    blank = set(blank)
    changed = True
    while changed:
        changed = False
        for known in sums:
            hidden = [cell for cell in known if cell in blank]
            if len(hidden) != 1:
                continue
            open_cells = [cell for cell in known if cell not in blank and cells.get(cell)]
            if open_cells:
                blank.add(min(open_cells, key=lambda cell: (abs(cells[cell]), str(cell))))
                changed = True
    return blank


def recoverable(blank: Iterable[Cell], sums: Sequence[Sum[Cell]]) -> set[Cell]:
    """Of the blank cells those whose value follows from the others and the sums."""
    order = sorted(blank, key=str)
    if not order:
        return set()
    at = {cell: index for index, cell in enumerate(order)}
    rows = [{at[cell]: sign for cell, sign in known.items() if cell in at} for known in sums]
    rows = [row for row in rows if row]
    if not rows:
        return set()
    matrix = np.zeros((len(rows), len(order)))
    for index, row in enumerate(rows):
        for column, sign in row.items():
            matrix[index, column] = sign
    _, singular, directions = np.linalg.svd(matrix, full_matrices=True)
    rank = int((singular > _ZERO * max(matrix.shape)).sum())
    free = directions[rank:]
    moves = np.abs(free).max(axis=0) if len(free) else np.zeros(len(order))
    return {cell for cell in order if moves[at[cell]] < 1e-7}


def _partner(exposed: Cell, blank: set[Cell], cells: Mapping[Cell, int], sums: Sequence[Sum[Cell]]) -> Cell | None:
    """The smallest open value that stands in a sum with the exposed blank."""
    near = {cell for known in sums if exposed in known for cell in known if cell not in blank and cells.get(cell)}
    return min(near, key=lambda cell: (abs(cells[cell]), str(cell))) if near else None
