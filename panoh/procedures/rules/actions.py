"""Which acts are possible on a case, why each other one is not, and where an act leads. Pure.

The order of the questions is the order in which a person would ask them: may my role, does the case stand where this can
be done, is it mine to do alone or a sitting's, does the law's own condition hold. The first no is the reason given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.problems import Problem
from panoh.procedures.rules.guards import check_guards
from panoh.procedures.rules.situation import Situation
from panoh.rulebook.model import Action


@dataclass(frozen=True, slots=True)
class Possibility:
    """One act of the procedure, and what stands against it (None: it can be done)."""

    action: Action
    refusal: Problem | None

    @property
    def possible(self) -> bool:
        return self.refusal is None


def possibilities(situation: Situation, role: str, member: UUID | None = None) -> tuple[Possibility, ...]:
    """Every act that this state of the case knows, each with the reason if this member cannot do it today.

    Acts of other states are left out: a list of everything that is impossible helps nobody.
    """
    found = []
    for action in situation.procedure.actions_from(situation.state, situation.track):
        try:
            check_possible(situation, action, role=role, member=member, occurred_on=situation.today)
        except Problem as problem:
            found.append(Possibility(action, problem.each()[0]))
        else:
            found.append(Possibility(action, None))
    return tuple(found)


def check_possible(situation: Situation, action: Action, *, role: str, member: UUID | None, occurred_on: date) -> None:
    """Raises the first reason why this act cannot be done by this member on this day, whatever the form will say."""
    if role not in action.who:
        raise Problem("procedures.step.not_your_role", role=role, action=action.code)
    check_state(situation, action)
    if action.by_sitting and situation.in_sitting != action.by_sitting:
        raise Problem("procedures.step.sitting_decides", sitting=action.by_sitting, action=action.code)
    if situation.waits_for_sitting and action.code in _decided_by_sittings(situation) and not situation.in_sitting:
        raise Problem("procedures.step.on_an_agenda", action=action.code)
    check_two_persons(situation, action, member)
    check_day(situation, action, occurred_on)
    check_guards(situation, action, member=member, occurred_on=occurred_on)


def check_state(situation: Situation, action: Action) -> None:
    """Is this an act of this track, and of the state in which the case stands?"""
    if situation.track not in action.tracks:
        raise Problem("procedures.step.other_track", track=situation.track, action=action.code)
    if situation.state not in action.from_states:
        raise Problem(
            "procedures.step.not_in_this_state",
            action=action.code,
            state=situation.state,
            possible=", ".join(one.code for one in situation.procedure.actions_from(situation.state, situation.track)),
        )


def check_two_persons(situation: Situation, action: Action, member: UUID | None) -> None:
    """Where the rulebook wants a second person, the one who did the first part may not do this one."""
    if action.two_person_after is None or member is None:
        return
    first = situation.last(action.two_person_after)
    if first is None:
        raise Problem("procedures.step.first_person_missing", first=action.two_person_after, action=action.code)
    if first.member == member:
        raise Problem("procedures.step.second_person_needed", first=action.two_person_after, action=action.code)


def check_day(situation: Situation, action: Action, occurred_on: date) -> None:
    """An act may be written down later than it was done, never before it was done or before what it rests on."""
    if occurred_on > situation.today:
        raise Problem("procedures.step.in_the_future", field="occurred_on", on=occurred_on, today=situation.today)
    earliest = situation.entered_state_on()
    if earliest is not None and occurred_on < earliest:
        raise Problem("procedures.step.before_the_preceding", field="occurred_on", on=occurred_on, preceding=earliest)
    if situation.acts and action.two_person_after:
        first = situation.last(action.two_person_after)
        if first is not None and occurred_on < first.occurred_on:
            raise Problem(
                "procedures.step.before_the_preceding", field="occurred_on", on=occurred_on, preceding=first.occurred_on
            )


def next_state(
    situation: Situation, action: Action, facts: Mapping[str, Any], persons: Mapping[UUID, Mapping[str, Any]]
) -> str:
    """The state to which the act leads with these answers."""
    if action.before:
        return _stood_before(situation, action)
    if action.to_by is None:
        return action.to_state or situation.state
    branch = action.to_by
    if branch.per_person:
        values = [persons.get(person.person_id, {}).get(branch.field) for person in situation.persons]
    else:
        values = [facts.get(branch.field)]
    state = branch.state_for(values)
    if state is None:
        raise Problem("procedures.step.answer_leads_nowhere", field=branch.field, action=action.code)
    return state


def _stood_before(situation: Situation, action: Action) -> str:
    """Where the case stood before the last of the acts that this one undoes."""
    undone = next((act for act in reversed(situation.acts) if act.action in action.before), None)
    if undone is None:
        raise Problem("procedures.guard.not_yet_done", needed=action.before[0], action=action.code)
    return undone.from_state


def _decided_by_sittings(situation: Situation) -> frozenset[str]:
    return frozenset(code for rule in situation.procedure.sittings.values() for code in rule.decides)
