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

    def score(text: str) -> tuple[int, int]:
        folded = plain(text).casefold()
        times = [_times(folded, stem) for stem in stems]
        heard = 0
        if sounds and not any(times):
            heard = len(sounds & {sound_of(word) for word in WORD.findall(folded)})
        return sum(map(bool, times)) + heard, sum(times)

    return max(range(len(texts)), key=lambda place: (score(texts[place]), -place), default=0)


def _times(text: str, stem: str) -> int:
    """How many words of the text begin so. Looked for letter by letter this is quicker than any pattern."""
    many, at = 0, text.find(stem)
    while at >= 0:
        many += at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")
        at = text.find(stem, at + len(stem))
    return many


def _stem(word: str) -> str:
    word = "".join(re.findall(r"\w+", plain(word).casefold()))
    return word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING)] if len(word) > 2 else ""
