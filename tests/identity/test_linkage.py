"""Linkage of a table without a database: one person in two scripts is found; namesakes and siblings are not; sizes do not matter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from panoh.__main__ import main

OTHERS = [
    ("Gulnora Saidova", "Rahim", 1961), ("Farhod Qodirov", "Nazar", 1966), ("Zarina Sharifova", "Umed", 1971),
    ("فریدون کابلی", "سلیم", 1976), ("پروانه هروی", "داود", 1981), ("بهرام تاجیک", "یعقوب", 1986),
    ("Парвиз Мирзоев", "Сорбон", 1991), ("Манижа Давлатова", "Фирӯз", 1996), ("Ҷамшед Норов", "Зафар", 2001),
]  # fmt: skip
ZULAIKHA = ("زلیخا بدخشی", "نورالدین", 1980)
IN_CYRILLIC = ("Зулайхо Бадахшӣ", "Нуриддин", 1981)


def linked(tmp_path: Path, *people: tuple[str, str, int]) -> dict[frozenset[str], float]:
    register, suggestions = tmp_path / "register.csv", tmp_path / "suggestions.csv"
    with register.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "full_name", "father_name", "birth_year", "sex"))
        for number, (name, father, year) in enumerate([*OTHERS, *people]):
            writer.writerow((number, name, father, year, "U"))
    assert main(["link", "--file", str(register), "--suggestions", str(suggestions)]) == 0
    with suggestions.open(newline="") as file:
        pairs = {frozenset((row["id_a"], row["id_b"])): float(row["weight"]) for row in csv.DictReader(file)}
    return {pair: weight for pair, weight in pairs.items() if weight > 0}


def test_one_person_in_two_scripts_is_found_and_nobody_else(tmp_path):
    assert set(linked(tmp_path, ZULAIKHA, IN_CYRILLIC)) == {frozenset(("9", "10"))}


@pytest.mark.parametrize(
    "other",
    [("Zulaikha Wardaki", "Shamsullah", 1980), ("Маҳбуба Бадахшӣ", "Нуриддин", 1983), ("Зулайхо Бадахшӣ", "Нуриддин", 1951)],
    ids=["namesake", "sister", "grandmother"],
)  # fmt: skip
def test_who_only_shares_some_of_it_is_not_found(tmp_path, other):
    assert linked(tmp_path, ZULAIKHA, other) == {}


def test_the_order_of_records_and_of_words_says_nothing(tmp_path):
    straight = linked(tmp_path, ZULAIKHA, IN_CYRILLIC)
    name, father, year = IN_CYRILLIC
    turned = linked(tmp_path, (" ".join(reversed(name.split())), father, year), ZULAIKHA)
    assert list(straight.values()) == pytest.approx(list(turned.values()))


def test_a_table_without_names_has_no_pairs(tmp_path):
    assert linked(tmp_path, ("", "", 1980), ("؟؟", "123", 1980)) == {}
