"""What the answers of an act come to: a number from 0 to 100 by the formula that the rulebook gives. Pure.

Every answer stays as it was given; the number is worked out anew whenever it is shown. An answer without points is missing and
counts neither way; where too much is missing there is no number, rather than one that pretends to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from panoh.rulebook.model import Field, Procedure, Score, Titles, as_text
from panoh.rulebook.score import Band, ScorePart

PERCENT = 100


@dataclass(frozen=True, slots=True)
class PartResult:
    """One dimension: its value from 0 to 100, or None where too many answers are missing."""

    part: ScorePart
    value: Fraction | None
    answered: int
    missing: int

    @property
    def rounded(self) -> int | None:
        return None if self.value is None else round(self.value)


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """The whole: the mean of the parts by their weights, and what it means."""

    score: Score
    value: Fraction | None
    parts: tuple[PartResult, ...]

    @property
    def rounded(self) -> int | None:
        return None if self.value is None else round(self.value)

    @property
    def band(self) -> Titles | None:
        return None if self.value is None else _band(self.score.bands, self.value).titles


def compute_score(score: Score, facts: Mapping[str, Any], fields: Mapping[str, Field] | None = None) -> ScoreResult:
    """The score of these answers. `fields` give the bounds of numbers, where a question is one."""
    parts = tuple(_part(score, part, facts, fields or {}) for part in score.parts.values())
    known = [(one.value, one.part.weight) for one in parts if one.value is not None]
    if len(known) < len(parts):
        return ScoreResult(score, None, parts)
    total = sum(weight for _value, weight in known)
    return ScoreResult(score, Fraction(sum(value * weight for value, weight in known)) / total, parts)


def scores_of(procedure: Procedure, action: str, facts: Mapping[str, Any]) -> tuple[ScoreResult, ...]:
    """The scores that the answers of an act come to."""
    fields = {one.name: one for one in procedure.actions[action].form}
    return tuple(compute_score(score, facts, fields) for score in procedure.scores.values() if score.action == action)


def _part(score: Score, part: ScorePart, facts: Mapping[str, Any], fields: Mapping[str, Field]) -> PartResult:
    points: list[Fraction] = []
    for name, by_answer in part.questions.items():
        given = facts.get(name)
        if by_answer:
            if as_text(given) in by_answer:
                points.append(Fraction(by_answer[as_text(given)]))
        elif isinstance(given, int) and name in fields:
            points.append(Fraction(given * PERCENT, fields[name].at_most or PERCENT))
    missing = len(part.questions) - len(points)
    enough = bool(points) and missing * PERCENT <= score.most_missing * len(part.questions)
    return PartResult(part, sum(points, Fraction()) / len(points) if enough else None, len(points), missing)


def _band(bands: tuple[Band, ...], value: Fraction) -> Band:
    return next(band for band in bands if band.below is None or value < band.below)
