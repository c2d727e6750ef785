"""What is printed of a plan, and its table: for whoever stands at the door, for each officer, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.papers.rendering import render_pdf
from panoh.scheduling.models import Appointment, Mission, Plan
from panoh.scheduling.queries.described import list_appointments
from panoh.scheduling.queries.lists import DOOR, OFFICERS, TEMPLATE, list_content
from panoh.scheduling.queries.missions import obtain_mission, plan_at_work, plan_in_force
from panoh.scheduling.rules import clock_time


def _planned(request: HttpRequest, number: str) -> tuple[Mission, Plan, list[Appointment]]:
    found = obtain_mission(request.actor, number)
    text = request.GET.get("plan", "")
    wanted = (
        found.plans.filter(number=int(text)).first() if text.isascii() and text.isdigit() and len(text) < 5 else None
    )
    plan = wanted or plan_in_force(found) or plan_at_work(found)
    if plan is None:
        raise Problem("scheduling.plan.none")
    return found, plan, list_appointments(plan)


def _pdf(request: HttpRequest, number: str, which: str) -> HttpResponse:
    found, plan, appointments = _planned(request, number)
    content = list_content(request.actor, found, plan, appointments, which)
    answer = HttpResponse(render_pdf(TEMPLATE, content, made_at=timezone.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}-{which}.pdf"'
    return answer


@page("scheduling.mission.read")
@require_GET
def door_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """Who is expected, day by day, in the order of the hours. To be held in the hand, not hung up."""
    return _pdf(request, number, DOOR)


@page("scheduling.mission.read")
@require_GET
def officers_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """For each officer her days, with room, interpreter and language."""
    return _pdf(request, number, OFFICERS)


@page("scheduling.mission.read")
@require_GET
def plan_csv(request: HttpRequest, number: str) -> HttpResponse:
    found, _plan, appointments = _planned(request, number)
    answer = HttpResponse(_table(appointments), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.csv"'
    return answer


def _table(appointments: Sequence[Appointment]) -> str:
    """Case numbers and hours; names of families stay in the register."""
    book, written = rulebook.current(), io.StringIO()
    table = csv.writer(written)
    table.writerow(
        [
            _("Day"),
            _("from"),
            _("until"),
            _("Room"),
            _("Case"),
            _("Language"),
            _("Officer"),
            _("Interpreter"),
            _("Place"),
        ]
    )
    for one in appointments:
        place = book.places.get(one.listed.place)
        table.writerow(
            [
                one.day.isoformat(),
                clock_time(one.starts),
                clock_time(one.ends),
                one.room,
                one.listed.case.number,
                one.listed.language,
                _safe(one.officer.name),
                _safe(one.interpreter.name if one.interpreter else ""),
                place.titles["en"] if place else one.listed.place,
            ]
        )
    return "\ufeff" + written.getvalue()


def _safe(text: str) -> str:
    """A name that begins like a formula is not carried out by a spreadsheet."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
