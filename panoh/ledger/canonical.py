"""One spelling for each value, so that its hash can be computed again anywhere, in any language, for decades.

RFC 8785 (JSON Canonicalization Scheme), restricted to what an entry may hold: objects, lists, text, whole numbers,
true, false and null. Fractions are refused, for their spelling is where canonical forms go wrong; sums of money are
counted in the smallest unit. Days, instants and ids are text before they come here. Text is kept as given: no Unicode
normalisation, since a name must come back letter for letter as the person gave it.
"""

from __future__ import annotations

import json
from typing import Any

# RFC 8785 section 3.2.2.3 with I-JSON (RFC 7493 section 2.2): beyond this, readers that hold numbers as doubles disagree.
LARGEST_NUMBER = 2**53 - 1

_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode
_write_as_given = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


Place = tuple[Any, str | int] | None  # (the place of what holds it, its key or position there); None: the value itself


class NotCanonical(ValueError):
    """A value that has no canonical form; the message says where it stands and why."""

    def __init__(self, place: Place, why: str) -> None:
        self.place = _written(place)
        self.why = why
        super().__init__(f"{self.place or 'the value'}: {why}")


def canonical_text(value: Any) -> str:
    """The canonical JSON text of a value. Raises NotCanonical for what cannot be stored and hashed for good."""
    if _check(value):
        return _write(value)
    return _write_as_given(_sorted_as_utf16(value))


def canonical_bytes(value: Any) -> bytes:
    return canonical_text(value).encode()


def _check(value: Any, place: Place = None) -> bool:
    """Refuse what has no canonical form; tell whether Python's order of keys is the order of RFC 8785."""
    kind = type(value)
    if kind is str:
        if not value.isascii():
            _check_letters(value, place)
        elif "\0" in value:
            raise NotCanonical(place, "the character U+0000 cannot be stored")
        return True
    if value is None or kind is bool:
        return True
    if kind is int:
        if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            raise NotCanonical(place, "the number is too large to be read the same everywhere")
        return True
    if kind is dict:
        same_order = True
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical(place, f"the key {key!r} is not text")
            same_order &= key.isascii()
            _check(key, place)
            if item is None or (type(item) is str and item.isascii() and "\0" not in item):
                continue  # most values by far, and a call costs more than the question
            same_order &= _check(item, (place, key))
        return same_order
    if kind is list or kind is tuple:
        same_order = True
        for position, item in enumerate(value):
            same_order &= _check(item, (place, position))
        return same_order
    raise NotCanonical(place, f"a {kind.__name__} has no canonical form")


def _written(place: Place) -> str:
    """payload.persons[2]: written out only where something is refused, since every value of every entry is looked at."""
    if place is None:
        return ""
    holder, key = _written(place[0]), place[1]
    return f"{holder}[{key}]" if isinstance(key, int) else f"{holder}.{key}" if holder else key


def _check_letters(text: str, place: Place) -> None:
    if "\0" in text:
        raise NotCanonical(place, "the character U+0000 cannot be stored")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical(place, "the text holds half of a character (a lone surrogate)") from None


def _sorted_as_utf16(value: Any) -> Any:
    """Keys in the order of their UTF-16 units (RFC 8785 section 3.2.3), which Python's order of code points is not."""
    if isinstance(value, dict):
        return {key: _sorted_as_utf16(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(value, list | tuple):
        return [_sorted_as_utf16(item) for item in value]
    return value
