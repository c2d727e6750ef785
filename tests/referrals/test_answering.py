"""What follows a referral, from its acceptance to its end; and whom each act is refused."""

from __future__ import annotations

import pytest

from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.referrals import operations
from panoh.referrals.models import Referral, ReferralNote
from panoh.referrals.queries.referrals import list_open
from panoh.referrals.replays import referral_states
from panoh.referrals.snapshots import referral_snapshot
from tests.procedures.stories import refused


def act(world, role, name, referral, **given):
    with world.as_role(role) as by:
        standing = Referral.objects.get(pk=referral.pk)
        given.setdefault("expected_version", standing.version)
        return getattr(operations, f"{name}_referral")(by=by, referral=standing, **given)


def test_a_referral_is_accepted_returned_and_closed(world, referral):
    taken = act(world, "lawyer", "accept", referral, text="She can come at nine.")
    assert (taken.state, taken.handled_by_id) == ("accepted", world.members["lawyer"].pk)
    assert taken.due_on > referral.due_on
    back = act(world, "lawyer", "return", referral, outcome="PROVIDED", text="We spoke for her; she may stay.")
    assert (back.state, back.outcome, back.runs) == ("returned", "PROVIDED", False)
    ended = act(world, "protection_officer", "close", referral, text="She knows, and comes back in May.")
    assert (ended.state, ended.due_on) == ("closed", None)
    with world.as_role("protection_officer"):
        acts = list(ReferralNote.objects.filter(referral=referral).values_list("act", flat=True))
        kinds = list(
            Entry.objects.filter(subjects__contains=[referral.pk])
            .order_by("recorded_at")
            .values_list("kind", flat=True)
        )
    assert acts == ["sent", "accepted", "returned", "closed"]
    assert kinds == [f"referrals.referral.{one}" for one in acts]
    assert referral_states([referral.pk])[referral.pk] == referral_snapshot(ended)


def test_a_declined_one_comes_back_at_once_with_its_reason(world, referral):
    back = act(world, "lawyer", "decline", referral, outcome="NO_CAPACITY", text="No free lawyer this month.")
    assert (back.state, back.outcome) == ("declined", "NO_CAPACITY")
    with world.as_role("protection_officer") as officer:
        (line,) = list_open(officer, back.sent_on)
    assert (line.next.code, line.is_ours) == ("refer_elsewhere", True)
    with refused("referrals.referral.wrong_state"):
        act(world, "lawyer", "accept", referral)


def test_each_act_is_refused_to_the_other_side(world, referral):
    for name, given in (("accept", {}), ("decline", {"outcome": "NOT_OURS", "text": "Not ours."})):
        with refused("referrals.referral.not_receiver"):
            act(world, "protection_officer", name, referral, **given)
    act(world, "lawyer", "accept", referral)
    with refused("referrals.referral.not_receiver"):
        act(world, "protection_officer", "return", referral, outcome="PROVIDED", text="Given, they say.")
    with refused("referrals.referral.not_sender"):
        act(world, "lawyer", "withdraw", referral, text="We give it up.")


def test_a_third_organisation_finds_nothing(world, referral):
    with world.as_role("programme_officer") as officer, refused("referrals.referral.not_found"):
        operations.accept_referral(by=officer, referral=referral, expected_version=1)


def test_messages_pass_between_both_while_it_runs(world, referral):
    act(world, "lawyer", "note", referral, text="Which hearing is it?")
    answered = act(world, "protection_officer", "note", referral, text="The one at the city court.")
    assert (answered.state, answered.version) == ("sent", 3)
    act(world, "protection_officer", "withdraw", referral, text="She found a lawyer herself.")
    with refused("referrals.referral.wrong_state"):
        act(world, "lawyer", "note", referral, text="Why?")


def test_two_who_act_on_the_same_page_do_not_overwrite_each_other(world, referral):
    act(world, "lawyer", "accept", referral)
    with refused("referrals.referral.changed"):
        act(world, "lawyer", "return", referral, outcome="PROVIDED", text="Done.", expected_version=1)


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("decline", {"outcome": "", "text": "No."}, "referrals.referral.no_outcome"),
        ("decline", {"outcome": "PROVIDED", "text": "Done already."}, "referrals.referral.no_outcome"),
        ("decline", {"outcome": "NOT_OURS", "text": " "}, "referrals.referral.no_text"),
        ("note", {"text": ""}, "referrals.referral.no_text"),
        ("accept", {"text": "x" * 4001}, "referrals.referral.no_text"),
    ],
)
def test_an_answer_says_enough_to_go_on_from(world, referral, name, given, code):
    with pytest.raises(Problem) as told:
        act(world, "lawyer", name, referral, **given)
    assert told.value.code == code
    assert act(world, "lawyer", "accept", referral).state == "accepted"
