"""Any procedure walked at random through the real operations: tables, ledger, clocks and work list are held against each other after each act.

Knows no procedure by name. A case begins in the past and goes on day by day, so that limits run out on the way.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.access.roles import ROLES
from panoh.demo.answering import as_answer, branches
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case, Due, Step
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.queries.work import COUNT_UP_TO, count_due, due_list
from panoh.procedures.rules.agenda import Bucket
from panoh.rulebook.model import Action, Procedure
from tests.procedures.stories import Story, refused, replayed
from tests.procedures.test_every_procedure import Walked
from tests.world import World

DAYS_BACK = 500
EVERYTHING = 10_000


@dataclass
class Seen:
    """What the walks of one track came across."""

    acts: Counter[str] = field(default_factory=Counter)
    states: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    late: set[str] = field(default_factory=set)
    """Clocks of which one was found late, and in the work list."""
    tried_outside: int = 0


class LedgerWalk(Walked):
    """One case of a new household."""

    def __init__(self, world: World, procedure: Procedure, track: str, chance: random.Random, seen: Seen) -> None:
        story = Story(world)
        story.register()
        super().__init__(story, procedure, track)
        self.answering.chance = self.chance = chance
        self.seen = seen
        self.day = max(story.today() - timedelta(days=DAYS_BACK), procedure.in_force_from)

    def go(self, steps: int) -> int:
        """Opens the case and takes up to so many acts. Says how many were done."""
        self.open()
        self.note(self.procedure.actions[self.procedure.tracks[self.track].opens_with])
        done = 1
        while done < steps and self.step():
            done += 1
        return done

    def open(self) -> None:
        opening = self.procedure.actions[self.procedure.tracks[self.track].opens_with]
        self.refuse_before_its_law(opening)
        facts = self.answering.case(opening, self.day)
        if not self.people:
            self.day = self.story.today()
            self.story.open_without_file(self.procedure.code, self.track, self.role_of(opening), **facts)
            return
        self.story.open(
            self.procedure.code, self.track, self.role_of(opening), on=self.day, persons=self.people, **facts
        )

    def step(self) -> bool:
        """One act that can be done today, or on a later day where a time limit has to run out first. False: none until today."""
        case = self.case()
        actions = list(procedure_of(case).actions_from(case.state, self.track))
        if self.procedure.states[case.state].is_final and (not actions or self.chance.random() < 0.7):
            return False
        self.try_outside(case)
        self.chance.shuffle(actions)
        actions.sort(key=lambda action: (self.seen.acts[action.code] > 0, self.ends(action)))
        self.pass_days(self.chance.randint(0, 40))
        for action in actions:
            if self.try_to_take(action, case):
                self.note(action)
                return True
        limits = [due for due in self.dues() if due.due_on and due.stopped_on is None and due.due_on >= self.day]
        if limits and min(due.due_on for due in limits) < self.story.today():
            self.day = min(due.due_on for due in limits) + timedelta(days=1)
            return self.step()
        return False

    def ends(self, action: Action) -> bool:
        final = [self.procedure.states[code].is_final for code in action.end_states()]
        return bool(final) and all(final)

    def try_to_take(self, action: Action, case: Case) -> bool:
        """Where the act is refused, nothing of it stays, nor a colleague who came for it."""
        members = dict(self.story.world.members)
        try:
            with transaction.atomic():
                self.take(action.code, self.chance.choice(branches(action)))
        except Problem as problem:
            self.story.world.members.clear()
            self.story.world.members.update(members)
            self.seen.refused.update(one.code for one in problem.each())
            now = self.case()
            assert (now.state, now.version) == (case.state, case.version), "a refused act left something behind"
            return False
        assert case.state in action.from_states
        assert self.case().state in (action.end_states() or (case.state,))
        return True

    def take(self, code: str, choice: list[str]) -> None:
        action = self.procedure.actions[code]
        if action.by_sitting:
            self.day = self.story.today()  # a sitting is held on the day on which it is recorded
            self.decide_in_sitting(action, self.about(action, choice))
            return
        facts, persons = self.answers(action, choice)
        self.story.take_exactly(code, self.second(action), self.day, facts, persons)

    def answers(self, action: Action, choice: list[str]) -> tuple[dict[str, Any], dict[Any, Any]]:
        branch = action.to_by
        wanted = (
            {branch.field: as_answer(action.field(branch.field), choice[0])} if branch and not branch.per_person else {}
        )
        about = self.about(action, choice)
        persons = {person.pk: about[min(n, len(about) - 1)] for n, person in enumerate(self.people)}
        return self.answering.case(action, self.day, wanted), persons if action.per_person else {}

    def pass_days(self, days: int) -> None:
        self.day = min(self.day + timedelta(days=days), self.story.today())

    # -- outside the law's dates ---------------------------------------------------------------------------------------

    def refuse_before_its_law(self, opening: Action) -> None:
        """No case of a procedure is opened on a day before the law that it rests on."""
        before = self.procedure.in_force_from - timedelta(days=1)
        people = [person.pk for person in self.people]
        with self.story.acting(self.role_of(opening)) as actor:
            self.refuse(
                lambda: open_case(
                    by=actor, procedure=self.procedure.code, track=self.track, occurred_on=before,
                    household=self.story.household if people else None, persons=people,
                    facts=self.answering.case(opening, before),
                    persons_facts={person: self.answering.person(opening, before) for person in people}
                    if opening.per_person else {},
                ),
                "rulebook.no_rule_in_force",
            )  # fmt: skip

    def try_outside(self, case: Case) -> None:
        """An act of tomorrow, and one of a day before the state was entered, are refused whatever else speaks for them."""
        actions = [one for one in procedure_of(case).actions_from(case.state, self.track) if not one.by_sitting]
        if not actions or self.chance.random() < 0.5:
            return
        action = self.chance.choice(actions)
        entered = [step.occurred_on for step in case.steps.all() if step.seq == 1 or step.from_state != step.to_state][
            -1
        ]
        facts, persons = self.answers(action, self.chance.choice(branches(action)))
        for day, code in (
            (self.story.today() + timedelta(days=1), "procedures.step.in_the_future"),
            (entered - timedelta(days=1), "procedures.step.before_the_preceding"),
        ):
            self.refuse(
                lambda day=day: self.story.take_exactly(action.code, self.second(action), day, facts, persons), code
            )
            assert self.case().version == case.version
            self.seen.tried_outside += 1

    def refuse(self, act: Callable[[], Any], code: str) -> None:
        members = dict(self.story.world.members)
        try:
            with refused(code), transaction.atomic():
                act()
        finally:
            self.story.world.members.clear()
            self.story.world.members.update(members)

    # -- what must hold after each act ---------------------------------------------------------------------------------

    def note(self, action: Action) -> None:
        case = self.case()
        self.seen.acts[action.code] += 1
        self.seen.states.add(case.state)
        self.check_ledger(case)
        self.check_clocks(case)
        self.check_work_list(case)
        self.check_law(case)

    def check_ledger(self, case: Case) -> None:
        with acting_as_system("test"):
            found = replayed()
            assert list(found.differences()) == []
            told = found.cases[str(case.pk)]
            assert (told.version, told.state) == (case.version, case.state)
        with connection.cursor() as cursor:  # the deferred guards, asked now: every row that changed has its entry
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def check_clocks(self, case: Case) -> None:
        with acting_as_system("test"):
            computed = next(compute_many(Case.objects.filter(pk=case.pk), rulebook.current())).states
        assert {due.clock: (due.due_on, due.stopped_on) for due in self.dues()} == {
            code: (state.due_on, state.stopped_on) for code, state in computed.items()
        }
        if case.closed_on is not None:
            assert all(state.stopped_on for state in computed.values())

    def check_work_list(self, case: Case) -> None:
        """A limit of the office that has passed stands in the list of those who can stop the clock, as late, and is counted there."""
        today = self.story.today()
        for due in self.dues():
            rule = self.procedure.clocks[due.clock]
            if due.stopped_on or due.due_on is None or due.due_on >= today:
                continue
            for role in self.roles_that_stop(rule.stops_on):
                with self.story.acting(role) as actor:
                    listed = due_list(actor, today, limit=EVERYTHING)
                    lines = {line.due.clock: line for line in listed if line.due.case_id == case.pk}
                    if rule.bound == "applicant":
                        assert due.clock not in lines, "a right of the family is no work of the office"
                        continue
                    assert due.clock in lines, f"{due.clock} is late and {role} does not see it"
                    assert lines[due.clock].bucket is Bucket.OVERDUE
                    late = sum(one.bucket is Bucket.OVERDUE for one in listed)
                    assert count_due(actor, today)[Bucket.OVERDUE] == min(late, COUNT_UP_TO + 1)
                    self.seen.late.add(due.clock)

    def roles_that_stop(self, acts: tuple[str, ...]) -> list[str]:
        """Members of the case's organisation whose role can do an act that stops the clock, and who work in the list."""
        kind = self.procedure.tracks[self.track].organisation_kind
        who = {role for act in acts for role in self.procedure.actions[act].who if kind in ROLES[role].kinds}
        return sorted(role for role in who if role in self.story.world.members)

    def check_law(self, case: Case) -> None:
        """Each act rests on provisions that were in force on its day, and the entry names them."""
        for step in case.steps.all():
            assert list(step.legal_basis) == list(self.procedure.actions[step.action].legal_basis)
            for basis in step.legal_basis:
                rulebook.current().provision(basis, step.occurred_on)

    def case(self) -> Case:
        with acting_as_system("test"):
            return Case.objects.prefetch_related(Prefetch("steps", Step.objects.order_by("seq"))).get(
                pk=self.story.case.pk
            )

    def dues(self) -> list[Due]:
        with acting_as_system("test"):
            return list(Due.objects.filter(case_id=self.story.case.pk))
