"""Referring: what is refused, each from the same start, and what is written."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.referrals.models import Referral, ReferralNote
from panoh.referrals.operations import send_referral
from panoh.referrals.rules.standing import next_step
from panoh.registry.models import Consent
from panoh.registry.operations.consents import withdraw_consent
from panoh.rulebook import current
from tests.procedures.stories import refused
from tests.referrals.conftest import ASKED, asked, send


def test_a_referral_is_sent_with_its_day_and_names_nobody_in_the_ledger(world, family):
    made = send(world, family)
    today = timezone.localdate()
    assert made.state == "sent"
    assert made.due_on == current().country.work_calendar.add_working_days(today, 1)
    with world.as_role("protection_officer"):
        entry = Entry.objects.get(pk=made.entry_id)
        assert [note.text for note in ReferralNote.objects.filter(referral=made)] == [ASKED]
    assert entry.kind == "referrals.referral.sent"
    assert entry.subjects == [made.pk]
    for hidden in (family.household.pk, family.mother.pk, made.receiver_id):
        assert str(hidden) not in str(entry.payload)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "NOTHING"}, "referrals.referral.unknown_kind"),
        ({"kind": "GBV"}, "referrals.referral.survivors"),
        ({"urgency": "NOW"}, "referrals.referral.unknown_urgency"),
        ({"text": " "}, "referrals.referral.no_text"),
        ({"text": "x" * 4001}, "referrals.referral.no_text"),
        ({"shares": ["narrative"]}, "referrals.referral.cannot_share"),
        ({"persons": []}, "referrals.referral.nobody"),
        ({"receiver_id": uuid4()}, "referrals.referral.wrong_receiver"),
        ({"kind": "HEALTH"}, "referrals.referral.wrong_receiver"),
    ],
)
def test_send_referral_refuses_what_cannot_be_asked(world, family, changes, code):
    with refused(code):
        send(world, family, **changes)
    assert send(world, family).state == "sent"


def test_send_referral_refuses_the_own_organisation_and_one_without_such_work(world, family):
    for code in ("un", "undp", "authority"):
        with refused("referrals.referral.wrong_receiver"):
            send(world, family, receiver_id=world.organisations[code].pk)


def test_consent_to_one_organisation_and_purpose_is_none_to_another(world, family):
    with refused("referrals.referral.no_consent"):
        send(world, family, kind="HEALTH", receiver_id=world.organisations["undp"].pk)


def test_send_referral_refuses_a_person_who_did_not_agree(world, family):
    with refused("referrals.referral.no_consent"):
        send(world, family, persons=[family.mother, family.daughter])


def test_send_referral_refuses_somebody_of_another_file(world, family):
    from tests.papers.conftest import add_family

    with world.as_role("registration_clerk") as clerk:
        other = add_family(clerk, serial=77)
    with refused("referrals.referral.other_person"):
        send(world, family, persons=[other.mother])


def test_send_referral_refuses_after_the_consent_was_withdrawn(world, family):
    with world.as_role("registration_clerk") as clerk:
        withdraw_consent(by=clerk, consent=Consent.objects.get(household=family.household))
    with refused("referrals.referral.no_consent"):
        send(world, family)


def test_what_the_sender_does_not_read_cannot_be_shown(world, family):
    """An authority's role reads no address, so it lets none go."""
    with world.as_role("eligibility_officer") as officer, refused("referrals.referral.cannot_share"):
        send_referral(by=officer, household=family.household, asked=asked(world, family, shares=["residence"]))
    assert send(world, family, shares=["residence"]).shares == ["residence"]


def test_the_same_is_not_asked_twice_while_it_runs(world, family, referral):
    with world.as_role("protection_officer") as by, pytest.raises(Problem) as told:
        send_referral(by=by, household=family.household, asked=asked(world, family))
    assert told.value.code == "referrals.referral.already_running"
    assert told.value.params["number"] == referral.number


def test_a_form_sent_twice_counts_once(world, family):
    submission = uuid4()
    with world.as_role("protection_officer") as by:
        first = send_referral(by=by, household=family.household, asked=asked(world, family), submission_id=submission)
        again = send_referral(by=by, household=family.household, asked=asked(world, family), submission_id=submission)
        assert (again.pk, Referral.objects.count()) == (first.pk, 1)
        other = uuid4()
        entry = record(
            by=by,
            kind="test.other",
            subjects=[uuid4()],
            payload={},
            occurred_on=timezone.localdate(),
            submission_id=other,
        )
        assert entry.submission_id == other
        with refused("referrals.submission.other_act"):
            send_referral(by=by, household=family.household, asked=asked(world, family), submission_id=other)


def test_a_silent_receiver_makes_it_the_caseworkers_turn_again():
    today = timezone.localdate()
    waiting, late = next_step("sent", today, today), next_step("sent", today - timedelta(days=1), today)
    assert (waiting.code, waiting.by_sender) == ("answer", False)
    assert (late.code, late.by_sender, late.is_late(today)) == ("ask_again", True, True)
    assert next_step("closed", None, today) is None
