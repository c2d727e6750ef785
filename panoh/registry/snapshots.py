"""The state of a record in one canonical form: what the ledger commits to after each act.

`panoh ledger verify` makes the snapshots again from the tables and compares; a row that was edited without an act shows.
A snapshot holds only what every act on the record can see: rows of restricted field classes (addresses, needs,
profiles) are subjects of their own, committed by whoever wrote them, so that a digest never depends on the reader.
The population group is not in it: it follows from the status changes, and `find_differences` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from panoh.registry.models import Consent, Household, Judgement, Name, Need, PaperHeld, Person, Profile, Residence

Snapshot = dict[str, Any]

_HOUSEHOLD = [
    "number",
    "custodian_id",
    "office_id",
    "registered_on",
    "arrived_on",
    "entry_point",
    "phone",
    "status",
    "closed_on",
    "closure_reason",
    "sensitivity",
]
_PERSON = [
    "number",
    "household_id",
    "relationship",
    "sex",
    "birth_earliest",
    "birth_latest",
    "birth_precision",
    "birth_calendar",
    "birth_estimated",
    "nationality",
    "origin_place",
    "marital",
    "education",
    "occupation",
    "phone",
    "status",
    "closed_on",
    "closure_reason",
    "arrived_on",
    "photo_sha256",
]
_NAME = [
    "role",
    "script",
    "given",
    "father",
    "grandfather",
    "family",
    "patronymic",
    "tribal",
    "source",
    "rule",
    "confidence",
    "is_primary",
]
_PAPER = ["kind", "number", "country", "issued_on", "expires_on"]
_NEED = ["person_id", "code", "restricted", "since", "until", "source"]
_RESIDENCE = ["household_id", "place", "detail", "valid_from"]  # not its end: who ends it may not be allowed to read it
_PROFILE = ["person_id", "religion", "ethnicity", "languages"]
_CONSENT = ["household_id", "person_id", "purpose", "recipient_id", "method", "language", "given_on", "withdrawn_on"]
_JUDGEMENT = ["person_a_id", "person_b_id", "verdict", "judged_by_id", "confirmed_by_id", "undone_by_id"]


def _fields(row: object, names: Iterable[str]) -> Snapshot:
    return {name: getattr(row, name) for name in names}


def household_snapshot(household: Household) -> Snapshot:
    return _fields(household, _HOUSEHOLD)


def person_snapshot(person: Person, names: Iterable[Name], papers: Iterable[PaperHeld]) -> Snapshot:
    return {
        **_fields(person, _PERSON),
        "names": [_fields(name, _NAME) for name in sorted(names, key=lambda name: name.id)],
        "papers": [_fields(paper, _PAPER) for paper in sorted(papers, key=lambda paper: paper.id)],
    }


def need_snapshot(need: Need) -> Snapshot:
    return _fields(need, _NEED)


def residence_snapshot(residence: Residence) -> Snapshot:
    return _fields(residence, _RESIDENCE)


def profile_snapshot(profile: Profile) -> Snapshot:
    return _fields(profile, _PROFILE)


def consent_snapshot(consent: Consent) -> Snapshot:
    return _fields(consent, _CONSENT)


def judgement_snapshot(judgement: Judgement) -> Snapshot:
    return _fields(judgement, _JUDGEMENT)


def snapshots_of(persons: Iterable[Person]) -> dict[UUID, Snapshot]:
    """The persons as they stand in the tables now, in two queries for all of them."""
    people = {person.id: person for person in persons}
    names: dict[UUID, list[Name]] = {person_id: [] for person_id in people}
    papers: dict[UUID, list[PaperHeld]] = {person_id: [] for person_id in people}
    for name in Name.objects.filter(person_id__in=people):
        names[name.person_id].append(name)
    for paper in PaperHeld.objects.filter(person_id__in=people):
        papers[paper.person_id].append(paper)
    return {key: person_snapshot(person, names[key], papers[key]) for key, person in people.items()}


def current_snapshots(subjects: Iterable[UUID]) -> Mapping[UUID, Snapshot]:
    """What the tables say now of each of these subjects, whatever kind of row it is. Needs a context that sees them."""
    wanted = set(subjects)
    found: dict[UUID, Snapshot] = {}
    found.update({row.id: household_snapshot(row) for row in Household.objects.filter(id__in=wanted)})
    found.update(snapshots_of(Person.objects.filter(id__in=wanted)))
    found.update({row.id: profile_snapshot(row) for row in Profile.objects.filter(id__in=wanted)})
    found.update({row.id: need_snapshot(row) for row in Need.objects.filter(id__in=wanted)})
    found.update({row.id: residence_snapshot(row) for row in Residence.objects.filter(id__in=wanted)})
    found.update({row.id: consent_snapshot(row) for row in Consent.objects.filter(id__in=wanted)})
    found.update({row.id: judgement_snapshot(row) for row in Judgement.objects.filter(id__in=wanted)})
    return found
