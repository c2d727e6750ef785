"""What a letter or two of one script become in another: alphabets, and joint distributions over steps between two of them.

The channels know letters alone, so a name that nobody has seen is judged like any other. Learned by `panoh.identity.learning`;
weighed by `panoh.identity.sameness`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from panoh.identity.letters import GLIDE, SOUNDS, VOWEL
from panoh.identity.words import LONGEST_WORD

SCRIPTS = ("Arab", "Cyrl", "Latn")
CHANNELS = tuple((a, b) for a in SCRIPTS for b in SCRIPTS if a <= b)
BEGIN, END = "^", "$"
MARKS = 3  # rows of an alphabet before its letters: unknown, beginning, end
SLIP = 0.05  # the share of steps that follow no habit: slips of the pen, letters never seen together
ALIKE = 0.3  # of all slips: one letter for another that sounds alike
LEAST = 1e-3  # the least share of a letter among slips

Floats = npt.NDArray[np.float64]
Letters = npt.NDArray[np.int16]


# Two letters that write one sound, as one: the channels then see two sounds side by side where they saw two letters.
_ONE_SOUND = {
    "tch": "č", "sch": "š", "dzh": "j", "sh": "š", "ch": "č", "kh": "ḫ", "gh": "ğ", "zh": "ž", "dj": "j", "ph": "f", "th": "ŧ",
    "dh": "ð", "ck": "k", "oo": "ū", "ou": "ū", "ee": "ī", "aa": "ā", "дж": "ҷ", "кх": "х", "وو": "و", "یی": "ی",
}  # fmt: skip
_KINDS_OF_SOUNDS = {
    "č": "w",
    "š": "w",
    "ḫ": "xkh",
    "ğ": "k",
    "ž": "j",
    "ŧ": "ts",
    "ð": "zd",
    "ū": "a",
    "ī": "a",
    "ā": "a",
}
_SOUNDS = re.compile("|".join(_ONE_SOUND) + r"|([^\Waeiou])\1+")


@lru_cache(maxsize=200_000)
def sounds(word: str) -> str:
    """The word as the channels see it: one letter a sound, no consonant twice in a row (Hassan, Музаффар)."""
    return _SOUNDS.sub(lambda met: _ONE_SOUND.get(met.group()) or met.group(1), word[:LONGEST_WORD])


def letters_of_sounds(word: str) -> list[str]:
    """The letters as they are written, for each of `sounds`."""
    found, at, word = [], 0, word[:LONGEST_WORD]
    for met in _SOUNDS.finditer(word):
        found += [*word[at : met.start()], met.group()]
        at = met.end()
    return [*found, *word[at:]]


class Alphabet:
    """The letters of a script and their commonest neighbours, numbered; the same for every channel it is part of."""

    def __init__(self, letters: Sequence[str], neighbours: Sequence[str]) -> None:
        self.letters, self.neighbours = tuple(letters), tuple(neighbours)
        self.single = {piece: place for place, piece in enumerate((BEGIN, END, *letters), start=1)}
        self.singles = len(self.single) + 1
        self.double = {piece: place for place, piece in enumerate(neighbours, start=self.singles)}
        self.size = self.singles + len(self.double)

    def number(self, piece: str) -> int:
        return (self.single if len(piece) == 1 else self.double)[piece]

    def rows(self, word: str) -> tuple[Letters, Letters]:
        """(its letters with both ends, each with the one that follows)"""
        marked = BEGIN + sounds(word) + END
        single = np.array([self.single.get(letter, 0) for letter in marked], np.int16)
        double = np.array([self.double.get(marked[i : i + 2], 0) for i in range(len(marked))], np.int16)
        return single, double


@dataclass(frozen=True)
class Channel:
    """What pieces of the left script become in the right one: a joint distribution over steps."""

    left_alphabet: Alphabet
    right_alphabet: Alphabet
    both: Floats  # (left pieces, right pieces)
    left: Floats  # a left letter with nothing on the right
    right: Floats
    of_left: Floats  # how often a piece is used at all: the marginals
    of_right: Floats

    @cached_property
    def turned(self) -> Channel:
        """The same channel with its sides changed, for a word that stands on the right."""
        return Channel(
            self.right_alphabet,
            self.left_alphabet,
            np.ascontiguousarray(self.both.T),
            self.right,
            self.left,
            self.of_right,
            self.of_left,
        )

    @classmethod
    def with_slips(
        cls, a: Alphabet, b: Alphabet, both: Floats, left: Floats, right: Floats, slip: float = SLIP
    ) -> Channel:
        """The channel of learned steps, with a small share of every step that a slip could make."""
        slips_a, slips_b = _slips(both.sum(1) + left, a), _slips(both.sum(0) + right, b)
        any_two = np.outer(slips_a, slips_b)
        of_a_kind = any_two * _of_a_kind(a, b)
        heard = ALIKE * of_a_kind / max(of_a_kind.sum(), LEAST) + (0.4 - ALIKE) * any_two
        both = both * (1 - slip) + slip * heard
        left, right = left * (1 - slip) + slip * 0.3 * slips_a, right * (1 - slip) + slip * 0.3 * slips_b
        return cls(a, b, both, left, right, both.sum(1) + left, both.sum(0) + right)


def _of_a_kind(a: Alphabet, b: Alphabet) -> Floats:
    """1 where two letters may be one sound by the table of `letters`: what no lesson had still sounds alike."""
    found = np.zeros((a.size, b.size))
    for x in a.letters:
        for y in b.letters:
            found[a.single[x], b.single[y]] = bool(_kinds(x) & _kinds(y))
    return found


def _kinds(letter: str) -> frozenset[str]:
    kinds = (*SOUNDS.get(letter, ()), *_KINDS_OF_SOUNDS.get(letter, ""))
    return frozenset(VOWEL if kind == GLIDE else kind for kind in kinds if kind)


def _slips(used: Floats, alphabet: Alphabet) -> Floats:
    share = np.zeros_like(used)
    share[MARKS : alphabet.singles] = used[MARKS : alphabet.singles]
    share = np.maximum(share / max(share.sum(), LEAST), LEAST)
    share[alphabet.singles :] = 0
    share[1:MARKS] = 0
    return np.asarray(share)
