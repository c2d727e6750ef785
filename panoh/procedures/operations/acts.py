"""The straight line that every act on a case takes, from the answers in a form to the entry in the ledger.

`open_case`, `take_step` and a sitting's decision all end here. Everything is worked out first (pure rules, on values), then
written at once: one entry, the step, the case, the persons, the effects, the clocks. Whoever calls holds the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.procedures.effects import Done, apply_effects
from panoh.procedures.models import Case, CasePerson, LatePermit, Step, StepFile, StepNarrative, StepRestricted
from panoh.procedures.operations.dues import refresh_dues
from panoh.procedures.operations.entries import split_for_ledger
from panoh.procedures.operations.others import check_slot_is_free, leads_hearing
from panoh.procedures.queries.cases import as_act, is_colleague, is_office, visible_to
from panoh.procedures.replay import snapshot
from panoh.procedures.rules.actions import check_possible, next_state
from panoh.procedures.rules.answers import Answers, KeptFile, Known, check_answers
from panoh.procedures.rules.decisions import Outcomes, check_everybody_answered, decide_persons
from panoh.procedures.rules.effects import PlannedEffect, plan_effects
from panoh.procedures.rules.guards import Asked, check_answer_guards, person_field
from panoh.procedures.rules.moves import is_move
from panoh.procedures.rules.recording import check_recorded_in_time
from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.model import Action, Procedure, Rulebook


@dataclass(frozen=True, slots=True)
class AnsweredForm:
    """The checked answers of a form: for the case, and for each person by id."""

    case: Answers
    persons: Mapping[UUID, Answers]

    def facts(self) -> dict[str, Any]:
        return self.case.everything()

    def persons_facts(self) -> dict[UUID, dict[str, Any]]:
        return {person: answers.everything() for person, answers in self.persons.items()}


@dataclass(slots=True)
class PlannedAct:
    """Everything that an act will write, worked out and checked; nothing has been written yet."""

    procedure: Procedure
    action: Action
    situation: Situation
    form: AnsweredForm
    occurred_on: date
    to_state: str
    outcomes: Outcomes
    effects: tuple[PlannedEffect, ...]
    files: Mapping[str, KeptFile] = field(default_factory=dict)
    permit: LatePermit | None = None
    """What allows an act of long ago, where it is one."""

    def has_effect(self, name: str) -> bool:
        return any(planned.effect.name == name for planned in self.effects)


def plan_act(
    *,
    by: Actor,
    book: Rulebook,
    situation: Situation,
    action_code: str,
    facts: Mapping[str, Any],
    persons_facts: Mapping[UUID, Mapping[str, Any]],
    occurred_on: date,
    organisation_id: UUID,
    permit: LatePermit | None = None,
    any_day: bool = False,
) -> PlannedAct:
    """Checks an act as a whole and works out what it comes to. Reads nothing but who may be named in the form.

    `any_day` is for an act that another one brings about: how late that one was recorded has been asked already.
    """
    procedure = situation.procedure
    action = procedure.actions.get(action_code)
    if action is None:
        raise Problem("procedures.step.unknown_action", action=action_code[:60])
    wrong_day = _check_possible(by, situation, action, occurred_on)
    try:
        check_recorded_in_time(action, occurred_on, situation.today, book, permitted=any_day or permit is not None)
    except Problem as problem:
        wrong_day.append(problem)
    known = Known(
        book,
        occurred_on,
        members=lambda member: is_colleague(organisation_id, situation.today, member),
        offices=lambda office: is_office(office, situation.today),
        cases=lambda number: visible_to(by).filter(number=number).exists(),
    )
    try:
        form, files = check_form(situation, action, facts, persons_facts, known)
    except Problem as problem:
        raise Problems([*wrong_day, problem]) from None
    if wrong_day:
        raise Problems(wrong_day)
    asked = Asked(action, occurred_on, by.member_id, form.facts(), form.persons_facts(), book)
    check_answer_guards(situation, asked)
    to_state = next_state(situation, action, asked.facts, asked.persons)
    outcomes = decide_persons(procedure, action, situation.persons, asked.persons)
    after = situation.with_persons(outcomes.persons)
    effects = plan_effects(after, action, asked.facts, asked.persons)
    return PlannedAct(procedure, action, situation, form, occurred_on, to_state, outcomes, effects, files, permit)


def _check_possible(by: Actor, situation: Situation, action: Action, occurred_on: date) -> list[Problem]:
    """Raises what stands against the act as such. What is wrong with its day alone is told together with the form."""
    try:
        check_possible(situation, action, role=by.role, member=by.member_id, occurred_on=occurred_on)
    except Problem as problem:
        if any(one.field != "occurred_on" for one in problem.each()):
            raise
        return list(problem.each())
    return []


def check_form(
    situation: Situation,
    action: Action,
    facts: Mapping[str, Any],
    persons_facts: Mapping[UUID, Mapping[str, Any]],
    known: Known,
) -> tuple[AnsweredForm, dict[str, KeptFile]]:
    """All answers of a form at once; a problem about the n-th person points at that person's field."""
    check_everybody_answered(action, situation.persons, persons_facts)
    problems: list[Problem] = []
    case_answers = Answers()
    try:
        case_answers = check_answers(action.form, facts, known)
    except Problem as problem:
        problems.extend(problem.each())
    persons: dict[UUID, Answers] = {}
    for person in situation.persons:
        if not action.per_person:
            break
        try:
            persons[person.person_id] = check_answers(action.per_person, persons_facts.get(person.person_id, {}), known)
        except Problem as problem:
            problems.extend(one.on_field(person_field(person.position, one.field or "")) for one in problem.each())
    if problems:
        raise Problems(problems)
    files: dict[str, KeptFile] = dict(case_answers.files)
    for person in situation.persons:
        for name, kept in persons.get(person.person_id, Answers()).files.items():
            files[person_field(person.position, name)] = kept
    return AnsweredForm(case_answers, persons), files


def carry_out(
    *,
    by: Actor,
    book: Rulebook,
    case: Case,
    lines: Sequence[CasePerson],
    planned: PlannedAct,
    open_case: Callable[..., Step],
    submission_id: UUID | None = None,
    correlation_id: UUID | None = None,
    agenda_item_id: UUID | None = None,
    beside: Sequence[UUID] = (),
) -> Step:
    """Writes the act. `case` and `lines` are locked or new; `beside` names further subjects (a sitting, its item).

    `open_case` is handed down by the caller: an act can bring about another case, and opening one ends here again.
    """
    opening = case._state.adding
    _check_own_office(by, planned)
    from_state, step_id = case.state, new_id()
    move(case, lines, planned)
    entry = record(
        by=by,
        correlation_id=correlation_id,
        submission_id=submission_id,
        **entry_of(case, lines, planned, from_state, step_id, agenda_item_id, beside),
    )
    if opening:
        case.save(force_insert=True)
        CasePerson.objects.bulk_create(lines)
    else:
        case.save(update_fields=["state", "version", "closed_on", "assigned_to", "hidden_from", "heard_with"])
        CasePerson.objects.bulk_update(lines, ["outcome", "grounds", "outcome_on", "open_slot"])
    step = _write_step(by, case, planned, from_state, step_id, entry, agenda_item_id)
    apply_effects(
        Done(by=by, book=book, procedure=planned.procedure, case=case, step=step, entry=entry, lines=tuple(lines),
             facts=planned.form.facts(), occurred_on=planned.occurred_on, action=planned.action, open_case=open_case),
        planned.effects,
    )  # fmt: skip
    # Clocks look at open answers only, so that recomputing them later needs no closed ones.
    refresh_dues(case, (*_done_before(case, planned), as_act(step)), book)
    return step


def _done_before(case: Case, planned: PlannedAct) -> Sequence[Act]:
    """The acts before this one. Of a case that was moved, the rules see them in new words, its clocks as they were done."""
    acts = planned.situation.acts
    if not any(is_move(act) for act in acts):
        return acts
    return [as_act(before) for before in case.steps.filter(seq__lt=case.version).order_by("seq")]


def _check_own_office(by: Actor, planned: PlannedAct) -> None:
    """Nobody takes in what his own office must not see: it would be gone from him before it is written."""
    for one in planned.effects:
        if one.effect.name == "hide_from_office":
            field = one.effect.params["field"]
            if by.office_id and planned.form.facts().get(field) == str(by.office_id):
                raise Problem("procedures.case.own_office", field=field)


def move(case: Case, lines: Sequence[CasePerson], planned: PlannedAct) -> None:
    """The case and its persons as they are after the act."""
    case.state, case.version = planned.to_state, case.version + (0 if case._state.adding else 1)
    final = planned.procedure.states[planned.to_state].is_final
    if planned.has_effect("reopen_case"):
        check_slot_is_free(case, lines, open_slot(case, planned.procedure))
        case.closed_on = None
    elif (final or planned.has_effect("close_case")) and case.closed_on is None:
        case.closed_on = planned.occurred_on
    for one in planned.effects:
        if one.effect.name == "assign":
            member = planned.form.facts().get(one.effect.params["field"])
            case.assigned_to_id = UUID(member) if member else None
        elif one.effect.name == "hide_from_office":
            office = planned.form.facts().get(one.effect.params["field"])
            case.hidden_from_id = UUID(office) if office else None
        elif one.effect.name == "hear_together":
            case.heard_with_id = leads_hearing(case, planned.form.facts().get(one.effect.params["field"]))
    slot = open_slot(case, planned.procedure) if case.closed_on is None else None
    for line in lines:
        line.open_slot = slot
        if line.person_id in planned.outcomes.changed:
            line.outcome, grounds = planned.outcomes.changed[line.person_id]
            line.grounds, line.outcome_on = list(grounds), planned.occurred_on


def open_slot(case: Case, procedure: Procedure) -> str:
    """What no person can be in twice: a procedure on a track; the case alone where several may be open at once."""
    slot = f"{case.procedure}:{case.track}"
    return f"{slot}:{case.number}" if procedure.several_at_once else slot


def entry_of(
    case: Case,
    lines: Sequence[CasePerson],
    planned: PlannedAct,
    from_state: str,
    step_id: UUID,
    agenda_item_id: UUID | None = None,
    beside: Sequence[UUID] = (),
) -> dict[str, Any]:
    """What the entry of an act says; `case` and `lines` are as they stand after it."""
    codes, texts = split_for_ledger(planned)
    payload = {
        "case": case.pk,
        "number": case.number,
        "procedure": case.procedure,
        "procedure_version": case.procedure_version,
        "track": case.track,
        "household": case.household_id,
        "action": planned.action.code,
        "seq": case.version,
        "from": from_state,
        "to": case.state,
        "opened_on": case.opened_on,
        "closed_on": case.closed_on,
        "assigned_to": case.assigned_to_id,
        "hidden_from": case.hidden_from_id,
        "heard_with": case.heard_with_id,
        "organisation": case.organisation_id,
        "lines": [
            {"person": line.person_id, "own_line": line.own_line, "listed_with": _listed_with(line, lines)}
            for line in lines
        ]
        if case._state.adding
        else None,
        "outcomes": {
            str(person): {"outcome": outcome, "grounds": list(grounds)}
            for person, (outcome, grounds) in planned.outcomes.changed.items()
        },
        "answers": codes,
        "item": agenda_item_id,
        "late_permit": planned.permit.pk if planned.permit else None,
        **case.closing,
    }
    subjects = [case.pk, *household_of(case), *(line.person_id for line in lines), *beside]
    if planned.permit:
        subjects.append(planned.permit.pk)
    if any(planned.form.case.closed) or any(one.closed for one in planned.form.persons.values()) or planned.files:
        subjects.append(step_id)
    return {
        "kind": planned.procedure.ledger_kind(planned.action.code),
        "subjects": subjects,
        "payload": {key: value for key, value in payload.items() if value is not None},
        "occurred_on": planned.occurred_on,
        "detail": texts or None,
        "legal_basis": planned.action.legal_basis,
        "digests": {case.pk: snapshot(case, lines)},
    }


def household_of(case: Case) -> tuple[UUID, ...]:
    """The file of the case, where it has one."""
    return (case.household_id,) if case.household_id else ()


def _listed_with(line: CasePerson, lines: Sequence[CasePerson]) -> UUID | None:
    return next((other.person_id for other in lines if other.pk == line.listed_with_id), None)


def _write_step(
    by: Actor,
    case: Case,
    planned: PlannedAct,
    from_state: str,
    step_id: UUID,
    entry: Entry,
    agenda_item_id: UUID | None,
) -> Step:
    step, *closed = step_of(
        case, planned, from_state, step_id, by.member_id, entry.id, entry.recorded_at, agenda_item_id
    )
    for part in (step, *closed):
        part.save(force_insert=True)
    for name, kept in planned.files.items():
        StepFile(step=step, field=name, media_type=kept.media_type, sha256=kept.sha256, content=kept.content).save(
            force_insert=True
        )
    return step


def step_of(
    case: Case,
    planned: PlannedAct,
    from_state: str,
    step_id: UUID,
    member_id: UUID,
    entry_id: UUID,
    recorded_at: datetime,
    agenda_item_id: UUID | None = None,
) -> tuple[Step, *tuple[StepNarrative | StepRestricted, ...]]:
    """The rows of an act, not yet saved: the step, and its answers that not everybody reads."""
    form = planned.form
    step = Step(
        id=step_id,
        case=case,
        seq=case.version,
        action=planned.action.code,
        from_state=from_state,
        to_state=case.state,
        occurred_on=planned.occurred_on,
        recorded_at=recorded_at,
        by_id=member_id,
        facts=form.case.open,
        persons={str(person): answers.open for person, answers in form.persons.items() if answers.open},
        legal_basis=list(planned.action.legal_basis),
        agenda_item_id=agenda_item_id,
        late_permit=planned.permit,
        entry_id=entry_id,
    )
    closed: list[StepNarrative | StepRestricted] = []
    for model, field_class in ((StepNarrative, "narrative"), (StepRestricted, "restricted")):
        facts = form.case.closed.get(field_class, {})
        persons = {
            str(person): answers.closed[field_class]
            for person, answers in form.persons.items()
            if field_class in answers.closed
        }
        if facts or persons:
            closed.append(model(step=step, facts=facts, persons=persons))
    return (step, *closed)


def today() -> date:
    """The legal day of the country: the only place in this room that asks the clock for it."""
    return timezone.localdate()


def book() -> Rulebook:
    return rulebook.current()
