"""Name keys: what a name sounds like without its vowels, in one alphabet for three scripts.

The register stores the keys of every name beside the person and asks for equality alone. Equality needs only an
ordinary b-tree, which row-level security leaves usable (a fuzzy operator would not be: it is not leakproof).
Keys are generous; `panoh.identity.similarity` then ranks what they found and says why.

Bounded: a text of any length costs no more than `LONGEST_TEXT` letters and yields no more than `MOST_KEYS` keys.
"""

from functools import lru_cache
from itertools import product

from panoh.identity.letters import DIGRAPHS, GLIDE, LONGEST_DIGRAPH, SILENT, SOUNDS, VOWEL, normalise

KEY_VERSION = 1  # stored with each key: keys of another version are made anew, never compared
LONGEST_TEXT = 400
LONGEST_TOKEN = 40
MOST_TOKENS = 12
MOST_KEYS_OF_A_TOKEN = 8
MOST_KEYS = 48

# Short forms in which the commonest name of all is written (Mohd., Mhd., М.).
SHORT_FORMS = {
    **dict.fromkeys(("mohd", "mhd", "md", "muhd", "mohammd", "mohamd", "mohamad", "mohammed"), "mohammad"),
    **dict.fromkeys(("мухд", "мд", "мх"), "мухаммад"),
}
# First halves of compounds (servant of …) and last halves (… of God, … of the faith), as people write them apart.
FIRST_HALVES = frozenset(
    [
        "abd",
        "abdul",
        "abdal",
        "abdol",
        "abdel",
        "abdur",
        "abdus",
        "abdu",
        "abdoul",
        "abu",
        "abo",
        "abou",
        "abul",
        "abol",
        "عبد",
        "عبدال",
        "ابو",
        "абу",
        "абд",
        "абдул",
        "абдур",
        "абду",
        "абдал",
    ]
)
LAST_HALVES = frozenset(
    [
        "ullah",
        "allah",
        "ulla",
        "ollah",
        "uddin",
        "udin",
        "addin",
        "eddin",
        "oddin",
        "aldin",
        "الله",
        "اله",
        "الدین",
        "улло",
        "уллох",
        "уллоҳ",
        "улла",
        "уддин",
    ]
)
ARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "us",
        "ur",
        "ud",
        "uz",
        "ال",
        "ус",
        "ур",
        "уд",
        "аль",
        "эль",
        "ул",
        "уль",
        "bin",
        "ibn",
        "بن",
        "ابن",
        "бин",
        "ибн",
    ]
)
# Endings of family names and patronymics. The reform of 2016 made Rahmonov Rahmonzoda or Rahmon; siblings differ.
ENDINGS = (
    "ovich", "evich", "ovna", "evna", "ova", "eva", "ov", "ev", "off", "zoda", "zada", "zadah", "zadeh", "zade", "zod", "iyon", "far", "pur", "pour",
    "ович", "евич", "овна", "евна", "ова", "ева", "ов", "ев", "зода", "заде", "зод", "иён", "фар", "пур", "زاده", "زاد", "پور", "فر",
)  # fmt: skip


def tokens(text: str) -> tuple[str, ...]:
    """The words of a name in normal letters; halves of a compound that were written apart are joined."""
    words = [word[:LONGEST_TOKEN] for word in normalise(text[:LONGEST_TEXT]).split()][: 2 * MOST_TOKENS]
    joined: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        rest = words[index + 1 :]
        if word in FIRST_HALVES and rest:
            skip = 2 if rest[0] in ARTICLES and len(rest) > 1 else 1
            word += "".join(rest[:skip])
            index += skip
        elif word in ARTICLES and rest:
            index += 1  # the article says nothing about who is meant
            continue
        elif word in LAST_HALVES and joined:
            joined[-1] += word
            index += 1
            continue
        joined.append(word)
        index += 1
    return tuple(SHORT_FORMS.get(word, word) for word in joined[:MOST_TOKENS])


@lru_cache(maxsize=50_000)
def token_keys(token: str) -> frozenset[str]:
    """The consonant skeletons of one word: several where a letter may stand for several sounds or an ending may go."""
    found = set(_skeletons(token))
    for ending in ENDINGS:
        if token.endswith(ending) and len(token) >= len(ending) + 3:
            found.update(_skeletons(token[: -len(ending)]))
            break
    if token.startswith("ال") and len(token) > 3:
        found.update(_skeletons(token[2:]))
    elif token.startswith(("al", "el")) and len(token) > 6 and token[2] not in "aeiouly":
        found.update(_skeletons(token[2:]))  # Alshahrani beside Shahrani
    return frozenset(sorted(found)[:MOST_KEYS_OF_A_TOKEN])


def name_keys(text: str) -> frozenset[str]:
    """The keys of a whole name: those of each of its words. Empty when no letter of a known script is in it."""
    found: list[str] = []
    for token in tokens(text):
        found.extend(sorted(token_keys(token)))
    return frozenset(found[:MOST_KEYS])


def pair_keys(first: str, second: str) -> frozenset[str]:
    """Keys of two words (as `tokens` gives them) together, in either order: rare where each word alone is common (Mohammad, Naim)."""
    return frozenset(
        "+".join(sorted(pair)) for pair in product(sorted(token_keys(first))[:2], sorted(token_keys(second))[:2])
    )


def _sounds(token: str) -> list[tuple[str, ...]]:
    sounds: list[tuple[str, ...]] = []
    position = 0
    while position < len(token):
        for length in range(LONGEST_DIGRAPH, 1, -1):
            piece = token[position : position + length]
            if len(piece) == length and piece in DIGRAPHS:
                sounds.append(DIGRAPHS[piece])
                position += length
                break
        else:
            sounds.append(SOUNDS.get(token[position], (SILENT,)))
            position += 1
    return sounds


def _skeletons(token: str) -> set[str]:
    """Every reading of the word, each as: what it begins with, then its consonants."""
    sounds = _sounds(token)
    while len(sounds) > 1 and sounds[0] == (SILENT,):
        sounds.pop(0)
    readings = [""]
    for place, alternatives in enumerate(sounds):
        if place == 0 or alternatives not in ((VOWEL,), (GLIDE,)):
            readings = [reading + sound for reading in readings for sound in alternatives][:MOST_KEYS_OF_A_TOKEN]
    skeletons = {skeleton for reading in readings if (skeleton := _settle(reading))}
    # A last h is left out by half of all spellings (Fatima, Fatimah). Russian х may be that h, or kh, which is heard.
    if token[-1] in "hهح":
        return {_without_last_h(skeleton) for skeleton in skeletons}
    if token[-1] in "хҳ":
        return skeletons | {_without_last_h(skeleton) for skeleton in skeletons}
    return skeletons


def _without_last_h(skeleton: str) -> str:
    return skeleton[:-1] if len(skeleton) > 2 and skeleton[-1] == "h" else skeleton


def _settle(reading: str) -> str:
    """Equal consonants in a row once: Latin doubles them at will, and Arabic writes two with a vowel between as two.

    The class x (kh) lives until here only: Russian х writes both h and kh, so a stored key cannot keep them apart.
    """
    word = "".join(letter for letter, before in zip(reading, "." + reading, strict=False) if letter != before)
    return word.replace("x", "h")
