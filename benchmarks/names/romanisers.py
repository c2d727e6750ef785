"""The two ways in which the peers bring all names to Latin letters: by rule (ICU) and by dictionary (UNICEF's)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import icu

from names.register import FIRST_HALVES, LAST_HALVES

Romaniser = Callable[[str], str]
_any_to_latin = icu.Transliterator.createInstance("Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower")


def _letters_only(text: str) -> str:
    return "".join(letter if "a" <= letter <= "z" else " " for letter in text.replace("'", "").replace("`", ""))


@lru_cache(maxsize=1_000_000)
def _icu_word(word: str) -> str:
    return "".join(_letters_only(_any_to_latin.transliterate(word)).split())


def icu_romanised(name: str) -> str:
    return " ".join(filter(None, map(_icu_word, name.replace("-", " ").replace("\u200c", " ").split())))


@lru_cache(maxsize=1)
def _dictionary():
    from arabic_name_romanizer import Transliterator

    return Transliterator()


@lru_cache(maxsize=1_000_000)
def _unicef_unit(unit: str) -> str:
    """Arabic letters by its dictionary, else by its model; other scripts, which it does not know, by ICU."""
    read = _dictionary().transliterate(unit)
    return " ".join(filter(None, map(_icu_word, read.replace("-", " ").split()))) if read else icu_romanised(unit)


def unicef_romanised(name: str) -> str:
    """Compounds (عبد الله) are read as one, as it would read them in a whole name; that way its readings can be kept."""
    words = name.replace("-", " ").replace("\u200c", " ").split()
    units: list[str] = []
    for place, word in enumerate(words):
        if units and (word in LAST_HALVES or words[place - 1] in FIRST_HALVES):
            units[-1] += f" {word}"
        else:
            units.append(word)
    return " ".join(filter(None, map(_unicef_unit, units)))
