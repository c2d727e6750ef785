"""The demo's incidents: there, clustered where they should be, true to the ledger, and hidden from whom they accuse."""

from __future__ import annotations

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.protection.models import Incident, Intervention
from panoh.protection.queries.patterns import read_pattern
from panoh.protection.queries.supervision import list_supervised
from panoh.protection.replays import incident_states
from panoh.protection.rules.supervision import supervise
from panoh.rulebook import current
from tests.demo.conftest import UNTIL


def actor(username: str):
    return actor_for(Member.objects.select_related("account", "organisation", "office").get(account__username=username))


def test_a_protection_officer_finds_incidents_an_alarm_and_letters_that_wait(loaded):
    with acting(actor("protection")) as officer:
        assert Incident.objects.count() >= 15
        pattern = read_pattern(officer, "office", 90, UNTIL)
        assert [one.key for one in pattern.judged if one.alarm and one.key], "the border post rings"
        assert Intervention.objects.filter(outcome="").exists() or Intervention.objects.exists()


def test_whom_they_accuse_sees_none_of_them(loaded):
    for username in ("supervisor", "head", "clerk", "eligibility", "administrator"):
        with acting(actor(username)):
            assert not Incident.objects.exists(), username


def test_the_ledger_committed_to_the_rows_that_are_there(loaded):
    with acting_as_system("a test"):
        ids = list(Incident.objects.values_list("pk", flat=True))
        deported = Incident.objects.filter(origin="register").count()
    assert len(incident_states(ids)) == len(ids)
    assert deported >= 0


def test_the_head_of_office_finds_kept_broken_and_unknown_safeguards(loaded):
    head = actor("head")
    with acting(head):
        cases = list_supervised(head, "asylum", UNTIL.replace(year=UNTIL.year - 3), UNTIL, UNTIL)
    counted = supervise(cases, current().procedure("asylum", UNTIL), current(), UNTIL)
    assert counted.cases > 20
    totals = [sum(getattr(one, name) for one in counted.safeguards.values()) for name in ("kept", "broken", "unknown")]
    assert all(totals), totals
