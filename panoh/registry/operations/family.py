"""Events of a family's life: a child is born, somebody follows later, a marriage, a divorce."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.identity.proposing import own_spellings
from panoh.kernel.problems import Problem
from panoh.registry import numbering
from panoh.registry.models import Facts, Household, Person
from panoh.registry.models.duplicates import ENTRY
from panoh.registry.models.households import OPEN
from panoh.registry.operations.composition import check_members
from panoh.registry.operations.frame import (
    Done,
    begin,
    event_day,
    lock_household,
    refuse,
    region,
    require_open,
)
from panoh.registry.operations.population import StatusRows
from panoh.registry.operations.rows import Rows, add_person, draw_serials, facts_row, own_names
from panoh.registry.operations.suggestions import Confirm, Findings, as_it_is
from panoh.registry.queries.candidates import find_candidates_of
from panoh.registry.registration import PersonEntry
from panoh.registry.rules import Member, member_problems
from panoh.registry.rules.persons import clean_person, person_problems
from panoh.registry.rules.population import birth_reason
from panoh.registry.rules.relationships import PRINCIPAL, is_spouse
from panoh.registry.rules.values import clean_phone
from panoh.rulebook import current

MARRIED, DIVORCED = "MA", "DV"
_FORMER = {"HUS": "EXM", "WIF": "EXF", "CLH": "EXM", "CLW": "EXF", "PTM": "EXM", "PTF": "EXF"}


@transaction.atomic
def record_birth(
    *,
    by: Actor,
    household: Household,
    child: PersonEntry,
    parent: Person | None = None,
    confirm: Confirm = as_it_is,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """A child was born into the household. It enters the population group of `parent`, or of the principal applicant.

    `confirm` is asked as `register_household` asks it: the mother may have told the birth before the father does.
    """
    return _add(
        by=by,
        verb="registry.birth.record",
        kind="registry.birth.recorded",
        household=household,
        entry=child,
        reason="born",
        parent=parent,
        confirm=confirm,
        base=base,
        submission_id=submission_id,
    )


@transaction.atomic
def add_member(
    *,
    by: Actor,
    household: Household,
    person: PersonEntry,
    confirm: Confirm = as_it_is,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Somebody who came later joins the household. No status comes with it: that is for a procedure to give.

    `confirm` is asked as `register_household` asks it: who joins his family has often been registered on the way.
    """
    return _add(
        by=by,
        verb="registry.household.add_member",
        kind="registry.household.member_added",
        household=household,
        entry=person,
        reason="arrived",
        parent=None,
        confirm=confirm,
        base=base,
        submission_id=submission_id,
    )


def _add(
    *,
    by: Actor,
    verb: str,
    kind: str,
    household: Household,
    entry: PersonEntry,
    reason: str,
    parent: Person | None,
    confirm: Confirm,
    base: int | None,
    submission_id: UUID | None,
) -> Done:
    act = begin(
        by=by,
        verb=verb,
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, entry, parent.pk if parent else None],
    )
    if act.earlier:
        return act.earlier
    require_open(act.household)
    book = current()
    members = act.open_members()
    born = reason == "born"
    problems = list(person_problems(entry, act.on, book.codes, "", region=region()))
    if entry.relationship == PRINCIPAL:
        problems.append(Problem("registry.household.two_principal_applicants", field="relationship"))
    told = [Member(member.relationship, member.sex, member.birth) for member in members]
    problems += member_problems([*told, Member(entry.relationship, entry.sex, entry.birth)], book.codes)
    if born and entry.birth.latest < act.household.arrived_on:
        problems.append(
            Problem(
                "registry.event.before_arrival",
                field="birth",
                day=entry.birth.latest,
                arrived_on=act.household.arrived_on,
            )
        )
    refuse(problems)
    entry = clean_person(entry)
    if entry.phone.strip():
        entry = replace(entry, phone=clean_phone(entry.phone, region()))
    candidates = tuple(find_candidates_of(by, (entry,)))
    confirm(candidates)
    since = min(entry.birth.earliest if born else (entry.arrived_on or act.on), act.on)
    serials = draw_serials(act.household.office_id, act.household.custodian_id, act.on, households=0, persons=1)
    rows = Rows()
    person = add_person(
        rows,
        entry,
        household=act.household,
        number=numbering.person_number(serials.prefix, serials.persons[0]),
        member_from=max(since, act.household.arrived_on),
        reason=reason,
        on=act.on,
        recorded_by=by.member_id,
        recorded_at=timezone.now(),
        book=book,
        spelt=own_spellings([entry.names, *own_names(act.household.pk)]),
    )
    rows.save()
    act.digests |= rows.digests()
    status = StatusRows()
    if born:
        whose = act.member(parent) if parent is not None else next(m for m in members if m.relationship == PRINCIPAL)
        entering = birth_reason(whose.population_group, book.codes)
        if entering:
            status.add(person, whose.population_group, entering, max(since, act.household.arrived_on))
            person.status_basis = "derivative"
    alike = Findings(ENTRY).of([person], candidates)
    done = act.finish(
        kind=kind, persons=[person], payload={"number": person.number}, occurred_on=since, also=alike.ids()
    )
    Facts.objects.bulk_create([facts_row(person, recorded_at=done.entry.recorded_at, entry_id=done.entry.id)])
    status.save(done.entry)
    alike.save()
    return done


@transaction.atomic
def record_marriage(
    *,
    by: Actor,
    person: Person,
    spouse: Person,
    married_on: date,
    relationship: str = "",
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Two registered persons have married. They stay in their households; joining them is an act of its own.

    `relationship` is the spouse's to the principal applicant of `person`'s household, where both live in it and one of
    them is that applicant.
    """
    act = begin(
        by=by,
        verb="registry.marriage.record",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, spouse.pk, married_on, relationship],
    )
    if act.earlier:
        return act.earlier
    if person.pk == spouse.pk:
        raise Problem("registry.marriage.with_oneself", field="spouse")
    other = act.household
    others = []
    if spouse.household_id != act.household.pk:
        other = lock_household(by, spouse.household_id)
        check(by, "registry.marriage.record", other)
        others = [other]
    on = event_day(married_on, household=act.household, today=act.on, field="married_on")
    couple = [_living(person.pk, act.household), _living(spouse.pk, other)]
    for one in couple:
        if on < one.birth_earliest:
            raise Problem("registry.person.arrived_before_birth", field="married_on", day=on)
        one.marital = MARRIED
    if relationship:
        if others or PRINCIPAL not in {one.relationship for one in couple}:
            raise Problem("registry.marriage.relationship_not_told", field="relationship")
        second = next(one for one in couple if one.relationship != PRINCIPAL)
        second.relationship = relationship
        check_members([*(m for m in act.open_members() if m.pk not in {one.pk for one in couple}), *couple])
    return act.finish(
        kind="registry.marriage.recorded",
        persons=couple,
        payload={"couple": [one.pk for one in couple]},
        occurred_on=on,
        others=others,
    )


@transaction.atomic
def record_divorce(
    *,
    by: Actor,
    person: Person,
    divorced_on: date,
    former_spouse: Person | None = None,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """A marriage has ended. A former spouse of the principal applicant in the same household is told as such from now on."""
    act = begin(
        by=by,
        verb="registry.divorce.record",
        household=person.household_id,
        base=base,
        submission_id=submission_id,
        content=[person.pk, former_spouse.pk if former_spouse else None, divorced_on],
    )
    if act.earlier:
        return act.earlier
    on = event_day(divorced_on, household=act.household, today=act.on, field="divorced_on")
    parted = [_living(person.pk, act.household)]
    others = []
    if former_spouse is not None:
        other = act.household
        if former_spouse.household_id != act.household.pk:
            other = lock_household(by, former_spouse.household_id)
            check(by, "registry.divorce.record", other)
            others = [other]
        parted.append(_living(former_spouse.pk, other))
    codes = current().codes
    together = not others and PRINCIPAL in {one.relationship for one in parted}
    for one in parted:
        one.marital = DIVORCED
        if together and is_spouse(codes, one.relationship):
            one.relationship = _FORMER.get(one.relationship, one.relationship)
    return act.finish(
        kind="registry.divorce.recorded",
        persons=parted,
        payload={"parted": [one.pk for one in parted]},
        occurred_on=on,
        others=others,
    )


def _living(person_id: UUID, household: Household) -> Person:
    found = Person.objects.filter(pk=person_id, household=household).first()
    if found is None:
        raise Problem("access.thing.not_found")
    if found.status != OPEN:
        raise Problem("registry.person.closed", number=found.number, day=found.closed_on)
    return found
