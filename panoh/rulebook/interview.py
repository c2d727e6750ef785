"""Interviews that are laid out over days, rooms and officers, as a procedure defines them: a circuit ride, an office's fortnight.

What the plan finds is written into the cases by acts of the procedure itself; this says by which.
"""

from __future__ import annotations

from dataclasses import dataclass

from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.law import Titles

URGENCIES = ("emergency", "urgent", "priority", "normal")
FILLS = {"day": "day", "hour": "text", "place": "text", "language": "language", "sex": "code"}
"""What a plan can put into the form of the act that calls a family, and the kind of field that takes it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answered:
    """An act, with the answers that make it mean this: `mission_interview` with `came: true`."""

    action: str
    answers: FrozenMap[str, str] = EMPTY


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnswerOf:
    """Where in a case to look something up: the last answer to a field of an act."""

    action: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InterviewRule:
    """One kind of interviews to lay out: which cases wait for it, and which acts call, call off, hear and miss."""

    code: str
    titles: Titles
    takes_from_states: tuple[str, ...]
    tracks: tuple[str, ...]
    appoints: str
    """The act that calls a family, taken in each case when a person confirms a plan."""
    fills: FrozenMap[str, str]
    """What of the plan goes into which field of that act; what else its form requires is asked once when a plan is confirmed."""
    sexes: FrozenMap[str, str]
    """Where `fills` names a field for the sex asked for: which answer says F, M, and none for no wish."""
    calls_off: str
    held: Answered
    missed: Answered
    country: AnswerOf | None
    """Where interviews are for one receiving country at a time: which answer says for which."""
    urgency: AnswerOf | None
    urgencies: FrozenMap[str, str]
    """By the value of that answer: how urgent the case is."""
    legal_basis: tuple[str, ...]
