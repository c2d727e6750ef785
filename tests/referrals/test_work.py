"""What waits stands in My work: with the receiver what was referred to it, with the caseworker her own and what came back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from panoh.referrals.queries.referrals import IN_WORK, list_for_work
from tests.referrals.conftest import agreed_family, send
from tests.referrals.test_answering import act
from tests.signing_in import client_of


def work_of(world, role: str, on=None):
    with world.as_role(role) as actor:
        return list_for_work(actor, on or timezone.localdate())


def page_of(world, role: str) -> str:
    return client_of(world.members[role]).get("/work").content.decode()


def test_it_waits_with_the_receiver_and_the_caseworker_sees_what_comes_next(world, referral):
    (received,) = work_of(world, "lawyer").lines
    assert received.is_ours and received.next.code == "answer"
    (own,) = work_of(world, "protection_officer").lines
    assert not own.is_ours and own.next.code == "answer", "hers, though it is not her turn"
    assert "Accept or decline" in page_of(world, "lawyer") and "They answer" in page_of(world, "protection_officer")
    assert work_of(world, "mandate_officer").lines == [], "a colleague's own business until it is the office's turn"


def test_what_came_back_waits_with_everybody_who_may_tell_the_person(world, referral):
    act(world, "lawyer", "decline", referral, outcome="NO_CAPACITY", text="We have nobody that week.")
    assert work_of(world, "lawyer").lines == [], "over for the receiver"
    for role in ("protection_officer", "mandate_officer"):
        (line,) = work_of(world, role).lines
        assert line.is_ours and line.next.code == "refer_elsewhere"


def test_a_silent_receiver_makes_it_the_senders_turn(world, referral):
    later = referral.due_on + timedelta(days=1)
    (line,) = work_of(world, "mandate_officer", later).lines
    assert line.is_ours and line.next.code == "ask_again"


@pytest.mark.parametrize("role", ["registration_supervisor", "programme_officer", "eligibility_officer"])
def test_others_see_nothing_of_it(world, referral, role):
    assert work_of(world, role).lines == []


def test_many_are_cut_off_in_one_statement_and_the_page_leads_to_all(world):
    for serial in range(1, IN_WORK + 3):
        send(world, agreed_family(world, serial))
    with world.as_role("lawyer") as actor, CaptureQueriesContext(connection) as asked:
        found = list_for_work(actor, timezone.localdate())
        assert len(found.lines) == IN_WORK and found.more
        assert [str(line.referral.sender) for line in found.lines] and len(asked) == 1
    assert "More, on their own page" in page_of(world, "lawyer")
