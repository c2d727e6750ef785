"""Workbooks of another system: taken in, told row by row, refused when broken, and taken back as one act."""

from __future__ import annotations

import argparse
import json
import random
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from panoh.kernel.problems import Problem, render
from panoh.ledger.models import Entry
from panoh.registry import commands
from panoh.registry.importing.batches import preview_workbook, take_workbook, undo_import
from panoh.registry.importing.findings import Finding
from panoh.registry.importing.households import WANTED
from panoh.registry.importing.workbook import read_workbook
from panoh.registry.models import Household, ImportBatch, ImportRow, Name, Need, PaperHeld, Person
from panoh.registry.operations import add_need
from panoh.registry.registration import NeedEntry
from tests.registry.conftest import settle
from tests.registry.workbooks import HOUSES, PEOPLE, make_workbook, rezip

REAL = Path(__file__).parents[3] / "shared" / "data" / "imports" / "rdi_import_50_hh_50_ind.xlsx"


@pytest.fixture
def officer(world):
    with world.as_role("register_officer") as actor:
        yield actor


@pytest.fixture
def office(world):
    return world.offices["un_dushanbe"].pk


def read(path):
    return read_workbook(path, wanted=WANTED)


def changed(rows, row, column, value):
    copy = [list(line) for line in rows]
    copy[row][column] = value
    return copy


def codes(reading):
    return {f.code for f in reading.findings} | {f.code for one in reading.households for f in one.findings}


# -- taken in ---------------------------------------------------------------------------------------------------------


def test_take_workbook_registers_its_households_as_one_act(officer, office, tmp_path):
    before = Entry.objects.count()
    taken = take_workbook(by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx")), office_id=office)
    settle()
    assert Entry.objects.count() == before + 1
    assert (taken.batch.households, taken.batch.persons) == (2, 4)
    karim = Person.objects.get(names__given="Karim", names__is_primary=True)
    assert (karim.relationship, karim.phone, karim.origin_place) == ("PA", "+93701234567", "AF0105")
    assert PaperHeld.objects.get(person=karim).number == "112233"
    wife = Person.objects.get(names__given="فاطمه", names__is_primary=True)
    assert wife.relationship == "WIF"
    assert Need.objects.get(person=wife).code == "DS-BD"
    assert Name.objects.filter(person=wife, role="proposed", script="Latn").exists()
    assert Person.objects.get(names__given="Najib").birth_precision == "age"
    assert set(ImportRow.objects.values_list("outcome", flat=True)) == {"taken"}
    findings = [Finding.from_json(stored) for line in ImportRow.objects.all() for stored in line.findings]
    assert "registry.import.phone_left_out" in {finding.code for finding in findings}
    assert all(finding.rendered().happened for finding in findings)


def test_preview_changes_nothing_and_says_the_same(officer, office, tmp_path):
    workbook = read(make_workbook(tmp_path / "w.xlsx"))
    reading = preview_workbook(by=officer, workbook=workbook, office_id=office)
    assert len(reading.accepted) == 2
    assert not Household.objects.exists()
    assert not ImportBatch.objects.exists()


def test_the_same_file_is_taken_in_once(officer, office, tmp_path):
    workbook = read(make_workbook(tmp_path / "w.xlsx"))
    take_workbook(by=officer, workbook=workbook, office_id=office)
    with pytest.raises(Problem, match="taken_already"):
        take_workbook(by=officer, workbook=workbook, office_id=office)
    assert Household.objects.count() == 2


def test_undo_closes_all_as_registered_in_error_and_keeps_the_numbers(officer, office, tmp_path):
    workbook = read(make_workbook(tmp_path / "w.xlsx"))
    taken = take_workbook(by=officer, workbook=workbook, office_id=office)
    before = Entry.objects.count()
    undo_import(by=officer, batch_id=taken.batch.pk)
    settle()
    assert Entry.objects.count() == before + 1
    assert set(Household.objects.values_list("closure_reason", flat=True)) == {"REGISTERED_IN_ERROR"}
    assert not Person.objects.filter(status="open").exists()
    with pytest.raises(Problem, match="already_undone"):
        undo_import(by=officer, batch_id=taken.batch.pk)
    again = take_workbook(by=officer, workbook=workbook, office_id=office)  # may be taken in anew, under new numbers
    assert not set(again.numbers) & set(taken.numbers)


def test_undo_is_refused_where_somebody_works_with_a_household(officer, office, tmp_path):
    taken = take_workbook(by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx")), office_id=office)
    add_need(by=officer, person=Person.objects.first(), need=NeedEntry("LP-ND", date(2026, 1, 1)))
    with pytest.raises(Problem, match="changed_since"):
        undo_import(by=officer, batch_id=taken.batch.pk)
    assert not Household.objects.filter(status="closed").exists()


def test_those_who_may_be_registered_already_are_told(officer, office, tmp_path):
    take_workbook(by=officer, workbook=read(make_workbook(tmp_path / "a.xlsx")), office_id=office)
    number = Person.objects.get(names__given="Zahra Sadat").number
    again = make_workbook(tmp_path / "b.xlsx", [HOUSES[1]], [changed(PEOPLE, 3, 2, "Zahra Sadaat")[3]])
    reading = preview_workbook(by=officer, workbook=read(again), office_id=office)
    found = [f for f in reading.households[0].findings if f.code == "registry.import.perhaps_registered"]
    assert number in {finding.problem.params["number"] for finding in found}


def test_a_household_that_stands_twice_in_the_workbook_is_told(officer, office, tmp_path):
    houses = [HOUSES[1], [1003, *HOUSES[1][1:]]]
    people = [PEOPLE[3], [1003, *PEOPLE[3][1:10], "B-88", "AFG", None]]
    reading = preview_workbook(
        by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx", houses, people)), office_id=office
    )
    assert "registry.import.twice_in_workbook" in codes(reading)


def test_only_a_register_officer_takes_in(world, tmp_path, office):
    workbook = read(make_workbook(tmp_path / "w.xlsx"))
    with world.as_role("registration_clerk") as clerk, pytest.raises(Problem, match="refused_role"):
        take_workbook(by=clerk, workbook=workbook, office_id=office)


# -- told row by row --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "sheet", "row", "column", "code"),
    [
        (changed(PEOPLE, 0, 1, "BOSS"), "Individuals", 3, "relationship_i_c", "registry.import.unknown_choice"),
        (changed(PEOPLE, 0, 5, None), "Individuals", 3, "gender_i_c", "registry.value.missing"),
        (changed(PEOPLE, 0, 6, "soon"), "Individuals", 3, "birth_date_i_c", "registry.import.not_a_day"),
        (changed(PEOPLE, 0, 2, "=1+1"), "Individuals", 3, "full_name_i_c", "registry.import.formula"),
        (changed(PEOPLE, 0, 2, "Kar1m Ahmadi"), "Individuals", 3, "full_name_i_c", "kernel.name.digit"),
        (
            changed(PEOPLE, 1, 1, "HEAD"),
            "Individuals",
            4,
            "relationship_i_c",
            "registry.household.two_principal_applicants",
        ),
        (
            changed(PEOPLE, 2, 6, date(1970, 1, 1)),
            "Individuals",
            5,
            "birth_date_i_c",
            "registry.household.parent_not_older",
        ),
        (changed(PEOPLE, 0, 10, "%%"), "Individuals", 3, "national_id_no_i_c", "registry.paper.number_missing"),
    ],
)
def test_an_error_refuses_its_household_alone_and_says_where(
    officer, office, tmp_path, people, sheet, row, column, code
):
    taken = take_workbook(
        by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx", people=people)), office_id=office
    )
    assert (taken.batch.households, taken.batch.refused_rows) == (1, 1)
    refused = taken.reading.refused[0]
    found = [f for f in refused.findings if f.severity == "error"]
    assert (sheet, row, column, code) in [(f.sheet, f.row, f.column, f.code) for f in found]
    for finding in found:
        text = finding.rendered()
        assert text.happened and text.why and text.next


def test_rows_without_their_household_are_told(officer, office, tmp_path):
    people = [*PEOPLE, [9999, *PEOPLE[3][1:]], [None, *PEOPLE[3][1:]]]
    houses = [*HOUSES, HOUSES[0], [None, *HOUSES[0][1:]]]
    reading = preview_workbook(
        by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx", houses, people)), office_id=office
    )
    assert {
        "registry.import.household_missing",
        "registry.import.household_twice",
        "registry.import.no_household_id",
    } <= codes(reading)


def test_labels_of_the_sheet_choices_are_understood(officer, office, tmp_path):
    people = changed(PEOPLE, 1, 1, "rel_7")
    choices = {"Choices": [["list_name", "name", "label::English"], ["relationship", "rel_7", "Wife/Husband"]]}
    reading = preview_workbook(
        by=officer, workbook=read(make_workbook(tmp_path / "w.xlsx", people=people, extra=choices)), office_id=office
    )
    assert len(reading.accepted) == 2


# -- broken files -----------------------------------------------------------------------------------------------------


def sheet_of(rows: str) -> bytes:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return (head + rows + "</sheetData></worksheet>").encode()


def broken(name, tmp_path):
    good = make_workbook(tmp_path / "good.xlsx")
    path = tmp_path / "bad.xlsx"
    if name == "text":
        path.write_text("household_id,size\n1,2\n")
    elif name == "empty":
        path.write_bytes(b"")
    elif name == "cut short":
        path.write_bytes(good.read_bytes()[:2000])
    elif name == "other zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("hello.txt", "hello")
    elif name == "bomb":
        rezip(path, good, sheet1=b"<worksheet>" + b" " * 60_000_000 + b"</worksheet>")
    elif name == "entities":
        rezip(path, good, sheet1=b'<!DOCTYPE lolz [<!ENTITY lol "lol">]>' + sheet_of(""))
    elif name == "broken xml":
        rezip(path, good, sheet1=b"<worksheet><sheetData><row")
    elif name == "no sheet":
        make_workbook(path, drop_sheet="Individuals")
    elif name == "no column":
        make_workbook(path, drop_column="gender_i_c")
    elif name == "no rows":
        make_workbook(path, houses=[])
    elif name == "missing":
        return tmp_path / "nowhere.xlsx"
    elif name == "folder":
        return tmp_path
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("text", "not_a_workbook"),
        ("empty", "not_a_workbook"),
        ("cut short", "not_a_workbook"),
        ("other zip", "not_a_workbook"),
        ("bomb", "bomb"),
        ("entities", "damaged"),
        ("broken xml", "damaged"),
        ("no sheet", "sheet_missing"),
        ("no column", "column_missing"),
        ("no rows", "sheet_empty"),
        ("missing", "no_file"),
        ("folder", "no_file"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_clear_answer(officer, office, tmp_path, name, code):
    started = time.monotonic()
    with pytest.raises(Problem) as refusal:
        preview_workbook(by=officer, workbook=read(broken(name, tmp_path)), office_id=office)
    assert refusal.value.code == f"registry.import.{code}"
    assert render(refusal.value)[0].next
    assert time.monotonic() - started < 10


def test_a_million_empty_rows_are_not_waited_for(tmp_path):
    good = make_workbook(tmp_path / "good.xlsx")
    many = sheet_of("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)))
    started = time.monotonic()
    workbook = read(rezip(tmp_path / "rows.xlsx", good, sheet1=many))
    assert workbook.find("Households").rows == []
    far = sheet_of(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>household_id</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    )
    read(rezip(tmp_path / "far.xlsx", good, sheet1=far))
    assert time.monotonic() - started < 20


def test_damaged_bytes_never_crash(tmp_path):
    """Bytes turned over at random: read, or refused with a Problem."""
    good = make_workbook(tmp_path / "good.xlsx").read_bytes()
    chance = random.Random(7)
    for round_number in range(40):
        damaged = bytearray(good)
        for _ in range(chance.choice([1, 3, 30])):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = tmp_path / f"{round_number}.xlsx"
        path.write_bytes(damaged)
        try:
            read(path)
        except Problem as refusal:
            assert refusal.code.startswith("registry.import.")


# -- the real one -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.exists(), reason="the real workbook in ../shared/data is not here")
def test_the_real_workbook(officer, office):
    taken = take_workbook(by=officer, workbook=read(REAL), office_id=office)
    settle()
    assert taken.batch.households + taken.batch.refused_rows == 50
    assert taken.batch.households >= 10
    for one in taken.reading.households:
        for finding in one.findings:
            assert finding.rendered().next, finding
        assert one.is_refused == any(finding.severity == "error" for finding in one.findings)
    undo_import(by=officer, batch_id=taken.batch.pk)
    settle()


# -- the command ------------------------------------------------------------------------------------------------------


def panoh(*arguments):
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    parsed = parser.parse_args(["import", *map(str, arguments)])
    return parsed.run(parsed)


def test_the_command_previews_takes_in_refuses_twice_and_undoes(committed_world, tmp_path, capsys):
    file = make_workbook(tmp_path / "w.xlsx", people=changed(PEOPLE, 0, 2, "Kar1m"))
    assert panoh("registrations", file, "--preview") == 0
    told = capsys.readouterr().out
    assert "Individuals, row 3, column full_name_i_c:" in told
    assert "Would be taken in: 1 households. Refused: 1." in told
    assert panoh("registrations", file, "--as", "register_officer", "--format", "json") == 0
    taken = json.loads(capsys.readouterr().out)
    assert (taken["households"], taken["refused"]) == (1, 1)
    with pytest.raises(Problem, match="taken_already"):
        panoh("registrations", file)
    assert panoh("undo", taken["batch"]) == 0
    assert "1 households were closed" in capsys.readouterr().out
    assert panoh("list") == 0
    assert "undone" in capsys.readouterr().out
    for wrong in (("--as", "nobody"), ("--as", "lawyer"), ("--office", "nowhere")):
        with pytest.raises(Problem):
            panoh("registrations", file, *wrong)
