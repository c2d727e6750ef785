"""Which sound keys are stored with a person, and which are asked for: single words, and pairs of words.

A pair of words is rare where each word alone is common, so search and duplicates ask for pairs first; that is what keeps
the cost of any question small in a register where one man in five is called Mohammad.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from uuid import UUID

from panoh.identity.keys import KEY_VERSION, pair_keys, token_keys, tokens
from panoh.kernel.names import PersonName

MOST_KEYS_OF_A_PERSON = 60
MOST_KEYS_OF_A_QUESTION = 40


def keys_of_names(names: Iterable[PersonName]) -> set[str]:
    """Everything a person is to be found by: each word, and each word of the given name with every other word."""
    singles: list[str] = []
    pairs: list[str] = []
    for name in names:
        given = tokens(name.given)
        others = [word for _part, text in name.parts() if text is not name.given for word in tokens(text)]
        for word in (*given, *others):
            singles.extend(sorted(token_keys(word)))
        for first, second in (*combinations(given, 2), *((word, other) for word in given for other in others)):
            pairs.extend(sorted(pair_keys(first, second)))
    return set(list(dict.fromkeys([*singles, *pairs]))[:MOST_KEYS_OF_A_PERSON])


def keys_of_question(text: str) -> tuple[list[str], list[str]]:
    """(keys of pairs, keys of single words) of a typed name; the longest single keys, being the rarest, first."""
    words = tokens(text)
    pairs = [key for first, second in combinations(words, 2) for key in sorted(pair_keys(first, second))]
    singles = sorted({key for word in words for key in token_keys(word)}, key=lambda key: (-len(key), key))
    return list(dict.fromkeys(pairs))[:MOST_KEYS_OF_A_QUESTION], singles[:MOST_KEYS_OF_A_QUESTION]


def keys_to_save(names_of: Iterable[tuple[UUID, Sequence[PersonName]]]) -> list[dict[str, object]]:
    """The keys of persons in the form that the database function `registry_save` takes."""
    return [
        {"person": str(person_id), "version": KEY_VERSION, "keys": sorted(keys_of_names(names))}
        for person_id, names in names_of
    ]
