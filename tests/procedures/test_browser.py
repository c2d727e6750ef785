"""The pages of cases in a browser: accessible, no wider than a phone, quiet, in both directions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browser import faults_of
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
    story.move("decide", {"outcome": "recognised", "grounds": ["POLITICAL"]})
    return story


def pages(story: Story) -> dict[str, str]:
    """Address → the role that looks at it."""
    return {
        f"/cases/{story.case.number}": "eligibility_officer",
        f"/cases/{story.case.number}/extend_time": "eligibility_officer",
        f"/cases/{story.case.number}/safeguards/no_payment_asked": "protection_officer",
        f"/sittings/{story.sitting.number}": "commission_secretary",
        f"/sittings/{story.sitting.number}/attendance": "commission_secretary",
        f"/sittings/{story.sitting.number}/items/1": "commission_secretary",
        f"/sittings/{story.sitting.number}/items/1?member": "commission_justice",
        f"/cases/{story.case.number}/late-entry": "registration_supervisor",
        "/sittings": "commission_secretary",
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
        if found := faults_of(page, violations, f"{number}-{language}"):
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


def signed_in(story: Story, role: str) -> dict[str, str]:
    return {"sessionid": client_of(story.world.members[role]).cookies["sessionid"].value}


def another_case_before_the_commission(world) -> Story:
    story = Story(world)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")
    return story


def test_an_agenda_is_chosen_put_in_order_and_changed_without_javascript(committed_world, visit):
    first, second = (another_case_before_the_commission(committed_world) for _ in range(2))
    page = visit("/sittings/convene/asylum/commission", cookies=signed_in(first, "commission_secretary"), script=False)
    assert page.locator("input[name=case]:checked").count() == 2, "the most urgent are proposed"
    page.locator(f"input[name='case'][value='{first.case.pk}']").uncheck()
    page.get_by_role("button", name="Convene").click()
    assert [second.case.number] == page.locator(".agenda td .soft bdi").all_inner_texts()
    page.get_by_role("link", name="Change the agenda").click()
    page.locator(f"input[name='case'][value='{first.case.pk}']").check()
    page.locator(f"input[name='at-{first.case.pk}']").fill("1")
    page.locator(f"input[name='at-{second.case.pk}']").fill("2")
    page.get_by_role("button", name="Keep this agenda").click()
    assert [first.case.number, second.case.number] == page.locator(".agenda td .soft bdi").all_inner_texts()


def test_a_member_sees_her_own_vote_and_changes_it_without_javascript(sitting, visit):
    address = f"/sittings/{sitting.sitting.number}/items/1"
    page = visit(address, cookies=signed_in(sitting, "commission_justice"), script=False)
    page.locator(".own-vote").get_by_role("button", name="for", exact=True).click()
    assert "Your vote: for" in page.locator(".own-vote").inner_text()
    assert "You can change it until the votes are counted." in page.locator(".own-vote").inner_text()
    page.locator(".own-vote").get_by_role("button", name="against").click()
    assert "Your vote: against" in page.locator(".own-vote").inner_text()
    assert "1 of 7 have voted" in page.locator("#vote").inner_text()
    other = visit(address, cookies=signed_in(sitting, "commission_labour"), script=False)
    assert "has voted" in other.locator(".votes").inner_text()
    assert "against" not in other.locator(".votes").inner_text(), "how others voted is not shown before the count"


def test_the_keys_go_through_the_agenda(committed_world, visit):
    first, second = (another_case_before_the_commission(committed_world) for _ in range(2))
    first.convene()
    number = first.sitting.number
    page = visit(f"/sittings/{number}/items/1", cookies=signed_in(first, "commission_secretary"))
    page.keyboard.press("j")
    page.wait_for_url(f"**/sittings/{number}/items/2")
    page.keyboard.press("k")
    page.wait_for_url(f"**/sittings/{number}/items/1")
    assert second.case.number != first.case.number
