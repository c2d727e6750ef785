"""Which words of a register may be one name, all at once: a small table that turns the comparison of records into look-ups.

A million persons bear some 50,000 different words. Only words that share a key are judged (`panoh.identity.keys`), each pair
once, by the same model that search uses (`panoh.identity.sameness`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import costs_of_pairs
from panoh.identity.keys import word_keys
from panoh.identity.sameness import CHANNELS, SCRIPTS, Model, model
from panoh.identity.words import concept
from panoh.kernel.names import script_of

PAIRED = math.log(0.92)
RAREST = 1e-5  # no name counts as rarer than this
LEAST_SAME = 0.02  # below this two words are held to be two names
AT_ONCE = 250_000
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
    known = np.full(len(words), -1)
    numbers: dict[str, int] = {}
    for place, name in concepts.items():
        known[place] = numbers.setdefault(name, len(numbers))
    rows = _rows(words, scripts, learned)
    lengths = np.array([len(word) for word in words])
    found: list[tuple[Longs, Longs, npt.NDArray[np.float64]]] = []
    a, b = _sharing_a_key(words)
    both = (known[a] >= 0) & (known[b] >= 0)
    for number, (one, other) in enumerate(CHANNELS):
        x, y = SCRIPTS.index(one), SCRIPTS.index(other)
        straight = (scripts[a] == x) & (scripts[b] == y) & ~both
        turned = (scripts[a] == y) & (scripts[b] == x) & ~both if x != y else np.zeros(len(a), bool)
        left, right = np.concatenate([a[straight], b[turned]]), np.concatenate([b[straight], a[turned]])
        channel = learned.channels[number]
        of_left, of_right = learned.words[one], learned.words[other]
        for begin in range(0, len(left), AT_ONCE):
            some, others = left[begin : begin + AT_ONCE], right[begin : begin + AT_ONCE]
            cost = costs_of_pairs(
                of_left.single, of_left.double, of_left.length, rows[some],
                of_right.single, of_right.double, of_right.length, rows[others],
                channel.both, channel.left, channel.right, channel.of_left, channel.of_right,
            )  # fmt: skip
            chance = learned.weigh_pairs(cost, lengths[some], lengths[others], number)
            near = chance > LEAST_SAME
            found.append((some[near], others[near], chance[near]))
    places = list(concepts)
    pairs = [(p, q) for n, p in enumerate(places) for q in places[n + 1 :] if concepts[p] == concepts[q]]
    found.append((np.array([p for p, _ in pairs], int), np.array([q for _, q in pairs], int), np.ones(len(pairs))))
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]


def _rows(words: Sequence[str], scripts: Longs, learned: Model) -> Longs:
    rows = np.zeros(len(words), np.int64)
    for number, script in enumerate(SCRIPTS):
        places = np.flatnonzero(scripts == number)
        rows[places] = learned.words[script].rows_of([words[place] for place in places.tolist()])
    return rows


def _sharing_a_key(words: Sequence[str]) -> tuple[Longs, Longs]:
    """Every two words with a key in common, once, the earlier first."""
    numbers: dict[str, int] = {}
    keys = [[numbers.setdefault(key, len(numbers)) for key in word_keys(word)] for word in words]
    start = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(some) for some in keys], out=start[1:])
    of_words = np.fromiter((key for some in keys for key in some), np.int64, int(start[-1]))
    order = np.argsort(of_words, kind="stable")
    bearers = np.repeat(np.arange(len(words)), np.diff(start))[order]
    bearer_start = np.searchsorted(of_words[order], np.arange(len(numbers) + 1))
    pairs = _pairs(start, of_words, bearer_start, bearers)
    return pairs[:, 0], pairs[:, 1]


@njit(cache=True)
def _pairs(start, keys, bearer_start, bearers):  # type: ignore[no-untyped-def]
    seen = np.full(start.shape[0] - 1, -1, np.int64)
    pairs, kept = np.empty((1 << 20, 2), np.int64), 0
    for word in range(start.shape[0] - 1):
        for key in keys[start[word] : start[word + 1]]:
            if bearer_start[key + 1] - bearer_start[key] > COMMONEST_KEY:
                continue
            for other in bearers[bearer_start[key] : bearer_start[key + 1]]:
                if other <= word or seen[other] == word:
                    continue
                seen[other] = word
                if kept == pairs.shape[0]:
                    room = np.empty((2 * kept, 2), np.int64)
                    room[:kept] = pairs
                    pairs = room
                pairs[kept, 0], pairs[kept, 1] = word, other
                kept += 1
    return pairs[:kept]
