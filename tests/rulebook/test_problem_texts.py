"""Every refusal of kernel and rulebook has its text, and the text has what it names."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import panoh
from panoh.kernel.births import BirthDate
from panoh.kernel.calendars import from_solar_hijri
from panoh.kernel.names import PersonName, check_name, check_name_part
from panoh.kernel.problems import Problem, find_text, render
from panoh.rulebook import load
from panoh.rulebook.problems import CATALOGUE

ROOT = Path(panoh.__file__).parent
RAISED = re.compile(r'"((?:kernel|rulebook)\.[a-z_]+\.[a-z_]+|rulebook\.[a-z_]+)"')


def test_codes_that_are_raised_and_codes_that_have_texts_are_the_same():
    raised = set()
    for room in ("kernel", "rulebook"):
        for path in (ROOT / room).rglob("*.py"):
            if path.name not in ("problems.py", "apps.py"):
                raised |= set(RAISED.findall(path.read_text(encoding="utf-8")))
    assert raised == set(CATALOGUE)


def test_the_texts_are_registered_with_the_site():
    assert all(find_text(code) is text for code, text in CATALOGUE.items())


REFUSED = [
    lambda: from_solar_hijri(1400, 12, 30),
    lambda: from_solar_hijri(2020, 1, 1),
    lambda: BirthDate.from_parts("gregorian", 2000, None, 3),
    lambda: BirthDate.from_age(130, date(2025, 1, 1)),
    *(
        lambda text=text: check_name_part(text)
        for text in ("", "--", "x" * 101, "Наим2", "Наим\u202e", "На\u200bим", "Наим!", "Тоҷиk", "漢字")
    ),
    lambda: check_name(PersonName("Arab", "Naim")),
    lambda: load("tj").value("asylum.overall", date(1990, 1, 1)),
]


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refusal_is_shown_whole(refused):
    with pytest.raises(Problem) as caught:
        refused()
    for shown in render(caught.value):
        for text in (shown.happened, shown.why, shown.next):
            assert text and "%(" not in text and "None" not in text


def test_the_list_above_refuses_with_every_code():
    seen = set()
    for refused in REFUSED:
        with pytest.raises(Problem) as caught:
            refused()
        seen |= {single.code for single in caught.value.each()}
    assert seen == set(CATALOGUE)
