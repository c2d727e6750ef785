"""The annual table from the register alone: balance, corrections, the known day, and what the reader role may see."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from panoh.access.context import acting_as_system
from panoh.kernel.births import BirthDate
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.registry.models import Facts, Household, Location, Membership, Person, StatusChange
from panoh.statistics import export
from panoh.statistics.annual import account_section, annual_table
from panoh.statistics.definitions import CLOSING, OPENING, REFUGEE, RSD, UNEXPLAINED

# Statistics reads through a role and a connection of its own: what it counts must be committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "reader"])

SINCE = date(2018, 1, 1)


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


class Register:
    """Writes the accounting rows of synthetic persons, as the registry's operations do."""

    def __init__(self, world) -> None:
        self.world = world

    def person(self, *, sex="F", birth=None, origin="AFG", place="3509018", label="", known: date = SINCE) -> Person:
        birth = birth or BirthDate.from_parts("gregorian", 1990, 5, 1)
        office = self.world.offices["dushanbe"]
        household = Household(
            number=f"H{new_id().hex[-14:]}", custodian=office.organisation, office=office, registered_on=SINCE,
            arrived_on=SINCE, registered_by=self.world.members["registration_clerk"],
        )  # fmt: skip
        person = Person(
            number=f"P{new_id().hex[-14:]}", household=household, relationship="PA", sex=sex, nationality=origin,
            birth_earliest=birth.earliest, birth_latest=birth.latest, birth_precision=birth.precision, arrived_on=SINCE,
        )  # fmt: skip
        with acting_as_system("writing a test register", records=["test.register.written"]):
            self.enter(person.pk, household.pk)
            household.save(force_insert=True)
            person.save(force_insert=True)
            Membership(
                household=household, person=person, relationship="PA", valid_from=SINCE, reason="registered"
            ).save(force_insert=True)
            Facts(
                person=person, sex=sex, nationality=origin, birth_earliest=birth.earliest, birth_latest=birth.latest,
                birth_precision=birth.precision, recorded_at=at(known), entry_id=new_id(),
            ).save(force_insert=True)  # fmt: skip
            Location(
                household=household, place=place, location_label=label, valid_from=SINCE, recorded_at=at(known),
                entry_id=new_id(),
            ).save(force_insert=True)  # fmt: skip
        return person

    def move(self, person, from_group, to_group, reason, on, *, known=None, kind="", level="", corrects=None):
        change = StatusChange(
            person=person, from_group=from_group, to_group=to_group, reason=reason, effective_on=on,
            recorded_at=at(known or on), procedure_type=kind, decision_level=level, corrects=corrects, entry_id=new_id(),
        )  # fmt: skip
        with acting_as_system("writing a test register", records=["test.register.written"]):
            self.enter(person.pk)
            change.save(force_insert=True)
        return change

    def enter(self, *subjects) -> None:
        record(by=None, kind="test.register.written", subjects=subjects, payload={}, occurred_on=SINCE)


@pytest.fixture
def register(committed_world) -> Register:
    return Register(committed_world)


def test_one_person_from_application_to_recognition_to_departure(register) -> None:
    person = register.person()
    register.move(person, "", "ASY", "ASYAPP", date(2020, 3, 1), kind="G", level="FI")
    register.move(person, "ASY", "REF", "ASYREC-CV", date(2021, 6, 1), kind="G", level="FI")
    register.move(person, "REF", "", "RESTL", date(2022, 9, 1))
    y2020, y2021, y2022 = (annual_table(year, method="true") for year in (2020, 2021, 2022))
    assert y2020.value("RSD", "ASYAPP", origin="AFG") == 1 == y2020.value("RSD", CLOSING, origin="AFG")
    assert y2021.value("RSD", "ASYREC-CV", origin="AFG") == 1 == y2021.value("REFUGEE", "ARR-IND", origin="AFG")
    assert y2021.value("RSD", CLOSING, origin="AFG") == 0 and y2021.value("REFUGEE", CLOSING, origin="AFG") == 1
    assert y2022.value("REFUGEE", "RESTL", origin="") == 1 and y2022.value("REFUGEE", CLOSING, origin="") == 0
    assert y2021.value("DECISIONS", "TOTAL", origin="AFG", procedure="G", level="FI") == 1
    assert all(table.balanced for table in (y2020, y2021, y2022))


def test_a_table_as_known_on_a_day_does_not_know_what_came_later(register) -> None:
    person = register.person()
    late = register.move(person, "", "REF", "ARR-IND", date(2020, 3, 1), known=date(2021, 2, 1))
    assert annual_table(2020, date(2021, 1, 31), "true").value("REFUGEE", CLOSING, origin="AFG") == 0
    assert annual_table(2020, date(2021, 2, 1), "true").value("REFUGEE", CLOSING, origin="AFG") == 1
    register.move(person, "", "", "ARR-IND", date(2020, 3, 1), known=date(2023, 5, 1), corrects=late)
    assert annual_table(2020, date(2023, 4, 30), "true").value("REFUGEE", CLOSING, origin="AFG") == 1
    assert annual_table(2020, date(2023, 5, 1), "true").value("REFUGEE", CLOSING, origin="AFG") == 0


def test_a_correction_moves_the_day(register) -> None:
    person = register.person()
    wrong = register.move(person, "", "ASY", "ASYAPP", date(2020, 12, 30))
    register.move(person, "", "ASY", "ASYAPP", date(2021, 1, 3), known=date(2021, 3, 1), corrects=wrong)
    assert annual_table(2020, date(2021, 2, 1), "true").value("RSD", "ASYAPP", origin="AFG") == 1
    assert annual_table(2020, date(2021, 4, 1), "true").value("RSD", "ASYAPP", origin="AFG") == 0
    assert annual_table(2021, date(2021, 4, 1), "true").value("RSD", "ASYAPP", origin="AFG") == 1


def test_corrected_nationality_moves_the_person_between_origins(register) -> None:
    person = register.person(origin="AFG")
    register.move(person, "", "REF", "ARR-IND", date(2020, 1, 5))
    with acting_as_system("writing a test register", records=["test.register.written"]):
        register.enter(person.pk)
        Facts(
            person=person, sex="F", nationality="IRN", birth_earliest=person.birth_earliest,
            birth_latest=person.birth_latest, birth_precision="day", recorded_at=at(date(2022, 1, 1)), entry_id=new_id(),
        ).save(force_insert=True)  # fmt: skip
    assert annual_table(2020, date(2021, 1, 1), "true").value("REFUGEE", CLOSING, origin="AFG") == 1
    after = annual_table(2020, date(2022, 1, 1), "true")
    assert after.value("REFUGEE", CLOSING, origin="IRN") == 1 and after.value("REFUGEE", CLOSING, origin="AFG") == 0


def test_what_the_movements_do_not_explain_is_shown(register) -> None:
    """Two entries into a group without leaving it: the closing counts one person, the movements say two."""
    person = register.person()
    register.move(person, "", "REF", "ARR-IND", date(2020, 3, 1))
    register.move(person, "ASY", "REF", "ARR-IND", date(2020, 4, 1))
    table = annual_table(2020, method="true")
    assert not table.balanced
    assert table.value("REFUGEE", UNEXPLAINED, origin="AFG") == -1


def test_sex_age_and_place_at_the_end_of_the_year(register) -> None:
    child = register.person(sex="M", birth=BirthDate.from_parts("solar_hijri", 1399))
    other = register.person(sex="F", birth=BirthDate.from_parts("gregorian", 1950, 1, 1), place="", label="Dispersed")
    nobody = register.person(sex="U", birth=BirthDate.unknown(SINCE), place="", label="")
    for person in (child, other, nobody):
        register.move(person, "", "REF", "ARR-IND", date(2020, 3, 1))
    table = annual_table(2024, method="true")
    assert table.value("DEMOGR", "M 0-4", place="3509018") == 1
    assert table.value("DEMOGR", "F 60+", location="Dispersed") == 1
    assert table.value("DEMOGR", "U", place="unknown") == 1
    total = {"group": "REF", "origin": "AFG", "place": "", "location": ""}
    assert table.value("DEMOGR", "TOTAL", **total) == 3 == table.value("REFUGEE", CLOSING, origin="AFG")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 40_000), st.integers(0, 700), st.integers(0, 9000))
def test_the_database_counts_ages_as_the_kernel_does(first: int, width: int, later: int) -> None:
    from django.db import connections

    from panoh.statistics.counting import BAND

    earliest = date(1900, 1, 1) + timedelta(days=first)
    latest = earliest + timedelta(days=width)
    on = latest + timedelta(days=later)
    birth = BirthDate(earliest, latest, "day" if width == 0 else "age")
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT {BAND} FROM (SELECT %(a)s::date AS birth_earliest, %(b)s::date AS birth_latest, "
            "%(p)s::text AS birth_precision) x",
            {"until": on, "a": earliest, "b": latest, "p": birth.precision},
        )
        assert cursor.fetchone()[0] == birth.age_band_on(on)


test_the_database_counts_ages_as_the_kernel_does = pytest.mark.django_db(
    test_the_database_counts_ages_as_the_kernel_does
)


groups = st.sampled_from(["", "ASY", "REF"])
reasons = st.sampled_from(["ASYAPP", "ASYREC-CV", "ARR-IND", "BIRTH", "DEATH", "RESTL", "VOLREP", "ASYREJ", "odd"])


@given(st.lists(st.tuples(groups, groups, reasons), max_size=40), st.integers(0, 2**32))
def test_any_sequence_of_consistent_moves_balances(moves, seed: int) -> None:
    """People walk between groups at random; opening + movements = closing for every account, whatever the reasons."""
    rng = random.Random(seed)
    standing = [rng.choice(["", "ASY", "REF"]) for _ in range(6)]
    opening: dict[tuple[str, str], int] = {}
    for group in standing:
        opening[group, "AFG"] = opening.get((group, "AFG"), 0) + 1
    moved = []
    for _from, to, reason in moves:
        who = rng.randrange(6)
        if standing[who] != to:
            moved.append((standing[who], to, reason, "AFG", "", "", 1))
            standing[who] = to
    closing: dict[tuple[str, str], int] = {}
    for group in standing:
        closing[group, "AFG"] = closing.get((group, "AFG"), 0) + 1
    for account in (REFUGEE, RSD):
        for row in account_section(account, opening, closing, moved).rows:
            assert row.values[UNEXPLAINED] == 0
            increases = sum(row.values[c] for c in account.increases)
            decreases = sum(row.values[c] for c in account.decreases)
            assert row.values[OPENING] + increases - decreases == row.values[CLOSING]


def test_years_and_methods_out_of_range_are_refused(db) -> None:
    for year in (0, 1889, timezone.localdate().year + 1, 10**9):
        with pytest.raises(Problem) as refused:
            annual_table(year)
        assert refused.value.code == "statistics.year.out_of_range"
    with pytest.raises(Problem) as refused:
        annual_table(2020, method="guess")
    assert refused.value.code == "statistics.method.unknown"


def test_published_tables_hold_no_small_number(register) -> None:
    for _ in range(3):
        register.move(register.person(), "", "REF", "ARR-IND", date(2020, 3, 1))
    for _ in range(9):
        register.move(register.person(origin="IRN"), "", "REF", "ARR-IND", date(2020, 3, 1))
    true, safe, rounded = (annual_table(2020, method=method) for method in ("true", "suppress", "round5"))
    assert true.value("REFUGEE", CLOSING, origin="AFG") == 3
    assert safe.value("REFUGEE", CLOSING, origin="AFG") is None
    assert safe.value("REFUGEE", CLOSING, origin="IRN") is None, "the total less this one would tell the small number"
    assert rounded.value("REFUGEE", CLOSING, origin="AFG") == 5
    for section in safe.sections:
        assert not [v for row in section.rows for v in row.values.values() if v is not None and 0 < v < 5]
    assert ",," not in export.write_csv(true).split("\r\n")[1][-3:] and export.write_csv(safe).count("\r\n") > 5
    assert export.write_xlsx(safe)[:2] == b"PK"


def test_the_reader_role_sees_no_name_number_or_address(register, reader_connection) -> None:
    import psycopg

    register.person()
    for table, column in (
        ("registry_person", "number"),
        ("registry_household", "number"),
        ("registry_name", "given"),
        ("registry_residence", "detail"),
        ("registry_person", "phone"),
        ("ledger_detail", "detail"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader_connection.execute(f"SELECT {column} FROM {table}")
    assert reader_connection.execute("SELECT count(sex) FROM registry_person").fetchone() == (1,)
