"""On which days a mission is in which of its places: a form, a proposal with its reasons, and the stays that take it over."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.scheduling.forms_route import RouteForm
from panoh.scheduling.operations.routes import accept_route
from panoh.scheduling.queries.missions import obtain_mission, rule_of
from panoh.scheduling.queries.routes import Asked, propose_route


@page("scheduling.mission.change")
@require_http_methods(["GET", "POST"])
def mission_route(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing is kept before the proposal is taken over; taking over works it out again from the same answers."""
    actor = request.actor
    found = obtain_mission(actor, number)
    check(actor, "scheduling.mission.change", found)
    places = list(dict.fromkeys(found.stays.values_list("place", flat=True)))
    form = RouteForm(*((request.POST,) if request.method == "POST" else ()), places=places, language=actor.language)
    proposal: Any = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            asked = Asked(**form.asked())
            try:
                if "accept" in request.POST:
                    accept_route(by=actor, mission=found, asked=asked)
                    return redirect("mission_prepare", found.number)
                proposal, status = propose_route(found, asked), 200
            except Problem as problem:
                status = refuse(form, problem)
    context = {
        "mission": found,
        "rule": rule_of(found)[1],
        "form": form,
        "proposal": proposal,
        "roads": form.roads(),
        "ready": bool(places) and found.listed.filter(taken_off=False).exists(),
    }
    return render(request, "scheduling/mission_route.html", context, status=status)
