"""Cases about nobody's file: a complaint that came without a name is taken in, followed by a code, and seen by few."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from panoh.access.context import acting_as_system
from panoh.kernel.ids import new_id
from panoh.ledger.verification import verify
from panoh.procedures.models import Case, CasePerson
from panoh.procedures.operations.cases import open_case
from panoh.procedures.queries.cases import visible_to
from panoh.procedures.queries.work import due_list
from tests.procedures.stories import Story, answers_for, differences, refused
from tests.procedures.test_pages import act_by_page, as_sent, page_of
from tests.signing_in import client_of

TAKES_IN = "protection_officer"


@pytest.fixture
def complaint(world) -> Story:
    """One without a name; the story has a household too, which it does not touch."""
    found = Story(world)
    found.register()
    found.open_without_file("complaint", "unnamed", TAKES_IN, about="bribery", urgency="very_urgent", channel="box")
    return found


def test_it_names_nobody_and_the_ledger_tells_it(complaint: Story):
    with complaint.acting(TAKES_IN):
        case = Case.objects.get(pk=complaint.case.pk)
        assert case.household is None and case.confined
        assert not CasePerson.objects.filter(case=case).exists()
    complaint.take("assign", TAKES_IN)
    complaint.take("examine", TAKES_IN)
    complaint.take("answer", TAKES_IN)
    complaint.take("close_unnamed", TAKES_IN)
    with complaint.acting(TAKES_IN):
        assert Case.objects.get(pk=case.pk).closed_on == complaint.today()
    assert differences() == []
    with acting_as_system("verifying in a test"):
        assert [one for one in verify().findings if "case" in str(one).lower()] == []


def test_who_sees_it_is_said_alike_by_the_query_and_by_the_database(complaint: Story):
    seen = set()
    for role in complaint.world.members:
        with complaint.acting(role) as actor:
            by_database = Case.objects.filter(pk=complaint.case.pk).exists()
            assert visible_to(actor).filter(pk=complaint.case.pk).exists() == by_database, role
            seen |= {role} if by_database else set()
    assert seen == {"protection_officer", "mandate_officer", "register_officer"}, "of the organisation that took it in"


def test_nobody_of_the_office_it_is_about_sees_it(world):
    story = Story(world)
    world.add_member("protection_officer", "accused", office="un_dushanbe")
    office = world.members["accused"].office
    elsewhere = world.add_member("register_officer", "elsewhere", office="dushanbe", organisation="un")
    story.open_without_file("complaint", "unnamed", "elsewhere", office=str(office.pk))
    for name, sees in (("accused", False), ("elsewhere", True)):
        with story.acting(name):
            assert Case.objects.filter(pk=story.case.pk).exists() is sees, name
    assert elsewhere.office_id != office.pk


def test_its_time_limits_stand_on_the_work_list(complaint: Story):
    with complaint.acting(TAKES_IN) as officer:
        assert complaint.case.pk in {line.due.case_id for line in due_list(officer, complaint.today())}
    with complaint.acting("registration_supervisor") as other:
        assert complaint.case.pk not in {line.due.case_id for line in due_list(other, complaint.today())}


def test_a_case_is_about_a_file_or_about_nobody_as_its_track_says(complaint: Story):
    with complaint.acting(TAKES_IN) as officer:
        for track, household in (("unnamed", complaint.household), ("confidential", None)):
            with refused("procedures.case.other_subject"):
                open_case(
                    by=officer, procedure="complaint", track=track, household=household, persons=[], facts={},
                    occurred_on=complaint.today(),
                )  # fmt: skip


def test_it_is_taken_in_led_to_its_end_and_followed_by_its_pages(complaint: Story):
    client = client_of(complaint.world.members[TAKES_IN])
    assert "/cases/new/complaint/unnamed" in page_of(client.get("/work"))
    page_of(client.get("/cases/new/complaint/unnamed"))
    definition = complaint.action("take_in_unnamed")
    sent = {
        **as_sent(answers_for(definition.form, complaint.today(), {})),
        "occurred_on": complaint.today().isoformat(),
        "submission_id": str(new_id()),
    }
    assert client.post("/cases/new/complaint/unnamed", {**sent, "about": ""}).status_code == 422
    answer = client.post("/cases/new/complaint/unnamed", sent)
    assert answer.status_code == 302
    with acting_as_system("test"):
        complaint.case = Case.objects.order_by("-number").first()
    shown = page_of(client.get(answer["Location"]))
    assert "came without a name" in shown and "Make a code" in shown
    slip = page_of(client.post(f"/own-case/{complaint.case.number}/code"))
    code = re.search(r'<bdi dir="ltr">([A-Z0-9]{4}-?[A-Z0-9]{4}-?[A-Z0-9]{4})</bdi>', slip)
    assert code, slip
    own = page_of(Client().post("/own-case", {"number": complaint.case.number, "code": code[1]}))
    assert complaint.case.number in own
    handler = str(complaint.world.members[TAKES_IN].pk)
    for action, given in (("assign", {"handler": handler}), ("examine", {}), ("answer", {}), ("close_unnamed", {})):
        assert act_by_page(complaint, client, action, **given).status_code == 302, action
    assert client_of(complaint.world.members["registration_supervisor"]).get(answer["Location"]).status_code == 404
    assert (
        client_of(complaint.world.members["registration_supervisor"]).get("/cases/new/complaint/unnamed").status_code
        == 403
    )
