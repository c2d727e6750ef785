"""The way back after a closure: a household that returned, a member who was closed by mistake. Numbers are the old ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.registry.models import Household, Membership, Person, StatusChange
from panoh.registry.models.households import CLOSED, OPEN
from panoh.registry.operations.closing import DEATH, TRANSFERRED, save_closed
from panoh.registry.operations.composition import check_members
from panoh.registry.operations.frame import Done, begin, event_day, require_open
from panoh.registry.operations.population import StatusRows, live_changes
from panoh.registry.rules.relationships import PRINCIPAL


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
        _open_again(person, status, mistake=restore_status)
        person.relationship = PRINCIPAL if person.pk == principal.pk else _relationship(person, relationships)
    check_members(back)
    act.household.status, act.household.closed_on, act.household.closure_reason = OPEN, None, ""
    save_closed(back)
    for person in back:
        _member_again(person, on, mistake=restore_status)
    done = act.finish(
        kind="registry.household.reopened",
        persons=back,
        payload={"principal": principal.pk, "status_restored": restore_status},
        detail={"explanation": explanation.strip()[:500]},
        occurred_on=on,
    )
    status.save(done.entry)
    return done


@transaction.atomic
def reopen_person(
    *,
    by: Actor,
    person: Person,
    relationship: str = "",
    reopened_on: date | None = None,
    explanation: str,
    restore_status: bool = False,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """One member of an open household is back, or was closed by mistake.

    `relationship` is to the present principal applicant. With `restore_status` the closure counts as a mistake: what it
    entered is taken back, and a death that was recorded of the wrong person is none.
    """
    act = begin(
        by=by,
        verb="registry.person.reopen",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, relationship, reopened_on, explanation, restore_status],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    back = act.member(person)
    if back.status != CLOSED:
        raise Problem("registry.person.not_closed", number=back.number)
    if len(explanation.strip()) < 3:
        raise Problem("registry.value.missing", field="explanation")
    on = event_day(reopened_on or act.on, household=act.household, today=act.on, field="reopened_on")
    if on < back.closed_on:
        raise Problem("registry.person.reopened_before_closing", field="reopened_on", day=back.closed_on)
    status = StatusRows()
    _open_again(back, status, mistake=restore_status)
    back.relationship = relationship or back.relationship
    if back.relationship == PRINCIPAL:
        raise Problem("registry.household.relationship_missing", field="relationship", number=back.number)
    check_members([*act.open_members(), back])
    save_closed([back])
    _member_again(back, on, mistake=restore_status)
    done = act.finish(
        kind="registry.person.reopened",
        persons=[back],
        payload={"person": back.pk, "status_restored": restore_status},
        detail={"explanation": explanation.strip()[:500]},
        occurred_on=on,
    )
    status.save(done.entry)
    return done


def _open_again(person: Person, status: StatusRows, *, mistake: bool) -> None:
    """In memory. The dead do not return, unless it was never they who died."""
    if person.closure_reason == DEATH and not mistake:
        raise Problem("registry.person.dead", number=person.number)
    if person.closure_reason == TRANSFERRED:
        raise Problem("registry.person.transferred", number=person.number)
    if mistake:
        _take_back_closure(person, status)
    if not person.population_group:
        person.status_basis = ""
    person.status, person.closed_on, person.closure_reason = OPEN, None, ""


def _member_again(person: Person, on: date, *, mistake: bool) -> None:
    """A member from the day on; after a mistake, all the time."""
    before = Membership.objects.filter(person=person, household_id=person.household_id)
    last = before.order_by("-valid_from", "-id").first()
    if mistake and last is not None:
        unchanged = last.relationship == person.relationship
        last.valid_to = None if unchanged else max(on, last.valid_from)
        last.save(update_fields=["valid_to"])
        if unchanged:
            return
    Membership.objects.create(
        household_id=person.household_id,
        person=person,
        relationship=person.relationship,
        valid_from=on,
        reason="reopened",
    )


def _relationship(person: Person, relationships: Mapping[UUID, str] | None) -> str:
    code = (relationships or {}).get(person.pk, person.relationship)
    if code == PRINCIPAL:
        raise Problem("registry.household.relationship_missing", field="relationships", number=person.number)
    return code


def _take_back_closure(person: Person, status: StatusRows) -> None:
    """Void the passage that the closure entered: the person stands where she stood."""
    last: StatusChange | None = live_changes([person]).order_by("-effective_on", "-recorded_at", "-id").first()
    if last is None or last.to_group:
        return
    person.population_group = last.from_group
    status.add(person, last.from_group, last.reason, last.effective_on, corrects=last)
