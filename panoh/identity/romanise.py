"""Arabic and Cyrillic names in Latin letters: for a reader, for sorting, and as the ground on which likeness is judged.

Not a reversible transliteration. The Arabic script leaves out short vowels, so what stands here is a reading by rule
(BGN/PCGN for Persian without diacritics), marked as such wherever it is shown; the name as given stays beside it.
"""

from collections.abc import Mapping

from panoh.identity.letters import normalise

RULE = "bgn-pcgn-simple-1"  # named beside every form that this module made

_ARABIC: Mapping[str, str] = {
    "ا": "a", "ع": "a", "ی": "i", "ې": "e", "ۍ": "ai", "ء": "", "و": "u", "ڤ": "v", "ب": "b", "پ": "p", "ت": "t", "ط": "t",
    "ټ": "t", "ث": "s", "س": "s", "ص": "s", "څ": "ts", "ج": "j", "ژ": "zh", "ځ": "dz", "ږ": "zh", "چ": "ch", "ح": "h",
    "خ": "kh", "ه": "h", "د": "d", "ډ": "d", "ذ": "z", "ض": "z", "ظ": "z", "ز": "z", "ر": "r", "ړ": "r", "ش": "sh",
    "ښ": "sh", "غ": "gh", "ق": "q", "ک": "k", "گ": "g", "ف": "f", "ل": "l", "م": "m", "ن": "n", "ڼ": "n",
}  # fmt: skip
_CYRILLIC: Mapping[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ғ": "gh", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "ӣ": "i",
    "й": "y", "і": "i", "к": "k", "қ": "q", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ӯ": "u", "ў": "w", "ф": "f", "х": "kh", "ҳ": "h", "ц": "ts", "ч": "ch", "ҷ": "j", "ш": "sh", "щ": "sh",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
# Whole words whose vowels everyone agrees on, because the rule alone would leave them unreadable.
COMMON: Mapping[str, str] = {
    "محمد": "mohammad", "احمد": "ahmad", "محمود": "mahmud", "حسن": "hasan", "حسین": "husain", "علی": "ali", "الله": "allah",
    "عبد": "abd", "رحمن": "rahman", "نور": "nur", "خان": "khan", "شاه": "shah", "غلام": "ghulam", "گل": "gul", "مریم": "maryam",
    "فاطمه": "fatima", "زینب": "zainab", "عمر": "omar", "عثمان": "usman", "یوسف": "yusuf", "کریم": "karim", "رحیم": "rahim",
    "نجیب": "najib", "حمید": "hamid", "سید": "sayed",
}  # fmt: skip
_VOWELS = frozenset("aeiou")


def romanise(text: str, script: str) -> str:
    """The name in Latin letters, each word with a capital. Latin comes back as it was given."""
    if script == "Latn":
        return text
    words = normalise(text).split()
    read = _read_cyrillic if script == "Cyrl" else _read_arabic
    return " ".join(read(word).capitalize() for word in words)


def _read_cyrillic(word: str) -> str:
    word = word.replace("дж", "ҷ")  # Russian spelling of the Tajik letter
    return "".join(_CYRILLIC.get(letter, letter) for letter in word)


def _read_arabic(word: str) -> str:
    if word in COMMON:
        return COMMON[word]
    if word.startswith("عبدال") and len(word) > 5:
        return "abdul" + _read_arabic(word[5:])
    if word.endswith("الله") and len(word) > 4:
        return _read_arabic(word[:-4]) + "ullah"
    if word.endswith("الدین") and len(word) > 5:
        return _read_arabic(word[:-5]) + "uddin"
    pieces: list[str] = []
    for place, letter in enumerate(word):
        sound = _ARABIC.get(letter, letter)
        following = word[place + 1] if place + 1 < len(word) else ""
        if letter == "ی" and (place == 0 or following == "ا"):
            sound = "y"
        elif letter == "و" and (place == 0 or following in ("ا", "ی")):
            sound = "w"
        elif letter == "ه" and place and place == len(word) - 1 and pieces[-1] and pieces[-1][-1] not in _VOWELS:
            sound = "a"  # the silent he of Fatima
        # Two consonants without a vowel between them are read with a short a, as an unknown name is read aloud.
        if pieces and pieces[-1] and sound and pieces[-1][-1] not in _VOWELS and sound[0] not in _VOWELS:
            before = "".join(pieces)
            if len(before) < 2 or before[-2:-1] in ("", *_VOWELS) or len(pieces) == 1:
                sound = "a" + sound
        pieces.append(sound)
    return "".join(pieces)
