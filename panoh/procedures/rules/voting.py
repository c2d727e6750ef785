"""Who may sit, when a sitting may decide, and what a vote comes to. Pure: facts in, answer out.

The composition, the quorum and the majority are the country's (the rulebook's `sittings`); here stands only the
arithmetic. Two cautions are built in because they decide people's lives: a member with a declared conflict of interest
counts neither for the quorum of that item nor for its vote, and a tie without a rule for ties decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from panoh.kernel.problems import Problem


class Seat(StrEnum):
    """What somebody is at a sitting. Only the chair and members vote; an observer never does."""

    CHAIR = "chair"
    MEMBER = "member"
    SECRETARY = "secretary"
    OBSERVER = "observer"


VOTING_SEATS = frozenset({Seat.CHAIR, Seat.MEMBER})


class Value(StrEnum):
    """How a member votes on a proposal."""

    IN_FAVOUR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Majority(StrEnum):
    """What a proposal needs."""

    SIMPLE = "simple"  # more for than against
    ABSOLUTE = "absolute"  # more than half of those who may vote
    TWO_THIRDS = "two_thirds"  # two thirds of those who may vote
    UNANIMOUS = "unanimous"  # nobody against, somebody for


class Tie(StrEnum):
    """What the rulebook says about equal votes."""

    CHAIR = "chair"  # the chair's own vote decides
    FALLS = "falls"  # the proposal is not carried


@dataclass(frozen=True, slots=True)
class Attendant:
    """One line of the attendance list."""

    member: UUID
    seat: Seat
    present: bool


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether enough are there. `missing` is how many more are needed; `chair_missing` where the chair must be there."""

    needed: int
    present: int
    chair_missing: bool = False

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.present)

    @property
    def reached(self) -> bool:
        return not self.missing and not self.chair_missing


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """`members` is the number of voting seats; `least` how many must be there: a number, or a share of the seats."""

    members: int
    least: int | None = None
    share: tuple[int, int] | None = None
    chair_required: bool = False

    def needed(self) -> int:
        if self.least is not None:
            return self.least
        if self.share is None:
            raise ValueError("a quorum rule names a number or a share")
        numerator, denominator = self.share
        return math.ceil(self.members * numerator / denominator)


def quorum(rule: QuorumRule, attendance: Iterable[Attendant], excluded: frozenset[UUID] = frozenset()) -> Quorum:
    """Is there a quorum? `excluded` are those with a conflict of interest on the item in hand."""
    present = [one for one in attendance if one.present and one.seat in VOTING_SEATS and one.member not in excluded]
    chair_missing = rule.chair_required and not any(one.seat == Seat.CHAIR for one in present)
    return Quorum(needed=rule.needed(), present=len(present), chair_missing=chair_missing)


def check_vote(member: UUID, attendance: Iterable[Attendant], excluded: frozenset[UUID]) -> Attendant:
    """May this member vote on this item? Raises the reason; returns the seat where all is well."""
    seat = next((one for one in attendance if one.member == member), None)
    if seat is None or not seat.present:
        raise Problem("procedures.vote.not_present")
    if seat.seat not in VOTING_SEATS:
        raise Problem("procedures.vote.no_vote", seat=str(seat.seat))
    if member in excluded:
        raise Problem("procedures.vote.conflict_of_interest")
    return seat


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes come to. `carried` is None while nothing is decided: a tie without a rule, or no vote at all."""

    in_favour: int
    against: int
    abstained: int
    entitled: int
    carried: bool | None
    by_chair: bool = False

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


def tally(
    votes: Mapping[UUID, Value],
    attendance: Iterable[Attendant],
    excluded: frozenset[UUID],
    majority: Majority,
    tie: Tie | None,
) -> Tally:
    """The outcome of a vote on one proposal.

    Votes of those who may not vote (observers, absent, in conflict) are not counted even where a row for them exists:
    the guard at the door and this sum must both hold.
    """
    entitled = {
        one.member: one.seat
        for one in attendance
        if one.present and one.seat in VOTING_SEATS and one.member not in excluded
    }
    counted = {member: Value(value) for member, value in votes.items() if member in entitled}
    in_favour = sum(value is Value.IN_FAVOUR for value in counted.values())
    against = sum(value is Value.AGAINST for value in counted.values())
    abstained = sum(value is Value.ABSTAIN for value in counted.values())
    carried, by_chair = _carried(in_favour, against, len(entitled), majority), False
    if majority is Majority.SIMPLE and in_favour == against:
        carried = None
        if counted and tie is Tie.FALLS:
            carried = False
        elif counted and tie is Tie.CHAIR:
            chair = next((member for member, seat in entitled.items() if seat == Seat.CHAIR), None)
            casting = counted.get(chair) if chair else None
            if casting in (Value.IN_FAVOUR, Value.AGAINST):
                carried, by_chair = casting is Value.IN_FAVOUR, True
    return Tally(in_favour, against, abstained, len(entitled), carried, by_chair)


def _carried(in_favour: int, against: int, entitled: int, majority: Majority) -> bool | None:
    if not in_favour and not against:
        return None
    match majority:
        case Majority.SIMPLE:
            return in_favour > against
        case Majority.ABSOLUTE:
            return in_favour * 2 > entitled
        case Majority.TWO_THIRDS:
            return in_favour * 3 >= entitled * 2
        case Majority.UNANIMOUS:
            return in_favour > 0 and against == 0
    raise ValueError(majority)
