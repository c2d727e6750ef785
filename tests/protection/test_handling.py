"""What is done about an incident, and that it is found in the ledger if somebody bends the row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from panoh.kernel.problems import Problem
from panoh.protection.models import Incident
from panoh.protection.operations import add_evidence, close_incident, follow_up, reopen_incident
from panoh.protection.operations.evidence import File
from panoh.protection.queries.incidents import Wanted, count_open, list_incidents, obtain_incident
from panoh.protection.replays import incident_states
from panoh.protection.snapshots import incident_snapshot
from tests.protection.conftest import tell

PDF = b"%PDF-1.7 " + b"x" * 50


@pytest.fixture
def grave(world) -> str:
    return tell(world, "lawyer", kind="DETENTION").number


def found(actor, number: str) -> Incident:
    return obtain_incident(actor, number)


def test_an_incident_goes_from_report_to_closure_and_back(world, grave):
    with world.as_role("protection_officer") as officer:
        one = found(officer, grave)
        assert one.severity == "P2"
        one = follow_up(by=officer, incident=one, note="Lawyer sent.", severity="P1", verification="VERIFIED")
        assert one.next_due_at - timezone.now() < timedelta(days=1)
        add_evidence(by=officer, incident=one, file=File("order.pdf", PDF))
        one = close_incident(by=officer, incident=one, outcome="RELEASED", note="Let go in the evening.")
        assert (one.state, one.next_due_at, one.closed_on) == ("closed", None, timezone.localdate())
        with pytest.raises(Problem) as refused:
            follow_up(by=officer, incident=one, note="One more call.")
        assert refused.value.code == "protection.incident.closed"
        one = reopen_incident(by=officer, incident=one, note="Taken again.")
        assert one.next_due_at is not None
        acts = list(one.follow_ups.values_list("act", flat=True))
    assert acts == ["reported", "followed_up", "evidence", "closed", "reopened"]


def test_a_grave_incident_is_not_closed_before_anybody_acted(world, grave):
    slight = tell(world, "lawyer", kind="BRIBE").number
    with world.as_role("protection_officer") as officer:
        with pytest.raises(Problem) as refused:
            close_incident(by=officer, incident=found(officer, grave), outcome="RELEASED", note="It is over.")
        assert refused.value.code == "protection.incident.not_answered"
        closed = close_incident(by=officer, incident=found(officer, slight), outcome="REMEDIED", note="Paid back.")
        assert closed.state == "closed"


def test_two_who_act_on_one_page_do_not_overwrite_each_other(world, grave):
    with world.as_role("protection_officer") as officer:
        one = found(officer, grave)
        seen = one.version
        follow_up(by=officer, incident=one, note="First call.", expected_version=seen)
        with pytest.raises(Problem) as refused:
            follow_up(by=officer, incident=one, note="Second call.", expected_version=seen)
    assert refused.value.code == "protection.incident.changed"


def test_the_same_file_hangs_on_an_incident_once(world, grave):
    with world.as_role("protection_officer") as officer:
        one = found(officer, grave)
        add_evidence(by=officer, incident=one, file=File("order.pdf", PDF))
        with pytest.raises(Problem) as refused:
            add_evidence(by=officer, incident=one, file=File("copy.pdf", PDF))
    assert refused.value.code == "protection.evidence.known"


def test_opening_is_recorded(world, grave):
    with world.as_role("protection_officer") as officer:
        one = found(officer, grave)
        assert [reading.member_id for reading in one.readings.all()] == [officer.member_id]


def test_the_list_shows_the_most_pressing_first_and_pages_by_key(world):
    slight = tell(world, "lawyer", kind="BRIBE").number
    grave = tell(world, "lawyer", kind="DEPORTATION_ATTEMPTED").number
    middle = tell(world, "lawyer", kind="DETENTION").number
    with world.as_role("protection_officer") as officer:
        everything = list_incidents(officer, Wanted())
        assert [one.number for one in everything] == [grave, middle, slight]
        first = everything[0]
        rest = list_incidents(officer, Wanted(), after=(first.next_due_at, first.pk))
        assert [one.number for one in rest] == [middle, slight]
        assert [one.number for one in list_incidents(officer, Wanted(category="EXT"))] == [slight]
        assert [one.number for one in list_incidents(officer, Wanted(place="3507000"))] == [grave, middle, slight]
        assert list_incidents(officer, Wanted(place="3505000")) == []
        assert count_open(officer) == {"P1": 1, "P2": 1, "P3": 1, "overdue": 0}


def test_the_state_that_the_ledger_committed_to_is_the_state_of_the_row(world, grave):
    with world.as_role("protection_officer") as officer:
        one = follow_up(by=officer, incident=found(officer, grave), note="Called.", severity="P1")
        now = incident_snapshot(Incident.objects.get(pk=one.pk))
    assert incident_states([one.pk]) == {one.pk: now}
    assert now["severity"] == "P1"
