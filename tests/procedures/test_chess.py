"""A country that is a chess club runs on the same engine, from application to sitting to the last clock."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from panoh import rulebook
from panoh.ledger.models import Entry
from panoh.procedures.models import Due, PaperOrder
from panoh.procedures.operations.barriers import lift_barrier, record_barrier
from panoh.procedures.operations.sittings import close_sitting
from panoh.procedures.policy import declare_procedures
from panoh.procedures.queries.cases import situation_of
from panoh.procedures.queries.safeguards import record_of
from panoh.procedures.rules.actions import possibilities
from panoh.procedures.rules.safeguards import Verdict, findings
from tests.procedures.stories import Story, refused

ROOT = Path(__file__).resolve().parents[2]
CLUB = ROOT / "tests" / "rulebook" / "countries" / "chess"


@pytest.fixture
def club(story):
    """The household was registered under another country's rulebook; from here on the club's is in force."""
    book = rulebook.load(CLUB)
    declare_procedures(book)
    with rulebook.using(book):
        yield story


def test_the_engine_knows_no_procedure_by_name():
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "panoh" / "procedures").rglob("*"))
        if path.suffix in {".py", ".html"} and "migrations" not in path.parts
        for line in path.read_text().splitlines()
        if re.search(r"asylum|refugee", line, re.IGNORECASE)
    ]
    assert found == []


def apply(club: Story, days_ago: int = 0, **facts):
    on = club.today() - timedelta(days=days_ago)
    return club.open("membership", "club", "registration_clerk", on=on, persons=club.persons[:2], **facts)


def test_from_the_door_to_the_membership_card(club):
    apply(club, days_ago=5, favourite_opening="Caro-Kann")
    assert club.case.number.startswith("M-")
    club.take("play", "registration_supervisor", on=club.today() - timedelta(days=3), fair=True)
    club.convene("board")
    club.open_sitting(absent=("youngest",))
    club.move("vote", {"verdict": "welcome", "strengths": high_strength()})
    club.vote("for")
    step = club.count_and_decide()
    assert step.to_state == "member"
    with club.acting("commission_secretary") as keeper:
        assert PaperOrder.objects.filter(step=step, kind="MEMBER_CARD").count() == 2
        due = Due.objects.get(case=club.case, clock="answer")
        assert due.stopped_on == club.today()
        assert Entry.objects.get(pk=step.entry_id).kind == "membership.voted"
        close_sitting(by=keeper, sitting=club.sitting, minutes="Welcome.", expected_version=club.sitting.version)
        found = {
            one.safeguard.code: one.verdict
            for one in findings(situation_of(club.case, club.today()), record_of(club.case), rulebook.current())
        }
        assert found == {
            "fair_game": Verdict.KEPT, "answered_in_time": Verdict.KEPT, "arbiter_present": Verdict.KEPT,
        }  # fmt: skip


def high_strength() -> list[str]:
    return [code.code for code in rulebook.current().codes["strengths"].where(worth="high")][:1]


def test_a_clock_stands_still_while_the_case_is_on_hold_and_while_the_club_is_closed(club):
    apply(club, days_ago=10)
    calendar = rulebook.current().country.work_calendar

    def after_days(days):
        return calendar.first_working_day_from(club.today() - timedelta(days=10) + timedelta(days=days))

    with club.acting("registration_clerk"):
        before = Due.objects.get(case=club.case, clock="answer")
        assert before.due_on == after_days(14)
    club.take("hold", "registration_clerk", on=club.today() - timedelta(days=8))
    with club.acting("registration_clerk"):
        paused = Due.objects.get(case=club.case, clock="answer")
        assert (paused.due_on, paused.paused_on) == (None, club.today() - timedelta(days=8))
        assert paused.elapsed_due_on == before.elapsed_due_on
    club.take("go_on", "registration_clerk", on=club.today() - timedelta(days=5))
    with club.acting("registration_clerk"):
        assert Due.objects.get(case=club.case, clock="answer").due_on == after_days(17)
    with club.acting("commission_secretary") as keeper:
        barrier = record_barrier(
            by=keeper, kind="CLUB_CLOSED", from_on=club.today() - timedelta(days=4), reason="the roof leaks"
        )
        assert Due.objects.get(case=club.case, clock="answer").due_on is None
        lift_barrier(by=keeper, barrier=barrier, to_on=club.today() - timedelta(days=2), expected_version=1)
        after = Due.objects.get(case=club.case, clock="answer")
        assert (after.due_on, after.elapsed_due_on) == (after_days(19), before.elapsed_due_on)


def test_a_protecting_clock_must_run_out_first(club):
    apply(club, days_ago=9)
    club.take("play", "registration_clerk", on=club.today() - timedelta(days=9))
    club.convene("board")
    club.open_sitting()
    club.move("vote", {"verdict": "not_yet", "strengths": high_strength()})
    club.vote("for")
    club.count_and_decide()
    club.take("tell", "registration_clerk")
    with refused("procedures.guard.clock_runs"):
        club.take("let_go", "registration_supervisor")


def test_whoever_told_the_candidate_does_not_take_the_complaint(club):
    apply(club)
    club.take("play", "registration_clerk")
    club.convene("board")
    club.open_sitting()
    club.move("vote", {"verdict": "not_yet", "strengths": high_strength()})
    club.vote("for")
    club.count_and_decide()
    club.take("tell", "registration_clerk")
    with club.acting("registration_supervisor") as treasurer:
        situation = situation_of(club.case, club.today())
        told_by = situation.last("tell").member
        mine = {one.action.code: one.refusal for one in possibilities(situation, treasurer.role, told_by)}
        theirs = {one.action.code: one.refusal for one in possibilities(situation, treasurer.role, treasurer.member_id)}
    assert mine["complain"].code == "procedures.step.second_person_needed"
    assert theirs["complain"] is None
    club.take("complain", "registration_supervisor")
