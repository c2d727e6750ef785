"""The agenda is chosen: ticked, put in order, changed until the sitting opens; what is put off comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from panoh.procedures.models import AgendaItem, Sitting
from panoh.procedures.operations.agenda import change_agenda, convene_sitting
from panoh.procedures.operations.items import defer_item, take_up_item
from panoh.procedures.operations.sittings import open_sitting
from panoh.procedures.queries.agenda import list_agenda, list_candidates
from panoh.procedures.queries.cases import procedure_of
from panoh.rulebook import current
from tests.procedures.stories import Story, differences, refused


@pytest.fixture
def three(world) -> list[Story]:
    """Three families before the commission; the last one has waited longest."""
    stories = [Story(world) for _ in range(3)]
    for ago, story in zip((0, 1, 2), stories, strict=True):
        story.register()
        story.open("asylum", "government", "registration_clerk", on=story.today() - timedelta(days=ago))
        for action in ("register", "interview", "record_assessment", "refer_to_commission"):
            story.take(action, "eligibility_officer", on=story.today() - timedelta(days=ago))
    return stories


def convene(story: Story, cases=None, kind="commission", procedure="asylum") -> Sitting:
    with story.acting("commission_secretary") as keeper:
        return convene_sitting(by=keeper, procedure=procedure, kind=kind, on=story.today(), place="Room 4", cases=cases)


def agenda_of(story: Story, sitting: Sitting) -> list[str]:
    with story.acting("commission_secretary") as keeper:
        return [line.item.case.number for line in list_agenda(keeper, sitting)]


def numbers(*stories: Story) -> list[str]:
    return [story.case.number for story in stories]


def waiting(story: Story) -> list:
    with story.acting("commission_secretary") as keeper:
        definition = procedure_of(story.case)
        return list_candidates(keeper, definition, definition.sittings["commission"])


def test_convene_sitting_proposes_the_most_urgent_first(three):
    first, second, third = three
    assert agenda_of(first, convene(first)) == numbers(third, second, first)


def test_convene_sitting_takes_what_was_chosen_in_that_order(three):
    first, second, third = three
    sitting = convene(first, [first.case.pk, third.case.pk])
    assert agenda_of(first, sitting) == numbers(first, third)
    assert [one.number for one in waiting(first)] == numbers(second)
    assert differences() == []


def test_convene_sitting_refuses_an_empty_choice_a_case_twice_and_one_that_is_not_ready(three):
    first, second, _third = three
    with refused("procedures.sitting.empty_agenda"):
        convene(first, [])
    with refused("procedures.item.twice"):
        convene(first, [first.case.pk, first.case.pk])
    convene(first, [first.case.pk])
    with refused("procedures.item.already_on_an_agenda"):
        convene(first, [first.case.pk])
    second.take("withdraw", "eligibility_officer")
    with refused("procedures.item.not_ready"):
        convene(first, [second.case.pk])


def change(story: Story, sitting: Sitting, *cases, version: int | None = None) -> Sitting:
    with story.acting("commission_secretary") as keeper:
        return change_agenda(
            by=keeper,
            sitting=sitting,
            cases=[one.case.pk for one in cases],
            expected_version=sitting.version if version is None else version,
        )


def test_change_agenda_adds_takes_off_and_reorders_until_the_sitting_opens(three):
    first, second, third = three
    sitting = convene(first, [first.case.pk, second.case.pk])
    sitting = change(first, sitting, third, first)
    assert agenda_of(first, sitting) == numbers(third, first)
    assert [one.number for one in waiting(first)] == numbers(second)
    with refused("procedures.sitting.changed_meanwhile"):
        change(first, sitting, third, version=1)
    sitting = change(first, sitting, second, third, first)
    assert agenda_of(first, sitting) == numbers(second, third, first), "what was taken off comes back in its row"
    with first.acting("commission_secretary"):
        assert AgendaItem.objects.filter(case=second.case).count() == 1
    assert differences() == []
    first.sitting = sitting
    first.open_sitting()
    with refused("procedures.sitting.wrong_state"):
        change(first, first.sitting, third)


def test_one_sitting_takes_no_more_than_the_rulebook_says(world):
    """The chess club's board hears three candidates an evening."""
    from panoh import rulebook
    from panoh.procedures.policy import declare_procedures
    from tests.procedures.test_chess import CLUB

    stories = [Story(world) for _ in range(4)]
    for story in stories:
        story.register()
    book = rulebook.load(CLUB)
    declare_procedures(book)
    with rulebook.using(book):
        for story in stories:
            story.open("membership", "club", "registration_clerk", persons=story.persons[:1])
            story.take("play", "registration_supervisor", fair=True)
        chosen = [story.case.pk for story in stories]
        with refused("procedures.sitting.agenda_too_long") as caught:
            convene(stories[0], chosen, "board", "membership")
        assert caught.value.params == {"limit": 3, "chosen": 4}
        sitting = convene(stories[0], None, "board", "membership")
        assert len(agenda_of(stories[0], sitting)) == 3
        with refused("procedures.sitting.agenda_too_long"):
            change(stories[0], sitting, *stories)


@pytest.fixture
def open_sitting_of_three(three) -> list[Story]:
    sitting = convene(three[0])
    three[0].sitting = sitting
    three[0].open_sitting()
    for story in three[1:]:
        story.sitting, story.seats = three[0].sitting, three[0].seats
    return three


def test_what_is_put_off_is_due_again_with_its_reason_and_can_be_taken_up(open_sitting_of_three):
    first = open_sitting_of_three[0]
    with first.acting("commission_secretary") as keeper:
        with refused("procedures.item.no_reason", "reason"):
            defer_item(by=keeper, item=first.item(), reason="  ")
        defer_item(by=keeper, item=first.item(), reason="the interpreter was ill")
        assert first.item().note == "the interpreter was ill"
    again = {one.number: one.deferred_on for one in waiting(first)}
    assert again == {first.case.number: first.today()}
    assert differences() == []
    with first.acting("commission_secretary") as keeper:
        take_up_item(by=keeper, item=first.item())
        assert first.item().outcome == AgendaItem.WAITING
        defer_item(by=keeper, item=first.item(), reason="after all")
    assert differences() == []
    convene(first, [first.case.pk])
    with refused("procedures.item.already_on_an_agenda"), first.acting("commission_secretary") as keeper:
        take_up_item(by=keeper, item=first.item())


def test_a_sitting_is_not_opened_for_a_day_that_is_long_past(three, monkeypatch):
    """A decision bears the day of its sitting: a sitting of last week opened today would backdate it."""
    from panoh.procedures.operations import sittings

    first = three[0]
    sitting = convene(first)
    first.sitting = sitting
    lines = first.seat_everybody()
    later = first.today() + timedelta(days=30)
    monkeypatch.setattr(sittings, "today", lambda: later)
    with refused("procedures.sitting.long_past"), first.acting("commission_secretary") as keeper:
        open_sitting(by=keeper, sitting=sitting, attendance=lines, expected_version=1)
    monkeypatch.setattr(sittings, "today", lambda: first.today() + timedelta(days=1))
    with first.acting("commission_secretary") as keeper:
        opened = open_sitting(by=keeper, sitting=sitting, attendance=lines, expected_version=1)
    assert opened.state == Sitting.OPEN


def test_the_agenda_is_read_in_a_fixed_number_of_queries(three, django_assert_max_num_queries):
    sitting = convene(three[0])
    with three[0].acting("commission_secretary") as keeper, django_assert_max_num_queries(6):
        lines = list_agenda(keeper, sitting)
    assert {line.family.many for line in lines} == {5}
    assert {line.clock.code for line in lines} == {"commission_decision"}
    assert current().cite(lines[0].due.provision, "en")
