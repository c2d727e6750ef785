"""Taking a proposed route over: the stays of the mission get its days."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.scheduling.models import Mission, Plan, Stay
from panoh.scheduling.operations.frame import lock_mission, record_mission
from panoh.scheduling.queries.routes import Asked, propose_route

AT_WORK = (Plan.WAITS, Plan.PROPOSED, Plan.CONFIRMING, Plan.CONFIRMED)


@transaction.atomic
def accept_route(*, by: Actor, mission: Mission, asked: Asked) -> list[Stay]:
    """The route is worked out again under the mission's lock, so that what is kept is what its families ask for now."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    if locked.plans.filter(state__in=AT_WORK).exists():
        raise Problem("scheduling.route.plan_there", field="first")
    if asked.first < timezone.localdate():
        raise Problem("scheduling.stay.past", field="first")
    proposal = propose_route(locked, asked)
    if not proposal.stays:
        raise Problem("scheduling.route.nobody", field="first")
    waiting = sum(many for _place, many in proposal.left_out)
    if waiting:
        raise Problem("scheduling.route.left_out", field="last", waiting=waiting)
    moved = []
    for one in proposal.stays:
        one.stay.first, one.stay.last = one.first, one.last
        moved.append(one.stay)
    record_mission(
        by, locked, "mission.changed",
        payload={
            "stays": {str(stay.pk): [stay.first, stay.last] for stay in moved},
            "estimated": proposal.route.estimated,
        },
    )  # fmt: skip
    Stay.objects.bulk_update(moved, ["first", "last"])
    return moved
