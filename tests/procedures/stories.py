"""Ways through a procedure for tests: a household, a case, and answers made from the rulebook's own fields.

Nothing here knows a procedure by name; what a story needs to say it hands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from panoh import rulebook
from panoh.procedures.models import Case, Step
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.steps import take_step
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.rules.answers import choices_of
from panoh.registry.operations import register_household
from panoh.rulebook.model import Action, Condition, Field
from tests.registry.families import five
from tests.world import World


def answer_for(one: Field, on: date, member: Any = None, pick: int = 0) -> Any:
    """Some answer that a field takes; `pick` chooses among the codes."""
    book = rulebook.current()
    codes = list(choices_of(one, book, on)) if one.kind in ("code", "codes", "language") else []
    match one.kind:
        case "text" | "long_text":
            return "words"
        case "code" | "language":
            return codes[pick % len(codes)]
        case "codes":
            return [codes[pick % len(codes)]]
        case "day":
            return on.isoformat()
        case "bool":
            return pick % 2 == 0
        case "member":
            return str(member) if member else None
    return None


def answers_for(fields: tuple[Field, ...], on: date, given: Mapping[str, Any], member: Any = None) -> dict[str, Any]:
    """Answers to all that is required with these given, and to nothing that is not asked then."""
    answers = dict(given)
    for one in fields:
        if one.name not in answers and one.required and holds(one.shown_when, answers):
            answers[one.name] = answer_for(one, on, member)
    return {name: value for name, value in answers.items() if value is not None}


def holds(when: Condition | None, facts: Mapping[str, Any]) -> bool:
    return when is None or when.holds(facts)


@dataclass
class Story:
    """A household and its case, and who acts in which role."""

    world: World
    household: Any = None
    persons: list[Any] = field(default_factory=list)
    case: Any = None

    def today(self) -> date:
        return timezone.localdate()

    @contextmanager
    def acting(self, role: str):
        with self.world.as_role(role) as actor:
            yield actor

    def register(self, on: date | None = None) -> None:
        office = self.world.offices["panji_poyon"]
        with self.acting("registration_clerk") as clerk:
            done = register_household(by=clerk, registration=five(office.pk))
        self.household, self.persons = done.household, list(done.persons)

    def open(
        self, procedure: str, track: str, role: str, on: date | None = None, persons: list[Any] | None = None, **facts: Any
    ) -> Step:
        on = on or self.today()
        definition = rulebook.current().procedure(procedure, on)
        action = definition.actions[definition.tracks[track].opens_with]
        people = persons or self.persons
        with self.acting(role) as actor:
            step = open_case(
                by=actor,
                procedure=procedure,
                track=track,
                household=self.household,
                persons=[person.pk for person in people],
                facts=answers_for(action.form, on, facts, actor.member_id),
                persons_facts={
                    person.pk: answers_for(action.per_person, on, {}, actor.member_id)
                    for person in people
                    if action.per_person
                },
                occurred_on=on,
            )
        self.case = step.case
        return step

    def action(self, code: str) -> Action:
        return procedure_of(self.case).actions[code]

    def take(
        self,
        action: str,
        role: str,
        on: date | None = None,
        persons: Mapping[str, Any] | None = None,
        version: int | None = None,
        submission_id: Any = None,
        **facts: Any,
    ) -> Step:
        """One step with answers to all that is required; `persons` are answers about each person."""
        on = on or self.today()
        definition = self.action(action)
        with self.acting(role) as actor:
            self.case = Case.objects.get(pk=self.case.pk)
            step = take_step(
                by=actor,
                case=self.case,
                action=action,
                facts=answers_for(definition.form, on, facts, actor.member_id),
                persons_facts=self.about_persons(definition, on, persons or {}, actor.member_id),
                occurred_on=on,
                expected_version=self.case.version if version is None else version,
                submission_id=submission_id,
            )
            self.case = step.case
        return step

    def about_persons(self, definition: Action, on: date, given: Mapping[str, Any], member: Any) -> dict[Any, Any]:
        if not definition.per_person:
            return {}
        people = [line.person_id for line in self.case.persons.all()]
        return {person: answers_for(definition.per_person, on, given, member) for person in people}
