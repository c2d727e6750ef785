"""Asking about the own case: the right stage and dates to the right code, one refusal for everything else, and nobody's name."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections
from django.db.models import QuerySet
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from panoh.access.context import acting, acting_as_system
from panoh.inquiry import operations
from panoh.inquiry.codes import GROUP, LENGTH, LETTERS, digest_of, new_code, normal_code
from panoh.inquiry.models import CaseCode
from panoh.inquiry.operations import make_code
from panoh.inquiry.queries import NO_ENTRY, ask
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures.models import Due
from tests.procedures.stories import Story
from tests.signing_in import client_of


def code_for(story: Story, role: str = "eligibility_officer") -> str:
    with story.acting(role) as officer:
        return make_code(by=officer, case=story.case)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


# -- the code ---------------------------------------------------------------------------------------------------------


def test_a_code_is_random_and_in_groups():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(rf"([{LETTERS}]{{{GROUP}}}-){{2}}[{LETTERS}]{{{GROUP}}}", code) for code in codes)


@given(st.text(alphabet=LETTERS, min_size=LENGTH, max_size=LENGTH))
def test_a_code_is_understood_however_it_is_copied(code):
    assert normal_code(code) == code
    assert normal_code(f" {code[:4].lower()} – {code[4:8]}-{code[8:]}. ") == code
    assert normal_code(code.replace("0", "O").replace("1", "l")) == code
    assert normal_code(code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))) == code


@given(st.text())
def test_no_text_breaks_the_reading_of_a_code(text):
    assert set(normal_code(text)) <= set(LETTERS)
    assert len(digest_of("A-1", text)) == 32


# -- the answer -------------------------------------------------------------------------------------------------------


def test_the_holder_of_the_code_sees_stage_and_dates(story):
    code = code_for(story)
    story.take("register", "eligibility_officer")
    found = ask(f" {story.case.number.lower()} ", code.lower(), "en")
    with acting_as_system("test"):
        running = {due.clock: due.due_on for due in Due.objects.filter(case=story.case, stopped_on__isnull=True)}
    assert running and {limit.clock.code: limit.due_on for limit in found.limits} == running
    assert found.state.code == "accepted" and found.since == story.today()
    assert [stage.state for stage in found.path].count("here") == 1


def test_every_other_question_gets_one_and_the_same_refusal(story):
    code = code_for(story)
    number = story.case.number
    answers = set()
    for asked in [
        (number, "AAAA-BBBB-CCCC"),
        ("A-99-9999999", code),
        (number, ""),
        ("", ""),
        ("'; --", "%"),
        ("x" * 5000, "y" * 5000),
    ]:
        with pytest.raises(Problem) as refused:
            ask(*asked, "en")
        answers.add((refused.value.code, refused.value.field, str(refused.value.params)))
    assert answers == {("inquiry.case.not_found", "code", "{}")}


def test_a_new_code_ends_the_one_before_and_both_are_in_the_ledger(story):
    old = code_for(story)
    new = code_for(story, "registration_clerk")
    assert ask(story.case.number, new, "en").number == story.case.number
    with pytest.raises(Problem):
        ask(story.case.number, old, "en")
    with acting_as_system("test"):
        assert Entry.objects.filter(kind="inquiry.code.made").count() == 2
        assert CaseCode.objects.filter(ended_on__isnull=True).count() == 1
        assert not any(
            code.replace("-", "").encode() in bytes(kept.digest)
            for kept in CaseCode.objects.all()
            for code in (old, new)
        )


def test_who_may_not_make_a_code_is_refused(story):
    for role in ("auditor", "head_of_office"):
        with story.acting(role) as other, pytest.raises(Problem) as refused:
            make_code(by=other, case=story.case)
        assert refused.value.code.startswith("access.")


# -- the database -----------------------------------------------------------------------------------------------------


def test_the_function_tells_nothing_of_people_and_opens_nothing_beside_itself(story):
    code = code_for(story)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('panoh.context', '', true), set_config('panoh.inside', 'inquiry', true)")
        for table in (
            "procedures_case",
            "procedures_step",
            "procedures_due",
            "inquiry_casecode",
            "inquiry_contact",
            "registry_person",
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), f"the app role reads {table} by a variable it can set itself"
        cursor.execute(
            "SELECT inquiry_own_case(%s, %s, %s, %s, %s, %s)::text",
            [story.case.number, *NO_ENTRY, normal_code(code), b"asker", b"pair"],
        )
        told = cursor.fetchone()[0]
    with acting_as_system("test"):
        people = [
            name
            for person in story.persons
            for form in person.names.all()
            for _part, name in form.as_person_name().parts()
        ]
        ids = [str(person.pk) for person in story.persons]
    assert people and not any(
        secret in told for secret in (*people, *ids, story.household.number, str(story.household.pk))
    )


def make_many(world, case, times: int = 4) -> list[object]:
    start, found = threading.Barrier(times), []

    def run() -> None:
        try:
            start.wait(10)
            with acting(world.actor("eligibility_officer")) as officer:
                found.append(make_code(by=officer, case=case))
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_the_database_refuses_a_code_without_an_entry(committed_story):
    number = committed_story.case.number
    with committed_story.acting("eligibility_officer") as officer:
        code = make_code(by=officer, case=committed_story.case)
    with pytest.raises(DatabaseError) as refused, committed_story.acting("eligibility_officer"):
        CaseCode.objects.update(digest=digest_of(number, "my own"))
    assert refused.value.__cause__.sqlstate == "PN001"
    assert ask(number, code, "en").number == number


def test_of_codes_made_at_once_the_last_one_is_in_force(committed_story):
    made = make_many(committed_story.world, committed_story.case)
    assert all(isinstance(one, str) for one in made), made
    with acting_as_system("test"):
        assert CaseCode.objects.filter(ended_on__isnull=True).count() == 1


def test_without_the_lock_the_database_keeps_one_code_and_refuses_the_others(committed_story, monkeypatch):
    """All have looked for a code in force before the first writes one: the unique index is what is left."""
    all_have_looked, real = threading.Barrier(4), operations.new_id

    def once_all_have_looked():
        all_have_looked.wait(20)
        return real()

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(operations, "new_id", once_all_have_looked)
    made = make_many(committed_story.world, committed_story.case)
    assert sum(isinstance(one, str) for one in made) == 1, made
    assert all(isinstance(one, str | IntegrityError) for one in made), made


# -- the pages --------------------------------------------------------------------------------------------------------


def test_an_officer_prints_a_slip_and_a_stranger_with_it_sees_the_case(story):
    officer = client_of(story.world.members["eligibility_officer"])
    panel = officer.get(f"/households/{story.household.number}")
    assert f'action="/own-case/{story.case.number}/code"' in panel.content.decode()
    slip = officer.post(f"/own-case/{story.case.number}/code")
    assert slip.status_code == 200, text_of(slip)
    code = re.search(rf"([{LETTERS}]{{4}}-){{2}}[{LETTERS}]{{4}}", text_of(slip))[0]
    for language in ("en", "ru", "tg", "fa-AF"):
        assert f'<p lang="{language}"' in slip.content.decode()
    anybody = Client(headers={"host": "localhost"})
    assert anybody.get("/own-case").status_code == 200
    answer = anybody.post("/own-case", {"number": story.case.number, "code": code})
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    assert "must act until" in text_of(answer) and story.case.number in text_of(answer)
    with acting_as_system("test"):
        names = [form.given for person in story.persons for form in person.names.all()]
    assert names and not any(name in text_of(answer) for name in names)


def test_a_wrong_code_keeps_what_was_typed(story):
    code_for(story)
    answer = Client(headers={"host": "localhost"}).post(
        "/own-case", {"number": story.case.number, "code": "AAAA-BBBB-CCCC"}
    )
    assert answer.status_code == 404
    assert story.case.number in answer.content.decode() and "AAAA-BBBB-CCCC" in answer.content.decode()
    assert "no case to this number and code" in text_of(answer)
