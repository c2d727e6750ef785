"""The pages of cases in a browser: accessible, no wider than a phone, quiet, in both directions."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.procedures.stories import Story
from tests.signing_in import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.fixture
def sitting(committed_world) -> Story:
    """A case before an open sitting, with a motion to vote on, and a barrier on record."""
    story = Story(committed_world)
    story.register()
    story.open(
        "asylum", "government", "registration_clerk", on=story.today() - timedelta(days=40), lodged_at="border_post"
    )
    for action, ago in (("register", 38), ("interview", 20), ("record_assessment", 9), ("refer_to_commission", 8)):
        story.take(action, "eligibility_officer", on=story.today() - timedelta(days=ago))
    story.convene()
    story.open_sitting()
    return story


def pages(story: Story) -> dict[str, str]:
    """Address → the role that looks at it."""
    return {
        f"/cases/{story.case.number}": "eligibility_officer",
        f"/cases/{story.case.number}/extend_time": "eligibility_officer",
        f"/cases/{story.case.number}/safeguards/no_payment_asked": "protection_officer",
        f"/sittings/{story.sitting.number}": "commission_secretary",
        "/sittings/convene/asylum/commission": "commission_secretary",
        "/barriers/record": "commission_secretary",
        "/procedures/asylum": "lawyer",
        "/work": "eligibility_officer",
        f"/households/{story.household.number}": "registration_clerk",
    }


@pytest.mark.parametrize("language", ["en", "prs"])
def test_every_page_of_a_case_is_accessible_and_fits_a_phone(sitting, visit, violations, language):
    faults = {}
    for number, (address, role) in enumerate(pages(sitting).items()):
        cookies = {"sessionid": client_of(sitting.world.members[role]).cookies["sessionid"].value}
        page = visit(address, language=language, cookies=cookies)
        found = violations(page)
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                found.append(f"wider than a screen of {width}")
            if os.environ.get("PANOH_PICTURES"):
                target = Path(os.environ["PANOH_PICTURES"]) / f"{number}-{language}-{width}.png"
                page.screenshot(path=str(target), full_page=True)
        if found:
            faults[address] = found
    assert faults == {}


def test_an_act_is_recorded_with_the_keyboard_alone(sitting, visit):
    cookies = {"sessionid": client_of(sitting.world.members["eligibility_officer"]).cookies["sessionid"].value}
    page = visit(f"/cases/{sitting.case.number}/extend_time", cookies=cookies, script=False)
    page.locator("#id_reasoning").focus()
    page.keyboard.type("The interpreter was ill.")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{sitting.case.number}?done=*")
    assert "Time extended" in page.locator("main").inner_text()
