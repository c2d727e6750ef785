"""What only shows when transactions really end: races, a lost connection, quiet edits, and guards that are needed."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from panoh.access.context import acting
from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.verification import verify
from panoh.registry.models import Household, Need, Person
from panoh.registry.operations import (
    add_member,
    add_need,
    change_principal_applicant,
    change_residence,
    close_person,
    correct_household,
    correct_person,
    give_consent,
    judge_duplicate,
    register_household,
    reopen_person,
    transfer_household,
    withdraw_consent,
)
from panoh.registry.registration import ConsentEntry, NeedEntry, PaperEntry
from tests.registry.families import ARRIVED, five, person

pytestmark = pytest.mark.slow
ROUNDS = 6
AT_ONCE = 6


def together(count, act):
    """Run `act(index)` in so many threads that start at one moment, each with a connection of its own; their answers."""
    barrier = threading.Barrier(count)
    answers: list = [None] * count

    def run(index):
        try:
            connection.ensure_connection()
            barrier.wait(20)
            answers[index] = act(index)
        except (Problem, DatabaseError) as error:
            answers[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def registered(world, **more):
    clerk = world.actor("registration_clerk")
    with acting(clerk):
        return clerk, register_household(by=clerk, registration=five(world.offices["panji_poyon"].pk, **more))


def register_in_thread(clerk, registration, submission):
    with acting(clerk):
        return register_household(by=clerk, registration=registration, submission_id=submission).household.number


def test_the_same_submission_many_times_at_once_is_one_household(committed_world):
    world = committed_world
    clerk = world.actor("registration_clerk")
    for round_number in range(1, ROUNDS + 1):
        submission, registration = uuid4(), five(world.offices["panji_poyon"].pk)
        numbers = together(AT_ONCE, lambda _, r=registration, s=submission: register_in_thread(clerk, r, s))
        assert len(set(map(str, numbers))) == 1, numbers
        with acting(clerk):
            assert Household.objects.count() == round_number
            assert Entry.objects.filter(kind="registry.household.registered").count() == round_number


def test_without_the_claim_the_constraint_alone_refuses_the_second(committed_world, monkeypatch):
    """The claim gives the same answer; behind it stand two unique indexes, so a forgotten claim doubles nothing."""
    world = committed_world
    clerk = world.actor("registration_clerk")
    monkeypatch.setattr("panoh.registry.operations.registering.find_earlier", lambda *args: None)
    submission, registration = uuid4(), five(world.offices["panji_poyon"].pk)
    answers = together(AT_ONCE, lambda _: register_in_thread(clerk, registration, submission))
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(refused) == AT_ONCE - 1
    with acting(clerk):
        assert Household.objects.count() == 1


def test_the_same_id_with_another_content_is_refused(committed_world):
    world = committed_world
    clerk = world.actor("registration_clerk")
    submission, office = uuid4(), world.offices["panji_poyon"].pk
    with acting(clerk):
        first = register_household(by=clerk, registration=five(office), submission_id=submission)
    with acting(clerk):
        again = register_household(by=clerk, registration=five(office), submission_id=submission)
        assert again.repeated
        assert again.household.pk == first.household.pk
        assert again.entry.id == first.entry.id
        assert [p.number for p in again.persons] == [p.number for p in first.persons]
        with pytest.raises(Problem, match="different_content"):
            register_household(
                by=clerk, registration=five(office, residence_detail="elsewhere"), submission_id=submission
            )


def add_one_need(clerk, person_id, code, base):
    with acting(clerk):
        add_need(
            by=clerk, person=Person.objects.get(pk=person_id), need=NeedEntry(code, timezone.localdate()), base=base
        )
    return code


NEEDS = ["CR-NE", "CR-SE", "CR-LO", "CR-CC", "CR-CP", "CR-TP"]


def test_of_changes_made_from_one_version_one_counts(committed_world):
    world = committed_world
    clerk, done = registered(world)
    daughter = done.persons[3].pk
    answers = together(AT_ONCE, lambda index: add_one_need(clerk, daughter, NEEDS[index], 1))
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Problem)} == {
        "registry.household.changed_meanwhile"
    }


def test_without_a_version_all_changes_are_kept_and_counted(committed_world):
    """The lock alone: nothing is lost, each act adds one to the version."""
    world = committed_world
    clerk, done = registered(world)
    answers = together(AT_ONCE, lambda index: add_one_need(clerk, done.persons[3].pk, NEEDS[index], None))
    assert sorted(answers) == sorted(NEEDS)
    with acting(clerk):
        assert Household.objects.get(pk=done.household.pk).version == 1 + AT_ONCE
        assert Need.objects.filter(person=done.persons[3].pk).count() == AT_ONCE


def test_without_the_lock_changes_from_one_version_are_lost(committed_world, monkeypatch):
    """Shows that the lock is what holds: read without it, many believe that they were first."""
    world = committed_world
    clerk, done = registered(world)
    waiting = threading.Barrier(AT_ONCE)

    def unlocked(by, household_id):
        found = Household.objects.get(pk=household_id)
        waiting.wait(20)
        return found

    monkeypatch.setattr("panoh.registry.operations.frame.lock_household", unlocked)
    answers = together(AT_ONCE, lambda index: add_one_need(clerk, done.persons[3].pk, NEEDS[index], 1))
    assert sum(isinstance(answer, str) for answer in answers) > 1


def make_principal(clerk, household_id, new_id):
    with acting(clerk):
        people = {p.pk: p for p in Person.objects.filter(household_id=household_id)}
        told = {key: "NRM" if p.sex == "M" else "NRF" for key, p in people.items() if key != new_id}
        change_principal_applicant(
            by=clerk, household=Household.objects.get(pk=household_id), new_principal=people[new_id], relationships=told
        )
    return new_id


def test_many_new_principal_applicants_at_once_leave_exactly_one(committed_world):
    world = committed_world
    clerk, done = registered(world)
    for _ in range(ROUNDS):
        together(4, lambda index: make_principal(clerk, done.household.pk, done.persons[index + 1].pk))
        with acting(clerk):
            assert Person.objects.filter(household=done.household, relationship="PA", status="open").count() == 1


def test_a_connection_lost_in_the_middle_leaves_nothing(committed_world, superuser, monkeypatch):
    world = committed_world
    clerk = world.actor("registration_clerk")

    def killed(*args, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            superuser.execute("SELECT pg_terminate_backend(%s)", [cursor.fetchone()[0]])
            cursor.execute("SELECT 1")

    submission, registration = uuid4(), five(world.offices["panji_poyon"].pk)
    with monkeypatch.context() as patch:
        patch.setattr("panoh.registry.operations.registering.record", killed)
        with pytest.raises(DatabaseError), acting(clerk):
            register_household(by=clerk, registration=registration, submission_id=submission)
    connections.close_all()
    counts = "SELECT (SELECT count(*) FROM registry_household), (SELECT count(*) FROM registry_person)"
    assert superuser.execute(counts).fetchone() == (0, 0)
    with acting(clerk):  # sending again is safe
        assert not register_household(by=clerk, registration=registration, submission_id=submission).repeated


# -- the ledger against the register ----------------------------------------------------------------------------------


def live_a_little(world):
    clerk, done = registered(world)
    undp = world.organisations["undp"].pk
    with acting(clerk):
        father, mother, grandmother, son, daughter = done.persons
        correct_person(by=clerk, person=son, corrections={"education": "5"}, evidence="school report")
        change_residence(by=clerk, household=done.household, place="3501263", detail="by the river")
        add_need(by=clerk, person=mother, need=NeedEntry("SV-VF", timezone.localdate()))
        consent = ConsentEntry("assistance", undp, "oral", "PRS", timezone.localdate())
        give_consent(by=clerk, household=done.household, consent=consent)
        withdraw_consent(by=clerk, consent=done.household.consents.get())
        close_person(by=clerk, person=grandmother, reason="DEATH", closed_on=date(2026, 8, 1))
        told = {father.pk: "HUS", son.pk: "SON", daughter.pk: "DAU"}
        change_principal_applicant(by=clerk, household=done.household, new_principal=mother, relationships=told)
        give_consent(by=clerk, household=done.household, consent=consent, person=mother)
        arrived = {"arrived_on": ARRIVED - timedelta(days=3), "phone": "+992 93 555 00 22"}
        correct_household(by=clerk, household=done.household, corrections=arrived, evidence="stamp in the passport")
        own = (*(name.as_person_name() for name in father.names.filter(role="own")), PersonName("Latn", "Najib"))
        shown = (PaperEntry("PASSPORT", "P0123", "AFG", date(2020, 1, 1), date(2030, 1, 1)),)
        correct_person(by=clerk, person=father, corrections={"names": own, "papers": shown}, evidence="passport")
        uncle = person("ظاهر", relationship="BIL", birth=BirthDate.from_parts("solar_hijri", 1355))
        add_member(by=clerk, household=done.household, person=uncle)
    with world.as_role("registration_supervisor") as supervisor:
        reopen_person(
            by=supervisor, person=grandmother, relationship="PLF", explanation="the neighbour died", restore_status=True
        )
        for office in ("vahdat", "panji_poyon"):
            transfer_household(
                by=supervisor, household=done.household, office=world.offices[office], reason="lives there"
            )
    return clerk, done


def test_verify_finds_the_register_as_the_ledger_says(committed_world):
    live_a_little(committed_world)
    assert [str(finding) for finding in verify().findings] == []


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE registry_person SET nationality = 'PAK' WHERE relationship = 'SON'",
        "UPDATE registry_name SET father = 'دیگر' WHERE is_primary",
        "UPDATE registry_household SET arrived_on = arrived_on - 30",
        "UPDATE registry_residence SET detail = 'elsewhere' WHERE valid_to IS NULL",
        "DELETE FROM registry_need WHERE restricted",
        "UPDATE registry_consent SET withdrawn_on = NULL",
        "UPDATE registry_person SET population_group = 'REF' WHERE relationship = 'SON'",
    ],
)
def test_verify_finds_a_superusers_quiet_edit(committed_world, superuser, edit):
    live_a_little(committed_world)
    edit = edit.replace("", "")
    superuser.execute("SET session_replication_role = replica")
    superuser.execute(edit)
    findings = verify().findings
    assert findings
    assert {finding.code for finding in findings} <= {"replay.state_differs", "replay.state_gone", "replay.differs"}


# -- row-level security against raw SQL -------------------------------------------------------------------------------


def test_raw_sql_without_an_entry_changes_nothing(committed_world):
    clerk, _done = registered(committed_world)
    for statement in (
        "UPDATE registry_person SET nationality = 'PAK'",
        "DELETE FROM registry_name",
        "INSERT INTO registry_paperheld (id, person_id, kind, number, number_key, country)"
        " SELECT gen_random_uuid(), id, 'PASSPORT', 'X1', 'X1', '' FROM registry_person LIMIT 1",
    ):
        with pytest.raises(DatabaseError, match="without an entry"), acting(clerk), connection.cursor() as cursor:
            cursor.execute(statement)
    with acting(clerk):
        assert {p.nationality for p in Person.objects.all()} == {"AFG"}


def test_raw_sql_as_the_app_role_sees_exactly_visible_to(committed_world):
    from panoh.registry.queries import persons_visible_to, visible_to

    world = committed_world
    world.add_member("registration_clerk", "elsewhere", office="vahdat")
    registered(world)
    elsewhere = world.actor("elsewhere")
    with acting(elsewhere):
        register_household(by=elsewhere, registration=five(world.offices["vahdat"].pk, persons=(person("داود"),)))
    expected = {
        "registration_clerk": 1,
        "elsewhere": 1,
        "registration_supervisor": 2,
        "protection_officer": 2,
        "lawyer": 0,
    }
    for role, households in expected.items():
        actor = world.actor(role)
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM registry_household")
            seen = {row[0] for row in cursor.fetchall()}
            assert len(seen) == households, role
            assert seen == set(visible_to(actor).values_list("pk", flat=True))
            cursor.execute("SELECT id FROM registry_person")
            people = {row[0] for row in cursor.fetchall()}
            assert people == set(persons_visible_to(actor).values_list("pk", flat=True))
            cursor.execute("SELECT DISTINCT person_id FROM registry_name")
            assert {row[0] for row in cursor.fetchall()} == people
    with connection.cursor() as cursor:  # no context, no rows
        for table in ("household", "person", "name", "paperheld", "statuschange", "facts", "location"):
            cursor.execute(f"SELECT count(*) FROM registry_{table}")
            assert cursor.fetchone() == (0,), table


def test_the_reader_of_statistics_sees_no_name_number_or_address(committed_world):
    registered(committed_world)
    options = settings.DATABASE_TARGET
    from dataclasses import replace

    target = replace(options, name=settings.DATABASES["default"]["NAME"])
    with target.connect(options.roles.reader) as reader:
        assert reader.execute("SELECT count(*) FROM registry_facts").fetchone() == (5,)
        for hidden in (
            "SELECT number FROM registry_person",
            "SELECT phone FROM registry_person",
            "SELECT given FROM registry_name",
            "SELECT word FROM registry_word",
            "SELECT terms FROM registry_nameindex",
            "SELECT detail FROM registry_residence",
            "SELECT number FROM registry_household",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute(hidden)


def test_judgements_are_seen_by_those_who_see_both(committed_world):
    from panoh.registry.models import Judgement

    world = committed_world
    world.add_member("registration_clerk", "elsewhere", office="vahdat")
    _, first = registered(world)
    elsewhere = world.actor("elsewhere")
    with acting(elsewhere):
        second = register_household(by=elsewhere, registration=five(world.offices["vahdat"].pk))
    supervisor = world.actor("registration_supervisor")
    with acting(supervisor):
        judge_duplicate(by=supervisor, person=first.persons[0], other=second.persons[0], verdict="same")
        assert Judgement.objects.count() == 1
    for role in ("registration_clerk", "elsewhere"):
        with acting(world.actor(role)):
            assert Judgement.objects.count() == 0


def test_a_pair_is_kept_at_entry_only_for_a_record_of_the_same_act(committed_world):
    """The function that reaches beyond the own scope takes no record that was registered before."""
    from panoh.registry.models import Suggestion
    from tests.registry.test_duplicates import KEEP_ONE

    clerk, first = registered(committed_world)
    with acting(clerk), connection.cursor() as cursor:
        cursor.execute(KEEP_ONE, [str(first.persons[0].pk), first.persons[1].number])
        assert Suggestion.objects.count() == 0


def test_no_suggestion_changes_without_an_entry(committed_world):
    from panoh.registry.models import Suggestion

    world = committed_world
    registered(world)
    registered(world)  # the same five again
    supervisor = world.actor("registration_supervisor")
    with acting(supervisor):
        found = Suggestion.objects.count()
    assert found >= 5
    with pytest.raises(DatabaseError, match="registry_suggestion"), acting(supervisor):
        Suggestion.objects.update(state="judged")
    with acting(supervisor):
        assert Suggestion.objects.filter(state="open").count() == found
