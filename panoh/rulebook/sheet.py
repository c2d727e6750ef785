"""The sheet by which the members of a panel score cases, and what their ranking decides."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Confidence, Titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Criterion:
    """One thing that is scored, from `lowest` to `highest`; `weight` is its part of a hundred."""

    code: str
    titles: Titles
    weight: int
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScoreSheet:
    """How a panel scores, under a name that changes with the sheet, and which answer of which act the ranking gives."""

    name: str
    source: str
    confidence: Confidence
    criteria: FrozenMap[str, Criterion]
    decides: str
    """The act that the ranking decides, and `fills`, the field of it that the place in the ranking answers."""
    fills: str
    per_person: bool
    ranked: tuple[str, ...]
    """Answers of which there are so many as the panel has places, the best first."""
    rest: str
    """The answer for everybody else."""
    least: int | None
    """The score (of 100) below which nobody is given a place."""
