"""The pages of cases, as a browser without JavaScript would use them: the whole way from lodging to decision."""

from __future__ import annotations

import re

import pytest
from django.utils.html import conditional_escape

from panoh.access.context import acting_as_system
from panoh.access.models import Reading
from panoh.kernel.ids import new_id
from panoh.procedures.models import Barrier, Case, Sitting, Step
from panoh.procedures.policy import FILE_READERS
from panoh.rulebook import current
from tests.procedures.stories import Story, answers_for
from tests.signing_in import client_of


def as_sent(answers: dict) -> dict:
    """Answers in the form in which a browser sends them."""
    return {name: "true" if value is True else "false" if value is False else value for name, value in answers.items()}


def page_of(answer) -> str:
    assert answer.status_code == 200, (answer.status_code, re.sub(r"<[^>]+>", " ", answer.content.decode())[-1500:])
    return answer.content.decode()


@pytest.fixture
def people(story):
    return {role: client_of(story.world.members[role]) for role in FILE_READERS if role in story.world.members}


def open_by_page(story: Story, people) -> str:
    action = current().procedure("asylum", story.today()).actions["lodge"]
    address = f"/households/{story.household.number}/cases/asylum/government"
    page_of(people["registration_clerk"].get(address))
    sent = {
        **as_sent(answers_for(action.form, story.today(), {"reasons_for_flight": []})),
        "persons": [str(person.pk) for person in story.persons],
        "occurred_on": story.today().isoformat(),
        "submission_id": str(new_id()),
    }
    answer = people["registration_clerk"].post(address, sent)
    assert answer.status_code == 302, re.sub(r"<[^>]+>", " ", answer.content.decode())
    again = people["registration_clerk"].post(address, sent)
    assert again["Location"] == answer["Location"], "sending the same form again is safe"
    with acting_as_system("test"):
        story.case = Case.objects.get()
    return answer["Location"]


def act_by_page(story: Story, client, action: str, **given) -> object:
    with acting_as_system("test"):
        story.case.refresh_from_db()
    definition = story.action(action)
    sent = as_sent(answers_for(definition.form, story.today(), given))
    if definition.per_person:
        with acting_as_system("test"):
            positions = list(story.case.persons.values_list("position", flat=True))
        for position in positions:
            about = as_sent(answers_for(definition.per_person, story.today(), {}))
            sent |= {f"person-{position}-{name}": value for name, value in about.items()}
    sent |= {
        "occurred_on": story.today().isoformat(),
        "version": str(story.case.version),
        "submission_id": str(new_id()),
    }
    page_of(client.get(f"/cases/{story.case.number}/{action}"))
    return client.post(f"/cases/{story.case.number}/{action}", sent)


def test_the_whole_way_by_pages(story, people):
    where = open_by_page(story, people)
    shown = page_of(people["registration_clerk"].get(where))
    assert story.case.number in shown and "PANOH1:" not in shown, "the receipt is shown as a square"
    assert "<svg" in shown
    officer = people["eligibility_officer"]
    for action in ("register", "schedule_interview", "interview", "record_assessment", "refer_to_commission"):
        assert act_by_page(story, officer, action).status_code == 302
    secretary = people["commission_secretary"]
    assert story.case.number in page_of(secretary.get("/work"))
    page_of(secretary.get("/sittings"))
    convene = "/sittings/convene/asylum/commission"
    assert story.case.number in page_of(secretary.get(convene))
    sent = {"on": story.today().isoformat(), "place": "Room 4", "submission_id": str(new_id())}
    assert secretary.post(convene, sent).status_code == 422, "no case was ticked"
    sent["case"] = str(story.case.pk)
    at = secretary.post(convene, sent)["Location"]
    assert secretary.post(convene, sent)["Location"] == at
    seats = story.seat_everybody()
    page_of(secretary.get(at))
    page_of(secretary.get(f"{at}/attendance"))
    opening = {f"seat-{line.place}": str(line.member_id) for line in seats} | {"version": "1"}
    assert secretary.post(f"{at}/open", {"version": "1"}).status_code == 422, "nobody is there"
    assert secretary.post(f"{at}/open", opening).status_code == 302
    moving = {"action": "decide"}
    for position in range(1, 6):
        moving |= {f"person-{position}-outcome": "recognised", f"person-{position}-grounds": ["POLITICAL"]}
    refused = secretary.post(f"{at}/items/1/move", moving | {"person-2-grounds": ["NOT_CREDIBLE"]})
    assert refused.status_code == 422
    assert secretary.post(f"{at}/items/1/move", moving).status_code == 302
    votes = {f"vote-{line.member_id}": "for" for line in seats if line.place not in ("secretary", "unhcr")}
    assert secretary.post(f"{at}/items/1/votes", votes).status_code == 302
    page_of(secretary.get(f"{at}/items/1"))
    assert secretary.post(f"{at}/items/1/count", {}).status_code == 302
    page_of(secretary.get(f"{at}/items/1"))
    with acting_as_system("test"):
        version = Case.objects.get().version
    assert secretary.post(f"{at}/items/1/decide", {"reasoning": "", "version": version}).status_code == 422
    decided = secretary.post(f"{at}/items/1/decide", {"reasoning": "well founded", "version": version})
    assert decided.status_code == 302
    with acting_as_system("test"):
        sitting = Sitting.objects.get()
        assert Step.objects.filter(case=story.case).last().to_state == "decided_positive"
    closed = secretary.post(f"{at}/close", {"minutes": "One item.", "version": sitting.version})
    assert closed.status_code == 302
    shown = page_of(officer.get(f"/cases/{story.case.number}"))
    assert "Refugee status" in shown
    pdf = secretary.get(f"{at}/minutes.pdf")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    # The observer sees the sitting and the case, and cannot act on either.
    watching = people["protection_officer"]
    assert story.case.number in page_of(watching.get(at))
    assert "UNHCR observed" in page_of(watching.get(f"/cases/{story.case.number}"))
    assert watching.post(f"{at}/items/1/vote", {"value": "for"}).status_code == 422


def test_everything_typed_stays_when_something_is_wrong(story, people):
    open_by_page(story, people)
    officer = people["eligibility_officer"]
    act_by_page(story, officer, "register")
    answer = officer.post(
        f"/cases/{story.case.number}/interview",
        {"transcript": "She told of <the night>.", "language": "PRS", "occurred_on": "2031-01-01", "version": "2"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "She told of &lt;the night&gt;." in shown
    assert shown.count("field-wrong") >= 3, "every missing answer is shown at once"
    with acting_as_system("test"):
        assert Step.objects.count() == 2


def test_a_page_that_others_have_passed_is_told_and_keeps_what_was_typed(story, people):
    open_by_page(story, people)
    officer = people["eligibility_officer"]
    act_by_page(story, officer, "register")
    answer = officer.post(
        f"/cases/{story.case.number}/extend_time",
        {"reasoning": "ill", "applicant_told": "true", "occurred_on": story.today().isoformat(), "version": "1"},
    )
    assert answer.status_code == 409
    assert "ill" in answer.content.decode() and 'name="version" value="2"' in answer.content.decode()


def test_reading_a_case_is_recorded_and_hidden_looks_like_missing(story, people):
    open_by_page(story, people)
    with acting_as_system("test"):
        Reading.objects.filter(verb="procedures.case.read").count()
    page_of(people["protection_officer"].get(f"/cases/{story.case.number}"))
    with acting_as_system("test"):
        row = Reading.objects.filter(verb="procedures.case.read").order_by("-read_at").first()
        assert row.member_id == story.world.members["protection_officer"].pk
    hidden = people["lawyer"].get(f"/cases/{story.case.number}")
    missing = people["lawyer"].get("/cases/A-26-9999999")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert what_is_told(hidden, story.case.number) == what_is_told(missing, "A-26-9999999")


def what_is_told(answer, number: str) -> str:
    shown = answer.content.decode()
    return shown[shown.index("<main") : shown.index("</main>")].replace(number, "")


def test_the_page_of_a_case_takes_a_bounded_number_of_queries(story, people, django_assert_max_num_queries):
    open_by_page(story, people)
    for action in ("register", "schedule_interview", "interview", "record_assessment", "refer_to_commission"):
        act_by_page(story, people["eligibility_officer"], action)
    client = people["eligibility_officer"]
    page_of(client.get(f"/cases/{story.case.number}"))
    with django_assert_max_num_queries(26):
        client.get(f"/cases/{story.case.number}")


def test_an_act_that_cannot_be_done_says_why_instead_of_showing_a_form(story, people):
    open_by_page(story, people)
    answer = people["eligibility_officer"].get(f"/cases/{story.case.number}/record_assessment")
    assert answer.status_code == 409
    assert "<textarea" not in answer.content.decode()
    assert people["registration_clerk"].get(f"/cases/{story.case.number}/register").status_code == 403
    assert people["registration_clerk"].get(f"/cases/{story.case.number}/no_such_act").status_code == 404


def test_a_barrier_is_previewed_recorded_and_lifted(story, people):
    open_by_page(story, people)
    act_by_page(story, people["eligibility_officer"], "register")
    secretary = people["commission_secretary"]
    page_of(secretary.get("/barriers/record"))
    typed = {"kind": "COMMISSION_SUSPENDED", "from_on": story.today().isoformat(), "reason": "By order"}
    preview = page_of(secretary.post("/barriers/record", typed | {"do": "preview"}))
    assert "1 open case is touched" in preview and "By order" in preview
    with acting_as_system("test"):
        assert Barrier.objects.count() == 0
    assert secretary.post("/barriers/record", typed | {"do": "record"}).status_code == 302
    assert "still stands" in page_of(secretary.get("/barriers"))
    assert "stands still" in page_of(secretary.get("/work"))
    with acting_as_system("test"):
        barrier = Barrier.objects.get()
    too_early = {"to_on": story.today().isoformat(), "version": "1", "do": "lift"}
    assert secretary.post(f"/barriers/{barrier.pk}/lift", too_early).status_code == 422
    assert people["eligibility_officer"].get("/barriers/record").status_code == 403


def test_the_manual_is_made_from_the_definition(people):
    shown = page_of(people["lawyer"].get("/procedures/asylum"))
    assert "procedure-drawing" in shown and "Decide on status" in shown
    assert "style=" not in shown[shown.index('<svg class="procedure-drawing"') : shown.index("</svg>")]
    page_of(people["lawyer"].get("/procedures/asylum?track=mandate"))
    assert people["lawyer"].get("/procedures/nothing").status_code == 404


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_every_procedure_has_its_manual_with_drawing_and_acts_in_every_language(people, language):
    client, book = people["lawyer"], current()
    client.cookies["language"] = language
    for versions in book.procedures.values():
        for track in versions[-1].tracks:
            shown = page_of(client.get(f"/procedures/{versions[-1].code}?track={track}"))
            assert "procedure-drawing" in shown, (versions[-1].code, track)
            for action in versions[-1].actions.values():
                if track in action.tracks:
                    assert conditional_escape(book.text(action.titles, language)) in shown, (action.code, track)


@pytest.mark.parametrize("language", ["en", "ru", "tg", "prs"])
def test_every_page_is_drawn_in_every_language(story, people, language):
    open_by_page(story, people)
    for role in ("eligibility_officer", "commission_secretary", "protection_officer"):
        client = people[role]
        client.cookies["language"] = language
        for address in (
            "/work",
            f"/cases/{story.case.number}",
            "/sittings",
            "/barriers",
            "/procedures",
            "/procedures/asylum",
        ):
            page_of(client.get(address))


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"version": "x" * 50, "occurred_on": "yesterday", "submission_id": "1"},
        {"version": "-1", "told_of_rights": ["true", "false"], "occurred_on": "0001-01-01"},
        {"told_of_rights": "\x00", "stray": "1"},
    ],
)
def test_nonsense_gets_an_answer_and_never_a_fault(story, people, sent):
    open_by_page(story, people)
    officer, secretary = people["eligibility_officer"], people["commission_secretary"]
    assert officer.post(f"/cases/{story.case.number}/register", sent).status_code in (409, 422)
    assert secretary.post("/barriers/record", sent).status_code == 422
    assert secretary.post("/sittings/convene/asylum/commission", sent).status_code == 422
    assert secretary.get("/work?after=nonsense&when=never").status_code == 200
    for address in ("/sittings/X", "/sittings/X/open", "/sittings/X/items/1/move", f"/barriers/{new_id()}/lift"):
        assert secretary.post(address, sent).status_code in (404, 405)


def test_a_monitor_answers_a_safeguard_and_the_authority_does_not_read_it(story, people):
    open_by_page(story, people)
    watching = people["protection_officer"]
    address = f"/cases/{story.case.number}/safeguards/no_payment_asked"
    page_of(watching.get(address))
    assert watching.post(address, {"verdict": "broken", "on": story.today().isoformat()}).status_code == 422
    told = {"verdict": "broken", "on": story.today().isoformat(), "evidence": "Money was asked at the gate"}
    assert watching.post(address, told).status_code == 302
    assert "Money was asked at the gate" in page_of(watching.get(f"/cases/{story.case.number}"))
    assert "Money was asked" not in page_of(people["eligibility_officer"].get(f"/cases/{story.case.number}"))


def test_the_page_of_a_person_leads_to_her_cases_and_shows_where_she_stands(story, people) -> None:
    number = story.persons[0].number
    before = page_of(people["registration_clerk"].get(f"/persons/{number}"))
    assert "This person stands in no case." in before and 'class="path' in before
    open_by_page(story, people)
    page = page_of(people["registration_clerk"].get(f"/persons/{number}"))
    assert f"/cases/{story.case.number}" in page
    assert "Household registered" in page  # what was done, from the ledger
