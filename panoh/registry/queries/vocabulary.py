"""The words of all names in this process: asked for once, then only those that came since.

What a word may be is judged once and kept, since words are only ever added. How many bear each is as old as the last count.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import DatabaseError, connection

from panoh.access.context import acting_as_system
from panoh.identity.lexicon import Entry, Lexicon
from panoh.identity.likeness import NOBODYS, agreement
from panoh.identity.proposing import practise
from panoh.identity.sameness import model
from panoh.registry.nameindex import keys_of_word
from panoh.registry.queries.probes import Slot, array_of, slot_of_father, slot_of_name

logger = logging.getLogger(__name__)

LATE_WORDS = 256  # a word may become visible after one with a higher number: so far back is always asked again
MOST_KEPT = 20_000
MOST_NEAR = 80
COMMON_WORDS = 2_000
NOT_COUNTED_YET = 1000  # words of an imagined register, so that the first names of an empty one do not weigh as common


@dataclass(frozen=True)
class Near:
    """Words of the register that may be one word asked: numbers, agreement, bearers, and the share of all words they are.

    `surest`: the highest log odds among them; `judged`: how many words were known when they were judged. What the index is
    asked for in its place is kept as well, once somebody asked.
    """

    ids: npt.NDArray[np.int64]
    same: npt.NDArray[np.float64]
    bearers: npt.NDArray[np.int64]
    common: float
    surest: float
    judged: int

    @cached_property
    def as_name(self) -> Slot:
        return slot_of_name(self.ids, self.same, self.bearers, self.common)

    @cached_property
    def as_father(self) -> Slot:
        return slot_of_father(self.ids, self.same, self.bearers, self.common)


@dataclass
class Vocabulary:
    """The words of one database as it was last counted, and what was judged about them."""

    counted_at: str | None
    newest: int = 0
    persons: int = 0
    total: int = 0
    lexicon: Lexicon = field(default_factory=lambda: Lexicon(model()))
    kept: OrderedDict[str, Near] = field(default_factory=OrderedDict)
    lately: list[int] = field(default_factory=list)  # numbers among the last LATE_WORDS that are known

    def add(self, fresh: Sequence[Sequence[Any]], newest: int) -> None:
        entries = (Entry(number, word, bearers, (keys or "").split()) for number, word, bearers, keys in fresh)
        if self.lexicon.add(entries):
            self.kept.clear()
        self.newest = max(self.newest, newest)
        self.lately = [
            number
            for number in (*self.lately, *(row[0] for row in fresh[-2 * LATE_WORDS :]))
            if number > self.newest - LATE_WORDS
        ]

    def near(self, word: str) -> Near:
        before = self.kept.get(word)
        size = len(self.lexicon)
        if before is not None and before.judged == size:
            self.kept.move_to_end(word)
            return before
        places, odds = self.lexicon.near(word, keys_of_word(word), before.judged if before else 0)
        if before is not None and not len(places):
            found = replace(before, judged=size)
        else:
            found = self._judged(places, odds, before, size)
        self.kept[word] = found
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        return found

    def _judged(
        self, places: npt.NDArray[np.int64], odds: npt.NDArray[np.float64], before: Near | None, size: int
    ) -> Near:
        ids, same, bearers = self.lexicon.numbers[places], agreement(odds), self.lexicon.bearers[places]
        surest = float(odds.max()) if len(odds) else -np.inf
        if before is not None:
            ids = np.concatenate([before.ids, ids])
            same = np.concatenate([before.same, same])
            bearers = np.concatenate([before.bearers, bearers])
            surest = max(surest, before.surest)
        order = np.argsort(-same * np.log(bearers + 3), kind="stable")[:MOST_NEAR]
        ids, same, bearers = ids[order], same[order], bearers[order]
        common = float((same * np.maximum(bearers, 1)).sum() / (self.total + NOT_COUNTED_YET)) + NOBODYS
        return Near(ids, same, bearers, common, surest, size)


_current: Vocabulary | None = None
_lock = Lock()


def current_vocabulary() -> Vocabulary:
    """The words that are visible now. Under the lock: who comes while they are first fetched waits for them."""
    global _current
    with _lock:
        held = _current
        answer = _ask(*_since(held))
        if held is None or _is_another(held, answer):
            if held is not None:
                answer = _ask(*_since(None))
            held = Vocabulary(answer["counted_at"], persons=answer["persons"], total=answer["words"])
        if answer["fresh"]:
            held.add(answer["fresh"], answer["newest"])
        _current = held
        return held


@dataclass(frozen=True, slots=True)
class Held:
    """The words that this process knows, and what `registry_words` is asked in the same statement as a question made of them: a
    question of its own would cost as much as the policy."""

    vocabulary: Vocabulary
    arguments: tuple[int, str]

    def is_current(self, told: str | None) -> bool:
        """Whether the database, asked so, told of nothing else."""
        answer = _read(told)
        return not answer["fresh"] and not _is_another(self.vocabulary, answer)


def held_vocabulary() -> Held:
    with _lock:
        held = _current
        arguments = _since(held)
    return Held(held or current_vocabulary(), arguments)


def _since(held: Vocabulary | None) -> tuple[int, str]:
    return (held.newest - LATE_WORDS, array_of(held.lately)) if held else (0, "{}")


def _is_another(held: Vocabulary, answer: dict[str, Any]) -> bool:
    """Whether these are words of another count or another database."""
    return answer["counted_at"] != held.counted_at or answer["newest"] < held.newest


def fetch_words() -> None:
    """Before the first clerk searches: at a million persons fetching all words takes a process a second.

    What the commonest may be, and how they are spelt in other scripts, is judged then too: half a second.

    A database that is not up yet is no reason not to start: then the first question fetches them.
    """
    try:
        with acting_as_system("the words of names, at the start of a process of the server"):
            vocabulary = current_vocabulary()
        common = vocabulary.lexicon.commonest(COMMON_WORDS)
        near_words(common, vocabulary)
        practise(common)
    except DatabaseError:
        logger.warning("The words of names could not be fetched; the first search fetches them.", exc_info=True)
    finally:
        connection.close()  # it belongs to the thread that started, which answers nobody


def near_words(words: Sequence[str], vocabulary: Vocabulary) -> dict[str, Near]:
    """What each word may be in this register."""
    with _lock:
        return {word: vocabulary.near(word) for word in dict.fromkeys(words)}


def forget_vocabulary() -> None:
    global _current
    with _lock:
        _current = None


def _ask(newer_than: int, known: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_words(%s, %s::int[])", [newer_than, known])
        row = cursor.fetchone()
    return _read(row[0] if row else None)


def _read(told: str | None) -> dict[str, Any]:
    return json.loads(told) if told else {"newest": 0, "persons": 0, "words": 0, "counted_at": None, "fresh": []}
