"""The procedure driven at random: never stuck, never out of its states, and the ledger always tells the same story.

A model-based test: hypothesis chooses acts, roles, days, sittings and barriers; after each of them the replay of the ledger
is held against the tables, and the clocks against the pure computation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.access.roles import ROLES
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case, Due, Sitting
from panoh.procedures.operations.barriers import lift_barrier, record_barrier
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.operations.sittings import close_sitting
from panoh.procedures.problems import CATALOGUE
from panoh.procedures.queries.cases import procedure_of, situation_of
from panoh.procedures.rules.actions import possibilities
from panoh.procedures.rules.answers import choices_of
from panoh.registry.problems import CATALOGUE as REGISTRY_PROBLEMS
from panoh.rulebook.model import Action, Field
from panoh.rulebook.procedure import AND
from tests.procedures.stories import Story, answer_for, differences, holds, replayed
from tests.world import make_world

KNOWN_PROBLEMS = set(CATALOGUE) | set(REGISTRY_PROBLEMS)


DEFINITION = rulebook.current().procedure("asylum", date(2026, 1, 1))
STARTS = [
    (track, state.code)
    for track in DEFINITION.tracks
    for state in DEFINITION.states.values()
    if track in state.tracks and state.kind != "initial"
]


def shortest_way(track: str, start: str, wanted: str) -> list[tuple[Action, str]]:
    """The fewest acts from one state to another, each with the answer that leads there ("" where none decides)."""
    ways: dict[str, list[tuple[Action, str]]] = {start: []}
    edge = [start]
    while wanted not in ways:
        state = edge.pop(0)
        for action in DEFINITION.actions_from(state, track):
            waits = {"clock_passed"} if DEFINITION.states[state].is_final else {"clock_passed", "out_of_time"}
            if any(guard.name in waits for guard in action.guards):
                continue  # it would have to wait for a time limit to run out
            ends = action.to_by.choices if action.to_by else [("", action.to_state)]
            for value, end in ends:
                if end and end not in ways:
                    ways[end] = [*ways[state], (action, value)]
                    edge.append(end)
    return [
        step
        for taken in [ways[wanted]]
        for n, step in enumerate(taken)
        for step in (before_it(track, taken, n), step)
        if step
    ]


def before_it(track: str, way: list[tuple[Action, str]], n: int) -> tuple[Action, str] | None:
    """What a guard asks to be done before the n-th act and the way leaves out: an act that stays in its state."""
    done = {action.code for action, _value in way[:n]}
    for guard in way[n][0].guards:
        needed = guard.params.get("action")
        if guard.params.get("on") not in (None, track):
            continue
        if guard.name == "done_before" and needed not in done and DEFINITION.actions[needed].to_state is None:
            return DEFINITION.actions[needed], ""
    return None


class Walk(RuleBasedStateMachine):
    """One household, one case, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.story = Story(make_world())
        self.story.register()
        self.day = self.story.today() - timedelta(days=900)
        self.barrier: Any = None
        self.taken = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    # -- what can happen ---------------------------------------------------------------------------------------------

    @initialize(start=st.sampled_from(STARTS), data=st.data())
    def open(self, start: tuple[str, str], data: st.DataObject) -> None:
        """A case that was brought, by the shortest way, to a state that hypothesis chose: every state is begun from."""
        track, wanted = start
        role = "registration_clerk" if track == "government" else "mandate_officer"
        border = {"lodged_at": "border_post"} if track == "government" and data.draw(st.booleans()) else {}
        self.story.open("asylum", track, role, on=self.day, **border)
        self.taken += 1
        for action, value in shortest_way(track, self.case().state, wanted):
            self.passing(3)
            branch = action.to_by
            # "recognised and rejected": the first person is recognised, the others are rejected.
            given = [{branch.field: one} for one in value.split(AND)] if branch else [{}]
            abouts = [
                self.answers(data, action.per_person, one if branch and branch.per_person else {}) for one in given
            ]
            facts = self.answers(data, action.form, given[0] if branch and not branch.per_person else {})
            if action.by_sitting:
                self.decide_in_sitting(action, abouts)
            else:
                people = enumerate(self.story.case_people())
                persons = {who: abouts[min(n, len(abouts) - 1)] for n, who in people} if action.per_person else {}
                self.act(action, self.other_role(action), facts, persons)
        assert self.case().state == wanted

    def other_role(self, action: Action) -> str:
        """A role of the track's own organisation; where a second person is needed, another one than the first."""
        kind = DEFINITION.tracks[self.case().track].organisation_kind
        fitting = [role for role in action.who if kind in ROLES[role].kinds]
        return fitting[-1] if action.two_person_after or action.guards else fitting[0]

    def act(self, action: Action, role: str, facts: dict[str, Any], persons: dict[Any, Any]) -> Any:
        """An act that must succeed unless it needs another member, who then does it."""
        try:
            with self.undone_where_refused():
                step = self.story.take_exactly(action.code, role, self.day, facts, persons)
        except Problem as problem:
            if problem.code not in ("procedures.step.second_person_needed", "procedures.guard.decided_first"):
                raise
            if "second" not in self.story.world.members:
                office = "dushanbe" if self.story.case.track == "government" else "un_dushanbe"
                self.story.world.add_member(role, "second", office=office)
            step = self.story.take_exactly(action.code, "second", self.day, facts, persons)
        self.taken += 1
        return step

    @contextmanager
    def undone_where_refused(self) -> Iterator[None]:
        """One act: where it is refused, nothing of it stays, nor a colleague who came for it."""
        members = dict(self.story.world.members)
        try:
            with transaction.atomic():
                yield
        except Problem:
            self.story.world.members.clear()
            self.story.world.members.update(members)
            raise

    def passing(self, days: int) -> None:
        self.day = min(self.day + timedelta(days=days), self.story.today())

    @rule(data=st.data(), days=st.integers(0, 45))
    def do_something_possible(self, data: st.DataObject, days: int) -> None:
        """Any act that this state knows and no sitting decides, with answers as the form asks for them."""
        self.passing(days)
        definition = procedure_of(self.story.case)
        actions = [
            action
            for action in definition.actions_from(self.case().state, self.story.case.track)
            if not action.by_sitting
        ]
        if not actions:
            return
        action = data.draw(st.sampled_from(actions))
        role = data.draw(st.sampled_from(action.who))
        before = self.case().state
        people = self.story.case_people()
        try:
            with self.undone_where_refused():
                step = self.story.take_exactly(
                    action.code,
                    role,
                    self.day,
                    self.answers(data, action.form),
                    {person: self.answers(data, action.per_person) for person in people} if action.per_person else {},
                )
        except Problem as problem:
            assert {one.code for one in problem.each()} <= KNOWN_PROBLEMS
            assert self.case().state == before
            return
        self.taken += 1
        assert before in action.from_states
        assert step.to_state in (action.end_states() or (before,))

    @rule(data=st.data())
    def try_what_the_state_does_not_know(self, data: st.DataObject) -> None:
        case = self.case()
        definition = procedure_of(case)
        foreign = [action for action in definition.actions.values() if case.state not in action.from_states]
        action = data.draw(st.sampled_from(foreign))
        with pytest.raises(Problem):
            self.story.take_exactly(action.code, action.who[0], self.day, self.answers(data, action.form), {})
        assert (self.case().state, self.case().version) == (case.state, case.version)

    @precondition(lambda self: self.waits_for_sitting())
    @rule(data=st.data())
    def sit(self, data: st.DataObject) -> None:
        """A sitting deals with the case: votes on whatever hypothesis moves, and decides or defers."""
        definition = procedure_of(self.story.case)
        kind = next(iter(definition.sittings))
        action = definition.actions[data.draw(st.sampled_from(definition.sittings[kind].decides))]
        self.decide_in_sitting(action, [self.answers(data, action.per_person)])

    def decide_in_sitting(self, action: Action, abouts: list[dict[str, Any]]) -> None:
        self.day = self.story.today()
        self.story.convene(action.by_sitting)
        self.story.open_sitting()
        voted = {one.name for one in action.per_person if one.field_class == "open"}
        self.story.move(
            action.code, [{name: value for name, value in about.items() if name in voted} for about in abouts]
        )
        self.story.vote("for")
        self.story.count_and_decide()
        self.taken += 1
        with self.story.acting("commission_secretary") as keeper:
            sitting = Sitting.objects.get(pk=self.story.sitting.pk)
            close_sitting(by=keeper, sitting=sitting, minutes="As voted.", expected_version=sitting.version)

    @precondition(lambda self: self.barrier is None)
    @rule(kind=st.sampled_from(["COMMISSION_SUSPENDED", "OFFICE_CLOSED"]), ago=st.integers(1, 60))
    def bar(self, kind: str, ago: int) -> None:
        with self.story.acting("commission_secretary") as keeper:
            try:
                self.barrier = record_barrier(
                    by=keeper, kind=kind, from_on=self.day - timedelta(days=ago), reason="by order"
                )
            except Problem as problem:
                assert problem.code == "procedures.barrier.overlaps"

    @precondition(lambda self: self.barrier is not None)
    @rule(days=st.integers(1, 30))
    def lift(self, days: int) -> None:
        until = min(self.barrier.from_on + timedelta(days=days), self.story.today())
        with self.story.acting("commission_secretary") as keeper:
            lift_barrier(by=keeper, barrier=self.barrier, to_on=until, expected_version=1)
        self.barrier = None

    # -- what must always hold -----------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_stuck(self) -> None:
        """From every state that is not final somebody can do something, today, without knowing a trick."""
        if self.story.case is None:
            return
        case = self.case()
        definition = procedure_of(case)
        if definition.states[case.state].is_final:
            assert case.closed_on is not None
            return
        with acting_as_system("test"):
            situation = situation_of(case, self.story.today(), in_sitting=next(iter(definition.sittings)))
        assert any(one.possible for role in ROLES for one in possibilities(situation, role))

    @invariant()
    def the_ledger_tells_what_the_tables_hold(self) -> None:
        if self.story.case is None:
            return
        with acting_as_system("test"):
            found = replayed()
            assert list(found.differences()) == []
            assert found.cases[str(self.story.case.pk)].version == self.taken

    @invariant()
    def the_clocks_are_what_the_computation_says(self) -> None:
        if self.story.case is None:
            return
        with acting_as_system("test"):
            one = next(compute_many(Case.objects.filter(pk=self.story.case.pk), rulebook.current()))
            stored = {due.clock: (due.due_on, due.stopped_on) for due in Due.objects.filter(case=one.case)}
            assert stored == {code: (state.due_on, state.stopped_on) for code, state in one.states.items()}
            if Case.objects.get(pk=one.case.pk).closed_on is not None:
                assert all(stopped for _due, stopped in stored.values())

    @invariant()
    def the_database_agrees(self) -> None:
        """The deferred guards, asked now: every row that changed has its entry."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    # -- helping words ---------------------------------------------------------------------------------------------------

    def case(self) -> Case:
        with acting_as_system("test"):
            return Case.objects.get(pk=self.story.case.pk)

    def waits_for_sitting(self) -> bool:
        if self.story.case is None:
            return False
        case = self.case()
        return any(
            case.state in sitting.takes_from_states and case.track in sitting.tracks
            for sitting in procedure_of(case).sittings.values()
        )

    def answers(
        self, data: st.DataObject, fields: tuple[Field, ...], wanted: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Answers to what is asked. Grounds are chosen to fit the outcome, or hardly any decision would be lawful."""
        given: dict[str, Any] = dict(wanted or {})
        for one in fields:
            if one.name in given:
                continue
            if not holds(one.shown_when, given) or one.kind == "file":
                continue
            fitting = self.fitting(one, given)
            if not (one.required or fitting or data.draw(st.booleans())):
                continue
            given[one.name] = fitting or answer_for(one, self.day, pick=data.draw(st.integers(0, 5)))
        return {name: value for name, value in given.items() if value is not None}

    def fitting(self, one: Field, given: dict[str, Any]) -> Any:
        if one.kind != "codes" or one.code_list is None:
            return None
        listed = rulebook.current().codes[one.code_list]
        for code in choices_of(one, rulebook.current(), self.day):
            if listed[code].attributes.get("outcome") in given.values():
                return [code]
        return None


def test_a_random_walk_is_never_stuck_and_always_recorded(db):
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=10,
            stateful_step_count=6,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # a case is short already; shrinking it takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_row_that_was_edited_quietly_is_found(story, superuser_in_transaction):
    story.open("asylum", "government", "registration_clerk")
    story.take("register", "eligibility_officer")
    assert differences() == []
    superuser_in_transaction("UPDATE procedures_case SET state = 'closed_with_status' WHERE id = %s", [story.case.pk])
    assert {(one.what, one.field) for one in differences()} == {("case", "state")}


def test_an_outcome_written_past_the_ledger_is_found(story, superuser_in_transaction):
    story.open("asylum", "government", "registration_clerk")
    superuser_in_transaction(
        "UPDATE procedures_caseperson SET outcome = 'recognised', outcome_on = '2026-01-01' WHERE case_id = %s",
        [story.case.pk],
    )
    assert {(one.what, one.field) for one in differences()} == {("case", "persons")}


@pytest.fixture
def superuser_in_transaction():
    """What somebody with a way round the guard could do: the row changes and no entry is asked for."""

    def run(statement: str, params: list[UUID]) -> None:
        with acting_as_system("test"), connection.cursor() as cursor:
            cursor.execute(statement, params)

    return run
