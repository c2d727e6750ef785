"""A file goes to another office: where a family lives now, somebody must be able to see it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.access.models import Office
from panoh.access.queries import in_force
from panoh.kernel.problems import Problem
from panoh.registry.models import Household
from panoh.registry.operations.frame import Done, begin, require_open


@transaction.atomic
def transfer_household(
    *,
    by: Actor,
    household: Household,
    office: Office,
    reason: str,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Let another office of the same organisation keep a file from now on; the clerks of the one before see it no more.

    Its number, papers and cases stay as they are: whoever sees the file sees its cases. `reason` says why.
    """
    act = begin(
        by=by,
        verb="registry.household.transfer",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, office.pk, reason],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    if len(reason.strip()) < 3:
        raise Problem("registry.value.missing", field="reason")
    keeps = Office.objects.filter(in_force(act.on), pk=office.pk, organisation_id=act.household.custodian_id)
    if not keeps.exists():
        raise Problem("registry.household.office_unknown", field="office")
    before = act.household.office_id
    if before == office.pk:
        raise Problem("registry.household.office_same", field="office")
    act.household.office_id = office.pk
    return act.finish(
        kind="registry.household.transferred",
        payload={"from": before, "to": office.pk},
        detail={"reason": reason.strip()},
    )
