"""One item of an agenda as its page shows it: who has voted, what the reader may know of the votes, what lies before and behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from panoh.access.actor import Actor
from panoh.procedures.models import AgendaItem, Attendance, Motion, Vote
from panoh.procedures.queries.agenda import AgendaLine
from panoh.procedures.rules.voting import VOTING_SEATS
from panoh.rulebook.model import SittingRule


@dataclass(frozen=True, slots=True)
class VoteLine:
    """Who votes, and what is shown of the vote: `value` is empty where it is not given, or not for the reader to know yet."""

    line: Attendance
    given: bool
    value: str
    mine: bool
    writable: bool
    """Whoever keeps the sitting may write it down, or put right what she wrote."""


@dataclass(frozen=True, slots=True)
class VotesOnPage:
    """The vote on one motion, as one reader may see it."""

    motion: Motion
    lines: tuple[VoteLine, ...]

    @property
    def given(self) -> int:
        return sum(line.given for line in self.lines)

    @property
    def missing(self) -> int:
        return len(self.lines) - self.given

    @property
    def mine(self) -> VoteLine | None:
        return next((line for line in self.lines if line.mine), None)

    @property
    def some_writable(self) -> bool:
        return any(line.writable for line in self.lines)


def read_votes(
    actor: Actor, rule: SittingRule, motion: Motion, attendance: Sequence[Attendance], conflicts: frozenset[UUID]
) -> VotesOnPage:
    """Before the count a reader sees who has voted, her own vote and what she wrote down; the rest when the rules allow."""
    latest: dict[UUID, Vote] = {vote.member_id: vote for vote in motion.votes.all()}
    counted = motion.state in (Motion.CARRIED, Motion.FALLEN)
    lines = []
    for one in attendance:
        vote = latest.get(one.member_id)
        entitled = one.present and one.seat in VOTING_SEATS and one.member_id not in conflicts
        if not (vote if counted else entitled):
            continue
        mine = one.member_id == actor.member_id
        written_by_me = vote is not None and vote.written_by_id == actor.member_id
        shown = counted or mine or written_by_me or rule.votes_shown == "at_once"
        lines.append(
            VoteLine(
                line=one,
                given=vote is not None,
                value=vote.value if vote and shown else "",
                mine=mine,
                writable=motion.state == Motion.OPEN and (vote is None or (written_by_me and not mine)),
            )
        )
    return VotesOnPage(motion, tuple(lines))


@dataclass(frozen=True, slots=True)
class Way:
    """Where to go from an item: the one before, the one behind, and the next that is still to be dealt with."""

    before: AgendaLine | None
    behind: AgendaLine | None
    next_waiting: AgendaLine | None


def way_from(lines: Sequence[AgendaLine], item: AgendaItem) -> Way:
    at = next((n for n, line in enumerate(lines) if line.item.pk == item.pk), None)
    if at is None:
        return Way(None, None, None)
    around = [*lines[at + 1 :], *lines[:at]]
    return Way(
        before=lines[at - 1] if at else None,
        behind=lines[at + 1] if at + 1 < len(lines) else None,
        next_waiting=next((line for line in around if not line.finished), None),
    )
