"""Sittings: quorum, conflicts, votes, and the decision that a carried motion becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import transaction

from panoh.procedures.models import AgendaItem, Motion, Notice, PaperOrder, Sitting, Step, Vote
from panoh.procedures.operations.items import (
    ItemDecision,
    decide_items,
    declare_conflict,
    defer_item,
    withdraw_motion,
)
from panoh.procedures.operations.sittings import cancel_sitting, change_attendance, close_sitting, open_sitting
from panoh.procedures.operations.votes import cast_vote, count_votes
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.queries.item_page import read_votes
from panoh.procedures.queries.sittings import list_attendance
from tests.procedures.stories import Story, differences, refused

RECOGNISED = {"outcome": "recognised", "grounds": ["POLITICAL"]}
REJECTED = {"outcome": "rejected", "grounds": ["NOT_CREDIBLE"]}


def bring_before_the_commission(story: Story) -> None:
    story.open("asylum", "government", "registration_clerk")
    story.take("register", "eligibility_officer")
    story.take("schedule_interview", "eligibility_officer")
    story.take("interview", "eligibility_officer")
    story.take("record_assessment", "eligibility_officer")
    story.take("refer_to_commission", "eligibility_officer")


@pytest.fixture
def ready(story) -> Story:
    bring_before_the_commission(story)
    return story


@pytest.fixture
def sitting(ready) -> Story:
    ready.convene()
    ready.open_sitting()
    return ready


def test_decide_item_decides_each_person_with_grounds(sitting):
    sitting.move("decide", RECOGNISED)
    sitting.vote("for")
    step = sitting.count_and_decide(reasoning="well founded")
    assert (step.action, step.to_state) == ("decide", "decided_positive")
    with sitting.acting("eligibility_officer"):
        lines = list(sitting.case.persons.select_related("person"))
        assert {(line.outcome, tuple(line.grounds)) for line in lines} == {("recognised", ("POLITICAL",))}
        assert {line.person.population_group for line in lines} == {"REF"}
        item = sitting.item()
        assert (item.outcome, item.step_id) == (AgendaItem.DECIDED, step.pk)
        assert differences() == []
        # Certificates for those of sixteen and older, one letter for the case.
        ordered = PaperOrder.objects.filter(step=step)
        assert ordered.filter(kind="REFUGEE_CERTIFICATE").count() == 3
        assert ordered.filter(kind="DECISION_LETTER").count() == 1


def test_what_a_sitting_decides_nobody_decides_alone(ready):
    with refused("procedures.step.sitting_decides"):
        ready.take("decide", "commission_secretary", persons=RECOGNISED)


def test_the_secretary_is_told_of_a_case_that_waits(ready):
    with ready.acting("commission_secretary"):
        assert Notice.objects.get(case=ready.case).role == "commission_secretary"


def test_a_case_on_an_agenda_waits_for_its_sitting(ready):
    ready.convene()
    with refused("procedures.sitting.nothing_due"):
        ready.convene()
    with ready.acting("commission_secretary") as keeper:
        cancel_sitting(by=keeper, sitting=ready.sitting, reason="no room", expected_version=1)
    assert differences() == []
    ready.convene()
    with ready.acting("commission_secretary"):
        assert ready.item().outcome == AgendaItem.WAITING


def test_open_sitting_refuses_without_quorum_and_without_chair(ready):
    ready.convene()
    members = ("foreign_affairs", "justice", "labour", "border_troops", "ombudsman")
    with refused("procedures.sitting.no_quorum"):
        ready.open_sitting(absent=members)
    with refused("procedures.sitting.no_chair"):
        ready.open_sitting(absent=("internal_affairs",))
    ready.open_sitting(absent=("justice",))
    assert ready.sitting.state == Sitting.OPEN


def test_cast_vote_refuses_observers_and_those_in_conflict(sitting):
    sitting.move("decide", RECOGNISED)
    observer, member = sitting.seats["unhcr"], sitting.seats["justice"]
    with refused("procedures.vote.no_vote"), sitting.acting("commission_secretary") as keeper:
        cast_vote(by=keeper, item=sitting.item(), value="for", member=observer.pk)
    with refused("access.verb.refused_role"), sitting.acting("protection_officer") as watching:
        cast_vote(by=watching, item=sitting.item(), value="for")
    with sitting.acting("commission_secretary") as keeper:
        declare_conflict(by=keeper, item=sitting.item(), member=member.pk, reason="a relative")
    with refused("procedures.vote.conflict_of_interest"), sitting.acting("commission_justice") as conflicted:
        cast_vote(by=conflicted, item=sitting.item(), value="for")
    with sitting.acting("commission_labour") as free:
        cast_vote(by=free, item=sitting.item(), value="for")


def test_a_vote_can_be_changed_until_it_is_counted_and_every_turn_stays(sitting):
    sitting.move("decide", RECOGNISED)
    with sitting.acting("commission_labour") as member:
        for value in ("for", "for", "against"):
            cast_vote(by=member, item=sitting.item(), value=value)
        turns = Vote.objects.filter(member=member.member_id)
        assert list(turns.values_list("turn", "value")) == [(1, "for"), (2, "against")], "the same again is no new turn"
    with refused("procedures.vote.already_cast"), sitting.acting("commission_secretary") as keeper:
        cast_vote(by=keeper, item=sitting.item(), value="for", member=sitting.seats["labour"].pk)
    sitting.vote("for", besides=("labour",))
    with sitting.acting("commission_secretary") as keeper:
        cast_vote(by=keeper, item=sitting.item(), value="abstain", member=sitting.seats["justice"].pk)
        motion = count_votes(by=keeper, item=sitting.item())
        assert (motion.in_favour, motion.against, motion.abstained) == (5, 1, 1)
    with refused("procedures.motion.none_open"), sitting.acting("commission_labour") as member:
        cast_vote(by=member, item=sitting.item(), value="for")
    assert differences() == []


def test_before_the_count_a_member_sees_who_has_voted_and_her_own_vote_alone(sitting):
    motion = sitting.move("decide", RECOGNISED)
    with sitting.acting("commission_labour") as member:
        cast_vote(by=member, item=sitting.item(), value="against")
    rule = procedure_of(sitting.case).sittings["commission"]

    def seen(role, rule=rule):
        with sitting.acting(role) as actor:
            read = read_votes(
                actor, rule, sitting.item().motions.get(pk=motion.pk), list_attendance(sitting.sitting), frozenset()
            )
            return read, {row.line.place: row.value for row in read.lines if row.given}

    read, values = seen("commission_labour")
    assert (read.given, read.missing, read.mine.value) == (1, 6, "against")
    assert values == {"labour": "against"}
    read, values = seen("commission_justice")
    assert (read.mine.given, values) == (False, {"labour": ""})
    assert seen("commission_secretary")[1] == {"labour": ""}
    assert seen("commission_justice", replace(rule, votes_shown="at_once"))[1] == {"labour": "against"}
    sitting.vote("for", besides=("labour",))
    assert set(seen("commission_secretary")[1].values()) == {"", "for"}, "what she wrote down she may put right"
    with sitting.acting("commission_secretary") as keeper:
        count_votes(by=keeper, item=sitting.item())
    assert seen("commission_justice")[1]["labour"] == "against"


def test_a_motion_put_by_mistake_is_withdrawn_and_another_is_put(sitting):
    sitting.move("decide", REJECTED)
    with sitting.acting("commission_labour") as member:
        cast_vote(by=member, item=sitting.item(), value="for")
    with sitting.acting("commission_secretary") as keeper:
        assert withdraw_motion(by=keeper, item=sitting.item(), reason="wrong line").state == Motion.WITHDRAWN
        with refused("procedures.motion.none_open"):
            count_votes(by=keeper, item=sitting.item())
    sitting.move("decide", RECOGNISED)
    sitting.vote("for")
    assert sitting.count_and_decide().to_state == "decided_positive"
    with refused("procedures.item.already_dealt_with"), sitting.acting("commission_secretary") as keeper:
        withdraw_motion(by=keeper, item=sitting.item(), reason="too late")


def test_a_conflict_can_break_the_quorum_of_one_item(ready):
    """The quorum is asked for again when the votes are counted: it can be there for the sitting and not for the item."""
    ready.convene()
    ready.open_sitting(absent=("justice", "labour", "ombudsman"))
    needed = ready.sitting.quorum_needed
    ready.move("decide", RECOGNISED)
    spare = ready.sitting.quorum_present - needed
    seats = ("foreign_affairs", "border_troops", "national_security")[: spare + 1]
    with ready.acting("commission_secretary") as keeper:
        for code in seats:
            declare_conflict(by=keeper, item=ready.item(), member=ready.seats[code].pk, reason="knows the family")
    ready.vote("for", besides=tuple(seats))
    with refused("procedures.sitting.no_quorum"), ready.acting("commission_secretary") as keeper:
        count_votes(by=keeper, item=ready.item())


def test_a_motion_that_falls_is_kept_and_another_may_be_put(sitting):
    sitting.move("decide", RECOGNISED)
    with refused("procedures.motion.one_is_open"):
        sitting.move("decide", REJECTED)
    sitting.vote("against")
    with sitting.acting("commission_secretary") as keeper:
        assert count_votes(by=keeper, item=sitting.item()).state == Motion.FALLEN
    sitting.move("decide", REJECTED)
    sitting.vote("for")
    step = sitting.count_and_decide()
    assert step.to_state == "decided_negative"
    with sitting.acting("commission_secretary"):
        assert list(sitting.item().motions.values_list("round", "state")) == [(1, "fallen"), (2, "carried")]


def test_votes_are_not_counted_before_everybody_has_voted(sitting):
    sitting.move("decide", RECOGNISED)
    sitting.vote("for", besides=("justice",))
    with refused("procedures.motion.votes_missing"), sitting.acting("commission_secretary") as keeper:
        count_votes(by=keeper, item=sitting.item())


def test_a_motion_is_held_against_the_law_before_anybody_votes(sitting):
    with refused("procedures.guard.code_out_of_place"):
        sitting.move("decide", {"outcome": "recognised", "grounds": ["NOT_CREDIBLE"]})
    with refused("procedures.answer.missing"):
        sitting.move("decide", {"outcome": "recognised", "grounds": []})


def test_the_commission_can_send_a_file_back(sitting):
    sitting.move("return_file", {})
    sitting.vote("for")
    step = sitting.count_and_decide(questions="Where was the brother?")
    assert (step.action, step.to_state) == ("return_file", "accepted")


def test_close_sitting_needs_minutes_and_an_empty_agenda(sitting):
    with sitting.acting("commission_secretary") as keeper:
        version = sitting.sitting.version
        with refused("procedures.sitting.items_waiting"):
            close_sitting(by=keeper, sitting=sitting.sitting, minutes="Nothing", expected_version=version)
        defer_item(by=keeper, item=sitting.item(), reason="the interpreter was ill")
        with refused("procedures.sitting.no_minutes"):
            close_sitting(by=keeper, sitting=sitting.sitting, minutes="  ", expected_version=version)
        close_sitting(by=keeper, sitting=sitting.sitting, minutes="One item, deferred.", expected_version=version)
        assert Sitting.objects.get().state == Sitting.CLOSED
        assert Step.objects.filter(case=sitting.case).last().action == "refer_to_commission"
    assert differences() == []


def test_decide_items_decides_all_of_them_or_none(sitting_of_two):
    first, second = sitting_of_two
    for story in sitting_of_two:
        story.move("decide", RECOGNISED)
        story.vote("for")
    with first.acting("commission_secretary") as keeper:
        decisions = []
        for story in sitting_of_two:
            item = story.item()
            count_votes(by=keeper, item=item)
            decisions.append(ItemDecision(item, item.case.version, {"reasoning": "as voted"}))
        with refused("procedures.case.changed_meanwhile"), transaction.atomic():
            decide_items(by=keeper, decisions=[decisions[0], replace(decisions[1], expected_version=1)])
        assert set(AgendaItem.objects.values_list("outcome", flat=True)) == {AgendaItem.WAITING}
        steps = decide_items(by=keeper, decisions=decisions)
    assert {step.to_state for step in steps} == {"decided_positive"}
    assert differences() == []
    assert second.household != first.household


@pytest.fixture
def sitting_of_two(world) -> list[Story]:
    stories = [Story(world), Story(world)]
    for story in stories:
        story.register()
        bring_before_the_commission(story)
    stories[0].convene()
    stories[0].open_sitting()
    stories[1].sitting, stories[1].seats = stories[0].sitting, stories[0].seats
    return stories


def test_somebody_stands_in_when_the_chair_leaves(sitting):
    seats = {line.place: line for line in sitting.seat_everybody(absent=("internal_affairs",))}
    without = list(seats.values())
    led = [replace(line, leads=line.place == "justice") for line in without]
    with sitting.acting("commission_secretary") as keeper:
        version = sitting.sitting.version
        changed = change_attendance(by=keeper, sitting=sitting.sitting, attendance=led, expected_version=version)
        chair = changed.attendance.get(seat="chair", present=True)
        assert chair.place == "justice"
        observer = [replace(line, leads=line.place == "unhcr") for line in without]
        with refused("procedures.sitting.seat_not_yours"):
            change_attendance(by=keeper, sitting=changed, attendance=observer, expected_version=changed.version)
    sitting.move("decide", RECOGNISED)
    sitting.vote("for")
    sitting.count_and_decide()
    assert differences() == []


def test_nobody_takes_a_seat_that_the_rulebook_gives_to_another_role(ready):
    ready.convene()
    lines = ready.seat_everybody()
    clerk = ready.world.members["registration_clerk"].pk
    wrong = [replace(line, member_id=clerk) if line.place == "justice" else line for line in lines]
    twice = [replace(line, member_id=lines[1].member_id) if line.place == "justice" else line for line in lines]
    for attendance in (wrong, twice):
        with refused("procedures.sitting.seat_not_yours"), ready.acting("commission_secretary") as keeper:
            open_sitting(by=keeper, sitting=ready.sitting, attendance=attendance, expected_version=1)
    ready.open_sitting()
