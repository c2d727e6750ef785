"""Imports are carried out after the request: how far they are is seen, a kill leaves nothing, and nobody asks for another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from panoh.access.context import acting, acting_as_system
from panoh.access.operations import end_member
from panoh.ledger.models import Entry
from panoh.registry.importing import jobs
from panoh.registry.importing.files import keep_workbook, put_away
from panoh.registry.models import Household, ImportBatch, ImportFile, ImportJob
from tests.registry.test_import_pages import rows_of, words, workbook
from tests.registry.workbooks import HOUSES, PEOPLE
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db


def brought(world, tmp_path, act: str = ImportJob.TAKE, *rows) -> ImportFile:
    with world.as_role("register_officer") as officer:
        office = world.offices["un_dushanbe"].pk
        kept = keep_workbook(by=officer, file_name="w.xlsx", content=workbook(tmp_path, *rows), office_id=office)
        jobs.ask_for(act, by=officer, file=kept)
    return kept


def test_while_it_waits_the_page_says_so_and_asks_again_by_itself(world, tmp_path) -> None:
    client = client_of(world.members["register_officer"])
    kept = brought(world, tmp_path)
    address = f"/imports/files/{kept.pk}"
    page = client.get(address).content.decode()
    assert 'hx-trigger="every 2s"' in page and "It is being taken in" in page
    with world.as_role("register_officer"):
        ImportJob.objects.update(done=30, total=100)
    assert "30 of 100" in words(client.get(address))
    assert jobs.carry_out_waiting() == 1
    part = client.get(address, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"/imports/{kept.pk}" == client.get(address)["Location"]
    assert rows_of(ImportJob) == []


def test_a_look_is_kept_and_shown_without_reading_the_workbook_again(world, tmp_path, monkeypatch) -> None:
    kept = brought(world, tmp_path, ImportJob.LOOK)
    jobs.carry_out_waiting()
    monkeypatch.setattr("panoh.registry.importing.files.open_content", None)
    page = words(client_of(world.members["register_officer"]).get(f"/imports/files/{kept.pk}"))
    assert "Take in 2 households" in page and "Karim Ahmadi" in page
    assert rows_of(Household) == []


def test_a_refusal_is_told_on_the_page_and_what_was_seen_stays(world, tmp_path) -> None:
    kept = brought(world, tmp_path, ImportJob.TAKE, HOUSES, [[*row[:5], None, *row[6:]] for row in PEOPLE])
    jobs.carry_out_waiting()
    answer = client_of(world.members["register_officer"]).get(f"/imports/files/{kept.pk}")
    assert "<code>registry.import.nothing_to_take</code>" in answer.content.decode()
    assert len(rows_of(ImportFile)) == 1 and rows_of(ImportBatch) == []


def test_what_is_being_taken_in_cannot_be_put_away(world, tmp_path) -> None:
    from panoh.kernel.problems import Problem

    kept = brought(world, tmp_path)
    with world.as_role("register_officer") as officer, pytest.raises(Problem) as refused:
        put_away(by=officer, file=kept)
    assert refused.value.code == "registry.import.being_taken"


def test_a_job_that_ends_its_worker_each_time_is_given_up(world, tmp_path, monkeypatch) -> None:
    kept = brought(world, tmp_path)

    def dies(*_args: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_do", dies)
        for _ in range(jobs.MOST_TRIES):
            with pytest.raises(MemoryError), transaction.atomic():
                jobs.carry_out_waiting()
            with world.as_role("register_officer"):  # the count was committed before the worker died
                ImportJob.objects.update(tries=ImportJob.objects.get().tries + 1)
    assert jobs.carry_out_waiting() == 1
    page = client_of(world.members["register_officer"]).get(f"/imports/files/{kept.pk}").content.decode()
    assert "<code>registry.import.given_up</code>" in page
    assert rows_of(Household) == []


def test_whoever_is_no_member_any_more_takes_nothing_in(world, tmp_path) -> None:
    brought(world, tmp_path)
    with world.as_role("administrator") as administrator:
        end_member(by=administrator, member=world.members["register_officer"], valid_to=timezone.localdate())
    assert jobs.carry_out_waiting() == 1
    assert rows_of(Household) == [] and [job.state for job in rows_of(ImportJob)] == ["refused"]


def test_injected_sql_puts_no_job_down_in_anothers_name(world, tmp_path) -> None:
    world.add_member("register_officer", "colleague", office="un_dushanbe")
    kept = brought(world, tmp_path, ImportJob.LOOK)
    from panoh.access.queries import actor_for

    with acting(actor_for(world.members["colleague"])):
        assert ImportJob.objects.get().file_id == kept.pk  # the same organisation sees how far it is
        with pytest.raises(DatabaseError), transaction.atomic():
            ImportJob.objects.all().delete()
            ImportJob.objects.create(
                file_id=kept.pk,
                act="take",
                member=world.members["register_officer"],
                purpose="protection",
                asked_at=timezone.now(),
            )
        assert ImportJob.objects.update(act="take") == 0
    for role in ("registration_supervisor", "lawyer", "auditor"):
        with world.as_role(role), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registry_importjob")
            assert cursor.fetchone() == (0,), role


# -- a worker of its own ----------------------------------------------------------------------------------------------


def start_worker() -> subprocess.Popen[bytes]:
    """The real process, on this test's database."""
    program = (
        "import os, django; django.setup();"
        "from django.conf import settings; from django.db import connections;"
        "name = os.environ['TEST_DATABASE'];"
        "[settings.DATABASES[a].update(NAME=name) or connections[a].settings_dict.update(NAME=name) for a in settings.DATABASES];"
        "from panoh.access.keeping import keep; from panoh.registry.importing import jobs; jobs.SECONDS_BETWEEN_TELLINGS = 0.05; keep(jobs.carry_out_waiting, 0.1)"
    )
    name = connection.settings_dict["NAME"]
    return subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "TEST_DATABASE": name})


def wait_for(what, worker: subprocess.Popen[bytes]):
    """Until it is so; the limit only ends a test that would never end."""
    until = time.monotonic() + 240
    while time.monotonic() < until:
        if found := what():
            return found
        assert worker.poll() is None, "the worker ended"
        time.sleep(0.02)
    raise AssertionError("it never came to that")


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_while_one_worker_is_at_it_another_leaves_it_alone(committed_world, tmp_path, app_connection) -> None:
    kept = brought(committed_world, tmp_path)
    app_connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"import {kept.pk}"])
    assert jobs.carry_out_waiting() == 0 and rows_of(Household) == []
    app_connection.execute("SELECT pg_advisory_unlock_all()")
    assert jobs.carry_out_waiting() == 1 and len(rows_of(Household)) == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_takes_it_in(committed_world, tmp_path) -> None:
    houses = [[1000 * house[0] + n, *house[1:]] for n in range(60) for house in HOUSES]
    people = [[1000 * row[0] + n, *row[1:]] for n in range(60) for row in PEOPLE]
    kept = brought(committed_world, tmp_path, ImportJob.TAKE, houses, people)

    def state() -> ImportJob | None:
        with committed_world.as_role("register_officer"):
            return ImportJob.objects.filter(file_id=kept.pk).first()

    worker = start_worker()
    try:
        wait_for(lambda: (job := state()) is not None and job.done > 0, worker)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert rows_of(Household) == [] and rows_of(ImportBatch) == [] and len(rows_of(ImportFile)) == 1
    worker = start_worker()
    try:
        wait_for(lambda: state() is None, worker)
    finally:
        worker.terminate()
        worker.wait()
    (batch,) = rows_of(ImportBatch)
    with acting_as_system("counting in a test"):
        assert Household.objects.count() == batch.households == 120
        assert Entry.objects.filter(kind="registry.import.taken").count() == 1
