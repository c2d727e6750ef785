"""Answers to the forms of any procedure, made from its own fields so that they fit what its guards ask for.

Used to put cases of every procedure into the demo, and by the tests that walk them. Knows no procedure by name.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from panoh.procedures.rules.answers import choices_of
from panoh.rulebook.model import Action, Condition, Field, Guard, Procedure, Rulebook
from panoh.rulebook.procedure import AND

WORDS = "Written for the demonstration."


def holds(when: Condition | None, facts: Any) -> bool:
    return when is None or when.holds(facts)


def answer_for(one: Field, on: date, book: Rulebook, member: UUID | None = None, pick: int = 0) -> Any:
    """Some answer that a field takes; `pick` chooses among the codes."""
    codes = list(choices_of(one, book, on)) if one.kind in ("code", "codes", "language") else []
    match one.kind:
        case "text" | "long_text":
            return WORDS
        case "code" | "language":
            return codes[pick % len(codes)]
        case "codes":
            return [codes[pick % len(codes)]]
        case "day":
            return on.isoformat()
        case "bool":
            return pick % 2 == 0
        case "number":
            least = one.at_least or 0
            return least + pick % (1 + (one.at_most if one.at_most is not None else least + 9) - least)
        case "member":
            return str(member) if member else None
    return None


def guards_of(procedure: Procedure) -> Iterator[tuple[Action, Guard]]:
    for action in procedure.actions.values():
        for guard in action.guards:
            yield action, guard


def wishes(procedure: Procedure, action: Action) -> dict[str, str]:
    """What this act must be answered with so that its own guards, and those of acts that rest on it, hold."""
    found = {}
    for guarded, guard in guards_of(procedure):
        rests_on_it = guard.name == "answered_before" and guard.params["action"] == action.code
        if rests_on_it or (guard.name == "must_be" and guarded is action):
            found[guard.params["field"]] = guard.params["values"][0]
    return found


def scored(procedure: Procedure, action: Action) -> set[str]:
    """The questions that a score of the act asks, where the act insists on one."""
    names = {guard.params["score"] for guard in action.guards if guard.name == "score_possible"}
    return {name for code in names for part in procedure.scores[code].parts.values() for name in part.questions}


def as_answer(one: Field, value: str) -> Any:
    return value == "true" if one.kind == "bool" else value


@dataclass
class Answering:
    """Makes the answers of a form: the required ones, now and then another, and none that the law would refuse."""

    procedure: Procedure
    book: Rulebook
    chance: random.Random
    linked: tuple[str, ...] = ()
    member: UUID | None = None

    def case(self, action: Action, on: date, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
        hard = wishes(self.procedure, action)
        insisted = scored(self.procedure, action)
        given: dict[str, Any] = dict(wanted or {})
        for one in action.form:
            if one.name in given or not holds(one.shown_when, given):
                continue
            if one.name in hard:
                given[one.name] = as_answer(one, hard[one.name])
            elif one.required or one.name in insisted or self.chance.random() < 0.3:
                given[one.name] = self._answer(one, on)
        return {name: value for name, value in given.items() if value is not None}

    def _answer(self, one: Field, on: date) -> Any:
        if one.kind == "case":
            return self.chance.choice(self.linked) if self.linked else None
        return answer_for(one, on, self.book, self.member, pick=self.chance.randrange(8))

    def person(self, action: Action, on: date, wanted: dict[str, Any] | None = None) -> dict[str, Any]:
        given: dict[str, Any] = dict(wanted or {})
        for one in action.per_person:
            if one.name in given or not holds(one.shown_when, given):
                continue
            fitting = self._fitting(one, action, given, on)
            if one.required or fitting or self.chance.random() < 0.3:
                given[one.name] = fitting or self._answer(one, on)
        return {name: value for name, value in given.items() if value is not None}

    def _fitting(self, one: Field, action: Action, given: dict[str, Any], on: date) -> Any:
        """Codes of the kind that a guard wants for the outcome that was chosen."""
        for guard in action.guards:
            when = guard.params.get("when")
            if guard.params.get("field") == one.name and "attribute" in guard.params and when and when.holds(given):
                wanted = guard.params.get("value") or guard.params["values"][0]
                listed = self.book.codes[one.code_list or ""]
                codes = choices_of(one, self.book, on)
                return [next(code for code in codes if listed[code].attributes[guard.params["attribute"]] == wanted)]
        return None


def branches(action: Action) -> list[list[str]]:
    """What the deciding field can be answered with: for several persons, one answer each where the branch joins them."""
    return [choice.split(AND) for choice, _state in action.to_by.choices] if action.to_by else [[]]
