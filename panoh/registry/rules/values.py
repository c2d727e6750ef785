"""Single values: codes of a list, days in order, numbers of papers, telephones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import phonenumbers

from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem

LONGEST_TEXT = 500
LONGEST_PAPER_NUMBER = 40
EARLIEST_DAY = date(1900, 1, 1)
_SEPARATORS = frozenset(" -/.№")


def code_problems(
    codes: Mapping[str, Any], list_name: str, code: str, field: str, *, required: bool
) -> Iterator[Problem]:
    """A value that must stand in a code list of the country."""
    if not code:
        if required:
            yield Problem("registry.value.missing", field=field)
    elif code not in codes[list_name]:
        yield Problem("registry.value.unknown_code", field=field, code=code[:40], list=list_name)


def spoken_language_problems(codes: Mapping[str, Any], code: str, field: str) -> Iterator[Problem]:
    """The language in which something was explained: one of the list, or one that the site itself is read in ("prs")."""
    if code not in {listed.attributes.get("reading") for listed in codes["languages"].values()} - {"", None}:
        yield from code_problems(codes, "languages", code, field, required=True)


def text_problems(text: str, field: str, longest: int = LONGEST_TEXT) -> Iterator[Problem]:
    """Free text: bounded, and without characters that hide or reverse what stands beside them."""
    if len(text) > longest:
        yield Problem("registry.value.too_long", field=field, length=len(text), longest=longest)
    for character in text[: longest + 1]:
        if character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn"):
            yield Problem("registry.value.control_character", field=field, codepoint=f"U+{ord(character):04X}")
            return


def day_problems(day: date | None, on: date, field: str, *, required: bool = False) -> Iterator[Problem]:
    """A day that has come: not in the future, not before anyone alive could have been anywhere."""
    if day is None:
        if required:
            yield Problem("registry.value.missing", field=field)
    elif day > on:
        yield Problem("registry.value.day_in_future", field=field, day=day, today=on)
    elif day < EARLIEST_DAY:
        yield Problem("registry.value.day_too_early", field=field, day=day, earliest=EARLIEST_DAY)


def paper_number_key(number: str) -> str:
    """A paper's number as it is compared: letters and digits only, so that spaces and dashes hide no match."""
    return "".join(character for character in ascii_digits(number).upper() if character.isalnum())


def paper_number_problems(number: str, field: str) -> Iterator[Problem]:
    """Numbers of papers are letters and digits (RRF validator), with the separators that are printed between them."""
    cleaned = ascii_digits(number).strip()
    if not paper_number_key(cleaned):
        yield Problem("registry.paper.number_missing", field=field)
    elif len(cleaned) > LONGEST_PAPER_NUMBER:
        yield Problem("registry.value.too_long", field=field, length=len(cleaned), longest=LONGEST_PAPER_NUMBER)
    else:
        for character in cleaned:
            if not character.isalnum() and character not in _SEPARATORS:
                yield Problem(
                    "registry.paper.number_not_alphanumeric", field=field, codepoint=f"U+{ord(character):04X}"
                )
                return


def clean_phone(text: str, region: str | None) -> str:
    """A telephone number in one form (E.164), or a Problem. `region` is the country dialled without a prefix."""
    written = ascii_digits(text).strip()
    if len(written) > LONGEST_PAPER_NUMBER or re.search(r"[^\d\s()+./,;xext#-]", written, re.IGNORECASE):
        raise Problem("registry.value.phone_invalid", text=text[:LONGEST_PAPER_NUMBER])
    try:
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        raise Problem("registry.value.phone_invalid", text=text[:LONGEST_PAPER_NUMBER]) from None
    if not phonenumbers.is_valid_number(parsed):
        raise Problem("registry.value.phone_invalid", text=text[:LONGEST_PAPER_NUMBER])
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def phone_problems(text: str, region: str | None, field: str) -> Iterator[Problem]:
    if text.strip():
        try:
            clean_phone(text, region)
        except Problem as problem:
            yield problem.on_field(field)
