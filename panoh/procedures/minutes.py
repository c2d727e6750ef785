"""Minutes of a sitting on paper: who was there, whether the quorum stood, what was decided with which votes."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.papers.content import day_texts, in_all_languages, name_texts
from panoh.papers.rendering import render_pdf
from panoh.procedures.models import AgendaItem, Conflict, Motion, Sitting
from panoh.procedures.queries.agenda import AgendaLine, list_agenda
from panoh.procedures.queries.scores import ScoresOnPage, read_scores
from panoh.procedures.queries.sittings import list_attendance, rule_of
from panoh.rulebook.law import LANGUAGES
from panoh.rulebook.model import Procedure, ScoreSheet

TEMPLATE = "commission_minutes"


def minutes_pdf(actor: Actor, sitting: Sitting) -> bytes:
    """The PDF, in the official language and that of the reader."""
    return render_pdf(TEMPLATE, minutes_content(actor, sitting), made_at=timezone.now())


def minutes_content(actor: Actor, sitting: Sitting) -> dict[str, Any]:
    """What is printed. Files that are closed to the actor are not on the list of items that she can print."""
    book = rulebook.current()
    definition, rule = rule_of(sitting)
    places = {seat.code: in_all_languages(seat.titles) for seat in rule.seats}
    present: list[dict[str, Any]] = []
    absent: list[dict[str, Any]] = []
    observers: list[dict[str, Any]] = []
    attendance = list_attendance(sitting)
    for line in attendance:
        row = {"name": line.member.account.name, "role": places[line.place]}
        (observers if line.seat == "observer" and line.present else present if line.present else absent).append(row)
    taken = {line.place for line in attendance if line.present}
    listed = {line.place for line in attendance}
    absent += [
        {"name": "—", "role": places[seat.code]}
        for seat in rule.seats
        if attendance and seat.code not in taken | listed
    ]
    lines = list_agenda(actor, sitting)
    items = [line.item for line in lines]
    counted = Motion.objects.filter(item__in=items, state__in=[Motion.CARRIED, Motion.FALLEN]).order_by("round")
    motions = {motion.item_id: motion for motion in counted}
    names = {line.member_id: line.member.account.name for line in attendance}
    conflicts: dict[Any, list[str]] = {}
    for row in Conflict.objects.filter(item__in=items):
        conflicts.setdefault(row.item_id, []).append(names.get(row.member_id, ""))
    scores = read_scores(actor, sitting, rule.scores, attendance, lines) if rule.scores else None
    language = actor.language if actor.language in LANGUAGES else book.country.official_language
    return {
        "language": language,
        "official": book.country.official_language,
        "serial": sitting.number,
        "authority": in_all_languages(sitting.organisation.titles),
        "sitting": {
            "title": in_all_languages(rule.titles),
            "on": day_texts(sitting.on),
            "place": dict.fromkeys(LANGUAGES, sitting.place),
            "quorum": f"{sitting.quorum_present or 0} / {sitting.quorum_needed or 0}",
            "present": present,
            "absent": absent,
            "observers": observers,
            "items": [
                _item(line, motions.get(line.item.pk), conflicts.get(line.item.pk, []), sitting) for line in lines
            ],
            "ranking": _ranking(scores, rule.scores, definition) if scores and rule.scores and scores.table else None,
            "remarks": {book.country.official_language: sitting.minutes},
        },
    }  # fmt: skip


def _ranking(scores: ScoresOnPage, sheet: ScoreSheet, definition: Procedure) -> dict[str, Any]:
    """The table of the scores: the sheet, the places, and each case with what it was given by whom."""
    choices = definition.actions[sheet.decides].field(sheet.fills).choices
    return {
        "sheet": sheet.name,
        "criteria": [f"{one.weight}" for one in sheet.criteria.values()],
        "criterion_titles": [in_all_languages(one.titles) for one in sheet.criteria.values()],
        "members": [line.member.account.name for line in scores.panel],
        "places": [
            {"outcome": in_all_languages(choices[answer]), "many": str(many)}
            for answer, many in (scores.ranking.places if scores.ranking else {}).items()
        ],
        "lines": [
            {
                "rank": str(line.ranked.rank),
                "equal": bool(line.ranked.equal),
                "case_number": line.agenda.item.case.number,
                "score": f"{float(line.ranked.score):.1f}",
                "members": ["—" if one is None else f"{float(one):.0f}" for one in line.members],
                "means": [f"{float(line.ranked.means[code]):.1f}" for code in sheet.criteria],
                "outcome": in_all_languages(choices[line.ranked.outcome]),
            }
            for line in scores.table
        ],
    }


def _item(line: AgendaLine, counted: Motion | None, conflicts: list[str], sitting: Sitting) -> dict[str, Any]:
    return {
        "case_number": line.item.case.number,
        "applicant": name_texts(line.family.first.person)[rulebook.current().country.official_language]
        if line.family
        else "",
        "outcome": _outcome(line.item, sitting),
        "note": line.item.note,
        "votes": {
            "for": counted.in_favour or 0,
            "against": counted.against or 0,
            "abstained": counted.abstained or 0,
        }
        if counted
        else None,
        "conflicts": conflicts,
    }


DEFERRED = {"en": "Deferred", "ru": "Отложено", "tg": "Мавқуф гузошта шуд", "prs": "به تعویق افتاد"}
WAITING = {"en": "Not dealt with", "ru": "Не рассмотрено", "tg": "Баррасӣ нашуд", "prs": "بررسی نشد"}


def _outcome(item: AgendaItem, sitting: Sitting) -> dict[str, str]:
    """What became of the item: the state to which the decision led, for each person's outcome stands in the decision."""
    definition, _rule = rule_of(sitting)
    if item.outcome == AgendaItem.DECIDED and item.step is not None:
        state = definition.states[item.step.to_state].titles
        doing = definition.actions[item.step.action].doing
        return {language: f"{doing[language]}: {state[language]}" for language in LANGUAGES}
    return DEFERRED if item.outcome == AgendaItem.DEFERRED else WAITING
