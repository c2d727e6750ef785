"""A new mission, and the page on which places and people are put into it."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_id, typed
from panoh.scheduling.forms import InterviewerForm, MissionForm, StayForm
from panoh.scheduling.models import Mission
from panoh.scheduling.operations.preparing import (
    add_interviewer,
    add_stay,
    make_mission,
    remove_interviewer,
    remove_stay,
)
from panoh.scheduling.queries.candidates import count_candidates
from panoh.scheduling.queries.described import describe
from panoh.scheduling.queries.missions import find_rule, obtain_mission, people_of, rule_of
from panoh.scheduling.rules import clock_time

USUAL = ("PRS", "PBU", "UZB", "PET", "RUS", "ENG")
"""Languages that are always offered; those that the families speak come before them."""


@page("scheduling.mission.make")
@require_http_methods(["GET", "POST"])
def mission_new(request: HttpRequest, procedure: str, kind: str) -> HttpResponse:
    """The hours of the mission; what else it needs is asked on its own page."""
    actor, today = request.actor, timezone.localdate()
    definition, rule = find_rule(procedure, kind, today)
    waiting = count_candidates(actor, definition, rule)
    countries = sorted(country for country, _many in waiting.countries if country) if rule.country else None
    form = MissionForm(
        *((request.POST,) if request.method == "POST" else ()), language=actor.language, countries=countries
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = make_mission(
                    by=actor,
                    procedure=procedure,
                    kind=kind,
                    country=form.cleaned_data.get("country", ""),
                    hours=form.hours(),
                )
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("mission_prepare", made.number)
    context = {"definition": definition, "rule": rule, "form": form, "many": waiting.many, "countries": countries}
    return render(request, "scheduling/mission_new.html", context, status=status)


@page("scheduling.mission.read")
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """Stays and people, each with a form to add one more."""
    actor = request.actor
    found = obtain_mission(actor, number)
    is_stay = typed(request.POST, "add") == "stay"
    sent = (request.POST,) if request.method == "POST" else ()
    stay = StayForm(*(sent if is_stay else ()), language=actor.language)
    person = InterviewerForm(*(() if is_stay else sent), language=actor.language, offered=_languages(found))
    status = 200
    if request.method == "POST":
        form, add = (stay, _add_stay) if is_stay else (person, _add_person)
        status = 422
        if form.is_valid():
            try:
                add(request, found, form)
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("mission_prepare", found.number)
    return _show(request, found, stay=stay, person=person, status=status)


def _show(
    request: HttpRequest,
    found: Mission,
    *,
    stay: Any = None,
    person: Any = None,
    refusal: Any = None,
    status: int = 200,
) -> HttpResponse:
    officers, interpreters = people_of(found)
    language = request.actor.language
    context = {
        "mission": found,
        "rule": rule_of(found)[1],
        "stays": list(found.stays.all()),
        "officers": officers,
        "people": [officers, interpreters],
        "hours": [
            (clock_time(one.starts), clock_time(one.starts + one.minutes)) for one in describe(found).mission.sessions
        ],
        "stay_form": stay or StayForm(language=language),
        "person_form": person or InterviewerForm(language=language, offered=_languages(found)),
        "may": decide(request.actor, "scheduling.mission.change", found).allowed
        and found.state in (Mission.PREPARED, Mission.RUNNING),
        "listed": found.listed.filter(taken_off=False).count(),
        "refusal": refusal,
    }
    return render(request, "scheduling/mission_prepare.html", context, status=status)


def _languages(found: Mission) -> list[str]:
    spoken = found.listed.filter(taken_off=False).values_list("language", flat=True).distinct()
    return list(dict.fromkeys([*sorted(spoken), *USUAL]))


def _add_stay(request: HttpRequest, found: Mission, form: django_forms.Form) -> None:
    add_stay(by=request.actor, mission=found, **form.cleaned_data)


def _add_person(request: HttpRequest, found: Mission, form: django_forms.Form) -> None:
    add_interviewer(by=request.actor, mission=found, **form.cleaned_data)


@page("scheduling.mission.read")
@require_POST
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """A stay or a person goes, as long as no plan rests on it."""
    found = obtain_mission(request.actor, number)
    stay = found.stays.filter(pk=read_id(typed(request.POST, "stay"))).first()
    person = found.interviewers.filter(pk=read_id(typed(request.POST, "person"))).first()
    try:
        if stay is not None:
            remove_stay(by=request.actor, mission=found, stay=stay)
        elif person is not None:
            remove_interviewer(by=request.actor, mission=found, interviewer=person)
    except Problem as problem:
        return _show(request, found, refusal=problem, status=422)
    return redirect("mission_prepare", found.number)
