"""What is hidden looks like what is missing: same status, same words, and about as many questions to the database.

Somebody with all the verbs but none of the files asks for each file that the operation has, and for one of the same form that
was never given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from panoh.access.context import acting_as_system
from panoh.registry.models import Household, Person
from panoh.registry.numbering import household_number, person_number
from tests.hostile.operation import Operation, actor_of, make_operation
from tests.hostile.site import Explored, explore
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

# What differs rightly between two pages: the address where a page repeats it, tokens, and the minute of printing.
DIFFERS = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|name="submission_id" value="[^"]+"|\b\d{1,2}:\d{2}\b')
METHODS = ("get", "post", "head", "options", "put", "patch", "delete")
MOST_DIFFERENCE = 2  # statements: of whom an entry of the ledger speaks is read after the entry


@pytest.fixture
def operation(world) -> Operation:
    return make_operation(world)


@pytest.fixture
def addresses(operation) -> list[str]:
    """Every address that members of the authority reach and that names a thing."""
    found: dict[Any, str] = {}
    for role in ("registration_supervisor", "commission_secretary", "eligibility_officer"):
        explored: Explored = explore(client_of(operation.world.members[role]), operation.starts())
        for form in explored.forms.values():
            explored.addresses.setdefault((*form.shape()[:2], "form"), form.action)
        found |= {(role, *place): address for place, address in explored.addresses.items()}
    return sorted({address.split("?")[0] for address in found.values() if named_things(address)})


PERSONAL = {"number", "household", "first", "second", "case", "entry_id", "order"}


def named_things(address: str) -> dict[str, Any]:
    from urllib.parse import urlsplit

    return {k: v for k, v in resolve(urlsplit(address).path).kwargs.items() if k in PERSONAL}


def never_given_out(value: Any) -> str:
    """A number or id of the same form as this one that names nothing."""
    text = str(value)
    if re.fullmatch(r"[0-9a-f-]{36}", text):
        return str(uuid4())
    if "H" in text:
        return household_number(text[:3], 2026, 77_777)
    if re.fullmatch(r"\d{3}-\d{9}", text):
        return person_number(text[:3], 7_777_777)
    return re.sub(r"\d(?=\D*$)", lambda found: str((int(found[0]) + 5) % 10), text.replace("0", "7"))


def pairs(addresses: list[str]) -> Iterator[tuple[str, str]]:
    for address in addresses:
        missing = address
        for value in named_things(address).values():
            missing = missing.replace(str(value), never_given_out(value))
        assert missing != address
        yield address, missing


def seen(client: Any, method: str, address: str) -> tuple[int, str, int]:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        answer = getattr(client, method)(address)
        transaction.set_rollback(True)
    body = answer.content.decode() if answer.get("Content-Type", "").startswith("text/html") else answer.content.hex()
    # Once a minute a session notes that it is in use: nothing to do with what was asked for.
    statements = [one for one in asked if "django_session" not in one["sql"] and "SAVEPOINT" not in one["sql"]]
    return answer.status_code, DIFFERS.sub("", body).replace(address, "ADDRESS"), len(statements)


def test_what_is_hidden_looks_like_what_is_missing(operation, addresses) -> None:
    """The neighbour's supervisor holds the same verbs as this country's, and sees none of its files."""
    neighbour = client_of(operation.neighbour)
    assert len(addresses) > 40
    wrong = []
    for address, missing in pairs(addresses):
        for method in METHODS:
            hidden_answer, missing_answer = seen(neighbour, method, address), seen(neighbour, method, missing)
            if hidden_answer[0] < 400 or hidden_answer[0] >= 500:
                wrong.append(f"{method} {address} gives {hidden_answer[0]}")
            elif hidden_answer[:2] != missing_answer[:2]:
                wrong.append(f"{method} {address} {hidden_answer[0]} differs from {missing} {missing_answer[0]}")
            elif abs(hidden_answer[2] - missing_answer[2]) > MOST_DIFFERENCE:
                wrong.append(f"{method} {address} asks {hidden_answer[2]} times, {missing} {missing_answer[2]}")
    assert not wrong, "\n".join(wrong)


def test_the_neighbour_really_sees_nothing(operation) -> None:
    """Else the test above would compare nothing: the same person sees the file that the own authority keeps."""
    neighbour = client_of(operation.neighbour)
    assert neighbour.get(f"/households/{operation.foreign.household.number}").status_code == 200
    from panoh.access.context import acting

    with acting(actor_of(operation.neighbour)):
        assert [home.pk for home in Household.objects.all()] == [operation.foreign.household.pk]
    with acting_as_system("counting in a test"):
        assert Household.objects.count() > 4 and Person.objects.count() > 20


def test_a_file_of_another_office_is_hidden_from_a_clerk(operation) -> None:
    operation.world.add_member("registration_clerk", "elsewhere", office="vahdat")
    client = client_of(operation.world.members["elsewhere"])
    for home in (operation.open, operation.closed):  # an open and a closed household
        number = home.household.number
        for tail in ("", "/print", "/birth", "/residence", "/consent"):
            hidden = seen(client, "get", f"/households/{number}{tail}")
            missing = seen(client, "get", f"/households/{never_given_out(number)}{tail}")
            assert hidden[:2] == missing[:2] and hidden[0] == 404, tail
