"""A person's name in the parts and the script in which the person has it.

There is no first and last name here: an Afghan tazkira gives a given name, the father's and the grandfather's; a Tajik passport
a family name, given name and patronymic, or since 2016 none of the old suffixes. Each form of a name is one `PersonName`; how forms
meet across scripts is the business of `panoh.identity`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from panoh.kernel.problems import Problem, Problems

Script = Literal["Arab", "Cyrl", "Latn"]
NameOrder = Literal["given", "family", "full"]

LONGEST_PART = 100
NAME_PARTS = ("given", "father", "grandfather", "family", "patronymic", "tribal")

_PUNCTUATION = frozenset("-‐‑.,'’‘ʼʻ`´·()/ ")
"""Signs that names on papers contain: hyphens, apostrophes that stand for hamza and ayn, abbreviations, second spellings."""

_ZERO_WIDTH_NON_JOINER = "\u200c"
"""Belongs to Persian spelling (‌ in compounds), so it alone of the invisible characters is let through."""

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_ORDERS: dict[str, tuple[str, ...]] = {
    "given": ("given", "patronymic", "family", "tribal"),
    "family": ("family", "given", "patronymic", "tribal"),
    "full": ("given", "father", "grandfather", "patronymic", "family", "tribal"),
}


@dataclass(frozen=True, slots=True)
class PersonName:
    """One form of a name; parts that the person does not have are empty."""

    script: Script
    given: str
    father: str = ""
    grandfather: str = ""
    family: str = ""
    patronymic: str = ""
    tribal: str = ""

    def parts(self) -> tuple[tuple[str, str], ...]:
        """The parts the person has, by their names, in the order of `NAME_PARTS`."""
        return tuple((part, getattr(self, part)) for part in NAME_PARTS if getattr(self, part))

    def display(self, order: NameOrder = "given") -> str:
        """The name in one line: "given" as spoken, "family" as lists are sorted, "full" with father and grandfather."""
        return " ".join(text for part in _ORDERS[order] if (text := getattr(self, part)))

    def __str__(self) -> str:
        return self.display()


def check_name(name: PersonName) -> PersonName:
    """The name with each part cleaned, or all that is wrong with it; each Problem names its part as its field."""
    cleaned: dict[str, str] = {}
    wrong: list[Problem] = []
    for field in NAME_PARTS:
        text = getattr(name, field)
        if not text.strip() and field != "given":
            cleaned[field] = ""
            continue
        try:
            cleaned[field] = check_name_part(text, field=field)
        except Problem as problem:
            wrong.extend(problem.each())
            continue
        if script_of(cleaned[field]) != name.script:
            wrong.append(Problem("kernel.name.other_script", field=field, text=text, script=name.script))
    if wrong:
        raise Problems(wrong)
    return PersonName(name.script, **cleaned)


def check_name_part(text: str, *, field: str | None = None) -> str:
    """One part of a name in clean form (NFC, single spaces), or a Problem that says which character stands in the way.

    The rules of the partners' validators (non-empty, no digits, no control characters), and two more against names
    that look right and are never found again: invisible direction marks, and a letter of another script (Latin o in Tоҷик).
    """
    cleaned = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(character.isalpha() for character in cleaned):
        if not cleaned:
            raise Problem("kernel.name.empty", field=field)
        _refuse_characters(cleaned, field)
        raise Problem("kernel.name.no_letter", field=field, text=cleaned)
    if len(cleaned) > LONGEST_PART:
        raise Problem("kernel.name.too_long", field=field, length=len(cleaned), longest=LONGEST_PART)
    _refuse_characters(cleaned, field)
    _refuse_mixed_scripts(cleaned, field)
    return cleaned


def script_of(text: str) -> Script | None:
    """The script most letters of a text belong to; None if it has no letter of a script that we write."""
    scripts = [script for character in text if (script := _script_of_letter(character))]
    if not scripts:
        return None
    first = scripts[0]
    return first if scripts.count(first) == len(scripts) else Counter(scripts).most_common(1)[0][0]


def _refuse_characters(text: str, field: str | None) -> None:
    marks_in_a_row = 0
    for position, character in enumerate(text, start=1):
        category = unicodedata.category(character)
        marks_in_a_row = marks_in_a_row + 1 if category == "Mn" else 0
        if category[0] == "L" or character in _PUNCTUATION or character == _ZERO_WIDTH_NON_JOINER:
            continue
        params = {"character": character, "codepoint": f"U+{ord(character):04X}", "position": position, "text": text}
        if category == "Nd":
            raise Problem("kernel.name.digit", field=field, **params)
        if character in _BIDI_CONTROLS:
            raise Problem("kernel.name.direction_mark", field=field, **{**params, "character": ""})
        if category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise Problem("kernel.name.control_character", field=field, **{**params, "character": ""})
        if marks_in_a_row > 2 or category[0] != "M":
            raise Problem("kernel.name.symbol", field=field, **params)


def _refuse_mixed_scripts(text: str, field: str | None) -> None:
    script = script_of(text)
    if script is None:
        raise Problem("kernel.name.unknown_script", field=field, text=text)
    for position, character in enumerate(text, start=1):
        other = _script_of_letter(character)
        if other is None and character.isalpha() and unicodedata.category(character) not in ("Lm",):
            raise Problem("kernel.name.unknown_script", field=field, text=text)
        if other is not None and other != script:
            raise Problem(
                "kernel.name.mixed_script",
                field=field,
                text=text,
                letter=character,
                codepoint=f"U+{ord(character):04X}",
                position=position,
                letter_script=other,
                script=script,
            )


@lru_cache(maxsize=4096)
def _script_of_letter(character: str) -> Script | None:
    if not character.isalpha():
        return None
    point = ord(character)
    if point < 0x0250 or 0x1E00 <= point <= 0x1EFF:
        return "Latn"
    if 0x0400 <= point <= 0x052F:
        return "Cyrl"
    if 0x0600 <= point <= 0x06FF or 0x0750 <= point <= 0x077F or 0x08A0 <= point <= 0x08FF or point >= 0xFB50:
        return "Arab" if unicodedata.name(character, "").startswith("ARABIC") else None
    return None
