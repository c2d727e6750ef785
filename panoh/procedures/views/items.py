"""One item of an agenda at a time: its page, and the acts on it (motion, vote, count, decision, deferral, conflict of interest)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from panoh import rulebook
from panoh.access.operations.readings import record_reading
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.procedures.forms import ActionForm, read_id, typed
from panoh.procedures.models import AgendaItem, CasePerson, Motion, Sitting
from panoh.procedures.operations import items, votes
from panoh.procedures.queries.agenda import list_agenda
from panoh.procedures.queries.cases import names_of
from panoh.procedures.queries.item_page import read_votes, way_from
from panoh.procedures.queries.scores import read_scores
from panoh.procedures.queries.sittings import get_item, list_attendance, obtain_sitting, rule_of
from panoh.procedures.rules.agenda import Standing
from panoh.procedures.views.scores import give_score, scores_of_item
from panoh.procedures.views.sittings import version_of, what_may
from panoh.rulebook.model import Action, Field, Procedure, SittingRule

LEAVES_THE_ITEM = ("decide", "defer")
"""Acts after which the next item is opened: with forty of them, nobody wants to go back to the list each time."""


@page("procedures.sitting.read")
@require_GET
def item(request: HttpRequest, number: str, position: int) -> HttpResponse:
    """An item with its address of its own; that somebody looked at the family is noted, as on the page of the case."""
    found = obtain_sitting(request.actor, number)
    shown = get_item(request.actor, found, position)
    record_reading(
        by=request.actor,
        household_id=shown.case.household_id,
        verb="procedures.sitting.read",
        route=request.path,
    )
    return show_item(request, found, shown)


def show_item(request: HttpRequest, found: Sitting, shown: AgendaItem, refusal: Problem | None = None) -> HttpResponse:
    """The page of one item; a refusal stands at the top, and what was typed is kept."""
    actor = request.actor
    definition, rule = rule_of(found)
    attendance = list_attendance(found)
    agenda = list_agenda(actor, found, with_families=False)
    here = next(line for line in agenda if line.item.pk == shown.pk)
    lines = list(
        shown.case.persons.select_related("person", "listed_with")
        .prefetch_related("person__names")
        .order_by("position")
    )
    motions = list(shown.motions.prefetch_related("votes").order_by("round"))
    conflicts = {row.member_id: row.reason for row in shown.conflicts.all()}
    current = next((row for row in motions if row.state in (Motion.OPEN, Motion.CARRIED)), None)
    may = what_may(request, found)
    going_on = shown.outcome == AgendaItem.WAITING and found.state == Sitting.OPEN
    mine = next((line for line in attendance if line.member_id == actor.member_id), None)
    posted = request.POST if refusal is not None else None
    context = {
        "sitting": found,
        "rule": rule,
        "item": shown,
        "here": here,
        "agenda": agenda,
        "way": way_from(agenda, shown),
        "decided": sum(line.standing is Standing.DECIDED for line in agenda),
        "deferred": sum(line.standing is Standing.DEFERRED for line in agenda),
        "persons": [{"line": line, "names": names_of(line.person)} for line in lines],
        "dues": _dues(shown, definition),
        "motion": current,
        "moving": told_motion(current, definition, lines, actor.language) if current else None,
        "votes": read_votes(actor, rule, current, attendance, frozenset(conflicts)) if current else None,
        "earlier": [
            {"motion": row, "told": told_motion(row, definition, lines, actor.language)}
            for row in motions
            if row.state in (Motion.FALLEN, Motion.WITHDRAWN)
        ],
        "conflicts": [(line, conflicts[line.member_id]) for line in attendance if line.member_id in conflicts],
        "may_conflict": [
            line
            for line in attendance
            if line.present and line.seat in ("chair", "member") and line.member_id not in conflicts
        ],
        "mine": mine,
        "my_conflict": conflicts.get(actor.member_id),
        "going_on": going_on,
        "may": may,
        "refusal": refusal,
        "typed": request.POST,
        # What was typed stays with the form it was typed into.
        "reasons": {"conflict": None, "defer": None, "withdraw": None}
        | ({request.resolver_match.kwargs["act"]: typed(request.POST, "reason")} if posted is not None else {}),
        **_forms(request, shown, definition, rule, lines, current, posted, going_on, may),
        **scores_of_item(request, shown, rule, attendance, agenda, refusal),
    }
    return render(request, "procedures/sitting_item.html", context, status=422 if refusal else 200)


def _dues(shown: AgendaItem, definition: Procedure) -> list[dict[str, Any]]:
    dues = [due for due in shown.case.dues.all() if due.stopped_on is None]
    dues.sort(key=lambda due: (due.due_on is None, due.due_on or due.starts_on, due.clock))
    return [{"due": due, "clock": definition.clocks[due.clock]} for due in dues]


def _forms(
    request: HttpRequest, shown: AgendaItem, definition: Procedure, rule: SittingRule, lines: list[CasePerson],
    motion: Motion | None, posted: Any, going_on: bool, may: dict[str, bool],
) -> dict[str, Any]:  # fmt: skip
    """The form that the item's stage asks for: what may be put to the vote, or what is written with a carried motion."""
    if going_on and motion is None and may["move"]:
        decides = [
            definition.actions[code]
            for code in rule.decides
            if not (rule.scores and rule.scores.decides == code)
            and shown.case.state in definition.actions[code].from_states
        ]
        return {
            "move_forms": [
                {"action": action, "form": _form(request, items.voted_part(action), lines, posted)}
                for action in decides
            ]
        }
    if going_on and motion is not None and motion.state == Motion.CARRIED and may["decide"]:
        action = definition.actions[motion.action]
        form = _form(request, rest_of(action), lines, posted, shown.case.version, whole=action, settled=motion.persons)
        return {"decide_form": form, "decide_action": action}
    return {}


def rest_of(action: Action) -> Action:
    """What is written with the decision: the fields that were not voted on."""
    voted = items.voted_part(action)
    names = {one.name for one in (*voted.form, *voted.per_person)}
    return items.part_of(action, lambda one: one.name not in names)


def _form(
    request: HttpRequest, action: Action, lines: Any, posted: Any, version: int | None = None, **more: Any
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


def told_motion(motion: Motion, definition: Procedure, lines: Any, language: str) -> dict[str, Any]:
    """What is voted on, in words: the act, and for each person the outcome and its grounds."""
    book, action = rulebook.current(), definition.actions[motion.action]

    def words(name: str, value: Any) -> str:
        one = action.field(name)
        values = value if isinstance(value, list) else [value]
        if one.choices:
            return ", ".join(book.text(one.choices[code], language) for code in values if code in one.choices)
        if one.code_list:
            return ", ".join(book.codes[one.code_list].title(code, language) for code in values)
        if one.kind == "bool":
            return f"{book.text(one.titles, language)}: {_('yes') if value else _('no')}"
        return ", ".join(str(each) for each in values)

    def in_order(fields: Sequence[Field], given: Mapping[str, Any]) -> list[str]:
        return [words(one.name, given[one.name]) for one in fields if one.name in given]

    return {
        "title": action.titles,
        "persons": [
            {
                "person": line.person,
                "names": names_of(line.person),
                "words": in_order(action.per_person, motion.persons.get(str(line.person_id), {})),
            }
            for line in lines
        ]
        if motion.persons
        else [],
        "facts": in_order(action.form, motion.facts),
    }


# -- acts ------------------------------------------------------------------------------------------------------------


@page("procedures.sitting.act")
@require_POST
def item_act(request: HttpRequest, number: str, position: int, act: str) -> HttpResponse:
    """One act on the item, and back to it; once it is dealt with, on to the next that waits."""
    found = obtain_sitting(request.actor, number)
    known: dict[str, Callable[[HttpRequest, AgendaItem], None]] = {
        "move": _move,
        "withdraw": _withdraw,
        "vote": _vote,
        "votes": _votes,
        "count": _count,
        "decide": _decide,
        "defer": _defer,
        "take-up": _take_up,
        "conflict": _conflict,
        "score": give_score,
    }
    if act not in known:
        raise Problem("procedures.item.not_found")
    here = get_item(request.actor, found, position)
    try:
        known[act](request, here)
    except Problem as problem:
        return show_item(request, found, here, problem)
    if act == "score":
        return _after_scoring(request, found, position)
    if act not in LEAVES_THE_ITEM:
        return redirect("sitting_item", found.number, position)
    told = _("Item %(position)s is decided.") if act == "decide" else _("Item %(position)s is deferred.")
    messages.info(request, told % {"position": position})
    onward = way_from(list_agenda(request.actor, found, with_families=False), here).next_waiting
    return redirect("sitting_item", found.number, onward.item.position) if onward else redirect("sitting", found.number)


def _after_scoring(request: HttpRequest, found: Sitting, position: int) -> HttpResponse:
    """On to the next case that this member has yet to score; after the last one it is told."""
    sheet = rule_of(found)[1].scores
    agenda = list_agenda(request.actor, found, with_families=False)
    left = read_scores(request.actor, found, sheet, list_attendance(found), agenda).mine_next if sheet else None
    if left is None:
        messages.info(request, _("You have scored every case of this agenda."))
    return redirect("sitting_item", found.number, left.position if left else position)


def _answers(request: HttpRequest, here: AgendaItem, action: Action, **more: Any) -> ActionForm:
    form = ActionForm(
        request.POST,
        request.FILES,
        action=action,
        book=rulebook.current(),
        language=request.actor.language,
        lines=list(here.case.persons.select_related("person").order_by("position")),
        on=timezone.localdate(),
        with_day=False,
        **more,
    )
    form.is_valid()
    return form


def _move(request: HttpRequest, here: AgendaItem) -> None:
    definition, rule = rule_of(here.sitting)
    wanted = typed(request.POST, "action")
    if wanted not in rule.decides:
        raise Problem("procedures.step.unknown_action", action=wanted[:60])
    form = _answers(request, here, items.voted_part(definition.actions[wanted]))
    items.put_motion(by=request.actor, item=here, action=wanted, facts=form.facts(), persons_facts=form.persons_facts())


def _withdraw(request: HttpRequest, here: AgendaItem) -> None:
    items.withdraw_motion(by=request.actor, item=here, reason=typed(request.POST, "reason"))


def _vote(request: HttpRequest, here: AgendaItem) -> None:
    votes.cast_vote(by=request.actor, item=here, value=typed(request.POST, "value"))


def _votes(request: HttpRequest, here: AgendaItem) -> None:
    given = {}
    for name, value in request.POST.items():
        member = read_id(name.removeprefix("vote-")) if name.startswith("vote-") else None
        if member and value:
            given[member] = value
    votes.record_votes(by=request.actor, item=here, votes=given)


def _count(request: HttpRequest, here: AgendaItem) -> None:
    votes.count_votes(by=request.actor, item=here)


def _decide(request: HttpRequest, here: AgendaItem) -> None:
    definition, _rule = rule_of(here.sitting)
    motion = here.motions.filter(state=Motion.CARRIED).first()
    if motion is None:
        raise Problem("procedures.motion.not_carried")
    action = definition.actions[motion.action]
    form = _answers(request, here, rest_of(action), whole=action, settled=motion.persons)
    items.decide_item(
        by=request.actor,
        item=here,
        expected_version=version_of(request),
        facts=form.facts(),
        persons_facts=form.persons_facts(),
    )


def _defer(request: HttpRequest, here: AgendaItem) -> None:
    items.defer_item(by=request.actor, item=here, reason=typed(request.POST, "reason"))


def _take_up(request: HttpRequest, here: AgendaItem) -> None:
    items.take_up_item(by=request.actor, item=here)


def _conflict(request: HttpRequest, here: AgendaItem) -> None:
    member = read_id(typed(request.POST, "member")) or request.actor.member_id
    items.declare_conflict(by=request.actor, item=here, member=member, reason=typed(request.POST, "reason"))
