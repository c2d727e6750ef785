"""What a confirmed plan does: each family is called by an act of its case, and called off where it has no hour any more.

Who was told an hour that the new plan keeps is left in peace. A family whose case moved on meanwhile is not called; the plan says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case, Step
from panoh.procedures.operations.steps import take_step
from panoh.rulebook.model import Action, InterviewRule
from panoh.scheduling.models import Appointment, Mission, Plan
from panoh.scheduling.operations.frame import lock_mission, record_mission
from panoh.scheduling.operations.planning import next_plan_number
from panoh.scheduling.queries.described import hour_of, list_appointments, outcomes_of
from panoh.scheduling.queries.missions import plan_at_work, plan_in_force, rule_of
from panoh.scheduling.rules import Outcome, answers_for
from panoh.scheduling.snapshots import appointments_hash

NOT_HELD_YET = (Outcome.TO_COME, Outcome.PASSED)


@transaction.atomic
def confirm_plan(*, by: Actor, plan: Plan) -> Plan:
    """Writes an accepted plan into the cases, all in one transaction; called by the keeper of plans."""
    locked = lock_mission(by, plan.mission, "scheduling.plan.confirm")
    row = locked.plans.select_for_update().filter(pk=plan.pk, state=Plan.CONFIRMING).first()
    if row is None:
        raise Problem("scheduling.plan.moved_on")
    definition, rule = rule_of(locked)
    action, today, stays = definition.actions[rule.appoints], timezone.localdate(), list(locked.stays.all())
    in_force = plan_in_force(locked)
    earlier = list_appointments(in_force) if in_force else []
    outcomes = outcomes_of(locked, earlier, today)
    before = {one.listed_id: one for one in earlier}
    appointments = list_appointments(row)
    called = 0
    for one in appointments:
        known = before.get(one.listed_id)
        if known is not None and known.step_id is not None and _still_holds(known, one, outcomes[known.pk]):
            one.step_id = known.step_id
            continue
        hour = hour_of(locked, one, stays)
        facts = answers_for(
            rule, action, hour, language=one.listed.language, sex=one.listed.officer_sex, once=row.answers
        )
        try:
            one.step = _act(by, one.listed.case_id, rule.appoints, facts)
            called += 1
        except Problem as problem:
            one.refusal = problem.each()[0].code
    Appointment.objects.bulk_update(appointments, ["step", "refusal"])
    kept = {one.listed_id for one in appointments}
    gone = [one for one in earlier if one.listed_id not in kept and outcomes[one.pk] in NOT_HELD_YET and one.step_id]
    for one in gone:
        _call_off(by, rule, one)
    if in_force is not None:
        in_force.state = Plan.REPLACED
        in_force.save(update_fields=["state"])
    row.state = Plan.CONFIRMED
    row.save(update_fields=["state"])
    locked.state = Mission.CALLED_OFF if row.how == Plan.CALL_OFF else Mission.RUNNING
    record_mission(
        by, locked, "mission.called_off" if row.how == Plan.CALL_OFF else "plan.confirmed",
        payload={"plan": row.pk, "called": called, "called_off": len(gone), "refused": sum(bool(one.refusal) for one in appointments)},
        plan=row,
    )  # fmt: skip
    return row


def _still_holds(known: Appointment, one: Appointment, outcome: Outcome) -> bool:
    """Whether the family need not be told again: it was heard, or keeps day, hour and place."""
    if outcome is Outcome.HELD:
        return True
    return outcome in NOT_HELD_YET and (known.day, known.starts) == (one.day, one.starts)


def _call_off(by: Actor, rule: InterviewRule, one: Appointment) -> None:
    """Where the case no longer waits for the interview, there is nothing to call off."""
    case = Case.objects.filter(pk=one.listed.case_id).first()
    definition, _rule = rule_of(one.plan.mission)
    if case is not None and case.state in definition.actions[rule.calls_off].from_states:
        _act(by, one.listed.case_id, rule.calls_off, {})


def _act(by: Actor, case_id: UUID, action: str, facts: dict[str, object]) -> Step:
    """One act on one case, in a savepoint of its own: refused, it leaves the others as they are."""
    with transaction.atomic():
        case = Case.objects.filter(pk=case_id).first()
        if case is None:
            raise Problem("procedures.case.not_found", number="")
        return take_step(
            by=by, case=case, action=action, facts=facts, occurred_on=timezone.localdate(), expected_version=case.version
        )  # fmt: skip


@transaction.atomic
def record_interview(*, by: Actor, mission: Mission, appointment: Appointment, came: bool) -> Step:
    """Who came and who did not, by the act of the case that says so. Where it asks for more, it is done on the page of the case."""
    locked = lock_mission(by, mission, "scheduling.interview.record")
    definition, rule = rule_of(locked)
    one = appointment
    if one.plan.state != Plan.CONFIRMED or one.step_id is None:
        raise Problem("scheduling.plan.moved_on")
    if one.day > timezone.localdate():
        raise Problem("scheduling.interview.not_its_day", on=one.day)
    if outcomes_of(locked, [one], timezone.localdate())[one.pk] not in NOT_HELD_YET:
        raise Problem("scheduling.interview.recorded")
    answered = rule.held if came else rule.missed
    action = definition.actions[answered.action]
    if asks_more(action, answered.answers):
        raise Problem("scheduling.interview.on_its_page", number=one.listed.case.number)
    return _act(by, one.listed.case_id, action.code, dict(answered.answers))


def asks_more(action: Action, answers: Mapping[str, str]) -> bool:
    """Whether the act has questions that one press cannot answer."""
    asked = [
        field for field in action.form if field.required and field.shown_when is None and field.name not in answers
    ]
    return bool(asked) or any(field.required for field in action.per_person)


@transaction.atomic
def call_off(*, by: Actor, mission: Mission) -> Plan:
    """The mission does not come: an empty plan, carried out like any other, by which everybody still to come is called off."""
    locked = lock_mission(by, mission, "scheduling.mission.end")
    definition, rule = rule_of(locked)
    check(by, definition.verb(rule.calls_off))
    if plan_at_work(locked) is not None:
        raise Problem("scheduling.plan.at_work")
    plan = Plan(
        mission=locked, number=next_plan_number(locked), how=Plan.CALL_OFF, state=Plan.CONFIRMING, asked_by_id=by.member_id,
        asked_at=timezone.now(), purpose=by.purpose, seconds=30,
    )  # fmt: skip
    in_force = plan_in_force(locked)
    earlier = list_appointments(in_force) if in_force else []
    outcomes = outcomes_of(locked, earlier, timezone.localdate())
    heard = [one for one in earlier if outcomes[one.pk] is Outcome.HELD]
    for one in heard:
        one.id, one.plan, one._state.adding = new_id(), plan, True
    plan.appointments_sha256 = appointments_hash(heard)
    plan.save(force_insert=True)
    Appointment.objects.bulk_create(heard)
    record_mission(by, locked, "plan.accepted", payload={"plan": plan.pk, "how": plan.how}, plan=plan)
    return plan


@transaction.atomic
def close_mission(*, by: Actor, mission: Mission) -> Mission:
    """The mission is over once each interview was held, missed or called off; who had no hour waits for the next one."""
    locked = lock_mission(by, mission, "scheduling.mission.end")
    if plan_at_work(locked) is not None:
        raise Problem("scheduling.plan.at_work")
    in_force = plan_in_force(locked)
    if in_force is not None:
        outcomes = outcomes_of(locked, list_appointments(in_force), timezone.localdate())
        open_ones = sum(one in NOT_HELD_YET for one in outcomes.values())
        if open_ones:
            raise Problem("scheduling.mission.not_over", count=open_ones)
    locked.state = Mission.CLOSED
    record_mission(by, locked, "mission.closed", payload={})
    return locked
