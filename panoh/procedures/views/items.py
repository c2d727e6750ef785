"""Acts on one item of an agenda: a motion, a vote, the count, the decision, a deferral, a conflict of interest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from panoh import rulebook
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.procedures.forms import ActionForm, read_id, typed
from panoh.procedures.models import AgendaItem, Motion
from panoh.procedures.operations import items
from panoh.procedures.queries.sittings import get_item, obtain_sitting, rule_of
from panoh.procedures.views.sittings import rest_of, show, version_of


@page("procedures.sitting.act")
@require_POST
def item_act(request: HttpRequest, number: str, position: int, act: str) -> HttpResponse:
    """A motion, a vote, the count, the decision, a deferral, a conflict of interest: on one item of the agenda."""
    found = obtain_sitting(request.actor, number)
    known: dict[str, Callable[[HttpRequest, AgendaItem], None]] = {
        "move": _move,
        "vote": _vote,
        "votes": _votes,
        "count": _count,
        "decide": _decide,
        "defer": _defer,
        "conflict": _conflict,
    }
    if act not in known:
        raise Problem("procedures.item.not_found")
    try:
        known[act](request, get_item(request.actor, found, position))
    except Problem as problem:
        return show(request, found, problem, at=position)
    return redirect(f"{reverse('sitting', args=[found.number])}#item-{position}")


def _lines(item: AgendaItem) -> list[Any]:
    return list(item.case.persons.select_related("person").order_by("position"))


def _answers(request: HttpRequest, item: AgendaItem, action: Any, **more: Any) -> ActionForm:
    form = ActionForm(
        request.POST,
        request.FILES,
        action=action,
        book=rulebook.current(),
        language=request.actor.language,
        lines=_lines(item),
        on=timezone.localdate(),
        with_day=False,
        **more,
    )
    form.is_valid()
    return form


def _move(request: HttpRequest, item: AgendaItem) -> None:
    definition, rule = rule_of(item.sitting)
    wanted = typed(request.POST, "action")
    if wanted not in rule.decides:
        raise Problem("procedures.step.unknown_action", action=wanted[:60])
    form = _answers(request, item, items.voted_part(definition.actions[wanted]))
    items.put_motion(by=request.actor, item=item, action=wanted, facts=form.facts(), persons_facts=form.persons_facts())


def _vote(request: HttpRequest, item: AgendaItem) -> None:
    items.cast_vote(by=request.actor, item=item, value=typed(request.POST, "value"))


def _votes(request: HttpRequest, item: AgendaItem) -> None:
    votes = {}
    for name, value in request.POST.items():
        member = read_id(name.removeprefix("vote-")) if name.startswith("vote-") else None
        if member and value:
            votes[member] = value
    items.record_votes(by=request.actor, item=item, votes=votes)


def _count(request: HttpRequest, item: AgendaItem) -> None:
    items.count_votes(by=request.actor, item=item)


def _decide(request: HttpRequest, item: AgendaItem) -> None:
    definition, _rule = rule_of(item.sitting)
    motion = item.motions.filter(state=Motion.CARRIED).first()
    if motion is None:
        raise Problem("procedures.motion.not_carried")
    action = definition.actions[motion.action]
    form = _answers(request, item, rest_of(action), whole=action, settled=motion.persons)
    items.decide_item(
        by=request.actor,
        item=item,
        expected_version=version_of(request),
        facts=form.facts(),
        persons_facts=form.persons_facts(),
    )


def _defer(request: HttpRequest, item: AgendaItem) -> None:
    items.defer_item(by=request.actor, item=item, reason=typed(request.POST, "reason"))


def _conflict(request: HttpRequest, item: AgendaItem) -> None:
    member = read_id(typed(request.POST, "member")) or request.actor.member_id
    items.declare_conflict(by=request.actor, item=item, member=member, reason=typed(request.POST, "reason"))
