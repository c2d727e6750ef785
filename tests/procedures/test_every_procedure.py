"""Every procedure of the country, walked: on values for thousands of steps, and through the database from opening to closure.

No procedure is named here. Whoever adds one finds it walked; whoever leaves a state without exit, a guard that nobody can meet or an
act that is never possible, finds the test red.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from panoh import rulebook
from panoh.demo.answering import Answering, as_answer, branches
from panoh.ledger.kinds import kind_title
from panoh.ledger.models import Entry
from panoh.procedures.models import Case, Due
from panoh.procedures.operations.dues import compute_many
from panoh.rulebook.model import NoRuleInForce, Procedure
from tests.procedures.stories import Story, differences, refused
from tests.procedures.walking import PureWalk

STEPS = 3000
TODAY = date(2020, 8, 3)
BOOK = rulebook.current()
PROCEDURES = [versions[-1] for versions in BOOK.procedures.values()]
TRACKS = [(procedure, track) for procedure in PROCEDURES for track in procedure.tracks]
NAMES = [f"{procedure.code}-{track}" for procedure, track in TRACKS]


@pytest.mark.parametrize(("procedure", "track"), TRACKS, ids=NAMES)
def test_nobody_is_ever_stuck_and_every_act_can_be_done(procedure: Procedure, track: str):
    chance = random.Random(f"{procedure.code}:{track}")
    walk = PureWalk(procedure, track, BOOK, chance, TODAY)
    states = {state.code for state in procedure.states.values() if track in state.tracks}
    actions = {action.code for action in procedure.actions.values() if track in action.tracks}
    for n in range(10 * STEPS):  # a procedure with forty acts needs longer until chance has found every one of them
        if n >= STEPS and walk.seen_actions == actions:
            break
        walk.step()
    assert walk.seen_states == states
    assert walk.seen_actions == actions
    assert walk.finished > 20


@pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.code for one in PROCEDURES])
def test_no_case_is_opened_outside_the_dates_of_its_law(procedure: Procedure):
    with pytest.raises(NoRuleInForce):
        BOOK.procedure(procedure.code, procedure.in_force_from - timedelta(days=1))
    for action in procedure.actions.values():
        for basis in action.legal_basis:
            BOOK.provision(basis, max(procedure.in_force_from, TODAY))


@pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.code for one in PROCEDURES])
def test_every_procedure_says_what_the_tables_count_of_it(procedure: Procedure):
    assert procedure.statistics, "see docs/rulebook.md"
    assert set(procedure.statistics.procedure_type) == set(procedure.tracks)
    assert procedure.statistics.applied_with and (procedure.statistics.counted_as or procedure.statistics.told_by)


@pytest.mark.parametrize(("procedure", "track"), TRACKS, ids=NAMES)
def test_a_case_goes_from_opening_to_closure_and_the_ledger_tells_it(story: Story, procedure: Procedure, track: str):
    """The shortest way through a decision to an end that needs no waiting, through the real operations, with a refusal on the way."""
    way = way_to_an_end(procedure, track)
    walked = Walked(story, procedure, track)
    walked.open()
    for action, choice in way[1:]:
        walked.refuse_what_this_state_does_not_know()
        walked.take(action.code, choice)
    with story.acting(walked.role_of(way[0][0])):
        case = Case.objects.get(pk=story.case.pk)
        assert procedure.states[case.state].is_final
        assert case.closed_on == story.today()
        one = next(compute_many(Case.objects.filter(pk=case.pk), rulebook.current()))
        stored = {due.clock: (due.due_on, due.stopped_on) for due in Due.objects.filter(case=case)}
        assert stored == {code: (state.due_on, state.stopped_on) for code, state in one.states.items()}
        assert all(stopped for _due, stopped in stored.values())
    assert differences() == []


# Acts by which somebody gives up: what they lead to is an end, but not what a procedure is for.
QUITTING = ("withdraw", "drop", "end", "decline", "close")


def way_to_an_end(procedure: Procedure, track: str) -> list[tuple]:
    """Acts with the answer that leads on, from the opening to a final state, without waiting for a clock: the shortest way through a
    decision, without giving up where there is such a way."""
    for quits, decided in ((False, True), (True, True), (True, False)):
        if way := find_way(procedure, track, quits=quits, decided=decided):
            return way
    raise AssertionError(f"{procedure.code} on {track} has no way to an end")


def find_way(procedure: Procedure, track: str, *, quits: bool, decided: bool) -> list[tuple] | None:
    def leads_to(action, choice) -> str | None:
        return action.to_by.state_for(choice) if action.to_by else action.to_state

    def is_decided(state: str) -> bool:
        return procedure.states[state].kind == "decided"

    opening = procedure.actions[procedure.tracks[track].opens_with]
    first = (opening, branches(opening)[0])
    ways = [([first], leads_to(*first), is_decided(leads_to(*first)))]
    seen = {(state, through) for _way, state, through in ways}
    while ways:
        way, state, through = ways.pop(0)
        if procedure.states[state].is_final:
            if len(way) >= 3 and (through or not decided):
                return way
            continue
        done = {action.code for action, _choice in way}
        for after in procedure.actions_from(state, track):
            if any(guard.name in ("clock_passed", "out_of_time") for guard in after.guards):
                continue
            if {
                guard.params["action"]
                for guard in after.guards
                if guard.name in ("done_before", "answered_before") and guard.params.get("on") in (None, track)
            } - done:
                continue
            if after.code.startswith(QUITTING) and not (quits and len(way) >= 2):
                continue
            for picked in branches(after):
                end = leads_to(after, picked)
                if end and ((end, through or is_decided(end)) not in seen or procedure.states[end].is_final):
                    seen.add((end, through or is_decided(end)))
                    ways.append(([*way, (after, picked)], end, through or is_decided(end)))
    return None


class Walked:
    """One case of any procedure, led by the operations: who acts, what is answered, and who sits is read from the rulebook."""

    def __init__(self, story: Story, procedure: Procedure, track: str) -> None:
        self.story, self.procedure, self.track = story, procedure, track
        self.answering = self.answering_of(procedure)
        kind = procedure.tracks[track].organisation_kind
        homes = {
            "authority": "eligibility_officer",
            "un": "protection_officer",
            "ngo": "lawyer",
            "partner": "programme_officer",
        }
        self.answering.member = story.world.members[homes[kind]].pk
        subject = procedure.subject_of(track)
        self.people = {"household": story.persons, "none": []}.get(subject, story.persons[:1])
        self.give_the_file()

    def give_the_file(self) -> None:
        """Roles that see files only by assignment are given this one."""
        for member in list(self.story.world.members.values()):
            if member.role in ("lawyer", "programme_officer"):
                self.story.assign(member)

    def role_of(self, action) -> str:
        kind = self.procedure.tracks[self.track].organisation_kind
        from panoh.access.roles import ROLES

        return next(role for role in action.who if kind in ROLES[role].kinds)

    def open(self) -> None:
        opening = self.procedure.actions[self.procedure.tracks[self.track].opens_with]
        facts = self.answering.case(opening, self.story.today())
        if not self.people:
            self.story.open_without_file(self.procedure.code, self.track, self.role_of(opening), **facts)
            return
        self.story.open(self.procedure.code, self.track, self.role_of(opening), persons=self.people, **facts)

    def refuse_what_this_state_does_not_know(self) -> None:
        state = self.story.case.state
        wrong = next(
            one for one in self.procedure.actions.values() if state not in one.from_states and self.track in one.tracks
        )
        with refused("procedures.step.not_in_this_state"):
            self.story.take_exactly(wrong.code, self.role_of(wrong), self.story.today(), {}, {})

    def answers(self, action, choice: list[str]) -> tuple[dict, dict]:
        """Answers to the form that lead where the choice says, and those about each person."""
        today, branch = self.story.today(), action.to_by
        wanted = (
            {branch.field: as_answer(action.field(branch.field), choice[0])} if branch and not branch.per_person else {}
        )
        about = self.about(action, choice)
        persons = {}
        if action.per_person:
            persons = {person.pk: about[min(n, len(about) - 1)] for n, person in enumerate(self.people)}
        return self.answering.case(action, today, wanted), persons

    def about(self, action, choice: list[str]) -> list[dict]:
        branch = action.to_by
        return [
            self.answering.person(
                action, self.story.today(), {branch.field: one} if branch and branch.per_person else {}
            )
            for one in choice or [""]
        ]

    def take(self, code: str, choice: list[str]) -> None:
        action = self.procedure.actions[code]
        if action.by_sitting:
            self.decide_in_sitting(action, self.about(action, choice))
            return
        facts, persons = self.answers(action, choice)
        self.story.take_exactly(code, self.second(action), self.story.today(), facts, persons)

    @staticmethod
    def answering_of(procedure: Procedure) -> Answering:
        return Answering(procedure, BOOK, random.Random(procedure.code))

    def second(self, action) -> str:
        """Somebody who did not take the act before, where the rulebook wants another person."""
        role = self.role_of(action)
        if not action.two_person_after:
            return role
        name = f"second_{role}"
        if name not in self.story.world.members:
            self.story.world.add_member(role, name, office=self.story.world.members[role].office.code)
        return name

    def decide_in_sitting(self, action, about) -> None:
        rule = self.procedure.sittings[action.by_sitting]
        keeper = next(seat.role for seat in rule.seats if seat.seat == "secretary")
        office = self.story.world.members[keeper].office.code
        voted = {one.name for one in action.per_person if one.field_class == "open"}
        self.story.convene(rule.code, role=keeper)
        self.story.open_sitting(role=keeper, office=office)
        if rule.scores and rule.scores.decides == action.code:
            self.story.decide_by_scores(rule.code, about[0][rule.scores.fills], keeper)
            return
        self.story.move(
            action.code, [{name: value for name, value in one.items() if name in voted} for one in about], role=keeper
        )
        self.story.vote("for", role=keeper)
        self.story.count_and_decide(role=keeper)


def test_the_entries_of_every_act_have_words(story: Story):
    """Each kind that a procedure can leave in the ledger is told in a reader's language."""
    for procedure in PROCEDURES:
        for action in procedure.actions.values():
            assert str(kind_title(procedure.ledger_kind(action.code))) != procedure.ledger_kind(action.code)
    assert Entry.objects.exists()
