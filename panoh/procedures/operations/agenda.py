"""Calling a sitting together, and its agenda until it opens: cases are chosen, put in order, added and taken off.

Who keeps the sitting chooses; without a choice it is what is due, most urgent first. A case stands on one agenda at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import claim_submission
from panoh.procedures.models import AgendaItem, Case, Sitting
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import today
from panoh.procedures.operations.sittings import locked_for, record_sitting, save_sitting
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.agenda import agenda_limit, list_candidates
from panoh.procedures.rules.agenda import SUGGESTED, order_agenda
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Procedure, Rulebook, SittingRule


@transaction.atomic
def convene_sitting(
    *,
    by: Actor,
    procedure: str,
    kind: str,
    on: date,
    place: str,
    cases: Sequence[UUID] | None = None,
    submission_id: UUID | None = None,
) -> Sitting:
    """Convenes a sitting with these cases (by id) in this order, or with the most urgent ones where none are named."""
    book = current_book()
    definition = _definition(book, procedure, on)
    rule = definition.sittings.get(kind)
    if rule is None:
        raise Problem("procedures.sitting.unknown_kind")
    sitting = Sitting(
        procedure=definition.code,
        procedure_version=definition.version,
        kind=rule.code,
        organisation_id=by.organisation_id,
        on=on,
        place=place.strip()[:200],
    )
    policy.check(by, sitting_verb(definition.code, kind, "convene"), sitting)
    if submission_id is not None:
        entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
        if entry is not None:
            return _convened_by(entry)
    if on < today():
        raise Problem("procedures.sitting.in_the_past", field="on", on=on)
    limit = agenda_limit(rule, on, book)
    if cases is None:
        candidates = list_candidates(by, definition, rule)
        cases = [one.case_id for one in order_agenda(candidates, SUGGESTED if limit is None else limit)]
        if not cases:
            raise Problem("procedures.sitting.nothing_due")
    locked = _choose(by, definition, rule, cases, limit)
    sitting.number = _number(definition, on)
    items = [AgendaItem(sitting=sitting, case=locked[case], position=n) for n, case in enumerate(cases, start=1)]
    record_sitting(
        by, sitting, "convened", book, subjects=[item.case_id for item in items],
        payload={
            "items": {str(item.pk): item.case_id for item in items},
            "order": [item.pk for item in items],
            "on": on,
            "number": sitting.number,
        },
        detail={"place": sitting.place}, submission_id=submission_id, occurred_on=today(),
    )  # fmt: skip
    sitting.save(force_insert=True)
    AgendaItem.objects.bulk_create(items)
    return sitting


@transaction.atomic
def change_agenda(*, by: Actor, sitting: Sitting, cases: Sequence[UUID], expected_version: int) -> Sitting:
    """The agenda of a sitting that has not been opened becomes these cases in this order.

    What is taken off is free for another sitting; nothing is deleted, and a case that comes back takes its old row.
    """
    locked, definition, rule = locked_for(by, sitting, "convene", Sitting.CONVENED, expected_version)
    known = {item.case_id: item for item in locked.items.all()}
    standing = {case for case, item in known.items() if item.outcome == AgendaItem.WAITING}
    limit = agenda_limit(rule, locked.on, current_book())
    chosen = _choose(by, definition, rule, cases, limit, standing)
    removed = [known[case] for case in standing if case not in set(cases)]
    fresh = [
        AgendaItem(sitting=locked, case=chosen[case], position=n)
        for n, case in enumerate(cases, start=1)
        if case not in known
    ]
    for item in removed:
        item.outcome, item.position, item.version = AgendaItem.REMOVED, None, item.version + 1
    for n, case in enumerate(cases, start=1):
        if case in known:
            item = known[case]
            item.outcome, item.position, item.version = AgendaItem.WAITING, n, item.version + 1
    at = {item.case_id: item for item in (*known.values(), *fresh)}
    save_sitting(
        by, locked, "agenda_changed", subjects=list({*cases, *(item.case_id for item in removed)}),
        payload={
            "items": {str(at[case].pk): case for case in cases},
            "order": [at[case].pk for case in cases],
            "removed": [item.pk for item in removed],
        },
    )  # fmt: skip
    # Places are given up before others take them: a case stands on one agenda, and a place is one case's.
    AgendaItem.objects.bulk_update(known.values(), ["outcome", "position", "version"])
    AgendaItem.objects.bulk_create(fresh)
    return locked


def _choose(
    by: Actor,
    definition: Procedure,
    rule: SittingRule,
    wanted: Sequence[UUID],
    limit: int | None,
    standing: set[UUID] | None = None,
) -> dict[UUID, Case]:
    """The rows of the chosen cases, locked in one order so that two secretaries cannot wait for each other."""
    standing = standing or set()
    if not wanted:
        raise Problem("procedures.sitting.empty_agenda")
    if len(set(wanted)) != len(wanted):
        raise Problem("procedures.item.twice")
    if limit is not None and len(wanted) > limit:
        raise Problem("procedures.sitting.agenda_too_long", limit=limit, chosen=len(wanted))
    locked = {
        case.pk: case for case in Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("id")
    }
    fresh = set(wanted) - standing
    taken = AgendaItem.objects.filter(case_id__in=fresh, outcome=AgendaItem.WAITING)
    if taken.exists():
        raise Problem("procedures.item.already_on_an_agenda")
    if fresh - {one.case_id for one in list_candidates(by, definition, rule, only=fresh)}:
        raise Problem("procedures.item.not_ready")
    return locked


def _definition(book: Rulebook, procedure: str, on: date) -> Procedure:
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    return book.procedure(procedure, on)


def _number(procedure: Procedure, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procedures_sitting_serial')")
        serial = cursor.fetchone()[0]
    stem = f"{procedure.number_prefix}-{on.year % 100:02d}-S{serial:04d}"
    return stem + check_digit(stem)


def _convened_by(entry: Entry) -> Sitting:
    """The sitting that this submission convened already."""
    found = Sitting.objects.filter(pk=entry.payload.get("sitting")).first() if "sitting" in entry.payload else None
    if found is None:
        raise Problem("procedures.submission.other_act")
    return found
