"""A panel scores its cases: each member for herself, hidden from the others until the scoring is closed; then the ranking decides.

A score can be changed until then: the member scores again and the latest turn counts, nothing is overwritten. Closing works out
the order once, with the places there are, and keeps it; `decide_by_ranking` makes it the decision of every case in one act.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.procedures.models import AgendaItem, PanelMarks, PanelScore, Ranking, Sitting, Step
from panoh.procedures.operations.items import hold_item, record_item
from panoh.procedures.operations.sittings import attendants, locked_for, save_sitting
from panoh.procedures.operations.steps import lock_cases, take_locked_step
from panoh.procedures.queries.scores import Panel, read_panel
from panoh.procedures.rules.ranking import Ranked, check_marks, rank
from panoh.procedures.rules.voting import check_vote
from panoh.rulebook.model import ScoreSheet, SittingRule

MOST_PLACES = 10_000


@transaction.atomic
def score_item(*, by: Actor, item: AgendaItem, marks: Mapping[str, object]) -> PanelScore:
    """The member's own score of one case, or a change of it. Nobody scores for another: there is no show of hands here."""
    held = hold_item(by, item, "vote")
    sheet = sheet_of(held.rule)
    check_open(held.sitting)
    check_vote(by.member_id, attendants(held.attendance), held.excluded)
    given = check_marks(sheet, marks)
    last = PanelScore.objects.filter(item=held.item, member_id=by.member_id).order_by("-turn").first()
    if last is not None and last.marks.given == given:
        return last
    score = PanelScore(id=new_id(), item=held.item, member_id=by.member_id, turn=last.turn + 1 if last else 1)
    # The marks stand in the detail, which the ledger commits to and does not show: nobody learns them from there early.
    record_item(
        by, held, "score.changed" if last else "score.given", [score.pk],
        {"score": score.pk, "member": by.member_id, "turn": score.turn, "sheet": sheet.name}, detail={"marks": given},
    )  # fmt: skip
    score.save(force_insert=True)
    PanelMarks(score=score, item=held.item, member_id=by.member_id, given=given).save(force_insert=True)
    return score


@transaction.atomic
def close_scores(*, by: Actor, sitting: Sitting, places: Mapping[str, object], expected_version: int) -> Ranking:
    """Closes the scoring with so many places for each answer. Everybody present has scored every case but those in conflict."""
    locked, _definition, rule = locked_for(by, sitting, "decide", Sitting.OPEN, expected_version)
    sheet = sheet_of(rule)
    check_open(locked)
    wanted = check_places(sheet, places)
    made = Ranking(
        sitting=locked, sheet=sheet.name, places=wanted, lines=[], closed_by_id=by.member_id, closed_at=timezone.now()
    )
    made.save(force_insert=True)  # with this row the database shows everybody's marks, and to nobody before
    panel = read_panel(locked)
    check_complete(panel)
    made.lines = [line_of(one) for one in rank(sheet, panel.counted(), wanted)]
    save_sitting(
        by, locked, "scores_closed", payload={"sheet": sheet.name, "places": wanted, "ranking": made.lines}
    )  # fmt: skip
    made.save(update_fields=["lines"])
    return made


@transaction.atomic
def decide_by_ranking(*, by: Actor, sitting: Sitting, expected_version: int) -> list[Step]:
    """Makes the ranking the decision of every case of it that still waits: all of them, or none. One entry for each."""
    locked, _definition, rule = locked_for(by, sitting, "decide", Sitting.OPEN, expected_version)
    sheet = sheet_of(rule)
    ranking = Ranking.objects.filter(sitting=locked).first()
    if ranking is None:
        raise Problem("procedures.scores.not_closed")
    outcomes = {UUID(line["item"]): line["outcome"] for line in ranking.lines}
    items = list(locked.items.filter(outcome=AgendaItem.WAITING, pk__in=outcomes).order_by("case_id"))
    if not items:
        raise Problem("procedures.scores.nothing_to_decide")
    held = lock_cases([item.case_id for item in items])
    steps = []
    for item in items:
        case, read = held[item.case_id]
        answer = {sheet.fills: outcomes[item.pk]}
        persons = {line.person_id: answer for line in read.lines} if sheet.per_person else {}
        step = take_locked_step(
            by=by,
            case=case,
            action=sheet.decides,
            facts={} if sheet.per_person else answer,
            persons_facts=persons,
            occurred_on=locked.on,
            expected_version=case.version,
            correlation_id=locked.pk,
            in_sitting=rule.code,
            agenda_item_id=item.pk,
            beside=[locked.pk, item.pk],
            read=read,
        )
        item.outcome, item.step, item.version = AgendaItem.DECIDED, step, item.version + 1
        steps.append(step)
    AgendaItem.objects.bulk_update(items, ["outcome", "step", "version"])
    return steps


def sheet_of(rule: SittingRule) -> ScoreSheet:
    if rule.scores is None:
        raise Problem("procedures.scores.votes_here")
    return rule.scores


def check_open(sitting: Sitting) -> None:
    """Once the scoring is closed nothing is scored any more."""
    if Ranking.objects.filter(sitting=sitting).exists():
        raise Problem("procedures.scores.closed")


def check_places(sheet: ScoreSheet, given: Mapping[str, object]) -> dict[str, int]:
    found, problems = {}, []
    for answer in sheet.ranked:
        text = str(given.get(answer, "")).strip()
        if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= MOST_PLACES):
            problems.append(Problem("procedures.scores.places", field=f"places-{answer}", most=MOST_PLACES))
        else:
            found[answer] = int(text)
    if problems:
        raise Problems(problems)
    return found


def check_complete(panel: Panel) -> None:
    """A case that somebody has yet to score is not ranked behind her back."""
    missing = sum(len(line.missing) for line in panel.lines)
    if missing:
        raise Problem("procedures.scores.missing", missing=missing)
    if any(not line.counted for line in panel.lines):
        raise Problem("procedures.scores.nobody_scored")


def line_of(one: Ranked) -> dict[str, Any]:
    """A line of the ranking as it is kept and recorded: the score exactly, as a fraction, and as people read it."""
    return {
        "item": str(one.item),
        "rank": one.rank,
        "score": f"{one.score.numerator}/{one.score.denominator}",
        "outcome": one.outcome,
        "apart_by": one.apart_by,
        "equal": one.equal,
    }
