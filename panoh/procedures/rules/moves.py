"""Moving an open case to a later version of its procedure: which rule moves it, and how its past reads in the new words. Pure.

A case that was moved has acts behind it that the later version calls otherwise, or does not know. Rules that ask about its past see
it in the words of the version it is under now (`as_seen_now`); clocks go through each stretch by the version it was done under
(`rules.clocks`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.model import FROM_VERSION, MOVE, NoRuleInForce, Procedure, Rulebook, Transition

NO_ACT = ""
"""What an earlier act is called that the later version counts as none."""


@dataclass(frozen=True, slots=True)
class Move:
    """A move that was made: the act, the version it led into, and the rule of that version."""

    act: Act
    later: Procedure
    rule: Transition


def find_transition(book: Rulebook, code: str, version: int, on: date) -> tuple[Procedure, Transition] | None:
    """The newest version that has come into force by a day and takes cases of this one, with its rule."""
    for later in reversed(book.procedures.get(code, ())):
        rule = later.transition_from(version) if later.version > version and later.in_force_from <= on else None
        if rule is not None:
            return later, rule
    return None


def is_taken(rule: Transition, situation: Situation) -> bool:
    """Whether the rule moves this case: by the state it stands in and, where it says so, by nothing having been decided yet."""
    if situation.state not in rule.in_states:
        return False
    states = situation.procedure.states
    return rule.takes != "undecided" or not any(
        act.to_state in states and states[act.to_state].kind == "decided" for act in situation.acts
    )


def is_move(act: Act) -> bool:
    return act.action == MOVE


def version_left(act: Act) -> int:
    """The version that a move led out of."""
    return int(act.facts[FROM_VERSION])


def stretches_of(
    procedure: Procedure, acts: Sequence[Act], book: Rulebook
) -> Iterator[tuple[Procedure, list[Act], Move | None]]:
    """The course of a case by versions: under which one, what was done, and the move that ended the stretch."""
    left = [version_left(act) for act in acts if is_move(act)]
    versions = [book.procedure_version(procedure.code, number) for number in left] + [procedure]
    done: list[Act] = []
    passed = 0
    for act in acts:
        if not is_move(act):
            done.append(act)
            continue
        before, later = versions[passed], versions[passed + 1]
        rule = later.transition_from(before.version)
        if rule is None:
            raise NoRuleInForce("transition", f"{later.code} version {before.version} → {later.version}", None)
        yield before, done, Move(act, later, rule)
        done, passed = [], passed + 1
    yield versions[passed], done, None


def as_seen_now(procedure: Procedure, acts: Sequence[Act], book: Rulebook) -> tuple[Act, ...]:
    """All acts in the words of the version that the case is under now. The moves themselves stay among them."""
    if not any(is_move(act) for act in acts):
        return tuple(acts)
    seen: list[Act] = []
    for version, done, move in stretches_of(procedure, acts, book):
        seen += done
        if move is not None:
            seen = [*(_in_new_words(act, move.rule, version.outcome_field) for act in seen), move.act]
            _add_asked(seen, move)
    return tuple(seen)


def _in_new_words(act: Act, rule: Transition, outcome_field: str | None) -> Act:
    from_state, to_state = (rule.states.get(state, state) for state in (act.from_state, act.to_state))
    how = rule.acts.get(act.action)
    if how is None:  # an earlier move, or an act that has counted as none since
        return replace(act, from_state=from_state, to_state=to_state)

    def renamed(facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            how.fields.get(name, name): rule.outcomes.get(value, value) if name == outcome_field else value
            for name, value in facts.items()
        }

    return replace(
        act,
        action=how.to or NO_ACT,
        from_state=from_state,
        to_state=to_state,
        facts=renamed(act.facts),
        persons={person: renamed(facts) for person, facts in act.persons.items()},
    )


def _add_asked(seen: list[Act], move: Move) -> None:
    """What was asked at the move counts as answered in the last act that it belongs to."""
    for asked in move.rule.asks:
        name = asked.field.name
        if name not in move.act.facts:
            continue
        for place in range(len(seen) - 1, -1, -1):
            if seen[place].action == asked.act:
                seen[place] = replace(seen[place], facts={**seen[place].facts, name: move.act.facts[name]})
                break


def questions_of(rule: Transition, acts: Sequence[Act]) -> tuple[Any, ...]:
    """The fields that whoever moves this case is asked: those of acts that were done and never gave the answer.

    `acts` are in the words of the earlier version.
    """
    done = {rule.acts[act.action].to for act in acts if act.action in rule.acts}
    return tuple(asked.field for asked in rule.asks if asked.act in done)
