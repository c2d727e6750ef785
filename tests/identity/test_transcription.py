"""Cyrillic as a Russian clerk writes it after a passport: few such names are attested, so the rule makes the lessons."""

import pytest

from panoh.identity.learning import transcribed
from panoh.identity.sameness import sameness


@pytest.mark.parametrize(
    ("latin", "russian"),
    [
        ("salehi", "салехи"), ("sadeghi", "садеги"), ("jafar", "джафар"), ("shukria", "шукриа"), ("yaqub", "якуб"),
        ("ebrahim", "эбрахим"), ("hossein", "хоссеин"), ("barakzai", "баракзаи"), ("khoshqadam", "хошкадам"),
    ],
)  # fmt: skip
def test_a_passport_is_transcribed_letter_by_letter(latin, russian):
    assert transcribed(latin) == russian


@pytest.mark.parametrize(
    ("arabic", "russian", "another"),
    [("صادقی", "садеги", "саиди"), ("صالحی", "салехи", "салими"), ("محمود", "махмут", "мохсен")],
)
def test_names_so_written_are_known(arabic, russian, another):
    """Neither was before there were such lessons: 0.03, 0.01 and 0.003."""
    assert sameness(arabic, russian) > 0.15 > 0.05 > sameness(arabic, another)
