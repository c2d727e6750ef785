"""Supervision: figures that are those of the cases, seen by a head of office without a file, with small numbers kept."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from panoh.procedures.models import Case
from panoh.procedures.operations.safeguards import answer_safeguard
from panoh.procedures.queries.safeguards import findings_of
from panoh.procedures.rules.safeguards import Verdict
from panoh.protection.queries.supervision import list_supervised
from panoh.protection.rules.supervision import Clocked, Span, stage, supervise, told, wilson
from panoh.rulebook import current
from tests.procedures.stories import Story
from tests.signing_in import client_of

TODAY = timezone.localdate()
AROUND = (TODAY - timedelta(days=400), TODAY + timedelta(days=1))


@pytest.fixture
def story(world) -> Story:
    """A case before the commission, decided; and another that was only lodged."""
    decided = Story(world)
    decided.register()
    decided.open("asylum", "government", "registration_clerk", on=TODAY - timedelta(days=40), lodged_at="border_post")
    for action, ago in (("register", 38), ("interview", 20), ("record_assessment", 9), ("refer_to_commission", 8)):
        decided.take(action, "eligibility_officer", on=TODAY - timedelta(days=ago))
    waiting = Story(world)
    waiting.register()
    waiting.open("asylum", "government", "registration_clerk")
    return decided


def supervised(world, role: str):
    with world.as_role(role) as actor:
        return list_supervised(actor, "asylum", *AROUND, TODAY)


def test_the_figures_are_those_of_the_pages_of_the_cases(world, story):
    cases = supervised(world, "protection_officer")
    counted = supervise(cases, current().procedure("asylum", TODAY), current(), TODAY)
    assert counted.cases == 2
    with world.as_role("protection_officer") as officer:
        for case in Case.objects.all():
            for found in findings_of(case, officer):
                cases_of_verdict = counted.safeguards[found.safeguard.code].cases[found.verdict]
                assert case.pk in cases_of_verdict, (found.safeguard.code, found.verdict)


def test_a_head_of_office_gets_figures_and_no_file(world, story):
    assert len(supervised(world, "head_of_office")) == 2
    with world.as_role("head_of_office"):
        assert not Case.objects.exists()


def test_what_a_monitor_was_told_reaches_no_head_of_office(world, story):
    with world.as_role("protection_officer") as officer:
        case = Case.objects.get(pk=story.case.pk)
        answer_safeguard(
            by=officer, case=case, safeguard="no_payment_asked", verdict="broken", on=TODAY, evidence="told"
        )
    book, procedure = current(), current().procedure("asylum", TODAY)
    of_monitor = supervise(supervised(world, "protection_officer"), procedure, book, TODAY)
    of_head = supervise(supervised(world, "head_of_office"), procedure, book, TODAY)
    assert of_monitor.safeguards["no_payment_asked"].broken == 1
    assert of_head.safeguards["no_payment_asked"].broken == 0
    assert of_head.safeguards["no_payment_asked"].unknown == 2


@pytest.mark.parametrize(
    "role", ["registration_supervisor", "eligibility_officer", "lawyer", "auditor", "administrator"]
)
def test_the_function_answers_nobody_without_the_verb(world, story, role):
    with world.as_role(role), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM protection_supervised('asylum', %s, %s, 100)", AROUND)
        assert cursor.fetchone() == (0,)


def test_the_function_hands_out_no_text_that_somebody_wrote(world, story):
    with world.as_role("head_of_office"), connection.cursor() as cursor:
        cursor.execute("SELECT one::text FROM protection_supervised('asylum', %s, %s, 100) AS one", AROUND)
        handed_out = " ".join(text for (text,) in cursor.fetchall())
        cursor.execute(
            """SELECT protection_coded('{"a": "two words", "b": "code", "c": true, "d": ["x"], "e": 5}')::text"""
        )
        assert cursor.fetchone() == ('{"b": "code", "c": true}',)
    assert '"interpreter": "' in handed_out
    for secret in (story.case.number, story.household.number, story.persons[0].number):
        assert secret not in handed_out


def test_the_owners_function_opens_nothing_to_whoever_sets_its_mark(world, story):
    with world.as_role("head_of_office"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('panoh.inside', 'supervision', true)")
        cursor.execute("SELECT count(*) FROM procedures_case")
        assert cursor.fetchone() == (0,)


def test_the_page_and_its_table(world, story):
    officer, head = (client_of(world.members[role]) for role in ("protection_officer", "head_of_office"))
    query = (
        f"year={AROUND[1].year}" if story.case.opened_on.year == AROUND[1].year else f"year={story.case.opened_on.year}"
    )
    page = officer.get(f"/supervision?{query}&safeguard=certificate_in_time&verdict=broken").content.decode()
    assert story.case.number in page
    figures = head.get(f"/supervision?{query}&safeguard=certificate_in_time&verdict=broken").content.decode()
    assert story.case.number not in figures
    assert "Safeguards" in figures and "No case that you may open." in figures
    rows = list(csv.DictReader(io.StringIO(head.get(f"/supervision.csv?{query}").content.decode())))
    broken = [row for row in rows if row["safeguard"] == "certificate_in_time"]
    assert sum(int(row["broken"]) for row in broken) >= 1
    for odd in ("year=1900", "month=13", "office=x", "procedure=none", "year=x"):
        assert officer.get(f"/supervision?{odd}").status_code == 422


def test_every_gap_names_provisions_that_exist_and_a_position_in_four_languages():
    book = current()
    for gap in book.codes["law_gaps"].values():
        assert {gap.attributes["provision"], gap.attributes["against"]} <= set(book.provisions), gap.code
        assert gap.attributes["status"] in book.codes["law_gap_statuses"]
        assert all(gap.attributes[f"position_{language}"] for language in ("en", "ru", "tg", "prs"))


# -- pure -------------------------------------------------------------------------------------------------------------


def clocked(starts: int, limit: int | None, elapsed: int | None, stopped: int | None) -> Clocked:
    def day(n: int | None) -> date | None:
        return None if n is None else date(2026, 1, 1) + timedelta(days=n)

    return Clocked("x", day(starts) or date.min, day(limit), day(elapsed), day(stopped))


def test_a_stage_is_late_by_each_clock_for_itself():
    found = stage(
        "x",
        [clocked(0, 30, 10, 20), clocked(0, 10, 10, 20), clocked(0, 10, 10, 5), clocked(0, None, 10, None)],
        date(2026, 3, 1),
    )
    assert (found.stopped, found.running, found.median_days) == (3, 1, 20)
    assert (found.late, found.late_elapsed) == (1, 3)


def test_few_decisions_are_told_of_nobody():
    from collections import Counter

    big, small, smaller = uuid4(), uuid4(), uuid4()
    lines = told({big: Counter(a=9, b=1), small: Counter(a=4), smaller: Counter(b=1)})
    assert [(line.key, line.counts) for line in lines] == [(big, {"a": 9, "b": 1}), (None, {"a": 4, "b": 1})]
    assert told({small: Counter(a=4)})[0].counts == {}
    alone = told({big: Counter(a=10), small: Counter(a=4)})[1]
    assert (alone.key, alone.counts) == (None, {})


@given(hits=st.integers(0, 200), more=st.integers(0, 200))
def test_the_interval_holds_the_share_and_narrows_with_more(hits, more):
    tries = hits + more
    low, high = wilson(hits, tries)
    assert 0 <= low <= high <= 1
    if tries:
        assert low - 1e-9 <= hits / tries <= high + 1e-9
        wider = wilson(hits * 4, tries * 4)
        assert wider[1] - wider[0] < high - low


def test_each_verdict_has_a_column():
    assert {str(one) for one in Verdict} == {"kept", "broken", "unknown", "not_due", "not_applicable"}


def test_by_act_each_safeguard_stands_in_the_month_in_which_it_was_kept_or_broken(world, story):
    """A case of forty days ago: what was done in it nine days ago is counted nine days ago, and nothing is counted twice."""
    book, procedure = current(), current().procedure("asylum", TODAY)
    with world.as_role("head_of_office") as head:
        cases = list_supervised(head, "asylum", TODAY - timedelta(days=10), AROUND[1], TODAY, by_act=True)
        assert story.case.pk in {case.id for case in cases}  # opened before, and still open
        assert story.case.pk not in {
            case.id for case in list_supervised(head, "asylum", TODAY - timedelta(days=10), AROUND[1], TODAY)
        }
        everything = list_supervised(head, "asylum", *AROUND, TODAY, by_act=True)
    whole = supervise(everything, procedure, book, TODAY, Span(*AROUND))
    middle = TODAY - timedelta(days=10)
    before = supervise(everything, procedure, book, TODAY, Span(AROUND[0], middle))
    after = supervise(everything, procedure, book, TODAY, Span(middle, AROUND[1]))
    for code, kept in whole.safeguards.items():
        for verdict in (Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN):
            parts = before.safeguards[code].count(verdict) + after.safeguards[code].count(verdict)
            assert kept.count(verdict) == parts, (code, verdict)
        assert not kept.not_due
    assert any(kept.kept for kept in before.safeguards.values())
    assert sum(one.count(verdict) for one in after.safeguards.values() for verdict in Verdict)
    by_opening = supervise(everything, procedure, book, TODAY)
    assert sum(kept.broken for kept in by_opening.safeguards.values()) == sum(
        kept.broken for kept in whole.safeguards.values()
    )


def test_the_page_counts_either_way_and_says_which(world, story):
    head = client_of(world.members["head_of_office"])
    year = f"year={TODAY.year}"
    by_act = head.get(f"/supervision?{year}&counted=act").content.decode()
    assert "whenever they were opened" in by_act or "whenever it was opened" in by_act
    assert "counted=act" in by_act
    assert "that were opened in this time" in head.get(f"/supervision?{year}").content.decode()
    rows = list(csv.DictReader(io.StringIO(head.get(f"/supervision.csv?{year}&counted=act").content.decode())))
    assert {row["not_due"] for row in rows} == {"0"}
    assert rows


def test_complaints_are_counted_where_they_were_taken_in_and_by_nobody_whom_they_are_about(world):
    """Without a file too. Neither another organisation nor the office that a complaint is about learns of it from a figure."""
    taken_in = Story(world)
    taken_in.register()
    about = world.members["head_of_office"].office_id
    world.add_member("registration_supervisor", "takes_in", office="panji_poyon")
    taken_in.open_without_file(
        "complaint", "unnamed", "protection_officer", about="bribery", urgency="urgent", channel="box"
    )
    elsewhere = next(one.pk for code, one in world.offices.items() if code not in ("panji_poyon",) and one.pk != about)
    for office in (about, elsewhere):
        taken_in.open(
            "complaint", "authority", "takes_in", persons=taken_in.persons[:1], office=str(office),
            about="bribery", urgency="urgent", channel="box",
        )  # fmt: skip

    def counted(role: str) -> int:
        with world.as_role(role) as actor:
            return len(list_supervised(actor, "complaint", *AROUND, TODAY))

    assert counted("protection_officer") == 1, (
        "that of the own organisation, about nobody's file; none that is confined elsewhere"
    )
    assert counted("head_of_office") == 1, "none that is about the own office"
