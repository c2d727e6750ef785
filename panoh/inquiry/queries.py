"""The answer to whoever holds the code: stage, next step and dates of one case, and nobody's name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.inquiry.codes import digest_of
from panoh.inquiry.models import CaseCode
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case
from panoh.procedures.path import Stage, case_path
from panoh.procedures.queries.cases import list_cases_of_household, procedure_of
from panoh.procedures.rules.moves import is_move
from panoh.procedures.rules.situation import Act
from panoh.registry.models import Household
from panoh.rulebook import current
from panoh.rulebook.model import Action, ClockRule, Procedure

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock that runs: until when, and whom it binds. `due_on` is None while it stands still, since `paused_on`."""

    clock: ClockRule
    due_on: date | None
    paused_on: date | None
    for_applicant: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What a person is told of her own case."""

    number: str
    definition: Procedure
    track: str
    path: list[Stage]
    state: Any
    since: date
    closed_on: date | None
    limits: tuple[Limit, ...]
    sitting_on: date | None
    last_done: Any


def ask(number: str, code: str, language: str) -> OwnCase:
    """The case to a number and a code. Raises one and the same Problem for a number that is not there and for a wrong code."""
    number = number.strip().upper()[:40]
    with connection.cursor() as cursor:
        cursor.execute("SELECT inquiry_own_case(%s, %s)", [number, digest_of(number, code)])
        found = cursor.fetchone()[0]
    if found is None:
        raise Problem("inquiry.case.not_found", field="code")
    return _own_case(number, json.loads(found) if isinstance(found, str) else found, language)


def _own_case(number: str, told: Mapping[str, Any], language: str) -> OwnCase:
    opened = date.fromisoformat(told["opened_on"])
    definition = procedure_of(
        Case(procedure=told["procedure"], procedure_version=told["procedure_version"], opened_on=opened)
    )
    acts = tuple(
        Act(
            one["seq"],
            one["action"],
            date.fromisoformat(one["occurred_on"]),
            NOBODY,
            one["from_state"],
            one["to_state"],
        )
        for one in told["acts"]
    )
    limits = tuple(
        Limit(
            clock=definition.clocks[one["clock"]],
            due_on=_day(one["due_on"]),
            paused_on=_day(one["paused_on"]),
            for_applicant=definition.clocks[one["clock"]].bound == "applicant",
            passed=one["due_on"] is not None and date.fromisoformat(one["due_on"]) < timezone.localdate(),
        )
        for one in told["dues"]
        if not one["unknown"]
    )
    moved = [act for act in acts if act.to_state == told["state"] and act.from_state != act.to_state]
    return OwnCase(
        number=number,
        definition=definition,
        track=told["track"],
        path=case_path(definition, told["track"], told["state"], acts, language),
        state=definition.states[told["state"]],
        since=moved[-1].occurred_on if moved else opened,
        closed_on=_day(told["closed_on"]),
        limits=limits,
        sitting_on=_day(told["sitting_on"]),
        last_done=_last_done(definition, acts),
    )


def _last_done(definition: Procedure, acts: Sequence[Act]) -> Action | None:
    """The last act in the case itself; that the office moved it to a later version is none of the person's acts."""
    done = [act for act in acts if not is_move(act)]
    return current().find_action(definition, done[-1].action) if done else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def list_codes(actor: Actor, household: Household) -> list[tuple[Case, CaseCode | None]]:
    """The open cases of a household that the actor sees, each with its code in force."""
    cases = [case for case in list_cases_of_household(actor, household) if case.closed_on is None]
    codes = {code.case_id: code for code in CaseCode.objects.filter(case__in=cases, ended_on__isnull=True)}
    return [(case, codes.get(case.pk)) for case in cases]
