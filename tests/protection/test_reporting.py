"""Reports: what is kept, what is refused, what must never be kept."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.protection.models import FollowUp, Incident, IncidentPerson
from panoh.protection.operations import record_referral, report_incident
from panoh.protection.operations.evidence import File
from panoh.protection.policy import REPORTERS
from panoh.registry.policy import CLERKS
from tests.protection.conftest import report, seen_by, tell

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def codes_of(refused: pytest.ExceptionInfo[Problem]) -> set[str]:
    return {one.code.rpartition(".")[2] for one in refused.value.each()}


def test_a_report_keeps_what_was_told_and_starts_the_clock_of_its_severity(world, family):
    with world.as_role("protection_officer") as officer:
        done = report_incident(
            by=officer,
            report=report(
                numbers=(family.household.number,), others=3, others_description="two men and a boy",
                amount=Decimal("500"), currency="tjs", paid=True, institution="MIGRATION",
            ),
            files=[File("paper.png", PNG)],
        )  # fmt: skip
    with world.as_role("protection_officer"):
        kept = Incident.objects.get(number=done.number)
        assert (kept.severity, kept.currency, kept.paid) == ("P3", "TJS", True)
        assert kept.next_due_at == kept.reported_at + timedelta(hours=168)
        lines = list(kept.persons.all())
        assert [line.person_id for line in lines] == [family.mother.pk, family.daughter.pk, None]
        assert lines[2].many == 3
        assert kept.evidence.get().media_type == "image/png"
        assert kept.follow_ups.get().act == "reported"


@pytest.mark.parametrize(
    ("days", "ago", "hours"),
    [(None, 0, 72), (0, 0, 0), (1, 3, 0), (30, 0, 72)],
    ids=["no order", "today", "the day has passed", "longer than its severity"],
)
def test_help_is_due_before_an_order_to_leave_ends(world, family, days, ago, hours):
    ordered_on = timezone.localdate() - timedelta(days=ago)
    with world.as_role("protection_officer") as officer:
        done = report_incident(
            by=officer, report=report(kind="LEAVE_CITY", order_days=days, occurred_on=ordered_on, severity="P2")
        )
        kept = Incident.objects.get(number=done.number)
    assert kept.next_due_at == kept.reported_at + timedelta(hours=hours)


def test_an_order_that_ends_sooner_than_its_severity_asks_for_help_by_then(world, family):
    with world.as_role("protection_officer") as officer:
        done = report_incident(by=officer, report=report(kind="LEAVE_CITY", order_days=1, severity="P3"))
        kept = Incident.objects.get(number=done.number)
    ends = timezone.make_aware(datetime.combine(kept.occurred_on + timedelta(days=1), time.min))
    assert kept.next_due_at == max(ends, kept.reported_at)


def test_the_receipt_proves_the_report_and_the_ledger_tells_nothing_of_it(world, family):
    with world.as_role("registration_clerk") as clerk:
        done = report_incident(by=clerk, report=report(numbers=(family.mother.number,), institution="POLICE"))
    assert done.receipt.entry_id == done.entry.id
    written = Entry.objects.get(pk=done.entry.id).body
    for secret in (family.mother.pk, family.household.pk, "BRIBE", "POLICE", "uniform", "3507223"):
        assert str(secret) not in written
    assert done.number in written


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": "NOTHING"}, "unknown_kind"),
        ({"kind": "GBV_REFERRAL"}, "unknown_kind"),
        ({"occurred_on": timezone.localdate() + timedelta(days=1)}, "in_the_future"),
        ({"narrative": "  short "}, "no_narrative"),
        ({"narrative": "x" * 20_001}, "too_long"),
        ({"place": "9999"}, "unknown_place"),
        ({"institution": "CIRCUS"}, "unknown_code"),
        ({"amount": Decimal("5"), "currency": ""}, "no_currency"),
        ({"amount": Decimal("-5"), "currency": "TJS"}, "amount"),
        ({"order_days": 400}, "order_days"),
        ({"others": 0}, "nobody"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_its_reason(world, changes, code):
    with world.as_role("lawyer") as by:
        report_incident(by=by, report=report())  # the same, without the fault, is taken
        with pytest.raises(Problem) as refused:
            report_incident(by=by, report=report(**changes))
    assert code in codes_of(refused)


def test_all_faults_are_told_at_once(world):
    with world.as_role("lawyer") as by, pytest.raises(Problem) as refused:
        report_incident(by=by, report=report(narrative="", others=0, place="9999"))
    assert codes_of(refused) == {"no_narrative", "nobody", "unknown_place"}


def test_a_number_that_names_nobody_the_reporter_sees_is_refused(world, family):
    """The lawyer has no grant on the file: to her its number is as good as mistyped."""
    with world.as_role("lawyer") as lawyer, pytest.raises(Problem) as refused:
        report_incident(by=lawyer, report=report(numbers=(family.mother.number,)))
    assert codes_of(refused) == {"person_not_found"}


def test_the_same_form_twice_is_one_incident(world):
    once = new_id()
    with world.as_role("lawyer") as by:
        first = report_incident(by=by, report=report(), submission_id=once)
    with world.as_role("lawyer") as by:
        second = report_incident(by=by, report=report(), submission_id=once)
        assert Incident.objects.count() == 1
    assert (second.number, second.source_name, second.repeated) == (first.number, first.source_name, True)


@pytest.mark.parametrize("content", [b"MZ\x90\0", b"<html>", b""])
def test_a_file_is_judged_by_its_bytes_not_by_its_name(world, content):
    with world.as_role("lawyer") as by, pytest.raises(Problem) as refused:
        report_incident(by=by, report=report(), files=[File("scan.pdf", content)])
    assert codes_of(refused) == {"kind"}


# -- survivors --------------------------------------------------------------------------------------------------------


def test_of_a_survivor_only_day_and_service_are_kept(world):
    with world.as_role("registration_clerk") as clerk:
        done = record_referral(by=clerk, service="HEALTH", referred_on=timezone.localdate())
    kept = seen_by(world, "protection_officer", done.number)
    assert kept is not None and kept.by_referral and kept.service == "HEALTH"
    filled = {
        field.attname
        for field in Incident._meta.concrete_fields
        if getattr(kept, field.attname) not in (None, "", False)
    }
    assert filled == {
        "id", "number", "kind", "by_referral", "origin", "occurred_on", "service", "severity", "verification", "state",
        "outcome", "closed_on", "reported_at", "entry_id", "version",
    }  # fmt: skip


def test_the_database_refuses_a_story_or_a_person_with_a_referral(world, family):
    with world.as_role("registration_clerk") as clerk:
        done = record_referral(by=clerk, service="HEALTH", referred_on=timezone.localdate())
    with acting_as_system("a test"):
        kept = Incident.objects.get(number=done.number)
        with pytest.raises(DatabaseError, match="names nobody"), transaction.atomic():
            IncidentPerson(incident=kept, position=0, person=family.mother, number=family.mother.number).save()
        kept.pk, kept.number, kept.submission_id, kept.narrative = new_id(), "I-26-999999", None, "she said"
        with pytest.raises(IntegrityError, match="tells_nothing"), transaction.atomic():
            kept.save(force_insert=True)


# -- against one's own organisation -----------------------------------------------------------------------------------


def test_a_report_against_the_own_organisation_bears_no_name_anywhere(world):
    office = world.offices["panji_poyon"]
    done = tell(world, "registration_clerk", accused_office_id=office.pk)
    assert done.in_confidence
    entry = Entry.objects.get(pk=done.entry.id)
    assert (entry.actor_id, entry.organisation_id) == (None, None)
    assert str(world.members["registration_clerk"].pk) not in entry.body
    kept = seen_by(world, "protection_officer", done.number)
    assert kept is not None
    assert (kept.reported_by_id, kept.organisation_id) == (None, None)
    with world.as_role("protection_officer"):
        assert FollowUp.objects.get(incident=kept).by_id is None
    assert seen_by(world, "registration_clerk", done.number) is None


def test_a_report_against_others_bears_the_name_of_whoever_made_it(world):
    """The same set-up, another office: else the test above would prove nothing."""
    done = tell(world, "registration_clerk", accused_office_id=world.offices["ngo_dushanbe"].pk)
    entry = Entry.objects.get(pk=done.entry.id)
    assert not done.in_confidence
    assert entry.actor_id == world.members["registration_clerk"].pk


def test_an_incident_in_confidence_is_not_doubled_by_sending_it_again(world):
    once, office = new_id(), world.offices["panji_poyon"]
    with world.as_role("registration_clerk") as by:
        report_incident(by=by, report=report(accused_office_id=office.pk), submission_id=once)
    with world.as_role("registration_clerk") as by, pytest.raises(Problem) as refused:
        report_incident(by=by, report=report(accused_office_id=office.pk), submission_id=once)
    assert refused.value.code == "protection.report.already_sent"
    with world.as_role("protection_officer"):
        assert Incident.objects.count() == 1


def test_whoever_closes_records_may_report_so_that_a_deportation_is_never_refused_for_its_incident():
    assert set(CLERKS) <= REPORTERS
