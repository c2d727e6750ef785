"""Closing records: departures of every kind, each under its own reason. The way back is `reopening`.

A deportation is a deportation. It has a reason of its own and its entry is marked for the protection side; it can never
hide under "spontaneous departure" (DOMAIN §1.5). Numbers stay; a reopened file keeps its old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.registry.closures import tell_closed
from panoh.registry.models import Household, Membership, Person
from panoh.registry.models.households import CLOSED
from panoh.registry.operations.composition import hand_over
from panoh.registry.operations.frame import Done, begin, event_day, require_open
from panoh.registry.operations.population import StatusRows, refuse_before_last
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
    person.status, person.closed_on, person.closure_reason = CLOSED, on, reason


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


def _check_reason(reason: str, what: str) -> None:
    codes = current().codes
    for problem in code_problems(codes, "closure_reasons", reason, "reason", required=True):
        raise problem
    scope = closure_scope(reason, codes)
    if reason == TRANSFERRED or scope not in ("any", what):
        raise Problem("registry.closure.not_for_this", field="reason", reason=reason)
