"""Names in their parts and scripts, and the characters that make a name unfindable."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.kernel.names import PersonName, check_name, check_name_part, script_of
from panoh.kernel.problems import Problem, Problems


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Муҳаммад Наим", "Муҳаммад Наим"),
        ("  محمد   نعیم ", "محمد نعیم"),
        ("Abd al-Raḥmān", "Abd al-Raḥmān"),
        ("O’Neil", "O’Neil"),
        ("Раҳмон-зода", "Раҳмон-зода"),
        ("می\u200cنا", "می\u200cنا"),
        ("عبدُالله", "عبدُالله"),
        (unicodedata.normalize("NFD", "Ӣсо"), "Ӣсо"),
        ("Мухаммад (Наим)", "Мухаммад (Наим)"),
    ],
)
def test_check_name_part_accepts_names_as_people_have_them(text, clean):
    assert check_name_part(text) == clean


@pytest.mark.parametrize(
    ("text", "code", "params"),
    [
        ("", "kernel.name.empty", {}),
        (" \t ", "kernel.name.empty", {}),
        ("---", "kernel.name.no_letter", {}),
        ("Наим2", "kernel.name.digit", {"character": "2", "position": 5}),
        ("نعیم۲", "kernel.name.digit", {"character": "۲"}),
        ("2", "kernel.name.digit", {"position": 1}),
        ("Наим\u202e", "kernel.name.direction_mark", {"codepoint": "U+202E"}),
        ("محمد\u200f", "kernel.name.direction_mark", {"codepoint": "U+200F"}),
        ("Наим\x00", "kernel.name.control_character", {"codepoint": "U+0000"}),
        ("На\u200bим", "kernel.name.control_character", {"codepoint": "U+200B"}),
        ("Наим\ufeff", "kernel.name.control_character", {"codepoint": "U+FEFF"}),
        ("Наим!", "kernel.name.symbol", {"character": "!"}),
        ("Наим😀", "kernel.name.symbol", {"position": 5}),
        ("Наи\u0301\u0302\u0303м", "kernel.name.symbol", {}),
        (
            "Т\u006fҷик",
            "kernel.name.mixed_script",
            {"letter": "o", "codepoint": "U+006F", "position": 2, "script": "Cyrl"},
        ),
        ("Nа\u0456m Khan", "kernel.name.mixed_script", {"letter": "а", "letter_script": "Cyrl", "script": "Latn"}),
        ("محمد N", "kernel.name.mixed_script", {"letter": "N", "script": "Arab"}),
        ("漢字", "kernel.name.unknown_script", {}),
        ("Наим Ψ", "kernel.name.unknown_script", {}),
        ("x" * 101, "kernel.name.too_long", {"length": 101}),
    ],
)
def test_check_name_part_says_which_character_stands_in_the_way(text, code, params):
    with pytest.raises(Problem) as refused:
        check_name_part(text, field="given")
    assert refused.value.code == code
    assert refused.value.field == "given"
    assert params.items() <= refused.value.params.items()


@given(st.text(max_size=30))
def test_check_name_part_answers_or_refuses_and_its_answer_is_final(text):
    try:
        clean = check_name_part(text)
    except Problem as refused:
        assert refused.code.startswith("kernel.name.")
    else:
        assert check_name_part(clean) == clean
        assert script_of(clean) in ("Arab", "Cyrl", "Latn")


def test_script_of_goes_by_most_letters():
    assert script_of("محمد") == "Arab"
    assert script_of("Муҳаммад") == "Cyrl"
    assert script_of("Naeem") == "Latn"
    assert script_of("123 -") is None


def test_check_name_reports_all_parts_at_once():
    with pytest.raises(Problems) as refused:
        check_name(PersonName("Arab", "", father="Naim", family="کریمی۲"))
    assert [(single.code, single.field) for single in refused.value.each()] == [
        ("kernel.name.empty", "given"),
        ("kernel.name.other_script", "father"),
        ("kernel.name.digit", "family"),
    ]


def test_check_name_cleans_every_part():
    assert check_name(PersonName("Cyrl", " Наим ", family=" Карим  зода", patronymic=" ")) == PersonName(
        "Cyrl", "Наим", family="Карим зода"
    )


def test_display_puts_the_parts_in_the_order_asked_for():
    name = PersonName("Cyrl", "Наим", father="Карим", grandfather="Салим", family="Раҳмонов", patronymic="Каримович")
    assert name.display() == "Наим Каримович Раҳмонов"
    assert name.display("family") == "Раҳмонов Наим Каримович"
    assert name.display("full") == "Наим Карим Салим Каримович Раҳмонов"
    assert dict(name.parts())["grandfather"] == "Салим"
