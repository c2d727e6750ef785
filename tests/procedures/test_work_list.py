"""The work list: what it shows, and that it is read from one index under row-level security, however many cases there are."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panoh.access.context import acting_as_system
from panoh.procedures.models import Case, Due
from panoh.procedures.operations.barriers import recompute_everything, record_barrier
from panoh.procedures.queries.work import COUNT_UP_TO, PAGE, After, count_due, due_list
from panoh.procedures.rules.agenda import Bucket, bucket, bucket_range, week_end
from tests.procedures.stories import Story
from tests.signing_in import client_of

MANY = int(os.environ.get("PANOH_TEST_CASES", "20000"))


def test_the_list_shows_the_most_urgent_first_under_its_headings(story):
    today = story.today()
    story.open("asylum", "government", "registration_clerk", on=today - timedelta(days=60), lodged_at="border_post")
    with story.acting("eligibility_officer") as officer:
        lines = due_list(officer, today)
        assert [line.due.clock for line in lines] == ["border_notice", "registration_decision"]
        assert {line.bucket for line in lines} == {Bucket.OVERDUE}
        assert count_due(officer, today)[Bucket.OVERDUE] == 2
        assert due_list(officer, today, mine=True) == []
        assert due_list(officer, today, which=Bucket.TODAY) == []
        first = lines[0].due
        rest = due_list(officer, today, after=After(first.due_on, first.pk))
        assert [line.due.clock for line in rest] == ["registration_decision"]
        assert After.read(After(first.due_on, first.pk).text()) == After(first.due_on, first.pk)
        assert After.read("nonsense") is None


def test_a_right_of_the_applicant_is_no_work_of_an_office(story):
    story.open("asylum", "government", "registration_clerk")
    story.take("refuse_registration", "registration_supervisor")
    story.take("notify_decision", "registration_supervisor")
    with story.acting("registration_supervisor") as supervisor:
        assert Due.objects.filter(case=story.case, clock="appeal_window", stopped_on__isnull=True).exists()
        assert "appeal_window" not in {line.due.clock for line in due_list(supervisor, story.today())}


def test_the_headings_cover_every_day_once(story):
    today = story.today()
    for days in range(-40, 40):
        day = today + timedelta(days=days)
        inside = [
            which
            for which in Bucket
            if which is not Bucket.PAUSED
            for first, last in [bucket_range(which, today)]
            if (first is None or first <= day) and (last is None or day <= last)
        ]
        assert inside == [bucket(day, today)]
    assert week_end(today).weekday() == 6


@pytest.fixture
def crowd(committed_world, superuser):
    """Very many cases at once: copies of one household and case, written past all triggers as only a test may."""
    story = Story(committed_world)
    story.register()
    story.open("asylum", "government", "registration_clerk")
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(COPY_HOUSEHOLDS, [MANY])
        superuser.execute(COPY_CASES)
        superuser.execute(COPY_STEPS)
        superuser.execute(COPY_DUES, [story.today()])
    for table in ("registry_household", "procedures_case", "procedures_due", "procedures_step"):
        superuser.execute(f"ANALYZE {table}")
    return story


COPY_HOUSEHOLDS = """
INSERT INTO registry_household SELECT copied.*
FROM (SELECT h AS row FROM registry_household h LIMIT 1) o, generate_series(1, %s) n,
  LATERAL jsonb_populate_record(o.row, jsonb_build_object(
    'id', gen_random_uuid(), 'number', 'X-' || n, 'submission_id', NULL)) copied"""
COPY_CASES = """
INSERT INTO procedures_case SELECT copied.*
FROM (SELECT c AS row FROM procedures_case c LIMIT 1) o, registry_household x,
  (SELECT id FROM access_member WHERE role = 'eligibility_officer' LIMIT 1) m,
  LATERAL jsonb_populate_record(o.row, jsonb_build_object('id', gen_random_uuid(), 'number', 'A-' || x.number,
    'household_id', x.id, 'assigned_to_id', CASE WHEN hashtext(x.number) % 50 = 0 THEN m.id END)) copied
WHERE x.number LIKE 'X-%'"""
COPY_STEPS = """
INSERT INTO procedures_step SELECT copied.*
FROM (SELECT s AS row FROM procedures_step s LIMIT 1) o, procedures_case c,
  LATERAL jsonb_populate_record(o.row, jsonb_build_object('id', gen_random_uuid(), 'case_id', c.id,
    'occurred_on', c.opened_on - hashtext(c.number) % 90)) copied
WHERE c.number LIKE 'A-X-%'"""
COPY_DUES = """
INSERT INTO procedures_due (case_id, clock, household_id, organisation_id, assigned_to_id, starts_on, due_on, elapsed_due_on,
  paused_on, stopped_on, provision, unknown)
SELECT c.id, clock, c.household_id, c.organisation_id, c.assigned_to_id, d.today - 30, d.today + (random() * 400)::int - 100,
  d.today + 10, NULL, CASE WHEN random() < 0.6 THEN d.today - 5 END, 'refugees_law.limits', false
FROM procedures_case c, (VALUES ('overall'), ('registration_decision'), ('appeal_window')) v (clock), (SELECT %s::date AS today) d
WHERE c.number LIKE 'A-X-%%'"""


@pytest.mark.slow
def test_the_list_is_read_from_one_index_under_row_level_security(crowd):
    today = crowd.today()
    with crowd.acting("eligibility_officer") as officer:
        assert Case.objects.count() > MANY
        for mine, index in ((False, "due_of_organisation"), (True, "due_of_member")):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                lines = due_list(officer, today, mine=mine)
            assert len(lines) == PAGE and len(caught) == 1
            plan = explain(caught.captured_queries[0]["sql"])
            assert index in plan, plan
            assert "Seq Scan on procedures_" not in plan and "Seq Scan on registry_household" not in plan, plan
            assert "Sort" not in plan, plan
        with CaptureQueriesContext(connection) as caught:
            counts = count_due(officer, today)
        assert len(caught) == 1 and counts[Bucket.OVERDUE] == COUNT_UP_TO + 1
        plan = explain(caught.captured_queries[0]["sql"])
        assert "Seq Scan on procedures_" not in plan and "Seq Scan on registry_household" not in plan, plan


@pytest.mark.slow
def test_the_page_of_my_work_takes_a_bounded_number_of_queries(crowd, django_assert_max_num_queries):
    client = client_of(crowd.world.members["eligibility_officer"])
    client.get("/work")
    with django_assert_max_num_queries(14):
        assert client.get("/work").status_code == 200


def explain(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + statement)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.slow
def test_a_barrier_moves_the_clocks_of_all_cases_in_bulk(crowd):
    """One pass over the steps, equal clocks computed once, one statement for each two thousand rows that change."""
    assert recompute_everything() > MANY  # the copies' clocks were invented; now they are what their steps say
    assert recompute_everything() == 0
    with crowd.acting("commission_secretary") as keeper:
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as caught:
            record_barrier(
                by=keeper, kind="REGISTRATION_SUSPENDED", from_on=crowd.today() - timedelta(days=100), reason="flood"
            )
        took = time.perf_counter() - began
    with acting_as_system("test"):
        assert not Due.objects.filter(
            clock="registration_decision", stopped_on__isnull=True, due_on__isnull=False
        ).exists()
        assert Due.objects.filter(clock="registration_decision", paused_on__isnull=False).count() == MANY + 1
    assert len(caught) < 20 + 8 * (MANY // 2000 + 2)
    print(f"\nbarrier over {MANY} cases: {took:.1f} s, {MANY / took:.0f} cases/s")
