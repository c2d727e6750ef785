"""Closing and reopening records: departures of every kind, each under its own reason, and the way back.

A deportation is a deportation. It has a reason of its own and its entry is marked for the protection side; it can never
hide under "spontaneous departure" (DOMAIN §1.5). Numbers stay; a reopened file keeps its old one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.registry.closures import tell_closed
from panoh.registry.models import Household, Membership, Person, StatusChange
from panoh.registry.models.households import CLOSED, OPEN
from panoh.registry.operations.composition import check_members, hand_over
from panoh.registry.operations.frame import Done, begin, event_day, require_open
from panoh.registry.operations.population import StatusRows, live_changes, refuse_before_last
from panoh.registry.rules.population import closure_scope, decrease_reason, opens_incident
from panoh.registry.rules.relationships import PRINCIPAL
from panoh.registry.rules.values import code_problems
from panoh.rulebook import current

DEATH = "DEATH"
TRANSFERRED = "TRANSFERRED"


@transaction.atomic
def close_person(
    *,
    by: Actor,
    person: Person,
    reason: str,
    closed_on: date | None = None,
    new_principal: Person | None = None,
    relationships: Mapping[UUID, str] | None = None,
    procedure_type: str = "",
    decision_level: str = "",
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Close one person's record. The last member's leaving closes the household; the principal applicant hands over first.

    `new_principal` and `relationships` (person id → code, to the new one) are needed where the principal applicant
    leaves others behind.
    """
    return _close_one(
        by=by,
        verb="registry.person.close",
        kind="registry.person.closed",
        person=person,
        reason=reason,
        closed_on=closed_on,
        new_principal=new_principal,
        relationships=relationships,
        procedure_type=procedure_type,
        decision_level=decision_level,
        base=base,
        submission_id=submission_id,
    )


@transaction.atomic
def record_death(
    *,
    by: Actor,
    person: Person,
    died_on: date,
    new_principal: Person | None = None,
    relationships: Mapping[UUID, str] | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Record that a person has died."""
    return _close_one(
        by=by,
        verb="registry.death.record",
        kind="registry.death.recorded",
        person=person,
        reason=DEATH,
        closed_on=died_on,
        new_principal=new_principal,
        relationships=relationships,
        base=base,
        submission_id=submission_id,
    )


def _close_one(
    *,
    by: Actor,
    verb: str,
    kind: str,
    person: Person,
    reason: str,
    closed_on: date | None,
    new_principal: Person | None,
    relationships: Mapping[UUID, str] | None,
    procedure_type: str = "",
    decision_level: str = "",
    base: int | None,
    submission_id: UUID | None,
) -> Done:
    new_id = new_principal.pk if new_principal else None
    act = begin(
        by=by,
        verb=verb,
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, reason, closed_on, new_id, dict(relationships or {}), procedure_type, decision_level],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    _check_reason(reason, "person")
    members = act.open_members()
    leaving = next((member for member in members if member.pk == person.pk), None)
    if leaving is None:
        gone = act.member(person)
        raise Problem("registry.person.closed", number=gone.number, day=gone.closed_on)
    on = event_day(closed_on or act.on, household=act.household, today=act.on, field="closed_on")
    staying = [member for member in members if member.pk != leaving.pk]
    status = StatusRows()
    end_record(leaving, reason, on, status, procedure_type=procedure_type, decision_level=decision_level)
    save_closed([leaving])  # first of all: the place of the principal applicant must be free
    touched = [leaving]
    if not staying:
        end_household(act.household, reason, on)
    elif leaving.relationship == PRINCIPAL:
        if new_principal is None:
            raise Problem("registry.household.principal_leaves", field="new_principal", number=act.household.number)
        touched += hand_over(act, staying, new_principal.pk, relationships or {}, on, "principal_left")
    done = act.finish(
        kind=kind,
        persons=touched,
        payload={"reason": reason, "person": leaving.pk, "incident": opens_incident(reason, current().codes)},
        occurred_on=on,
    )
    status.save(done.entry)
    tell_closed(by, act.household, [leaving], reason, on)
    return done


@transaction.atomic
def close_household(
    *,
    by: Actor,
    household: Household,
    reason: str,
    closed_on: date | None = None,
    procedure_type: str = "",
    decision_level: str = "",
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Close a household with all its open members, under one reason."""
    act = begin(
        by=by,
        verb="registry.household.close",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, reason, closed_on, procedure_type, decision_level],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    _check_reason(reason, "household")
    on = event_day(closed_on or act.on, household=act.household, today=act.on, field="closed_on")
    status = StatusRows()
    members = close_all(act.household, act.open_members(), reason, on, status, procedure_type, decision_level)
    done = act.finish(
        kind="registry.household.closed",
        persons=members,
        payload={"reason": reason, "incident": opens_incident(reason, current().codes)},
        occurred_on=on,
    )
    status.save(done.entry)
    tell_closed(by, act.household, members, reason, on)
    return done


@transaction.atomic
def reopen_household(
    *,
    by: Actor,
    household: Household,
    persons: Sequence[Person],
    principal: Person,
    relationships: Mapping[UUID, str] | None = None,
    reopened_on: date | None = None,
    explanation: str,
    restore_status: bool = False,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Open a closed household again, under its old number, with those of its members who are back.

    They come back without a status: that is for a procedure to give. `restore_status` is for a closure that was a
    mistake: it takes the passage back that the closure entered, as if it had never been.
    """
    ids = [person.pk for person in persons]
    act = begin(
        by=by,
        verb="registry.household.reopen",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, ids, principal.pk, dict(relationships or {}), reopened_on, explanation, restore_status],
    )
    if act.earlier:
        return act.earlier
    if act.household.status != CLOSED:
        raise Problem("registry.household.not_closed", number=act.household.number)
    if len(explanation.strip()) < 3:
        raise Problem("registry.value.missing", field="explanation")
    on = event_day(reopened_on or act.on, household=act.household, today=act.on, field="reopened_on")
    if on < act.household.closed_on:
        raise Problem("registry.household.reopened_before_closing", field="reopened_on", day=act.household.closed_on)
    back = [act.member(person) for person in dict.fromkeys(ids)]
    status = StatusRows()
    for person in back:
        if person.closure_reason == DEATH:
            raise Problem("registry.person.dead", number=person.number)
        if person.closure_reason == TRANSFERRED:
            raise Problem("registry.person.transferred", number=person.number)
        if restore_status:
            _take_back_closure(person, status)
        person.status, person.closed_on, person.closure_reason = OPEN, None, ""
        person.relationship = PRINCIPAL if person.pk == principal.pk else _relationship(person, relationships)
    check_members(back)
    act.household.status, act.household.closed_on, act.household.closure_reason = OPEN, None, ""
    save_closed(back)
    Membership.objects.bulk_create(
        Membership(
            household=act.household, person=person, relationship=person.relationship, valid_from=on, reason="reopened"
        )
        for person in back
    )
    done = act.finish(
        kind="registry.household.reopened",
        persons=back,
        payload={"principal": principal.pk, "status_restored": restore_status},
        detail={"explanation": explanation.strip()[:500]},
        occurred_on=on,
    )
    status.save(done.entry)
    return done


# -- the pieces, also used by imports ---------------------------------------------------------------------------------


def close_all(
    household: Household,
    members: list[Person],
    reason: str,
    on: date,
    status: StatusRows,
    procedure_type: str = "",
    decision_level: str = "",
) -> list[Person]:
    for member in members:
        end_record(member, reason, on, status, procedure_type=procedure_type, decision_level=decision_level)
    save_closed(members)
    end_household(household, reason, on)
    return members


def end_record(
    person: Person, reason: str, on: date, status: StatusRows, *, procedure_type: str = "", decision_level: str = ""
) -> None:
    """Close a person in memory, with the passage out of her population group."""
    change = decrease_reason(person.population_group, reason, current().codes)
    if change:
        refuse_before_last(person, on)
        status.add(person, "", change, on, procedure_type=procedure_type, decision_level=decision_level)
    person.status, person.closed_on, person.closure_reason, person.status_basis = CLOSED, on, reason, ""


def end_household(household: Household, reason: str, on: date) -> None:
    household.status, household.closed_on, household.closure_reason = CLOSED, on, reason


def save_closed(persons: list[Person]) -> None:
    """The part of a closure that must stand before others change: the place of the principal applicant, the memberships."""
    Person.objects.bulk_update(
        persons, ["status", "closed_on", "closure_reason", "relationship", "population_group", "status_basis"]
    )
    for person in persons:
        if person.status == CLOSED:
            end_membership(person, person.closed_on)


def end_membership(person: Person, on: date | None) -> None:
    for membership in Membership.objects.filter(person=person, valid_to__isnull=True):
        membership.valid_to = max(on or membership.valid_from, membership.valid_from)
        membership.save(update_fields=["valid_to"])


def _relationship(person: Person, relationships: Mapping[UUID, str] | None) -> str:
    code = (relationships or {}).get(person.pk, person.relationship)
    if code == PRINCIPAL:
        raise Problem("registry.household.relationship_missing", field="relationships", number=person.number)
    return code


def _check_reason(reason: str, what: str) -> None:
    codes = current().codes
    for problem in code_problems(codes, "closure_reasons", reason, "reason", required=True):
        raise problem
    scope = closure_scope(reason, codes)
    if reason == TRANSFERRED or scope not in ("any", what):
        raise Problem("registry.closure.not_for_this", field="reason", reason=reason)


def _take_back_closure(person: Person, status: StatusRows) -> None:
    """Void the passage that the closure entered: the person stands where she stood."""
    last: StatusChange | None = live_changes([person]).order_by("-effective_on", "-recorded_at", "-id").first()
    if last is None or last.to_group:
        return
    person.population_group = last.from_group
    status.add(person, last.from_group, last.reason, last.effective_on, corrects=last)
