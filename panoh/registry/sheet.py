"""The registration sheet: what a clerk typed, as typed, beside what is wrong with it.

A household has any number of persons, so the sheet is no Django form: its fields are named by their place
(`persons.2.given`), which are also the places that the rules' Problems name. `read_sheet` turns the typed text into a
Registration; whatever cannot be read becomes a Problem on its field, and every typed text stays on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.http import QueryDict

from panoh.kernel import problems
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName, script_of
from panoh.kernel.problems import Problem, RenderedProblem
from panoh.registry.origins import typed_origin
from panoh.registry.registration import ConsentEntry, NeedEntry, PaperEntry, PersonEntry, Registration

MOST_PERSONS = 60
NAME_PARTS = ("given", "father", "grandfather", "family")
PERSON_FIELDS = (
    *("relationship", "sex", "birth_year", "birth_month", "birth_day", "birth_calendar", "age", "nationality"),
    *("marital", "education", "religion", "ethnicity", "origin_place", "phone", "paper_kind", "paper_number"),
    *NAME_PARTS,
    *(f"other_{part}" for part in NAME_PARTS),
)
HOUSEHOLD_FIELDS = (
    "arrived_on",
    "entry_point",
    "residence_place",
    "residence_detail",
    "phone",
    "submission_id",
    "consent_language",
    "consent_method",
)


class Told(NamedTuple):
    """One sentence beside a field, with the stable code of the Problem that it tells."""

    code: str
    sentence: str


@dataclass
class PersonSheet:
    """One person's part: `values[name]` as typed, `needs` as ticked, `errors[name]` the sentences beside the field."""

    index: int
    values: dict[str, str]
    needs: tuple[str, ...] = ()
    errors: dict[str, list[Told]] = field(default_factory=dict)
    warnings: list[Told] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"persons.{self.index}."

    @property
    def is_principal(self) -> bool:
        return self.values.get("relationship") == "PA"


@dataclass
class Sheet:
    """The whole page as typed."""

    values: dict[str, str]
    persons: list[PersonSheet]
    consents: tuple[str, ...] = ()
    errors: dict[str, list[Told]] = field(default_factory=dict)
    general: list[Told] = field(default_factory=list)
    warnings: list[Told] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return bool(self.errors or self.general or any(person.errors for person in self.persons))

    def show(self, refusal: Problem) -> int:
        """Hang each single problem beside the field it names; returns the status for the answer."""
        status = 422
        for text in problems.render(refusal):
            status = max(status, text.status)
            self._hang(text.field, _told(text), warning=False)
        return status

    def warn(self, found: Iterable[Problem]) -> None:
        """What should be looked at again but does not stop the registration."""
        for problem in found:
            for text in problems.render(problem):
                self._hang(text.field, _told(text), warning=True)

    def _hang(self, path: str | None, told: Told, *, warning: bool) -> None:
        place, person = self._place_of(path)
        if warning:
            (person.warnings if person else self.warnings).append(told)
        elif person is not None:
            person.errors.setdefault(place, []).append(told)
        elif place in HOUSEHOLD_FIELDS:
            self.errors.setdefault(place, []).append(told)
        else:
            self.general.append(told)

    def _place_of(self, path: str | None) -> tuple[str, PersonSheet | None]:
        """From the path a rule names (`persons.2.names.0.given`) to the field on the sheet (`given` of person 2)."""
        parts = (path or "").split(".")
        if parts[0] == "consents":
            return ("consent_method" if parts[-1] == "method" else "consent_language"), None
        if parts[0] != "persons" or len(parts) < 2 or not parts[1].isdigit() or int(parts[1]) >= len(self.persons):
            return parts[0], None
        person, rest = self.persons[int(parts[1])], parts[2:]
        if not rest:
            return "relationship", person
        if rest[0] == "names":
            nth, part = (rest[1] if len(rest) > 1 else "0"), (rest[2] if len(rest) > 2 else "given")
            return (part if nth == "0" else f"other_{part}"), person
        if rest[0] == "papers":
            return ("paper_number" if rest[-1] in ("number", "papers") else "paper_kind"), person
        if rest[0] == "birth":
            return "birth_year", person
        return rest[0], person


def _told(text: RenderedProblem) -> Told:
    return Told(text.code, f"{text.happened} {text.next}".strip())


def new_sheet(submission_id: UUID, *, arrived_on: date, nationality: str) -> Sheet:
    """An empty sheet with one person, the principal applicant."""
    values = {
        "arrived_on": arrived_on.isoformat(),
        "submission_id": str(submission_id),
        "consent_method": "written",
    }
    return Sheet(values, [new_person(0, nationality, principal=True)])


def new_person(index: int, nationality: str, *, principal: bool = False) -> PersonSheet:
    """An empty person; the next one has the nationality of the one before until told otherwise."""
    return PersonSheet(
        index,
        {"relationship": "PA" if principal else "", "nationality": nationality, "birth_calendar": "solar_hijri"},
    )


def typed_sheet(post: QueryDict) -> Sheet:
    """The sheet as it was sent, nothing judged yet. More persons than a household can have are cut off."""
    count = _number(post.get("person_count", "1")) or 1
    persons = [
        PersonSheet(
            index,
            {name: storable(post.get(f"persons.{index}.{name}", "")) for name in PERSON_FIELDS},
            tuple(storable(code)[:20] for code in post.getlist(f"persons.{index}.needs")[:60]),
        )
        for index in range(max(1, min(count, MOST_PERSONS)))
    ]
    values = {name: storable(post.get(name, "")) for name in HOUSEHOLD_FIELDS}
    return Sheet(values, persons, tuple(post.getlist("consents")[:60]))


def storable(text: str) -> str:
    """The text with what no database keeps (U+0000, half a character) made visible as U+FFFD; rules then refuse it."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode().strip()


def without_person(sheet: Sheet, index: int) -> Sheet:
    """The sheet without one person; the others move up."""
    kept = [person for person in sheet.persons if person.index != index] or sheet.persons
    for place, person in enumerate(kept):
        person.index = place
    sheet.persons = kept
    return sheet


def read_sheet(
    sheet: Sheet, *, office_id: UUID, on: date, recipients: Mapping[str, tuple[str, UUID]]
) -> tuple[Registration, list[Problem]]:
    """The typed text as a Registration, and a Problem for each field that cannot be read at all.

    `recipients` are the consents that the page offered: {ticked value: (purpose, organisation's id)}.
    """
    wrong: list[Problem] = []
    arrived_on = _day(sheet.values["arrived_on"], "arrived_on", wrong)
    registration = Registration(
        arrived_on=arrived_on,
        entry_point=sheet.values["entry_point"],
        office_id=office_id,
        residence_place=sheet.values["residence_place"],
        residence_detail=sheet.values["residence_detail"],
        phone=sheet.values["phone"],
        persons=tuple(_person(person, on, wrong) for person in sheet.persons),
        consents=tuple(
            ConsentEntry(*recipients[ticked], sheet.values["consent_method"], sheet.values["consent_language"], on)
            for ticked in sheet.consents
            if ticked in recipients
        ),
    )
    return registration, wrong


def _person(sheet: PersonSheet, on: date, wrong: list[Problem]) -> PersonEntry:
    values = sheet.values
    names = [_name(values, "")]
    if any(values[f"other_{part}"] for part in NAME_PARTS):
        names.append(_name(values, "other_"))
    papers = ()
    if values["paper_kind"] or values["paper_number"]:
        papers = (PaperEntry(values["paper_kind"], values["paper_number"]),)
    return PersonEntry(
        names=tuple(names),
        sex=values["sex"],
        birth=read_birth(values, on, sheet.prefix, wrong),
        nationality=values["nationality"],
        relationship=values["relationship"],
        marital=values["marital"],
        papers=papers,
        needs=tuple(NeedEntry(code, on, "self") for code in sheet.needs),
        religion=values["religion"],
        ethnicity=values["ethnicity"],
        education=values["education"],
        origin_place=typed_origin(values["origin_place"]),
        phone=values["phone"],
    )


def _name(values: Mapping[str, str], prefix: str) -> PersonName:
    parts = {part: values[prefix + part] for part in NAME_PARTS}
    return PersonName(script_of(" ".join(parts.values())) or "Latn", **parts)


def read_birth(values: Mapping[str, str], on: date, prefix: str, wrong: list[Problem]) -> BirthDate:
    """A birth from year, month and day in a calendar, or from an age; nothing typed is an unknown birth.

    Digits may be Persian. What cannot be read becomes a Problem, and the birth stays unknown.
    """
    try:
        if values.get("birth_year"):
            return BirthDate.from_parts(
                "solar_hijri" if values.get("birth_calendar") == "solar_hijri" else "gregorian",
                _required_number(values["birth_year"]),
                _required_number(values["birth_month"]) if values.get("birth_month") else None,
                _required_number(values["birth_day"]) if values.get("birth_day") else None,
            )
        if values.get("age"):
            return BirthDate.from_age(_required_number(values["age"]), on)
    except Problem as problem:
        wrong.append(problem.on_field(f"{prefix}birth"))
    return BirthDate.unknown(on)


def _required_number(text: str) -> int:
    number = _number(text)
    if number is None:
        raise Problem("registry.value.not_a_number", text=text[:20])
    return number


def _number(text: str) -> int | None:
    # Decimal digits of any script (Persian, Arabic-Indic); at most four, so that no typed text costs time.
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _day(text: str, path: str, wrong: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong.append(Problem("registry.value.not_a_day", field=path, text=text[:40]))
        return None
