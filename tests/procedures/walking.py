"""A procedure walked on values alone: no database, thousands of steps in a second. Answers are made to fit what guards ask for.

Knows no procedure by name: what a guard wants of an answer is read from the guard.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from panoh.demo.answering import Answering, as_answer, branches
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.operations.acts import check_form
from panoh.procedures.rules.actions import check_possible, next_state
from panoh.procedures.rules.answers import Known
from panoh.procedures.rules.clocks import ClockState, project_clocks
from panoh.procedures.rules.decisions import Applicant, decide_persons, line_up
from panoh.procedures.rules.guards import Asked, check_answer_guards
from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.model import Action, Procedure, Rulebook

MEMBERS = tuple(new_id() for _ in range(3))


@dataclass
class PureWalk:
    """One case that is led through its procedure by chance, again and again from the beginning."""

    procedure: Procedure
    track: str
    book: Rulebook
    chance: random.Random
    day: date
    situation: Situation = field(init=False)
    seen_states: set[str] = field(default_factory=set)
    seen_actions: set[str] = field(default_factory=set)
    finished: int = 0

    def __post_init__(self) -> None:
        self.answering = Answering(self.procedure, self.book, self.chance, member=MEMBERS[0])
        self.first_day = self.day
        self.begin()

    def begin(self) -> None:
        from panoh.kernel.births import BirthDate

        subject = self.procedure.subject_of(self.track)
        many = {"household": 2, "none": 0}.get(subject, 1)
        born = BirthDate.from_parts("gregorian", 1990)
        persons = line_up([Applicant(new_id(), born) for _ in range(many)], subject, self.day)
        initial = self.procedure.initial_state().code
        self.situation = Situation(
            procedure=self.procedure, track=self.track, state=initial, opened_on=None, today=self.day, persons=persons,
            papers=frozenset(self.book.codes["paper_kinds"]),
        )  # fmt: skip
        self.seen_states.add(initial)

    def candidates(self) -> list[Action]:
        return list(self.procedure.actions_from(self.situation.state, self.track))

    def clocks(self) -> dict[str, ClockState]:
        return project_clocks(self.procedure, self.track, self.situation.acts, (), self.book)

    def step(self) -> bool:
        """One act that can be done, or time passing until one can. Says whether the case has ended."""
        if self.situation.state_definition.is_final and (not self.candidates() or self.chance.random() < 0.7):
            return self.begin_another()
        actions = self.candidates()
        self.chance.shuffle(actions)
        # What was never done comes first and what ends the case last, mostly, so that every corner is reached.
        actions.sort(key=lambda action: (self.known(action) and self.chance.random() < 0.6, self.ends(action)))
        refusals = []
        for action in actions:
            try:
                self.take(action)
            except Problem as problem:
                refusals += [one.code for one in problem.each()]
            else:
                return False
        if self.situation.state_definition.is_final:
            return self.begin_another()
        # Where only a time limit stands in the way, it is let to run out.
        assert "procedures.guard.clock_runs" in refusals, (self.procedure.code, self.situation.state, refusals)
        ends = [end for end in self.situation.clock_ends.values() if end]
        assert ends, (self.procedure.code, self.situation.state, "waits for a clock that never ends")
        self.pass_until(min(end for end in ends if end >= self.day) + timedelta(days=1))
        return False

    def begin_another(self) -> bool:
        self.finished += 1
        self.day += timedelta(days=self.chance.randint(0, 3))
        if self.day > self.first_day + timedelta(days=900):  # long before the holidays of the rulebook end
            self.day = self.first_day
        self.begin()
        return True

    def known(self, action: Action) -> bool:
        return action.code in self.seen_actions

    def ends(self, action: Action) -> bool:
        final = [self.procedure.states[code].is_final for code in action.end_states()]
        return bool(final) and all(final) and self.chance.random() < 0.8

    def pass_until(self, day: date) -> None:
        self.day = max(self.day, day)
        self.situation = replace(self.situation, today=self.day)

    def take(self, action: Action) -> None:
        waited = [
            clock
            for guard in action.guards
            if guard.name in ("clock_passed", "out_of_time")
            for clock in guard.params.get("clocks", (guard.params.get("clock"),))
        ]
        if waited and self.chance.random() < 0.5:
            ends = [self.situation.clock_ends.get(clock) for clock in waited]
            for end in ends:
                if end:
                    self.pass_until(end + timedelta(days=1))
        on, member = self.day, self.chance.choice(MEMBERS)
        situation = replace(self.situation, in_sitting=action.by_sitting)
        check_possible(situation, action, role=self.chance.choice(action.who), member=member, occurred_on=on)
        branch = action.to_by
        chosen = self.chance.choice(branches(action))
        wanted = (
            {branch.field: as_answer(action.field(branch.field), chosen[0])} if branch and not branch.per_person else {}
        )
        facts = self.answering.case(action, on, wanted)
        persons: dict[UUID, dict[str, Any]] = {}
        if action.per_person:
            for n, person in enumerate(situation.persons):
                about = {branch.field: chosen[min(n, len(chosen) - 1)]} if branch and branch.per_person else {}
                persons[person.person_id] = self.answering.person(action, on, about)
        known = Known(self.book, on, members=lambda _m: True, offices=lambda _o: True, cases=lambda _c: True)
        form, _files = check_form(situation, action, facts, persons, known)
        asked = Asked(action, on, member, form.facts(), form.persons_facts(), self.book)
        check_answer_guards(situation, asked)
        to = next_state(situation, action, asked.facts, asked.persons)
        outcomes = decide_persons(self.procedure, action, situation.persons, asked.persons)
        act = Act(len(situation.acts) + 1, action.code, on, member, situation.state, to, asked.facts, asked.persons)
        for basis in action.legal_basis:
            self.book.provision(basis, on)  # raises where the act would stand outside its law's dates
        self.situation = situation.after(act).with_persons(outcomes.persons)
        self.situation = replace(self.situation, in_sitting=None)
        self.seen_states.add(to)
        self.seen_actions.add(action.code)
        self.check_clocks()
        if self.chance.random() < 0.5:
            self.pass_until(self.day + timedelta(days=self.chance.randint(0, 12)))

    def check_clocks(self) -> None:
        """What must hold of every clock after every act: ends lie behind beginnings, and a closed case has none that runs."""
        states = self.clocks()
        for code, clock in states.items():
            assert not clock.unknown, (self.procedure.code, code)
            if clock.due_on:
                assert clock.due_on >= clock.starts_on
            if self.situation.state_definition.is_final:
                assert clock.stopped_on is not None, (self.procedure.code, code, self.situation.state)
        ends = {code: clock.due_on for code, clock in states.items() if clock.stopped_on is None}
        self.situation = replace(self.situation, clock_ends=ends)
