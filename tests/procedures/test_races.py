"""Many at once, on real connections: each guard holds, and each is shown to be needed.

The sharp half of each pair takes one guard away and looks at what then happens: two decisions, a lost update, a double
entry. A guard that a test cannot miss is not known to be there.
"""

from __future__ import annotations

import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import connections

from panoh.access.context import acting, acting_as_system
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures.models import AgendaItem, Barrier, Case, Due, Motion, Sitting, Step, Vote
from panoh.procedures.operations import items, steps, votes
from panoh.procedures.operations.agenda import convene_sitting
from panoh.procedures.operations.barriers import record_barrier
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.operations.items import decide_item
from panoh.procedures.operations.steps import take_step
from panoh.procedures.operations.votes import cast_vote, count_votes
from panoh.rulebook import current
from tests.procedures.stories import Story, answers_for

AT_ONCE = 6


def at_once(acts) -> Counter:
    """Runs all at the same moment, each on a connection of its own; counts answers and codes of refusals."""
    start, found, lock = threading.Barrier(len(acts)), Counter(), threading.Lock()

    def run(act):
        try:
            start.wait(timeout=30)
            act()
            answer = "done"
        except Problem as problem:
            answer = problem.code
        except Exception as error:
            answer = type(error).__name__
        finally:
            connections.close_all()
        with lock:
            found[answer] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return found


@pytest.fixture
def story(committed_world) -> Story:
    found = Story(committed_world)
    found.register()
    found.open("asylum", "government", "registration_clerk")
    return found


def registering(story: Story, *, version: int = 1, submission_id=None):
    """One attempt to register the application, as the page of step 1 would send it."""

    def act():
        with acting(story.world.actor("eligibility_officer")) as officer:
            take_step(
                by=officer,
                case=story.case,
                action="register",
                facts={"told_of_rights": True},
                occurred_on=story.today(),
                expected_version=version,
                submission_id=submission_id,
            )

    return act


def steps_of(story: Story) -> list[str]:
    with acting_as_system("test"):
        return list(Step.objects.filter(case=story.case).order_by("seq").values_list("action", flat=True))


def test_two_who_act_on_the_same_page_do_not_both_succeed(story):
    answers = at_once([registering(story) for _ in range(AT_ONCE)])
    assert answers == {"done": 1, "procedures.case.changed_meanwhile": AT_ONCE - 1}
    assert steps_of(story) == ["lodge", "register"]


def test_without_the_lock_the_database_still_refuses_the_second_step(story, monkeypatch):
    """The number of the step is unique: even a case that nobody locked is not moved twice."""
    monkeypatch.setattr(
        steps, "lock_case", lambda case: Case.objects.select_related("organisation", "household").get(pk=case.pk)
    )
    answers = at_once([registering(story) for _ in range(AT_ONCE)])
    assert answers["done"] == 1
    assert answers["IntegrityError"], "nothing went past the lock: this test no longer shows that the lock is needed"
    assert steps_of(story) == ["lodge", "register"]


def test_without_the_version_an_older_page_overwrites_what_was_done_meanwhile(story):
    """`expected_version` is what stops it: acts that leave the state as it is would all be carried out."""

    def renewing(version):
        def act():
            with acting(story.world.actor("registration_clerk")) as clerk:
                seen = version or Case.objects.get(pk=story.case.pk).version
                take_step(
                    by=clerk,
                    case=story.case,
                    action="notify_authority",
                    facts={"border_unit": "Panji Poyon"},
                    occurred_on=story.today(),
                    expected_version=seen,
                )

        return act

    assert at_once([renewing(1) for _ in range(AT_ONCE)])["done"] == 1
    before = len(steps_of(story))
    for _ in range(3):
        renewing(None)()
    connections.close_all()
    assert len(steps_of(story)) == before + 3


def test_the_same_submission_many_times_at_once_is_one_act(story):
    submission = uuid4()
    answers = at_once([registering(story, submission_id=submission) for _ in range(AT_ONCE)])
    assert answers == {"done": AT_ONCE}
    with acting_as_system("test"):
        assert Entry.objects.filter(submission_id=submission).count() == 1
    assert steps_of(story) == ["lodge", "register"]


def test_without_claiming_the_submission_the_second_arrival_is_told_of_a_conflict(story, monkeypatch):
    monkeypatch.setattr(steps, "claim_submission", lambda **_: None)
    submission = uuid4()
    answers = at_once([registering(story, submission_id=submission) for _ in range(AT_ONCE)])
    assert answers["done"] == 1
    assert answers["procedures.case.changed_meanwhile"] == AT_ONCE - 1


def test_one_household_opens_one_case_however_many_clerks_try(committed_world):
    story = Story(committed_world)
    story.register()
    definition = current().procedure("asylum", story.today())
    action = definition.actions["lodge"]

    def opening():
        with acting(story.world.actor("registration_clerk")) as clerk:
            open_case(
                by=clerk,
                procedure="asylum",
                track="government",
                household=story.household,
                persons=[person.pk for person in story.persons],
                facts=answers_for(action.form, story.today(), {}),
                occurred_on=story.today(),
            )

    answers = at_once([opening for _ in range(AT_ONCE)])
    assert answers["done"] == 1, answers
    assert answers["procedures.case.already_open"] == AT_ONCE - 1, answers
    with acting_as_system("test"):
        assert Case.objects.count() == 1


def test_a_decision_is_taken_once_and_a_vote_is_cast_once(story):
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")
    story.convene()
    story.open_sitting()
    with story.acting("commission_secretary"):
        item = story.item()
    story.move("decide", {"outcome": "recognised", "grounds": ["POLITICAL"]})
    voter = story.seats["justice"]

    def voting():
        with acting(story.world.actor("commission_justice")) as member:
            cast_vote(by=member, item=item, value="for")

    assert at_once([voting] * AT_ONCE) == {"done": AT_ONCE}, "the same vote again is the same vote"
    story.vote("for", besides=("justice",))
    with story.acting("commission_secretary") as keeper:
        count_votes(by=keeper, item=item)
        version = Case.objects.get(pk=story.case.pk).version

    def deciding():
        with acting(story.world.actor("commission_secretary")) as keeper:
            decide_item(by=keeper, item=item, expected_version=version, facts={"reasoning": "as voted"})

    answers = at_once([deciding] * AT_ONCE)
    assert answers == {"done": 1, "procedures.item.already_dealt_with": AT_ONCE - 1}
    assert steps_of(story).count("decide") == 1
    with acting_as_system("test"):
        assert Vote.objects.filter(member=voter).count() == 1


@pytest.fixture
def voted(story):
    """An item on which all have voted in favour, to be counted."""
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")
    story.convene()
    story.open_sitting()
    with story.acting("commission_secretary"):
        item = story.item()
    story.move("decide", {"outcome": "recognised", "grounds": ["POLITICAL"]})
    story.vote("for")
    return item


def count_while_a_vote_is_changed(story, item, monkeypatch) -> Counter:
    """The count has read the votes; before it is written, a member changes hers."""
    read, changed = threading.Event(), threading.Event()
    honest = votes.tally_of

    def slowly(held, motion):
        found = honest(held, motion)
        read.set()
        changed.wait(2)
        return found

    monkeypatch.setattr(votes, "tally_of", slowly)

    def counting():
        with acting(story.world.actor("commission_secretary")) as keeper:
            count_votes(by=keeper, item=item)

    def changing():
        with acting(story.world.actor("commission_justice")) as member:
            assert read.wait(30)
            try:
                cast_vote(by=member, item=item, value="against")
            finally:
                changed.set()

    return at_once([counting, changing])


def test_a_vote_that_comes_while_the_votes_are_counted_is_too_late(story, voted, monkeypatch):
    answers = count_while_a_vote_is_changed(story, voted, monkeypatch)
    assert answers == {"done": 1, "procedures.motion.none_open": 1}
    with acting_as_system("test"):
        assert Vote.objects.filter(value="against").count() == 0


def test_without_the_lock_of_the_sitting_a_count_passes_over_a_vote(story, voted, monkeypatch):
    monkeypatch.setattr(items, "lock_sitting", lambda sitting: Sitting.objects.get(pk=sitting.pk))
    answers = count_while_a_vote_is_changed(story, voted, monkeypatch)
    assert answers == {"done": 2}
    with acting_as_system("test"):
        motion = Motion.objects.get(item=voted)
        assert (motion.against, Vote.objects.filter(motion=motion, value="against").count()) == (0, 1)


def test_a_case_stands_on_one_agenda_however_many_secretaries_convene(story):
    for action in ("register", "interview", "record_assessment", "refer_to_commission"):
        story.take(action, "eligibility_officer")

    def convening():
        with acting(story.world.actor("commission_secretary")) as keeper:
            convene_sitting(by=keeper, procedure="asylum", kind="commission", on=story.today(), place="Room 4")

    answers = at_once([convening] * AT_ONCE)
    assert answers["done"] == 1, answers
    assert set(answers) <= {"done", "procedures.item.already_on_an_agenda", "procedures.sitting.nothing_due"}, answers
    with acting_as_system("test"):
        assert AgendaItem.objects.count() == 1


def test_a_barrier_recorded_during_steps_leaves_no_clock_behind(story):
    """Steps hold the clocks together, a barrier alone: whichever comes first, the projection is right afterwards."""

    def barring():
        with acting(story.world.actor("commission_secretary")) as keeper:
            record_barrier(by=keeper, kind="OFFICE_CLOSED", from_on=story.today(), reason="flood")

    answers = at_once([registering(story), barring, barring, barring])
    assert answers == {"done": 2, "procedures.barrier.overlaps": 2}
    with acting_as_system("test"):
        assert Barrier.objects.count() == 1
        found = {due.clock: (due.due_on, due.paused_on) for due in Due.objects.filter(case=story.case)}
        wanted = next(compute_many(Case.objects.filter(pk=story.case.pk), current())).states
    assert found == {code: (state.due_on, state.paused_on) for code, state in wanted.items()}
