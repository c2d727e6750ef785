"""Opening a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.operations import claim_submission
from panoh.procedures.models import Case, CasePerson, Step
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import carry_out, open_slot, plan_act, today
from panoh.procedures.queries.cases import open_elsewhere
from panoh.procedures.queries.late_permits import find_permit
from panoh.procedures.rules.decisions import Applicant, line_up
from panoh.procedures.rules.situation import Situation
from panoh.procedures.stops import asks_for_stops, find_stops
from panoh.registry.models import Household, Person
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Procedure, Track


@transaction.atomic
def open_case(
    *,
    by: Actor,
    procedure: str,
    track: str,
    household: Household | None,
    persons: Sequence[UUID | Applicant],
    facts: Mapping[str, Any],
    occurred_on: date,
    persons_facts: Mapping[UUID, Mapping[str, Any]] | None = None,
    submission_id: UUID | None = None,
    opened_from: Case | None = None,
    correlation_id: UUID | None = None,
) -> Step:
    """Opens a case with the act that the track begins with; the answer is its first step.

    Each adult gets an application line of his own, a child stands in that of a parent, unless `persons` says otherwise
    (`Applicant`). Two at once: the household's row is locked, and the database refuses a second open slot as well.
    A track whose subject is none has neither household nor persons: what came without a name.
    """
    definition, way = _definition(procedure, track, occurred_on)
    policy.check(by, definition.verb(way.opens_with), household)
    if way.organisation_kind != by.organisation_kind:
        raise Problem("procedures.case.other_track", track=track)
    nobody = definition.subject_of(track) == "none"
    if nobody != (household is None):
        raise Problem("procedures.case.other_subject", field="persons")
    locked = Household.objects.select_for_update().filter(pk=household.pk).first() if household else None
    if locked is None and not nobody:
        raise Problem("procedures.case.not_found", number="")
    again = _same_submission(by, submission_id, definition.ledger_kind(way.opens_with))
    if again is not None:
        return again
    if locked is not None and locked.status != "open":
        raise Problem("procedures.case.household_closed")
    rows, applicants = _persons(locked, persons)
    line_facts = line_up(applicants, definition.subject_of(track), occurred_on)
    elsewhere = open_elsewhere(rows)
    if (definition.code, track) in elsewhere and not definition.several_at_once:
        raise Problem("procedures.case.already_open")
    initial = definition.initial_state().code
    case = Case(
        number=_number(definition, occurred_on),
        procedure=definition.code,
        procedure_version=definition.version,
        track=track,
        state=initial,
        household=locked,
        organisation_id=by.organisation_id,
        opened_on=occurred_on,
        opened_from=opened_from,
        confined=definition.confined,
    )
    lines = [
        CasePerson(
            case=case,
            person=rows[one.person_id],
            position=one.position,
            own_line=one.own_line,
            open_slot=open_slot(case, definition),
        )
        for one in line_facts
    ]
    by_person = {line.person_id: line for line in lines}
    for line, one in zip(lines, line_facts, strict=True):
        line.listed_with = by_person[one.listed_with] if one.listed_with else None
    situation = Situation(
        procedure=definition,
        track=track,
        state=initial,
        opened_on=None,
        today=today(),
        persons=line_facts,
        open_elsewhere=elsewhere,
        stops=find_stops(locked, list(rows.values()), occurred_on) if locked and asks_for_stops(definition) else {},
    )
    permit = find_permit(
        by, definition, definition.actions[way.opens_with], occurred_on, today(), current_book(),
        household_id=locked.pk if locked else None, case=None,
    )  # fmt: skip
    planned = plan_act(
        by=by,
        book=current_book(),
        situation=situation,
        action_code=way.opens_with,
        facts=facts,
        persons_facts=persons_facts or {},
        occurred_on=occurred_on,
        organisation_id=by.organisation_id,
        permit=permit,
        any_day=opened_from is not None,
    )
    return carry_out(
        by=by,
        book=current_book(),
        case=case,
        lines=lines,
        planned=planned,
        open_case=open_case,
        submission_id=submission_id,
        correlation_id=correlation_id,
    )


def _definition(procedure: str, track: str, on: date) -> tuple[Procedure, Track]:
    book = current_book()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    if on > today():
        raise Problem("procedures.step.in_the_future", field="occurred_on", on=on, today=today())
    definition = book.procedure(procedure, on)
    way = definition.tracks.get(track)
    if way is None:
        raise Problem("procedures.case.unknown_procedure")
    return definition, way


def _persons(
    household: Household | None, wanted: Sequence[UUID | Applicant]
) -> tuple[dict[UUID, Person], list[Applicant]]:
    """The registry rows of those who are to be in the case: open records of this household that the actor sees."""
    asked = [one if isinstance(one, Applicant) else None for one in wanted]
    ids = [one.person_id if isinstance(one, Applicant) else one for one in wanted]
    found = Person.objects.filter(pk__in=ids, household=household, status="open").order_by("id") if household else ()
    rows = {person.pk: person for person in found}
    if set(ids) - rows.keys():
        raise Problem("procedures.case.person_of_other_household", field="persons")
    applicants = [given or Applicant(person, rows[person].birth) for given, person in zip(asked, ids, strict=True)]
    return rows, applicants


def _number(procedure: Procedure, opened_on: date) -> str:
    """`ASY-26-0000417`: prefix of the procedure, year, serial, check digit. Never given out twice, gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procedures_case_serial')")
        serial = cursor.fetchone()[0]
    stem = f"{procedure.number_prefix}-{opened_on.year % 100:02d}-{serial:06d}"
    return stem + check_digit(stem)


def _same_submission(by: Actor, submission_id: UUID | None, kind: str) -> Step | None:
    """The step that this submission made already, if it came in before; a number used for another act is refused."""
    if submission_id is None:
        return None
    entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
    if entry is None:
        return None
    step = Step.objects.select_related("case").filter(entry_id=entry.id).first() if entry.kind == kind else None
    if step is None:
        raise Problem("procedures.submission.other_act")
    return step
