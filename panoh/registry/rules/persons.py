"""What is right about one person, taken alone (DOMAIN §1.1: the checks that UNHCR's partners run on each record)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from panoh.kernel.calendars import BirthDate, ascii_digits
from panoh.kernel.names import PersonName, check_name
from panoh.kernel.problems import Problem
from panoh.registry.registration import NeedEntry, PaperEntry, PersonEntry
from panoh.registry.rules.relationships import PRINCIPAL, attribute, is_couple, is_spouse, sex_of
from panoh.registry.rules.values import (
    code_problems,
    day_problems,
    paper_number_key,
    paper_number_problems,
    phone_problems,
    text_problems,
)

MAJORITY = 18
OLDEST = 120
MOST_NAMES = 12
MOST_OF_A_KIND = 40  # papers, needs, languages of one person: more is a mistake of a machine
NEED_SOURCES = ("self", "observed", "assessed")


def person_problems(
    person: PersonEntry, on: date, codes: Mapping[str, Any], path: str, *, region: str | None = None
) -> Iterator[Problem]:
    """Everything that refuses this person, each with the path of its form field."""
    yield from name_problems(person.names, path)
    for index, alias in enumerate(person.aliases[:MOST_NAMES]):
        yield from _one_name(alias, f"{path}aliases.{index}.")
    yield from code_problems(codes, "sex", person.sex, f"{path}sex", required=True)
    yield from code_problems(codes, "countries", person.nationality, f"{path}nationality", required=True)
    yield from code_problems(codes, "relationship", person.relationship, f"{path}relationship", required=True)
    for list_name in ("marital", "education", "religion", "ethnicity"):
        yield from code_problems(codes, list_name, getattr(person, list_name), f"{path}{list_name}", required=False)
    yield from relationship_sex_problems(person.relationship, person.sex, codes, path)
    yield from birth_problems(person.birth, on, f"{path}birth")
    yield from day_problems(person.arrived_on, on, f"{path}arrived_on")
    if person.arrived_on and person.birth.earliest > person.arrived_on:
        yield Problem("registry.person.arrived_before_birth", field=f"{path}arrived_on", day=person.arrived_on)
    yield from text_problems(person.occupation, f"{path}occupation", 100)
    yield from text_problems(person.origin_place, f"{path}origin_place", 100)
    yield from phone_problems(person.phone, region, f"{path}phone")
    yield from _languages(person.languages, codes, path)
    yield from _papers(person, on, codes, path)
    yield from _needs(person.needs, on, codes, path)


def person_warnings(person: PersonEntry, on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """What a clerk should look at again but may well be true."""
    child = person.birth.earliest <= on and person.birth.is_adult_on(on, MAJORITY) is False
    if child and (is_couple(codes, person.marital) or is_spouse(codes, person.relationship)):
        yield Problem("registry.warning.child_marriage", field=f"{path}marital", majority=MAJORITY)
    if person.birth.precision == "unknown":
        yield Problem("registry.warning.birth_unknown", field=f"{path}birth")
    yield from paper_warnings(person.papers, on, codes, path)


def paper_warnings(papers: tuple[PaperEntry, ...], on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for index, paper in enumerate(papers):
        form = attribute(codes, "paper_kinds", paper.kind, "number_pattern")
        if form and not re.fullmatch(form, ascii_digits(paper.number).strip()):
            yield Problem("registry.warning.paper_number_form", field=f"{path}papers.{index}.number")
        if paper.expires_on and paper.expires_on < on:
            yield Problem(
                "registry.warning.paper_expired", field=f"{path}papers.{index}.expires_on", day=paper.expires_on
            )


def name_problems(names: tuple[PersonName, ...], path: str) -> Iterator[Problem]:
    if not names:
        yield Problem("registry.person.no_name", field=f"{path}names.0.given")
    if len(names) > MOST_NAMES:
        yield Problem("registry.value.too_many", field=f"{path}names.0.given", count=len(names), most=MOST_NAMES)
    seen: set[str] = set()
    for index, name in enumerate(names[:MOST_NAMES]):
        if name.script in seen:
            yield Problem("registry.person.two_names_in_script", field=f"{path}names.{index}.given", script=name.script)
        seen.add(name.script)
        yield from _one_name(name, f"{path}names.{index}.")


def _one_name(name: PersonName, path: str) -> Iterator[Problem]:
    try:
        check_name(name)
    except Problem as problem:
        for single in problem.each():
            yield single.on_field(path + (single.field or "given"))


def birth_problems(birth: BirthDate, on: date, field: str) -> Iterator[Problem]:
    if birth.earliest > on:
        yield Problem("registry.person.born_in_future", field=field, day=birth.earliest)
    elif birth.latest < on.replace(year=on.year - OLDEST, day=min(on.day, 28)):
        yield Problem("registry.person.too_old", field=field, oldest=OLDEST)


def relationship_sex_problems(relationship: str, sex: str, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    told = sex_of(codes, relationship)
    if told and sex in ("M", "F") and told != sex:
        yield Problem(
            "registry.person.relationship_sex", field=f"{path}relationship", relationship=relationship, sex=sex
        )


def _languages(languages: tuple[str, ...], codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for index, language in enumerate(languages[:MOST_OF_A_KIND]):
        yield from code_problems(codes, "languages", language, f"{path}languages.{index}", required=True)
        if language in languages[:index]:
            yield Problem("registry.person.language_twice", field=f"{path}languages.{index}", code=language)
    if len(languages) > MOST_OF_A_KIND:
        yield Problem("registry.value.too_many", field=f"{path}languages", count=len(languages), most=MOST_OF_A_KIND)


def _papers(person: PersonEntry, on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if len(person.papers) > MOST_OF_A_KIND:
        yield Problem("registry.value.too_many", field=f"{path}papers", count=len(person.papers), most=MOST_OF_A_KIND)
    seen: set[tuple[str, str, str]] = set()
    for index, paper in enumerate(person.papers[:MOST_OF_A_KIND]):
        at = f"{path}papers.{index}."
        yield from paper_problems(paper, on, codes, at)
        if paper.issued_on and paper.issued_on < person.birth.earliest:
            yield Problem("registry.paper.before_birth", field=f"{at}issued_on", day=paper.issued_on)
        key = (paper.kind, paper.country, paper_number_key(paper.number))
        if key in seen:
            yield Problem("registry.paper.twice", field=f"{at}number", number=paper.number[:40])
        seen.add(key)


def paper_problems(paper: PaperEntry, on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    yield from code_problems(codes, "paper_kinds", paper.kind, f"{path}kind", required=True)
    yield from code_problems(codes, "countries", paper.country, f"{path}country", required=False)
    yield from paper_number_problems(paper.number, f"{path}number")
    yield from day_problems(paper.issued_on, on, f"{path}issued_on")
    if paper.issued_on and paper.expires_on and paper.expires_on < paper.issued_on:
        yield Problem("registry.paper.expires_before_issue", field=f"{path}expires_on", day=paper.expires_on)


def _needs(needs: tuple[NeedEntry, ...], on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if len(needs) > MOST_OF_A_KIND:
        yield Problem("registry.value.too_many", field=f"{path}needs", count=len(needs), most=MOST_OF_A_KIND)
    seen: set[str] = set()
    for index, need in enumerate(needs[:MOST_OF_A_KIND]):
        at = f"{path}needs.{index}."
        yield from need_problems(need, on, codes, at)
        if need.code in seen:
            yield Problem("registry.need.twice", field=f"{at}code", code=need.code)
        seen.add(need.code)


def need_problems(need: NeedEntry, on: date, codes: Mapping[str, Any], path: str) -> Iterator[Problem]:
    yield from code_problems(codes, "needs", need.code, f"{path}code", required=True)
    yield from day_problems(need.since, on, f"{path}since")
    if need.until and need.since and need.until < need.since:
        yield Problem("registry.need.ends_before_start", field=f"{path}until", day=need.until)
    if need.source not in NEED_SOURCES:
        yield Problem("registry.value.unknown_code", field=f"{path}source", code=need.source[:40], list="need sources")


def is_principal(person: PersonEntry) -> bool:
    return person.relationship == PRINCIPAL


def clean_person(person: PersonEntry) -> PersonEntry:
    """The same person with names in clean form (NFC, single spaces). Only for what has passed the rules."""
    return replace(
        person,
        names=tuple(check_name(name) for name in person.names),
        aliases=tuple(check_name(name) for name in person.aliases),
    )
