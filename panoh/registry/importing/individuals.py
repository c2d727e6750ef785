"""One row of the sheet Individuals as a person of a registration: names, birth, papers and needs, understood."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName, script_of
from panoh.kernel.problems import Problem
from panoh.registry.importing import choices
from panoh.registry.importing.findings import error, warning
from panoh.registry.importing.workbook import Formula, Row
from panoh.registry.registration import NeedEntry, PaperEntry, PersonEntry
from panoh.registry.rules.values import clean_phone
from panoh.rulebook.book import Rulebook

HOUSEHOLDS, INDIVIDUALS = "Households", "Individuals"
READ_INDIVIDUAL = frozenset(
    [
        "household_id",
        "age",
        "relationship_i_c",
        "full_name_i_c",
        "given_name_i_c",
        "middle_name_i_c",
        "family_name_i_c",
        "gender_i_c",
        "birth_date_i_c",
        "estimated_birth_date_i_c",
        "marital_status_i_c",
        "phone_no_i_c",
        "nationality_i_c",
        "other_id_type_i_c",
    ]
    + [f"{stem}_{end}_i_c" for stem in choices.PAPERS for end in ("no", "issuer")]
    + [f"{stem}_i_c" for stem in choices.DISABILITY]
)
OLDEST_AGE_TOLD = 120


def read_day(row: Row, column: str, sheet: str, note) -> date | None:
    value = row.get(column)
    if value is None or isinstance(value, date):
        return value
    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", str(value))
    try:
        if match:
            return date(*map(int, match.groups()))
    except ValueError:
        pass  # told below, like any other text that is no day
    note(error(sheet, row.number, column, "registry.import.not_a_day", text=str(value)[:40]))
    return None


class IndividualReader:
    """Builds one person at a time; `note` takes what was found on the way."""

    def __init__(self, on: date, book: Rulebook, region: str, labels: choices.Labels) -> None:
        self.on, self.book, self.region, self.labels = on, book, region, labels

    def person(self, row: Row, household: Row, origin_place: str, note) -> PersonEntry | None:
        for header, value in row.cells.items():
            if header in READ_INDIVIDUAL and isinstance(value, Formula):
                note(error(INDIVIDUALS, row.number, header, "registry.import.formula", formula=value.text))
                return None
        sex = self._choice(row, "gender_i_c", choices.SEX, note, required=True)
        relationships = self._choice(row, "relationship_i_c", choices.RELATIONSHIP, note, required=True)
        marital = self._choice(row, "marital_status_i_c", choices.MARITAL, note, required=False)
        name = self._name(row, note)
        birth = self._birth(row, note)
        nationality = self._nationality(row, household, note)
        if not (sex and relationships and name and birth and nationality):
            return None
        relationship = relationships[1] if sex == "F" else relationships[0]
        if sex == "U" and relationships[0] != relationships[1]:
            relationship = "U"
        return PersonEntry(
            names=(name,),
            sex=sex,
            birth=birth,
            nationality=nationality,
            relationship=relationship,
            marital=marital or "",
            papers=self._papers(row, note),
            needs=self._needs(row),
            origin_place=origin_place,
            phone=self._phone(row, note),
        )

    def _choice(self, row: Row, column: str, table: Any, note, *, required: bool) -> Any:
        value = row.get(column)
        if value is None:
            if required:
                note(error(INDIVIDUALS, row.number, column, "registry.value.missing"))
            return None
        found = self.labels.find(value, table)
        if found is None:
            make = error if required else warning
            code = "registry.import.unknown_choice" if required else "registry.import.choice_left_out"
            note(make(INDIVIDUALS, row.number, column, code, word=str(value)[:40]))
        return found

    def _name(self, row: Row, note) -> PersonName | None:
        given, middle, family, full = (
            " ".join(str(row.get(f"{part}_name_i_c") or "").split()) for part in ("given", "middle", "family", "full")
        )
        if not given and full:
            given = full
            if family and given.casefold().endswith(family.casefold()) and len(given) > len(family):
                given = given[: -len(family)].strip()
            elif family:
                note(warning(INDIVIDUALS, row.number, "family_name_i_c", "registry.import.family_not_in_full_name"))
        given = " ".join(part for part in (given, middle) if part)
        if not given:
            note(error(INDIVIDUALS, row.number, "full_name_i_c", "registry.person.no_name"))
            return None
        return PersonName(script_of(f"{given} {family}") or "Latn", given, family=family)

    def _birth(self, row: Row, note) -> BirthDate | None:
        estimated = choices.word(row.get("estimated_birth_date_i_c") or "") in choices.YES
        if row.get("birth_date_i_c") is not None:
            day = read_day(row, "birth_date_i_c", INDIVIDUALS, note)
            return BirthDate(day, day, "day", "gregorian", estimated) if day else None
        age = row.get("age")
        if isinstance(age, int) and not isinstance(age, bool) and 0 <= age <= OLDEST_AGE_TOLD:
            note(warning(INDIVIDUALS, row.number, "age", "registry.import.birth_from_age", age=age))
            return BirthDate.from_age(age, self.on)
        note(error(INDIVIDUALS, row.number, "birth_date_i_c", "registry.value.missing"))
        return None

    def _nationality(self, row: Row, household: Row, note) -> str:
        told = row.get("nationality_i_c")
        if told:
            return str(told).upper()
        for column in ("country_origin_h_c", "consent_origin_h_c", "country_h_c"):
            if household.get(column):
                code = str(household.get(column)).upper()
                note(
                    warning(
                        HOUSEHOLDS, household.number, column, "registry.import.nationality_stands_in", code=code[:10]
                    )
                )
                return code
        note(error(HOUSEHOLDS, household.number, "country_origin_h_c", "registry.value.missing"))
        return ""

    def _phone(self, row: Row, note) -> str:
        text = str(row.get("phone_no_i_c") or "").strip()
        if not text:
            return ""
        try:
            return clean_phone(text, self.region)
        except Problem:
            note(warning(INDIVIDUALS, row.number, "phone_no_i_c", "registry.import.phone_left_out", text=text[:40]))
            return ""

    def _papers(self, row: Row, note) -> tuple[PaperEntry, ...]:
        papers = []
        for stem, kind in choices.PAPERS.items():
            number = row.get(f"{stem}_no_i_c")
            if number is None:
                continue
            country = str(row.get(f"{stem}_issuer_i_c") or "").upper()
            if country and country not in self.book.codes["countries"]:
                note(
                    warning(
                        INDIVIDUALS,
                        row.number,
                        f"{stem}_issuer_i_c",
                        "registry.import.choice_left_out",
                        word=country[:40],
                    )
                )
                country = ""
            papers.append(PaperEntry(kind, str(number), country))
        return tuple(papers)

    def _needs(self, row: Row) -> tuple[NeedEntry, ...]:
        found = {
            need
            for stem, answers in choices.DISABILITY.items()
            if (need := answers.get(choices.word(row.get(f"{stem}_i_c") or "")))
        }
        return tuple(NeedEntry(need, self.on, "self") for need in sorted(found))
