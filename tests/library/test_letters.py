"""Letters end with the sources that they rest on: only what anybody may read, and only what was cited when they were sent."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from panoh.library.models import Paragraph
from panoh.library.operations.citing import Thing, cite_paragraph
from panoh.papers.printing import preview_png
from panoh.papers.sources import source_lines
from panoh.procedures.models import PaperOrder
from panoh.procedures.operations.paper_orders import prepare_ordered_paper
from panoh.protection.letters import letter_pdf
from panoh.protection.models import Intervention
from panoh.protection.operations.interventions import Sent, send_intervention
from tests.procedures.stories import Story

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "REFUGEES WAIT FOR CERTIFICATES IN THE VALLEY"


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.fixture
def refused(shelves) -> Story:
    story = Story(shelves.world)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    story.take("refuse_registration", "registration_supervisor", reasoning="No claim was made.")
    return story


def cite(shelves, document, thing: Thing) -> None:
    with shelves.world.as_role("protection_officer") as officer:
        paragraph = Paragraph.objects.select_related("document").get(document=document, label="3")
        cite_paragraph(by=officer, paragraph=paragraph, thing=thing)


def test_a_decision_letter_names_open_sources_and_no_other(shelves, opened, closed, refused):
    case = Thing("case", refused.case.pk, refused.case.number)
    cite(shelves, opened, case)
    cite(shelves, closed, case)
    with refused.acting("registration_supervisor") as supervisor:
        order = PaperOrder.objects.select_related("person__household", "step", "case").get(kind="DECISION_LETTER")
        paper = prepare_ordered_paper(by=supervisor, order=order, language="prs")
    told = paper.content["facts"]["sources"]
    assert told["en"] == [[f"{TITLE}, ¶ 3", "Embassy Dushanbe", "9 May 2006", "06DUSHANBE412"]]
    assert told["prs"][0][2:] == ["۱۹ ثور ۱۳۸۵", "06DUSHANBE412"]


def test_a_letter_of_the_procedure_names_them_too(shelves, opened, closed):
    story = Story(shelves.world)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    story.take("register", "eligibility_officer")
    for document in (opened, closed):
        cite(shelves, document, Thing("case", story.case.pk, story.case.number))
    story.take("schedule_interview", "eligibility_officer")
    with story.acting("eligibility_officer") as officer:
        order = (
            PaperOrder.objects.select_related("person__household", "step", "case")
            .filter(letter="called_to_interview")
            .first()
        )
        paper = prepare_ordered_paper(by=officer, order=order, language="prs")
        assert preview_png(paper).startswith(b"\x89PNG")
    told = paper.content["facts"]["sources"]
    assert told["en"] == [[f"{TITLE}, ¶ 3", "Embassy Dushanbe", "9 May 2006", "06DUSHANBE412"]]


def test_an_intervention_is_printed_with_what_it_cited_when_it_was_sent(shelves, opened, closed):
    letter = Sent(
        kind="LETTER",
        institution="MIGRATION",
        subject="Certificates",
        text="Families wait.",
        sent_on=timezone.localdate(),
        language="en",
    )
    with shelves.world.as_role("protection_officer") as officer:
        sent = send_intervention(by=officer, sent=letter)
    for document in (opened, closed):
        cite(shelves, document, Thing("intervention", sent.pk, sent.number))
    with shelves.world.as_role("protection_officer") as officer:
        printed = words_of(letter_pdf(Intervention.objects.select_related("organisation").get(pk=sent.pk), by=officer))
        before = timezone.localdate() - timedelta(days=1)
        assert source_lines(officer, "intervention", sent.number, until=before)["en"] == []
    assert printed.count("06DUSHANBE412") == 1 and "06DUSHANBE413" not in printed
    assert "Sources" in printed
