"""What is right about missions beside the plan itself: how urgent a case is, how long its interview lasts, what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from panoh.rulebook.model import Action, Answered, InterviewRule, as_text


class Outcome(StrEnum):
    """What became of an interview, as the case tells it. `PASSED`: its hour is over and nobody has said."""

    TO_COME, PASSED, HELD, MISSED, CALLED_OFF = "to_come", "passed", "held", "missed", "called_off"


@dataclass(frozen=True, slots=True)
class Hour:
    """When and where a family is seen: what it was told."""

    day: date
    starts: int
    place: str


def outcome_of(rule: InterviewRule, acts: Iterable[tuple[str, Mapping[str, Any]]], *, over: bool) -> Outcome:
    """From the acts of the case after the one that called the family, in order; the last one that speaks of the interview counts."""
    found = Outcome.PASSED if over else Outcome.TO_COME
    for action, facts in acts:
        if means(rule.missed, action, facts):
            found = Outcome.MISSED
        elif means(rule.held, action, facts):
            found = Outcome.HELD
        elif action == rule.calls_off:
            found = Outcome.CALLED_OFF
    return found


def means(answered: Answered, action: str, facts: Mapping[str, Any]) -> bool:
    return action == answered.action and all(
        as_text(facts.get(name)) == value for name, value in answered.answers.items()
    )


def length_of(minutes: int, minutes_more: int, adults: int) -> int:
    """How long an interview lasts: each further adult of the family is heard as well."""
    return minutes + minutes_more * max(adults - 1, 0)


def asked_once(rule: InterviewRule, action: Action) -> tuple[Any, ...]:
    """The questions of the calling act that no plan can answer: a person answers them once for all families."""
    filled = set(rule.fills.values())
    return tuple(field for field in action.form if field.name not in filled and field.required)


def answers_for(
    rule: InterviewRule, action: Action, hour: Hour, *, language: str, sex: str, once: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers with which a family is called: its hour from the plan, the rest as it was answered for all."""
    told = {
        "day": hour.day.isoformat(),
        "hour": clock_time(hour.starts),
        "place": hour.place,
        "language": language,
        "sex": rule.sexes.get(sex or "none", ""),
    }
    found = {**once, **{name: told[what] for what, name in rule.fills.items()}}
    fields = {field.name: field for field in action.form}
    return {name: value for name, value in found.items() if _asked(fields[name].shown_when, found)}


def _asked(when: Any, answers: Mapping[str, Any]) -> bool:
    return when is None or when.holds(answers)


def clock_time(minutes: int) -> str:
    """Minutes from midnight as people write them: 09:30."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
