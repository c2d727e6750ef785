"""The list of missions, one mission with the calendar of its plan, and what is done about a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.procedures.forms import typed
from panoh.scheduling.forms import ConfirmForm
from panoh.scheduling.models import Appointment, Mission, Plan
from panoh.scheduling.operations.calling import asks_more, call_off, close_mission, record_interview
from panoh.scheduling.operations.planning import accept_plan, ask_for_plan, put_away
from panoh.scheduling.queries.calendar import count_changes, list_days, list_left_out, list_slots, told_before
from panoh.scheduling.queries.candidates import count_candidates
from panoh.scheduling.queries.described import list_appointments, outcomes_of
from panoh.scheduling.queries.missions import (
    list_kinds,
    list_missions,
    obtain_mission,
    people_of,
    plan_at_work,
    plan_in_force,
    rule_of,
)
from panoh.scheduling.rules import Outcome, asked_once

MAY = {
    "change": "scheduling.mission.change",
    "ask": "scheduling.plan.ask",
    "confirm": "scheduling.plan.confirm",
    "record": "scheduling.interview.record",
    "end": "scheduling.mission.end",
}


@page("scheduling.mission.read")
@require_GET
def mission_list(request: HttpRequest) -> HttpResponse:
    """Missions, the newest first; for each kind that the actor prepares, how many families wait."""
    actor, today = request.actor, timezone.localdate()
    waiting = []
    for definition, rule in list_kinds(actor, today):
        found = count_candidates(actor, definition, rule)
        waiting.append(
            {
                "definition": definition,
                "rule": rule,
                "many": found.many,
                "urgent": found.urgent,
                "countries": found.countries,
            }
        )
    rows = [{"mission": one, "rule": rule_of(one)[1]} for one in list_missions(actor)]
    return render(request, "scheduling/missions.html", {"missions": rows, "waiting": waiting})


@page("scheduling.mission.read")
@require_GET
def mission(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, obtain_mission(request.actor, number))


def show(request: HttpRequest, found: Mission, refusal: Problem | None = None) -> HttpResponse:
    """The plan that waits for somebody, else the one in force; days and rooms, and one day in full."""
    today = timezone.localdate()
    at_work, in_force = plan_at_work(found), plan_in_force(found)
    plan = _wanted(request, found) or at_work or in_force
    appointments = list_appointments(plan) if plan else []
    days, most = list_days(found, appointments)
    chosen = _chosen_day(request, days, today)
    of_day = [one for one in appointments if one.day == chosen]
    slots = list_slots(found, plan, appointments, of_day, in_force, today) if plan else []
    outcomes = outcomes_of(found, appointments, today) if plan else {}
    counted = [*outcomes.values()]
    before = told_before(plan, in_force) if plan else {}
    _definition, rule = rule_of(found)
    last = found.plans.last()
    context = {
        "mission": found,
        "rule": rule,
        "plan": plan,
        "at_work": at_work,
        "in_force": in_force,
        "failed": last if last and last.state == Plan.REFUSED else None,
        "failure": Problem(last.refusal["code"], **last.refusal["params"])
        if last and last.state == Plan.REFUSED and last.refusal
        else None,
        "days": days,
        "rooms": range(1, most + 1),
        "chosen": chosen,
        "day": next((one for one in days if one.on == chosen), None),
        "by_room": _by_room(slots),
        "many": len(appointments),
        "listed": found.listed.filter(taken_off=False).count(),
        "left_out": list_left_out(found, plan, appointments) if plan and plan.value is not None else [],
        "changes": count_changes(appointments, before) if before else None,
        "held": counted.count(Outcome.HELD),
        "missed": counted.count(Outcome.MISSED),
        "passed": counted.count(Outcome.PASSED),
        "to_come": counted.count(Outcome.TO_COME),
        "not_called": [one for one in appointments if one.refusal],
        "one_press": _one_press(found),
        "officers": people_of(found)[0],
        "interpreters": people_of(found)[1],
        "gap": f"{plan.gap * 100:.1f}" if plan and plan.gap >= 0.0005 else "",
        "elapsed": min(int((timezone.now() - at_work.began_at).total_seconds()), at_work.seconds)
        if at_work and at_work.began_at
        else 0,
        "may": {name: decide(request.actor, verb, found).allowed for name, verb in MAY.items()},
        "living": found.state in (Mission.PREPARED, Mission.RUNNING),
        "refusal": refusal,
    }
    if request.headers.get("HX-Request") and not (at_work and at_work.state in (Plan.WAITS, Plan.CONFIRMING)):
        return HttpResponse(headers={"HX-Redirect": request.path})  # the work is done: the browser loads the whole page
    return render(request, "scheduling/mission.html", context, status=422 if refusal else 200)


def _wanted(request: HttpRequest, found: Mission) -> Plan | None:
    """An earlier plan, where the address names one."""
    text = request.GET.get("plan", "")
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return None
    return found.plans.filter(number=int(text)).first()


def _chosen_day(request: HttpRequest, days: list[Any], today: date) -> date | None:
    """The day of the address, else today, else the next one with interviews, else the first."""
    known = [one.on for one in days]
    try:
        wanted = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        wanted = today
    if wanted in known:
        return wanted
    busy = [one.on for one in days if one.many]
    return next((on for on in busy if on >= today), busy[0] if busy else (known[0] if known else None))


def _by_room(slots: list[Any]) -> list[dict[str, Any]]:
    rooms: dict[int, list[Any]] = {}
    for slot in slots:
        rooms.setdefault(slot.appointment.room, []).append(slot)
    return [
        {
            "room": room,
            "slots": ones,
            "people": list(dict.fromkeys(slot.appointment.officer.name for slot in ones)),
        }
        for room, ones in sorted(rooms.items())
    ]


def _one_press(found: Mission) -> dict[str, Any]:
    """Which answers can be recorded here, and which need the page of the case."""
    definition, rule = rule_of(found)
    return {
        "held": not asks_more(definition.actions[rule.held.action], rule.held.answers),
        "missed": not asks_more(definition.actions[rule.missed.action], rule.missed.answers),
        "held_act": rule.held.action,
        "missed_act": rule.missed.action,
    }


@page("scheduling.mission.read")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """What is asked once for all families, and the yes of a person."""
    found = obtain_mission(request.actor, number)
    plan = plan_at_work(found)
    if plan is None or plan.state != Plan.PROPOSED:
        return redirect("mission", found.number)
    definition, rule = rule_of(found)
    action = definition.actions[rule.appoints]
    fields = asked_once(rule, action)
    form = ConfirmForm(
        request.POST if request.method == "POST" else None, action=action, asked=fields, language=request.actor.language
    )
    status, refusal = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            accept_plan(by=request.actor, mission=found, plan=plan, answers=form.facts())
        except Problem as problem:
            refusal, status = problem, 422
        else:
            return redirect("mission", found.number)
    appointments = list_appointments(plan)
    before = told_before(plan, plan_in_force(found))
    context = {
        "mission": found,
        "rule": rule,
        "plan": plan,
        "form": form,
        "asked": bool(fields),
        "action": action,
        "many": len(appointments),
        "changes": count_changes(appointments, before) if before else None,
        "refusal": refusal,
    }
    return render(request, "scheduling/mission_confirm.html", context, status=status)


@page("scheduling.mission.read")
@require_POST
def mission_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One press each, and back to the page."""
    found = obtain_mission(request.actor, number)
    known: dict[str, Callable[[HttpRequest, Mission], None]] = {
        "plan": _plan,
        "put_away": _put_away,
        "close": _close,
        "call_off": _call_off,
    }
    if act not in known:
        raise Problem("access.thing.not_found")
    try:
        known[act](request, found)
    except Problem as problem:
        return show(request, found, problem)
    return redirect("mission", found.number)


def _plan(request: HttpRequest, found: Mission) -> None:
    ask_for_plan(by=request.actor, mission=found, how=typed(request.POST, "how"))


def _put_away(request: HttpRequest, found: Mission) -> None:
    plan = plan_at_work(found)
    if plan is None:
        raise Problem("scheduling.plan.moved_on")
    put_away(by=request.actor, mission=found, plan=plan)
    messages.info(request, _("The plan is put away; nobody was told anything."))


def _close(request: HttpRequest, found: Mission) -> None:
    close_mission(by=request.actor, mission=found)
    messages.info(request, _("The mission is closed."))


def _call_off(request: HttpRequest, found: Mission) -> None:
    call_off(by=request.actor, mission=found)


@page("scheduling.mission.read")
@require_POST
def came(request: HttpRequest, number: str, appointment: UUID) -> HttpResponse:
    """Whether a family came to its interview."""
    found = obtain_mission(request.actor, number)
    row = (
        Appointment.objects.select_related("plan", "listed__case", "step")
        .filter(pk=appointment, plan__mission=found)
        .first()
    )
    if row is None:
        raise Problem("access.thing.not_found")
    try:
        record_interview(by=request.actor, mission=found, appointment=row, came=typed(request.POST, "came") == "yes")
    except Problem as problem:
        return show(request, found, problem)
    return redirect(f"{reverse('mission', args=[found.number])}?day={row.day.isoformat()}")
