"""What every act on a mission begins and ends with: one lock, one permission, one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Procedure
from panoh.scheduling.models import Mission, Plan
from panoh.scheduling.queries.missions import rule_of
from panoh.scheduling.snapshots import mission_snapshot, plan_snapshot

LIVING = (Mission.PREPARED, Mission.RUNNING)


def lock_mission(by: Actor, mission: Mission, verb: str, states: Sequence[str] = LIVING) -> Mission:
    """The mission as it is now, and nobody else's until the transaction ends."""
    locked = Mission.objects.select_for_update().filter(pk=mission.pk).first()
    if locked is None:
        raise Problem("scheduling.mission.not_found")
    check(by, verb, locked)
    if locked.state not in states:
        raise Problem("scheduling.mission.ended", number=locked.number)
    return locked


def record_mission(
    by: Actor,
    mission: Mission,
    kind: str,
    *,
    payload: Mapping[str, Any],
    detail: Mapping[str, Any] | None = None,
    plan: Plan | None = None,
) -> Entry:
    """One entry; the rows are as they shall be, and the mission's version counts the act."""
    if not mission._state.adding:
        mission.version += 1
        mission.save(update_fields=["version", "state"])
    _definition, rule = rule_of(mission)
    digests = {mission.pk: mission_snapshot(mission)}
    subjects = [mission.pk]
    if plan is not None:
        digests[plan.pk] = plan_snapshot(plan)
        subjects.append(plan.pk)
    return record(
        by=by,
        kind=f"scheduling.{kind}",
        subjects=subjects,
        payload={"mission": mission.pk, "number": mission.number, "version": mission.version, **payload},
        occurred_on=timezone.localdate(),
        detail=dict(detail) if detail else None,
        legal_basis=rule.legal_basis,
        digests=digests,
    )


def next_number(procedure: Procedure) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('scheduling_mission_serial')")
        serial = cursor.fetchone()[0]
    stem = f"{procedure.number_prefix}-{timezone.localdate().year % 100:02d}-M{serial:04d}"
    return stem + check_digit(stem)
