"""The two ways in which the peers bring all names to Latin letters: by rule (ICU) and by dictionary (UNICEF's)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import icu

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
def _unicef_word(word: str) -> str:
    """Arabic letters by its dictionary, else by its model; other scripts, which it does not know, by ICU."""
    read = _dictionary().transliterate(word)
    return " ".join(_icu_word(piece) for piece in read[0].text.split()) if read else _icu_word(word)


def unicef_romanised(name: str) -> str:
    return " ".join(filter(None, map(_unicef_word, name.replace("-", " ").replace("\u200c", " ").split())))
