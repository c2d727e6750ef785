"""Sittings: the list, convening one, its page with attendance, agenda and votes, and its minutes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.procedures.forms import ActionForm, read_day, read_id, typed
from panoh.procedures.minutes import minutes_pdf
from panoh.procedures.models import AgendaItem, Attendance, Motion, Sitting
from panoh.procedures.operations import items, sittings
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.sittings import (
    list_attendance,
    list_candidates,
    list_items,
    list_sittings,
    list_who_may_sit,
    obtain_sitting,
    rule_of,
)
from panoh.procedures.rules.agenda import order_agenda
from panoh.rulebook.model import SittingRule

SHOWN_AGENDA = 40


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
                    {"definition": definition, "rule": rule, "many": len(candidates), "next": candidates[:5]}
                )
    rows = [{"sitting": row, "rule": rule_of(row)[1]} for row in list_sittings(actor)]
    return render(request, "procedures/sittings.html", {"sittings": rows, "waiting": waiting, "today": today})


@page("procedures.sitting.act")
@require_http_methods(["GET", "POST"])
def sitting_convene(request: HttpRequest, procedure: str, kind: str) -> HttpResponse:
    """The day and place; the agenda is shown as it would be."""
    actor, today = request.actor, timezone.localdate()
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, today)
    rule = definition.sittings.get(kind)
    if rule is None:
        raise Problem("procedures.sitting.unknown_kind")
    if not decide(actor, sitting_verb(procedure, kind, "convene")).allowed:
        raise Problem("access.verb.refused_role", role=actor.role, verb=sitting_verb(procedure, kind, "convene"))
    refusal, status = None, 200
    if request.method == "POST":
        try:
            found = sittings.convene_sitting(
                by=actor,
                procedure=procedure,
                kind=kind,
                on=read_day(typed(request.POST, "on"), "on"),
                place=typed(request.POST, "place"),
                limit=SHOWN_AGENDA,
                submission_id=read_id(typed(request.POST, "submission_id")),
            )
        except Problem as problem:
            refusal, status = problem, 422
        else:
            return redirect("sitting", found.number)
    agenda = order_agenda(list_candidates(actor, definition, rule), SHOWN_AGENDA)
    context = {
        "definition": definition,
        "rule": rule,
        "agenda": agenda,
        "refusal": refusal,
        "typed": request.POST,
        "submission_id": typed(request.POST, "submission_id") or new_id(),
    }
    return render(request, "procedures/sitting_convene.html", context, status=status)


@page("procedures.sitting.read")
@require_GET
def sitting(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, obtain_sitting(request.actor, number))


def show(request: HttpRequest, found: Sitting, refusal: Problem | None = None, at: int | None = None) -> HttpResponse:
    """The page of a sitting; a refusal stands at the top, or at the item it is about, with what was typed kept."""
    actor = request.actor
    definition, rule = rule_of(found)
    attendance = list_attendance(found)
    may = {
        act: decide(actor, sitting_verb(found.procedure, found.kind, act), found).allowed
        for act in ("open", "attend", "move", "vote", "decide", "close", "convene", "conflict")
    }
    lines = [_item(request, one, definition, rule, attendance, may, at) for one in list_items(actor, found)]
    context = {
        "sitting": found,
        "definition": definition,
        "rule": rule,
        "attendance": [{"line": line, "place": _place(rule, line.place)} for line in attendance],
        "seats": _seats(found, rule, attendance, request) if may["open"] or may["attend"] else [],
        "items": lines,
        "may": may,
        "mine": next((line for line in attendance if line.member_id == actor.member_id), None),
        "refusal": refusal,
        "typed": request.POST,
        "reached": sittings.quorum_of(rulebook.current(), rule, found.on, attendance),
    }
    return render(request, "procedures/sitting.html", context, status=422 if refusal else 200)


def _place(rule: SittingRule, code: str) -> Any:
    return next((seat for seat in rule.seats if seat.code == code), None)


def _seats(
    found: Sitting, rule: SittingRule, attendance: list[Attendance], request: HttpRequest
) -> list[dict[str, Any]]:
    """For each place who may take it, and who has; a form that came back keeps what was chosen."""
    members = list_who_may_sit(found, rule)
    taken = {line.place: line for line in attendance if line.present}
    rows = []
    for seat in rule.seats:
        who = [member for member in members if member.role == seat.role]
        chosen = typed(request.POST, f"seat-{seat.code}")
        if not request.POST and seat.code in taken:
            chosen = str(taken[seat.code].member_id)
        rows.append({"seat": seat, "who": who, "chosen": chosen, "leads": typed(request.POST, "leads") == seat.code})
    return rows


def _item(
    request: HttpRequest,
    one: Any,
    definition: Any,
    rule: SittingRule,
    attendance: list[Attendance],
    may: Any,
    at: int | None,
) -> dict[str, Any]:
    """An item with its motion, votes and the forms that its stage asks for."""
    item: AgendaItem = one.item
    motion = next((row for row in one.motions if row.state in (Motion.OPEN, Motion.CARRIED)), None)
    voters = [
        line
        for line in attendance
        if line.present and line.seat in ("chair", "member") and line.member_id not in one.conflicts
    ]
    votes = {vote.member_id: vote.value for vote in motion.votes.all()} if motion else {}
    lines = list(item.case.persons.select_related("person").prefetch_related("person__names").order_by("position"))
    posted = request.POST if at == item.position else None
    decides = [
        definition.actions[code] for code in rule.decides if item.case.state in definition.actions[code].from_states
    ]
    shown: dict[str, Any] = {
        "item": item,
        "dues": one.dues,
        "clocks": definition.clocks,
        "motion": motion,
        "fallen": [row for row in one.motions if row.state == Motion.FALLEN],
        "voters": [{"line": line, "vote": votes.get(line.member_id, "")} for line in voters],
        "conflicts": one.conflicts,
        "reasons": {request.resolver_match.kwargs["act"]: posted.get("reason", "")} if posted is not None else {},
        "moving": motion is not None and _told_motion(motion, definition, lines, request.actor.language),
        "everybody_voted": bool(motion) and all(line.member_id in votes for line in voters),
        "state": definition.states[item.case.state],
    }
    waiting = item.outcome == AgendaItem.WAITING and item.sitting.state == Sitting.OPEN
    if waiting and motion is None and may["move"]:
        shown["move_forms"] = [
            {"action": action, "form": _motion_form(request, items.voted_part(action), lines, posted)}
            for action in decides
        ]
    if waiting and motion is not None and motion.state == Motion.CARRIED and may["decide"]:
        action = definition.actions[motion.action]
        shown["decide_form"] = _motion_form(
            request, rest_of(action), lines, posted, item.case.version, whole=action, settled=motion.persons
        )
    return shown


def rest_of(action: Any) -> Any:
    """What is written with the decision: the fields that were not voted on."""
    voted = items.voted_part(action)
    names = {one.name for one in (*voted.form, *voted.per_person)}
    return items.part_of(action, lambda one: one.name not in names)


def _motion_form(
    request: HttpRequest, action: Any, lines: Any, posted: Any, version: int | None = None, **more: Any
) -> ActionForm:
    return ActionForm(
        *((posted,) if posted is not None and posted.get("action", action.code) == action.code else ()),
        action=action,
        book=rulebook.current(),
        language=request.actor.language,
        lines=lines,
        on=timezone.localdate(),
        version=version,
        with_day=False,
        auto_id=f"id_{action.code}_%s",
        **more,
    )


def _told_motion(motion: Motion, definition: Any, lines: Any, language: str) -> dict[str, Any]:
    """What is voted on, in words: the act, and for each person the outcome and its grounds."""
    book, action = rulebook.current(), definition.actions[motion.action]

    def words(name: str, value: Any) -> str:
        one = action.field(name)
        values = value if isinstance(value, list) else [value]
        if one.choices:
            return ", ".join(book.text(one.choices[code], language) for code in values if code in one.choices)
        if one.code_list:
            return ", ".join(book.codes[one.code_list].title(code, language) for code in values)
        return ", ".join(str(each) for each in values)

    return {
        "title": action.titles,
        "persons": [
            {
                "person": line.person,
                "names": list(line.person.names.all()),
                "words": [words(name, value) for name, value in motion.persons.get(str(line.person_id), {}).items()],
            }
            for line in lines
        ]
        if motion.persons
        else [],
        "facts": [words(name, value) for name, value in motion.facts.items()],
    }


# -- acts ------------------------------------------------------------------------------------------------------------


@page("procedures.sitting.act")
@require_POST
def sitting_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Opening, attendance, closing, cancelling: one press each, and back to the page."""
    found = obtain_sitting(request.actor, number)
    known = {"open": _open, "attendance": _attend, "close": _close, "cancel": _cancel}
    if act not in known:
        raise Problem("procedures.sitting.not_found")
    try:
        known[act](request, found)
    except Problem as problem:
        return show(request, found, problem)
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
