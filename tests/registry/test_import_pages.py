"""The pages of imports: brought, looked into, taken in, taken back; bad files are refused in words and leave nothing."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from panoh.access.context import acting, acting_as_system
from panoh.ledger.models import Entry
from panoh.registry.importing import files, jobs
from panoh.registry.importing.files import keep_workbook, take_kept
from panoh.registry.models import Household, ImportBatch, ImportFile
from tests.registry.conftest import settle
from tests.registry.workbooks import HOUSES, PEOPLE, make_workbook
from tests.signing_in import client_of

REAL = Path(__file__).parents[3] / "shared" / "data" / "imports" / "rdi_import_50_hh_50_ind.xlsx"


@pytest.fixture
def officer(world):
    return client_of(world.members["register_officer"])


def bring(client, world, content: bytes, name: str = "family.xlsx"):
    """Upload it, and let the worker look into it."""
    upload = SimpleUploadedFile(name, content)
    answer = client.post("/imports", {"file": upload, "office": str(world.offices["un_dushanbe"].pk)})
    jobs.carry_out_waiting()
    return answer


def take(client, looked: str):
    """Press "Take in", and let the worker do it: where the page leads then."""
    answer = client.post(looked)
    jobs.carry_out_waiting()
    return client.get(looked) if answer.status_code == 302 else answer


def workbook(tmp_path, *rows) -> bytes:
    return make_workbook(tmp_path / "w.xlsx", *rows).read_bytes()


def words(answer) -> str:
    """What the page says, without its marks."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def rows_of(model) -> list:
    with acting_as_system("reading in a test"):
        return list(model.objects.all())


def test_a_workbook_is_looked_into_taken_in_and_taken_back(world, officer, tmp_path) -> None:
    assert "Nothing has been taken in yet" in officer.get("/imports").content.decode()
    looked = bring(officer, world, workbook(tmp_path))
    assert looked.status_code == 302
    page = words(officer.get(looked["Location"]))
    assert "Karim Ahmadi" in page and "Take in 2 households" in page
    assert "is not a telephone number" in page  # row by row, in plain words
    assert rows_of(Household) == []
    assert "waits for a decision" in officer.get("/imports").content.decode()
    taken = take(officer, looked["Location"])
    assert taken.status_code == 302 and "/imports/" in taken["Location"]
    settle()
    (batch,) = rows_of(ImportBatch)
    assert (batch.households, batch.persons) == (2, 4)
    assert rows_of(ImportFile) == []  # the upload does not stay behind
    page = officer.get(taken["Location"]).content.decode()
    for household in rows_of(Household):
        assert household.number in page
    assert "in force" in officer.get("/imports").content.decode()
    assert officer.post(f"{taken['Location']}/undo").status_code == 302
    settle()
    assert {household.closure_reason for household in rows_of(Household)} == {"REGISTERED_IN_ERROR"}
    assert "taken back" in officer.get("/imports").content.decode()
    assert officer.post(f"{taken['Location']}/undo").status_code == 409


def test_a_row_that_keeps_its_household_out_is_told(world, officer, tmp_path) -> None:
    people = [list(row) for row in PEOPLE]
    people[0][1] = "BOSS"
    page = officer.get(bring(officer, world, workbook(tmp_path, HOUSES, people))["Location"])
    page = words(page)
    assert "Take in 1 household" in page and "kept out" in page
    assert re.search(r"Row 3 Individuals , relationship_i_c", page)
    assert "“BOSS” is not known here" in page


def test_a_workbook_in_which_nothing_stands_up_cannot_be_taken_in(world, officer, tmp_path) -> None:
    people = [[*row[:5], None, *row[6:]] for row in PEOPLE]
    looked = bring(officer, world, workbook(tmp_path, HOUSES, people))["Location"]
    assert "No household can be taken in as it is" in officer.get(looked).content.decode()
    assert "registry.import.nothing_to_take" in words(take(officer, looked))
    assert len(rows_of(ImportFile)) == 1  # refused: the upload is still there to be looked at


def test_put_away_leaves_nothing_but_an_entry(world, officer, tmp_path) -> None:
    looked = bring(officer, world, workbook(tmp_path))["Location"]
    assert officer.post(f"{looked}/put-away").status_code == 302
    settle()
    assert rows_of(ImportFile) == []
    assert list(Entry.objects.order_by("recorded_at", "id").values_list("kind", flat=True))[-2:] == [
        "registry.import.brought",
        "registry.import.put_away",
    ]
    assert officer.get(looked).status_code == 404


def test_the_same_file_twice_waits_once_and_is_taken_in_once(world, officer, tmp_path) -> None:
    content = workbook(tmp_path)
    looked = bring(officer, world, content)["Location"]
    assert bring(officer, world, content)["Location"] == looked
    assert officer.post(looked).status_code == officer.post(looked).status_code == 302
    assert len(jobs.list_waiting()) == 1
    assert take(officer, looked)["Location"].startswith("/imports/")
    assert len(rows_of(ImportBatch)) == 1
    again = bring(officer, world, content)
    assert again.status_code == 409 and "was taken in already" in again.content.decode()


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 1024 * 1024))
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"not a workbook", "is not an Excel workbook"),
        (b"PK\x03\x04 broken", "is not an Excel workbook"),
        (bomb(), "far too large when opened"),
    ],
)
def test_bad_files_are_refused_in_the_form(world, officer, content, told) -> None:
    answer = bring(officer, world, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page and "Take in a workbook of another system" in page
    assert rows_of(ImportFile) == []


def test_sheets_that_are_missing_are_told_before_anything_is_kept(world, officer, tmp_path) -> None:
    looked = bring(officer, world, make_workbook(tmp_path / "w.xlsx", drop_sheet="Individuals").read_bytes())
    assert looked.status_code == 422 and "has no sheet “Individuals”" in looked.content.decode()


def test_more_than_a_page_can_judge_is_refused(world, officer, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(files, "MOST_ROWS_ON_A_PAGE", 3)
    answer = bring(officer, world, workbook(tmp_path))
    assert answer.status_code == 422 and "a page takes up to 3" in answer.content.decode()


def test_another_office_than_the_own_ones_is_refused(world, officer, tmp_path) -> None:
    upload = SimpleUploadedFile("w.xlsx", workbook(tmp_path))
    assert officer.post("/imports", {"file": upload, "office": str(world.offices["vahdat"].pk)}).status_code == 422


def test_only_the_own_organisation_sees_what_was_brought(world, tmp_path) -> None:
    with world.as_role("register_officer") as actor:
        content = workbook(tmp_path)
        office = world.offices["un_dushanbe"].pk
        keep_workbook(by=actor, file_name="w.xlsx", content=content, office_id=office)
        assert ImportFile.objects.count() == 1
    for role in ("registration_supervisor", "lawyer", "auditor"):
        with acting(world.actor(role)), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registry_importfile")
            assert cursor.fetchone() == (0,), role


def test_what_is_left_for_a_week_is_deleted_with_the_next_upload(world, tmp_path) -> None:
    with world.as_role("register_officer") as actor:
        office = world.offices["un_dushanbe"].pk
        old = keep_workbook(by=actor, file_name="old.xlsx", content=workbook(tmp_path), office_id=office)
        with acting_as_system("a week goes by"), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        files_kept_for, files.KEPT_FOR = files.KEPT_FOR, timedelta(seconds=-1)
        try:
            content = workbook(tmp_path, HOUSES[:1], PEOPLE[:3])
            new = keep_workbook(by=actor, file_name="new.xlsx", content=content, office_id=office)
        finally:
            files.KEPT_FOR = files_kept_for
        assert list(ImportFile.objects.values_list("pk", flat=True)) == [new.pk] != [old.pk]
        settle()


@pytest.mark.skipif(not REAL.exists(), reason="the real workbook is not beside this checkout")
def test_the_real_workbook_goes_through_the_page(world, officer) -> None:
    looked = bring(officer, world, REAL.read_bytes(), REAL.name)
    page = officer.get(looked["Location"])
    assert page.status_code == 200 and "Take in" in page.content.decode()
    assert take(officer, looked["Location"]).status_code == 302
    (batch,) = rows_of(ImportBatch)
    assert batch.households == 21, "the others contradict themselves, and the page says how"


def test_two_who_press_at_once_take_it_in_once(committed_world, tmp_path) -> None:
    from tests.registry.test_committed import together

    world = committed_world
    with world.as_role("register_officer") as actor:
        kept = keep_workbook(
            by=actor, file_name="w.xlsx", content=workbook(tmp_path), office_id=world.offices["un_dushanbe"].pk
        )

    def take_at_once(_index: int) -> str:
        from panoh.kernel.problems import Problem

        try:
            with world.as_role("register_officer") as actor:
                return str(take_kept(by=actor, file=kept).batch.households)
        except Problem as problem:
            return problem.code

    assert sorted(together(4, take_at_once)) == ["2", *["access.thing.not_found"] * 3]
