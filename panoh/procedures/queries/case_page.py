"""All that the page of a case shows, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.kernel.problems import Problem, render
from panoh.procedures.models import AgendaItem, Case, CasePerson, Due, LatePermit, Step
from panoh.procedures.operations.dues import barriers_of, feasts_on_record
from panoh.procedures.path import Stage, case_path
from panoh.procedures.queries.cases import (
    as_act,
    as_person_facts,
    asks_for_open_cases,
    list_cases_beside,
    names_of,
    open_elsewhere,
    papers_issued,
    past_of,
    procedure_of,
    stops_of_case,
)
from panoh.procedures.queries.history import StepOnPage, tell_history
from panoh.procedures.queries.late_permits import list_waiting_permits
from panoh.procedures.queries.moves import Prospect, find_prospect
from panoh.procedures.queries.paper_orders import OrderLine, list_orders
from panoh.procedures.queries.safeguards import findings_of
from panoh.procedures.queries.voters import voters_of
from panoh.procedures.rules.actions import possibilities
from panoh.procedures.rules.agenda import bucket
from panoh.procedures.rules.clocks import compute_deadline, told_clocks
from panoh.procedures.rules.safeguards import Finding, Verdict
from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.feasts import with_feasts
from panoh.rulebook.model import Action, ClockRule, NoRuleInForce, Procedure
from panoh.rulebook.reasoning import explain


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line of "why this date", as the component `reasoning` shows it."""

    text: str
    provision: str | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class ClockOnPage:
    """A clock with both counts and its reasoning."""

    due: Due
    rule: ClockRule
    title: str
    lines: tuple[ReasonLine, ...]
    elapsed_days: int
    late: bool
    bucket: str


@dataclass(frozen=True, slots=True)
class ActOnPage:
    """One act that this state knows: possible, or with the reason why it is not."""

    action: Action
    label: str
    refused: str


@dataclass(frozen=True, slots=True)
class PersonOnPage:
    """One line of the case: the person, the outcome and its grounds."""

    line: CasePerson
    names: Sequence[Any]
    outcome: str
    grounds: tuple[str, ...]
    listed_with: CasePerson | None


@dataclass(slots=True)
class CasePage:
    """The page of a case."""

    case: Case
    definition: Procedure
    path: list[Stage]
    acts: list[ActOnPage]
    clocks: list[ClockOnPage]
    persons: list[PersonOnPage]
    history: list[StepOnPage]
    orders: list[OrderLine]
    findings: tuple[Finding, ...]
    waiting_item: AgendaItem | None
    permits: list[LatePermit]
    """Late entries that were allowed and wait to be written down."""
    prospect: Prospect | None
    """The later version that takes this case, if there is one."""
    siblings: list[Case]
    together: list[Case]
    """The cases that are heard together with this one."""

    @property
    def running(self) -> list[ClockOnPage]:
        return [clock for clock in self.clocks if clock.due.stopped_on is None]

    @property
    def counted(self) -> dict[str, int]:
        """How many safeguards stand under each verdict; what does not apply is not counted."""
        return {
            str(verdict): many
            for verdict in (Verdict.BROKEN, Verdict.UNKNOWN, Verdict.NOT_DUE, Verdict.KEPT)
            if (many := sum(one.verdict is verdict for one in self.findings))
        }

    @property
    def possible(self) -> list[ActOnPage]:
        return [act for act in self.acts if not act.refused]


_STEPS: Composed[Step] = Composed(
    lambda case: (
        Step.objects.filter(case_id=case)
        .select_related(
            "stepnarrative", "steprestricted", "by__account", "by__organisation", "late_permit__given_by__account"
        )
        .order_by("seq")
    )
)
_LINES: Composed[CasePerson] = Composed(
    lambda case: (
        CasePerson.objects.filter(case_id=case)
        .select_related("person", "listed_with")
        .prefetch_related("person__names")
        .order_by("position")
    )
)
_DUES: Composed[Due] = Composed(lambda case: Due.objects.filter(case_id=case))
_WAITING: Composed[AgendaItem] = Composed(
    lambda case: (
        AgendaItem.objects.filter(case_id=case, outcome=AgendaItem.WAITING).select_related("sitting").order_by("pk")[:1]
    )
)


def read_case_page(actor: Actor, case: Case, today: date) -> CasePage:
    """The case was obtained by whoever asks; this reads the rest around it."""
    definition = procedure_of(case)
    language = actor.language
    steps = _STEPS(case.pk)
    lines = _LINES(case.pk)
    dues = _DUES(case.pk)
    acts = tuple(as_act(step) for step in steps)
    past = past_of(definition, acts)
    waiting = _WAITING.first(case.pk) if definition.sittings else None
    papers = papers_issued(case.pk)
    situation = Situation(
        procedure=definition,
        track=case.track,
        state=case.state,
        opened_on=case.opened_on,
        today=today,
        acts=past,
        persons=tuple(as_person_facts(line) for line in lines),
        open_elsewhere=open_elsewhere([line.person_id for line in lines], case.pk)
        if asks_for_open_cases(definition)
        else frozenset(),
        clock_ends={due.clock: due.due_on for due in dues if due.stopped_on is None},
        papers=frozenset(papers),
        stops=stops_of_case(case, [line.person for line in lines], today),
        voters=voters_of(case, definition, past),
        waits_for_sitting=waiting is not None,
    )
    siblings, together = list_cases_beside(actor, case)
    return CasePage(
        case=case,
        definition=definition,
        path=case_path(definition, case.track, case.state, past, language),
        acts=_acts(actor, case, situation, language),
        clocks=_clocks(case, definition, dues, acts, today, language),
        persons=_persons(definition, lines, language),
        history=tell_history(definition, steps, acts, language, actor.reads("narrative")),
        orders=list_orders(case),
        findings=findings_of(case, actor, _closed_acts(steps), dues, papers),
        waiting_item=waiting,
        permits=list_waiting_permits(case.household_id, case),
        prospect=find_prospect(case, today, acts=acts, on_agenda=waiting is not None),
        siblings=siblings,
        together=together,
    )


def _closed_acts(steps: Sequence[Step]) -> tuple[Act, ...]:
    return tuple(
        as_act(step, step.stepnarrative.facts, step.stepnarrative.persons)
        if hasattr(step, "stepnarrative")
        else as_act(step)
        for step in steps
    )


def _acts(actor: Actor, case: Case, situation: Situation, language: str) -> list[ActOnPage]:
    """What the actor's organisation can do; acts of other roles are not listed as refused, for they are no news."""
    if case.organisation_id != actor.organisation_id and case.organisation.kind == actor.organisation_kind:
        return []
    book = rulebook.current()
    found = []
    for one in possibilities(situation, actor.role, actor.member_id):
        if one.refusal is not None and one.refusal.code == "procedures.step.not_your_role":
            continue
        refused = "" if one.refusal is None else _why(one.refusal, situation.procedure, language)
        found.append(ActOnPage(one.action, book.text(one.action.titles, language), refused))
    return sorted(found, key=lambda act: bool(act.refused))


def _why(refusal: Problem, definition: Procedure, language: str) -> str:
    """The reason of a refusal, with what it speaks of by name: the act that is missing, the paper, the day of the limit."""
    book, params = rulebook.current(), refusal.params
    why = render(refusal)[0].why
    named = [
        book.text(definition.actions[params[key]].titles, language)
        for key in ("needed", "done", "first")
        if params.get(key) in definition.actions
    ]
    if refusal.code == "procedures.guard.no_paper":
        named.append(book.codes["paper_kinds"].title(params["kind"], language))
    if params.get("clock") in definition.clocks:
        named.append(book.text(definition.clocks[params["clock"]].titles, language))
    return f"{why} ({'; '.join(named)})" if named else why


def _clocks(
    case: Case, definition: Procedure, dues: Sequence[Due], acts: Sequence[Act], today: date, language: str
) -> list[ClockOnPage]:
    book = with_feasts(rulebook.current(), feasts_on_record())
    barriers = barriers_of(case.organisation_id)
    told = {rule.code: (rule, inputs) for rule, inputs in told_clocks(definition, case.track, acts, barriers, book)}
    found = []
    for due in dues:
        rule, inputs = told.get(due.clock) or (definition.clocks[due.clock], None)
        lines: tuple[ReasonLine, ...] = ()
        elapsed, late = ((due.stopped_on or today) - due.starts_on).days, False
        if inputs is not None:
            try:
                answer = compute_deadline(rule, inputs, book, today)
            except NoRuleInForce as unknown:
                lines = (ReasonLine(render(unknown)[0].why, None, False),)
            else:
                lines = tuple(
                    ReasonLine(explain(line, language, book, definition), line.provision, line.code == "unverified")
                    for line in answer.reasoning
                )
                elapsed, late = answer.elapsed_days, answer.is_late
        found.append(
            ClockOnPage(due, rule, book.text(rule.titles, language), lines, elapsed, late, bucket(due.due_on, today))
        )
    return sorted(
        found,
        key=lambda one: (
            one.due.stopped_on is not None,
            one.due.due_on is None,
            one.due.due_on or date.max,
            one.due.clock,
        ),
    )


def _persons(definition: Procedure, lines: Sequence[CasePerson], language: str) -> list[PersonOnPage]:
    book = rulebook.current()
    by_id = {line.pk: line for line in lines}
    return [
        PersonOnPage(
            line,
            names_of(line.person),
            book.text(definition.outcomes[line.outcome], language)
            if line.outcome in definition.outcomes
            else line.outcome,
            tuple(_ground(definition, code, language) for code in line.grounds),
            by_id.get(line.listed_with_id),
        )
        for line in lines
    ]


def _ground(definition: Procedure, code: str, language: str) -> str:
    """The title of a ground, from whichever list its field chooses from."""
    book = rulebook.current()
    for action in definition.actions.values():
        for one in action.per_person:
            if one.name == definition.grounds_field and one.code_list:
                return book.codes[one.code_list].title(code, language)
    return code
