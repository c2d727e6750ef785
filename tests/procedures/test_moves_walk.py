"""Every procedure driven at random with a move to a later version in the middle: nobody gets stuck, and no deadline is lost.

On values alone for all procedures of the country; with the database, the ledger and the projection for the town's library card.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.demo.answering import Answering, branches
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case, Due
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.queries.cases import procedure_of, situation_of
from panoh.procedures.rules import clocks
from panoh.procedures.rules.actions import possibilities
from panoh.procedures.rules.clocks import project_clocks
from panoh.procedures.rules.moves import as_seen_now, is_taken
from panoh.procedures.rules.situation import Act
from panoh.rulebook.model import FROM_VERSION, MOVE, ActMove, ClockMove, FrozenMap, Procedure, Rulebook, Transition
from tests.procedures.stories import differences
from tests.procedures.test_moves import amend, folder, move  # noqa: F401 - the fixture
from tests.procedures.walking import MEMBERS, PureWalk

BOOK = rulebook.current()
WAYS = [(code, track) for code, versions in BOOK.procedures.items() for track in versions[-1].tracks]


def in_two_versions(procedure: Procedure) -> tuple[Rulebook, Procedure]:
    """The same procedure once more as a later version, which takes every open case and keeps every clock."""
    titles = procedure.titles
    states = {code: code for code, state in procedure.states.items() if state.kind in ("open", "decided")}
    rule = Transition(
        from_version=procedure.version, takes="all", in_states=tuple(states), who=("registration_supervisor",),
        why=titles, legal_basis=procedure.legal_basis, states=FrozenMap(states),
        outcomes=FrozenMap({code: code for code in procedure.outcomes}),
        acts=FrozenMap({code: ActMove(to=code, fields=FrozenMap({})) for code in procedure.actions}),
        clocks=FrozenMap({code: ClockMove(to=code) for code in procedure.clocks}), begins=FrozenMap({}), asks=(),
    )  # fmt: skip
    later = replace(procedure, version=procedure.version + 1, transitions=(rule,))
    versions = FrozenMap({**BOOK.procedures, procedure.code: (procedure, later)})
    return replace(BOOK, procedures=versions), later


class MovingWalk(PureWalk):
    """A walk in which the case may move to the later version at any moment, and goes on from there."""

    later: Procedure
    told: list[Act]
    moved = 0

    def begin(self) -> None:
        self.told = []
        self.earlier = self.book.procedures[self.procedure.code][0]
        self.procedure = self.earlier
        self.answering = Answering(self.procedure, self.book, self.chance, member=MEMBERS[0])
        super().begin()

    def clocks(self):
        # The clocks see every act as it was done; `take` has just added the last one.
        for act in self.situation.acts[len(self.told) :]:
            self.told.append(act)
        return project_clocks(self.procedure, self.track, self.told, (), self.book)

    def step(self) -> bool:
        if self.procedure is self.earlier and self.chance.random() < 0.25:
            self.try_to_move()
        return super().step()

    def try_to_move(self) -> None:
        rule = self.later.transitions[0]
        if not self.situation.acts or not is_taken(rule, self.situation):
            return
        before = self.clocks()
        to = rule.states[self.situation.state]
        seq = len(self.told) + 1
        act = Act(seq, MOVE, self.day, MEMBERS[1], self.situation.state, to, {FROM_VERSION: str(self.earlier.version)})
        acts = as_seen_now(self.later, (*self.told, act), self.book)
        self.procedure = self.later
        self.answering = Answering(self.later, self.book, self.chance, member=MEMBERS[0])
        persons = tuple(
            replace(person, outcome=rule.outcomes.get(person.outcome, person.outcome))
            for person in self.situation.persons
        )
        self.situation = replace(self.situation, procedure=self.later, state=to, acts=acts, persons=persons)
        self.told.append(act)
        self.moved += 1
        self.check_clocks()
        self.check_nothing_is_lost(rule, before, project_clocks(self.later, self.track, self.told, (), self.book))

    def check_nothing_is_lost(self, rule, before, after) -> None:
        """Each clock is there after the move: running under the name it goes on by, or ended by the rule on that day."""
        for code, state in before.items():
            how = rule.clocks[code]
            now = after[how.to or code]
            if state.stopped_on is not None:
                assert (now.stopped_on, now.due_on) == (state.stopped_on, state.due_on)
            elif how.to is None:
                assert (now.stopped_on, now.due_on) == (self.day, state.due_on)
            else:
                assert now.stopped_on is None and not now.unknown
                if how.count == "keep":
                    assert (now.starts_on, now.due_on) == (state.starts_on, state.due_on)
                elif how.count == "from_move":
                    assert now.starts_on == self.day


def walk(book: Rulebook, procedure: Procedure, later: Procedure, track: str, steps: int, seed: int) -> MovingWalk:
    found = MovingWalk.__new__(MovingWalk)
    found.later, found.earlier = later, procedure
    found.__init__(procedure, track, book, random.Random(seed), date(2020, 8, 3))
    for _ in range(steps):
        found.step()
    return found


@pytest.mark.parametrize(("code", "track"), WAYS, ids=[f"{code}-{track}" for code, track in WAYS])
def test_a_move_in_the_middle_of_any_procedure_leaves_nobody_stuck_and_no_clock_behind(code, track):
    procedure = BOOK.procedures[code][-1]
    book, later = in_two_versions(procedure)
    done = walk(book, procedure, later, track, 400, seed=7)
    assert done.moved > 5 and done.finished > 5


@pytest.mark.parametrize("seed", range(4))
def test_a_move_between_versions_that_differ(folder, seed):  # noqa: F811 - the fixture
    book = amend(folder)
    earlier, later = book.procedures["library_card"]
    done = walk(book, earlier, later, "town", 600, seed=seed)
    assert done.moved > 20 and done.finished > 20
    assert {"show_house", "lend_longer", "take_back", "decide"} <= done.seen_actions


def test_a_clock_that_is_dropped_in_a_move_is_noticed(folder, monkeypatch):  # noqa: F811 - the fixture
    """The walk can fail: where carrying over loses what runs, it is caught."""
    book = amend(folder)
    earlier, later = book.procedures["library_card"]
    whole = clocks._carried_over
    monkeypatch.setattr(
        clocks,
        "_carried_over",
        lambda *told: {code: one for code, one in whole(*told).items() if code != "books_back"},
    )
    with pytest.raises((AssertionError, KeyError)):
        walk(book, earlier, later, "town", 600, seed=1)


@pytest.mark.parametrize("seed", range(6))
def test_with_ledger_and_tables_the_replay_stays_equal_over_a_move(story, folder, seed):  # noqa: F811 - the fixture
    chance = random.Random(seed)
    before = rulebook.load(folder)
    from panoh.procedures.policy import declare_procedures

    declare_procedures(before)
    with rulebook.using(before):
        day = story.today() - timedelta(days=25)
        story.open(
            "library_card", "town", "registration_clerk", on=day, persons=story.persons[:1], favourite="tales", books_read=3
        )  # fmt: skip
        day = wander(story, chance, day, chance.randint(0, 4))
    with rulebook.using(amend(folder)):
        case = Case.objects.all()
        if story.case.closed_on is None:
            move(story)
            check(story, case)
            wander(story, chance, story.today(), 4)
        check(story, case)


def wander(story, chance: random.Random, day: date, steps: int) -> date:
    for _ in range(steps):
        definition = procedure_of(story.case)
        with acting_as_system("test"):
            situation = situation_of(story.case, day)
            people: list[UUID] = [line.person_id for line in story.case.persons.all()]
        options = [
            (one.action, role)
            for role in ("registration_clerk", "registration_supervisor")
            for one in possibilities(situation, role)
            if one.possible
        ]
        if not options:
            assert definition.states[story.case.state].is_final
            return day
        action, role = chance.choice(options)
        answering = Answering(definition, rulebook.current(), chance, member=story.world.members[role].pk)
        branch = action.to_by
        about = {branch.field: chance.choice(branches(action))[0]} if branch and branch.per_person else {}
        try:
            story.take_exactly(
                action.code, role, day, answering.case(action, day, {}),
                {person: answering.person(action, day, about) for person in people} if action.per_person else {},
            )  # fmt: skip
        except Problem as problem:
            assert problem.code == "procedures.step.second_person_needed" or problem.code.startswith("procedures.guard")
        check(story, Case.objects.all())
        day = min(day + timedelta(days=chance.randint(0, 5)), story.today())
    return day


def check(story, cases) -> None:
    assert differences() == []
    with acting_as_system("test"):
        one = next(compute_many(cases.filter(pk=story.case.pk), rulebook.current()))
        stored = {due.clock: (due.due_on, due.stopped_on) for due in Due.objects.filter(case=story.case)}
    assert stored == {code: (state.due_on, state.stopped_on) for code, state in one.states.items()}
