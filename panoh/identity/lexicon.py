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

from panoh.identity.channels import SCRIPTS, Floats
from panoh.identity.sameness import KNOWN, Model, Words
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
        self._written = Words(np.zeros(0, np.int8), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int8))
        self._of_key: dict[str, list[int]] = {}
        self._asked_keys: dict[str, Longs] = {}  # the same, of keys that somebody asked for
        self._script_of: npt.NDArray[np.int8] = np.full(1, -1, np.int8)  # by the register's numbers

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
                    self._asked_keys.pop(key, None)
                self.words.append(entry.word)
                fresh.append(entry)
            elif self.numbers[known] != entry.number:
                self.numbers[known] = entry.number
                self._tell_scripts([entry.number], [_script_number(entry.word)])
                renumbered = True
        if fresh:
            self._append(fresh)
        return renumbered

    def _append(self, fresh: Sequence[Entry]) -> None:
        words = [entry.word for entry in fresh]
        scripts = np.array([_script_number(word) for word in words], np.int8)
        self._tell_scripts([entry.number for entry in fresh], scripts)
        rows = np.zeros(len(fresh), np.int64)
        for number, script in enumerate(SCRIPTS):
            places = np.flatnonzero(scripts == number)
            rows[places] = self.model.words[script].rows_of([words[place] for place in places.tolist()])
        meanings = np.array([_CONCEPTS[name] if (name := concept(word)) else -1 for word in words], np.int8)
        # Readers hold the arrays that they began with: the new ones take their place one by one, the longest-lived last.
        lengths, before = np.array([len(word) for word in words], np.int64), self._written
        self._written = Words(
            np.concatenate([before.script, scripts]),
            np.concatenate([before.row, rows]),
            np.concatenate([before.length, lengths]),
            np.concatenate([before.means, meanings]),
        )
        self.bearers = np.concatenate([self.bearers, [entry.bearers for entry in fresh]])
        self.numbers = np.concatenate([self.numbers, [entry.number for entry in fresh]])

    def _tell_scripts(self, numbers: Sequence[int], scripts: npt.ArrayLike) -> None:
        known = self._script_of
        if max(numbers) >= len(known):
            known = np.full(max(2 * len(known), max(numbers) + 1), -1, np.int8)
            known[: len(self._script_of)] = self._script_of
        known[numbers] = scripts
        self._script_of = known

    def scripts_of(self, numbers: Longs) -> npt.NDArray[np.int8]:
        """The scripts (places in SCRIPTS) of words given by the register's numbers, -1 for those that are not known."""
        known = self._script_of
        return np.where((numbers >= 0) & (numbers < len(known)), known.take(numbers, mode="clip"), np.int8(-1))

    def commonest(self, most: int) -> list[str]:
        """The words that most people bear."""
        return [self.words[place] for place in np.argsort(-self.bearers, kind="stable")[:most].tolist()]

    def near(self, word: str, keys: Mapping[str, Sequence[str]], since: int = 0) -> tuple[Longs, Floats]:
        """(places of the words that may be this word, the log odds of each), of those added from place `since` on."""
        shares = np.zeros(len(self.words), np.bool_)
        for version, some in keys.items():
            for key in some:
                shares[self._places_of(f"{version}:{key}")] = True
        size = len(self.numbers)
        places = since + np.flatnonzero(shares[since:size])
        script, meant = script_of(word), concept(word)
        means = _CONCEPTS[meant] if meant else -1
        written = self._written
        if script is None:
            odds = np.full(len(places), -KNOWN)
        else:
            odds = self.model.odds_of_words(word, script, means, places, written)
        if means >= 0:
            odds[written.means[places] == means] = KNOWN
        own = self.place.get(word)
        if own is not None:
            odds[places == own] = KNOWN
        kept = odds > LEAST_ODDS
        return places[kept], odds[kept]

    def _places_of(self, key: str) -> Longs:
        found = self._asked_keys.get(key)
        if found is None:
            found = np.array(self._of_key.get(key, ()), np.int64)
            if len(found):
                self._asked_keys[key] = found
        return found

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
