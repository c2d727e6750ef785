"""Which words of a register may be one name, all at once: a small table that turns the comparison of records into look-ups.

A million persons bear some 50,000 different words. Only words that share a key are judged (`panoh.identity.keys`), each pair
once, by the same model that search uses (`panoh.identity.sameness`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import costs
from panoh.identity.channels import SCRIPTS
from panoh.identity.keys import word_keys
from panoh.identity.sameness import Model, model, odds_by_signs
from panoh.identity.words import concept
from panoh.kernel.names import script_of

PAIRED = math.log(0.92)
RAREST = 1e-5  # no name counts as rarer than this
LEAST_SAME = 0.02  # below this two words are held to be two names
LEAST_ODDS = math.log(LEAST_SAME / (1 - LEAST_SAME))
WORDS_AT_ONCE = 500
NOT_COUNTED = 1000  # words of an imagined register, so that the names of a small one do not all weigh as common
COMMONEST_KEY = 4_000  # words; a key that more share says nothing

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Nearness:
    """For word k: the words that may be the same name (`other[start[k] : start[k + 1]]`, in order), and the evidence of each.

    `share[k]` is how large a share of all words of names this name is, in all its spellings.
    """

    start: Longs
    other: npt.NDArray[np.int32]
    same: npt.NDArray[np.float32]
    evidence: npt.NDArray[np.float32]
    share: npt.NDArray[np.float64]


def nearness(words: Sequence[str], bearers: Longs, share: npt.NDArray[np.float64] | None = None) -> Nearness:
    """The table of all pairs of words that may be one name, each word with itself as well.

    `share` where it is known from elsewhere, because these are not all words of the register.
    """
    a, b, same = _judged(words)
    every = np.arange(len(words))
    left, right = np.concatenate([a, b, every]), np.concatenate([b, a, every])
    chance = np.concatenate([same, same, np.ones(len(words))])
    order = np.lexsort((right, left))
    left, right, chance = left[order], right[order], chance[order]
    start = np.searchsorted(left, np.arange(len(words) + 1))
    borne = np.maximum(bearers, 1)
    if share is None:
        share = np.maximum(np.bincount(left, chance * borne[right], len(words)) / (borne.sum() + NOT_COUNTED), RAREST)
    rarity = -np.log(share)
    evidence = np.log(chance) + (rarity[left] + rarity[right]) / 2 + PAIRED
    return Nearness(start, right.astype(np.int32), chance.astype(np.float32), evidence.astype(np.float32), share)


def _judged(words: Sequence[str]) -> tuple[Longs, Longs, npt.NDArray[np.float64]]:
    """(a, b, probability) of every pair of different words that may be one name, a before b."""
    learned = model()
    scripts = np.array([SCRIPTS.index(script) if (script := script_of(word)) in SCRIPTS else -1 for word in words])
    concepts = {place: name for place, word in enumerate(words) if (name := concept(word))}
    known = np.zeros(len(words), np.bool_)
    known[list(concepts)] = True
    spelt = Spelt(scripts, known, np.array([len(word) for word in words]), _rows(words, scripts, learned))
    channels = tuple(learned.channels_from(script) for script in range(len(SCRIPTS)))
    given = (spelt, _shared_keys(words), learned.rows(), channels, learned.weights)
    with ThreadPoolExecutor(cpu_count() or 1) as workers:
        stretches = range(0, len(words), WORDS_AT_ONCE)
        found = list(
            workers.map(lambda begin: _judge(begin, min(begin + WORDS_AT_ONCE, len(words)), *given), stretches)
        )
    places = list(concepts)
    pairs = [(p, q) for n, p in enumerate(places) for q in places[n + 1 :] if concepts[p] == concepts[q]]
    found.append((np.array([p for p, _ in pairs], int), np.array([q for _, q in pairs], int), np.ones(len(pairs))))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]


class Spelt(NamedTuple):
    """Of each word its script, whether it is one of the few that need no judging among each other, its length and its row."""

    script: Longs
    known: npt.NDArray[np.bool_]
    length: Longs
    row: Longs


class Keys(NamedTuple):
    """The keys of word k are `of_words[start[k] : start[k + 1]]`; who has key q, `bearers[bearer_start[q] : …]`."""

    start: Longs
    of_words: Longs
    bearer_start: Longs
    bearers: Longs


def _rows(words: Sequence[str], scripts: Longs, learned: Model) -> Longs:
    rows = np.zeros(len(words), np.int64)
    for number, script in enumerate(SCRIPTS):
        places = np.flatnonzero(scripts == number)
        rows[places] = learned.words[script].rows_of([words[place] for place in places.tolist()])
    return rows


def _shared_keys(words: Sequence[str]) -> Keys:
    numbers: dict[str, int] = {}
    keys = [[numbers.setdefault(key, len(numbers)) for key in word_keys(word)] for word in words]
    start = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(some) for some in keys], out=start[1:])
    of_words = np.fromiter((key for some in keys for key in some), np.int64, int(start[-1]))
    order = np.argsort(of_words, kind="stable")
    bearers = np.repeat(np.arange(len(words)), np.diff(start))[order]
    return Keys(start, of_words, np.searchsorted(of_words[order], np.arange(len(numbers) + 1)), bearers)


@njit(cache=True, nogil=True)
def _sharing_a_key(word, script, spelt, keys, seen, found):  # type: ignore[no-untyped-def]
    """The words of a script that stand after this one and share a key with it; how many these are."""
    count = 0
    for key in keys.of_words[keys.start[word] : keys.start[word + 1]]:
        begin, end = keys.bearer_start[key], keys.bearer_start[key + 1]
        if end - begin > COMMONEST_KEY:
            continue
        for at in range(begin, end):
            other = keys.bearers[at]
            if other > word and seen[other] != word and spelt.script[other] == script:
                seen[other] = word
                if not (spelt.known[word] and spelt.known[other]):
                    found[count] = other
                    count += 1
    return count


@njit(cache=True, nogil=True)
def _judge(begin, end, spelt, keys, of_scripts, channels, weights):  # type: ignore[no-untyped-def]
    """(a, b, probability) for the words of a stretch with all that stand after them."""
    seen, near = np.full(spelt.script.shape[0], -1, np.int64), np.empty(spelt.script.shape[0], np.int64)
    kept, found, chance = 0, np.empty((4096, 2), np.int64), np.empty(4096)
    for word in range(begin, end):
        script = spelt.script[word]
        if script < 0:
            continue
        single, double, length = of_scripts[script]
        row = spelt.row[word]
        for other_script in range(3):
            others = near[: _sharing_a_key(word, other_script, spelt, keys, seen, near)]
            if not others.shape[0]:
                continue
            both, left, right, of_left, of_right, number = channels[script][other_script]
            singles, doubles, lengths = of_scripts[other_script]
            cost = costs(
                single[row, : length[row]], double[row, : length[row]], singles, doubles, lengths, spelt.row[others],
                both, left, right, of_left, of_right,
            )  # fmt: skip
            told = odds_by_signs(
                cost, spelt.length[word], spelt.length[others], number, script == other_script, weights
            )  # fmt: skip
            for k in range(others.shape[0]):
                odds = told[k]
                if odds <= LEAST_ODDS:
                    continue
                if kept == chance.shape[0]:
                    found, chance = np.concatenate((found, found)), np.concatenate((chance, chance))
                found[kept, 0], found[kept, 1], chance[kept] = word, others[k], 1 / (1 + np.exp(-odds))
                kept += 1
    return found[:kept, 0], found[:kept, 1], chance[:kept]
