"""An appeal in a browser, from the refusal to its end: handed over, taken in, listed with another family's, adjourned, listed again,
heard, refused to the one who decided first, and decided by a colleague. In English and in Dari.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from panoh.access.context import acting_as_system
from panoh.procedures.models import Case
from tests.browser import faults_of
from tests.journeys.test_main_story import Office
from tests.procedures.stories import Story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]

TOLD = {
    "manner": "in_person", "language": "PRS", "language_understood": True, "in_writing": True, "reasons_given": True,
    "appeal_information": True,
}  # fmt: skip


def refuse_a_paper(story: Story) -> Case:
    story.register()
    story.open("paper_request", "government", "registration_clerk", persons=story.persons[:1])
    story.take("check_identity", "registration_clerk")
    story.take("decide", "eligibility_officer", persons={"answer": "refused"}, paper="refugee")
    return story.case


@pytest.mark.parametrize("language", ["en", "prs"])
def test_an_appeal_is_led_through_its_pages(committed_world, visit, violations, language: str):
    story = Story(committed_world)
    other = refuse_a_paper(story)
    case = refuse_a_paper(story)
    committed_world.add_member("eligibility_officer", "second_officer", office="dushanbe")
    office = Office(visit, committed_world, language)
    first, second, clerk = "eligibility_officer", "second_officer", "registration_clerk"
    hearing = {"hearing_on": (story.today() + timedelta(days=9)).isoformat(), "hearing_at": "10:30", "place": "Room 4"}

    office.act(clerk, case.number, "notify_decision", **TOLD)
    # What is in time is not taken in as late: the page says so, and the act is not offered.
    page = office.at(clerk, f"/cases/{case.number}")
    assert (
        page.locator("a[href$='/lodge_appeal']").count() and not page.locator("a[href$='/lodge_late_appeal']").count()
    )
    office.act(
        clerk,
        case.number,
        "lodge_appeal",
        body="higher_body",
        held_in_detention=True,
        argument="The photograph matches.",
    )
    office.act(first, case.number, "list_appeal", **hearing, held_in_detention=True, linked_case=other.number)
    for one, shown in ((case, other), (other, case)):
        page = office.at(second, f"/cases/{one.number}")
        assert page.locator("#together a").all_inner_texts() == [shown.number]
    office.act(first, case.number, "adjourn_appeal", why="not_brought")
    office.act(first, case.number, "relist_appeal", **hearing, held_in_detention=True, linked_case=other.number)
    office.act(
        first, case.number, "hear_appeal", appellant_present=True, interpreter_present=True, counsel_present=False
    )
    # Whoever refused the paper does not decide on the appeal; the page says why, and offers it to the colleague.
    page = office.at(first, f"/cases/{case.number}")
    assert not page.locator("main .toolbar a[href$='/decide_appeal']").count()
    assert page.locator("details.more-acts li").count() >= 2
    page = office.at(second, f"/cases/{case.number}")
    assert faults_of(page, violations, f"appeal-{language}") == []
    page = office.act(
        second, case.number, "decide_appeal", of_each={"answer": "granted"}, paper="refugee", reasoning="The photograph matches.",
    )  # fmt: skip
    with acting_as_system("test"):
        assert Case.objects.get(pk=case.pk).state == "approved"
    assert page.locator("#clocks").count()
