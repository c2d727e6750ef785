"""Putting right what is written of a household as a whole: when and where it arrived, how it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.registry.models import Household, Membership, Person
from panoh.registry.operations.frame import Done, begin, refuse, region
from panoh.registry.operations.population import live_changes
from panoh.registry.rules.households import arrival_problems
from panoh.registry.rules.values import clean_phone, text_problems
from panoh.rulebook import current

FIELDS = frozenset(["arrived_on", "entry_point", "phone"])


@transaction.atomic
def correct_household(
    *,
    by: Actor,
    household: Household,
    corrections: Mapping[str, Any],
    evidence: str,
    base: int | None = None,
    submission_id: UUID | None = None,
) -> Done:
    """Correct the day and place of arrival, or the telephone, of a household; `evidence` says why.

    Who arrived with the household arrived on the corrected day as well. What happened to the family afterwards stays
    after its arrival, or the correction is refused.
    """
    unknown = set(corrections) - FIELDS
    if unknown:
        raise ValueError(f"{sorted(unknown)} cannot be corrected by this act")
    act = begin(
        by=by,
        verb="registry.household.correct",
        household=household,
        base=base,
        submission_id=submission_id,
        content=[household.pk, dict(corrections), evidence],
    )
    if act.earlier:
        return act.earlier
    if not corrections:
        raise Problem("registry.correction.nothing")
    if len(evidence.strip()) < 3:
        raise Problem("registry.value.missing", field="evidence")
    file = act.household
    before = file.arrived_on
    told = {name: corrections.get(name, getattr(file, name)) for name in FIELDS}
    problems = [
        *arrival_problems(**told, on=act.on, codes=current().codes, region=region()),
        *text_problems(evidence, "evidence"),
    ]
    if not problems and told["arrived_on"] > file.registered_on:
        problems.append(
            Problem("registry.household.arrived_after_registration", field="arrived_on", day=file.registered_on)
        )
    refuse(problems)
    moved: list[Person] = []
    if told["arrived_on"] != before:
        moved = _move_arrival(file, told["arrived_on"])
    file.arrived_on, file.entry_point = told["arrived_on"], told["entry_point"]
    if "phone" in corrections:
        file.phone = clean_phone(told["phone"], region()) if told["phone"].strip() else ""
    return act.finish(
        kind="registry.household.corrected",
        persons=moved,
        payload={"fields": sorted(corrections)},
        detail={"evidence": evidence.strip()},
    )


def _move_arrival(file: Household, day: date) -> list[Person]:
    """Those who arrived with the household, with their new day; their memberships begin on it as well."""
    members = list(Person.objects.filter(household=file).order_by("id"))
    memberships = list(Membership.objects.filter(household=file))
    happened = [
        *live_changes(members).values_list("effective_on", flat=True),
        *(one.closed_on for one in (file, *members) if one.closed_on),
        *(one.valid_to for one in memberships if one.valid_to),
    ]
    if happened and min(happened) < day:
        raise Problem("registry.household.arrived_after_events", field="arrived_on", day=min(happened))
    moved = [member for member in members if member.arrived_on == file.arrived_on]
    for member in moved:
        if member.birth_earliest > day:
            raise Problem("registry.person.arrived_before_birth", field="arrived_on", day=day)
        member.arrived_on = day
    for membership in memberships:
        if membership.valid_from == file.arrived_on:
            membership.valid_from = day
            membership.save(update_fields=["valid_from"])
    return moved
