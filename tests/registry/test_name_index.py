"""The index of names: used by the planner, closed to the application, written inside acts alone, made anew while in use."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from importlib import import_module

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from panoh.access.context import acting, acting_as_system
from panoh.identity import keys
from panoh.identity.likeness import Asked
from panoh.identity.sameness import model
from panoh.identity.words import words_of
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.registry import nameindex
from panoh.registry.models import Person
from panoh.registry.operations import correct_person, register_household
from panoh.registry.queries import likely, search_persons, vocabulary
from panoh.registry.queries.likely import ask_about, ask_every_way, find_likely
from panoh.registry.queries.vocabulary import current_vocabulary, fetch_words, forget_vocabulary
from tests.registry.families import five, person

NAMED = import_module("panoh.registry.migrations.0017_one_question").NAMED

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def naim(committed_world):
    clerk = committed_world.actor("registration_clerk")
    with acting(clerk):
        done = register_household(
            by=clerk,
            registration=five(
                committed_world.offices["panji_poyon"].pk,
                persons=(person(name=PersonName("Arab", "محمد نعیم", father="عبدالکریم")),),
            ),
        )
    return done.persons[0]


@pytest.fixture
def clerk(committed_world):
    return committed_world.actor("registration_clerk")


def numbers(clerk, text):
    with acting(clerk):
        return [hit.person.number for hit in search_persons(clerk, text)]


def test_the_planner_uses_the_index(naim, clerk):
    """The table has no policy that could stand in its way: nobody but the owner's functions reads it."""
    with acting(clerk):
        (question,), _registered = ask_about([Asked(words_of("Mohammad Naim"))])
    given = question.to_database()
    body = NAMED.split("RETURN QUERY")[1].split(";\nEND")[0]
    for name, kind in (
        ("probes", "jsonb"),
        ("of_slots", "text[]"),
        ("nats_of_slots", "text[]"),
        ("closest_of_slots", "int[]"),
        ("most", "int"),
    ):
        body = re.sub(rf"\b{name}\b", f"%({name})s::{kind}", body)
    asked = {
        "probes": json.dumps(given["probes"]),
        "of_slots": given["ids"],
        "nats_of_slots": given["weights"],
        "closest_of_slots": given["closest"],
        "most": 10,
    }
    with acting_as_system("a plan", using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + body, asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on nameindex_terms" in plan, plan
    assert "Seq Scan on registry_nameindex" not in plan, plan


def test_nobody_is_indexed_outside_an_act(naim, clerk):
    """An injected statement that would hide a person from every search finds no row to write."""
    empty = {"persons": [{"person": str(naim.pk), "words": [], "father": [], "version": 2}], "keys": {}}
    statement = "SELECT registry_index_names(%s::jsonb)"
    with acting(clerk), connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(empty)])
    assert numbers(clerk, "Mohammad Naim") == [naim.number]
    with acting_as_system("the same, where it may"), connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(empty)])
    assert numbers(clerk, "Mohammad Naim") == []


def test_a_corrected_name_and_birth_are_found_at_once(naim, clerk, committed_world):
    officer = committed_world.actor("registration_supervisor")
    with acting(officer):
        correct_person(
            by=officer,
            person=Person.objects.get(pk=naim.pk),
            corrections={
                "names": (PersonName("Cyrl", "Парвиз", father="Абдулкарим"),),
                "birth": BirthDate.from_parts("gregorian", 1971),
            },
            evidence="tazkira seen",
        )
    assert numbers(clerk, "Parviz") == [naim.number]
    with acting(clerk):
        hits = search_persons(clerk, "پرویز", likely_wanted(1971))
        assert [hit.person.number for hit in hits] == [naim.number]
        assert search_persons(clerk, "پرویز", likely_wanted(1985)) == []


def likely_wanted(year):
    from panoh.registry.queries import Wanted

    return Wanted(birth_year=year)


def test_old_and_new_keys_are_both_searched_while_words_are_keyed_anew(naim, clerk, monkeypatch):
    """A third version of keys: found before, between and after; and the first version is let go of at the end."""

    def other_keys(word):
        return tuple(f"3{key}" for key in keys.word_keys(word))

    raw = connections["owner"]
    raw.ensure_connection()
    count = "SELECT version, count(*) FROM registry_wordkey GROUP BY version ORDER BY version"

    def versions():
        with raw.cursor() as cursor:
            cursor.execute(count)
            return [version for version, _n in cursor.fetchall()]

    assert versions() == [2]
    monkeypatch.setitem(keys.KEYS, 3, other_keys)
    nameindex.keys_of_word.cache_clear()
    forget_vocabulary()
    assert numbers(clerk, "Naim Mohammad") == [naim.number], "old keys alone"
    nameindex.key_words(raw.connection, lambda done, total: None)
    assert versions() == [2, 3]
    forget_vocabulary()
    assert numbers(clerk, "Naim Mohammad") == [naim.number], "both"
    monkeypatch.delitem(keys.KEYS, 2)
    nameindex.keys_of_word.cache_clear()
    nameindex.key_words(raw.connection, lambda done, total: None)
    assert versions() == [3]
    forget_vocabulary()
    assert numbers(clerk, "Naim Mohammad") == [naim.number], "new keys alone"
    monkeypatch.undo()
    nameindex.keys_of_word.cache_clear()
    forget_vocabulary()


def test_a_word_that_came_later_and_a_new_count_are_seen_by_a_process_that_has_asked_before(
    naim, clerk, committed_world
):
    assert numbers(clerk, "Qosim Naim") == [naim.number]
    with acting(clerk):
        before = current_vocabulary()
        added = register_household(
            by=clerk,
            registration=five(
                committed_world.offices["panji_poyon"].pk,
                persons=(person(name=PersonName("Cyrl", "Қосим Наим", father="Абдулкарим")),),
            ),
        ).persons[0]
        assert current_vocabulary() is before, "only what is new was asked for"
    assert numbers(clerk, "Qosim Naim")[0] == added.number
    raw = connections["owner"]
    raw.ensure_connection()
    nameindex.count_bearers(raw.connection)
    with acting(clerk):
        counted = current_vocabulary()
    assert counted is not before and counted.persons == 2
    assert counted.near("naim").bearers.sum() == 2


def test_a_word_that_another_process_took_in_is_seen_by_the_next_question(naim, clerk, committed_world):
    """In the same statement: a word that this process has never heard of, and a count that is newer than its own."""
    assert numbers(clerk, "Mohammad Naim") == [naim.number]
    before = deepcopy(vocabulary.held_vocabulary().vocabulary, {id(model()): model()})
    office = committed_world.offices["panji_poyon"].pk
    with acting(clerk):
        added = register_household(
            by=clerk, registration=five(office, persons=(person(name=PersonName("Cyrl", "Зарнигор Ёров")),))
        ).persons[0]
    vocabulary._current = before  # as a process knows them that has not asked since
    with CaptureQueriesContext(connection) as queries:
        assert numbers(clerk, "Zarnigor Yorov") == [added.number]
    assert [query["sql"].count("registry_words") for query in queries if "registry_words" in query["sql"]] == [1, 1]
    with CaptureQueriesContext(connection) as queries:
        assert numbers(clerk, "Zarnigor Yorov") == [added.number]
    asked = [query["sql"] for query in queries if "registry_words" in query["sql"]]
    assert len(asked) == 1 and "registry_find_named" in asked[0], "one statement where nothing is new"
    raw = connections["owner"]
    raw.ensure_connection()
    nameindex.count_bearers(raw.connection)
    assert numbers(clerk, "Zarnigor Yorov") == [added.number]
    assert vocabulary.held_vocabulary().vocabulary.persons == 2


def test_a_process_of_the_server_knows_the_words_before_it_answers(naim, clerk):
    forget_vocabulary()
    fetch_words()
    with CaptureQueriesContext(connection) as queries, acting(clerk):
        assert "نعیم" in current_vocabulary().lexicon.place
    asked = [query["sql"] for query in queries if "registry_words" in query["sql"]]
    assert len(asked) == 1 and "registry_words(0," not in asked[0], "only newer ones are asked for"


def test_a_process_of_the_server_starts_without_a_database_as_well(naim, clerk, monkeypatch, caplog):
    def down(*_asked):
        raise OperationalError("no connection")

    forget_vocabulary()
    monkeypatch.setattr(vocabulary, "_ask", down)
    fetch_words()
    assert "the first search fetches them" in caplog.text
    monkeypatch.undo()
    assert numbers(clerk, "Naim") == [naim.number]


def test_a_name_that_stands_in_two_scripts_is_found_as_well_as_in_one(clerk, committed_world):
    """The form in the other script is no further name that nobody told of."""
    office = committed_world.offices["panji_poyon"].pk
    forms = (
        (PersonName("Latn", "Parviz Sharipov"),),
        (PersonName("Latn", "Parviz Sharipov"), PersonName("Arab", "پرویز شریف")),
    )
    with acting(clerk):
        one, two = (
            register_household(
                by=clerk, registration=five(office, persons=(replace(person(name=names[0]), names=names),))
            ).persons[0]
            for names in forms
        )
        question, registered = ask_every_way(Asked(words_of("Парвиз Шарипов")))
        evidence = {found.number: found.evidence for found in find_likely(question, registered).persons}
    assert evidence[one.number] == pytest.approx(evidence[two.number], abs=0.5)


def registered(clerk, world, *names):
    office = world.offices["panji_poyon"].pk
    with acting(clerk):
        return [
            register_household(by=clerk, registration=five(office, persons=(person(name=name),))).persons[0]
            for name in names
        ]


def test_a_name_that_is_borne_twice_is_told_from_one_that_is_borne_once(clerk, committed_world):
    once, twice = registered(
        clerk, committed_world, PersonName("Latn", "Mohammad Zabihi"), PersonName("Latn", "Mohammad Mohammad Zabihi")
    )
    assert numbers(clerk, "محمد ذبیحی") == [once.number, twice.number]
    assert numbers(clerk, "محمد محمد ذبیحی") == [twice.number, once.number]
    raw = connections["owner"]
    raw.ensure_connection()
    nameindex.count_bearers(raw.connection)
    with acting(clerk):
        vocabulary_now = current_vocabulary()
    assert vocabulary_now.lexicon.bearers[vocabulary_now.lexicon.place["mohammad"]] == 2, "two persons, three words"


def test_who_bears_further_names_does_not_stand_in_the_way_of_who_bears_none(clerk, committed_world):
    """Among more than are looked at, a word that nobody asked for tells against a person before she is shown."""
    *_longer, plain = registered(
        clerk,
        committed_world,
        *[PersonName("Latn", f"Zabiha {other} Qaderi") for other in ("Latifa", "Parwin", "Shahla")],
        PersonName("Latn", "Zabiha Qaderi"),
    )
    with acting(clerk):
        question, everyone = ask_every_way(Asked(words_of("ذبیحه قادری")))
        assert [one.number for one in find_likely(question, everyone, 1).persons] == [plain.number]


def test_what_is_dear_is_asked_only_where_the_cheap_leaves_a_doubt(naim, clerk, monkeypatch):
    def asked_of_the_index(words):
        question, everyone = ask_every_way(Asked(words_of(words), words_of("Abdulkarim")))
        dear = replace(question, probes=replace(question.probes, cheap=1))
        with CaptureQueriesContext(connection) as queries:
            found = find_likely(dear, everyone).persons
        return (
            len(dear.probes.groups),
            [one.number for one in found],
            sum("find_named" in query["sql"] for query in queries),
        )

    with acting(clerk):
        probes, found, times = asked_of_the_index("Mohammad Naim")
        assert probes > 1 and found == [naim.number] and times == 1
        doubts = iter([True, False])  # somebody could be meant beyond doubt, and nobody who was found is
        monkeypatch.setattr(likely, "_beyond_doubt", lambda *_given: next(doubts))
        assert asked_of_the_index("Mohammad Naim")[1:] == ([naim.number], 2)
        monkeypatch.undo()
        monkeypatch.setattr(likely, "SURE_OF_ONE", 1.0)
        assert asked_of_the_index("Mohammad Naim")[1:] == ([naim.number], 1), "nobody could be, so all is asked at once"


@pytest.mark.parametrize("asked", ["Gul Ahmad Noori", "گل احمد نوری", "گلاحمد نوری", "Гулаҳмад Нурӣ"])
def test_what_one_clerk_writes_in_one_word_is_found_in_two_and_the_other_way(asked, clerk, committed_world):
    office = committed_world.offices["panji_poyon"].pk
    with acting(clerk):
        whole = register_household(
            by=clerk, registration=five(office, persons=(person(name=PersonName("Arab", "گلاحمد نوری")),))
        ).persons[0]
    assert whole.number in numbers(clerk, asked)


def test_the_whole_index_can_be_made_anew(naim, clerk):
    raw = connections["owner"]
    raw.ensure_connection()
    with raw.cursor() as cursor:
        cursor.execute("DELETE FROM registry_nameindex")
    assert numbers(clerk, "Mohammad Naim") == []

    def enter():
        return acting_as_system("index of names", using="owner")

    assert nameindex.index_persons(raw.connection, enter, lambda done, total: None) == 1
    assert nameindex.index_persons(raw.connection, enter, lambda done, total: None) == 0
    nameindex.count_bearers(raw.connection)
    forget_vocabulary()
    assert numbers(clerk, "Mohammad Naim") == [naim.number]
    with raw.cursor() as cursor:
        cursor.execute("SELECT bearers FROM registry_word WHERE word = 'نعیم'")
        assert cursor.fetchone() == (1,)
