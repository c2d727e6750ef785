"""How alike two names are, between 0 and 1, and why: the reasons are what a clerk reads beside a suggestion.

Words are paired off one to one, in whatever order, so that the whole is most alike; a word that only one name has costs
something but not everything. How often a name occurs has no say here: `panoh.identity.likeness` weighs that.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from panoh.identity.sameness import sameness
from panoh.identity.words import words_of
from panoh.kernel.names import script_of

Reason = tuple[str, Mapping[str, str]]

LEAST_SAME = 0.3  # the least probability at which two words are told as one name
NEAR = 0.6  # below this a clerk should look twice
INITIAL = 0.7
EXTRA_WORD = 0.35  # what a word costs that only one of two names has, against a word that differs
OTHER_ORDER = 0.05
ONE_WORD_OF_MORE = 0.85  # one common word alone is little: half a country is called Mohammad


@dataclass(frozen=True, slots=True)
class Similarity:
    """`score` orders, `reasons` explain. Codes: same_word, same_sound, near_spelling, initial, other_order, extra_word."""

    score: float
    reasons: tuple[Reason, ...]


def similarity(a: str, b: str) -> Similarity:
    """Judge two whole names, in any script each."""
    first, second = words_of(a), words_of(b)
    if not first or not second:
        return Similarity(0.0, ())
    turned = (len(first), first) > (len(second), second)
    if turned:  # judged in one order whichever was given first: the score cannot depend on it
        first, second = second, first
    pairs = sorted(_pairs(first, second))
    used_first: set[int] = set()
    used_second: set[int] = set()
    told: list[tuple[int, Reason]] = []
    matched: list[tuple[int, int]] = []
    total = 0.0
    for missing, _apart, i, j, code in pairs:
        if i in used_first or j in used_second:
            continue
        used_first.add(i)
        used_second.add(j)
        matched.append((i, j))
        total += 1 - missing
        x, y = (second[j], first[i]) if turned else (first[i], second[j])
        told.append((j if turned else i, (code, {"a": x, "b": y})))
    if not matched:
        return Similarity(0.0, ())
    reasons = [reason for _place, reason in sorted(told, key=lambda one: one[0])]
    matched.sort()
    if any(later[1] < earlier[1] for earlier, later in itertools.pairwise(matched)):
        reasons.append(("other_order", {}))
        total -= OTHER_ORDER
    lone = [
        [word for i, word in enumerate(first) if i not in used_first],
        [word for j, word in enumerate(second) if j not in used_second],
    ]
    for words in reversed(lone) if turned else lone:
        reasons += [("extra_word", {"word": word}) for word in words]
    differing = min(map(len, lone))
    extra = max(map(len, lone)) - differing
    score = total / (len(matched) + differing + extra * EXTRA_WORD)
    if len(matched) == 1 and (differing or extra):
        score *= ONE_WORD_OF_MORE
    return Similarity(round(max(0.0, min(1.0, score)), 4), tuple(reasons))


def _pairs(first: tuple[str, ...], second: tuple[str, ...]) -> list[tuple[float, int, int, int, str]]:
    """(what is missing to certainty, how far apart, places, code) of every pair that may be one name."""
    found = []
    for i, word in enumerate(first):
        for j, other in enumerate(second):
            score, code = _judge(word, other, _chance(word, other))
            if code:
                found.append((round(1 - score, 6), abs(i - j), i, j, code))
    return found


@lru_cache(maxsize=200_000)
def _chance(a: str, b: str) -> float:
    """Kept, because whoever compares records meets the same words again and again."""
    return sameness(a, b)


def _judge(a: str, b: str, chance: float) -> tuple[float, str]:
    if a == b:
        return 1.0, "same_word"
    if 1 in (len(a), len(b)) and _chance(a[:1], b[:1]) >= LEAST_SAME:
        return INITIAL, "initial"
    if chance < LEAST_SAME:
        return 0.0, ""
    if chance >= NEAR:
        return chance, "same_sound"
    return chance, "near_spelling" if script_of(a) == script_of(b) else "same_sound"
