"""What an act brings about besides its step, worked out before anything is written. Pure.

The rulebook names effects (`rulebook.vocabulary.EFFECTS`); this says for which persons each one holds. The doing stands in
`panoh.procedures.effects`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from panoh.procedures.rules.situation import Situation
from panoh.rulebook.model import Action, Effect


@dataclass(frozen=True, slots=True)
class PlannedEffect:
    """One effect, and the persons it is for: all of the case where it is for the case."""

    effect: Effect
    persons: tuple[UUID, ...]


def plan_effects(
    situation: Situation,
    action: Action,
    facts: Mapping[str, Any],
    answers: Mapping[UUID, Mapping[str, Any]],
) -> tuple[PlannedEffect, ...]:
    """The effects of the act with these answers, in the order of the rulebook; `situation` has the outcomes after the act."""
    everybody = tuple(person.person_id for person in situation.persons)
    planned = []
    for effect in action.effects:
        if effect.for_each == "case":
            if effect.when is None or effect.when.holds(facts):
                planned.append(PlannedEffect(effect, everybody))
            continue
        concerned = tuple(
            person.person_id
            for person in situation.persons
            if effect.when is None or effect.when.holds({**facts, **situation.about(person, answers)})
        )
        if concerned:
            planned.append(PlannedEffect(effect, concerned))
    return tuple(planned)
