"""What the law is on a day: acts, their articles, and the values (time limits, counts, ages) that the articles set.

Every value names the article it comes from, the source we read it in, and how sure we are: "verified" is read in the source named,
"unverified" is known from memory or inferred. Half of the national time limits are unverified: a page that shows one must say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from panoh.kernel.problems import Problem
from panoh.rulebook.immutable import FrozenMap

Titles: TypeAlias = FrozenMap[str, str]
"""Texts by language code; each loaded one holds all of `LANGUAGES`."""

LANGUAGES = ("en", "ru", "tg", "prs")

Confidence = Literal["verified", "unverified"]
Unit = Literal["hours", "calendar_days", "working_days", "months"]
MonthEnd = Literal["clip", "roll"]
RestDay = Literal["next_working_day", "stay"]


class NoRuleInForce(Problem):
    """Asked for a rule on a day that the rulebook does not cover. Never answered with a default: the data must be completed."""

    def __init__(self, kind: str, id: str, on: date | None, covered: str = "") -> None:
        super().__init__("rulebook.no_rule_in_force", kind=kind, id=id, on=on, covered=covered)

    def __reduce__(self) -> tuple[type[NoRuleInForce], tuple[str, str, date | None, str]]:
        return NoRuleInForce, (self.params["kind"], self.params["id"], self.params["on"], self.params["covered"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Amendment:
    """An act that changed another act."""

    number: str
    adopted_on: date
    in_force_from: date
    titles: Titles
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Act:
    """A law, regulation, treaty or standard that provisions belong to."""

    id: str
    titles: Titles
    short: Titles
    kind: Literal["law", "regulation", "treaty", "standard"]
    number: str
    adopted_on: date
    source: str
    confidence: Confidence
    amendments: tuple[Amendment, ...] = ()
    article_word: Titles | None = None
    """How its parts are called ("Art.", "ст.", "моддаи", "مادهٔ"); None means the usual word for an article."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Provision:
    """One article or part of it, in one wording: an amendment begins the next `Provision` with the same id.

    `summary` is our paraphrase, never the text itself; `text_hash` is the SHA-256 of the official wording where someone has compared it.
    """

    id: str
    act: str
    article: str
    titles: Titles
    summary: Titles | None
    in_force_from: date
    in_force_to: date | None
    source: str
    confidence: Confidence
    text_hash: str = ""
    defined_at: str = ""

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on < self.in_force_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A length of time as the law states it, with the three questions that every such length leaves open answered.

    `month_end`: 31 January + 1 month is the last day of February ("clip") or 1 March ("roll"). `rest_day`: a limit that ends on a day off
    ends on the next working day, or stays. `counted_from`: the day after the event (civil-law habit) or the day itself.
    """

    amount: int
    unit: Unit
    month_end: MonthEnd = "clip"
    rest_day: RestDay = "next_working_day"
    counted_from: Literal["next_day", "same_day"] = "next_day"


Value: TypeAlias = Amount | int | str | bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatedValue:
    """What a provision sets, and from when until when (end exclusive) it sets it."""

    id: str
    titles: Titles
    value: Value
    provision: str
    source: str
    confidence: Confidence
    valid_from: date
    valid_to: date | None
    note: Titles | None = None
    applies_to_running: bool = False
    """The law that set it also changed limits that ran on the day it came into force. Else a limit ends as it began."""
    defined_at: str = ""

    @property
    def amount(self) -> Amount:
        """The value as a length of time; asking a count for it is a fault of the program."""
        if not isinstance(self.value, Amount):
            raise TypeError(f"{self.id} is not a length of time")
        return self.value

    @property
    def number(self) -> int:
        """The value as a count (a quorum, an age)."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise TypeError(f"{self.id} is not a number")
        return self.value

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Holiday:
    """A public holiday on one day. A movable feast of a coming year is an expectation until it is proclaimed: `confirmed` is False."""

    on: date
    titles: Titles
    confirmed: bool
    source: str
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownBarrier:
    """Something the state did that stopped everybody's procedure at once, as history records it (kinds: code list `barrier_kinds`), with
    the days as far as the source gives them; `days_exact` is False where it gives a month or a year.
    """

    kind: str
    from_on: date
    to_on: date | None
    titles: Titles
    days_exact: bool
    source: str
    confidence: Confidence
