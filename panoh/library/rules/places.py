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

# Letters, with the vowel signs of Arabic script among them.
WORD = re.compile(r"[^\W\d_][^\W\d_\u064b-\u0652]*(?:[\u064b-\u0652'’ʼ`]+[^\W\d_]+)*[\u064b-\u0652]*")
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
# What an ending is taken off leaves a stem; names end so: Хатлонск-ой области, Курган-Тюб-е.
STEM_ENDS = ("", "а", "я", "е", "и", "й", "скаяобласть", "скийрайон", "ский", "ская")
# What the name of a kind of place tells: the kind that is meant where a town, a district and a village share a name.
KIND_WORDS = {
    "town": ("city", "town", "город", "города", "городе", "городу", "г", "шахри", "шахр", "شهر", "شاروالی"),
    "district": ("district", "район", "района", "районе", "району", "нохияи", "нохия", "ناحیه", "ولسوالی"),
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
    "village": (
        "village",
        "jamoat",
        "село",
        "селе",
        "села",
        "деревня",
        "деревне",
        "деревни",
        "кишлак",
        "кишлака",
        "кишлаке",
        "джамоат",
        "джамоате",
        "джамоата",
        "дехаи",
        "деха",
        "кишлоки",
        "чамоати",
        "деҳоти",
        "قریه",
        "قریهٔ",
        "دهکده",
        "روستای",
        "جماعت",
    ),
}
EVERYDAY = {"دوشنبه", "پنج", "دوستی", "استقلال", "وحدت", "شهرستان", "панч", "дусти", "вахдат", "истиклол"}  # fmt: skip


# A country, a region and a capital are meant by their names alone; below them every place of a name is offered.
DOMINANT = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A place with the names it is known under; a village bears the code of its district. `weight` says which is offered first."""

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
    return "".join(letter for letter in "".join(WORD.findall(text)) if not "\u064b" <= letter <= "\u0652")


class Gazetteer:
    """All names of all places, by their folded form."""

    __slots__ = ("_everyday", "_names")

    def __init__(self, places: Iterable[Named]) -> None:
        found: dict[str, list[Named]] = {}
        for place in sorted(places, key=lambda one: (-one.weight, one.code)):
            for key in {folded(ENDED.sub("", name)) for name in place.names}:
                if len(key) > 1:
                    found.setdefault(key, []).append(place)
        self._names = found
        self._everyday = frozenset(folded(one) for one in EVERYDAY)

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
            key = folded(span)
            bearers = self._bearers(key)
            if not bearers:
                continue
            before = folded(words[at - 1][0]) if at else ""
            codes = _narrowed(bearers, before, folded(words[at + many][0]) if at + many < len(words) else "")
            whole = at == 0 and many == len(words)
            # A capital tells a name from a word, where the script has capitals.
            if key in self._everyday and not whole and not _tells_kind(before) and not first[0].isupper():
                codes = (*codes, "")
            return Mention(words[at].start(), last.end(), span, codes), many
        return None, 1

    def _bearers(self, key: str) -> Sequence[Named]:
        if bearers := self._names.get(key):
            return bearers
        for ending in ENDINGS:
            if key.endswith(ending) and len(key) - len(ending) > 2:
                stem = key[: -len(ending)]
                for end in STEM_ENDS:
                    if bearers := self._names.get(stem + end):
                        return bearers
        return ()


def _narrowed(bearers: Sequence[Named], before: str, after: str) -> tuple[str, ...]:
    """The codes, each once: of a town, a district and a village of one name only those whose kind stands beside it."""
    kind = next((kind for kind, words in KIND_WORDS.items() if before in words or after in words), "")
    meant = [one for one in bearers if kind and one.kind == kind]
    if not meant:
        first = bearers[0].weight
        meant = [one for one in bearers if first < DOMINANT or one.weight == first]
    return tuple(dict.fromkeys(one.code for one in meant))


def _tells_kind(word: str) -> bool:
    return any(word in words for words in KIND_WORDS.values())


def by_code(mentions: Iterable[Mention]) -> Mapping[str, int]:
    """How often each place is named without doubt."""
    found: dict[str, int] = {}
    for one in mentions:
        if not one.asks:
            found[one.codes[0]] = found.get(one.codes[0], 0) + 1
    return found
