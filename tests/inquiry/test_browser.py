"""The slip, the officer's page and the page of the own case in a browser: accessible, no wider than a phone, in every language."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import faults_of, follow
from tests.procedures.stories import Story
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
LANGUAGES = ("en", "ru", "tg", "prs")


@pytest.fixture
def story(committed_world, settings) -> Story:
    settings.INQUIRY_CHANNELS = ["panoh.inquiry.channels.Mail"]
    found = Story(committed_world)
    found.register()
    return found


@pytest.fixture
def late_story(story) -> Story:
    """An application from a border post, whose unit gave no notice in time."""
    story.open(
        "asylum", "government", "registration_clerk", on=story.today() - timedelta(days=40), lodged_at="border_post"
    )
    story.take("register", "eligibility_officer", on=story.today() - timedelta(days=38))
    return story


@pytest.fixture
def refused_story(story) -> Story:
    """Registration was refused and the family was told: the time to appeal runs."""
    story.open("asylum", "government", "registration_clerk")
    story.take("refuse_registration", "registration_supervisor")
    story.take("notify_decision", "registration_supervisor")
    return story


def officer_cookies(story: Story) -> dict[str, str]:
    return {"sessionid": client_of(story.world.members["eligibility_officer"]).cookies["sessionid"].value}


def slip_of(story: Story, visit, language: str):
    page = visit(f"/own-case/{story.case.number}", language=language, cookies=officer_cookies(story))
    follow(page.locator(".page-acts button, main button").first)
    number, code = page.locator("main h2 bdi").all_inner_texts()
    return page, number, code


def ask(page, number: str, code: str) -> None:
    page.locator("input[name=number]").last.fill(number)
    page.locator("input[name=code]").last.fill(code)
    follow(page.locator("main form.form button[type=submit]"))


@pytest.mark.parametrize("language", ["en", "prs"])
def test_the_slip_is_printed_and_the_case_is_shown_to_who_holds_it(late_story, visit, violations, language):
    page, number, code = slip_of(late_story, visit, language)
    assert faults_of(page, violations, f"slip-{language}") == []
    anybody = visit("/own-case", language=language, script=False)
    ask(anybody, number, code.lower().replace("-", " "))
    assert anybody.locator(".path-here").count() == 1
    assert anybody.locator("#told-next .due-line").count() >= 1
    seen = visit("/own-case", language=language)
    ask(seen, number, code)
    assert faults_of(seen, violations, f"own-case-late-{language}") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_was_refused_reads_her_right_in_her_language(refused_story, visit, violations, language):
    """By the number of her receipt: until when, to whom, where, that help is free, what to do if she is detained."""
    _page, _number, code = slip_of(refused_story, visit, language)
    with refused_story.acting("registration_clerk"):
        entry = refused_story.case.steps.get(seq=1).entry_id
    seen = visit("/own-case", language=language, width=360)
    ask(seen, str(entry)[:19].upper(), code)
    assert faults_of(seen, violations, f"own-case-refused-{language}") == []
    for section in ("rights", "bring", "legal-aid", "detained"):
        assert seen.locator(f"#told-{section} p").count() >= 1, section
    assert seen.locator("#told-rights .due-line").count() == 1
    assert seen.evaluate("document.documentElement.dir") == ("rtl" if language == "prs" else "ltr")
    # In print: what is told, without forms and buttons.
    seen.emulate_media(media="print")
    assert seen.locator("#told-rights").is_visible() and not seen.locator("#take-along").is_visible()


def test_the_answer_is_shown_in_another_language_at_a_press(refused_story, visit):
    _page, number, code = slip_of(refused_story, visit, "en")
    seen = visit("/own-case", language="en")
    ask(seen, number, code)
    follow(seen.locator("#take-along button[lang=fa-AF]").last)
    assert seen.evaluate("document.documentElement.dir") == "rtl"
    assert seen.locator("#told-rights .due-line").count() == 1
    seen.goto(seen.url)
    assert seen.evaluate("document.documentElement.dir") == "rtl"


@pytest.mark.parametrize("language", ["en", "prs"])
def test_an_officer_writes_a_contact_down_and_sends_the_code(refused_story, visit, violations, language):
    page = visit(f"/own-case/{refused_story.case.number}", language=language, cookies=officer_cookies(refused_story))
    page.locator("#contacts details summary").click()
    page.locator("#address").fill("zarina@example.org")
    follow(page.locator("#contacts details button"))
    assert page.locator(".problem, [role=alert]").count() >= 1  # without her word
    visit.complaints.clear()  # of the refusal's status
    page.locator("input[name=agreed]").check()
    follow(page.locator("#contacts details button"))
    follow(page.locator("#contacts form[action$='/send'] button"))
    assert page.locator("#sendings li").count() == 1 and page.locator("#sendings .badge").count() == 0
    assert faults_of(page, violations, f"code-page-{language}") == []
