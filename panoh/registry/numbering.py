"""The numbers that people carry: built, checked and read back from whatever was typed.

Household `TJ1-26H0000417`: prefix of the office, year, H, serial, check digit. Person `TJ1-000001234`: prefix, serial,
check digit. The serials come from sequences of the database: no lock, gaps allowed, never given out twice, and never
reused after a closure. The check digit is ISO/IEC 7064 MOD 11,10 over all digits (a letter counts as its place in the
alphabet): it finds every single wrong digit and nearly every swap, so a misread number is a refusal, not a stranger's file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem

HOUSEHOLD_SERIAL = 6
PERSON_SERIAL = 8
LONGEST = 24
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−_ـ"), "-")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FORM = re.compile(r"(?P<prefix>[A-Z0-9]{1,4})-?(?:(?P<year>[0-9]{2})H)?(?P<serial>[0-9]{6,12})(?P<check>[0-9])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was read and whose check digit fits."""

    text: str
    is_household: bool


def household_number(prefix: str, year: int, serial: int) -> str:
    stem = f"{prefix}-{year % 100:02d}H{serial:0{HOUSEHOLD_SERIAL}d}"
    return stem + check_digit(stem)


def person_number(prefix: str, serial: int) -> str:
    stem = f"{prefix}-{serial:0{PERSON_SERIAL}d}"
    return stem + check_digit(stem)


def check_digit(stem: str) -> str:
    """ISO/IEC 7064:2003, hybrid system MOD 11,10."""
    product = 10
    for character in stem:
        if character.isdigit():
            digits = character
        elif character.isalpha():
            digits = str(ord(character) - ord("A") + 10)
        else:
            continue
        for digit in digits:
            total = (product + int(digit)) % 10 or 10
            product = total * 2 % 11
    return str((11 - product) % 10)


def find_number(text: str) -> Number | None:
    """The number that the text is meant to be, or None where it is no number at all (a name, say).

    Takes Persian digits, small letters, any dash and spaces. Raises a Problem where it has the form of a number and
    the check digit does not fit.
    """
    if len(text) > 4 * LONGEST:
        return None
    cleaned = _INVISIBLE.sub("", ascii_digits(text).translate(_DASHES)).upper()
    match = _FORM.fullmatch(cleaned) if len(cleaned) <= LONGEST and cleaned.isascii() else None
    if match is None:
        return None
    return _read_with_dash(cleaned) if "-" in cleaned else _read_without_dash(cleaned)


def _read_with_dash(cleaned: str) -> Number | None:
    match = _FORM.fullmatch(cleaned)
    if match is None:
        return None
    if check_digit(cleaned[:-1]) != match["check"]:
        raise Problem("registry.number.misread", number=cleaned)
    return Number(cleaned, match["year"] is not None)


def _read_without_dash(cleaned: str) -> Number | None:
    """Without its dash the end of the prefix is not told: the check digit stays the same, so the serial's length decides."""
    household = re.fullmatch(rf"([A-Z0-9]{{1,4}})([0-9]{{2}}H[0-9]{{{HOUSEHOLD_SERIAL + 1}}})", cleaned)
    person = re.fullmatch(rf"([A-Z0-9]{{1,4}})([0-9]{{{PERSON_SERIAL + 1}}})", cleaned)
    match = household or person
    return _read_with_dash(f"{match[1]}-{match[2]}") if match else None
