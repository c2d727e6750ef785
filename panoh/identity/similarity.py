"""How alike two names are, between 0 and 1, and why: the reasons are what a clerk reads beside a suggestion.

Words are paired off one to one, the best pairs first, so that order does not matter and a word that only one form has
costs something but not everything. Each pair is judged on the sound skeleton (across scripts) and on the spelling in
Latin letters. Simple on purpose: the learned engine that follows keeps this signature.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

from panoh.identity.keys import MOST_TOKENS, token_keys, tokens
from panoh.identity.romanise import romanise
from panoh.kernel.names import script_of

Reason = tuple[str, Mapping[str, str]]

SAME_WORD = 1.0
SAME_SOUND = 0.93  # the same skeleton, another spelling or another script
NEAR_SPELLING = 0.88  # Jaro-Winkler of the Latin forms from which two words are held to be one word misspelt
INITIAL = 0.7
EXTRA_WORD = 0.35  # what a word costs that only one of two forms has, against a word that differs


@dataclass(frozen=True, slots=True)
class Similarity:
    """`score` orders, `reasons` explain. Codes: same_word, same_sound, near_spelling, initial, other_order, extra_word."""

    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    latin: str
    keys: frozenset[str]


def similarity(a: str, b: str) -> Similarity:
    """Judge two whole names, in any script each."""
    first, second = _words(a), _words(b)
    if not first or not second:
        return Similarity(0.0, ())
    pairs = sorted(
        ((*_judge(x, y), i, j) for i, x in enumerate(first) for j, y in enumerate(second)),
        key=lambda pair: (-pair[0], abs(pair[2] - pair[3]), pair[2], pair[3]),
    )
    used_first: set[int] = set()
    used_second: set[int] = set()
    reasons: list[tuple[int, Reason]] = []
    matched: list[tuple[int, int]] = []
    total = 0.0
    for score, code, i, j in pairs:
        if code is None or i in used_first or j in used_second:
            continue
        used_first.add(i)
        used_second.add(j)
        matched.append((i, j))
        total += score
        reasons.append((i, (code, {"a": first[i].text, "b": second[j].text})))
    if not matched:
        return Similarity(0.0, ())
    reasons.sort(key=lambda reason: reason[0])
    told = [reason for _, reason in reasons]
    matched.sort()
    if any(later[1] < earlier[1] for earlier, later in itertools.pairwise(matched)):
        told.append(("other_order", {}))
        total -= 0.05
    left_over_first = [word for i, word in enumerate(first) if i not in used_first]
    left_over_second = [word for j, word in enumerate(second) if j not in used_second]
    differing = min(len(left_over_first), len(left_over_second))
    extra = max(len(left_over_first), len(left_over_second)) - differing
    for word in left_over_first + left_over_second:
        told.append(("extra_word", {"word": word.text}))
    score = total / (len(matched) + differing + extra * EXTRA_WORD)
    if len(matched) == 1 and (differing or extra):
        score *= 0.85  # one common word alone is little: half a country is called Mohammad
    return Similarity(round(max(0.0, min(1.0, score)), 4), tuple(told))


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[_Word, ...]:
    return tuple(_word(token) for token in tokens(text)[:MOST_TOKENS])


@lru_cache(maxsize=50_000)
def _word(token: str) -> _Word:
    return _Word(token, romanise(token, script_of(token) or "Latn").lower(), token_keys(token))


def _judge(a: _Word, b: _Word) -> tuple[float, str | None]:
    if a.text == b.text:
        return SAME_WORD, "same_word"
    if 1 in (len(a.text), len(b.text)) and a.latin[:1] == b.latin[:1]:
        return INITIAL, "initial"
    spelling = JaroWinkler.similarity(a.latin, b.latin)
    if a.keys & b.keys:
        # Very short skeletons meet by chance (Ali, Ila): there the vowels have a say.
        if max(map(len, a.keys & b.keys)) >= 3 or spelling >= 0.75:
            return max(SAME_SOUND, spelling * 0.99), "same_sound"
        return 0.8, "same_sound"
    if spelling >= NEAR_SPELLING and min(len(a.latin), len(b.latin)) > 3:
        return spelling * 0.95, "near_spelling"
    return 0.0, None
