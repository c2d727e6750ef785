"""Votes on the open motion of an item, and their count.

A vote can be changed until it is counted: the member votes again, and the latest turn counts. Nothing is overwritten. What a
member gave at her own desk, nobody else changes; what the keeper of the sitting wrote down for her, either may put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.procedures.models import AgendaItem, Motion, Vote
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.items import Held, hold_item, open_motion, record_item
from panoh.procedures.operations.sittings import attendants, check_quorum, quorum_of
from panoh.procedures.rules.voting import Majority, Tally, Tie, Value, check_vote, tally


@transaction.atomic
def cast_vote(*, by: Actor, item: AgendaItem, value: str, member: UUID | None = None) -> Vote:
    """One vote on the open motion, or a change of it. Who keeps the sitting may write down that of a member who showed a hand."""
    voter = member or by.member_id
    held = hold_item(by, item, "vote" if voter == by.member_id else "attend")
    try:
        wanted = Value(value)
    except ValueError:
        raise Problem("procedures.vote.unknown_value", field="value") from None
    motion = open_motion(held)
    check_vote(voter, attendants(held.attendance), held.excluded)
    last = motion.votes.filter(member_id=voter).order_by("-turn").first()
    if last is not None:
        if last.value == wanted:
            return last
        if voter != by.member_id and last.written_by_id in (None, voter):
            raise Problem("procedures.vote.already_cast")
    vote = Vote(
        motion=motion, member_id=voter, value=wanted, written_by_id=by.member_id, turn=last.turn + 1 if last else 1
    )
    record_item(
        by, held, "vote.changed" if last else "vote.cast", [motion.pk],
        {"motion": motion.pk, "member": voter, "value": str(wanted), "turn": vote.turn},
    )  # fmt: skip
    vote.save(force_insert=True)
    return vote


@transaction.atomic
def record_votes(*, by: Actor, item: AgendaItem, votes: Mapping[UUID, str]) -> list[Vote]:
    """The votes of a show of hands, written down together by whoever keeps the sitting."""
    return [cast_vote(by=by, item=item, value=value, member=member) for member, value in votes.items()]


def tally_of(held: Held, motion: Motion) -> Tally:
    votes = {vote.member_id: Value(vote.value) for vote in motion.votes.order_by("turn")}
    return tally(votes, attendants(held.attendance), held.excluded, Majority(held.rule.majority), Tie(held.rule.tie))


@transaction.atomic
def count_votes(*, by: Actor, item: AgendaItem) -> Motion:
    """Closes the vote on the open motion. The quorum is asked for again: who has a conflict does not count."""
    held = hold_item(by, item, "decide")
    motion = open_motion(held)
    check_quorum(quorum_of(current_book(), held.rule, held.sitting.on, held.attendance, held.excluded))
    counted = tally_of(held, motion)
    if counted.cast < counted.entitled:
        raise Problem("procedures.motion.votes_missing", missing=counted.entitled - counted.cast)
    if counted.carried is None:
        raise Problem("procedures.motion.undecided")
    motion.state = Motion.CARRIED if counted.carried else Motion.FALLEN
    motion.in_favour, motion.against, motion.abstained = counted.in_favour, counted.against, counted.abstained
    motion.by_chair = counted.by_chair
    record_item(
        by, held, "motion.counted", [motion.pk],
        {
            "motion": motion.pk, "carried": counted.carried, "by_chair": counted.by_chair,
            "votes": [counted.in_favour, counted.against, counted.abstained],
        },
    )  # fmt: skip
    motion.save(update_fields=["state", "in_favour", "against", "abstained", "by_chair"])
    return motion
