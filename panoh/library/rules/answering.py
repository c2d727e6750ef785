"""Which paragraph of a source answers a question best: the one with most of its words, else the first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from panoh.library.rules.sounds import WORD, plain, sound_of

LONGEST_ENDING = 3
SHORTEST_STEM = 4


def best_of(texts: Sequence[str], words: Sequence[str]) -> int:
    """The place of the paragraph that answers. Words count in any ending, and in either script of Tajik and Persian."""
    stems = {_stem(word) for word in words} - {""}
    sounds = {sound for word in words if WORD.fullmatch(word) and (sound := sound_of(word))}
    if not stems and not sounds:
        return 0
    pattern = re.compile("|".join(rf"\b{re.escape(stem)}" for stem in sorted(stems)) or r"(?!)")

    def score(text: str) -> tuple[int, int]:
        found = pattern.findall(plain(text).casefold())
        heard = (
            sounds & {sound_of(word) for word in WORD.findall(plain(text).casefold())}
            if sounds and not found
            else set()
        )
        return len(set(found)) + len(heard), len(found)

    return max(range(len(texts)), key=lambda place: (score(texts[place]), -place), default=0)


def _stem(word: str) -> str:
    word = "".join(re.findall(r"\w+", plain(word).casefold()))
    return word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING)] if len(word) > 2 else ""
