"""Where people come from: the rulebook's places as a choice, and as somebody types them in any of its languages.

Called by the search (page, command, API) and by the registration sheet, so that both mean the same place by one word.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from panoh import rulebook
from panoh.registry.choices import Choice, frequent_nationalities
from panoh.rulebook.reference import Place


@lru_cache(maxsize=16)
def origin_choices(language: str, on: date) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    """The provinces to choose from, under their country: those whom border posts meet first, then the country itself."""
    book = rulebook.current()
    countries = [code for code in frequent_nationalities() if code != book.country.iso3]
    groups = []
    for country in (*countries, book.country.iso3):
        provinces = [place for place in book.places.of_country(country, "1") if place.is_in_force(on)]
        if provinces:
            chosen = sorted(((one.code, book.text(one.titles, language)) for one in provinces), key=lambda one: one[1])
            groups.append((book.text(book.places[country].titles, language), tuple(chosen)))
    return tuple(groups)


def find_origins(text: str) -> tuple[str, ...]:
    """The codes that a code or a name means: of several places of one name the widest, all of them where they are alike."""
    book = rulebook.current()
    if text.strip().upper() in book.places:
        return (text.strip().upper(),)
    found = [book.places[code] for code in _by_name().get(_folded(text), ())]
    widest = min((place.level for place in found), default="")
    return tuple(place.code for place in found if place.level == widest)


def all_within(codes: tuple[str, ...]) -> list[str]:
    """The places themselves, and every place in them."""
    book = rulebook.current()
    found, waiting = [], list(codes)
    while waiting:
        code = waiting.pop()
        found.append(code)
        waiting += [place.code for place in book.places.children(code)]
    return found


def typed_origin(text: str) -> str:
    """What the register keeps of a typed place: its code where the word means one place, else the words as they are."""
    codes = find_origins(text) if text else ()
    return codes[0] if len(codes) == 1 else text


def typed_country(text: str) -> str:
    """The code of a country that was typed by its code or by its name in any language; else the words as they are."""
    return _countries().get(_folded(text), text)


@lru_cache(maxsize=1)
def _countries() -> dict[str, str]:
    listed = rulebook.current().codes["countries"].values()
    return {_folded(word): code.code for code in listed for word in (code.code, *code.titles.values()) if word}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, tuple[str, ...]]:
    named: dict[str, dict[str, None]] = {}
    for place in rulebook.current().places.values():
        for name in _names(place):
            named.setdefault(_folded(name), {})[place.code] = None
    return {name: tuple(codes) for name, codes in named.items() if name}


def _names(place: Place) -> Iterator[str]:
    yield from place.titles.values()
    yield from place.aliases


def _folded(text: str) -> str:
    """Without case, marks over letters and the two spellings of Arabic yeh and kaf, so that a keyboard makes no difference."""
    plain = unicodedata.normalize("NFKD", text[:200].translate({0x064A: 0x06CC, 0x0643: 0x06A9}).casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())
