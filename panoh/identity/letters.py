"""The letters of the three scripts, as sounds: one table for keys, one for reading.

Every consonant belongs to a *sound class*, written as one small letter. Classes are as wide as the spellings of one
name are: Tajik қ, Russian к, Persian ق and Latin q or k are one class, because one clerk writes Қосим and the next
Kasim. ch and sh are one class as well, since French and
German spellings of the same passport office write one for the other. Vowels are not written in the Arabic script and are heard differently by everyone else, so they carry nothing
but the fact that a name begins with one.

Source of the correspondences: DIN 31635 and BGN/PCGN tables for Persian and Pashto, the Tajik orthography of 1998,
and the Russian habit of writing г for h (Ибрагим) and dropping the Tajik letters (ғ ӣ қ ӯ ҳ ҷ).
"""

import unicodedata
from collections.abc import Mapping

VOWEL = "a"  # the class of everything that may be a vowel: written only at the beginning of a key
SILENT = ""  # heard in no other script: ayn and hamza inside a word, the Cyrillic signs
GLIDE = "v"  # و, в, v, w: a consonant at the beginning, anything inside

# A letter that stands for two sounds names both: each becomes a key of its own.
ARABIC: Mapping[str, tuple[str, ...]] = {
    "ا": (VOWEL,), "ع": (VOWEL,), "ی": (VOWEL,), "ې": (VOWEL,), "ۍ": (VOWEL,), "ء": (SILENT,),
    "و": (GLIDE,), "ڤ": (GLIDE,),
    "ب": ("b",), "پ": ("p",), "ت": ("t",), "ط": ("t",), "ټ": ("t",), "ث": ("s", "t"),
    "س": ("s",), "ص": ("s",), "څ": ("s", "w"), "ج": ("j",), "ژ": ("j",), "ځ": ("z", "j"), "ږ": ("j", "k"),
    "چ": ("w",), "ح": ("h",), "خ": ("x", "k"), "ه": ("h",), "د": ("d",), "ډ": ("d",), "ذ": ("z",), "ض": ("z", "d"),
    "ظ": ("z",), "ز": ("z",), "ر": ("r",), "ړ": ("r",), "ش": ("w",), "ښ": ("w", "x"), "غ": ("k",), "ق": ("k",),
    "ک": ("k",), "گ": ("k",), "ف": ("f",), "ل": ("l",), "م": ("m",), "ن": ("n",), "ڼ": ("n",),
}  # fmt: skip
CYRILLIC: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys("аеёиоуыэюяіӣӯй", (VOWEL,)), **dict.fromkeys("ъь", (SILENT,)),
    "в": (GLIDE,), "ў": (GLIDE,), "б": ("b",), "п": ("p",), "т": ("t",), "с": ("s",), "ц": ("s",), "ж": ("j",), "ҷ": ("j",),
    "ч": ("w",), "ҳ": ("h",), "х": ("x", "k"), "д": ("d",), "з": ("z",), "р": ("r",), "ш": ("w",), "щ": ("w",),
    "г": ("k", "h"), "ғ": ("k",), "к": ("k",), "қ": ("k",), "ф": ("f",), "л": ("l",), "м": ("m",), "н": ("n",),
}  # fmt: skip
LATIN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys("aeiouyıøæœə", (VOWEL,)), "v": (GLIDE,), "w": (GLIDE,), "ʻ": (SILENT,), "ʿ": (SILENT,), "ʾ": (SILENT,),
    "b": ("b",), "p": ("p",), "t": ("t",), "s": ("s",), "z": ("z",), "d": ("d",), "r": ("r",), "f": ("f",), "l": ("l",),
    "m": ("m",), "n": ("n",), "h": ("h",), "x": ("x", "ks"), "k": ("k",), "q": ("k",), "g": ("k",), "c": ("k",), "j": ("j",),
    "ß": ("s",), "đ": ("d",), "ł": ("l",),
}  # fmt: skip
# Letters that are one sound together, the longest first. Cyrillic дж is how Russian spells ҷ.
DIGRAPHS: Mapping[str, tuple[str, ...]] = {
    "dzh": ("j",), "tch": ("w",), "sch": ("w",), "sh": ("w",), "ch": ("w",), "kh": ("x", "k"), "gh": ("k",), "zh": ("j", "zh"),
    "dj": ("j",), "ph": ("f",), "th": ("t", "s", "th"), "dh": ("z", "d", "dh"), "ck": ("k",), "ts": ("s",), "tz": ("s",),
    "дж": ("j",), "дз": ("z", "j"), "кх": ("x", "k"),
}  # fmt: skip
SOUNDS: Mapping[str, tuple[str, ...]] = {**ARABIC, **CYRILLIC, **LATIN, **DIGRAPHS}
LONGEST_DIGRAPH = max(map(len, DIGRAPHS))

# One letter under several code points: keyboards of Kabul, Dushanbe and Riyadh do not agree.
SAME_LETTER = str.maketrans(
    {
        **dict.fromkeys("يىئے", "ی"), **dict.fromkeys("كڪګ", "ک"), **dict.fromkeys("أإآٱ", "ا"), "ؤ": "و",
        **dict.fromkeys("ةھہەۀۂ", "ه"), "ګ": "گ", "ڕ": "ر", "ڵ": "ل", "ѓ": "ғ", "ќ": "қ",
        # Pashto letters as Dari writes the same names, Azeri, Kazakh and Ukrainian ones as their neighbours do.
        "ځ": "ز", "څ": "س", "ښ": "ش", "ږ": "ژ", "ټ": "ت", "ډ": "د", "ړ": "ر", "ڼ": "ن", "ې": "ی", "ۍ": "ی",
        "ə": "a", "ı": "i", "ә": "а", "і": "и", "ї": "и", "є": "е", "ґ": "г", "ұ": "у", "ү": "у", "ө": "о", "һ": "ҳ",
        "ğ": "gh", "ş": "sh", "ç": "ch", "š": "sh", "č": "ch", "ž": "zh", "ţ": "t", "ḵ": "kh", "ġ": "gh", "ǰ": "j",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'",
    }
)  # fmt: skip
DECOMPOSED_CYRILLIC = {"и\u0306": "й", "е\u0308": "ё", "и\u0304": "ӣ", "у\u0304": "ӯ", "у\u0306": "ў"}
# Letters that look alike in two scripts: in a word of mixed letters the fewer are read as those of the others' script.
_LATIN_LIKE_CYRILLIC = {
    "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "k": "к", "m": "м", "o": "о", "p": "р", "t": "т", "x": "х", "y": "у", "h": "н", "b": "в",
}  # fmt: skip
_TO_CYRILLIC = str.maketrans(_LATIN_LIKE_CYRILLIC)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _LATIN_LIKE_CYRILLIC.items()})


def normalise(text: str) -> str:
    """The text in small letters, each letter under one code point, without marks, joiners or direction characters."""
    composed = unicodedata.normalize("NFKC", text).casefold().translate(SAME_LETTER)
    decomposed = unicodedata.normalize("NFD", composed)
    for pair, letter in DECOMPOSED_CYRILLIC.items():
        decomposed = decomposed.replace(pair, letter)
    letters = []
    for character in decomposed:
        category = unicodedata.category(character)
        if category == "Mn" or character in "'\u0640ʻʿʾ":  # vowel signs, apostrophes, tatweel
            continue
        # Zero-width joiners part the halves of a compound; controls and punctuation part words.
        letters.append(character if category[0] == "L" else " ")
    plain = "".join(letters)
    if plain.isascii() or not (
        any("a" <= letter <= "z" for letter in plain) and any("а" <= letter <= "ӿ" for letter in plain)
    ):
        return plain
    return " ".join(_of_one_script(word) for word in plain.split())


def _of_one_script(word: str) -> str:
    latin = sum("a" <= letter <= "z" for letter in word)
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in word)
    if latin and cyrillic:
        return word.translate(_TO_CYRILLIC if cyrillic >= latin else _TO_LATIN)
    return word
