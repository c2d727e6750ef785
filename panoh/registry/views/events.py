"""Events of a file: show the form, carry out the one operation, go back to the file with the receipt's words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.kernel.problems import render as render_problem
from panoh.registry import queries
from panoh.registry.events import HOUSEHOLD_EVENTS, PERSON_EVENTS, Event
from panoh.registry.second_look import LookAgain, lines_of


@page("registry.household.read")
@require_http_methods(["GET", "POST"])
def household_event(request: HttpRequest, number: str, event: str) -> HttpResponse:
    chosen = find_event(HOUSEHOLD_EVENTS, event)
    household = queries.obtain_household(request.actor, number, route=request.path)
    check(request.actor, chosen.verb, household)
    return carry_out(request, chosen, household, household, ("household", household.number))


@page("registry.person.read")
@require_http_methods(["GET", "POST"])
def person_event(request: HttpRequest, number: str, event: str) -> HttpResponse:
    chosen = find_event(PERSON_EVENTS, event)
    person = queries.obtain_person(request.actor, number, route=request.path)
    check(request.actor, chosen.verb, person)
    return carry_out(request, chosen, person, person.household, ("person", person.number))


def find_event(events: tuple[Event, ...], slug: str) -> Event:
    for event in events:
        if event.slug == slug:
            return event
    raise Problem("access.thing.not_found")


def carry_out(request: HttpRequest, event: Event, thing: Any, household: Any, back: tuple[str, str]) -> HttpResponse:
    members = queries.list_members(household, closed_too=False)
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = event.form(
        *data,
        by=request.actor,
        thing=thing,
        members=members,
        initial={**request.GET.dict(), "base": household.version, "submission_id": new_id()},
    )
    status, look = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                done = form.carry_out()
            except LookAgain as asked:
                status, look = 200, asked
            except Problem as problem:
                status = refuse(form, Problems(one.on_field(form.field_of(one.field or "")) for one in problem.each()))
            else:
                messages.info(
                    request, _("Recorded: %(what)s. Entry %(entry)s.") % {"what": event.title, "entry": done.entry.id}
                )
                return redirect(f"{reverse(back[0], args=[back[1]])}?done={done.entry.id}")
    return render(
        request,
        "registry/event.html",
        {
            "form": form,
            "event": event,
            "household": household,
            "back": back,
            "seen": look.seen if look else "",
            "candidates": lines_of(look.candidates) if look else [],
            "warnings": [told for problem in look.warnings for told in render_problem(problem)] if look else [],
        },
        status=status,
    )
