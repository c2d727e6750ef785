"""All words of a register's names, at hand: which of them may be the word asked, and the halves of what was written in one.

A million persons bear some 40,000 different words, five million twice as many: they fit into every process, and judging a word
against those that share a key with it takes a millisecond. Numbers and bearers are the register's own; this module knows no
table. Words are only ever added; a word that comes again takes its new number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from panoh.identity.sameness import KNOWN, SCRIPTS, Floats, Model
from panoh.identity.words import SAME_IN_ALL_SCRIPTS, concept
from panoh.kernel.names import script_of

LEAST_ODDS = -3.9  # below this two words are held to be two names
SHORTEST_HALF = 2
SHORT_HALF = 3  # a half of so few letters must be a common name
COMMON_HALVES = 2000  # bearers of both halves, multiplied, per million persons
RARE = 50  # bearers per million from which on a word is taken as it stands
_CONCEPTS = {name: place for place, name in enumerate(SAME_IN_ALL_SCRIPTS)}

Longs = npt.NDArray[np.int64]


class Entry(NamedTuple):
    """A word as the register holds it; `keys` of all versions, each with its version before it."""

    number: int
    word: str
    bearers: int
    keys: Sequence[str]


class Lexicon:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.words: list[str] = []
        self.place: dict[str, int] = {}
        self.numbers: Longs = np.zeros(0, np.int64)
        self.bearers: Longs = np.zeros(0, np.int64)
        self._scripts: npt.NDArray[np.int8] = np.zeros(0, np.int8)
        self._rows: Longs = np.zeros(0, np.int64)
        self._lengths: Longs = np.zeros(0, np.int64)
        self._meant: npt.NDArray[np.int8] = np.zeros(0, np.int8)
        self._of_key: dict[str, list[int]] = {}
        self.scripts: dict[int, int] = {}  # of the words, by the register's numbers

    def __len__(self) -> int:
        return len(self.words)

    def add(self, entries: Iterable[Entry]) -> bool:
        """Takes words in; tells whether one that was known has come with another number."""
        fresh, renumbered = [], False
        for entry in entries:
            known = self.place.get(entry.word)
            if known is None:
                self.place[entry.word] = len(self.words)
                for key in entry.keys:
                    self._of_key.setdefault(key, []).append(len(self.words))
                self.words.append(entry.word)
                fresh.append(entry)
            elif self.numbers[known] != entry.number:
                self.numbers[known] = entry.number
                self.scripts[entry.number] = _script_number(entry.word)
                renumbered = True
        if fresh:
            self._append(fresh)
        return renumbered

    def _append(self, fresh: Sequence[Entry]) -> None:
        words = [entry.word for entry in fresh]
        scripts = np.array([_script_number(word) for word in words], np.int8)
        self.scripts.update(zip((entry.number for entry in fresh), scripts.tolist(), strict=True))
        rows = np.zeros(len(fresh), np.int64)
        for number, script in enumerate(SCRIPTS):
            places = np.flatnonzero(scripts == number)
            rows[places] = self.model.words[script].rows_of([words[place] for place in places.tolist()])
        meanings = np.array([_CONCEPTS[name] if (name := concept(word)) else -1 for word in words], np.int8)
        # Readers hold the arrays that they began with: the new ones take their place one by one, the longest-lived last.
        self._scripts = np.concatenate([self._scripts, scripts])
        self._rows = np.concatenate([self._rows, rows])
        self._lengths = np.concatenate([self._lengths, [len(word) for word in words]])
        self._meant = np.concatenate([self._meant, meanings])
        self.bearers = np.concatenate([self.bearers, [entry.bearers for entry in fresh]])
        self.numbers = np.concatenate([self.numbers, [entry.number for entry in fresh]])

    def commonest(self, most: int) -> list[str]:
        """The words that most people bear."""
        return [self.words[place] for place in np.argsort(-self.bearers, kind="stable")[:most].tolist()]

    def near(self, word: str, keys: Mapping[str, Sequence[str]], since: int = 0) -> tuple[Longs, Floats]:
        """(places of the words that may be this word, the log odds of each), of those added from place `since` on."""
        shares = np.zeros(len(self.words), np.bool_)
        for version, some in keys.items():
            for key in some:
                shares[self._of_key.get(f"{version}:{key}", [])] = True
        size = len(self.numbers)
        places = since + np.flatnonzero(shares[since:size])
        odds = np.full(len(places), -KNOWN)
        asked_script, meant = script_of(word), concept(word)
        means = _CONCEPTS[meant] if meant else -1
        known = self._meant[places]
        if asked_script is not None:
            for number, other in enumerate(SCRIPTS):
                judged = np.flatnonzero((self._scripts[places] == number) & ~((known >= 0) & (means >= 0)))
                if len(judged):
                    these = places[judged]
                    one_is_known = (known[judged] >= 0) | (means >= 0)
                    odds[judged] = self.model.odds_of_rows(
                        word, asked_script, other, self._rows[these], self._lengths[these], one_is_known
                    )
        if means >= 0:
            odds[known == means] = KNOWN
        own = self.place.get(word)
        if own is not None:
            odds[places == own] = KNOWN
        kept = odds > LEAST_ODDS
        return places[kept], odds[kept]

    def joined(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """The words with two neighbours written in one, where the register knows the whole (Gul Ahmad, گلاحمد)."""
        found = []
        for place in range(len(words) - 1):
            a, b = words[place : place + 2]
            if not concept(a) and not concept(b) and script_of(a) == script_of(b) and len(a + b) > SHORT_HALF:
                found.append((*words[:place], a + b, *words[place + 2 :]))
        return found

    def halved(self, words: Sequence[str], persons: int) -> list[tuple[str, ...]]:
        """The words with one that is hardly known cut into two that are common (نورمفیدی: نور مفیدی)."""
        found = []
        million = max(persons, 1) / 1e6
        for place, word in enumerate(words):
            if len(word) < 2 * SHORT_HALF or concept(word) or self._borne(word) > RARE * million:
                continue
            best, halves = COMMON_HALVES * million, None
            for cut in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1):
                a, b = word[:cut], word[cut:]
                both = float(self._borne(a)) * self._borne(b) / (20 if min(len(a), len(b)) < SHORT_HALF else 1)
                if both > best:
                    best, halves = both, (a, b)
            if halves:
                found.append((*words[:place], *halves, *words[place + 1 :]))
        return found

    def _borne(self, word: str) -> int:
        place = self.place.get(word, -1)
        return int(self.bearers[place]) if 0 <= place < len(self.bearers) else 0


def _script_number(word: str) -> int:
    script = script_of(word)
    return SCRIPTS.index(script) if script in SCRIPTS else -1
