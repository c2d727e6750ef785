"""The families of a mission: those that wait, those on its list, and what the plan keeps for one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_id, typed
from panoh.procedures.queries.agenda import families_of
from panoh.scheduling.forms import WishesForm
from panoh.scheduling.models import ListedCase, Mission
from panoh.scheduling.operations.listing import Wishes, change_wishes, list_cases, take_off
from panoh.scheduling.queries.calendar import why_of
from panoh.scheduling.queries.candidates import list_candidates
from panoh.scheduling.queries.described import list_appointments, outcomes_of
from panoh.scheduling.queries.missions import obtain_mission, plan_at_work, plan_in_force, rule_of
from panoh.scheduling.rules import clock_time

SHOWN = 100
LISTED_SHOWN = 500


@page("scheduling.mission.read")
@require_http_methods(["GET", "POST"])
def families(request: HttpRequest, number: str) -> HttpResponse:
    """The list, and the cases that wait: the most urgent first, ticked one by one or all at once."""
    actor, today = request.actor, timezone.localdate()
    found = obtain_mission(actor, number)
    definition, rule = rule_of(found)
    living = found.state in (Mission.PREPARED, Mission.RUNNING)
    waiting = list_candidates(actor, definition, rule, today, country=found.country) if living else []
    refusal = None
    if request.method == "POST":
        chosen = [case for case in map(read_id, request.POST.getlist("case")) if case]
        if typed(request.POST, "do") == "all":
            chosen = [one.case_id for one in waiting]
        try:
            list_cases(by=actor, mission=found, cases=chosen)
        except Problem as problem:
            refusal = problem
        else:
            return redirect("mission_families", found.number)
    listed = list(found.listed.filter(taken_off=False).select_related("case").order_by("case__number")[:LISTED_SHOWN])
    shown = waiting[:SHOWN]
    known = families_of([*(one.case_id for one in listed), *(one.case_id for one in shown)])
    context = {
        "mission": found,
        "rule": rule,
        "rows": [{"one": one, "family": known.get(one.case_id)} for one in shown],
        "waiting": len(waiting),
        "hidden": len(waiting) - len(shown),
        "listed": [
            {"one": one, "family": known.get(one.case_id), "state": definition.states[one.case.state]} for one in listed
        ],
        "stays": found.stays.exists(),
        "may": decide(actor, "scheduling.mission.change", found).allowed and living,
        "refusal": refusal,
    }
    return render(request, "scheduling/mission_families.html", context, status=422 if refusal else 200)


@page("scheduling.mission.read")
@require_http_methods(["GET", "POST"])
def family(request: HttpRequest, number: str, case: str) -> HttpResponse:
    """What is kept for one family, why it has its hour or none, and taking it off the list."""
    actor = request.actor
    found = obtain_mission(actor, number)
    row = _obtain(found, case)
    places = list(dict.fromkeys(found.stays.values_list("place", flat=True)))
    initial = {name: getattr(row, name) for name in Wishes.__slots__}
    form = WishesForm(
        request.POST if request.method == "POST" and "off" not in request.POST else None,
        language=actor.language, places=places, initial=initial,
    )  # fmt: skip
    status, refusal = 200, None
    if request.method == "POST":
        try:
            if "off" in request.POST:
                take_off(by=actor, mission=found, case=row.case_id)
                return redirect("mission_families", found.number)
            status = 422
            if form.is_valid():
                change_wishes(by=actor, mission=found, case=row.case_id, wishes=form.wishes())
                return redirect("mission_families", found.number)
        except Problem as problem:
            if form.is_bound:
                status = refuse(form, problem)
            else:
                refusal, status = problem, 422
    plan = plan_at_work(found) or plan_in_force(found)
    mine = [one for one in list_appointments(plan) if one.listed_id == row.pk] if plan else []
    outcomes = outcomes_of(found, mine, timezone.localdate())
    context = {
        "mission": found,
        "rule": rule_of(found)[1],
        "row": row,
        "family": families_of([row.case_id]).get(row.case_id),
        "form": form,
        "plan": plan,
        "appointment": mine[0] if mine else None,
        "hour": clock_time(mine[0].starts) if mine else "",
        "outcome": outcomes.get(mine[0].pk) if mine else None,
        "reasons": why_of(found, plan, row),
        "may": decide(actor, "scheduling.mission.change", found).allowed
        and found.state in (Mission.PREPARED, Mission.RUNNING),
        "refusal": refusal,
    }
    return render(request, "scheduling/mission_family.html", context, status=status)


def _obtain(found: Mission, number: str) -> ListedCase:
    wanted = ascii_digits(number).strip().upper()
    row = found.listed.select_related("case").filter(case__number=wanted, taken_off=False).first()
    if row is None:
        raise Problem("scheduling.cases.not_listed")
    return row
