"""Keys of a word: what it sounds like without its vowels, in one alphabet for three scripts, and with one sound less.

Two words that may be one name share a key; `panoh.identity.sameness` then judges each pair. Keys are generous (some 400 of
25,000 words share one with any given word) and few (four a word), so they are looked up by equality alone.
"""

from collections.abc import Callable
from functools import lru_cache

from panoh.identity.letters import DIGRAPHS, GLIDE, LONGEST_DIGRAPH, SILENT, SOUNDS, VOWEL

MOST_READINGS = 6
MOST_KEYS_OF_A_WORD = 24
SHORTEST_WITH_A_SOUND_LESS = 3


@lru_cache(maxsize=100_000)
def word_keys(word: str) -> tuple[str, ...]:
    """The keys of one word as `words_of` gives them: its skeletons, and each skeleton with one sound left out.

    Never empty for a word with a letter in it: one in a script that is not ours is its own key.
    """
    skeletons = _skeletons(word)[:MOST_READINGS]
    if word.startswith(("al", "el")) and len(word) > 5 and word[2] not in "aeiouly":
        skeletons += _skeletons(word[2:])[:2]  # Alshahrani beside Shahrani
    if not skeletons:
        return (f"-{word[:8]}",)
    found = dict.fromkeys(skeletons)
    for skeleton in skeletons:
        if len(skeleton) >= SHORTEST_WITH_A_SOUND_LESS:
            found.update(dict.fromkeys(skeleton[:i] + skeleton[i + 1 :] for i in range(len(skeleton))))
    return tuple(found)[:MOST_KEYS_OF_A_WORD]


def _sounds(word: str) -> list[tuple[str, ...]]:
    sounds: list[tuple[str, ...]] = []
    position = 0
    while position < len(word):
        for length in range(LONGEST_DIGRAPH, 1, -1):
            piece = word[position : position + length]
            if len(piece) == length and piece in DIGRAPHS:
                sounds.append(DIGRAPHS[piece])
                position += length
                break
        else:
            sounds.append(SOUNDS.get(word[position], (SILENT,)))
            position += 1
    return sounds


def _skeletons(word: str) -> list[str]:
    """Every reading of the word, the likeliest first, each as: what it begins with, then its consonants."""
    sounds = _sounds(word)
    while len(sounds) > 1 and sounds[0] == (SILENT,):
        sounds.pop(0)
    readings = [""]
    for place, alternatives in enumerate(sounds):
        if place == 0 or alternatives not in ((VOWEL,), (GLIDE,)):
            readings = [reading + sound for reading in readings for sound in alternatives][: 2 * MOST_READINGS]
    skeletons = list(dict.fromkeys(skeleton for reading in readings if (skeleton := _settle(reading))))
    # A last h is left out by half of all spellings (Fatima, Fatimah). Russian х may be that h, or kh, which is heard.
    without = list(dict.fromkeys(map(_without_last_h, skeletons)))
    if word[-1] in "hهح":
        return without
    if word[-1] in "хҳ":
        return list(dict.fromkeys([*skeletons, *without]))
    return skeletons


def _without_last_h(skeleton: str) -> str:
    return skeleton[:-1] if len(skeleton) > 2 and skeleton[-1] == "h" else skeleton


def _settle(reading: str) -> str:
    """Equal consonants in a row once: Latin doubles them at will, and Arabic writes two with a vowel between as two.

    The class x (kh) lives until here only: Russian х writes both h and kh, so a stored key cannot keep them apart.
    """
    word = "".join(letter for letter, before in zip(reading, "." + reading, strict=False) if letter != before)
    return word.replace("x", "h")


# Every version that may stand in an index, and how its keys are made. To change the algorithm, add a version beside the old
# one: both are asked for while `panoh identity index` re-keys the words, and the old one goes with the release after.
KEYS: dict[int, Callable[[str], tuple[str, ...]]] = {2: word_keys}
