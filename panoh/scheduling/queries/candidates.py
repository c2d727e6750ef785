"""The cases that wait for an interview of some kind, each with what a plan needs to know and its steps already tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.fields.json import KeyTextTransform

from panoh.access.actor import Actor
from panoh.procedures.models import Case, CasePerson, Step
from panoh.procedures.queries.cases import visible_to
from panoh.registry.models import Residence
from panoh.rulebook.interview import URGENCIES
from panoh.rulebook.model import AnswerOf, InterviewRule, Procedure, as_text
from panoh.scheduling.models import Mission

MOST = 2000
OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that waits. `place` is where the household lives, empty for whoever may not read that."""

    case_id: UUID
    number: str
    opened_on: date
    waiting_since: date
    urgency: str
    country: str
    language: str
    sex: str
    adults: int
    place: str


def list_candidates(
    actor: Actor,
    definition: Procedure,
    rule: InterviewRule,
    today: date,
    *,
    country: str = "",
    only: Collection[UUID] | None = None,
) -> list[Candidate]:
    """The actor's organisation's cases that stand on no list of a living mission, the most urgent first, then the oldest."""
    cases = _waiting(actor, definition, rule)
    if only is not None:
        cases = cases.filter(pk__in=only)
    rows = list(cases.order_by("opened_on", "id").values_list("id", "number", "opened_on", "household_id")[:MOST])
    ids = [row[0] for row in rows]
    answers = _Answers(definition, rule, ids)
    adults = _adults(ids, today)
    homes = dict(
        Residence.objects.filter(household_id__in=[row[3] for row in rows], valid_to__isnull=True).values_list(
            "household_id", "place"
        )
    )
    found = [
        Candidate(
            case_id=case_id,
            number=number,
            opened_on=opened_on,
            waiting_since=answers.last_step.get(case_id, opened_on),
            urgency=rule.urgencies.get(answers.of(case_id, rule.urgency), "normal"),
            country=answers.of(case_id, rule.country),
            language=answers.languages.get(case_id, ""),
            sex=answers.sexes.get(case_id, ""),
            adults=adults.get(case_id, 1),
            place=homes.get(household_id, ""),
        )
        for case_id, number, opened_on, household_id in rows
    ]
    if country:
        found = [one for one in found if one.country == country]
    return sorted(found, key=lambda one: (URGENCIES.index(one.urgency), one.waiting_since, one.number))


def _waiting(actor: Actor, definition: Procedure, rule: InterviewRule) -> QuerySet[Case]:
    listed = Mission.objects.filter(
        state__in=[Mission.PREPARED, Mission.RUNNING], listed__taken_off=False, listed__case__isnull=False
    )
    return (
        visible_to(actor)
        .filter(
            organisation_id=actor.organisation_id,
            procedure=definition.code,
            state__in=rule.takes_from_states,
            track__in=rule.tracks,
        )
        .exclude(pk__in=listed.values("listed__case_id"))
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases wait: all of them, the urgent ones, and for which country, where interviews are for one at a time."""

    many: int
    urgent: int
    countries: tuple[tuple[str, int], ...]


def count_candidates(actor: Actor, definition: Procedure, rule: InterviewRule) -> Counted:
    """As many as `list_candidates` would list, in one statement: a page that shows numbers need not read a thousand cases."""
    rows = (
        _waiting(actor, definition, rule)
        .annotate(urgent_by=_last_answer(rule.urgency), country=_last_answer(rule.country))
        .values_list("urgent_by", "country")
        .annotate(many=Count("pk"))
        .order_by()
    )
    urgent, countries, total = 0, Counter[str](), 0
    for urgency, country, many in rows:
        total += many
        urgent += many if rule.urgencies.get(urgency or "", "normal") in ("emergency", "urgent") else 0
        if rule.country:
            countries[country or ""] += many
    return Counted(total, urgent, tuple(countries.most_common()))


def _last_answer(where: AnswerOf | None) -> Any:
    """The last answer to a field of an act, as text, whichever step gave it."""
    if where is None:
        return Value("")
    steps = Step.objects.filter(case_id=OuterRef("pk"), action=where.action, facts__has_key=where.field)
    return Subquery(steps.order_by("-seq").values_list(KeyTextTransform(where.field, "facts"))[:1])


class _Answers:
    """What the steps of these cases say: the last answer counts."""

    def __init__(self, definition: Procedure, rule: InterviewRule, case_ids: list[UUID]) -> None:
        self.given: dict[tuple[UUID, str, str], str] = {}
        self.languages: dict[UUID, str] = {}
        self.sexes: dict[UUID, str] = {}
        self.last_step: dict[UUID, date] = {}
        language_fields = {
            (action.code, field.name)
            for action in definition.actions.values()
            for field in action.form
            if field.kind == "language" and field.field_class == "open"
        }
        wanted = {one.action for one in (rule.urgency, rule.country) if one} | {code for code, _name in language_fields}
        wanted.add(rule.appoints)
        sex_of = {answer: sex for sex, answer in rule.sexes.items() if sex != "none"}
        sex_field = rule.fills.get("sex", "")
        steps = Step.objects.filter(case_id__in=case_ids).order_by("case_id", "seq")
        for case_id, action, facts, occurred_on in steps.values_list("case_id", "action", "facts", "occurred_on"):
            self.last_step[case_id] = occurred_on
            if action not in wanted:
                continue
            for name, value in facts.items():
                self.given[case_id, action, name] = as_text(value)
                if (action, name) in language_fields and value:
                    self.languages[case_id] = as_text(value)
                if action == rule.appoints and name == sex_field:
                    self.sexes[case_id] = sex_of.get(as_text(value), "")

    def of(self, case_id: UUID, where: AnswerOf | None) -> str:
        return self.given.get((case_id, where.action, where.field), "") if where else ""


def _adults(case_ids: list[UUID], today: date) -> dict[UUID, int]:
    """How many persons of each case are of age, by the middle of what is known of their birth."""
    found: dict[UUID, int] = {}
    lines: Any = CasePerson.objects.filter(case_id__in=case_ids).select_related("person")
    for line in lines:
        youngest, oldest = line.person.birth.age_on(today)
        found[line.case_id] = found.get(line.case_id, 0) + ((youngest + oldest) / 2 >= OF_AGE)
    return found
