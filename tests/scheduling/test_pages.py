"""A mission through its pages, as a browser without JavaScript sends them: prepared, laid out, confirmed, printed, and led on its days."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from panoh.procedures.models import Case
from panoh.scheduling.keeping import carry_out_waiting
from panoh.scheduling.models import Appointment, Mission
from tests.procedures.test_pages import page_of
from tests.scheduling.rides import ONCE, PLACE, Ride, working_day
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def ride(world) -> Ride:
    found = Ride(world)
    found.accept(2)
    return found


@pytest.fixture
def client(ride):
    return client_of(ride.world.members["eligibility_officer"])


def prepare(ride: Ride, client) -> str:
    """The address of a mission with a stay, an officer, an interpreter and its families."""
    begun = client.post(
        "/missions/new/asylum/fortnight",
        {"morning_from": "09:00", "morning_to": "12:00", "minutes": "60", "minutes_more": "15"},
    )
    assert begun.status_code == 302, begun.content.decode()
    address = begun["Location"].removesuffix("/prepare")
    first = working_day(ride.families[0].today() + timedelta(1))
    stay = {
        "add": "stay",
        "place": PLACE,
        "venue": "Rudaki 1",
        "first": first,
        "last": first + timedelta(4),
        "rooms": 2,
    }
    assert client.post(f"{address}/prepare", stay).status_code == 302
    for part, name, languages in (("officer", "Anna", []), ("interpreter", "Gul", ["PRS"])):
        person = {"add": "person", "part": part, "name": name, "sex": "F", "languages": languages}
        assert client.post(f"{address}/prepare", person).status_code == 302
    assert client.post(f"{address}/families", {"do": "all"}).status_code == 302
    return address


def laid_out(ride: Ride, client) -> str:
    address = prepare(ride, client)
    assert client.post(f"{address}/plan", {"how": "lay_out"}).status_code == 302
    assert "waits for its turn" in client.get(address).content.decode()
    carry_out_waiting()
    return address


def test_a_mission_is_prepared_laid_out_and_confirmed_by_its_pages(ride: Ride, client):
    assert "2 families wait" in page_of(client.get("/missions"))
    page_of(client.get("/missions/new/asylum/fortnight"))
    address = laid_out(ride, client)
    for part in ("", "/prepare", "/families", "/confirm", f"/families/{ride.families[0].case.number}"):
        page_of(client.get(address + part))
    shown = client.get(address).content.decode()
    assert "Why here" in shown and "nobody has been told anything" in shown
    refused = client.post(f"{address}/confirm", {})
    assert refused.status_code == 422 and "answer" in refused.content.decode().lower()
    assert client.post(f"{address}/confirm", ONCE).status_code == 302
    carry_out_waiting()
    with ride.acting():
        assert {Case.objects.get(pk=one.case.pk).state for one in ride.families} == {"interview_set"}
    assert "families called" in client.get(address).content.decode()


def test_what_cannot_be_is_told_in_the_form_that_keeps_what_was_typed(ride: Ride, client):
    address = prepare(ride, client)
    past = timezone.localdate() - timedelta(9)
    stay = {"add": "stay", "place": PLACE, "venue": "Somoni 7", "first": past, "last": past, "rooms": 2}
    answer = client.post(f"{address}/prepare", stay)
    assert answer.status_code == 422
    assert "Somoni 7" in answer.content.decode() and "has passed" in answer.content.decode()
    twice = client.post(f"{address}/prepare", {"add": "person", "part": "officer", "name": "Anna", "sex": "F"})
    assert twice.status_code == 422
    for add in ({}, {"add": "something else"}):
        answer = client.post(f"{address}/prepare", add)
        assert answer.status_code == 422 and 'data-code="' in answer.content.decode(), "a refusal says what is missing"
    assert client.post(f"{address}/families", {"do": "ticked"}).status_code == 422
    assert client.post(f"{address}/plan", {"how": "fill"}).status_code == 422


def test_lists_for_the_door_and_the_officers_and_a_table_are_printed(ride: Ride, client):
    address = laid_out(ride, client)
    for name in ("door", "officers"):
        answer = client.get(f"{address}/{name}.pdf")
        assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/plan.csv").content.decode("utf-8-sig"))))
    assert len(rows) == 3 and {row[4] for row in rows[1:]} == {one.case.number for one in ride.families}


def test_who_did_not_come_is_recorded_with_one_press_on_its_day(ride: Ride, client, monkeypatch):
    address = laid_out(ride, client)
    client.post(f"{address}/confirm", ONCE)
    carry_out_waiting()
    with ride.acting():
        one = Appointment.objects.select_related("listed").order_by("day", "starts").first()
    early = client.post(f"{address}/came/{one.pk}", {"came": "no"})
    assert early.status_code == 422, "not before its day"
    monkeypatch.setattr(timezone, "localdate", lambda: one.day)
    shown = client.get(address).content.decode()
    assert "/interview" in shown, "coming is told on the page of the case, whose form asks for more"
    assert client.post(f"{address}/came/{one.pk}", {"came": "no"}).status_code == 302
    with ride.acting():
        assert Case.objects.get(pk=one.listed.case_id).state == "accepted"
    assert "did not come" in client.get(address).content.decode()


def test_a_family_is_changed_and_taken_off_on_its_page(ride: Ride, client):
    address = prepare(ride, client)
    page = f"{address}/families/{ride.families[0].case.number}"
    wishes = {"place": PLACE, "language": "PRS", "minutes": "90", "urgency": "urgent", "officer_sex": "F"}
    assert client.post(page, {**wishes, "earliest": "2030-01-02", "latest": "2030-01-01"}).status_code == 422
    assert client.post(page, wishes).status_code == 302
    with ride.acting():
        mission = Mission.objects.get()
        assert mission.listed.get(case=ride.families[0].case).minutes == 90
    assert client.post(page, {"off": "yes"}).status_code == 302
    assert client.get(page).status_code == 404


def test_other_organisations_and_other_roles_find_no_mission(ride: Ride, client):
    address = prepare(ride, client)
    world = ride.world
    assert client_of(world.members["mandate_officer"]).get(address).status_code == 404
    assert client_of(world.members["lawyer"]).get("/missions").status_code == 403
    watching = client_of(world.members["registration_supervisor"])
    assert watching.get(address).status_code == 200
    assert watching.post(f"{address}/plan", {"how": "lay_out"}).status_code in (403, 422)
