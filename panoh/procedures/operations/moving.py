"""Moving an open case to a later version of its procedure, as that version's transition rule says. It cannot be taken back.

An act like any other: a verb (`<procedure>.move`), an entry (`<procedure>.moved`), a step in the case's history. The case keeps its number,
its persons and all that was done; from the next act on it runs by the later version. Moving what was moved already changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.procedures.models import Case, CasePerson, Step
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import household_of, open_slot, today
from panoh.procedures.operations.dues import refresh_dues
from panoh.procedures.operations.steps import lock_case
from panoh.procedures.queries.cases import as_act, is_colleague, is_office, list_lines, visible_to
from panoh.procedures.queries.moves import Prospect, find_prospect, move_act
from panoh.procedures.replay import snapshot
from panoh.procedures.rules.answers import Answers, Known, check_answers
from panoh.rulebook.model import MOVE, MOVED


@transaction.atomic
def move_case(*, by: Actor, case: Case, expected_version: int, facts: Mapping[str, Any] | None = None) -> Step:
    """Moves the case into the version whose rule takes it today. `facts` answers what that version asks of earlier acts."""
    locked = lock_case(case)
    if locked.version != expected_version:
        raise Problem("procedures.case.changed_meanwhile", seen=expected_version, now=locked.version)
    found = find_prospect(locked, today())
    if found is None:
        raise Problem("procedures.move.none", number=locked.number)
    policy.check(by, found.later.verb(MOVE), locked)
    if by.role not in found.rule.who:
        raise Problem("procedures.step.not_your_role", role=by.role, action=MOVE)
    if found.on_agenda:
        raise Problem("procedures.move.on_agenda", number=locked.number)
    answers = _answers(by, found, facts or {})
    return _carry_out(by, locked, found, answers)


def _answers(by: Actor, found: Prospect, facts: Mapping[str, Any]) -> Answers:
    known = Known(
        current_book(),
        today(),
        members=lambda member: is_colleague(found.case.organisation_id, today(), member),
        offices=lambda office: is_office(office, today()),
        cases=lambda number: visible_to(by).filter(number=number).exists(),
    )
    return check_answers(found.questions, facts, known)


def _carry_out(by: Actor, case: Case, found: Prospect, answers: Answers) -> Step:
    lines = list_lines(case)
    act = move_act(case, found.earlier, found.to_state, today(), answers.open, by.member_id)
    case.procedure_version, case.state, case.version = found.later.version, found.to_state, act.seq
    renamed: dict[UUID, str] = {}
    for line in lines:
        line.open_slot = open_slot(case, found.later)
        if line.outcome:
            line.outcome = renamed[line.person_id] = found.rule.outcomes.get(line.outcome, line.outcome)
    entry = _record(by, case, lines, found, act.from_state, answers, renamed)
    case.save(update_fields=["procedure_version", "state", "version"])
    CasePerson.objects.bulk_update(lines, ["outcome", "open_slot"])
    step = Step(
        id=new_id(),
        case=case,
        seq=act.seq,
        action=MOVE,
        from_state=act.from_state,
        to_state=act.to_state,
        occurred_on=act.occurred_on,
        recorded_at=entry.recorded_at,
        by_id=by.member_id,
        facts=dict(act.facts),
        legal_basis=list(found.rule.legal_basis),
        entry_id=entry.id,
    )
    step.save(force_insert=True)
    refresh_dues(case, (*found.acts, as_act(step)), current_book())
    return step


def _record(
    by: Actor,
    case: Case,
    lines: list[CasePerson],
    found: Prospect,
    from_state: str,
    answers: Answers,
    renamed: Mapping[UUID, str],
) -> Entry:
    """The entry says what changed for whom: the state, the words of outcomes, and each time limit with its day before and after."""
    clocks = [
        {
            key: value
            for key, value in {
                "before": one.before, "after": one.after, "due_before": one.due_before, "due_after": one.due_after,
            }.items()
            if value is not None
        }
        for one in found.clocks
    ]  # fmt: skip
    payload = {
        "case": case.pk,
        "number": case.number,
        "procedure": case.procedure,
        "procedure_version": case.procedure_version,
        "from_version": found.earlier.version,
        "track": case.track,
        "household": case.household_id,
        "action": MOVE,
        "seq": case.version,
        "from": from_state,
        "to": case.state,
        "opened_on": case.opened_on,
        "assigned_to": case.assigned_to_id,
        "hidden_from": case.hidden_from_id,
        "heard_with": case.heard_with_id,
        "organisation": case.organisation_id,
        "renamed": {str(person): outcome for person, outcome in renamed.items()},
        "answers": {"case": answers.open} if answers.open else None,
        "clocks": clocks,
        **case.closing,
    }
    return record(
        by=by,
        kind=f"{case.procedure}.{MOVED}",
        subjects=[case.pk, *household_of(case), *(line.person_id for line in lines)],
        payload={key: value for key, value in payload.items() if value is not None},
        occurred_on=today(),
        legal_basis=found.rule.legal_basis,
        digests={case.pk: snapshot(case, lines)},
    )
