"""What a person is told: every right with an end has its remedy, sentences are whole in four languages, the slip shows the same."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation
from pypdf import PdfReader

from panoh import rulebook
from panoh.inquiry.operations import make_code
from panoh.inquiry.queries import ask
from panoh.inquiry.slips import slip_pdf
from panoh.inquiry.telling import ADVICE, sections, standing
from panoh.rulebook.law import LANGUAGES
from tests.procedures.stories import Story


def told_to(story: Story, language: str = "en"):
    with story.acting("eligibility_officer") as officer:
        code = make_code(by=officer, case=story.case)
    return ask(story.case.number, code, language), code


def said(told, language: str = "en") -> dict[str, str]:
    with translation.override(language):
        return {part.code: "\n".join(one.text for one in part.sentences) for part in sections(told, language)}


def test_every_right_that_lapses_says_to_which_body_and_how():
    book = rulebook.current()
    named = {name for row in book.codes[ADVICE].where(about="remedy") for name in row.attributes["of"].split()}
    rights = {
        f"{versions[-1].code}.{clock.code}"
        for versions in book.procedures.values()
        for clock in versions[-1].clocks.values()
        if clock.bound == "applicant" and clock.on_breach == "lapse"
    }
    clocks = {f"{v[-1].code}.{code}" for v in book.procedures.values() for code in v[-1].clocks}
    assert rights and rights <= named, rights - named
    assert named <= clocks, named - clocks


def test_before_a_decision_the_right_to_come_is_told(story):
    found = said(told_to(story)[0])
    assert "If you do not agree with a decision, you have" in found["rights"]
    assert "to the court" in found["rights"]


def test_after_a_refusal_the_last_day_is_told(story):
    story.take("refuse_registration", "registration_supervisor")
    story.take("notify_decision", "registration_supervisor")
    told, _code = told_to(story)
    found = said(told)
    limit = next(one for one in told.limits if one.clock.code == "appeal_window")
    assert "You can act until and including" in found["rights"]
    assert str(limit.due_on.day) in found["rights"] and str(limit.due_on.year) in found["rights"]
    assert "free of charge" in found["legal-aid"] and "UNHCR" in found["detained"]
    late = replace(told, limits=(replace(limit, due_on=story.today() - timedelta(days=1), passed=True),))
    assert "The time ended on" in said(late)["rights"]


def test_who_gives_legal_aid_is_named(story):
    lawyers = story.world.members["lawyer"].organisation.titles["en"]
    assert lawyers in said(told_to(story)[0])["legal-aid"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_slip_prints_what_the_page_says(story, language):
    """Read back from the PDF; Arabic script comes out of one in shapes, so there the number and code must do."""
    story.take("refuse_registration", "registration_supervisor")
    story.take("notify_decision", "registration_supervisor")
    told, code = told_to(story, language)
    pdf = slip_pdf(told, code, "https://panoh.example/own-case", language)
    assert pdf.startswith(b"%PDF")
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert story.case.number in text and code in text
    with translation.override(language):
        if language != "prs":
            assert standing(told, language)[:20] in text
    with story.acting("eligibility_officer"):
        names = [form.given for person in story.persons for form in person.names.all()]
    assert names and not any(name in text for name in names)
