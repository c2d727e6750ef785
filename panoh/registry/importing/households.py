"""From rows to registrations: the sheets Households and Individuals of a HOPE registration workbook, understood.

Nothing is invented. What the register needs and the workbook does not say is a finding; what stands in for it is said.
Columns are known by the names that HOPE gives them (`…_h_c` of the household, `…_i_c` of the individual); others are
listed once as not taken over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.problems import Problem
from panoh.registry.importing import choices
from panoh.registry.importing.findings import ERROR, Finding, error, warning
from panoh.registry.importing.individuals import HOUSEHOLDS, INDIVIDUALS, READ_INDIVIDUAL, IndividualReader, read_day
from panoh.registry.importing.workbook import Formula, Row, Sheet, Workbook
from panoh.registry.registration import PersonEntry, Registration
from panoh.registry.rules.households import registration_problems, registration_warnings
from panoh.rulebook.book import Rulebook

CHOICES = "Choices"
WANTED = (HOUSEHOLDS, INDIVIDUALS, CHOICES)
NEEDED = {HOUSEHOLDS: ("household_id",), INDIVIDUALS: ("household_id", "relationship_i_c", "gender_i_c")}
# Columns that are read; all others are told once as not taken over.
READ_HOUSEHOLD = frozenset(
    [
        "household_id",
        "residence_status_h_c",
        "country_h_c",
        "country_origin_h_c",
        "consent_origin_h_c",
        "address_h_c",
        "admin1_h_c",
        "admin2_h_c",
        "village_h_c",
        "size_h_c",
        "first_registration_date_h_c",
        "consent_h_c",
        "consent_sharing_h_c",
    ]
)
# Field of a Registration → the column that it came from, to show a rule's refusal at its place.
COLUMN_OF = {
    "names": "full_name_i_c",
    "sex": "gender_i_c",
    "birth": "birth_date_i_c",
    "nationality": "country_origin_h_c",
    "relationship": "relationship_i_c",
    "marital": "marital_status_i_c",
    "phone": "phone_no_i_c",
    "papers": "national_id_no_i_c",
    "needs": "seeing_disability_i_c",
    "arrived_on": "first_registration_date_h_c",
    "residence_place": "admin2_h_c",
    "residence_detail": "address_h_c",
}


@dataclass
class ImportedHousehold:
    """One household of the workbook: its registration if it could be built, and what was found in its rows."""

    key: str
    row: int
    registration: Registration | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return self.registration is None or any(finding.severity == ERROR for finding in self.findings)


@dataclass
class Reading:
    """A workbook understood: its households in order, and what was found that belongs to none of them."""

    workbook: Workbook
    households: list[ImportedHousehold]
    findings: list[Finding]

    @property
    def accepted(self) -> list[ImportedHousehold]:
        return [household for household in self.households if not household.is_refused]

    @property
    def refused(self) -> list[ImportedHousehold]:
        return [household for household in self.households if household.is_refused]


def needed_sheets(workbook: Workbook) -> dict[str, Sheet]:
    """The sheets without which nothing can be understood, or a Problem that names what is missing."""
    return {name: _needed_sheet(workbook, name) for name in NEEDED}


def understand(workbook: Workbook, *, office_id: UUID, on: date, book: Rulebook, region: str) -> Reading:
    """Every household of the workbook as a registration, with all that speaks against it."""
    sheets = needed_sheets(workbook)
    labels = choices.Labels(workbook.find(CHOICES))
    reader = _Reader(office_id, on, book, region, labels)
    findings = [
        *_not_taken(sheets[HOUSEHOLDS], READ_HOUSEHOLD),
        *_not_taken(sheets[INDIVIDUALS], READ_INDIVIDUAL),
    ]
    members: dict[str, list[Row]] = {}
    for row in sheets[INDIVIDUALS].rows:
        key = _key(row.get("household_id"))
        if key:
            members.setdefault(key, []).append(row)
        else:
            findings.append(error(INDIVIDUALS, row.number, "household_id", "registry.import.no_household_id"))
    households: list[ImportedHousehold] = []
    seen: dict[str, int] = {}
    for row in sheets[HOUSEHOLDS].rows:
        key = _key(row.get("household_id"))
        if not key:
            findings.append(error(HOUSEHOLDS, row.number, "household_id", "registry.import.no_household_id"))
        elif key in seen:
            findings.append(
                error(HOUSEHOLDS, row.number, "household_id", "registry.import.household_twice", first=seen[key])
            )
        else:
            seen[key] = row.number
            households.append(reader.household(key, row, members.pop(key, [])))
    for key, rows in members.items():
        findings.append(
            error(INDIVIDUALS, rows[0].number, "household_id", "registry.import.household_missing", key=key[:40])
        )
    return Reading(workbook, households, findings)


def _needed_sheet(workbook: Workbook, name: str) -> Sheet:
    sheet = workbook.find(name)
    if sheet is None:
        raise Problem("registry.import.sheet_missing", file=workbook.file_name, sheet=name)
    missing = [column for column in NEEDED[name] if column not in sheet.headers]
    if missing:
        raise Problem("registry.import.column_missing", sheet=name, column=missing[0])
    if not sheet.rows:
        raise Problem("registry.import.sheet_empty", sheet=name)
    return sheet


def _not_taken(sheet: Sheet, read: frozenset[str]) -> Iterable[Finding]:
    for header in sheet.headers:
        if header not in read and any(row.cells.get(header) not in (None, "", False, 0, "0") for row in sheet.rows):
            yield warning(sheet.name, 1, header, "registry.import.column_not_taken")


def _key(value: Any) -> str:
    return "" if value is None or isinstance(value, Formula) else str(value).strip()[:100]


class _Reader:
    """Builds one household at a time; holds what is the same for all."""

    def __init__(self, office_id: UUID, on: date, book: Rulebook, region: str, labels: choices.Labels) -> None:
        self.office_id, self.on, self.book, self.region = office_id, on, book, region
        self.individuals = IndividualReader(on, book, region, labels)

    def household(self, key: str, row: Row, member_rows: list[Row]) -> ImportedHousehold:
        built = ImportedHousehold(key, row.number)
        note = built.findings.append
        for header, value in row.cells.items():
            if header in READ_HOUSEHOLD and isinstance(value, Formula):
                note(error(HOUSEHOLDS, row.number, header, "registry.import.formula", formula=value.text))
        arrived_on = read_day(row, "first_registration_date_h_c", HOUSEHOLDS, note)
        if arrived_on:
            note(
                warning(
                    HOUSEHOLDS,
                    row.number,
                    "first_registration_date_h_c",
                    "registry.import.arrival_stands_in",
                    day=arrived_on,
                )
            )
        elif not any(f.column == "first_registration_date_h_c" for f in built.findings):
            note(error(HOUSEHOLDS, row.number, "first_registration_date_h_c", "registry.value.missing"))
        status = choices.word(row.get("residence_status_h_c") or "")
        if status in choices.STATUS_NOT_TAKEN:
            note(
                warning(
                    HOUSEHOLDS, row.number, "residence_status_h_c", "registry.import.status_not_taken", status=status
                )
            )
        if row.get("consent_sharing_h_c"):
            note(warning(HOUSEHOLDS, row.number, "consent_sharing_h_c", "registry.import.consent_not_taken"))
        origin_place, residence_place = self._places(row, note)
        persons: list[PersonEntry] = []
        person_rows: list[Row] = []
        for member in member_rows:
            if choices.word(member.get("relationship_i_c") or "") == choices.NOT_A_MEMBER:
                note(warning(INDIVIDUALS, member.number, "relationship_i_c", "registry.import.not_a_member"))
                continue
            person = self.individuals.person(member, row, origin_place, note)
            if person is not None:
                persons.append(person)
                person_rows.append(member)
        told_size = row.get("size_h_c")
        if isinstance(told_size, int) and not isinstance(told_size, bool) and told_size != len(member_rows):
            note(
                warning(
                    HOUSEHOLDS,
                    row.number,
                    "size_h_c",
                    "registry.import.size_differs",
                    told=told_size,
                    found=len(member_rows),
                )
            )
        if any(finding.severity == ERROR for finding in built.findings):
            return built
        registration = Registration(
            arrived_on=arrived_on,
            entry_point="",
            office_id=self.office_id,
            persons=tuple(persons),
            residence_place=residence_place,
            residence_detail=" ".join(str(v) for v in (row.get("village_h_c"), row.get("address_h_c")) if v)
            if residence_place
            else "",
        )
        self._judge(registration, row, person_rows, note)
        built.registration = registration
        return built

    def _judge(self, registration: Registration, row: Row, person_rows: list[Row], note) -> None:
        """The rules of the register, told at the row and column that each value came from."""
        codes, places = self.book.codes, self.book.places
        for problem in registration_problems(registration, self.on, codes, places=places, region=self.region):
            note(Finding(ERROR, *_place_of(problem.field or "", row, person_rows), problem))
        for problem in registration_warnings(registration, self.on, codes):
            note(Finding("warning", *_place_of(problem.field or "", row, person_rows), problem))

    def _places(self, row: Row, note) -> tuple[str, str]:
        """(place of origin, place of residence): a code of the country of asylum is where they live, another where from."""
        for column in ("admin2_h_c", "admin1_h_c"):
            code = str(row.get(column) or "")
            if not code:
                continue
            place = self.book.places.get(code)
            if place is None:
                note(warning(HOUSEHOLDS, row.number, column, "registry.import.place_left_out", code=code[:40]))
                continue
            return ("", code) if place.country == self.book.country.iso3 else (code, "")
        return "", ""


def _place_of(path: str, household: Row, persons: list[Row]) -> tuple[str, int, str]:
    """(sheet, row, column) of a field of the registration, such as persons.2.names.0.given."""
    parts = path.split(".")
    if parts[0] == "persons" and len(parts) > 2 and parts[1].isdigit() and int(parts[1]) < len(persons):
        return INDIVIDUALS, persons[int(parts[1])].number, COLUMN_OF.get(parts[2], parts[2])
    return HOUSEHOLDS, household.number, COLUMN_OF.get(parts[0], parts[0])
