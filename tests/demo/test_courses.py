"""What the demo tells of each procedure: safeguards and limits kept and broken, and every end, or the reason why not.

The generator of the cases (`OtherCases`) is run at its published size for made-up families, on values alone; asylum, whose claims are told with the files,
is looked at in the loaded operation (`test_other_cases.py`).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from panoh import rulebook
from panoh.demo import cast
from panoh.demo.answering import wishes
from panoh.demo.loading.cases import PROCEDURE
from panoh.demo.loading.courses import Course
from panoh.demo.loading.files import Serials
from panoh.demo.loading.other_cases import PEOPLE_AT_PUBLISHED_SIZE, Family, OtherCases
from panoh.demo.loading.setting import Hand, Setting
from panoh.kernel.births import BirthDate
from panoh.procedures.rules.decisions import Applicant
from panoh.procedures.rules.safeguards import Record, Verdict, findings
from panoh.rulebook.model import Procedure, Safeguard

UNTIL = date(2026, 11, 20)
HERE = UUID(int=20261120)
FEWEST = 25
"""Of fewer cases of a stage nobody can ask that chance has shown both."""
COUNTED = ("VOLREP", "RESTL", "NATURLZN", "NATACQ")
"""What the published tables, as the register carries them, count families out by."""

NO_OTHER_RECOGNITION = (
    "the published tables count recognitions by claims of asylum alone; one more would stand in no table"
)
ENDS_NOT_TOLD = {
    ("family_unity", "closed_with_status"): NO_OTHER_RECOGNITION,
    (
        "status_end",
        "ended",
    ): "no table counts a status that was taken away; decisions to take one away are told, up to their appeal",
}
"""Final states that no case of the demo comes to, and why."""
OUTCOMES_NOT_TOLD = {
    (
        "detention",
        "removed",
    ): "whoever is removed opens an incident in the same act; the demo tells removals with its incidents",
    ("family_unity", "derivative"): NO_OTHER_RECOGNITION,
    (
        "statelessness",
        "stateless",
    ): "whoever the tables count as stateless was counted on the day of registration, before any case",
    ("statelessness", "foreign"): "no table counts people who turn out to be nationals of another state",
}
"""Outcomes that no person of the demo is given, and why."""

BOOK = rulebook.current()
TOLD = [versions[-1] for versions in BOOK.procedures.values() if versions[-1].code != PROCEDURE]


def key(*parts: str) -> UUID:
    return uuid5(HERE, "/".join(parts))


@pytest.fixture(scope="module")
def courses() -> dict[str, list[Course]]:
    """The cases of each procedure, by the generator's own hand."""
    setting = Setting(BOOK, until=UNTIL)
    setting.organisations = {one.code: key("organisation", one.code) for one in cast.ORGANISATIONS}
    setting.offices = {one.code: key("office", one.code) for one in cast.OFFICES}
    setting.hands = {
        one.username: Hand(
            key("member", one.username), setting.organisations[one.organisation], one.role, "asylum",
            key("account", one.username), setting.offices[one.office], one.username,
        )
        for one in cast.MEMBERS
    }  # fmt: skip
    cases = OtherCases(setting, Serials(person=PEOPLE_AT_PUBLISHED_SIZE), sittings=None, barriers={})  # type: ignore[arg-type]  # rows are not written here
    cases.office_codes = {pk: code for code, pk in setting.offices.items()}
    cases.open_files = list(families(setting, 3000, lambda _n: {}))
    cases.departed = list(families(setting, 400, left))
    found: dict[str, list[Course]] = defaultdict(list)
    for course, _family, _taken in cases._courses():
        found[course.procedure.code].append(course)
    return found


def families(setting: Setting, many: int, counted: Any) -> Iterator[Family]:
    """Made-up families: two parents and a child, of each group, registered over ten years in each office of the authority."""
    offices = [one for one in cast.OFFICES if one.organisation == cast.AUTHORITY]
    for number in range(many):
        chance = random.Random(f"family/{bool(counted(number))}/{number}")
        born = (chance.randint(1960, 1990), chance.randint(1965, 1992), chance.randint(2011, 2018))
        persons = tuple(
            Applicant(key("person", str(number), str(n)), BirthDate.from_parts("gregorian", year))
            for n, year in enumerate(born)
        )
        yield Family(
            household=key("household", str(bool(counted(number))), str(number)), office=setting.offices[chance.choice(offices).code],
            custodian=setting.organisations[cast.AUTHORITY], registered_on=UNTIL - timedelta(days=chance.randint(300, 3600)),
            group=("REF", "ASY", "STA")[number % 3], persons=persons, counted=counted(number),
        )  # fmt: skip


def left(number: int) -> dict[str, date]:
    return {COUNTED[number % len(COUNTED)]: UNTIL - timedelta(days=30 + number * 2)}


def verdicts(courses: list[Course]) -> dict[str, Counter[Verdict]]:
    found: dict[str, Counter[Verdict]] = defaultdict(Counter)
    for course in courses:
        late: dict[str, date] = {}
        in_time: dict[str, date] = {}
        running: dict[str, date | None] = {}
        for code, state in course.states().items():
            if state.due_on and (state.stopped_on or UNTIL) > state.due_on:
                late[code] = state.due_on
            elif state.stopped_on:
                in_time[code] = state.stopped_on
            else:
                running[code] = state.due_on
        for one in findings(course.situation, Record(late, in_time, running), BOOK):
            found[one.safeguard.code][one.verdict] += 1
    return found


def is_planned(procedure: Procedure, safeguard: Safeguard) -> bool:
    """Whether an answer of a form keeps it and another breaks it: then the care of the office decides which is given. Where a guard
    insists on the answer that keeps it, nobody can break it in a record: the act is not possible then."""
    return any(
        one.kind == "field" and one.kept and one.broken
        and one.field not in wishes(procedure, procedure.actions[one.action or ""])
        for one in safeguard.evidence
    )  # fmt: skip


@pytest.mark.parametrize("procedure", TOLD, ids=[one.code for one in TOLD])
def test_each_safeguard_is_kept_and_broken_where_an_answer_decides(courses, procedure: Procedure):
    found = verdicts(courses[procedure.code])
    one_sided = {
        code: dict(found[code])
        for code, safeguard in procedure.safeguards.items()
        if is_planned(procedure, safeguard)
        and found[code][Verdict.KEPT] + found[code][Verdict.BROKEN] >= FEWEST
        and not (found[code][Verdict.KEPT] and found[code][Verdict.BROKEN])
    }
    assert one_sided == {}
    together = sum(found.values(), Counter())
    assert together[Verdict.KEPT] and together[Verdict.BROKEN] and together[Verdict.UNKNOWN] + together[Verdict.NOT_DUE]


@pytest.mark.parametrize("procedure", TOLD, ids=[one.code for one in TOLD])
def test_each_limit_is_met_and_overrun(courses, procedure: Procedure):
    met, late = Counter[str](), Counter[str]()
    for course in courses[procedure.code]:
        for code, state in course.states().items():
            over = state.due_on is not None and (state.stopped_on or UNTIL) > state.due_on
            late[code] += over
            met[code] += bool(state.stopped_on) and not over
    office = [code for code, rule in procedure.clocks.items() if rule.bound != "applicant"]
    one_sided = {
        code: (met[code], late[code])
        for code in office
        if met[code] + late[code] >= FEWEST and not (met[code] and late[code])
    }
    assert one_sided == {}
    assert sum(met[code] for code in office) and sum(late[code] for code in office)


def test_every_end_of_every_procedure_is_told_or_the_list_says_why_not(courses):
    ends = {(one.code, state.code) for one in TOLD for state in one.states.values() if state.is_final}
    reached = {(code, course.situation.state) for code, found in courses.items() for course in found}
    assert ends - reached == set(ENDS_NOT_TOLD)
    assert all(ENDS_NOT_TOLD.values())


def test_every_outcome_of_every_procedure_is_told_or_the_list_says_why_not(courses):
    outcomes = {(one.code, outcome) for one in TOLD for outcome in one.outcomes}
    given = {
        (code, person.outcome) for code, found in courses.items() for one in found for person in one.situation.persons
    }
    assert outcomes - given == set(OUTCOMES_NOT_TOLD)
    assert all(OUTCOMES_NOT_TOLD.values())
