"""Incidents in a browser: from report to closure by keyboard with a refusal on the way; every page in both directions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from panoh.protection.operations import follow_up
from panoh.protection.operations.interventions import Sent, send_intervention
from panoh.protection.queries.incidents import obtain_incident
from tests.browser import faults_of
from tests.procedures.stories import Story
from tests.protection.conftest import tell
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


def signed_in(world, role: str) -> dict[str, str]:
    return {"sessionid": client_of(world.members[role]).cookies["sessionid"].value}


def test_an_incident_goes_from_report_to_closure_with_a_refusal_on_the_way(committed_world, visit):
    world = committed_world
    page = visit("/incidents/report", cookies=signed_in(world, "registration_clerk"), script=False)
    page.locator("#id_kind").select_option("LEAVE_CITY")
    page.locator("#id_narrative").fill("A man in uniform said that the family must leave the city.")
    page.locator("#id_order_days").fill("10")
    page.locator("#id_institution").select_option("POLICE")
    page.locator("#id_narrative").press("Tab")
    page.get_by_role("button", name="Report it").click()
    assert "Say to whom it happened." in page.locator("main").inner_text()
    assert page.locator("#id_narrative").input_value().startswith("A man in uniform")
    assert page.locator("#id_order_days").input_value() == "10"
    page.locator("#id_others").fill("5")
    page.locator("#id_others").press("Enter")
    assert "The report is in" in page.locator("h1").inner_text()
    number = page.locator("strong bdi").first.inner_text()

    page = visit("/incidents", cookies=signed_in(world, "protection_officer"), script=False)
    page.get_by_role("link", name="Order to leave the city").click()
    assert number in page.locator("h1").inner_text()
    page.get_by_role("link", name="Close the incident").click()
    page.locator("#id_outcome").select_option("REVERSED")
    page.locator("#id_note").fill("The order was taken back.")
    page.get_by_role("button", name="Close the incident").click()
    assert "Record first what was done" in page.locator("main").inner_text()
    assert page.locator("#id_note").input_value() == "The order was taken back."
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="Record what was done").click()
    page.locator("#id_note").fill("We called the head of the department.")
    page.locator("#id_verification").select_option("VERIFIED")
    page.get_by_role("button", name="Record what was done").click()
    page.get_by_role("link", name="Close the incident").click()
    page.locator("#id_outcome").select_option("REVERSED")
    page.locator("#id_note").fill("The order was taken back.")
    page.get_by_role("button", name="Close the incident").click()
    told = page.locator("main").inner_text()
    assert "The act was undone or the order withdrawn" in told
    # What the browser calls an error are the two refusals.
    assert [one.rpartition("status of ")[2][:3] for one in visit.complaints] == ["422", "409"]
    visit.complaints.clear()
    assert told.index("Reported") < told.index("We called the head") < told.index("The order was taken back.")


@pytest.fixture
def happenings(committed_world) -> dict[str, str]:
    """Enough of everything that no page is empty: a cluster at the border, a letter that waits, one that was answered."""
    world, today = committed_world, timezone.localdate()
    numbers = [
        tell(
            world, "lawyer", kind=kind, occurred_on=today - timedelta(days=ago), institution=institution, place=place,
            others=1 + ago % 4,
        ).number
        for kind, ago, institution, place in (
            *[("BRIBE", n * 9, "BORDER_TROOPS", "3507223") for n in range(8)],
            ("PUSHBACK", 2, "BORDER_TROOPS", "3507223"),
            ("DETENTION", 40, "POLICE", "3501263"),
            ("EVICTION", 200, "LANDLORD", "3505401"),
            ("DETENTION", 420, "POLICE", "3501263"),
            ("SERVICE_DENIED", 500, "SCHOOL", "3509018"),
        )
    ]  # fmt: skip
    grave = numbers[8]
    with world.as_role("protection_officer") as officer:
        one = obtain_incident(officer, grave)
        follow_up(
            by=officer, incident=one, note="We called the post; they say that nobody was there.", verification="PENDING"
        )
        letter = Sent(
            "LETTER", "MIGRATION", "Люди, отправленные обратно на границе", "Просим сообщить, что произошло.\n\nНикто не может быть возвращён туда, где ему угрожает опасность.",
            today - timedelta(days=34), language="ru", provisions=("convention_1951.33", "refugees_law.14.1"), incidents=(grave,),
            partners="посольство",
        )  # fmt: skip
        sent = send_intervention(by=officer, sent=letter)
    story = Story(world)
    story.register()
    story.open("asylum", "government", "registration_clerk", lodged_at="border_post")
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")
    return {"incident": grave, "intervention": sent.number}


@pytest.mark.parametrize("language", ["en", "prs"])
def test_every_page_is_accessible_and_fits_a_phone(committed_world, happenings, visit, violations, language):
    faults = {}
    incident, intervention = happenings["incident"], happenings["intervention"]
    addresses = (
        "/incidents",
        f"/incidents/{incident}",
        "/incidents/report",
        "/incidents/refer",
        f"/incidents/{incident}/follow-up",
        f"/incidents/{incident}/close",
        "/incidents/patterns",
        "/incidents/patterns?by=place&numbers=hidden",
        "/interventions",
        "/interventions/send",
        f"/interventions/{intervention}",
        f"/supervision?year={timezone.localdate().year}&safeguard=certificate_in_time",
    )
    cookies = signed_in(committed_world, "protection_officer")
    for number, address in enumerate(addresses):
        page = visit(address, language=language, cookies=cookies)
        if found := faults_of(page, violations, f"protection-{number}-{language}"):
            faults[address] = found
    assert faults == {}


def test_a_head_of_office_reads_supervision_down_to_the_law_and_no_file(committed_world, happenings, visit):
    page = visit("/supervision", cookies=signed_in(committed_world, "head_of_office"), script=False)
    assert "Safeguards" in page.locator("main").inner_text()
    page.locator("#month").select_option(str(timezone.localdate().month))
    page.get_by_role("button", name="Show", exact=True).click()
    assert "1 case that was opened in this time" in page.locator("main").inner_text()
    assert page.locator("#safeguards a[href*='verdict']").count() == 0, "figures do not open down to files"
    page.locator("#year").select_option(str(timezone.localdate().year - 3))
    page.get_by_role("button", name="Show", exact=True).click()
    assert "No case was opened in this time" in page.locator("main").inner_text()
    assert "Convention" in page.locator("#law").inner_text()
