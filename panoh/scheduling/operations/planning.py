"""A plan is asked for, worked out after the answer, and looked at by a person, who accepts it or puts it away.

Called by pages and by the keeper of plans (`panoh.scheduling.keeping`). What an accepted plan does to the cases stands in `calling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.scheduling import mission as plain
from panoh.scheduling.models import Appointment, ListedCase, Mission, Plan
from panoh.scheduling.operations.frame import lock_mission, record_mission
from panoh.scheduling.queries.described import Described, as_plain, describe, list_appointments, outcomes_of
from panoh.scheduling.queries.missions import plan_at_work, plan_in_force, rule_of
from panoh.scheduling.rules import Outcome, asked_once
from panoh.scheduling.snapshots import appointments_hash
from panoh.scheduling.solving import replan, solve

SECONDS = {Plan.LAY_OUT: 60, Plan.ANEW: 60, Plan.FILL: 30}
"""The longest time to look for a better plan; most are proven to be the best long before."""


@transaction.atomic
def ask_for_plan(*, by: Actor, mission: Mission, how: str) -> Plan:
    """Puts the work down; the page shows how far it is. One plan is at work at a time."""
    locked = lock_mission(by, mission, "scheduling.plan.ask")
    if how not in SECONDS or (how == Plan.LAY_OUT) != (locked.state == Mission.PREPARED):
        raise Problem("scheduling.plan.not_now")
    if plan_at_work(locked) is not None:
        raise Problem("scheduling.plan.at_work")
    described = describe(locked)
    plain.check_mission(described.mission)
    if not described.listed:
        raise Problem("scheduling.mission.nobody_listed", field="families")
    plan = Plan.objects.create(
        mission=locked, number=next_plan_number(locked), how=how, asked_by_id=by.member_id, asked_at=timezone.now(),
        purpose=by.purpose, seconds=SECONDS[how],
    )  # fmt: skip
    record_mission(by, locked, "plan.asked", payload={"plan": plan.pk, "how": how}, plan=plan)
    return plan


def next_plan_number(mission: Mission) -> int:
    return (mission.plans.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def put_away(*, by: Actor, mission: Mission, plan: Plan) -> Plan:
    """A plan that nobody confirmed: nothing of it reached a case, and what was in force stays."""
    locked = lock_mission(by, mission, "scheduling.plan.confirm")
    row = _obtain(locked, plan, Plan.PROPOSED, Plan.WAITS)
    row.state = Plan.PUT_AWAY
    row.save(update_fields=["state"])
    record_mission(by, locked, "plan.put_away", payload={"plan": row.pk}, plan=row)
    return row


@transaction.atomic
def accept_plan(*, by: Actor, mission: Mission, plan: Plan, answers: Mapping[str, Any]) -> Plan:
    """A person says yes; the families are called after the answer, in her name."""
    locked = lock_mission(by, mission, "scheduling.plan.confirm")
    row = _obtain(locked, plan, Plan.PROPOSED)
    definition, rule = rule_of(locked)
    action = definition.actions[rule.appoints]
    check(by, definition.verb(rule.appoints))
    once = {field.name: str(answers.get(field.name) or "")[:200] for field in asked_once(rule, action)}
    for name, value in once.items():
        if not value:
            raise Problem("procedures.answer.missing", field=name)
    row.state, row.answers, row.asked_by_id, row.purpose = Plan.CONFIRMING, once, by.member_id, by.purpose
    row.began_at, row.tries = None, 0
    row.save(update_fields=["state", "answers", "asked_by", "purpose", "began_at", "tries"])
    record_mission(by, locked, "plan.accepted", payload={"plan": row.pk, "answers": once}, plan=row)
    return row


def _obtain(mission: Mission, plan: Plan, *states: str) -> Plan:
    row = mission.plans.filter(pk=plan.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    if row.state not in states:
        raise Problem("scheduling.plan.moved_on")
    return row


# -- the work itself --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Task:
    """Everything the solver needs, read in one transaction; it works outside of any."""

    plan_id: Any
    how: str
    seconds: int
    described: Described
    before: plain.Plan | None
    kept: tuple[plain.Appointment, ...]
    missed: frozenset[str]
    now: datetime


@transaction.atomic
def begin(*, by: Actor, plan: Plan) -> Task:
    """Marks the work as begun and reads what it needs."""
    locked = lock_mission(by, plan.mission, "scheduling.plan.ask")
    row = _obtain(locked, plan, Plan.WAITS)
    row.began_at, row.tries = timezone.now(), row.tries + 1
    row.save(update_fields=["began_at", "tries"])
    record_mission(by, locked, "plan.begun", payload={"plan": row.pk, "tries": row.tries}, plan=row)
    now = datetime.combine(timezone.localdate(), timezone.localtime().time())
    in_force = plan_in_force(locked)
    if in_force is None:
        # Nobody can be called for today.
        return Task(row.pk, row.how, row.seconds, describe(locked, after=now.date()), None, (), frozenset(), now)
    appointments = list_appointments(in_force)
    outcomes = outcomes_of(locked, appointments, now.date())
    standing = [one for one in appointments if _stands(one, outcomes[one.pk])]
    if row.how == Plan.ANEW:
        kept = [one for one in standing if outcomes[one.pk] is Outcome.HELD or one.day <= now.date()]
        busy = {one.listed_id for one in kept}
        described = describe(locked, after=now.date(), also=[one.listed for one in kept])
        mission = described.mission
        free = tuple(family for family in mission.families if described.listed[family.code].pk not in busy)
        again = Described(replace(mission, families=free), described.listed, described.people)
        return Task(row.pk, row.how, row.seconds, again, None, as_plain(kept, in_force).appointments, frozenset(), now)
    missed = [one for one in appointments if outcomes[one.pk] is Outcome.MISSED and not one.listed.taken_off]
    absent = [one for one in standing if outcomes[one.pk] is Outcome.TO_COME and _meets_somebody_absent(one)]
    before = as_plain([*standing, *missed], in_force)
    described = describe(locked, also=[one.listed for one in standing])
    codes = frozenset(one.listed.case.number for one in (*missed, *absent))
    return Task(row.pk, row.how, row.seconds, described, before, (), codes, now)


def _stands(one: Appointment, outcome: Outcome) -> bool:
    """Held, or still to come and wanted: an interview that the next plan keeps."""
    if outcome is Outcome.HELD:
        return True
    return outcome in (Outcome.TO_COME, Outcome.PASSED) and not one.listed.taken_off and one.step_id is not None


def _meets_somebody_absent(one: Appointment) -> bool:
    return one.day in one.officer.absent or bool(one.interpreter and one.day in one.interpreter.absent)


def work_out(task: Task) -> plain.Plan:
    """The plan; no database, up to a minute."""
    mission = task.described.mission
    if task.before is not None:
        moment = (task.now.date(), task.now.hour * 60 + task.now.minute)
        known = {family.code for family in mission.families}
        before = replace(
            task.before, appointments=tuple(one for one in task.before.appointments if one.family in known)
        )
        return replan(mission, before, task.missed, moment, task.seconds)
    if not mission.legs:
        raise Problem("scheduling.mission.over", field="legs")
    made = solve(mission, task.seconds)
    return replace(made, appointments=(*task.kept, *made.appointments))


@transaction.atomic
def keep_plan(*, by: Actor, plan: Plan, task: Task, made: plain.Plan) -> Plan | None:
    """Writes what was worked out, for a person to look at. None where somebody put it away meanwhile."""
    locked = lock_mission(by, plan.mission, "scheduling.plan.ask")
    row = locked.plans.filter(pk=plan.pk, state=Plan.WAITS).first()
    if row is None:
        return None
    appointments = [
        Appointment(
            plan=row,
            listed=task.described.listed[one.family],
            day=one.day,
            session=one.session,
            starts=one.starts,
            minutes=one.minutes,
            room=one.room,
            officer=task.described.people[one.officer],
            interpreter=task.described.people[one.interpreter] if one.interpreter else None,
        )
        for one in made.appointments
    ]
    row.state, row.value, row.bound, row.spent = Plan.PROPOSED, made.value, made.bound, made.seconds
    row.appointments_sha256 = appointments_hash(appointments)
    row.save(update_fields=["state", "value", "bound", "spent", "appointments_sha256"])
    Appointment.objects.bulk_create(appointments)
    record_mission(
        by, locked, "plan.laid_out",
        payload={"plan": row.pk, "placed": len(appointments), "unplaced": len(made.unplaced), "gap_per_mille": round(made.gap * 1000)},
        plan=row,
    )  # fmt: skip
    return row


@transaction.atomic
def give_up(*, by: Actor, plan: Plan, problem: Problem) -> None:
    """Says on the plan why it could not be made, or not be written into the cases."""
    locked = lock_mission(by, plan.mission, "scheduling.mission.read", states=ALL_STATES)
    row = locked.plans.filter(pk=plan.pk, state__in=[Plan.WAITS, Plan.CONFIRMING]).first()
    if row is None:
        return
    one = problem.each()[0]
    params = {name: value if isinstance(value, int) else str(value) for name, value in one.params.items()}
    row.state, row.refusal = Plan.REFUSED, {"code": one.code, "params": params}
    row.save(update_fields=["state", "refusal"])
    record_mission(by, locked, "plan.refused", payload={"plan": row.pk, "code": one.code}, plan=row)


ALL_STATES = (Mission.PREPARED, Mission.RUNNING, Mission.CLOSED, Mission.CALLED_OFF)


def unplaced_of(plan: Plan) -> list[ListedCase]:
    """Families on the list that have no hour in the plan."""
    placed = plan.appointments.values("listed_id")
    return list(
        plan.mission.listed.filter(taken_off=False)
        .exclude(pk__in=placed)
        .select_related("case")
        .order_by("case__number")
    )
