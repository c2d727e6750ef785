"""What an engine must offer to be measured, and how the peers weigh a father's name and a year beside the name.

The peers know names only. So that they are not beaten by a lack of evidence, all of them get the same plain sum on top;
it was settled once, by hand, and favours none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

NAME, FATHER, YEAR = 0.60, 0.25, 0.15
YEARS_APART = {0: 1.0, 1: 0.7, 2: 0.5}
MOST_FOUND = 10


class Engine(Protocol):
    title: str

    def load(self, register: Path) -> None: ...

    def search(self, name: str, father: str, year: int | None) -> Sequence[str]:
        """Ids, the best first, at least ten where there are so many."""
        ...

    def alarm(self, name: str, father: str, year: int | None) -> float:
        """How sure it is that this person is registered; for an engine without probabilities, its best score."""
        ...

    def forget(self, ids: Iterable[str]) -> None:
        """Take these persons out of the register."""
        ...

    def index_bytes(self) -> int: ...

    def cpu(self) -> float:
        """Seconds of processor time so far, of this process and of what works for it."""
        ...

    def close(self) -> None: ...


def weighed(name: float, father: float | None, years_apart: int | None) -> float:
    """Likeness between 0 and 1 over the evidence that both sides have."""
    total, weight = NAME * name, NAME
    if father is not None:
        total, weight = total + FATHER * father, weight + FATHER
    if years_apart is not None:
        total, weight = total + YEAR * YEARS_APART.get(years_apart, 0.0), weight + YEAR
    return total / weight
