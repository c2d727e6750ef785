"""What is right about a household as a whole, and about its members beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from panoh.identity.similarity import similarity
from panoh.kernel.calendars import BirthDate
from panoh.kernel.problems import Problem, Problems
from panoh.registry.registration import PersonEntry, Registration
from panoh.registry.rules.persons import MAJORITY, clean_person, is_principal, person_problems, person_warnings
from panoh.registry.rules.relationships import (
    PRINCIPAL,
    YOUNGEST_PARENT,
    generation_of,
    is_blood_line,
    is_spouse,
)
from panoh.registry.rules.values import (
    clean_phone,
    code_problems,
    day_problems,
    paper_number_key,
    phone_problems,
    spoken_language_problems,
    text_problems,
)

MOST_PERSONS = 60
ALIKE = 0.95  # names this near, with births that can be the same, are told as perhaps one person entered twice


@dataclass(frozen=True, slots=True)
class Member:
    """What the rules between members need of each: the same for a registration and for a household of long ago."""

    relationship: str
    sex: str
    birth: BirthDate
    path: str = ""


def check_registration(
    registration: Registration,
    on: date,
    codes: Mapping[str, Any],
    *,
    places: Mapping[str, Any] | None = None,
    region: str | None = None,
) -> None:
    """Raise all that is wrong with a registration at once, each Problem on its field."""
    wrong = list(registration_problems(registration, on, codes, places=places, region=region))
    if wrong:
        raise Problems(wrong)


def clean_registration(registration: Registration, region: str | None) -> Registration:
    """The registration in the form that is kept: clean names, telephones in one spelling. Only after the check."""

    def phone(text: str) -> str:
        return clean_phone(text, region) if text.strip() else ""

    return replace(
        registration,
        phone=phone(registration.phone),
        persons=tuple(replace(clean_person(person), phone=phone(person.phone)) for person in registration.persons),
    )


def registration_problems(
    registration: Registration,
    on: date,
    codes: Mapping[str, Any],
    *,
    places: Mapping[str, Any] | None = None,
    region: str | None = None,
) -> Iterator[Problem]:
    if len(registration.persons) > MOST_PERSONS:
        yield Problem(
            "registry.household.too_many_persons", field="persons", count=len(registration.persons), most=MOST_PERSONS
        )
        return
    yield from arrival_problems(
        registration.arrived_on, registration.entry_point, registration.phone, on, codes, region
    )
    if places is not None and registration.residence_place and registration.residence_place not in places:
        yield Problem("registry.value.unknown_place", field="residence_place", code=registration.residence_place[:40])
    yield from text_problems(registration.residence_detail, "residence_detail")
    if registration.residence_detail.strip() and not registration.residence_place:
        yield Problem("registry.value.missing", field="residence_place")
    for index, person in enumerate(registration.persons):
        yield from person_problems(person, on, codes, f"persons.{index}.", region=region)
    yield from member_problems(members_of(registration.persons), codes)
    yield from _arrivals(registration)
    yield from _entered_twice(registration.persons)
    yield from _consents(registration, on, codes)


def arrival_problems(
    arrived_on: date | None, entry_point: str, phone: str, on: date, codes: Mapping[str, Any], region: str | None
) -> Iterator[Problem]:
    """What is said of a household as a whole: when and where it arrived, how it is reached."""
    yield from day_problems(arrived_on, on, "arrived_on", required=True)
    yield from code_problems(codes, "entry_points", entry_point, "entry_point", required=False)
    yield from phone_problems(phone, region, "phone")


def registration_warnings(registration: Registration, on: date, codes: Mapping[str, Any]) -> list[Problem]:
    """What a clerk should look at again; saving is allowed. Shown beside the fields and kept with the entry."""
    found: list[Problem] = []
    for index, person in enumerate(registration.persons[:MOST_PERSONS]):
        found.extend(person_warnings(person, on, codes, f"persons.{index}."))
    found.extend(member_warnings(members_of(registration.persons[:MOST_PERSONS]), on, codes))
    found.extend(_papers_of_two(registration.persons[:MOST_PERSONS]))
    found.extend(_alike(registration.persons[:MOST_PERSONS]))
    return found


def newcomer_warnings(
    person: PersonEntry, family: Sequence[Member], on: date, codes: Mapping[str, Any]
) -> list[Problem]:
    """What to look at again where one person joins a household: of herself, and of her among the others."""
    others = [Member(one.relationship, one.sex, one.birth, "family.") for one in family]
    among = member_warnings([*others, Member(person.relationship, person.sex, person.birth)], on, codes)
    return [
        *person_warnings(person, on, codes, ""),
        *(warning for warning in among if not (warning.field or "").startswith("family.")),
    ]


def members_of(persons: Sequence[PersonEntry]) -> list[Member]:
    return [
        Member(person.relationship, person.sex, person.birth, f"persons.{index}.")
        for index, person in enumerate(persons)
    ]


def member_problems(members: Sequence[Member], codes: Mapping[str, Any]) -> Iterator[Problem]:
    """Exactly one principal applicant; nobody older than their own parents."""
    if not members:
        yield Problem("registry.household.no_persons", field="persons")
        return
    principals = [member for member in members if member.relationship == PRINCIPAL]
    if not principals:
        yield Problem("registry.household.no_principal_applicant", field=f"{members[0].path}relationship")
        return
    for member in principals[1:]:
        yield Problem("registry.household.two_principal_applicants", field=f"{member.path}relationship")
    principal = principals[0]
    for member in members:
        if member is principal or not is_blood_line(codes, member.relationship):
            continue
        older, younger = _order(principal, member, codes)
        # Only where the intervals leave no doubt: a year-only date must not refuse a family.
        if older.birth.earliest >= younger.birth.latest:
            yield Problem(
                "registry.household.parent_not_older", field=f"{member.path}birth", relationship=member.relationship
            )


def member_warnings(members: Sequence[Member], on: date, codes: Mapping[str, Any]) -> Iterator[Problem]:
    principal = next((member for member in members if member.relationship == PRINCIPAL), None)
    if principal is not None:
        for member in members:
            if member is principal or not is_blood_line(codes, member.relationship):
                continue
            older, younger = _order(principal, member, codes)
            steps = abs(generation_of(codes, member.relationship) or 1)
            widest = (younger.birth.latest - older.birth.earliest) / timedelta(days=365.2425)
            if 0 < widest < YOUNGEST_PARENT * steps:
                yield Problem(
                    "registry.warning.parent_very_young", field=f"{member.path}birth", years=YOUNGEST_PARENT * steps
                )
    spouses = [member for member in members if is_spouse(codes, member.relationship)]
    for member in spouses[1:]:
        yield Problem("registry.warning.several_spouses", field=f"{member.path}relationship", count=len(spouses))
    born = [member for member in members if member.birth.earliest <= on]
    if born and all(member.birth.is_adult_on(on, MAJORITY) is False for member in born):
        yield Problem("registry.warning.children_alone", field=f"{members[0].path}birth", majority=MAJORITY)


def _order(principal: Member, member: Member, codes: Mapping[str, Any]) -> tuple[Member, Member]:
    """(the elder generation, the younger one)"""
    return (principal, member) if (generation_of(codes, member.relationship) or 0) > 0 else (member, principal)


def _arrivals(registration: Registration) -> Iterator[Problem]:
    arrived = registration.arrived_on
    if arrived is None:
        return
    for index, person in enumerate(registration.persons):
        # A child born after the arrival is registered with the family; the applicant cannot have arrived unborn.
        if is_principal(person) and person.birth.earliest > arrived:
            yield Problem("registry.person.arrived_before_birth", field=f"persons.{index}.birth", day=arrived)


def _entered_twice(persons: Sequence[PersonEntry]) -> Iterator[Problem]:
    seen: dict[object, int] = {}
    for index, person in enumerate(persons):
        key = (person.names, person.sex, person.birth.earliest, person.birth.latest)
        if person.names and key in seen:
            yield Problem(
                "registry.household.person_twice", field=f"persons.{index}.names.0.given", other=seen[key] + 1
            )
        seen.setdefault(key, index)


def _alike(persons: Sequence[PersonEntry]) -> Iterator[Problem]:
    for index, person in enumerate(persons):
        for earlier in range(index):
            other = persons[earlier]
            if (
                person.names
                and other.names
                and person.sex == other.sex
                and person.birth.earliest <= other.birth.latest
                and other.birth.earliest <= person.birth.latest
                and similarity(person.names[0].display("full"), other.names[0].display("full")).score >= ALIKE
            ):
                yield Problem(
                    "registry.warning.persons_alike", field=f"persons.{index}.names.0.given", other=earlier + 1
                )
                break


def _papers_of_two(persons: Sequence[PersonEntry]) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    for index, person in enumerate(persons):
        for position, paper in enumerate(person.papers):
            key = (paper.kind, paper.country, paper_number_key(paper.number))
            if seen.setdefault(key, index) != index:
                yield Problem(
                    "registry.warning.paper_of_two",
                    field=f"persons.{index}.papers.{position}.number",
                    other=seen[key] + 1,
                )


def _consents(registration: Registration, on: date, codes: Mapping[str, Any]) -> Iterator[Problem]:
    seen: set[object] = set()
    for index, consent in enumerate(registration.consents):
        at = f"consents.{index}."
        yield from code_problems(codes, "purposes", consent.purpose, f"{at}purpose", required=True)
        yield from code_problems(codes, "consent_methods", consent.method, f"{at}method", required=True)
        yield from spoken_language_problems(codes, consent.language, f"{at}language")
        yield from day_problems(consent.given_on, on, f"{at}given_on", required=True)
        if consent.person is not None and not 0 <= consent.person < len(registration.persons):
            yield Problem("registry.consent.no_such_person", field=f"{at}person")
        key = (consent.purpose, consent.recipient_id, consent.person)
        if key in seen:
            yield Problem("registry.consent.twice", field=f"{at}purpose")
        seen.add(key)
