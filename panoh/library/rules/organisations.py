"""Organisations in a text: ministries, agencies of the United Nations and others, by their names in four languages and by their letters.

A name is met in any case of Russian and with the joints of Tajik and Persian, because words are compared by their stems; letters
(UNHCR, УВКБ, ПРООН) are met as they stand, in capitals. The longest name wins: "Ministry of Education and Science" is one organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panoh.library.rules.places import JOINT, WORD, Mention, folded

# Between two words of a name: as in places, or a comma ("Ministry of Labour, Migration and Employment").
BETWEEN = re.compile(rf"(?:{JOINT.pattern}|,\s*|،\s*)")
# Letters that are words as well mean an organisation only among small letters: "WHO CAME?" asks for nobody in Geneva.
WORDS_TOO = frozenset({"WHO", "ACT", "CARE"})
AROUND = 30
LONGEST_ENDING = {"Latn": 1, "Cyrl": 3, "Arab": 2}
SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Organisation:
    """What an organisation is called: whole names in any language, and its letters."""

    code: str
    kind: str
    names: tuple[str, ...]
    short: tuple[str, ...] = ()


def stem_of(word: str) -> str:
    """A word without what its cases and joints change."""
    word = folded(word)
    script = "Latn" if word < "\u0370" else "Cyrl" if word < "\u0590" else "Arab"
    if script == "Latn":
        return word.removesuffix("s") if len(word) > SHORTEST_STEM else word
    return word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING[script])]


class Directory:
    """All names of all organisations, by their stems and by their letters."""

    __slots__ = ("_longest", "_names", "_short")

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._short: dict[str, tuple[str, ...]] = {}
        for one in organisations:
            for name in one.names:
                key = tuple(stem_of(word) for word in WORD.findall(name))
                self._names[key] = tuple(dict.fromkeys((*self._names.get(key, ()), one.code)))
            for letters in one.short:
                key = tuple(WORD.findall(letters))
                known = self._short.get(" ".join(key), ())
                self._short[" ".join(key)] = tuple(dict.fromkeys((*known, one.code)))
        self._longest = max((len(key) for key in self._names), default=1)

    def find(self, text: str) -> list[Mention]:
        """Every organisation that the text names, in its order; more than one code where the letters mean several."""
        words = list(WORD.finditer(text))
        stems = [stem_of(word[0]) for word in words]
        found: list[Mention] = []
        at = 0
        while at < len(words):
            many, codes = self._at(text, words, stems, at)
            if codes:
                begin, end = words[at].start(), words[at + many - 1].end()
                found.append(Mention(begin, end, text[begin:end], codes))
            at += many
        return found

    def _at(
        self, text: str, words: Sequence[re.Match[str]], stems: Sequence[str], at: int
    ) -> tuple[int, tuple[str, ...]]:
        until = at + 1
        while until < len(words) and until - at < self._longest:
            if not BETWEEN.fullmatch(text[words[until - 1].end() : words[until].start()]):
                break
            until += 1
        for end in range(until, at, -1):
            if codes := self._names.get(tuple(stems[at:end])):
                return end - at, codes
            if codes := self._short.get(" ".join(word[0] for word in words[at:end])):
                if words[at][0] in WORDS_TOO and not _among_small_letters(text, words[at]):
                    continue
                return end - at, codes
        return 1, ()


def _among_small_letters(text: str, word: re.Match[str]) -> bool:
    before, after = text[max(0, word.start() - AROUND) : word.start()], text[word.end() : word.end() + AROUND]
    around = before.rpartition("\n")[2] + after.partition("\n")[0]
    return any(letter.islower() for letter in around)
