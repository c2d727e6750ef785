"""Suggested pairs: kept where they are found, seen by who sees both, judged by four eyes, and always as the judgement says."""

from __future__ import annotations

import re
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.registry.importing.batches import take_workbook
from panoh.registry.importing.households import WANTED
from panoh.registry.importing.workbook import read_workbook
from panoh.registry.models import Person, Suggestion
from panoh.registry.operations import (
    PairFound,
    confirm_judgement,
    judge_duplicate,
    register_household,
    suggest_pairs,
    undo_judgement,
)
from panoh.registry.queries.duplicates import Wanted, count_progress, cursor_of, list_suggestions
from panoh.registry.queries.files import linked_numbers
from tests.registry.conftest import settle
from tests.registry.families import five, person
from tests.registry.workbooks import HOUSES, PEOPLE, make_workbook
from tests.signing_in import client_of

NAIM = PersonName("Latn", "Mohammad Naim", father="Abdul Karim")
HIS_NAME_ELSEWHERE = PersonName("Cyrl", "Муҳаммад Наим", father="Абдулкарим")


def register(world, role: str, name: PersonName, office: str, year: int = 1986) -> Person:
    told = person(name=name, birth=BirthDate.from_parts("gregorian", year))
    with acting(world.actor(role)) as actor:
        done = register_household(by=actor, registration=five(world.offices[office].pk, persons=(told,)))
        settle()
    return done.persons[0]


@pytest.fixture
def naim(world) -> Person:
    return register(world, "registration_clerk", NAIM, "panji_poyon")


@pytest.fixture
def again(world, naim) -> Person:
    """The same man at another office, whose clerk does not see the first record."""
    world.add_member("registration_clerk", "elsewhere", office="vahdat")
    return register(world, "elsewhere", HIS_NAME_ELSEWHERE, "vahdat")


def seen_by(world, role: str) -> list[Suggestion]:
    with world.as_role(role) as actor:
        return list_suggestions(actor, Wanted(state=None), limit=50)


# -- kept where they are found ----------------------------------------------------------------------------------------


def test_a_pair_found_at_entry_is_kept_also_where_the_clerk_may_not_see_the_other_record(world, naim, again):
    (pair,) = seen_by(world, "registration_supervisor")
    assert {pair.person_a_id, pair.person_b_id} == {naim.pk, again.pk}
    assert (pair.origin, pair.state, pair.made_by) == ("entry", "open", world.members["elsewhere"])
    for role in ("registration_clerk", "elsewhere", "lawyer", "head_of_office"):
        assert seen_by(world, role) == [], role
        with acting(world.actor(role)), connection.cursor() as cursor:  # the database alone says the same
            cursor.execute("SELECT count(*) FROM registry_suggestion")
            assert cursor.fetchone() == (0,), role


def test_a_pair_within_the_own_office_is_seen_there(world, naim):
    twin = register(world, "registration_clerk", HIS_NAME_ELSEWHERE, "panji_poyon")
    (pair,) = seen_by(world, "registration_clerk")
    assert {pair.person_a_id, pair.person_b_id} == {naim.pk, twin.pk}


def test_nobody_else_is_suggested(world, naim):
    register(world, "registration_clerk", PersonName("Latn", "Gulnora", family="Rahimova"), "panji_poyon")
    assert seen_by(world, "registration_supervisor") == []


def test_an_import_keeps_its_pairs_against_the_register_and_within_itself(world, tmp_path):
    houses = [HOUSES[1], [1003, *HOUSES[1][1:]]]
    people = [PEOPLE[3], [1003, *PEOPLE[3][1:10], "B-88", "AFG", None]]
    workbook = read_workbook(make_workbook(tmp_path / "w.xlsx", houses, people), wanted=WANTED)
    with world.as_role("register_officer") as officer:
        take_workbook(by=officer, workbook=workbook, office_id=world.offices["un_dushanbe"].pk)
        settle()
    (pair,) = seen_by(world, "register_officer")
    assert (pair.origin, pair.person_a.household.number) != ("import", pair.person_b.household.number)


KEEP_ONE = """SELECT registry_suggest(jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'person', %s::text,
    'number', %s::text, 'score', 0.9, 'reasons', '[]'::jsonb, 'origin', 'entry')))"""


def test_a_pair_slipped_in_by_raw_sql_is_refused(world, naim):
    """Without the verb at once, and with it at commit: no entry names the pair."""
    stranger = register(world, "registration_clerk", PersonName("Latn", "Gulnora", family="Rahimova"), "panji_poyon")
    slip_in = (KEEP_ONE, [str(naim.pk), stranger.number])
    with pytest.raises(DatabaseError, match="registers nobody"), acting(world.actor("protection_officer")):
        connection.cursor().execute(*slip_in)
    with pytest.raises(DatabaseError) as refused, acting(world.actor("registration_clerk")):
        connection.cursor().execute(*slip_in)
        settle()
    assert getattr(refused.value.__cause__, "sqlstate", "") == "PN001"


# -- a linkage of the whole register ----------------------------------------------------------------------------------


def test_suggest_pairs_is_safe_to_repeat_and_renews(world, naim):
    other = register(world, "registration_clerk", PersonName("Latn", "Karim Naim"), "panji_poyon", year=1960)
    reasons = (("same_sound", {"a": "naim", "b": "наим"}),)
    with world.as_role("register_officer") as officer:
        before = Entry.objects.count()
        first = suggest_pairs(by=officer, pairs=[PairFound(other.pk, naim.pk, 0.91, reasons)])
        assert (first.made, first.renewed, first.unchanged, first.left_out) == (1, 0, 0, 0)
        again = suggest_pairs(by=officer, pairs=[PairFound(naim.pk, other.pk, 0.91, reasons)])
        assert (again.made, again.unchanged) == (0, 1)
        assert Entry.objects.count() == before + 1  # what changes nothing leaves no entry
        renewed = suggest_pairs(by=officer, pairs=[PairFound(naim.pk, other.pk, 0.97, reasons)])
        assert renewed.renewed == 1
        (kept,) = Suggestion.objects.all()
        assert (kept.score, kept.reasons, kept.origin) == (Decimal("0.9700"), [["same_sound", reasons[0][1]]], "link")
        settle()


def test_suggest_pairs_leaves_out_what_the_actor_does_not_see_and_refuses_nonsense(world, naim, again):
    with world.as_role("register_officer") as officer:
        hidden = register_sealed(world, naim)
        done = suggest_pairs(by=officer, pairs=[PairFound(naim.pk, hidden, 0.99)])
        assert (done.made, done.left_out) == (0, 1)
        for score, other in ((1.5, again.pk), (-0.1, again.pk), (float("nan"), again.pk), (0.9, naim.pk)):
            with pytest.raises(Problem, match="not_a_pair"):
                suggest_pairs(by=officer, pairs=[PairFound(naim.pk, other, score)])
    with world.as_role("registration_supervisor") as supervisor, pytest.raises(Problem, match="refused_role"):
        suggest_pairs(by=supervisor, pairs=[])


def register_sealed(world, like: Person):
    """A record in a sealed file, which a register officer does not see."""
    from panoh.ledger.operations import record

    told = register(world, "registration_clerk", PersonName("Latn", "Sealed", father="Hidden"), "panji_poyon")
    with acting_as_system("sealing a file in a test", records=["test.sealed"]):
        told.household.sensitivity = 1
        record(by=None, kind="test.sealed", subjects=[told.household_id], payload={}, occurred_on=like.arrived_on)
        told.household.save()
    return told.pk


# -- judged by four eyes ----------------------------------------------------------------------------------------------


def state() -> str:
    return Suggestion.objects.get().state


def test_same_needs_a_second_person_and_can_be_undone_at_any_time(world, naim, again):
    with world.as_role("registration_supervisor") as supervisor:
        judged = judge_duplicate(by=supervisor, person=naim, other=again, verdict="same").judgement
        assert state() == "to_confirm"
        assert linked_numbers(naim) == (naim.number,)
        with pytest.raises(Problem, match="own_judgement"):
            confirm_judgement(by=supervisor, judgement=judged)
    with world.as_role("register_officer") as officer:
        confirm_judgement(by=officer, judgement=judged)
        assert state() == "judged"
        assert set(linked_numbers(naim)) == set(linked_numbers(again)) == {naim.number, again.number}
        with pytest.raises(Problem, match="nothing_to_confirm"):
            confirm_judgement(by=officer, judgement=judged)
        undo_judgement(by=officer, judgement=judged)
        assert state() == "open"
        assert linked_numbers(naim) == (naim.number,)
        with pytest.raises(Problem, match="already_undone"):
            confirm_judgement(by=officer, judgement=judged)
        settle()


def test_another_membership_of_the_same_account_is_not_a_second_person(world, naim, again):
    with world.as_role("registration_supervisor") as supervisor:
        judged = judge_duplicate(by=supervisor, person=naim, other=again, verdict="same").judgement
    mine = world.members["registration_supervisor"]
    second = world.members["register_officer"]
    with acting_as_system("two memberships", records=["test.member"]), connection.cursor() as cursor:
        from panoh.ledger.operations import record

        record(by=None, kind="test.member", subjects=[second.pk], payload={}, occurred_on=naim.arrived_on)
        cursor.execute("UPDATE access_member SET account_id = %s WHERE id = %s", [mine.account_id, second.pk])
    again_me = actor_for(Member.objects.select_related("account", "organisation", "office").get(pk=second.pk))
    with acting(again_me) as me, pytest.raises(Problem, match="own_judgement"):
        confirm_judgement(by=me, judgement=judged)


def test_unsure_gives_way_and_different_does_not(world, naim, again):
    with world.as_role("registration_supervisor") as supervisor:
        judge_duplicate(by=supervisor, person=naim, other=again, verdict="unsure")
        assert state() == "unsure"
        judge_duplicate(by=supervisor, person=naim, other=again, verdict="different")
        assert state() == "judged"
        with pytest.raises(Problem, match="already_judged"):
            judge_duplicate(by=supervisor, person=naim, other=again, verdict="same")
        settle()


def test_a_pair_judged_before_it_was_suggested_stays_judged(world, naim):
    other = register(world, "registration_clerk", PersonName("Latn", "Karim Naim"), "panji_poyon", year=1960)
    with world.as_role("register_officer") as officer:
        judge_duplicate(by=officer, person=naim, other=other, verdict="different")
        suggest_pairs(by=officer, pairs=[PairFound(naim.pk, other.pk, 0.95)])
        assert state() == "judged"


def test_nobody_deletes_a_suggestion(world, naim, again):
    with world.as_role("registration_supervisor"), connection.cursor() as cursor:
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            cursor.execute("DELETE FROM registry_suggestion")
        assert isinstance(refused.value.__cause__, psycopg.errors.InsufficientPrivilege)


# -- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(world, naim) -> list[Person]:
    """Seven more records, each suggested with the first one, with scores that partly agree."""
    others = [
        register(world, "registration_clerk", PersonName("Latn", f"{given} Ahmadi"), "panji_poyon", year=1950)
        for given in ("Zahra", "Latif", "Gulbuddin", "Rahmon", "Sohrab", "Parvin", "Tamim")
    ]
    scores = (0.99, 0.95, 0.95, 0.95, 0.9, 0.85, 0.81)
    with world.as_role("register_officer") as officer:
        made = suggest_pairs(
            by=officer, pairs=[PairFound(naim.pk, one.pk, score) for one, score in zip(others, scores, strict=True)]
        )
    assert made.made == len(others)
    return others


def test_pages_hold_every_pair_once_and_in_order(world, many):
    with world.as_role("register_officer") as officer:
        pages, after = [], ""
        while page := list_suggestions(officer, Wanted(), limit=2, after=after):
            pages.append(page)
            after = cursor_of(page[-1])
        found = [pair for page in pages for pair in page]
        assert [len(page) for page in pages] == [2, 2, 2, 1]
        assert len({pair.pk for pair in found}) == len(many)
        assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)


def test_filters_and_progress_count_the_same_pairs(world, many, naim):
    with world.as_role("register_officer") as officer:
        judge_duplicate(by=officer, person=naim, other=many[0], verdict="different")
        judge_duplicate(by=officer, person=naim, other=many[1], verdict="same")
        whole = count_progress(officer, Wanted())
        assert (whole.judged, whole.to_confirm, whole.open, whole.total) == (1, 1, 5, 7)
        assert count_progress(officer, Wanted(least=Decimal("0.95"))).total == 4
        assert len(list_suggestions(officer, Wanted(least=Decimal("0.95")), limit=50)) == 2
        border = world.offices["panji_poyon"].pk
        assert count_progress(officer, Wanted(office_id=border)).total == 7
        assert count_progress(officer, Wanted(office_id=world.offices["vahdat"].pk)).total == 0
        assert count_progress(officer, Wanted(origin="entry")).total == 0


def test_the_page_of_pairs_asks_a_bounded_number_of_questions(world, many, django_assert_max_num_queries):
    officer = client_of(world.members["register_officer"])
    officer.get("/duplicates")
    with django_assert_max_num_queries(24):
        answer = officer.get("/duplicates")
    assert answer.content.decode().count("pair-persons") == len(many)


@pytest.mark.parametrize(
    "query",
    [
        "?state=nonsense&least=x&office=1&origin=%27",
        "?after=1.0000~no",
        "?after=0.9500~xx-",
        "?least=NaN",
        "?state=all",
    ],
)
def test_nonsense_in_filters_is_no_fault(world, many, query):
    assert client_of(world.members["register_officer"]).get("/duplicates" + query).status_code in (200, 422)


def test_the_pair_page_leads_on_to_the_next_pair(world, many, naim):
    officer = client_of(world.members["register_officer"])
    page = officer.get(f"/duplicates/{naim.number}/{many[0].number}").content.decode()
    assert "Next pair" in page
    assert officer.get(f"/duplicates/{naim.number}/{naim.number}").status_code == 422


def test_any_two_records_can_be_compared(world, many, naim):
    officer = client_of(world.members["register_officer"])
    assert "Compare with another record" in officer.get(f"/persons/{naim.number}").content.decode()
    answer = officer.get(f"/duplicates/{naim.number}?other=+{many[2].number.lower()}")
    assert (answer.status_code, answer["Location"]) == (302, f"/duplicates/{naim.number}/{many[2].number}")
    answer = officer.get(f"/duplicates/{naim.number}?other=TJ9-000000001")
    assert answer.status_code in (404, 422) and "TJ9-000000001" in answer.content.decode()


# -- counted once -----------------------------------------------------------------------------------------------------


def test_who_was_held_to_be_one_person_is_told_as_counted_twice_until_one_record_is_closed(world, naim, again):
    with world.as_role("registration_supervisor") as supervisor:
        judged = judge_duplicate(by=supervisor, person=naim, other=again, verdict="same").judgement
    page = client_of(world.members["registration_supervisor"])
    pair = f"/duplicates/{naim.number}/{again.number}"
    told = f"/persons/{again.number}/closure?reason=DUPLICATE"
    assert told not in page.get(pair).content.decode(), "one judgement alone says nothing yet"
    with world.as_role("register_officer") as officer:
        confirm_judgement(by=officer, judgement=judged)
        settle()
    assert told in page.get(pair).content.decode()
    assert pair in page.get("/duplicates").content.decode()

    def counted() -> int:
        with world.as_role("registration_supervisor"):
            return Person.objects.filter(pk__in=[naim.pk, again.pk], status="open").count()

    assert counted() == 2
    form = page.get(told).content.decode()
    assert re.search(r'<option value="DUPLICATE" selected', form), "the reason is chosen already"
    closed = page.post(told.partition("?")[0], {"reason": "DUPLICATE", "closed_on": timezone.localdate()})
    assert closed.status_code == 302 and counted() == 1
    assert told not in page.get(pair).content.decode() and pair not in page.get("/duplicates").content.decode()
    with world.as_role("registration_supervisor"):
        assert set(linked_numbers(naim)) == {naim.number, again.number}, "both numbers lead to him"
