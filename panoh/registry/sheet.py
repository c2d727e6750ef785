"""The registration sheet: what a clerk typed, as typed, beside what is wrong with it.

A household has any number of persons, so the sheet is no Django form: its fields are named by their place
(`persons.2.given`), which are also the places that the rules' Problems name. `read_sheet` turns the typed text into a
Registration; whatever cannot be read becomes a Problem on its field, and every typed text stays on the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.http import QueryDict

from panoh.access.days import typed_day
from panoh.kernel import problems
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import NAME_PARTS, PersonName, script_of
from panoh.kernel.problems import Problem, RenderedProblem
from panoh.registry.choices import PART_TITLES
from panoh.registry.origins import typed_country, typed_origin
from panoh.registry.registration import ConsentEntry, NeedEntry, PaperEntry, PersonEntry, Registration

MOST_PERSONS = 60
FORMS = ("", "other_", "third_")  # of the name: as given, and in two more scripts
PAPERS = ("paper_", "paper2_", "paper3_")
PAPER_TEXTS = ("kind", "number", "country")
DAYS = ("arrived_on", *(f"{paper}{day}" for paper in PAPERS for day in ("issued_on", "expires_on")))
COMMON_FIELDS = (
    *(
        "relationship",
        "sex",
        "birth_year",
        "birth_month",
        "birth_day",
        "birth_calendar",
        "age",
        "nationality",
        "marital",
    ),
    *("given", "father", "grandfather", "family"),
)
"""What is asked of everybody; the rest stands folded below it."""
MORE_FIELDS = (
    *("age_year", "birth_estimated", "education", "occupation", "religion", "ethnicity", "origin_place", "phone"),
    *("patronymic", "tribal", *(f"{form}{part}" for form in FORMS[1:] for part in NAME_PARTS)),
    *(f"{paper}{text}" for paper in PAPERS for text in PAPER_TEXTS),
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


class TypedField(NamedTuple):
    """One field of a group as it stands on the sheet; `name` is without the person's prefix."""

    name: str
    label: Any
    value: str
    errors: list[Told]


@dataclass(frozen=True)
class TypedGroup:
    """Fields that are asked together and may be asked again: a form of the name, a paper."""

    prefix: str
    fields: list[TypedField]

    @property
    def by_name(self) -> dict[str, TypedField]:
        return {field.name.removeprefix(self.prefix): field for field in self.fields}

    @property
    def is_told(self) -> bool:
        return any(field.value or field.errors for field in self.fields)


@dataclass
class PersonSheet:
    """One person's part: `values[name]` as typed, `needs` and `languages` as chosen, `errors[name]` the sentences beside the field."""

    index: int
    values: dict[str, str]
    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    errors: dict[str, list[Told]] = field(default_factory=dict)
    warnings: list[Told] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"persons.{self.index}."

    @property
    def is_principal(self) -> bool:
        return self.values.get("relationship") == "PA"

    @property
    def has_more(self) -> bool:
        """Whether anything stands, or is wrong, in what is folded away."""
        told = (*MORE_FIELDS, *DAYS)
        return bool(
            self.needs
            or self.languages
            or any(self.values.get(name) for name in told)
            or any(name not in COMMON_FIELDS for name in self.errors)
        )

    @property
    def forms(self) -> list[str]:
        """The prefixes of the forms of the name that were told: the first always, another where any part of it is."""
        return ["", *(form for form in FORMS[1:] if any(self.values.get(form + part) for part in NAME_PARTS))]

    def group(self, prefix: str, names: Iterable[str]) -> TypedGroup:
        fields = [
            TypedField(prefix + name, PART_TITLES.get(name, ""), self.values.get(prefix + name, ""), found)
            for name in names
            for found in [self.errors.get(prefix + name, [])]
        ]
        return TypedGroup(prefix, fields)

    @property
    def more_parts(self) -> list[TypedField]:
        return self.group("", ("patronymic", "tribal")).fields

    @property
    def further_forms(self) -> list[TypedGroup]:
        return [self.group(form, NAME_PARTS) for form in FORMS[1:]]

    @property
    def paper_sheets(self) -> list[TypedGroup]:
        return [self.group(paper, (*PAPER_TEXTS, "issued_on", "expires_on")) for paper in PAPERS]

    @property
    def papers(self) -> list[str]:
        return [paper for paper in PAPERS if any(self.values.get(paper + text) for text in ("kind", "number"))]


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
        if rest[0] in ("names", "papers"):
            told, usual = (person.forms, "given") if rest[0] == "names" else (person.papers, "number")
            nth = int(rest[1]) if len(rest) > 1 and rest[1].isdigit() else 0
            prefix = told[nth] if nth < len(told) else ""
            return prefix + (rest[2] if len(rest) > 2 else usual), person
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
            {
                **{name: storable(post.get(f"persons.{index}.{name}", "")) for name in (*COMMON_FIELDS, *MORE_FIELDS)},
                **{name: storable(typed_day(post, f"persons.{index}.{name}")) for name in DAYS},
            },
            *(
                tuple(storable(code)[:20] for code in post.getlist(f"persons.{index}.{several}")[:60])
                for several in ("needs", "languages")
            ),
        )
        for index in range(max(1, min(count, MOST_PERSONS)))
    ]
    values = {name: storable(post.get(name, "")) for name in HOUSEHOLD_FIELDS}
    values["arrived_on"] = storable(typed_day(post, "arrived_on"))
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
    papers = tuple(
        PaperEntry(
            values[f"{paper}kind"],
            values[f"{paper}number"],
            typed_country(values[f"{paper}country"]),
            *(
                _day(values[f"{paper}{day}"], f"{sheet.prefix}papers.{place}.{day}", wrong)
                for day in ("issued_on", "expires_on")
            ),
        )
        for place, paper in enumerate(sheet.papers)
    )
    return PersonEntry(
        names=tuple(_name(values, form) for form in sheet.forms),
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
        languages=sheet.languages,
        origin_place=typed_origin(values["origin_place"]),
        occupation=values["occupation"],
        phone=values["phone"],
        arrived_on=_day(values["arrived_on"], f"{sheet.prefix}arrived_on", wrong),
    )


def _name(values: Mapping[str, str], prefix: str) -> PersonName:
    parts = {part: values[prefix + part] for part in NAME_PARTS}
    return PersonName(script_of(" ".join(parts.values())) or "Latn", **parts)


def read_birth(values: Mapping[str, str], on: date, prefix: str, wrong: list[Problem]) -> BirthDate:
    """A birth as told: year, month and day in a calendar; an age today; or an age in a year, as paper tazkiras have it.

    Nothing typed is an unknown birth. Digits may be Persian. What cannot be read, or says two things at once, becomes a
    Problem, and the birth stays unknown.
    """
    calendar = "solar_hijri" if values.get("birth_calendar") == "solar_hijri" else "gregorian"
    year, month, day = (values.get(f"birth_{part}") for part in ("year", "month", "day"))
    age, age_year = values.get("age"), values.get("age_year")
    try:
        if year and (age or age_year):
            raise Problem("registry.birth.two_ways")
        if year:
            return BirthDate.from_parts(
                calendar,
                _required_number(year),
                _required_number(month) if month else None,
                _required_number(day) if day else None,
                estimated=bool(values.get("birth_estimated")),
            )
        if month or day:
            raise Problem("registry.birth.year_missing")
        if age and age_year:
            return BirthDate.from_age_in_year(_required_number(age), calendar, _required_number(age_year))
        if age_year:
            raise Problem("registry.birth.age_missing")
        if age:
            return BirthDate.from_age(_required_number(age), on)
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
        wrong.append(Problem("registry.value.not_a_day", field=path, text=text.rpartition(":")[2][:40]))
        return None
