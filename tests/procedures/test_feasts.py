"""Movable feasts: two people say which day it was, every clock follows at once, and nobody's clock moves for anything else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.ledger.models import Entry
from panoh.procedures.models import Case, Due, Feast
from panoh.procedures.operations.dues import feasts_on_record, recompute_dues
from panoh.procedures.operations.feasts import confirm_feast, preview_feast, propose_feast, touched_cases
from panoh.rulebook.deadlines import deadline
from panoh.rulebook.feasts import expected_feasts, with_feasts
from tests.procedures.stories import refused
from tests.signing_in import client_of

BOOK = rulebook.current()
EXPECTED = [holiday.on for holiday in expected_feasts(BOOK)]


def around(day: date) -> tuple[date, date]:
    """The expected feast nearest to a day, of those that take a working day; and the Saturday after it, on which it would take none."""
    expected = min((one for one in EXPECTED if one.weekday() in (2, 3, 4)), key=lambda one: abs(one - day))
    return expected, expected + timedelta(days=5 - expected.weekday())


def proclaim(story, expected: date, on: date, second: str = "mandate_officer"):
    with story.acting("registration_supervisor") as first:
        feast = propose_feast(by=first, expected_on=expected, on=on, source="Council of Ulems, no. 4")
    with story.acting(second) as other:
        return feast, confirm_feast(by=other, feast=feast)


def dues(case) -> dict[str, date | None]:
    with acting_as_system("test"):
        return dict(Due.objects.filter(case=case).values_list("clock", "due_on"))


def moved_by_hand(before: dict[str, date | None], after: dict[str, date | None]) -> int:
    """How many limits end earlier; at least one, else the test would show nothing."""
    moved = sum(after[clock] < end for clock, end in before.items() if end)
    assert moved
    return moved


@pytest.fixture
def running(story, monkeypatch):
    """A case whose limit in working days runs over an expected feast: the engine's day is set to that week."""
    expected, other = around(story.today())
    begun = expected - timedelta(days=4)
    import django.utils.timezone as timezone_module

    monkeypatch.setattr(timezone_module, "localdate", lambda *_: begun)
    story.open("asylum", "government", "registration_clerk", on=begun, lodged_at="border_post")
    return story, expected, other


def test_a_feast_moves_clocks_only_once_a_second_person_confirmed_it(running):
    story, expected, other = running
    before = dues(story.case)
    with story.acting("registration_supervisor") as first:
        feast = propose_feast(by=first, expected_on=expected, on=other, source="Council of Ulems, no. 4")
    assert dues(story.case) == before
    with story.acting("registration_supervisor") as first, refused("procedures.feast.same_person"):
        confirm_feast(by=first, feast=feast)
    foreseen = preview_feast(expected, other)
    with story.acting("mandate_officer") as second:
        effect = confirm_feast(by=second, feast=feast)
        kinds = set(Entry.objects.filter(subjects__contains=[feast.pk]).values_list("kind", flat=True))
    assert effect == foreseen
    assert (effect.cases, effect.later, effect.earlier) == (1, 0, moved_by_hand(before, dues(story.case)))
    assert kinds == {"procedures.feast.proposed", "procedures.feast.confirmed"}
    with acting_as_system("test"):
        assert feasts_on_record() == {expected: other}
        assert recompute_dues(Case.objects.all(), BOOK) == 0  # what confirming wrote is what the whole computation says


def test_whoever_opens_a_case_after_it_counts_with_the_proclaimed_day(running):
    story, expected, other = running
    proclaim(story, expected, other)
    after = dues(story.case)
    book = with_feasts(BOOK, {expected: other})
    assert book.country.work_calendar.is_working(expected)
    story.take("register", "eligibility_officer", on=expected - timedelta(days=4))
    with acting_as_system("test"):
        assert recompute_dues(Case.objects.all(), BOOK) == 0
    assert set(after) <= set(dues(story.case))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expected_on": date(2026, 1, 1)}, "procedures.feast.not_expected"),
        ({"shift": 4}, "procedures.feast.too_far"),
        ({"source": " "}, "procedures.feast.no_source"),
    ],
)
def test_propose_feast_refuses_what_nobody_could_check(story, change, code):
    expected, other = around(story.today())
    given = {"expected_on": expected, "on": other, "source": "Council of Ulems, no. 4"} | change
    if shift := given.pop("shift", 0):
        given["on"] = expected + timedelta(days=shift)
    with story.acting("registration_supervisor") as first:
        with refused(code):
            propose_feast(by=first, **given)
        assert propose_feast(by=first, expected_on=expected, on=other, source="Council of Ulems, no. 4").pk


def test_a_second_proclamation_takes_the_place_of_the_first(running):
    story, expected, other = running
    proclaim(story, expected, other)
    first = dues(story.case)
    _feast, effect = proclaim(story, expected, expected)
    with acting_as_system("test"):
        assert feasts_on_record() == {expected: expected}
        assert recompute_dues(Case.objects.all(), BOOK) == 0
    assert effect.cases == 1 and dues(story.case) != first


def test_no_other_role_says_it_and_nobody_by_raw_sql(story):
    expected, other = around(story.today())
    with story.acting("eligibility_officer") as officer, refused("access.verb.refused_role"):
        propose_feast(by=officer, expected_on=expected, on=other, source="Council of Ulems, no. 4")
    with story.acting("registration_supervisor") as first:
        feast = propose_feast(by=first, expected_on=expected, on=other, source="Council of Ulems, no. 4")
    statement = "UPDATE procedures_feast SET confirmed_at = now(), confirmed_by_id = %s WHERE id = %s"
    for role in ("registration_supervisor", "eligibility_officer"):
        with (
            story.acting(role) as actor,
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [actor.member_id, feast.pk])
    with acting_as_system("test"):
        assert Feast.objects.get().confirmed_at is None


def test_the_pages_lead_from_the_list_to_the_confirmation(story):
    expected, other = around(story.today())
    supervisor, officer = (
        client_of(story.world.members[role]) for role in ("registration_supervisor", "mandate_officer")
    )
    assert f"/feasts/{expected}/propose" in supervisor.get("/feasts").content.decode()
    wrong = supervisor.post(f"/feasts/{expected}/propose", {"on": other.isoformat(), "source": ""})
    assert (wrong.status_code, other.isoformat() in wrong.content.decode()) == (422, True)
    sent = supervisor.post(
        f"/feasts/{expected}/propose", {"on": other.isoformat(), "source": "Council of Ulems, no. 4"}
    )
    assert sent.status_code == 302
    with acting_as_system("test"):
        feast = Feast.objects.get()
    refused_page = supervisor.post(f"/feasts/{feast.pk}/confirm")
    assert "procedures.feast.same_person" in refused_page.content.decode()
    assert "Council of Ulems" in officer.get(f"/feasts/{feast.pk}/confirm").content.decode()
    assert officer.post(f"/feasts/{feast.pk}/confirm").status_code == 302
    assert officer.get(f"/feasts/{feast.pk}/confirm").status_code == 404


@settings(max_examples=120, deadline=None)
@given(
    st.integers(-60, 60),
    st.sampled_from([day for day in EXPECTED if day.year < 2028]),
    st.integers(-3, 3),
    st.sampled_from(sorted(BOOK.values)),
)
def test_a_clock_that_does_not_run_over_the_days_in_question_never_moves(shift, expected, moved, name):
    """What `touched_cases` leaves out needs no recomputing: it is held against every limit of the rulebook."""
    start, on = expected + timedelta(days=shift), expected + timedelta(days=moved)
    value = next((one for one in BOOK.values[name] if one.is_in_force(start)), None)
    if value is None or not hasattr(value.value, "unit"):
        return
    rule = next(iter(BOOK.procedure("asylum", date(2026, 1, 1)).clocks.values()))
    ends = [
        deadline(rule, [start], [], [], [], value, book.country.work_calendar, start).due_on
        for book in (BOOK, with_feasts(BOOK, {expected: on}))
    ]
    over = start <= max(expected, on) and ends[0] >= min(expected, on) - timedelta(days=1)
    assert over or ends[0] == ends[1]


def test_the_cases_that_are_touched_are_those_whose_clocks_run_over_the_days(running):
    story, expected, other = running
    with acting_as_system("test"):
        assert story.case in touched_cases(expected, other)
        far = EXPECTED[-1]
        assert (story.case in touched_cases(far, far)) == any(
            end is None or end >= far - timedelta(days=1) for end in dues(story.case).values()
        )
