"""Who is decided on, and what an act makes of each person's outcome. Pure.

Each adult has an application line of his own; a child is listed in the line of a parent. A child is whoever is
below eighteen (Convention on the Rights of the Child, Art. 1). Where a birth date leaves open whether somebody is a child, he is
listed as one unless whoever opens the case says otherwise: the doubt is for the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.births import BirthDate
from panoh.kernel.problems import Problem, Problems
from panoh.procedures.rules.guards import person_field
from panoh.procedures.rules.situation import PersonFacts
from panoh.rulebook.model import Action, Procedure

MAJORITY = 18  # CRC Art. 1


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who is to be in a case. `own_line` None leaves it to the person's age; `listed_with` None to the first adult."""

    person_id: UUID
    birth: BirthDate
    own_line: bool | None = None
    listed_with: UUID | None = None


def line_up(applicants: Sequence[Applicant], subject: str, opened_on: date) -> tuple[PersonFacts, ...]:
    """The lines of a case: each adult his own, each child in that of an adult, a child without one his own."""
    if subject == "none" and not applicants:
        return ()
    if not applicants:
        raise Problem("procedures.case.nobody", field="persons")
    if subject == "person" and len(applicants) != 1:
        raise Problem("procedures.case.one_person_only", field="persons", count=len(applicants))
    if len({one.person_id for one in applicants}) != len(applicants):
        raise Problem("procedures.case.person_twice", field="persons")
    own: dict[UUID, bool] = {}
    for one in applicants:
        adult = one.birth.is_adult_on(opened_on, MAJORITY)
        own[one.person_id] = bool(adult) if one.own_line is None else one.own_line
        if adult and not own[one.person_id]:
            raise Problem("procedures.case.adult_needs_own_line", field="persons")
    with_own_line = [one.person_id for one in applicants if own[one.person_id]]
    lines = []
    for position, one in enumerate(applicants, start=1):
        if own[one.person_id]:
            lines.append(PersonFacts(one.person_id, position, one.birth))
            continue
        listed_with = one.listed_with or (with_own_line[0] if with_own_line else None)
        if listed_with is not None and listed_with not in with_own_line:
            raise Problem("procedures.case.listed_with_nobody", field="persons")
        alone = listed_with is None
        lines.append(PersonFacts(one.person_id, position, one.birth, own_line=alone, listed_with=listed_with))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What an act made of the persons' outcomes: the persons as they are after it, and only the changes."""

    persons: tuple[PersonFacts, ...]
    changed: Mapping[UUID, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


def decide_persons(
    procedure: Procedure,
    action: Action,
    persons: Sequence[PersonFacts],
    answers: Mapping[UUID, Mapping[str, Any]],
) -> Outcomes:
    """Outcome and grounds of each person after the act, if the act asks for outcomes."""
    names = {one.name for one in action.per_person}
    if procedure.outcome_field is None or procedure.outcome_field not in names:
        return Outcomes(tuple(persons))
    after, changed = [], {}
    for person in persons:
        about = answers.get(person.person_id, {})
        outcome = about.get(procedure.outcome_field)
        if outcome is None:
            after.append(person)
            continue
        grounds = about.get(procedure.grounds_field or "") or ()
        changed[person.person_id] = (outcome, tuple(grounds) if not isinstance(grounds, str) else (grounds,))
        after.append(replace(person, outcome=outcome))
    return Outcomes(tuple(after), changed)


def check_everybody_answered(
    action: Action, persons: Sequence[PersonFacts], answers: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Answers may only be about persons of the case; that required ones are there is checked field by field."""
    strangers = set(answers) - {person.person_id for person in persons}
    if strangers:
        raise Problems([Problem("procedures.answer.stranger", person=str(one)) for one in sorted(strangers)])
    if not action.per_person and any(answers.values()):
        first = next(person for person in persons if answers.get(person.person_id))
        raise Problem("procedures.answer.unknown_field", field=person_field(first.position, ""), name="")
