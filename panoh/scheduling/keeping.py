"""Plans are worked out, and written into the cases, after the request that asked for it: what waits, and who does it (ADR 31).

`panoh missions keep`, which `panoh serve` runs, carries it out in the name of whoever asked. The solver works outside of any
transaction; before and after it stands one each. Killed in between, the work begins anew once its time is over; after three tries it
is given up, in words.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.keeping import MOST_TRIES, whoever_asked
from panoh.kernel.problems import Problem
from panoh.ledger.guard import refusals
from panoh.scheduling.models import Plan
from panoh.scheduling.operations.calling import confirm_plan
from panoh.scheduling.operations.planning import begin, give_up, keep_plan, work_out

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A plan that waits, as far as the keeper knows it before it acts for anybody."""

    plan_id: UUID
    member_id: UUID
    purpose: str
    tries: int


def carry_out_waiting() -> int:
    """Do all that waits, the oldest first; how many were done."""
    waiting = list_waiting()
    for one in waiting:
        carry_out(one)
    return len(waiting)


def list_waiting() -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT plan_id, member_id, purpose, tries FROM scheduling_waiting_plans()")
        return [Waiting(*row) for row in cursor.fetchall()]


def carry_out(waiting: Waiting) -> None:
    actor, gone = whoever_asked(waiting.member_id, waiting.purpose)
    if gone:
        _refuse(actor, waiting, gone)
        return
    try:
        if waiting.tries >= MOST_TRIES:
            raise Problem("scheduling.plan.given_up", tries=waiting.tries)
        _do(actor, waiting)
    except Problem as problem:
        _refuse(actor, waiting, problem)


def _do(actor: Actor, waiting: Waiting) -> None:
    with refusals(), acting(actor):
        plan = Plan.objects.select_related("mission").filter(pk=waiting.plan_id).first()
        if plan is None:
            return
        if plan.state == Plan.CONFIRMING:
            confirm_plan(by=actor, plan=plan)
            return
        if plan.state != Plan.WAITS:  # put away since the list was read
            return
        task = begin(by=actor, plan=plan)
    made = work_out(task)
    with refusals(), acting(actor):
        keep_plan(by=actor, plan=plan, task=task, made=made)


def _refuse(actor: Actor, waiting: Waiting, problem: Problem) -> None:
    logger.info("plan %s refused: %s", waiting.plan_id, problem.each()[0].code)
    with acting(actor):
        plan = Plan.objects.select_related("mission").filter(pk=waiting.plan_id).first()
        if plan is not None:
            give_up(by=actor, plan=plan, problem=problem)
