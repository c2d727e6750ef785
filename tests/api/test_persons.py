"""The search of the API: what the page shows, to whom the page shows it, and a refusal in words for everything else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from panoh.access.roles import ROLES
from panoh.access.verbs import get_verb
from panoh.api.description import PARAMETERS, SCHEMAS, describe
from tests.api.conftest import Program
from tests.hostile.values import HOSTILE
from tests.signing_in import client_of

pytestmark = pytest.mark.django_db

SEARCHERS = sorted(get_verb("registry.person.search").roles)


def numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [person["number"] for person in answer.json()["persons"]]


@pytest.mark.parametrize("query", ["Мухаммад Наим", "Naeem Mohd", "محمد نعیم"])
def test_a_person_is_found_in_any_script_with_reasons(family, program_of, query):
    answer = program_of("registration_clerk").persons(query=query)
    assert numbers(answer) == [family.persons[0].number]
    found = answer.json()["persons"][0]
    assert found["names"][0]["given"] == "محمد نعیم" and found["birth"]["precision"] == "year"
    assert found["reasons"] and all(reason["text"] for reason in found["reasons"])
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("given", "finds"),
    [
        ({"sex": "M"}, True),
        ({"sex": "F"}, False),
        ({"place": "AF19"}, True),
        ({"place": "Кундуз"}, True),
        ({"place": "afg"}, True),
        ({"place": "AF01"}, False),
        ({"birth_year": "1365"}, True),
        ({"birth_year": "1986"}, True),
        ({"father": "Abdul Ghafoor"}, True),
        ({"paper": "P 0123 4567"}, True),
    ],
)
def test_what_else_is_known_narrows(family, program_of, given, finds):
    assert bool(numbers(program_of("registration_clerk").persons(query="Mohammad Naim", **given))) is finds


def test_a_paper_alone_is_a_question(family, program_of):
    assert numbers(program_of("registration_clerk").persons(paper="P01234567")) == [family.persons[0].number]


def test_the_grandfathers_name_speaks_for_a_person(family, program_of):
    program = program_of("registration_clerk")
    evidence = [
        program.persons(query="Mohammad Naim", grandfather=name).json()["persons"][0]["evidence"]
        for name in ("", "Abdul Ghafoor")  # his father's, which a clerk may have been told as the grandfather's
    ]
    assert evidence[1] > evidence[0] + 2


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_sees_what_the_page_shows(family, token_of, world, role):
    page = client_of(world.members[role]).get("/search", {"q": "Mohammad Naim"})
    program = Program(token_of(role)).persons(query="Mohammad Naim")
    session = client_of(world.members[role]).get("/api/v1/persons", {"query": "Mohammad Naim"})
    assert page.status_code == program.status_code == session.status_code
    if role not in SEARCHERS:
        assert program.status_code == 403 and program.json()["code"] == "access.verb.refused_role"
        return
    shown = re.findall(r'class="person-facts"><bdi>([^<]+)</bdi>', page.content.decode())
    assert numbers(program) == numbers(session) == shown
    if role == "registration_clerk":
        assert shown, "else the comparison compares nothing"


def test_pages_follow_each_other(family, program_of, world):
    from panoh.registry.operations import register_household
    from tests.registry.families import five, person

    with world.as_role("registration_clerk") as clerk:
        for _ in range(3):
            register_household(
                by=clerk,
                registration=five(world.offices["panji_poyon"].pk, persons=(person("محمد نعیم"),)),
            )
    program = program_of("registration_clerk")
    seen: list[str] = []
    answer = program.persons(query="Mohammad Naim", limit="2")
    while True:
        seen += numbers(answer)
        following = answer.json()["next"]
        if following is None:
            break
        answer = program.get(following)
    assert len(seen) == len(set(seen)) == 4


# -- refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({}, "registry.search.empty", "query"),
        ({"query": "x" * 300}, "registry.search.too_long", "query"),
        ({"query": "Naim", "birth_year": "soon"}, "registry.value.not_a_number", "birth_year"),
        ({"query": "Naim", "sex": "male"}, "registry.search.sex", "sex"),
        ({"query": "Naim", "place": "Atlantis"}, "registry.search.place", "place"),
        ({"query": "Naim", "limit": "0"}, "api.parameter.value", "limit"),
        ({"query": "Naim", "limit": "٣"}, "api.parameter.value", "limit"),
        ({"query": "Naim", "after": "x"}, "registry.search.page", "after"),
        ({"query": "Naim", "birthyear": "1365"}, "api.parameter.unknown", "birthyear"),
    ],
)
@pytest.mark.parametrize("language", ["en", "tg", "fa-AF"])
def test_a_refusal_is_problem_json_in_the_readers_language(program_of, asked, code, field, language):
    answer = program_of("registration_clerk").persons(language=language, **asked)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["status"], body["code"], body["problems"][0]["field"]) == (422, code, field)
    assert answer["Content-Language"] == language
    assert fits(body, SCHEMAS["Problem"]) == []
    text = client_get(body["type"], language)
    assert text["code"] == code and text["status"] == 422


def client_get(address: str, language: str) -> dict[str, Any]:
    from django.test import Client

    return Client().get(address, headers={"Accept-Language": language}).json()


def test_every_hostile_value_gets_an_answer(family, program_of, monkeypatch):
    monkeypatch.setattr("panoh.access.tokens.USES_A_MINUTE", 100_000)  # how often is another test
    program = program_of("registration_clerk")
    for parameter in PARAMETERS:
        for value in HOSTILE:
            asked = {"query": "Mohammad Naim"} | {parameter.name: value}
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                continue  # cannot be sent: no encoding has half a character
            assert program.persons(**asked).status_code in (200, 404, 422), (parameter.name, value)


def test_an_address_that_is_not_there_is_told_as_json(client):
    for address in ("/api/v1/nothing", "/api/", "/api/v1/problems/no.such.code"):
        answer = client.get(address)
        assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


def test_another_method_is_refused_as_json(program_of, world):
    answer = client_of(world.members["registration_clerk"]).post("/api/v1/persons")
    assert answer.status_code == 405 and answer.json()["code"] == "web.request.method"


# -- the description ----------------------------------------------------------------------------------------------------


def test_the_description_says_what_is_answered(family, program_of, client):
    described = client.get("/api/v1/openapi.json").json()
    assert described == describe() and described["openapi"].startswith("3.1")
    answer = program_of("registration_clerk").persons(query="Mohammad Naim").json()
    assert fits(answer, SCHEMAS["Persons"]) == []
    broken = answer | {"persons": [answer["persons"][0] | {"sex": "X"}]}
    assert fits(broken, SCHEMAS["Persons"]) != [], "else the comparison compares nothing"


def fits(value: Any, schema: dict[str, Any], at: str = "$") -> list[str]:
    """What of a value does not fit the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        return fits(value, SCHEMAS[schema["$ref"].rsplit("/", 1)[1]], at)
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": int | float,
        "boolean": bool,
        "null": type(None),
    }
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, kinds[kind]) for kind in allowed):
        return [f"{at} is no {allowed}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value} is none of {schema['enum']}"]
    if isinstance(value, list):
        return [one for place, each in enumerate(value) for one in fits(each, schema["items"], f"{at}[{place}]")]
    if not isinstance(value, dict):
        return []
    wrong = [f"{at}.{name} is missing" for name in schema["required"] if name not in value]
    for name, each in value.items():
        known = schema["properties"].get(name)
        wrong += fits(each, known, f"{at}.{name}") if known else [f"{at}.{name} is not described"]
    return wrong
