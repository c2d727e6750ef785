"""The pages: a report from form to receipt, filters, the list handed on, what each role meets."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from panoh.protection.models import Incident
from panoh.protection.operations import record_referral
from tests.protection.conftest import TOLD, seen_by, tell
from tests.signing_in import client_of

TODAY = timezone.localdate().isoformat()
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FORM = {
    "kind": "BRIBE",
    "occurred_on": TODAY,
    "narrative": TOLD,
    "others": "2",
    "place": "3507223",
    "institution": "MIGRATION",
    "amount": "300",
    "currency": "TJS",
    "paid": "no",
    "accused": "",
    "source": "VICTIM",
    "severity": "",
    "numbers": "",
}


@pytest.fixture
def officer(world):
    return client_of(world.members["protection_officer"])


def number_in(answer) -> str:
    return re.search(r"I-\d\d-\d{6}", answer.content.decode())[0]


def test_a_report_is_answered_with_its_receipt_and_can_be_opened(world, officer):
    sent = {**FORM, "file": SimpleUploadedFile("paper.png", PNG, "image/png")}
    answer = officer.post("/incidents/report", sent)
    assert answer.status_code == 200
    page = officer.get(f"/incidents/{number_in(answer)}")
    assert TOLD in page.content.decode()
    file = officer.get(re.search(r'href="(/incidents/[^"]+/evidence/[^"]+)"', page.content.decode())[1])
    assert file.content == PNG
    assert file["Content-Disposition"].startswith("attachment")


def test_a_refused_report_comes_back_with_everything_typed(officer):
    answer = officer.post("/incidents/report", {**FORM, "others": "", "currency": ""})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-code="protection.report.nobody"' in text or "protection.report.nobody" in text
    assert TOLD in text
    assert 'value="300"' in text
    assert Incident.objects.count() == 0


def test_who_accuses_the_own_organisation_is_told_that_the_name_is_kept_nowhere(world):
    clerk = client_of(world.members["registration_clerk"])
    answer = clerk.post("/incidents/report", {**FORM, "accused": f"office:{world.offices['vahdat'].pk}"})
    assert answer.status_code == 200
    assert "Your name is kept nowhere" in answer.content.decode()
    assert seen_by(world, "protection_officer", number_in(answer)).reported_by_id is None


def test_hidden_and_missing_look_the_same(world):
    number = tell(world, "protection_officer").number
    lawyer = client_of(world.members["lawyer"])
    for tail in ("", "/follow-up", "/close", "/reopen"):
        hidden, missing = lawyer.get(f"/incidents/{number}{tail}"), lawyer.get(f"/incidents/I-26-999999{tail}")
        assert (hidden.status_code, missing.status_code) == (404, 404)


def test_an_incident_is_followed_up_and_closed_on_its_pages(world, officer):
    number = tell(world, "lawyer", kind="DETENTION").number
    closing = {"version": 1, "outcome": "RELEASED", "note": "Let go."}
    too_early = officer.post(f"/incidents/{number}/close", closing)
    assert too_early.status_code == 409
    assert "Let go." in too_early.content.decode()
    acted = {"version": 1, "note": "A lawyer went there.", "done_on": TODAY}
    assert officer.post(f"/incidents/{number}/follow-up", acted).status_code == 302
    assert officer.post(f"/incidents/{number}/close", {**closing, "version": 2}).status_code == 302
    page = officer.get(f"/incidents/{number}").content.decode()
    assert "A lawyer went there." in page
    assert "Released" in page


def test_the_list_is_narrowed_and_survives_nonsense(world, officer):
    tell(world, "lawyer", kind="BRIBE")
    tell(world, "lawyer", kind="DETENTION")
    assert "Detention" in officer.get("/incidents?category=DET").content.decode()
    assert "Bribe demanded</a>" not in officer.get("/incidents?category=DET").content.decode()
    for query in ("category=NONE", "since=never", "after=x~y", "state=odd", "severity=P9", "place=1"):
        assert officer.get(f"/incidents?{query}").status_code == 200


def test_what_is_exported_names_nobody_and_no_survivor(world, officer, family):
    from panoh.protection.operations import report_incident
    from tests.protection.conftest import report

    with world.as_role("protection_officer") as by:
        report_incident(by=by, report=report(numbers=(family.mother.number,)))
        record_referral(by=by, service="HEALTH", referred_on=timezone.localdate())
    answer = officer.post("/incidents/export.csv", {"state": "all"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["kind"] for row in rows] == ["BRIBE"]
    assert rows[0]["month"] == TODAY[:7]
    for secret in (family.mother.number, "uniform", "HEALTH", "I-26"):
        assert secret not in answer.content.decode()


def test_patterns_ring_for_a_cluster_and_hide_small_numbers(world, officer):
    for n in range(6):
        tell(world, "lawyer", institution="POLICE", occurred_on=timezone.localdate() - timedelta(days=n))
    tell(world, "lawyer", institution="COURT", occurred_on=timezone.localdate() - timedelta(days=400))
    hidden = officer.get("/incidents/patterns?numbers=hidden").content.decode()
    assert "1 alarm" in hidden and "about once in" in hidden
    assert "left blank so that nobody can be recognised" in hidden
    shown = officer.get("/incidents/patterns").content.decode()
    assert "left blank" not in shown
    assert "too few to judge" in shown
    table = officer.get("/incidents/patterns.csv").content.decode()
    assert "POLICE,6,0,yes" in table and "COURT,0,,no" in table
    for query in ("by=nothing", "days=7", "category=NONE", "until=1800-01-01", "until=x"):
        assert officer.get(f"/incidents/patterns?{query}").status_code == 422


def test_of_referrals_fewer_than_five_are_told_to_nobody(world, officer):
    def refer(many: int) -> None:
        with world.as_role("registration_clerk") as clerk:
            for _ in range(many):
                record_referral(by=clerk, service="HEALTH", referred_on=timezone.localdate())

    refer(4)
    assert "Survivors told of a service" not in officer.get("/incidents/patterns").content.decode()
    refer(1)
    assert re.search(
        r"Survivors told of a service in these days: \D*5\D", officer.get("/incidents/patterns").content.decode()
    )
    assert "Referred to a service" not in officer.get("/incidents?state=all").content.decode()


def test_an_intervention_is_recorded_printed_and_answered(world, officer):
    number = tell(world, "lawyer").number
    sent = {
        "kind": "NOTE_VERBALE", "institution": "FOREIGN_MINISTRY", "sent_on": TODAY, "subject": "A bribe",
        "text": "We ask you to look into it.", "language": "en", "provisions": ["convention_1951.35"],
        "incidents": number,
    }  # fmt: skip
    assert officer.post("/interventions/send", {**sent, "text": ""}).status_code == 422
    made = officer.post("/interventions/send", sent)
    assert made.status_code == 302
    page = officer.get(made["Location"])
    assert number in page.content.decode()
    assert officer.get(made["Location"] + "/letter.pdf").content.startswith(b"%PDF-")
    answered = {"version": 1, "outcome": "PROMISED", "replied_on": TODAY, "reply": "It will be looked into."}
    assert officer.post(made["Location"] + "/answer", answered).status_code == 302
    assert "It will be looked into." in officer.get(made["Location"]).content.decode()
    assert made["Location"].rpartition("/")[2] in officer.get(f"/incidents/{number}").content.decode()


def test_the_household_page_shows_incidents_to_the_protection_side_alone(world, officer, family):
    from panoh.protection.operations import report_incident
    from tests.protection.conftest import report

    with world.as_role("protection_officer") as by:
        number = report_incident(by=by, report=report(numbers=(family.mother.number,))).number
    address = f"/households/{family.household.number}"
    assert number in officer.get(address).content.decode()
    clerk = client_of(world.members["registration_clerk"])
    assert 'id="incidents"' not in clerk.get(address).content.decode()
