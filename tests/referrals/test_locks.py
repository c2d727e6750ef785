"""What the receiver sees: exactly what the referral grants, only while it runs, also by raw SQL; and that each guard is needed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from panoh.access.roles import ROLES
from panoh.ledger.operations import record
from panoh.referrals.models import Referral, ReferralNote, ReferralPerson
from panoh.referrals.queries.referrals import find_shown, visible_to
from panoh.registry.models import Consent, Household, Person
from panoh.registry.operations.consents import withdraw_consent
from tests.referrals.conftest import agreed_family, send
from tests.referrals.test_answering import act


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_database_shows_what_the_pages_ask_for(world, family, referral, role):
    with world.as_role(role) as actor:
        by_database = set(Referral.objects.values_list("number", flat=True))
        by_pages = set(visible_to(actor).values_list("number", flat=True))
    assert by_database == by_pages
    sides = {"protection_officer", "register_officer", "mandate_officer", "lawyer"}
    assert by_database == ({referral.number} if role in sides else set())


def test_the_receiver_sees_what_was_let_go_and_nothing_else_of_the_file(world, family, referral):
    with world.as_role("lawyer"):
        shown = find_shown(referral)
        (one,) = shown.persons
        assert (one.number, one.phone, shown.place, shown.detail, one.needs) == (
            family.mother.number, "+992900000001", "", "", [],
        )  # fmt: skip
        assert one.names[0].given
        assert not Household.objects.exists()
        assert not Person.objects.exists()
        assert not ReferralPerson.objects.exists()
        assert ReferralNote.objects.filter(referral=referral).count() == 1


def test_each_class_is_shown_only_where_it_was_let_go_and_the_receivers_role_reads_it(world, family):
    everything = send(world, family, shares=["residence", "needs", "contact"])
    with world.as_role("lawyer"):
        shown = find_shown(everything)
    assert shown.persons[0].needs == ["WR-UW"]  # never the restricted one
    assert (shown.place, shown.detail) == ("", "")  # a lawyer's role reads no address
    with world.as_role("protection_officer"):
        assert find_shown(everything) is None  # the sender has the file itself


@pytest.mark.parametrize("end", ["return", "decline", "withdraw", "consent"])
def test_once_it_has_ended_whom_it_was_about_is_closed(world, family, referral, end):
    with world.as_role("lawyer"):
        assert find_shown(referral) is not None
    if end == "consent":
        with world.as_role("registration_clerk") as clerk:
            withdraw_consent(by=clerk, consent=Consent.objects.get(household=family.household))
    elif end == "withdraw":
        act(world, "protection_officer", "withdraw", referral, text="She changed her mind.")
    else:
        if end == "return":
            act(world, "lawyer", "accept", referral)
        outcome = {"return": "PROVIDED", "decline": "NOT_OURS"}[end]
        act(world, "lawyer", end, referral, outcome=outcome, text="As was said on the telephone.")
    with world.as_role("lawyer"):
        assert find_shown(referral) is None
        if end != "consent":
            assert not ReferralNote.objects.exists()
    with world.as_role("protection_officer"):
        assert ReferralNote.objects.filter(referral=referral).exists()


def test_without_its_end_in_the_rule_the_receiver_would_read_on(committed_world, owner_connection):
    """The guard taken away: nothing else closes the words to the receiver."""
    world = committed_world
    referral = send(world, agreed_family(world))
    act(world, "protection_officer", "withdraw", referral, text="She changed her mind.")
    with world.as_role("lawyer"):
        assert not ReferralNote.objects.exists()
    (rule,) = owner_connection.execute(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy"
        " WHERE polname = 'panoh_read' AND polrelid = 'referrals_note'::regclass"
    ).fetchone()
    guard = "(f.state)::text = ANY"
    assert guard in rule
    owner_connection.execute(
        f"ALTER POLICY panoh_read ON referrals_note USING ({rule.replace(guard, '(f.state)::text <> ALL')})"
    )
    with world.as_role("lawyer"):
        assert ReferralNote.objects.exists()


def test_neither_side_widens_what_is_shown(world, family, referral):
    with world.as_role("lawyer") as lawyer:
        record(by=lawyer, kind="test.something", subjects=[referral.pk], payload={}, occurred_on=timezone.localdate())
        for change in (
            {"shares": ["contact", "residence"]},
            {"purpose": "assistance"},
            {"sender_id": lawyer.organisation_id},
        ):
            with pytest.raises(DatabaseError, match=r"stays|row-level|referral_two"), transaction.atomic():
                Referral.objects.filter(pk=referral.pk).update(**change)
        stranger = ReferralPerson(referral=referral, person=family.daughter, consent_id=referral.pk)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            stranger.save(force_insert=True)
    act(world, "protection_officer", "withdraw", referral, text="She changed her mind.")
    with world.as_role("lawyer") as lawyer:
        record(by=lawyer, kind="test.something", subjects=[referral.pk], payload={}, occurred_on=timezone.localdate())
        with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(state="accepted", ended_on=None, due_on=timezone.localdate())


def test_the_function_answers_nobody_else(world, family, referral):
    for role in sorted(set(ROLES) - {"lawyer"}):
        with world.as_role(role), connection.cursor() as cursor:
            cursor.execute("SELECT referrals_shown(%s)", [referral.pk])
            assert cursor.fetchone() == (None,), role
