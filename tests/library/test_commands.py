"""`panoh library search` and `places`: what a page shows, as text in four languages and as JSON."""

from __future__ import annotations

import json

import pytest

from panoh.__main__ import run

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def told(capsys, shelves, opened, closed):
    """What the command prints for the lawyer, who sees the open cable alone."""
    login = shelves.world.members["lawyer"].account.username

    def ask(*arguments: str) -> str:
        assert run(["library", "search", *arguments, "--as", login]) == 0
        return capsys.readouterr().out

    return ask


def test_search_prints_sources_with_the_paragraph_that_answers_and_counts(told):
    answer = told("certificate tag:PREF")
    assert "1 source\n" in answer
    assert "06DUSHANBE412  2006-05-09  Cable  UNCLASSIFIED  Embassy Dushanbe" in answer
    assert "¶ 1  Families wait four months for a certificate" in answer
    assert "Kind: Cable 1\n" in answer and "Tag: PREF 1 · " in answer
    assert "06DUSHANBE413" not in answer


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Источников: 1", "Телеграмма", "Вид: ", "Язык: Английский")),
        ("tg", ("1 сарчашма", "Забон: ")),
        ("prs", ("منبع", "زبان: ")),
    ],
)
def test_search_speaks_four_languages(told, language, words):
    answer = told("certificate", "--language", language)
    assert all(word in answer for word in words), answer
    assert "source" not in answer and "Kind" not in answer


def test_search_as_json_tells_every_field_of_a_hit(told):
    answer = json.loads(told("certificate", "--format", "json", "--language", "prs"))
    assert (answer["total"], answer["more"], answer["looked_back_to"]) == (1, False, "")
    (hit,) = answer["hits"]
    assert (hit["refid"], hit["created"], hit["label"], hit["kind"]) == (
        "06DUSHANBE412",
        "2006-05-09 05:09",
        "1",
        "cable",
    )
    assert hit["text"].startswith("Families wait") and len(hit["anchor"]) == 12
    assert answer["facets"]["origin"] == [["Embassy Dushanbe", 1]]


def test_a_search_that_finds_nothing_or_cannot_be_read_says_so(told, capsys, shelves):
    assert "0 sources\n" in told("nobodywrotethis")
    login = shelves.world.members["lawyer"].account.username
    assert run(["library", "search", "kind:nonsense", "--as", login]) != 0
    assert "library.search.unreadable" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "town", "either", "none"),
    [
        ("en", "Khorugh", " or ", "No place is named."),
        ("ru", "Хорог", " или ", "Ни одно место не названо."),
        ("tg", "Хоруғ", " ё ", "Ягон ҷой ном бурда нашудааст."),
        ("prs", "خاروغ", " یا ", "از هیچ جایی نام برده نشده است."),
    ],
)
def test_places_are_named_by_code_and_in_the_language_asked_for(capsys, language, town, either, none):
    text = "They came to Хоруғ and went on."
    assert run(["library", "places", text, "--language", language, "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["text"] == "Хоруғ" and town in found["titles"]
    assert found["asks"] == (len(found["codes"]) > 1)
    assert run(["library", "places", text, "--language", language]) == 0
    places = either.join(f"{title} {code}" for title, code in zip(found["titles"], found["codes"], strict=True))
    assert capsys.readouterr().out == f"Хоруғ: {places}\n"
    assert run(["library", "places", "Nothing here.", "--language", language]) == 0
    assert capsys.readouterr().out == f"{none}\n"
