"""What pages of a sitting show of its scores, and the acts on them: a score given, the scoring closed, the ranking made the decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from panoh.kernel.problems import Problem
from panoh.procedures.forms import typed
from panoh.procedures.models import AgendaItem, Attendance, Sitting
from panoh.procedures.operations import scores
from panoh.procedures.queries.agenda import AgendaLine
from panoh.procedures.queries.scores import find_own_marks, read_scores
from panoh.procedures.queries.sittings import rule_of
from panoh.procedures.rules.ranking import total
from panoh.rulebook.model import Procedure, ScoreSheet, SittingRule


def scores_of_sitting(
    request: HttpRequest, found: Sitting, attendance: Sequence[Attendance], agenda: Sequence[AgendaLine]
) -> dict[str, Any]:
    """For the page of a sitting that scores: how far each member is, or the ranking; nothing for one that votes."""
    definition, rule = rule_of(found)
    if rule.scores is None or found.state not in (Sitting.OPEN, Sitting.CLOSED):
        return {}
    shown = read_scores(request.actor, found, rule.scores, attendance, agenda)
    if shown.ranking is None and found.state == Sitting.CLOSED:
        return {}  # of a time when this body still voted
    choices = _choices(definition, rule.scores)
    places = (shown.ranking.places if shown.ranking else {}) | {
        answer: typed(request.POST, f"places-{answer}") for answer in rule.scores.ranked if request.POST
    }
    return {
        "scores": shown,
        "criteria": list(rule.scores.criteria.values()),
        "places": [
            {"code": answer, "titles": choices[answer], "many": places.get(answer, "")} for answer in rule.scores.ranked
        ],
        "rest": choices[rule.scores.rest],
        "ranked": [
            {
                "line": line,
                "outcome": choices[line.ranked.outcome],
                "apart": rule.scores.criteria.get(line.ranked.apart_by),
                "means": [(one, float(line.ranked.means[code])) for code, one in rule.scores.criteria.items()],
                "score": float(line.ranked.score),
                "lowest": float(line.ranked.lowest),
                "highest": float(line.ranked.highest),
            }
            for line in shown.table
        ],
        "undecided": sum(line.agenda.item.outcome == AgendaItem.WAITING for line in shown.table),
    }


def _choices(definition: Procedure, sheet: ScoreSheet) -> dict[str, Any]:
    field = definition.actions[sheet.decides].field(sheet.fills)
    return dict(field.choices)


def scores_of_item(
    request: HttpRequest,
    shown: AgendaItem,
    rule: SittingRule,
    attendance: Sequence[Attendance],
    agenda: Sequence[AgendaLine],
    refused: Problem | None,
) -> dict[str, Any]:
    """For the page of one item: the reader's own marks as a form, and who has scored; all marks once they are shown."""
    sheet = rule.scores
    if sheet is None:
        return {}
    read = read_scores(
        request.actor, shown.sitting, sheet, attendance, [one for one in agenda if one.item.pk == shown.pk]
    )
    own = find_own_marks(request.actor, shown)
    posted = (
        refused is not None and request.resolver_match is not None and request.resolver_match.kwargs["act"] == "score"
    )
    return {
        "scores": read,
        "own_total": float(total(sheet, own)) if own else None,
        "marks": [
            {
                "criterion": one,
                "value": typed(request.POST, f"mark-{one.code}") if posted else own.get(one.code, ""),
            }
            for one in sheet.criteria.values()
        ],
        "ranked_line": read.table[0] if read.table else None,
    }


def give_score(request: HttpRequest, here: AgendaItem) -> None:
    _definition, rule = rule_of(here.sitting)
    sheet = scores.sheet_of(rule)
    marks = {code: typed(request.POST, f"mark-{code}") for code in sheet.criteria}
    scores.score_item(by=request.actor, item=here, marks=marks)


def close_scores(request: HttpRequest, found: Sitting, version: int) -> None:
    _definition, rule = rule_of(found)
    sheet = scores.sheet_of(rule)
    places = {answer: typed(request.POST, f"places-{answer}") for answer in sheet.ranked}
    scores.close_scores(by=request.actor, sitting=found, places=places, expected_version=version)


def decide_by_ranking(request: HttpRequest, found: Sitting, version: int) -> None:
    scores.decide_by_ranking(by=request.actor, sitting=found, expected_version=version)
