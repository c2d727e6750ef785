"""Rows from what was told: the same for a registration, a birth and an imported workbook. Nothing is saved here but in bulk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from panoh.identity.proposing import Spelt, propose
from panoh.kernel.ids import new_id
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry import numbering
from panoh.registry.models import (
    Facts,
    Household,
    Location,
    Membership,
    Name,
    Need,
    PaperHeld,
    Person,
    Photo,
    Profile,
    Residence,
)
from panoh.registry.nameindex import index_rows
from panoh.registry.registration import PersonEntry
from panoh.registry.rules import clean_photo
from panoh.registry.rules.values import paper_number_key
from panoh.registry.snapshots import Snapshot, need_snapshot, person_snapshot, profile_snapshot
from panoh.rulebook.book import Rulebook

SOURCE_TOLD, SOURCE_IMPORT = "told", "import"
DISTRICT = 2


@dataclass
class Rows:
    """The rows of one or many households, gathered so that each table is written once."""

    households: list[Household] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    papers: list[PaperHeld] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    locations: list[Location] = field(default_factory=list)

    def save(self) -> None:
        """Everything in one statement (see `registry_save` in the migrations)."""
        given: dict[str, Any] = {}
        for rows in vars(self).values():
            if rows:
                table = rows[0]._meta.db_table.removeprefix("registry_")
                columns = [column.attname for column in rows[0]._meta.concrete_fields]
                given[table] = [{column: row.__dict__[column] for column in columns} for row in rows]
        forms: dict[UUID, list[PersonName]] = {}
        for name in self.names:
            if name.role != Name.PROPOSED:
                forms.setdefault(name.person_id, []).append(name.as_person_name())
        if forms:
            given["name_index"] = index_rows(forms.items())
        save_rows(given)
        for rows in vars(self).values():
            for row in rows:
                row._state.adding, row._state.db = False, "default"

    def digests(self) -> dict[UUID, Snapshot]:
        """The state of all persons, needs and profiles among the rows, as they will stand in the tables."""
        names: dict[UUID, list[Name]] = {}
        papers: dict[UUID, list[PaperHeld]] = {}
        for name in self.names:
            names.setdefault(name.person_id, []).append(name)
        for paper in self.papers:
            papers.setdefault(paper.person_id, []).append(paper)
        found = {
            person.pk: person_snapshot(person, names.get(person.pk, ()), papers.get(person.pk, ()))
            for person in self.persons
        }
        found |= {need.pk: need_snapshot(need) for need in self.needs}
        found |= {profile.pk: profile_snapshot(profile) for profile in self.profiles}
        return found


def save_rows(given: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_save(%s::jsonb)", [json.dumps(given, default=_as_text, ensure_ascii=False)])


def _as_text(value: object) -> str:
    """Ids, days and instants as PostgreSQL reads them; bytes as it writes them."""
    return "\\x" + value.hex() if isinstance(value, bytes | bytearray | memoryview) else str(value)


@dataclass(frozen=True, slots=True)
class Serials:
    """Numbers drawn from the sequences, with the prefix and the place of the office that gives them out."""

    office_id: UUID
    prefix: str
    place: str
    households: list[int]
    persons: list[int]


def draw_serials(office_id: UUID, organisation_id: UUID, on: date, *, households: int, persons: int) -> Serials:
    """The office and as many numbers as are needed, in one statement. The office must be the actor's and open on the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.id, o.prefix, o.place,"
            " ARRAY(SELECT nextval('registry_household_serial') FROM generate_series(1, %s)),"
            " ARRAY(SELECT nextval('registry_person_serial') FROM generate_series(1, %s))"
            " FROM access_office o WHERE o.id = %s AND o.organisation_id = %s"
            " AND o.valid_from <= %s AND (o.valid_to IS NULL OR o.valid_to > %s)",
            [households, persons, office_id, organisation_id, on, on],
        )
        found = cursor.fetchone()
    if found is None:
        raise Problem("registry.household.office_unknown", field="office_id")
    return Serials(*found)


def add_person(
    rows: Rows,
    entry: PersonEntry,
    *,
    household: Household,
    number: str,
    member_from: date,
    reason: str,
    on: date,
    recorded_by: UUID,
    recorded_at: datetime,
    book: Rulebook,
    source: str = SOURCE_TOLD,
    spelt: Spelt,
) -> Person:
    """The rows of one person. Born after the household's arrival: arrived by being born. `spelt`: the family's own spellings."""
    arrived_on = entry.arrived_on or max(household.arrived_on, min(entry.birth.earliest, on))
    photo = clean_photo(entry.photo, "photo") if entry.photo else None
    person = Person(
        number=number,
        household=household,
        relationship=entry.relationship,
        sex=entry.sex,
        birth_earliest=entry.birth.earliest,
        birth_latest=entry.birth.latest,
        birth_precision=entry.birth.precision,
        birth_calendar=entry.birth.calendar,
        birth_estimated=entry.birth.estimated,
        nationality=entry.nationality,
        origin_place=entry.origin_place,
        marital=entry.marital,
        education=entry.education,
        occupation=entry.occupation,
        phone=entry.phone,
        arrived_on=arrived_on,
        photo_sha256=photo.sha256 if photo else "",
    )
    rows.persons.append(person)
    rows.names.extend(name_rows(person, entry.names, entry.aliases, source, spelt=spelt))
    rows.memberships.append(
        Membership(
            household=household,
            person=person,
            relationship=entry.relationship,
            valid_from=max(member_from, arrived_on),
            reason=reason,
        )
    )
    rows.papers.extend(paper_row(person, paper) for paper in entry.papers)
    restricted = book.codes["needs"]
    rows.needs.extend(
        Need(
            person=person,
            code=need.code,
            restricted=restricted[need.code].attributes.get("restricted") == "yes",
            since=need.since or on,
            until=need.until,
            source=need.source,
            recorded_by_id=recorded_by,
            recorded_at=recorded_at,
        )
        for need in entry.needs
    )
    if entry.has_profile:
        rows.profiles.append(
            Profile(person=person, religion=entry.religion, ethnicity=entry.ethnicity, languages=list(entry.languages))
        )
    if photo:
        rows.photos.append(Photo(person=person, image=photo.image, sha256=photo.sha256, taken_on=on))
    return person


def name_rows(
    person: Person,
    names: Sequence[PersonName],
    aliases: Sequence[PersonName],
    source: str = SOURCE_TOLD,
    *,
    spelt: Spelt,
) -> list[Name]:
    """The forms as given, the first one primary; and a Latin and a Cyrillic form where there is none, marked as proposed."""

    def row(name: PersonName, role: str, **more: object) -> Name:
        return Name(
            id=new_id(),
            person=person,
            role=role,
            source=more.pop("source", source),
            script=name.script,
            **dict(name.parts()),
            **more,  # type: ignore[arg-type]
        )

    rows = [row(name, Name.OWN, is_primary=index == 0) for index, name in enumerate(names)]
    rows += [row(name, Name.ALIAS) for name in aliases]
    rows += [
        row(made.name, Name.PROPOSED, source="rule", rule=made.rule, confidence=made.confidence)
        for made in propose(names, spelt)
    ]
    return rows


def own_names(household_id: UUID, *, without: UUID | None = None) -> list[list[PersonName]]:
    """The names of a household's members as they gave them, person by person; without one of them where so told."""
    found: dict[UUID, list[PersonName]] = {}
    names = Name.objects.filter(person__household_id=household_id, role=Name.OWN).exclude(person_id=without)
    for name in names.order_by("-is_primary", "id"):
        found.setdefault(name.person_id, []).append(name.as_person_name())
    return list(found.values())


def paper_row(person: Person, paper) -> PaperHeld:
    return PaperHeld(
        person=person,
        kind=paper.kind,
        number=paper.number.strip(),
        number_key=paper_number_key(paper.number),
        country=paper.country,
        issued_on=paper.issued_on,
        expires_on=paper.expires_on,
    )


def facts_row(person: Person, *, recorded_at: datetime, entry_id: UUID) -> Facts:
    return Facts(
        person=person,
        sex=person.sex,
        birth_earliest=person.birth_earliest,
        birth_latest=person.birth_latest,
        birth_precision=person.birth_precision,
        nationality=person.nationality,
        recorded_at=recorded_at,
        entry_id=entry_id,
    )


def location_row(
    household: Household, place: str, book: Rulebook, *, valid_from: date, recorded_at: datetime, entry_id: UUID
) -> Location:
    """Where the household is counted: the district of its address, or only the region; nothing finer leaves the address."""
    code = counted_place(place, book)
    found = book.places[code] if code else None
    return Location(
        household=household,
        place=code,
        location_label=(found.attributes.get("unhcr_location") or found.titles["en"]) if found else "",
        valid_from=valid_from,
        recorded_at=recorded_at,
        entry_id=entry_id,
    )


def counted_place(place: str, book: Rulebook) -> str:
    if not place or place not in book.places:
        return ""
    for candidate in (book.places[place], *book.places.ancestors(place)):
        if candidate.level.isdigit() and int(candidate.level) <= DISTRICT:
            return candidate.code
    return ""


def new_numbers(serials: Serials, year: int) -> tuple[list[str], list[str]]:
    prefix = serials.prefix
    return (
        [numbering.household_number(prefix, year, serial) for serial in serials.households],
        [numbering.person_number(prefix, serial) for serial in serials.persons],
    )


def end_residence(household_id: UUID, last_day: date) -> bool:
    """End the current address, also for an actor who may write one down but not read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_end_residence(%s, %s)", [household_id, last_day])
        return bool(cursor.fetchone()[0])
