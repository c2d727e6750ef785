"""Sittings: the list, the page of one with its agenda as a list, its attendance, opening and closing, and the minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.procedures.forms import read_id, typed
from panoh.procedures.minutes import minutes_pdf
from panoh.procedures.models import Attendance, Sitting
from panoh.procedures.operations import sittings
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.agenda import list_agenda, list_candidates
from panoh.procedures.queries.sittings import (
    list_attendance,
    list_last_attendance,
    list_sittings,
    list_who_may_sit,
    obtain_sitting,
    rule_of,
)
from panoh.procedures.rules.agenda import Standing, order_agenda
from panoh.procedures.views.scores import close_scores, decide_by_ranking, scores_of_sitting
from panoh.rulebook.model import SittingRule

ACTS = ("open", "attend", "move", "vote", "decide", "close", "convene", "conflict")


@page("procedures.sitting.read")
@require_GET
def sitting_list(request: HttpRequest) -> HttpResponse:
    """The next sittings and the last ones; for each kind that the actor keeps, what waits for one."""
    actor, today = request.actor, timezone.localdate()
    waiting = []
    for versions in rulebook.current().procedures.values():
        definition = versions[-1]
        for rule in definition.sittings.values():
            if decide(actor, sitting_verb(definition.code, rule.code, "convene")).allowed:
                candidates = order_agenda(list_candidates(actor, definition, rule))
                waiting.append(
                    {
                        "definition": definition,
                        "rule": rule,
                        "many": len(candidates),
                        "late": sum(one.due_on is not None and one.due_on < today for one in candidates),
                        "first": candidates[0] if candidates else None,
                    }
                )
    rows = [{"sitting": row, "rule": rule_of(row)[1]} for row in list_sittings(actor)]
    return render(request, "procedures/sittings.html", {"sittings": rows, "waiting": waiting, "today": today})


@page("procedures.sitting.read")
@require_GET
def sitting(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, obtain_sitting(request.actor, number))


def what_may(request: HttpRequest, found: Sitting) -> dict[str, bool]:
    return {act: decide(request.actor, sitting_verb(found.procedure, found.kind, act), found).allowed for act in ACTS}


def show(request: HttpRequest, found: Sitting, refusal: Problem | None = None) -> HttpResponse:
    """The page of a sitting: who is there, how far it has come, and the agenda, one line for each item."""
    _definition, rule = rule_of(found)
    attendance = list_attendance(found)
    lines = list_agenda(request.actor, found)
    decided = sum(line.standing is Standing.DECIDED for line in lines)
    deferred = sum(line.standing is Standing.DEFERRED for line in lines)
    context = {
        "sitting": found,
        "rule": rule,
        **presence(found, rule, attendance),
        "lines": lines,
        "decided": decided,
        "deferred": deferred,
        "left": len(lines) - decided - deferred,
        "next": next((line for line in lines if not line.finished), None),
        "may": what_may(request, found),
        "refusal": refusal,
        "typed": request.POST,
        "is_its_day": found.on <= timezone.localdate(),
        **scores_of_sitting(request, found, attendance, lines),
    }
    return render(request, "procedures/sitting.html", context, status=422 if refusal else 200)


def presence(found: Sitting, rule: SittingRule, attendance: list[Attendance]) -> dict[str, Any]:
    """Who is there in which place, which places are empty, and whether that is a quorum."""
    places = {seat.code: seat for seat in rule.seats}
    here = [{"line": line, "place": places.get(line.place)} for line in attendance if line.present]
    taken = {line.place for line in attendance if line.present}
    return {
        "here": here,
        "voters": sum(line.present and line.seat in ("chair", "member") for line in attendance),
        "absent": [seat for seat in rule.seats if seat.code not in taken] if attendance else [],
        "reached": sittings.quorum_of(rulebook.current(), rule, found.on, attendance),
    }


# -- attendance ------------------------------------------------------------------------------------------------------


@page("procedures.sitting.act")
@require_http_methods(["GET", "POST"])
def sitting_attendance(request: HttpRequest, number: str) -> HttpResponse:
    """The form in which the list of those present is made when a sitting opens, and changed while it lasts."""
    found = obtain_sitting(request.actor, number)
    if request.method == "POST":
        try:
            _attend(request, found)
        except Problem as problem:
            return _show_attendance(request, found, problem)
        return redirect("sitting", found.number)
    if not (what_may(request, found)["open"] and found.state in (Sitting.CONVENED, Sitting.OPEN)):
        return redirect("sitting", found.number)
    return _show_attendance(request, found)


def _show_attendance(request: HttpRequest, found: Sitting, refusal: Problem | None = None) -> HttpResponse:
    _definition, rule = rule_of(found)
    attendance = list_attendance(found)
    context = {
        "sitting": found,
        "rule": rule,
        "seats": _seats(found, rule, attendance, request),
        "reached": sittings.quorum_of(rulebook.current(), rule, found.on, attendance),
        "refusal": refusal,
    }
    return render(request, "procedures/sitting_attendance.html", context, status=422 if refusal else 200)


def _seats(
    found: Sitting, rule: SittingRule, attendance: list[Attendance], request: HttpRequest
) -> list[dict[str, Any]]:
    """For each place who may take it, and who has: as it came back, as it stands, or as it was at the sitting before."""
    members = list_who_may_sit(found, rule)
    known = attendance or list_last_attendance(found)
    taken = {line.place: str(line.member_id) for line in known if line.present}
    if not attendance:
        # Whoever opens the sitting is there.
        own = next(
            (seat.code for seat in rule.seats if seat.seat == "secretary" and seat.role == request.actor.role), ""
        )
        taken[own] = str(request.actor.member_id)
    leader = next((line.place for line in attendance if line.present and line.seat == "chair"), "")
    chair = next(seat.code for seat in rule.seats if seat.seat == "chair")
    rows = []
    for seat in rule.seats:
        who = [member for member in members if member.role == seat.role]
        chosen, leads = taken.get(seat.code, ""), (leader or chair) == seat.code
        if request.POST:
            chosen = typed(request.POST, f"seat-{seat.code}")
            leads = (typed(request.POST, "leads") or chair) == seat.code
        rows.append({"seat": seat, "who": who, "chosen": chosen, "leads": leads})
    return rows


# -- acts ------------------------------------------------------------------------------------------------------------


@page("procedures.sitting.act")
@require_POST
def sitting_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Opening, closing, cancelling, ending the scoring: one press each, and back to the page."""
    found = obtain_sitting(request.actor, number)
    known = {
        "open": _open,
        "close": _close,
        "cancel": _cancel,
        "close-scores": lambda request, found: close_scores(request, found, version_of(request)),
        "decide-ranking": lambda request, found: decide_by_ranking(request, found, version_of(request)),
    }
    if act not in known:
        raise Problem("procedures.sitting.not_found")
    try:
        known[act](request, found)
    except Problem as problem:
        return _show_attendance(request, found, problem) if act == "open" else show(request, found, problem)
    return redirect("sitting", found.number)


def version_of(request: HttpRequest) -> int:
    text = typed(request.POST, "version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _attendance_of(request: HttpRequest, found: Sitting) -> list[sittings.Attends]:
    _definition, rule = rule_of(found)
    leads = typed(request.POST, "leads")
    lines = []
    for seat in rule.seats:
        member = read_id(typed(request.POST, f"seat-{seat.code}"))
        if member is not None:
            lines.append(
                sittings.Attends(member, seat.code, present=True, leads=leads == seat.code and seat.seat != "chair")
            )
    return lines


def _open(request: HttpRequest, found: Sitting) -> None:
    sittings.open_sitting(
        by=request.actor, sitting=found, attendance=_attendance_of(request, found), expected_version=version_of(request)
    )


def _attend(request: HttpRequest, found: Sitting) -> None:
    sittings.change_attendance(
        by=request.actor, sitting=found, attendance=_attendance_of(request, found), expected_version=version_of(request)
    )


def _close(request: HttpRequest, found: Sitting) -> None:
    sittings.close_sitting(
        by=request.actor, sitting=found, minutes=typed(request.POST, "minutes"), expected_version=version_of(request)
    )


def _cancel(request: HttpRequest, found: Sitting) -> None:
    sittings.cancel_sitting(
        by=request.actor, sitting=found, reason=typed(request.POST, "reason"), expected_version=version_of(request)
    )


@page("procedures.sitting.read")
@require_GET
def sitting_minutes(request: HttpRequest, number: str) -> HttpResponse:
    """The minutes as PDF, in the official language and the reader's."""
    found = obtain_sitting(request.actor, number)
    answer = HttpResponse(minutes_pdf(request.actor, found), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer
