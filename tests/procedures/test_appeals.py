"""An appeal as real tribunals know it, step by step through the ledger: late, extended, listed from detention, adjourned, listed again,
heard together with another case, and sent back.
"""

from __future__ import annotations

from datetime import timedelta

from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, Due, PaperOrder, Step
from panoh.procedures.queries.cases import situation_of
from panoh.procedures.rules.actions import possibilities
from tests.procedures.stories import differences, refused


def refused_long_ago(story) -> None:
    """Registration of the claim was refused, and the family told, more than three months ago."""
    today = story.today()
    story.open("asylum", "government", "registration_clerk", on=today - timedelta(days=120))
    story.take("refuse_registration", "registration_supervisor", on=today - timedelta(days=118))


def day(story, ahead: int) -> str:
    return (story.today() + timedelta(days=ahead)).isoformat()


def test_from_a_late_appeal_through_adjournment_to_remittal(story):
    refused_long_ago(story)
    other = second_family(story)
    with refused("procedures.step.not_in_this_state"):
        story.take("adjourn_appeal", "commission_secretary", why="other")
    # Out of time: taken in all the same, said to be late, and weighed by somebody.
    story.take("lodge_appeal", "registration_clerk", why_late="We were held at the border.")
    step = story.take("restore_time", "commission_secretary", admitted_late=True)
    assert step.facts["admitted_late"] is True and step.to_state == "under_appeal"
    # More time for papers.
    assert story.take("extend_appeal", "commission_secretary", asked_by="appellant", until=day(story, 20)).seq == 5
    # Listed, from detention, and together with another case, which must be one that can be seen.
    with refused("procedures.answer.unknown_case", "linked_case"):
        story.take(
            "list_appeal",
            "commission_secretary",
            hearing_on=day(story, 10),
            held_in_detention=True,
            linked_case="ASY-26-9999999",
        )
    listed = story.take(
        "list_appeal", "commission_secretary", hearing_on=day(story, 10), held_in_detention=True, linked_case=other.number
    )  # fmt: skip
    assert (listed.to_state, listed.facts["linked_case"], listed.facts["held_in_detention"]) == (
        "appeal_listed",
        other.number,
        True,
    )
    booked = story.take(
        "book_interpreter", "commission_secretary", language="PRS", sex="woman", booked_for=day(story, 10)
    )
    assert booked.to_state == "appeal_listed"
    # Not brought from detention: adjourned, and listed again; each listing calls the family anew.
    assert story.take("adjourn_appeal", "commission_secretary", why="not_brought").to_state == "under_appeal"
    story.take("list_appeal", "commission_secretary", hearing_on=day(story, 15), held_in_detention=True)
    with acting_as_system("test"):
        assert (
            PaperOrder.objects.filter(case=story.case, letter="appeal_hearing").values("step").distinct().count() == 2
        )
    story.take(
        "hear_appeal", "commission_secretary", appellant_present=True, interpreter_present=True, counsel_present=False
    )
    # Sent back: the case is examined anew, by acts that lead on.
    assert story.take("decide_appeal", "commission_secretary", persons={"outcome": "remitted"}).to_state == "accepted"
    with acting_as_system("test"):
        case = Case.objects.get(pk=story.case.pk)
        assert case.closed_on is None
        situation = situation_of(case, story.today())
        open_acts = {one.action.code for one in possibilities(situation, "eligibility_officer") if one.possible}
        assert {"schedule_interview", "book_interpreter"} <= open_acts
        assert Step.objects.filter(case=case).count() == case.version
        assert not Due.objects.filter(
            case=case, due_on__isnull=True, paused_on__isnull=True, stopped_on__isnull=True
        ).exists()
    assert differences() == []


def second_family(story) -> Case:
    """Another case that the appeal is heard together with."""
    mine = (story.household, story.persons, story.case)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    other = story.case
    story.household, story.persons, story.case = mine
    return other
