"""Households and persons: which ones an actor sees, and the only way to open one.

`obtain_…` is what pages call: it finds by number, asks for permission and records the reading. What is hidden and what
does not exist give the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.operations.readings import record_reading
from panoh.access.policy import check
from panoh.access.scope import class_scope, household_scope
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.queries import list_entries_about
from panoh.registry.models import Consent, Household, Judgement, Name, Need, Person, Profile, Residence
from panoh.registry.models.duplicates import SAME
from panoh.registry.numbering import find_number
from panoh.registry.veils import unveiled

MOST_LINKED = 50


def visible_to(actor: Actor) -> QuerySet[Household]:
    """The households that the actor sees. Everything personal starts here; row-level security says the same again."""
    return Household.objects.filter(household_scope(actor))


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    return Person.objects.filter(household_scope(actor, "household__"))


def names_in_order() -> Prefetch:
    """Names with the person, the primary form first: what lists show."""
    return Prefetch("names", queryset=Name.objects.order_by("-is_primary", "role", "id"))


_BY_NUMBER: Composed[Household] = Composed(
    lambda actor, number: (
        visible_to(actor).filter(number=number).select_related("office", "custodian", "registered_by__account")
    )
)
_BY_MEMBER: Composed[Household] = Composed(
    lambda actor, number: (
        visible_to(actor).filter(persons__number=number).select_related("office", "custodian", "registered_by__account")
    )
)
_PERSON: Composed[Person] = Composed(
    lambda actor, number: (
        persons_visible_to(actor)
        .filter(number=number)
        .select_related("household__office", "household__custodian")
        .prefetch_related(names_in_order(), "papers_held")
    )
)


def obtain_household(actor: Actor, number: str, *, route: str = "") -> Household:
    """Open a household by its number (or that of one of its members) and leave a record of the reading."""
    read = find_number(number)
    if read is None:
        raise Problem("access.thing.not_found")
    household = (_BY_NUMBER if read.is_household else _BY_MEMBER).first(actor, read.text)
    if household is None:
        raise Problem("access.thing.not_found")
    check(actor, "registry.household.read", household)
    record_reading(by=actor, household_id=household.pk, verb="registry.household.read", route=route)
    return household


def obtain_person(actor: Actor, number: str, *, route: str = "") -> Person:
    """Open a person's record by its number and leave a record of the reading."""
    read = find_number(number)
    person = _PERSON.first(actor, read.text) if read and not read.is_household else None
    if person is None:
        raise Problem("access.thing.not_found")
    check(actor, "registry.person.read", person)
    record_reading(
        by=actor, household_id=person.household_id, person_id=person.pk, verb="registry.person.read", route=route
    )
    return person


_MEMBERS: Composed[Person] = Composed(
    lambda household: Person.objects.filter(household_id=household).prefetch_related(names_in_order(), "papers_held")
)


def list_members(household: Household, *, closed_too: bool = True) -> list[Person]:
    """The members with their names: the principal applicant first, then in the order they were told."""
    members = [one for one in _MEMBERS(household.pk) if closed_too or one.status == "open"]
    return sorted(members, key=lambda person: (person.status != "open", person.relationship != "PA", person.pk))


def list_residences(actor: Actor, household: Household) -> list[Residence]:
    """The addresses, newest first; none where the actor may not read them (field class residence)."""
    return _RESIDENCES(actor, household.pk)


_RESIDENCES: Composed[Residence] = Composed(
    lambda actor, household: Residence.objects.filter(class_scope(actor, "residence"), household_id=household).order_by(
        "-valid_from", "-id"
    )
)


def list_needs(actor: Actor, persons: Iterable[Person]) -> dict[UUID, list[Need]]:
    """The needs of each person; restricted ones only for who may read them, and ended ones at the end."""
    found: dict[UUID, list[Need]] = {person.pk: [] for person in persons}
    if actor.reads("needs"):
        for need in _NEEDS(actor, list(found)):
            found[need.person_id].append(need)
    return found


def _needs(actor: Actor, persons: list[UUID]) -> QuerySet[Need]:
    needs = Need.objects.filter(person_id__in=persons, restricted=False)
    if actor.reads("needs_restricted"):
        needs = needs | Need.objects.filter(
            class_scope(actor, "needs_restricted", "person__household__"), person_id__in=persons, restricted=True
        )
    return needs.select_related("recorded_by__account", "recorded_by__organisation").order_by("until", "code")


_NEEDS: Composed[Need] = Composed(_needs)


def find_profile(actor: Actor, person: Person) -> Profile | None:
    """Religion, ethnicity and languages, where the actor may read them."""
    return _PROFILE.first(actor, person.pk)


_PROFILE: Composed[Profile] = Composed(
    lambda actor, person: Profile.objects.filter(
        class_scope(actor, "religion_ethnicity", "person__household__"), person_id=person
    )
)


def list_consents(household: Household) -> list[Consent]:
    return _CONSENTS(household.pk)


_CONSENTS: Composed[Consent] = Composed(
    lambda household: (
        Consent.objects.filter(household_id=household)
        .select_related("recipient", "person")
        .order_by("-given_on", "-id")
    )
)


def household_history(actor: Actor, household: Household) -> list[Entry]:
    """The entries of the ledger about a file that was obtained, newest first, but for what is hidden from the reader."""
    return unveiled(actor, list_entries_about(household.pk))


# -- two records, one person ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MergedView:
    """What several records that were judged to be one person say together. Derived each time; nothing is merged."""

    persons: tuple[Person, ...]
    numbers: tuple[str, ...]
    names: tuple[Name, ...]

    @property
    def is_linked(self) -> bool:
        return len(self.persons) > 1


def linked_numbers(person: Person) -> tuple[str, ...]:
    """All numbers of the human being behind this record, its own first."""
    return merged_view(person).numbers


def merged_view(person: Person) -> MergedView:
    """The records linked to this one by judgements in force, over as many steps as it takes. Hidden ones stay hidden."""
    known: dict[UUID, Person] = {person.pk: person}
    edge = [person.pk]
    while edge and len(known) < MOST_LINKED:
        pairs = Judgement.objects.filter(undone_at__isnull=True, verdict=SAME, confirmed_at__isnull=False)
        found = (pairs.filter(person_a_id__in=edge) | pairs.filter(person_b_id__in=edge)).values_list(
            "person_a_id", "person_b_id"
        )
        fresh = {one for pair in found for one in pair} - known.keys()
        if not fresh:
            break
        known |= Person.objects.select_related("household").in_bulk(sorted(fresh))
        edge = sorted(fresh & known.keys())
    persons = (person, *(known[key] for key in sorted(known.keys() - {person.pk})))
    names = (
        Name.objects.filter(person_id__in=known).order_by("-is_primary", "id") if len(known) > 1 else person.names.all()
    )
    return MergedView(persons, tuple(one.number for one in persons), tuple(names))
