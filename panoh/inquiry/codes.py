"""The code on the slip: made to be copied by hand and read out on a bad line. Pure.

Twelve letters and digits of Crockford's base 32 (no I, L, O, U): sixty random bits, so trying codes is hopeless even without a
bound on attempts, and a stranger cannot lock the family out by trying.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from uuid import UUID

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "О": "0", "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "К": "K", "М": "M", "Р": "P", "Т": "T", "Х": "X"})  # fmt: skip


def new_code() -> str:
    """A fresh code in groups of four: K7QF-2M9X-3TBA."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(drawn[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def normal_code(typed: str) -> str:
    """What was meant: any digits, any case, any dashes; letters that are misread, or typed on another keyboard, put right."""
    characters = []
    for character in unicodedata.normalize("NFKC", typed[:100]).upper():
        digit = unicodedata.digit(character, None)
        characters.append(str(digit) if digit is not None else character)
    return "".join(one for one in "".join(characters).translate(MISREAD) if one in LETTERS)


def digest_of(number: str, code: str) -> bytes:
    """What is kept of a code: bound to its case, so that equal codes of two cases do not look alike."""
    return hashlib.sha256(f"{number}\n{normal_code(code)}".encode()).digest()


def receipt_range(typed: str) -> tuple[UUID, UUID] | None:
    """The ids of entries to which a receipt's number can belong: its sixteen signs begin them. None for any other text.

    The whole id of an entry, as older receipts print it, is taken as well.
    """
    signs = normal_code(typed).lower()
    if not re.fullmatch(r"[0-9a-f]{16}(?:[0-9a-f]{16})?", signs):
        return None
    return UUID(signs[:16] + "0" * 16), UUID(signs[:16] + "f" * 16)
