"""Later entries that a second person has allowed, and those that wait to be used."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from panoh.access.actor import Actor
from panoh.procedures.models import Case, LatePermit
from panoh.procedures.rules.recording import first_day_to_record
from panoh.rulebook.model import Action, Procedure, Rulebook


def find_permit(
    by: Actor, procedure: Procedure, action: Action, occurred_on: date, today: date, book: Rulebook, *, household_id: UUID | None, case: Case | None
) -> LatePermit | None:  # fmt: skip
    """What allows this act of long ago: given in the organisation that runs the case, by another person than the one who records it."""
    if occurred_on >= first_day_to_record(action, today, book):
        return None
    if household_id is None:  # a permit hangs off a file
        return None
    return (
        LatePermit.objects.filter(
            household_id=household_id,
            case=case,
            procedure=procedure.code,
            action=action.code,
            occurred_on=occurred_on,
            organisation_id=case.organisation_id if case else by.organisation_id,
            step__isnull=True,
        )
        .exclude(given_by__account_id=by.account_id)
        .order_by("recorded_at", "id")
        .first()
    )


def list_waiting_permits(household_id: UUID | None, case: Case | None) -> list[LatePermit]:
    """Allowed, and not written down yet."""
    if household_id is None:
        return []
    return list(
        LatePermit.objects.filter(household_id=household_id, case=case, step__isnull=True)
        .select_related("given_by__account")
        .order_by("recorded_at", "id")
    )
