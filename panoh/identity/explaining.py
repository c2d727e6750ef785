"""How two names match, word by word and letter by letter: `similarity` opened up for a person who wants to see it."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.identity.sameness import sameness
from panoh.identity.similarity import similarity
from panoh.identity.spelling import Piece, align
from panoh.identity.words import words_of

MET = ("same_word", "same_sound", "near_spelling", "initial")
LIKELY, PERHAPS = 0.8, 0.55  # of a whole name
SURE, FAIRLY = 0.9, 0.6  # of a word


@dataclass(frozen=True, slots=True)
class Met:
    """Two words that were held to be one name: why (a code of `similarity`), how sure, and by which letters."""

    a: str
    b: str
    code: str
    chance: float
    letters: tuple[Piece, ...]

    @property
    def sure(self) -> str:
        """same, sure, fairly or doubtful: what a clerk is told in place of a number."""
        if self.code == "same_word":
            return "same"
        if self.code == "initial" or self.chance < FAIRLY:
            return "doubtful"
        return "sure" if self.chance >= SURE else "fairly"


@dataclass(frozen=True, slots=True)
class Explanation:
    """`alone_a` and `alone_b` are the words that found no partner; `turned` tells that the parts stand in another order."""

    score: float
    words_a: tuple[str, ...]
    words_b: tuple[str, ...]
    met: tuple[Met, ...]
    alone_a: tuple[str, ...]
    alone_b: tuple[str, ...]
    turned: bool

    @property
    def verdict(self) -> str:
        """likely, perhaps or different."""
        return "likely" if self.score >= LIKELY else "perhaps" if self.score >= PERHAPS else "different"


def explain(a: str, b: str) -> Explanation:
    judged = similarity(a, b)
    words_a, words_b = words_of(a), words_of(b)
    met = []
    alone_a, alone_b = list(words_a), list(words_b)
    for code, told in judged.reasons:
        if code in MET:
            x, y = told["a"], told["b"]
            alone_a.remove(x)
            alone_b.remove(y)
            chance = 1.0 if code == "same_word" else sameness(x, y)
            met.append(Met(x, y, code, chance, () if code == "initial" else align(x, y)))
    turned = any(code == "other_order" for code, _told in judged.reasons)
    return Explanation(judged.score, words_a, words_b, tuple(met), tuple(alone_a), tuple(alone_b), turned)
