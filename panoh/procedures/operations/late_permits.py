"""Allowing that an act of long ago is still written down: the second person of a late entry."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.procedures.models import Case, LatePermit
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import today
from panoh.procedures.policy import late_entry_verb
from panoh.procedures.rules.recording import first_day_to_record
from panoh.registry.models import Household
from panoh.rulebook.model import Procedure

NO_CASE = UUID(int=0)


@transaction.atomic
def allow_late_entry(
    *,
    by: Actor,
    household: Household,
    procedure: Procedure,
    action: str,
    occurred_on: date,
    reason: str,
    case: Case | None = None,
) -> LatePermit:
    """Answers for one act of one day that nobody wrote down in time. Somebody else records it then."""
    policy.check(by, late_entry_verb(procedure.code), case or household)
    wanted = procedure.actions.get(action)
    if wanted is None or (case is not None and case.track not in wanted.tracks):
        raise Problem("procedures.step.unknown_action", field="action", action=action[:60])
    if occurred_on > today():
        raise Problem("procedures.step.in_the_future", field="on", on=occurred_on, today=today())
    if occurred_on >= first_day_to_record(wanted, today(), current_book()):
        raise Problem("procedures.late_entry.not_late", field="on")
    if not reason.strip():
        raise Problem("procedures.late_entry.no_reason", field="reason")
    permit = LatePermit(
        id=new_id(),
        household=household,
        case=case,
        procedure=procedure.code,
        action=wanted.code,
        occurred_on=occurred_on,
        reason=reason.strip()[:500],
        organisation_id=by.organisation_id,
        given_by_id=by.member_id,
    )
    entry = record(
        by=by,
        kind="procedures.late_entry.allowed",
        subjects=[permit.pk, household.pk, *([case.pk] if case else [])],
        payload={
            "permit": permit.pk,
            "procedure": procedure.code,
            "action": wanted.code,
            "day": occurred_on,
            # Before there is a case nobody is shown the entry: that one is about to be opened is as confidential as the case.
            **(case.closing if case else {"closed_case": NO_CASE} if procedure.confined else {}),
        },
        occurred_on=today(),
        detail={"reason": permit.reason},
        legal_basis=[current_book().value(wanted.recorded_within, today()).provision],
    )
    permit.recorded_at, permit.entry_id = entry.recorded_at, entry.id
    permit.save(force_insert=True)
    return permit
