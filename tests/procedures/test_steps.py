"""take_step: the one operation that carries every act."""

from datetime import timedelta
from uuid import uuid4

import pytest

from panoh.kernel.problems import Problem
from panoh.procedures.models import Due, Step
from panoh.procedures.queries.cases import obtain_case
from tests.procedures.stories import refused


def lodge(story, **more):
    return story.open("asylum", "government", "registration_clerk", **more)


def test_open_case_gives_each_adult_a_line_and_lists_the_children(story):
    lodge(story)
    with story.acting("registration_clerk"):
        lines = list(story.case.persons.select_related("person").order_by("position"))
    adults = [line for line in lines if line.own_line]
    children = [line for line in lines if not line.own_line]
    assert len(lines) == 5
    assert all(line.person.birth.is_adult_on(story.today()) for line in adults)
    assert children and all(line.listed_with_id == adults[0].pk for line in children)


def test_a_step_is_recorded_with_its_entry_and_moves_the_case(story):
    lodge(story)
    step = story.take("register", "eligibility_officer", told_of_rights=True)
    assert (step.from_state, step.to_state, step.seq) == ("lodged", "accepted", 2)
    with story.acting("eligibility_officer") as officer:
        case = obtain_case(officer, story.case.number)
        assert (case.state, case.version) == ("accepted", 2)
        assert set(Due.objects.filter(case=case).values_list("clock", flat=True)) == {
            "registration_decision",
            "overall",
        }


def test_take_step_refuses_a_version_that_somebody_else_has_passed(story):
    lodge(story)
    story.take("register", "eligibility_officer", version=1)
    with refused("procedures.case.changed_meanwhile"):
        story.take("schedule_interview", "eligibility_officer", version=1)
    story.take("schedule_interview", "eligibility_officer", version=2)


def test_take_step_refuses_a_role_that_the_rulebook_does_not_name(story):
    lodge(story)
    with refused("access.verb.refused_role"):
        story.take("register", "registration_clerk")
    story.take("register", "registration_supervisor")


def test_take_step_refuses_an_act_of_another_state_and_says_what_is_possible(story):
    lodge(story)
    with refused("procedures.step.not_in_this_state") as caught:
        story.take("record_assessment", "eligibility_officer")
    assert "register" in caught.value.params["possible"]


def test_take_step_refuses_a_day_to_come_and_one_before_what_it_rests_on(story):
    lodge(story, on=story.today() - timedelta(days=3))
    with refused("procedures.step.in_the_future"):
        story.take("register", "eligibility_officer", on=story.today() + timedelta(days=1))
    with refused("procedures.step.before_the_preceding"):
        story.take("register", "eligibility_officer", on=story.today() - timedelta(days=4))
    step = story.take("register", "eligibility_officer", on=story.today() - timedelta(days=2))
    assert step.recorded_at.date() > step.occurred_on


def test_the_same_submission_gets_the_first_answer(story):
    lodge(story)
    submission = uuid4()
    first = story.take("register", "eligibility_officer", submission_id=submission)
    again = story.take("register", "eligibility_officer", submission_id=submission, version=1)
    assert first.pk == again.pk
    with story.acting("eligibility_officer"):
        assert Step.objects.filter(case=story.case).count() == 2
    with refused("procedures.submission.other_act"):
        story.take("schedule_interview", "eligibility_officer", submission_id=submission)


def test_all_wrong_answers_are_told_at_once(story):
    lodge(story)
    with pytest.raises(Problem) as caught:
        story.take("register", "eligibility_officer", told_of_rights="perhaps", stray="x")
    assert {(one.code, one.field) for one in caught.value.each()} == {
        ("procedures.answer.not_yes_or_no", "told_of_rights"),
        ("procedures.answer.unknown_field", "stray"),
    }


def test_a_second_open_case_of_the_same_kind_is_refused(story):
    lodge(story)
    with refused("procedures.case.already_open"):
        lodge(story)
