"""What a case can show for its safeguards, gathered from clocks, sittings and papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.procedures.models import AgendaItem, Attendance, Case, Due, SafeguardAnswer
from panoh.procedures.queries.cases import as_act, papers_issued, past_of, procedure_of
from panoh.procedures.rules.safeguards import Finding, MonitorAnswer, Record, Verdict, findings
from panoh.procedures.rules.situation import Act, Situation


def answers_visible_to(actor: Actor):
    """What monitors said: to their own organisation, and to protection staff."""
    answers = SafeguardAnswer.objects.all()
    return answers if actor.reads("protection") else answers.filter(organisation_id=actor.organisation_id)


def record_of(
    case: Case,
    actor: Actor | None = None,
    dues: Iterable[Due] | None = None,
    papers: Mapping[str, date] | None = None,
) -> Record:
    """The record of one case, with what was read already. Without an actor the answers of monitors stay out."""
    today = timezone.localdate()
    late: dict[str, date] = {}
    in_time: dict[str, date] = {}
    running: dict[str, date | None] = {}
    for due in case.dues.all() if dues is None else dues:
        ends, until = due.due_on, due.stopped_on or today
        if ends is not None and until > ends:
            late[due.clock] = ends
        elif due.stopped_on is not None:
            in_time[due.clock] = due.stopped_on
        elif not due.unknown:
            running[due.clock] = ends
    return Record(
        late_clocks=late,
        clocks_in_time=in_time,
        running_clocks=running,
        seats=_seats(case),
        papers=papers_issued(case.pk) if papers is None else papers,
        answers=_answers(case, actor) if actor else {},
    )


def _seats(case: Case) -> dict[str, frozenset[str]]:
    """By kind of sitting that decided in the case: the places that were taken there."""
    decided = AgendaItem.objects.filter(case=case, outcome=AgendaItem.DECIDED).values_list(
        "sitting_id", "sitting__kind"
    )
    kinds = dict(decided)
    found: dict[str, set[str]] = {kind: set() for kind in kinds.values()}
    for sitting, place in Attendance.objects.filter(sitting_id__in=kinds, present=True).values_list(
        "sitting_id", "place"
    ):
        found[kinds[sitting]].add(place)
    return {kind: frozenset(places) for kind, places in found.items()}


def _answers(case: Case, actor: Actor) -> dict[str, MonitorAnswer]:
    return {
        row.safeguard: MonitorAnswer(Verdict(row.verdict), row.on, row.evidence) for row in _ANSWERS(actor, case.pk)
    }


_ANSWERS: Composed[SafeguardAnswer] = Composed(
    lambda actor, case: answers_visible_to(actor).filter(case_id=case).order_by("recorded_at", "id")
)


def findings_of(
    case: Case,
    actor: Actor,
    acts: tuple[Act, ...] | None = None,
    dues: Iterable[Due] | None = None,
    papers: Mapping[str, date] | None = None,
) -> tuple[Finding, ...]:
    """All safeguards of a case as this reader may know them: closed answers count only where she reads them."""
    if acts is None:
        acts = read_acts(case)
    definition = procedure_of(case)
    situation = Situation(
        procedure=definition,
        track=case.track,
        state=case.state,
        opened_on=case.opened_on,
        today=timezone.localdate(),
        acts=past_of(definition, acts),
    )
    return findings(situation, record_of(case, actor, dues, papers), rulebook.current())


def read_acts(case: Case) -> tuple[Act, ...]:
    """The steps with all answers that the database lets this reader see."""
    found = []
    for step in case.steps.select_related("stepnarrative").order_by("seq"):
        narrative = getattr(step, "stepnarrative", None)
        found.append(as_act(step, narrative.facts, narrative.persons) if narrative else as_act(step))
    return tuple(found)
