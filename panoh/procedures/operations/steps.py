"""Taking a step: the one operation that carries every act on an open case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.operations import claim_submission
from panoh.procedures.models import Case, CasePerson, Step
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import carry_out, plan_act, today
from panoh.procedures.operations.cases import open_case
from panoh.procedures.queries.cases import list_lines, procedure_of, situation_of
from panoh.procedures.queries.late_permits import find_permit


@transaction.atomic
def take_step(
    *,
    by: Actor,
    case: Case,
    action: str,
    facts: Mapping[str, Any],
    occurred_on: date,
    expected_version: int,
    persons_facts: Mapping[UUID, Mapping[str, Any]] | None = None,
    submission_id: UUID | None = None,
) -> Step:
    """Does one act of the procedure on the case. `expected_version` is the step that the actor saw last.

    What only a sitting may decide is refused here; `operations.sittings.decide_item` takes that way.
    """
    return take_locked_step(
        by=by,
        case=lock_case(case),
        action=action,
        facts=facts,
        occurred_on=occurred_on,
        expected_version=expected_version,
        persons_facts=persons_facts,
        submission_id=submission_id,
    )


def lock_case(case: Case) -> Case:
    """The case as it is now, and nobody else's until this transaction ends."""
    locked = (
        Case.objects.select_for_update(of=("self",))
        .select_related("organisation", "household")
        .filter(pk=case.pk)
        .first()
    )
    if locked is None:
        raise Problem("procedures.case.not_found", number=case.number)
    return locked


@dataclass(frozen=True, slots=True)
class CaseRead:
    """What a step reads of its case: persons and earlier steps."""

    lines: list[CasePerson]
    steps: list[Step]


def lock_cases(ids: Collection[UUID]) -> dict[UUID, tuple[Case, CaseRead]]:
    """Many cases as they are now, locked in one order, with what a step asks of each: five questions, however many there are."""
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("organisation", "household")
        .filter(pk__in=ids)
        .order_by("id")
    )
    prefetch_related_objects(
        cases,
        Prefetch("persons", CasePerson.objects.select_related("person", "listed_with").order_by("position")),
        Prefetch("steps", Step.objects.order_by("seq")),
        "dues",
    )
    return {case.pk: (case, CaseRead(list(case.persons.all()), list(case.steps.all()))) for case in cases}


def take_locked_step(
    *,
    by: Actor,
    case: Case,
    action: str,
    facts: Mapping[str, Any],
    occurred_on: date,
    expected_version: int,
    persons_facts: Mapping[UUID, Mapping[str, Any]] | None = None,
    submission_id: UUID | None = None,
    correlation_id: UUID | None = None,
    in_sitting: str | None = None,
    agenda_item_id: UUID | None = None,
    beside: Sequence[UUID] = (),
    read: CaseRead | None = None,
) -> Step:
    """As `take_step`, on a case whose row the caller has locked; `read` is what was read of it since, where many are dealt with."""
    procedure = procedure_of(case)
    if action not in procedure.actions:
        raise Problem("procedures.step.unknown_action", action=action[:60])
    policy.check(by, procedure.verb(action), case)
    again = _same_submission(by, case, submission_id, procedure.ledger_kind(action))
    if again is not None:
        return again
    if case.version != expected_version:
        raise Problem("procedures.case.changed_meanwhile", seen=expected_version, now=case.version)
    lines = read.lines if read else list_lines(case)
    situation = situation_of(case, today(), steps=read.steps if read else None, lines=lines, in_sitting=in_sitting)
    permit = find_permit(
        by, procedure, procedure.actions[action], occurred_on, today(), current_book(),
        household_id=case.household_id, case=case,
    )  # fmt: skip
    planned = plan_act(
        by=by,
        book=current_book(),
        situation=situation,
        action_code=action,
        facts=facts,
        persons_facts=persons_facts or {},
        occurred_on=occurred_on,
        organisation_id=case.organisation_id,
        permit=permit,
    )
    return carry_out(
        by=by,
        book=current_book(),
        case=case,
        lines=lines,
        planned=planned,
        open_case=open_case,
        submission_id=submission_id,
        correlation_id=correlation_id,
        agenda_item_id=agenda_item_id,
        beside=beside,
    )


def _same_submission(by: Actor, case: Case, submission_id: UUID | None, kind: str) -> Step | None:
    """The step that this submission made already. Asked under the case's lock, so the second arrival finds the first."""
    if submission_id is None:
        return None
    entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
    if entry is None:
        return None
    step = Step.objects.filter(entry_id=entry.id, case_id=case.pk).first() if entry.kind == kind else None
    if step is None:
        raise Problem("procedures.submission.other_act")
    return step
