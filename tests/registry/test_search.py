"""Search and duplicates: found across scripts, ranked with reasons, bounded for any input, and blind to hidden files."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panoh.identity.likeness import Asked
from panoh.identity.words import words_of
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry.models import Judgement, Person
from panoh.registry.numbering import person_number
from panoh.registry.operations import confirm_judgement, judge_duplicate, register_household, undo_judgement
from panoh.registry.queries import (
    candidates,
    find_candidates,
    linked_numbers,
    merged_view,
    obtain_household,
    obtain_person,
    search_persons,
)
from panoh.registry.queries.likely import ask_about
from panoh.registry.queries.search import Wanted
from panoh.registry.registration import PaperEntry
from panoh.registry.rules.values import paper_number_key
from tests.registry.conftest import settle
from tests.registry.families import five, person


def register(world, actor, *persons, office="panji_poyon"):
    return register_household(by=actor, registration=five(world.offices[office].pk, persons=persons))


def one(given, script="Latn", **more):
    parts = {part: more.pop(part) for part in ("father", "family", "grandfather") if part in more}
    return person(name=PersonName(script, given, **parts), **more)


def candidates_of(name, hidden=0, worth=0):
    """What the function of the database tells whoever asks; of closed and of open files from that evidence on."""
    (question,), _persons = ask_about([Asked(words_of(name))])
    born = {"sex": "M", "earliest": "1986-01-01", "latest": "1986-12-31"}
    asked = [
        {**question.to_database(), **born, "least": 0, "hidden": hidden, "worth": worth, "beside": 1, "papers": []}
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_candidates(%s::jsonb)", [json.dumps(asked)])
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture
def people(world, clerk):
    """Three who sound alike or not, in three scripts."""
    naim = one("محمد نعیم", "Arab", father="عبدالکریم", birth=BirthDate.from_parts("solar_hijri", 1365))
    karim = one("Муҳаммад Карим", "Cyrl", father="Абдулло", birth=BirthDate.from_parts("gregorian", 1990, 5, 1))
    zahra = one("Zahra", family="Sadat", sex="F", birth=BirthDate.from_age(40, date(2026, 1, 1)),
                papers=(PaperEntry("PASSPORT", "AB-123 4567", "AFG"),))  # fmt: skip
    return {
        name: register(world, clerk, entry).persons[0]
        for name, entry in {"naim": naim, "karim": karim, "zahra": zahra}.items()
    }


@pytest.mark.parametrize(
    "typed", ["محمد نعیم", "Муҳаммад Наим", "Mohd. Naeem", "naim mohammad", "Mohammad Naim Abdulkarim"]
)
def test_one_man_is_found_in_every_script(people, clerk, typed):
    hits = search_persons(clerk, typed)
    assert hits[0].person.pk == people["naim"].pk
    assert hits[0].evidence > 5
    assert hits[0].reasons
    assert [hit.evidence for hit in hits] == sorted((hit.evidence for hit in hits), reverse=True)


def test_further_evidence_narrows(people, clerk):
    assert {h.person.pk for h in search_persons(clerk, "Mohammad")} >= {people["naim"].pk, people["karim"].pk}
    assert [h.person.pk for h in search_persons(clerk, "Mohammad", Wanted(birth_year=1990))] == [people["karim"].pk]
    assert search_persons(clerk, "Mohammad", Wanted(sex="F")) == []
    assert [h.person.pk for h in search_persons(clerk, "zahra", Wanted(sex="F"))] == [people["zahra"].pk]


def test_the_grandfathers_name_tells_namesakes_apart(world, clerk):
    """As it stands in the register, in another script; and a father told in his place speaks for nobody less."""
    meant, other = (
        register(world, clerk, one("Mohammad Naim", father="Karim", grandfather=grandfather)).persons[0]
        for grandfather in ("Shir Ali", "Gul Ahmad")
    )
    by_name = search_persons(clerk, "محمد نعیم")
    assert len({hit.evidence for hit in by_name}) == 1, "the name alone does not tell"
    for told in ({"father": "کریم", "grandfather": "شیر علی"}, {"grandfather": "Шер Алӣ"}, {"father": "Карим Шер Алӣ"}):
        first, second = search_persons(clerk, "محمد نعیم", Wanted(**told))
        assert (first.person.pk, second.person.pk) == (meant.pk, other.pk), told
        assert first.evidence > second.evidence + 2


def test_a_grandfather_whom_nobody_told_speaks_little_against_the_father(world, clerk):
    meant = register(world, clerk, one("Mohammad Naim", father="Karim", grandfather="Shir Ali")).persons[0]
    other = register(world, clerk, one("Mohammad Naim", father="Yusuf", grandfather="Gul Ahmad")).persons[0]
    first, second = search_persons(clerk, "محمد نعیم", Wanted(father="کریم"))
    assert (first.person.pk, second.person.pk) == (meant.pk, other.pk)
    assert first.evidence > second.evidence + 2


def test_numbers_and_papers_lead_straight_there(people, clerk):
    zahra = people["zahra"]
    assert [h.person.pk for h in search_persons(clerk, zahra.number.lower())] == [zahra.pk]
    assert [h.person.pk for h in search_persons(clerk, zahra.household.number)] == [zahra.pk]
    found = search_persons(clerk, "ab1234567")
    assert [h.person.pk for h in found] == [zahra.pk]
    assert found[0].reasons[0][0] == "paper_number"
    with pytest.raises(Problem, match="misread"):
        search_persons(clerk, zahra.number[:-1] + str((int(zahra.number[-1]) + 1) % 10))


def test_pages_follow_each_other_without_gap(world, clerk):
    for day in range(1, 8):
        register(world, clerk, one("Karim", family="Noori", birth=BirthDate.from_parts("gregorian", 1990, 1, day)))
    seen, after = [], None
    while page := search_persons(clerk, "Karim Noori", limit=3, after=after):
        seen += [hit.person.number for hit in page]
        after = page[-1].cursor
    assert len(seen) == len(set(seen)) == 7


def test_hidden_persons_are_not_found(world, people, clerk):
    world.add_member("registration_clerk", "stranger", office="vahdat")
    with world.as_role("stranger") as stranger:
        assert search_persons(stranger, "محمد نعیم") == []
        assert search_persons(stranger, people["naim"].number) == []
        assert search_persons(stranger, "AB1234567") == []
        with pytest.raises(Problem) as hidden:
            obtain_person(stranger, people["naim"].number)
        with pytest.raises(Problem) as missing:
            obtain_person(stranger, person_number("102", 99_999_999))
    assert hidden.value.code == missing.value.code == "access.thing.not_found"


def test_obtaining_leaves_a_reading(people, clerk):
    from panoh.access.models import Reading

    obtain_person(clerk, people["naim"].number)
    obtain_household(clerk, people["naim"].household.number)
    assert [r.verb for r in Reading.objects.order_by("read_at")] == ["registry.person.read", "registry.household.read"]


# -- any input, bounded -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00\x01", "%%%", "\u202e\u2066", "—", "a" * 10_000, "محمد " * 4000, "0" * 10_000]
)
def test_questions_that_are_none_get_a_problem(clerk, text):
    started = time.monotonic()
    with pytest.raises(Problem) as refusal:
        search_persons(clerk, text)
    assert refusal.value.code.startswith("registry.search.")
    assert time.monotonic() - started < 1


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=250), year=st.none() | st.integers(-9999, 9999), sex=st.sampled_from([None, "M", "F", "x"])
)
def test_any_question_gets_hits_or_a_problem(people, clerk, text, year, sex):
    try:
        hits = search_persons(clerk, text, Wanted(birth_year=year, sex=sex))
    except Problem as refusal:
        assert refusal.code.startswith(("registry.search.", "registry.number."))
    else:
        assert len(hits) <= 20


def test_wildcards_are_letters_like_others(people, clerk):
    for text in ("%karim%", "_arim", "karim'; DROP TABLE registry_person; --", "karim\\"):
        search_persons(clerk, text)
    assert Person.objects.count() == 3


def test_there_is_no_search_by_place(people, clerk):
    for text in ("3509018", "Vahdat", "near the bazaar", "Ваҳдат"):
        assert search_persons(clerk, text) == []


# -- the index under row-level security -------------------------------------------------------------------------------


def plan_of(sql, params):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(row[0] for row in cursor.fetchall())


def test_the_application_reads_the_index_through_its_functions_alone(people, clerk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0].endswith("_app")
    for statement in (
        "SELECT * FROM registry_nameindex",
        "SELECT * FROM registry_word",
        "SELECT * FROM registry_wordkey",
        "DELETE FROM registry_nameindex",
        "SELECT * FROM registry_named('[]', '{}', '{}', '{}'::int[], 10)",
        "SELECT registry_take_in_words('{x}', '{}')",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_search_takes_few_statements(people, clerk, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        search_persons(clerk, "محمد نعیم")
    with django_assert_max_num_queries(10):
        search_persons(clerk, "Karim")


# -- duplicates -------------------------------------------------------------------------------------------------------


def test_candidates_in_sight_come_with_reasons(world, people, clerk):
    again = one("Mohammad Naim", father="Abdul Karim", birth=BirthDate.from_parts("gregorian", 1986))
    found = find_candidates(clerk, five(world.offices["panji_poyon"].pk, persons=(again,)))
    assert [c.number for c in found] == [people["naim"].number]
    assert found[0].score > 0.8
    assert {code for code, _ in found[0].reasons} >= {"birth_fits", "same_sound"}


def test_candidates_out_of_sight_are_number_and_office_alone(world, people, clerk):
    world.add_member("registration_clerk", "stranger", office="vahdat")
    again = one("Mohammad Naim", father="Abdul Karim", birth=BirthDate.from_parts("gregorian", 1986))
    with world.as_role("stranger") as stranger:
        found = find_candidates(stranger, five(world.offices["vahdat"].pk, persons=(again,)))
        assert [(c.number, c.office_id, c.is_hidden, c.name, c.person) for c in found] == [
            (people["naim"].number, world.offices["panji_poyon"].pk, True, None, None)
        ]
        # No household, no evidence: how well a name fits would tell the name, letter by letter.
        (told,) = candidates_of("Mohammad Naim")
        assert told == {
            "place": 0,
            "number": people["naim"].number,
            "office_id": world.offices["panji_poyon"].pk,
            "by_paper": False,
            "household_id": None,
            "score": None,
            "sex": None,
            "terms": None,
        }
        assert candidates_of("Mohammad Naim", hidden=50) == [], "of closed files only what is nearly sure is told"
    (told,) = candidates_of("Mohammad Naim", hidden=50)
    assert told["household_id"] == people["naim"].household_id and told["score"] > 0 and told["terms"]
    assert candidates_of("Mohammad Naim", hidden=50, worth=told["score"] + 0.1) == [], (
        "nor what nobody can be likely in"
    )


def test_of_those_out_of_sight_the_likeliest_are_told_first(world, clerk, monkeypatch):
    """A handful is told of each person: were the lowest numbers taken, the one who is meant would be left out."""
    world.add_member("registration_clerk", "stranger", office="vahdat")
    birth = BirthDate.from_parts("gregorian", 1986)
    for year in (1987, 1986):
        born = BirthDate.from_parts("gregorian", year)
        meant = register(world, clerk, one("Muhammad Nayim", father="Abdulkareem", birth=born)).persons[0]
    again = one("Mohammad Naim", father="Abdul Karim", birth=birth)
    with world.as_role("stranger") as stranger:
        registration = five(world.offices["vahdat"].pk, persons=(again,))
        assert len(find_candidates(stranger, registration)) == 2
        monkeypatch.setattr(candidates, "MOST_OF_A_PERSON", 1)
        assert [one.number for one in find_candidates(stranger, registration)] == [meant.number]


def test_the_index_of_names_is_asked_and_written_without_reading_a_whole_table(world, people, clerk):
    """What it is asked for is dozens of keys; the planner takes them for thousands, and would read the register."""

    def whole_reads(*tables):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname = ANY (%s) ORDER BY 1",
                [[f"registry_{table}" for table in tables]],
            )
            found = cursor.fetchall()
            assert len(found) == len(tables)
            return found

    words = whole_reads("word", "wordkey", "nameindex")
    register(world, clerk, one("Mohammad Naim", father="Abdul Karim"))
    assert whole_reads("word", "wordkey", "nameindex") == words
    files = whole_reads("person", "household")
    assert candidates_of("Mohammad Naim")
    assert whole_reads("person", "household") == files


def test_candidates_need_a_context(world, people):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('panoh.context', '', true)")
        asked = '[{"keys": ["mhmd+nm"], "papers": [], "sex": "M", "earliest": "1980-01-01", "latest": "1990-01-01"}]'
        cursor.execute("SELECT * FROM registry_candidates(%s::jsonb)", [asked])
        assert cursor.fetchall() == []


def test_the_same_paper_is_a_candidate_whatever_the_name(world, people, clerk):
    other = one("Someone", family="Else", sex="F", papers=(PaperEntry("PASSPORT", "ab1234567", "AFG"),))
    found = find_candidates(clerk, five(world.offices["panji_poyon"].pk, persons=(other,)))
    assert [c.number for c in found] == [people["zahra"].number]
    assert found[0].reasons[0][0] == "paper_number"
    assert paper_number_key("AB-123 4567") == paper_number_key("ab1234567")


def test_other_people_are_no_candidates(world, people, clerk):
    stranger = one("Gulnora", family="Rahimova", sex="F")
    assert find_candidates(clerk, five(world.offices["panji_poyon"].pk, persons=(stranger,))) == []
    much_younger = one("Mohammad Naim", father="Abdul Karim", birth=BirthDate.from_parts("gregorian", 2015))
    assert find_candidates(clerk, five(world.offices["panji_poyon"].pk, persons=(much_younger,))) == []


def test_same_links_both_numbers_until_undone(world, people, clerk):
    twin = register(
        world, clerk, one("Mohammad Naim", father="Abdul Karim", birth=BirthDate.from_parts("gregorian", 1986))
    )
    third = register(world, clerk, one("M. Naim", father="Karim", birth=BirthDate.from_parts("gregorian", 1986)))
    with world.as_role("registration_supervisor") as supervisor:
        first = judge_duplicate(
            by=supervisor, person=people["naim"], other=twin.persons[0], verdict="same", remark="same scar"
        )
        second = judge_duplicate(by=supervisor, person=third.persons[0], other=twin.persons[0], verdict="same")
        assert linked_numbers(people["naim"]) == (people["naim"].number,)  # nothing is linked by one person alone
    with world.as_role("register_officer") as officer:
        for one_of in (first, second):
            confirm_judgement(by=officer, judgement=one_of.judgement)
    with world.as_role("registration_supervisor") as supervisor:
        numbers = {people["naim"].number, twin.persons[0].number, third.persons[0].number}
        for one_of in (people["naim"], twin.persons[0], third.persons[0]):
            assert set(linked_numbers(one_of)) == numbers
            assert linked_numbers(one_of)[0] == one_of.number
        assert merged_view(people["naim"]).is_linked
        with pytest.raises(Problem, match="already_judged"):
            judge_duplicate(by=supervisor, person=twin.persons[0], other=people["naim"], verdict="different")
        undo_judgement(by=supervisor, judgement=first.judgement)
        assert set(linked_numbers(people["naim"])) == {people["naim"].number}
        with pytest.raises(Problem, match="already_undone"):
            undo_judgement(by=supervisor, judgement=first.judgement)
        judge_duplicate(by=supervisor, person=twin.persons[0], other=people["naim"], verdict="unsure")
        judge_duplicate(by=supervisor, person=twin.persons[0], other=people["naim"], verdict="different")
        assert Judgement.objects.count() == 4  # nothing is deleted
    assert Person.objects.count() == 5
    settle()


def test_judge_duplicate_refuses(world, people, clerk):
    with pytest.raises(Problem, match="refused_role"):
        judge_duplicate(by=clerk, person=people["naim"], other=people["karim"], verdict="same")
    with world.as_role("registration_supervisor") as supervisor:
        with pytest.raises(Problem, match="one_record"):
            judge_duplicate(by=supervisor, person=people["naim"], other=people["naim"], verdict="same")
        with pytest.raises(Problem, match="unknown_code"):
            judge_duplicate(by=supervisor, person=people["naim"], other=people["karim"], verdict="maybe")


def test_search_at_size_stays_quick(world, clerk):
    """Two hundred of one name: the answer says that it was cut short, and the words typed still rank."""
    entries = tuple(
        replace(
            one("Mohammad", family="Ahmadi", relationship="PA" if n == 0 else "ORM"),
            birth=BirthDate.from_parts("gregorian", 1950 + n),
        )
        for n in range(60)
    )
    for _ in range(4):
        register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk, persons=entries))
    started = time.monotonic()
    hits = search_persons(clerk, "Mohammad Ahmadi")
    assert len(hits) == 20
    assert hits.cut_short
    assert time.monotonic() - started < 2
