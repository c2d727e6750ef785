"""Files that break a rule of registration are told at entry, on the file and in a list, and are gone from it once mended."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

import pytest
from django.db import connection

from panoh.access.context import acting_as_system
from panoh.registry.household_commands import run
from panoh.registry.models import Household, Name, PaperHeld, Person
from panoh.registry.queries.incomplete import RULES
from tests.registry.pages import form_of
from tests.registry.test_event_pages import TODAY, members, register
from tests.registry.test_register_page import FATHER, MOTHER, typed
from tests.signing_in import client_of

WHOLE = {"residence_place": "3509018", "phone": "93 555 11 22"}


@pytest.fixture
def clerk(world):
    return client_of(world.members["registration_clerk"])


@pytest.fixture
def supervisor(world):
    return client_of(world.members["registration_supervisor"])


def listed(client, rule: str) -> str:
    answer = client.get(f"/households/check?rule={rule}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_not_asked_is_told_at_once_and_until_it_is_entered(clerk, supervisor, world) -> None:
    answer = clerk.post("/households/register", typed(FATHER, MOTHER)).content.decode()
    assert "No current address" in answer and "No telephone" in answer
    with acting_as_system("reading in a test"):
        family = Household.objects.get()
    address = f"/households/{family.number}"
    page = clerk.get(address).content.decode()
    assert "Still missing" in page and f"{address}/residence" in page and f"{address}/arrival" in page
    reader = client_of(world.members["eligibility_officer"])
    assert "Still missing" not in reader.get(address).content.decode(), "told to who may enter it"
    assert family.number in listed(supervisor, "address") and family.number in listed(supervisor, "telephone")
    sent = {"place": "3509018", "detail": "by the mill", "moved_on": TODAY}
    assert clerk.post(f"{address}/residence", sent).status_code == 302
    page = clerk.get(address).content.decode()
    assert "No current address" not in page and "No telephone" in page and "by the mill" not in page
    father = members(family)[0]
    told = {**form_of(clerk, f"/persons/{father.number}/details"), "phone": "93 555 11 22", "evidence": "told"}
    assert clerk.post(f"/persons/{father.number}/details", told).status_code == 302
    assert "Still missing" not in clerk.get(address).content.decode()
    assert family.number not in listed(supervisor, "address") + listed(supervisor, "telephone")


def test_a_whole_file_breaks_nothing_and_each_rule_finds_what_breaks_it(clerk, supervisor) -> None:
    answer = clerk.post(
        "/households/register", typed({**FATHER, "paper_kind": "TAZKIRA", "paper_number": "48211"}, **WHOLE)
    )
    assert "No current address" not in answer.content.decode() and "No telephone" not in answer.content.decode()
    with acting_as_system("reading in a test"):
        family = Household.objects.get()
    assert not [rule.code for rule in RULES if family.number in listed(supervisor, rule.code)]
    broken = {
        "arrival": (Person, {"arrived_on": date(1970, 1, 1)}),
        "name": (Name, {"grandfather": "گل ۲ آغا"}),
        "paper": (PaperHeld, {"number": "48_211"}),
        "code": (Person, {"marital": "XX"}),
    }
    for rule, (model, values) in broken.items():
        with acting_as_system("an old record of another system"):
            model.objects.update(**values)
        assert family.number in listed(supervisor, rule), rule
    closed = {"reason": "SPONTANEOUS_DEPARTURE", "closed_on": TODAY}
    assert clerk.post(f"/households/{family.number}/closure", closed).status_code == 302
    assert not [rule for rule in broken if family.number in listed(supervisor, rule)], "open files only"


def test_nobody_learns_of_files_beyond_her_own(clerk, world) -> None:
    register(clerk, FATHER)
    assert clerk.get("/households/check").status_code == 403
    world.add_member("registration_clerk", "elsewhere", office="vahdat")

    def found(member: str) -> int:
        with world.as_role(member), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM registry_without_address(NULL)")
            return cursor.fetchone()[0]

    assert (found("registration_clerk"), found("registration_supervisor")) == (1, 1)
    others = ("elsewhere", "lawyer", "eligibility_officer", "auditor", "head_of_office")
    assert [found(member) for member in others] == [0] * len(others)


def test_the_command_counts_every_rule(clerk, world, capsys) -> None:
    family = register(clerk, FATHER, **{**WHOLE, "phone": ""})
    login = world.members["registration_supervisor"].account.username
    assert run(Namespace(rule="", login=login, format="text")) == 0
    told = capsys.readouterr().out
    assert told.count(family.number) == 1 and [line.split()[:2] for line in told.splitlines() if "telephone" in line]
    assert run(Namespace(rule="telephone", login=login, format="json")) == 0
    assert family.number in capsys.readouterr().out
    assert run(Namespace(rule="colour", login=login, format="text")) == 2
