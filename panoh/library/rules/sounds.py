"""Tajik and Persian words by their sound, so that паноҳандагон finds پناهنده and the other way round.

Endings of number, case and possession are set aside, then the word keys of `identity` (made for names, the same in both scripts)
with the number of long a, which both scripts write: without it, words of two consonants would all be one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from panoh.identity.keys import word_keys

# In front of each key: no word of a text looks like it.
PREFIX = "zq"
SHORTEST = 2
WORD = re.compile(r"[\u0400-\u04ff\u0600-\u06ff]{3,40}")
CYRILLIC_ENDINGS = re.compile(r"(?:(?:ҳо|гон|он)(?:ро|и|ям|ят|яш|ямон|ятон|яшон)?|ро|и|ӣ|ем|анд)$")
ARABIC_ENDINGS = re.compile(r"(?:(?:ها|گان)(?:یی|ی|را)?|ان|را|ی|ه)$")
ALIKE = str.maketrans({"ي": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "\u200c": " "})


def plain(text: str) -> str:
    """One way to write each letter, and apart what a half space joins; the index and questions both pass through here."""
    return text.translate(ALIKE)


@lru_cache(maxsize=100_000)
def sound_of(word: str) -> str:
    """The key of one word, or "" where it is too short to say anything."""
    cyrillic = word[0] < "\u0600"
    stem = CYRILLIC_ENDINGS.sub("", word) if cyrillic else ARABIC_ENDINGS.sub("", word)
    if len(stem) < 3:
        stem = word
    if cyrillic and stem.endswith(("а", "я")):
        stem = stem[:-1]
    keys = word_keys(stem)
    if not keys or len(keys[0]) < SHORTEST:
        return ""
    return f"{PREFIX}{keys[0]}{min(sum(letter in 'оОا' for letter in stem[1:]), 9)}"


def sounds_of(text: str) -> list[str]:
    """The keys of all words in Cyrillic or Arabic letters, each once."""
    found = dict.fromkeys(sound_of(word) for word in WORD.findall(plain(text).casefold()))
    found.pop("", None)
    return list(found)
