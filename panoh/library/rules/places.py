"""Places in a text, by their p-codes: in four languages, under old names, in the cases of Russian and the joints of Tajik and Persian.

A name that two places bear is asked about, never guessed; so is a Persian or Tajik word that is a place and an everyday word alike
(دوشنبه is Dushanbe and Monday, پنج is Panj and five), unless a word like town or district stands before it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from panoh.library.rules.sounds import plain

WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*")
# Between two words of one name: a space, a hyphen, a half space, a point of an abbreviation.
JOINT = re.compile(r"[\s\u200c.\-–]{1,3}")
LONGEST_NAME = 5
FOLDED = str.maketrans(
    {
        "ӣ": "и",
        "ӯ": "у",
        "ҳ": "х",
        "ҷ": "ч",
        "қ": "к",
        "ғ": "г",
        "ё": "е",
        "ъ": "",
        "ь": "",
        "'": "",
        "’": "",
        "ʼ": "",
        "`": "",
    }
)
ENDED = re.compile(r"\[[^\]]*\]|\([^)]*\)")
# Russian cases of places; Tajik and Persian joints and endings. The longest that leaves a known name is taken off.
ENDINGS = (
    "ского",
    "скому",
    "ском",
    "ской",
    "ская",
    "ский",
    "ами",
    "ями",
    "ом",
    "ем",
    "ой",
    "ей",
    "ею",
    "ого",
    "ому",
    "ах",
    "ям",
    "а",
    "у",
    "е",
    "и",
    "ы",
    "ю",
    "я",
    "ро",
    "хои",
    "хо",
    "را",
    "ی",
    "ها",
)
# What the name of a kind of place tells: the kind that is meant where a town and a district share a name.
KIND_WORDS = {
    "town": ("city", "town", "город", "города", "городе", "г", "шахри", "шахр", "شهر"),
    "district": ("district", "район", "района", "районе", "нохияи", "нохия", "ناحیه", "ولسوالی"),
    "region": (
        "region",
        "oblast",
        "область",
        "области",
        "вилояти",
        "вилоят",
        "province",
        "ولایت",
        "провинция",
        "провинции",
    ),
}
EVERYDAY = {"دوشنبه", "پنج", "دوستی", "استقلال", "وحدت", "شهرستان", "панч", "дусти", "вахдат", "истиклол"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A place with the names it is known under. `weight` says which goes before where a village is called like a district."""

    code: str
    names: tuple[str, ...]
    kind: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of a text that name a place; more than one code where a person has to say which."""

    begin: int
    end: int
    text: str
    codes: tuple[str, ...]

    @property
    def asks(self) -> bool:
        return len(self.codes) != 1


def folded(text: str) -> str:
    """A name as it is compared: without case, marks, joints and doubtful signs."""
    text = plain(unicodedata.normalize("NFC", text)).casefold().translate(FOLDED)
    if text and text[0] < "\u0370":
        text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return "".join(WORD.findall(text))


class Gazetteer:
    """All names of all places, by their folded form."""

    __slots__ = ("_kinds", "_names")

    def __init__(self, places: Iterable[Named]) -> None:
        found: dict[str, dict[str, int]] = {}
        self._kinds: dict[str, str] = {}
        for place in places:
            self._kinds.setdefault(place.code, place.kind)
            for name in place.names:
                key = folded(ENDED.sub("", name))
                if len(key) > 1:
                    known = found.setdefault(key, {})
                    known[place.code] = max(known.get(place.code, place.weight), place.weight)
        self._names: dict[str, tuple[str, ...]] = {}
        for key, codes in found.items():
            best = max(codes.values())
            self._names[key] = tuple(sorted(code for code, weight in codes.items() if weight == best))

    def find(self, text: str) -> list[Mention]:
        """Every place that the text names, the longest name first where two begin at one word."""
        words = list(WORD.finditer(text))
        found: list[Mention] = []
        at = 0
        while at < len(words):
            mention, used = self._at(text, words, at)
            if mention is not None:
                found.append(mention)
            at += used
        return found

    def _at(self, text: str, words: Sequence[re.Match[str]], at: int) -> tuple[Mention | None, int]:
        first = words[at][0]
        alone = len(words) <= LONGEST_NAME
        if not alone and first[0].islower():  # a name begins with a capital where the script has any
            return None, 1
        for many in range(min(LONGEST_NAME, len(words) - at), 0, -1):
            last = words[at + many - 1]
            if any(not JOINT.fullmatch(text[words[at + n].end() : words[at + n + 1].start()]) for n in range(many - 1)):
                continue
            span = text[words[at].start() : last.end()]
            codes = self._codes(folded(span))
            if not codes:
                continue
            whole = at == 0 and many == len(words)
            before = folded(words[at - 1][0]) if at else ""
            codes = self._narrowed(codes, before, folded(words[at + many][0]) if at + many < len(words) else "")
            if folded(span) in {folded(one) for one in EVERYDAY} and not whole and not _tells_kind(before):
                if first[0].isupper():
                    return Mention(words[at].start(), last.end(), span, codes), many
                return Mention(words[at].start(), last.end(), span, (*codes, "")), many
            return Mention(words[at].start(), last.end(), span, codes), many
        return None, 1

    def _codes(self, key: str) -> tuple[str, ...]:
        if codes := self._names.get(key):
            return codes
        for ending in ENDINGS:
            if key.endswith(ending) and len(key) - len(ending) > 2:
                stem = key[: -len(ending)]
                for end in ("", "а", "я", "е", "ская область", "ский"):
                    if codes := self._names.get(stem + end.replace(" ", "")):
                        return codes
        return ()

    def _narrowed(self, codes: tuple[str, ...], before: str, after: str) -> tuple[str, ...]:
        """Of a town and a district of one name, the one whose kind stands beside."""
        for kind, words in KIND_WORDS.items():
            if before in words or after in words:
                meant = tuple(code for code in codes if self._kinds.get(code) == kind)
                return meant or codes
        return codes


def _tells_kind(word: str) -> bool:
    return any(word in words for words in KIND_WORDS.values())


def by_code(mentions: Iterable[Mention]) -> Mapping[str, int]:
    """How often each place is named without doubt."""
    found: dict[str, int] = {}
    for one in mentions:
        if not one.asks:
            found[one.codes[0]] = found.get(one.codes[0], 0) + 1
    return found
