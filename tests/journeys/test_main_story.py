"""The main job in a browser, in English and in Dari: from the border post to the certificate to the published table.

A clerk registers a family and is warned of a possible duplicate; the claim is lodged and the family leaves with a
receipt; two people issue the certificate; the commission hears, votes and decides in time; the year's table counts it.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from panoh.access.context import acting_as_system
from panoh.ledger.verification import verify
from panoh.papers.models import Paper
from panoh.papers.operations import receive_stock
from panoh.procedures.models import Case, Due
from panoh.registry.models import Household, Name, Person
from panoh.statistics.annual import annual_table
from tests.browser import follow, type_day
from tests.registry.test_register_page import FATHER, MOTHER, typed
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

TODAY = timezone.localdate()


class Office:
    """The members of the world, each in a browser window of her own."""

    def __init__(self, visit, world, language: str) -> None:
        self.visit, self.world, self.language = visit, world, language
        self.windows: dict[str, object] = {}

    def at(self, role: str, path: str):
        """The page at this address, as this role sees it."""
        if role not in self.windows:
            session = client_of(self.world.members[role]).cookies["sessionid"].value
            self.windows[role] = self.visit(path, language=self.language, cookies={"sessionid": session})
        else:
            self.windows[role].goto(self.visit.address + path)
        page = self.windows[role]
        assert page.locator("html").get_attribute("dir") == ("rtl" if self.language == "prs" else "ltr")
        return page

    def act(self, role: str, case: str, action: str, *, of_each: dict[str, object] | None = None, **answers: object):
        """Fill in the form of an act, `of_each` for each person, and record it."""
        page = self.at(role, f"/cases/{case}/{action}")
        fill(page, answers)
        for position in range(1, page.locator("main fieldset.person-fields").count() + 1):
            fill(page, of_each or {}, f"person-{position}-")
        follow(page.locator("main form .form-acts button.button").first)
        assert "done=" in page.url, f"{action}: {page.locator('main').inner_text()[:1500]}"
        return page


def fill(page, answers: dict[str, object], prefix: str = "") -> None:
    """Answers by the name of the field: a choice, a tick, a text, or a day in the calendar in which the page asks for it."""
    for name, answer in answers.items():
        if type_day(page.locator("main"), f"{prefix}{name}", str(answer)):
            continue
        places = page.locator(f'main [name="{prefix}{name}"]')
        assert places.count(), f"no field {prefix}{name} on {page.url}: {page.locator('main').inner_text()[:600]}"
        kind = places.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        if kind == "select":
            places.first.select_option(answer)
        elif kind == "radio":
            value = {True: "true", False: "false"}.get(answer, answer)
            page.locator(f'main [name="{prefix}{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            places.first.set_checked(bool(answer))
        else:
            places.first.fill(str(answer))


def read(model, **wanted):
    with acting_as_system("reading in a test"):
        return list(model.objects.filter(**wanted).order_by("id"))


@pytest.fixture
def office(committed_world, visit, request) -> Office:
    world = committed_world
    for number in range(4):
        world.add_member("commission_member", f"commission_{number}", office="dushanbe")
    return Office(visit, world, request.param)


@pytest.mark.parametrize("office", ["en", "prs"], indirect=True)
def test_from_the_border_post_to_the_published_table(office, violations) -> None:
    world = office.world
    # A record that looks like the father of the family to come, written in another script by the same office.
    earlier = client_of(world.members["registration_clerk"]).post(
        "/households/register",
        typed(
            {**FATHER, "given": "Муҳаммад Наим", "father": "Ғулом Ҳазрат"},
            arrived_on=(TODAY - timedelta(days=40)).isoformat(),
        ),
    )
    assert earlier.status_code == 200

    household = register(office)
    case = lodge(office, household)
    certificate(office, case, "ASYLUM_SEEKER_CERTIFICATE", household)
    page = office.at("registration_clerk", f"/search?q={case.lower()}")
    assert page.url.endswith(f"/cases/{case}"), "the search box finds a case by its number"
    hear(office, case)
    decide(office, case)
    decided_in_time(office, case)
    finish(office, case)

    persons = read(Person, household_id=household.pk)
    assert [person.population_group for person in persons] == ["REF", "REF"]
    certificate(office, case, "REFUGEE_CERTIFICATE", household)
    table = annual_table(TODAY.year, method="true")
    assert table.balanced
    assert table.value("RSD", "ASYREC-CV", origin="AFG") == 2 == table.value("REFUGEE", "ARR-IND", origin="AFG")
    page = office.at("register_officer", f"/statistics?year={TODAY.year}&method=true")
    assert page.locator("table").count() >= 3
    assert violations(page) == []
    with acting_as_system("verifying in a test"):
        assert verify().findings == []


def register(office: Office) -> Household:
    """The clerk types the family; the page warns of the likely duplicate; she looks, and registers all the same."""
    page = office.at("registration_clerk", "/households/register")
    fill(page, {"arrived_on": TODAY.isoformat()})
    fill(page, {k: v for k, v in FATHER.items() if k not in ("relationship", "nationality")}, "persons.0.")
    follow(page.locator('main button[name="add"]'))
    assert page.evaluate("document.activeElement.name") == "persons.1.given", "typing goes on with the new person"
    fill(page, MOTHER, "persons.1.")
    follow(page.locator("main form > .form-acts button.button").last)
    warned = page.locator("main .notice-due", has=page.locator("table")).first
    known = read(Person)[0]
    assert known.number in warned.inner_text(), "the earlier record, by its number"
    name = read(Name, person=known, is_primary=True)[0].as_person_name()
    assert name.display("full") in warned.inner_text(), "under the name it was told by"
    why = warned.locator("tbody td").last.inner_text()
    for word in (name.given.split()[0].casefold(), FATHER["given"].split()[0]):
        assert word in why, f"which word met which: {why}"
    assert page.locator('main [name="persons.1.given"]').input_value() == MOTHER["given"], "nothing typed is lost"
    follow(page.locator("main form > .form-acts button.button").last)
    assert page.locator(".receipt .qr img").count() == 1, "the receipt is in the same answer"
    number = re.search(r"/households/([0-9A-Z-]+)$", page.locator("main a.button").first.get_attribute("href"))[1]
    return read(Household, number=number)[0]


def lodge(office: Office, household: Household) -> str:
    """The claim is lodged from the family's file, and a receipt is handed over with it."""
    page = office.at("registration_clerk", f"/households/{household.number}")
    follow(page.locator('main .page-acts a.button[href*="/cases/asylum/government"]'))
    fill(page, {"lodged_at": "border_post", "application_language": "PRS"})
    follow(page.locator("main form .form-acts button.button").first)
    assert "/cases/" in page.url and "done=" in page.url, page.locator("main").inner_text()[:1500]
    assert page.locator(".receipt .qr img").count() == 1
    assert page.locator(".path-here").count() == 1
    case = read(Case, household_id=household.pk)[0]
    assert [p.population_group for p in read(Person, household_id=household.pk)] == ["ASY", "ASY"]
    office.act("registration_clerk", case.number, "notify_authority", border_unit="Panji Poyon")
    return case.number


def certificate(office: Office, case: str, kind: str, household: Household) -> None:
    """One person prepares the paper, another confirms it; the family gets it printed."""
    with office.world.as_role("registration_supervisor") as supervisor:
        receive_stock(by=supervisor, kind=kind, first=1, last=10, received_on=TODAY)
    clerk = "registration_clerk"
    page = office.at(clerk, f"/cases/{case}")
    prepare = f"/cases/{case}/papers/"
    orders = page.locator(f'main a[href*="{prepare}"], main form[action*="{prepare}"] button')
    assert orders.count() >= 1, f"{kind}: {page.locator('main').inner_text()[:2500]}"
    follow(orders.first)
    if page.locator("main form .form-acts button.button").count():
        follow(page.locator("main form .form-acts button.button").first)
    told = page.locator("main").inner_text()
    page = office.at("registration_supervisor", "/papers/to-confirm")
    assert page.locator('main a[href*="/papers/"]').count(), f"{kind} was not prepared: {told[:1500]}"
    follow(page.locator('main a[href*="/papers/"]').first)
    follow(page.locator('main form[action$="/confirm"] button').first)
    number = re.search(r"/papers/([0-9A-Z-]+)", page.url)[1]
    session = client_of(office.world.members["registration_supervisor"])
    printed = session.get(f"/papers/{number}/print.pdf")
    assert printed.status_code == 200 and printed.content[:5] == b"%PDF-", printed.status_code
    paper = read(Paper, number=number)[0]
    assert paper.language == "prs", "in the family's language beside Tajik"
    checked = Client().post("/check", {"text": paper.qr}).content.decode()
    assert "Genuine</h2>" in checked and "Not withdrawn" in checked and "In force until" in checked
    assert session.get(f"/search?q={number}")["Location"] == f"/papers/{number}"


def hear(office: Office, case: str) -> None:
    """Registered by the authority, heard with an interpreter, read back and signed, assessed, sent to the commission."""
    officer = "eligibility_officer"
    office.act(officer, case, "register", told_of_rights=True)
    office.act(
        officer, case, "schedule_interview",
        interview_on=TODAY.isoformat(), language="PRS", sex_preference_asked=True, preferred_sex="woman", counsel_explained=True,
    )  # fmt: skip
    office.act(
        officer, case, "interview",
        language="PRS", interpreter="sworn", language_understood=True, preference_honoured="yes", private=True, counsel="declined",
        guardian="not_needed", could_add_evidence=True, transcript_kind="verbatim", read_back=True, signed=True,
        transcript="سوال: چرا وطن را ترک کردید؟",
    )  # fmt: skip
    office.act(
        officer, case, "record_assessment",
        facts_found="Worked for a court.", analysis="Fear is well-founded.", of_each={"recommendation": "recognised"},
    )  # fmt: skip
    page = office.act(officer, case, "refer_to_commission")
    assert page.locator(".reasoning").count() >= 1, "each deadline shows its line of reasoning"


def decide(office: Office, case: str) -> None:
    """The commission meets: agenda, quorum, a motion with grounds for each person, votes, the decision, minutes."""
    secretary = "commission_secretary"
    page = office.at(secretary, "/sittings/convene/asylum/commission")
    fill(page, {"on": TODAY.isoformat(), "place": "Dushanbe"})
    follow(page.locator("main form .form-acts button.button").first)
    number = re.search(r"/sittings/([^/?]+)", page.url)[1]
    follow(page.locator(f'main a[href="/sittings/{number}/attendance"]').first)
    seats = page.locator('main select[name^="seat-"]')
    taken: set[str] = set()
    for index in range(seats.count()):
        seat = seats.nth(index)
        free = [v for v in seat.evaluate("e => [...e.options].map(o => o.value)") if v and v not in taken]
        if free:
            seat.select_option(free[0])
            taken.add(free[0])
    follow(page.locator('main form[action$="/open"] button'))
    assert page.locator("#item-1").count() == 1, page.locator("main").inner_text()[:1500]
    follow(page.locator('main .page-acts a[href$="/items/1"]'))
    motion = page.locator('form[action$="/move"]').first
    for select in motion.locator("select").all():
        name = select.get_attribute("name")
        if name.endswith("outcome"):
            select.select_option("recognised")
        elif name.endswith("grounds"):
            select.select_option(["POLITICAL"])
    for box in motion.locator(
        'input[type="checkbox"][value="POLITICAL"], input[type="radio"][value="recognised"]'
    ).all():
        box.check()
    reason(motion)
    follow(motion.locator("button").last)
    for vote in page.locator('#vote input[type="radio"][value="for"]').all():
        vote.check()
    assert page.locator('form[action$="/votes"] button').count(), page.locator("main").inner_text()[:2500]
    follow(page.locator('form[action$="/votes"] button'))
    follow(page.locator('form[action$="/count"] button'))
    reason(page.locator('form[action$="/decide"]'))
    follow(page.locator('form[action$="/decide"] .form-acts button'))
    assert page.url.endswith(f"/sittings/{number}"), "nothing is left to decide: back to the agenda"
    fill(page, {"minutes": "The commission heard the officer and decided."})
    follow(page.locator('main form[action$="/close"] button'))
    minutes = client_of(office.world.members[secretary]).get(f"/sittings/{number}/minutes.pdf")
    assert minutes.status_code == 200 and minutes.content[:5] == b"%PDF-"


def decided_in_time(office: Office, case: str) -> None:
    """The decision stopped both clocks that it has to stop, before their last day; the case's page tells why that day."""
    clocks = {due.clock: due for due in read(Due, case__number=case)}
    for clock in ("overall", "commission_decision"):
        assert clocks[clock].stopped_on == TODAY <= clocks[clock].due_on, clock
    page = office.at("eligibility_officer", f"/cases/{case}")
    assert page.locator("#clocks details.reasoning").count() == len(clocks)


def reason(form) -> None:
    """Reasons in fact and law, where this form asks for them."""
    if form.locator('[name$="reasoning"]').count():
        form.locator('[name$="reasoning"]').fill("Well-founded fear for political opinion.")


def finish(office: Office, case: str) -> None:
    """The decision is given to them in their language, with reasons, and the case closes with status."""
    office.act(
        "registration_clerk", case, "notify_decision",
        manner="in_person", language="PRS", language_understood=True, in_writing=True, reasons_given=True, appeal_information=True,
    )  # fmt: skip
    page = office.act("registration_supervisor", case, "close_granted")
    assert read(Case, number=case)[0].closed_on == TODAY, page.locator("main").inner_text()[:800]
