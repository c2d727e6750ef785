"""Places of origin: one place by any of its names; asked for on the page and the command line, kept as a code from the sheet."""

from __future__ import annotations

import argparse
import json

import pytest

from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.registry.commands import register
from panoh.registry.operations import register_household
from panoh.registry.origins import all_within, find_origins, typed_origin
from tests.registry.families import five, person
from tests.signing_in import client_of


@pytest.mark.parametrize("text", ["AF19", "af19", "Kunduz", "кундуз", "Қундуз", "ҚУНДУЗ", "کندز", "كندز", "  Kunduz "])
def test_a_place_is_found_by_any_of_its_names(text):
    """The province, not its district of the same name: who came from the district came from the province."""
    assert find_origins(text) == ("AF19",)


@pytest.mark.parametrize("text", ["", "Atlantis", "😀", "'; --", "x" * 10_000])
def test_what_is_no_place_is_none(text):
    assert find_origins(text) == ()
    assert typed_origin(text) == text


def test_a_place_holds_what_lies_in_it():
    assert {"AFG", "AF19", "AF1901"} <= set(all_within(("AFG",)))
    assert "AF01" not in all_within(("AF19",))


@pytest.fixture
def namesakes(world):
    """Two men of one name: one from a district of Kunduz, one from Kabul."""
    with world.as_role("registration_clerk") as clerk:
        office = world.offices["panji_poyon"].pk
        return [
            register_household(
                by=clerk,
                registration=five(office, persons=(person(name=PersonName("Arab", "محمد نعیم"), origin_place=place),)),
            )
            .persons[0]
            .number
            for place in ("AF1901", "AF01")
        ]


@pytest.mark.django_db
def test_the_page_narrows_by_the_place_chosen(world, namesakes):
    client = client_of(world.members["registration_clerk"])
    page = client.get("/search", {"q": "Mohammad Naim", "place": "AF19"}).content.decode()
    assert namesakes[0] in page and namesakes[1] not in page
    assert '<option value="AF19" selected>' in page
    page = client.get("/search", {"q": "Mohammad Naim", "place": "Кабул"}).content.decode()
    assert namesakes[1] in page and namesakes[0] not in page
    answer = client.get("/search", {"q": "Mohammad Naim", "place": "Atlantis"})
    assert answer.status_code == 422 and "Atlantis" in answer.content.decode()


@pytest.mark.django_db
def test_the_command_searches_as_the_account_that_asks(world, namesakes, capsys):
    def ask(*arguments: str) -> str:
        parser = argparse.ArgumentParser()
        register(parser.add_subparsers())
        parsed = parser.parse_args(["search", *arguments])
        assert parsed.run(parsed) == 0
        return capsys.readouterr().out

    clerk = ("--as", "registration_clerk")
    both = json.loads(ask("Mohammad Naim", *clerk, "--format", "json"))
    assert {hit["number"] for hit in both["hits"]} == set(namesakes)
    told = ask("Мухаммад Наим", *clerk, "--place", "Kunduz")
    assert namesakes[0] in told and namesakes[1] not in told and "“" in told
    first = json.loads(ask("Mohammad Naim", *clerk, "--limit", "1", "--format", "json"))
    second = json.loads(ask("Mohammad Naim", *clerk, "--limit", "1", "--format", "json", "--after", first["after"]))
    assert {first["hits"][0]["number"], second["hits"][0]["number"]} == set(namesakes)
    assert "Nobody found" in ask("Mohammad Naim", "--as", "lawyer")
    with pytest.raises(Problem) as refused:
        ask("Mohammad Naim", "--as", "auditor")
    assert refused.value.code == "registry.import.say_who"


@pytest.mark.django_db
def test_the_sheet_keeps_the_code_of_a_place_typed(world):
    from panoh.registry.models import Person
    from tests.registry.test_register_page import FATHER, typed

    client = client_of(world.members["registration_clerk"])
    answer = client.post("/households/register", typed({**FATHER, "origin_place": "Кундуз"}))
    assert answer.status_code == 200
    with world.as_role("registration_clerk"):
        assert [person.origin_place for person in Person.objects.all()] == ["AF19"]
