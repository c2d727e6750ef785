"""The history of a case as its page shows it: each step by the version under which it was taken, with its answers in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from panoh import rulebook
from panoh.procedures.models import Step
from panoh.procedures.rules.moves import Move, stretches_of
from panoh.procedures.rules.scores import ScoreResult, scores_of
from panoh.procedures.rules.situation import Act
from panoh.rulebook.model import Action, Procedure, State, Titles


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of a form and what was answered, in words."""

    title: str
    value: Any
    kind: str
    closed: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class MoveOnPage:
    """The line of the history that tells of a move: between which versions, from where to where, and why."""

    earlier: Procedure
    later: Procedure
    why: Titles
    from_state: State
    to_state: State


@dataclass(frozen=True, slots=True)
class StepOnPage:
    """One line of the history."""

    step: Step
    action: Action | None
    """None for the move to a later version, which is no action of the rulebook."""
    answers: tuple[Answer, ...]
    hidden: bool
    late_by: int
    has_receipt: bool
    scores: tuple[ScoreResult, ...] = ()
    move: MoveOnPage | None = None


def tell_history(
    definition: Procedure, steps: Sequence[Step], acts: Sequence[Act], language: str, reads_narrative: bool
) -> list[StepOnPage]:
    """The newest first, each step by the version under which it was taken."""
    shown: list[StepOnPage] = []
    by_seq = {step.seq: step for step in steps}
    for version, done, move in stretches_of(definition, acts, rulebook.current()):
        shown += [_step(version, by_seq[act.seq], language, reads_narrative) for act in done]
        if move is not None:
            shown.append(_moved(version, move, by_seq[move.act.seq], language))
    return shown[::-1]


def _moved(earlier: Procedure, move: Move, step: Step, language: str) -> StepOnPage:
    asked = {one.field.name: one for one in move.rule.asks}
    answers = [
        _answer(move.later.actions[asked[name].act], name, value, language)
        for name, value in step.facts.items()
        if name in asked
    ]
    return StepOnPage(
        step=step,
        action=None,
        answers=tuple(answers),
        hidden=False,
        late_by=0,
        has_receipt=False,
        move=MoveOnPage(
            earlier, move.later, move.rule.why, earlier.states[step.from_state], move.later.states[step.to_state]
        ),
    )


def _step(definition: Procedure, step: Step, language: str, reads_narrative: bool) -> StepOnPage:
    action = definition.actions[step.action]
    answers = [_answer(action, name, value, language) for name, value in step.facts.items()]
    for attribute, closed in (("stepnarrative", "narrative"), ("steprestricted", "restricted")):
        if hasattr(step, attribute):
            facts = getattr(step, attribute).facts
            answers += [_answer(action, name, value, language, closed) for name, value in facts.items()]
    asked_closed = any(one.field_class != "open" for one in (*action.form, *action.per_person))
    return StepOnPage(
        step=step,
        action=action,
        answers=tuple(answers),
        hidden=asked_closed and not reads_narrative,
        late_by=(timezone.localtime(step.recorded_at).date() - step.occurred_on).days,
        has_receipt=any(effect.name == "receipt" for effect in action.effects),
        scores=scores_of(definition, step.action, step.facts) if definition.scores else (),
    )


def _answer(action: Action, name: str, value: Any, language: str, closed: str = "") -> Answer:
    """A question and its answer in words; a member is shown by the page, which knows names."""
    book = rulebook.current()
    one = next((field for field in action.form if field.name == name), None)
    if one is None:
        return Answer(name, value, "text", closed)
    title = book.text(one.titles, language)
    if one.choices:
        values = value if isinstance(value, list) else [value]
        return Answer(
            title, [book.text(one.choices[code], language) for code in values if code in one.choices], "words", closed
        )
    if one.code_list:
        values = value if isinstance(value, list) else [value]
        return Answer(title, [book.codes[one.code_list].title(code, language) for code in values], "words", closed)
    if one.kind == "day":
        return Answer(title, date.fromisoformat(value), "day", closed)
    if one.kind == "language":
        listed = book.codes.get("languages")
        return Answer(title, [listed.title(value, language) if listed else value], "words", closed)
    return Answer(title, value, one.kind, closed, name)


def offices_named(history: Sequence[StepOnPage]) -> list[UUID]:
    return [UUID(answer.value) for line in history for answer in line.answers if answer.kind == "office"]


def members_named(history: Sequence[StepOnPage]) -> list[UUID]:
    """Members that answers name, so that their names are read in one query."""
    return [UUID(answer.value) for line in history for answer in line.answers if answer.kind == "member"]
