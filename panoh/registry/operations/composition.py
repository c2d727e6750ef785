"""Who belongs together: joining and splitting households, and changing the principal applicant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.registry import numbering
from panoh.registry.models import Household, Location, Membership, Person
from panoh.registry.models.households import CLOSED
from panoh.registry.operations.frame import Act, Done, begin, event_day, lock_household, refuse, require_open
from panoh.registry.operations.rows import draw_serials
from panoh.registry.rules import Member, member_problems
from panoh.registry.rules.persons import relationship_sex_problems
from panoh.registry.rules.relationships import PRINCIPAL
from panoh.registry.rules.values import code_problems
from panoh.rulebook import current


@transaction.atomic
def change_principal_applicant(
    *,
    by: Actor,
    household: Household,
    new_principal: Person,
    relationships: Mapping[UUID, str],
    changed_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Another member becomes the principal applicant. `relationships` tells every other member's, to the new one."""
    act = begin(
        by=by,
        verb="registry.household.change_principal",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, new_principal.pk, dict(relationships), changed_on],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    on = event_day(changed_on or act.on, household=act.household, today=act.on, field="changed_on")
    members = act.open_members()
    if any(member.pk == new_principal.pk and member.relationship == PRINCIPAL for member in members):
        raise Problem("registry.household.already_principal", field="new_principal")
    changed = hand_over(act, members, new_principal.pk, relationships, on, "principal_changed")
    return act.finish(
        kind="registry.household.principal_changed",
        persons=changed,
        payload={"principal": new_principal.pk},
        occurred_on=on,
    )


@transaction.atomic
def split_household(
    *,
    by: Actor,
    household: Household,
    leaving: Sequence[Person],
    principal: Person,
    relationships: Mapping[UUID, str],
    remaining_principal: Person | None = None,
    remaining_relationships: Mapping[UUID, str] | None = None,
    split_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Some members leave and form a household of their own, with a new number; the others keep the old one.

    `relationships` is told to the leaving ones' principal applicant. Where the old principal applicant is among them,
    `remaining_principal` and `remaining_relationships` say how the others stand from now on. The answer's `household`
    is the old one; the new one is that of its `persons[0]`.
    """
    leaving_ids = [person.pk for person in leaving]
    act = begin(
        by=by,
        verb="registry.household.split",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[
            household.pk,
            sorted(map(str, leaving_ids)),
            principal.pk,
            dict(relationships),
            remaining_principal.pk if remaining_principal else None,
            dict(remaining_relationships or {}),
            split_on,
        ],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    on = event_day(split_on or act.on, household=act.household, today=act.on, field="split_on")
    members = act.open_members()
    going = [member for member in members if member.pk in set(leaving_ids)]
    staying = [member for member in members if member.pk not in set(leaving_ids)]
    if not going or len(going) != len(set(leaving_ids)):
        raise Problem("access.thing.not_found")
    if not staying:
        raise Problem("registry.household.split_all", field="leaving", number=act.household.number)
    if principal.pk not in set(leaving_ids):
        raise Problem("registry.household.principal_not_member", field="principal")
    fresh = _new_household(act, by, on)
    leader_leaves = any(member.relationship == PRINCIPAL for member in going)
    touched = _place(going, principal.pk, relationships)
    _move(going, act.household, fresh, on, "split")
    if leader_leaves:
        if remaining_principal is None:
            raise Problem(
                "registry.household.principal_leaves", field="remaining_principal", number=act.household.number
            )
        touched += hand_over(act, staying, remaining_principal.pk, remaining_relationships or {}, on, "principal_left")
    done = act.finish(
        kind="registry.household.split",
        persons=touched,
        payload={"new_household": fresh.pk, "new_number": fresh.number, "left": [person.pk for person in going]},
        occurred_on=on,
        others=[fresh],
    )
    place, label = _counted_at(act.household)
    Location.objects.create(
        household=fresh,
        place=place,
        location_label=label,
        valid_from=on,
        recorded_at=done.entry.recorded_at,
        entry_id=done.entry.id,
    )
    return done


@transaction.atomic
def join_household(
    *,
    by: Actor,
    household: Household,
    joining: Household,
    relationships: Mapping[UUID, str],
    joined_on: date | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """All members of `joining` come into `household`; the emptied one is closed as transferred and keeps its number.

    `relationships` tells how each of them stands to the principal applicant of the household they join.
    """
    act = begin(
        by=by,
        verb="registry.household.join",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, joining.pk, dict(relationships), joined_on],
    )
    if act.earlier:
        return act.earlier
    if joining.pk == act.household.pk:
        raise Problem("registry.household.joins_itself", field="joining")
    other = lock_household(by, joining.pk)
    check(by, "registry.household.join", other)
    require_open(act.household)
    require_open(other)
    on = event_day(joined_on or act.on, household=other, today=act.on, field="joined_on")
    coming = list(Person.objects.filter(household=other, status="open").order_by("id"))
    for person in coming:
        person.relationship = _told(person, relationships)
    check_members([*act.open_members(), *coming])
    _move(coming, other, act.household, on, "joined")
    other.status, other.closed_on, other.closure_reason = CLOSED, on, "TRANSFERRED"
    return act.finish(
        kind="registry.household.joined",
        persons=coming,
        payload={"from_household": other.pk, "from_number": other.number},
        occurred_on=on,
        others=[other],
    )


# -- the pieces -------------------------------------------------------------------------------------------------------


def hand_over(
    act: Act, members: list[Person], principal_id: UUID, relationships: Mapping[UUID, str], on: date, reason: str
) -> list[Person]:
    """Set the new principal applicant among open members, and everyone's relationship to that one; told and checked."""
    if principal_id not in {member.pk for member in members}:
        raise Problem("registry.household.principal_not_member", field="new_principal")
    changed = _place(members, principal_id, relationships)
    # The old one steps back before the new one steps forward: the index allows one at any moment.
    behind = [member for member in changed if member.relationship != PRINCIPAL]
    Person.objects.bulk_update(behind, ["relationship"])
    Person.objects.bulk_update([member for member in changed if member.relationship == PRINCIPAL], ["relationship"])
    for member in changed:
        membership = Membership.objects.filter(person=member, valid_to__isnull=True).first()
        if membership is None or membership.valid_from >= on:
            Membership.objects.filter(person=member, valid_to__isnull=True).update(relationship=member.relationship)
            continue
        membership.valid_to = on
        membership.save(update_fields=["valid_to"])
        Membership.objects.create(
            household=act.household, person=member, relationship=member.relationship, valid_from=on, reason=reason
        )
    return changed


def check_members(members: Sequence[Person]) -> None:
    """The rules between members, for persons who stand in the register already."""
    codes = current().codes
    told = [Member(member.relationship, member.sex, member.birth) for member in members]
    problems = list(member_problems(told, codes))
    for member in members:
        problems += code_problems(codes, "relationship", member.relationship, "relationships", required=True)
        problems += relationship_sex_problems(member.relationship, member.sex, codes, "")
    refuse(problems)


def _place(members: list[Person], principal_id: UUID, relationships: Mapping[UUID, str]) -> list[Person]:
    for member in members:
        member.relationship = PRINCIPAL if member.pk == principal_id else _told(member, relationships)
    check_members(members)
    return list(members)


def _told(person: Person, relationships: Mapping[UUID, str]) -> str:
    code = relationships.get(person.pk, "")
    if not code or code == PRINCIPAL:
        raise Problem("registry.household.relationship_missing", field="relationships", number=person.number)
    return code


def _move(persons: list[Person], source: Household, target: Household, on: date, reason: str) -> None:
    """The persons and their memberships pass from one household to the other on the day."""
    for membership in Membership.objects.filter(person__in=persons, household=source, valid_to__isnull=True):
        membership.valid_to = max(on, membership.valid_from)
        membership.save(update_fields=["valid_to"])
    for person in persons:
        person.household = target
    Person.objects.bulk_update(
        [person for person in persons if person.relationship != PRINCIPAL], ["relationship", "household"]
    )
    Person.objects.bulk_update(
        [person for person in persons if person.relationship == PRINCIPAL], ["relationship", "household"]
    )
    Membership.objects.bulk_create(
        Membership(
            household=target,
            person=person,
            relationship=person.relationship,
            valid_from=max(on, target.arrived_on),
            reason=reason,
        )
        for person in persons
    )


def _new_household(act: Act, by: Actor, on: date) -> Household:
    old = act.household
    serials = draw_serials(old.office_id, old.custodian_id, act.on, households=1, persons=0)
    return Household.objects.create(
        number=numbering.household_number(serials.prefix, act.on.year, serials.households[0]),
        custodian_id=old.custodian_id,
        office_id=old.office_id,
        registered_on=act.on,
        arrived_on=old.arrived_on,
        entry_point=old.entry_point,
        sensitivity=old.sensitivity,
        registered_by_id=by.member_id,
        version=0,
    )


def _counted_at(household: Household) -> tuple[str, str]:
    """The district the household is counted in. Who splits it may not read where it lives: a function answers, inside the act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, location_label FROM registry_counted_at(%s)", [household.pk])
        return cursor.fetchone() or ("", "")
