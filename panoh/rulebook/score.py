"""A score of a procedure, as `scores:` in its file defines it: which answers count how much, and what the result means."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Confidence, Titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScorePart:
    """One dimension of a score: the questions that belong to it, each with the points of its answers.

    Points run from 0 to 100. A question of kind "number" has no points of its own: its answer counts as a share of its `at_most`.
    An answer that has no points ("does not wish to say") is missing, and missing answers count neither way.
    """

    code: str
    titles: Titles
    weight: int
    questions: FrozenMap[str, FrozenMap[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """What a score means: the band of all scores below `below` (None: of all that are left)."""

    below: int | None
    titles: Titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Score:
    """A number from 0 to 100 that the answers of an act come to. Never stored: the answers are, and the formula has a name.

    The formula belongs to the version of the procedure a case was opened in, so an old score is never counted anew in silence.
    """

    code: str
    titles: Titles
    action: str
    formula: str
    source: str
    confidence: Confidence
    parts: FrozenMap[str, ScorePart]
    bands: tuple[Band, ...]
    most_missing: int
    """Percent of a part's questions that may lack an answer; beyond it there is no score at all."""
