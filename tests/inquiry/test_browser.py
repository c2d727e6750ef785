"""The slip and the page of the own case in a browser: accessible, no wider than a phone, without JavaScript, in both directions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import faults_of
from tests.procedures.stories import Story
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def story(committed_world) -> Story:
    """An application from a border post, whose unit gave no notice in time."""
    found = Story(committed_world)
    found.register()
    found.open(
        "asylum", "government", "registration_clerk", on=found.today() - timedelta(days=40), lodged_at="border_post"
    )
    found.take("register", "eligibility_officer", on=found.today() - timedelta(days=38))
    return found


@pytest.mark.parametrize("language", ["en", "prs"])
def test_the_slip_is_printed_and_the_case_is_shown_to_who_holds_it(story, visit, violations, language):
    def look(page, name: str) -> None:
        assert faults_of(page, violations, f"{name}-{language}") == []

    cookies = {"sessionid": client_of(story.world.members["eligibility_officer"]).cookies["sessionid"].value}
    page = visit(f"/households/{story.household.number}", language=language, cookies=cookies)
    page.locator("#own-case button").click()
    look(page, "slip")
    number, code = page.locator("main h2 bdi").all_inner_texts()
    anybody = visit("/own-case", language=language, script=False)
    anybody.locator("input[name=number]").fill(number)
    anybody.locator("input[name=code]").fill(code.lower().replace("-", " "))
    anybody.locator("main button[type=submit]").click()
    assert anybody.locator(".path-here").count() == 1
    assert anybody.locator(".due-line").count() >= 1
    seen = visit("/own-case", language=language)
    seen.locator("input[name=number]").fill(number)
    seen.locator("input[name=code]").fill(code)
    seen.keyboard.press("Enter")
    seen.locator(".path-here").wait_for()
    look(seen, "own-case")
    assert seen.locator(".due-line .badge-due").count() == 1  # the notice of the border unit was due long ago
