"""A case as the rules see it: plain values, made by the queries from the tables or by a test from nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.births import BirthDate
from panoh.rulebook.model import MOVE, Procedure, State


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person of the case, as far as rules ask about people."""

    person_id: UUID
    position: int
    birth: BirthDate
    own_line: bool = True
    listed_with: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A step that was taken."""

    seq: int
    action: str
    occurred_on: date
    member: UUID
    from_state: str
    to_state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    persons: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a case stands on a day. `today` is the last day on which something can have happened."""

    procedure: Procedure
    track: str
    state: str
    opened_on: date | None
    today: date
    acts: tuple[Act, ...] = ()
    persons: tuple[PersonFacts, ...] = ()
    in_sitting: str | None = None
    open_elsewhere: frozenset[tuple[str, str]] = frozenset()
    """Procedure and track of other cases in which a person of this one stands and which are open."""
    clock_ends: Mapping[str, date | None] = field(default_factory=dict)
    """Last day of each clock that has been started and not stopped; None while it is paused."""
    papers: frozenset[str] = frozenset()
    """Kinds of paper that were issued in the case, if any act of the procedure asks for them."""
    stops: Mapping[str, date] = field(default_factory=dict)
    """Kinds of what other rooms know that stands against going on, each with the day since when."""
    voters: Mapping[str, frozenset[UUID]] = field(default_factory=dict)
    """Who voted when a sitting took an act, by act; filled where an act asks that somebody else decides."""
    waits_for_sitting: bool = False
    """The case stands on the agenda of a sitting that has not dealt with it."""

    def about(self, person: PersonFacts, answers: Mapping[UUID, Mapping[str, Any]]) -> dict[str, Any]:
        """What a condition on a person sees: the outcome the person has so far, under its answers in this act."""
        outcome = {self.procedure.outcome_field: person.outcome} if self.procedure.outcome_field else {}
        return {**outcome, **answers.get(person.person_id, {})}

    @property
    def state_definition(self) -> State:
        return self.procedure.states[self.state]

    def last(self, action: str) -> Act | None:
        """The latest step of that action, by order of recording."""
        return next((act for act in reversed(self.acts) if act.action == action), None)

    def entered_state_on(self) -> date | None:
        """The legal day of the step that brought the case into its state: no later act can be older than that.

        A move to a later version counts too, for what came before it belongs under the earlier law.
        """
        for act in reversed(self.acts):
            if act.from_state != act.to_state or act.action == MOVE:
                return act.occurred_on
        return self.opened_on

    def after(self, act: Act) -> Situation:
        """The situation once the act is done."""
        return replace(self, state=act.to_state, acts=(*self.acts, act), opened_on=self.opened_on or act.occurred_on)

    def with_persons(self, persons: tuple[PersonFacts, ...]) -> Situation:
        """The same situation with the outcomes that the persons have after an act."""
        return replace(self, persons=persons)
