"""Names in the next script: as people spell them, the same each time, and never in place of a spelling of one's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panoh.identity.proposing import own_spellings, propose, spell
from panoh.kernel.names import LONGEST_PART, PersonName


def made(names, spelt=None):
    return {one.name.script: one for one in propose(names, spelt or {})}


def test_a_latin_and_a_cyrillic_form_are_proposed_with_rule_and_confidence():
    found = made([PersonName("Arab", "محمد", father="عبدالکریم")])
    assert set(found) == {"Latn", "Cyrl"}
    assert (found["Latn"].name.given, found["Latn"].name.father) == ("Mohammad", "Abdulkarim")
    assert (found["Cyrl"].name.given, found["Cyrl"].name.father) == ("Муҳаммад", "Абдулкарим")
    assert all(one.rule and 0 < one.confidence < 100 for one in found.values())


def test_what_somebody_spells_herself_is_not_proposed_again():
    arabic, latin, cyrillic = PersonName("Arab", "زهرا"), PersonName("Latn", "Zehra"), PersonName("Cyrl", "Заҳро")
    assert set(made([arabic, latin])) == {"Cyrl"}
    assert set(made([latin])) == {"Cyrl"}
    assert made([arabic, latin, cyrillic]) == {} == made([])


def test_a_father_spells_the_name_on_his_childs_paper():
    father = [PersonName("Arab", "محمد نعیم", family="احمدی"), PersonName("Latn", "Mohd Naeem", family="Ahmadey")]
    spelt = own_spellings([father])
    child = made([PersonName("Arab", "علی", father="محمد نعیم", family="احمدی")], spelt)
    assert child["Latn"].name == PersonName("Latn", "Ali", father="Mohd Naeem", family="Ahmadey")
    assert child["Latn"].rule != "family-1", "her own given name was spelt by rule"
    namesake = made([PersonName("Arab", "نعیم", father="محمد", family="احمدی")], spelt)
    assert (namesake["Latn"].rule, namesake["Latn"].confidence) == ("family-1", 100)
    assert made([PersonName("Arab", "احمدی")])["Latn"].name.given == "Ahmadi", "another family is spelt by rule"


@pytest.mark.parametrize(
    ("word", "script", "to", "wanted"),
    [
        ("رحیمی", "Arab", "Latn", "Rahimi"),
        ("رحیم", "Arab", "Cyrl", "Раҳим"),
        ("karim", "Latn", "Cyrl", "Карим"),
        ("mohd", "Latn", "Cyrl", "Муҳаммад"),
        ("حبیبالله", "Arab", "Latn", "Habibullah"),
        ("نورالدین", "Arab", "Cyrl", "Нуриддин"),
        ("ҷамшед", "Cyrl", "Latn", "Jamshed"),
    ],
)
def test_words_are_spelt_as_people_spell_them(word, script, to, wanted):
    assert spell(word, script, to) == wanted


@given(st.sampled_from(["Arab", "Cyrl", "Latn"]), st.text(min_size=1, max_size=120))
def test_any_text_gets_a_form_of_its_script_or_none(script, text):
    for one in propose([PersonName(script, text[:LONGEST_PART])], {}):
        assert one.name.given and len(one.name.given) <= LONGEST_PART
