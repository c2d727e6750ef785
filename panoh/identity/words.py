"""The words of a name, as they are compared: halves of compounds apart, articles and family endings set aside.

Abdurrahman, Abdul Rahman, عبدالرحمن and Абдураҳмон all become two words, servant and merciful; Habibullah, Habib Ullah
and Ҳабибулло become beloved and God. What one person writes in one word and the next in two then meets, and whoever leaves
a half out has left out one word of several. Rahmonov, Rahmonzoda and Rahmon are one word: since the reform of 2016 brothers
carry different endings (DOMAIN §1.9). The rules need not be right about a word's origin; they must do the same in three scripts.

Bounded: no text yields more than `MOST_WORDS` words of `LONGEST_WORD` letters, whatever its length.
"""

import re
from functools import lru_cache

from panoh.identity.letters import normalise
from panoh.kernel.names import script_of

LONGEST_TEXT = 400
LONGEST_WORD = 24
MOST_WORDS = 12
WORDS_VERSION = 5  # stored with the words of each person: those of another version are made anew

# Left out: they say whose son or servant somebody is, and every clerk spells and places them differently.
ARTICLES = frozenset((
    "al", "el", "ul", "us", "ur", "ud", "uz", "ad", "as", "ar", "az", "an", "ash", "at", "il",
    "bin", "ibn", "ben", "bint", "binti", "wald", "walad", "valad",
    "аль", "эль", "ул", "уль", "ас", "ар", "ал", "ат", "аш", "ан", "ад", "аз", "эд", "эр", "эс", "эш", "эн", "бин", "ибн", "ибни", "бини", "бинти", "духтари", "писари",
    "ال", "بن", "ابن", "بنت", "ولد", "دختر", "پسر",
))  # fmt: skip
# One name in every script: the endings of compounds, and the name that one man in five bears in any of forty spellings.
GOD, FAITH, SERVANT, MOHAMMAD = "ullah", "din", "abd", "mohammad"
SAME_IN_ALL_SCRIPTS: dict[str, dict[str, str]] = {
    GOD: {"Latn": "ullah", "Arab": "الله", "Cyrl": "улло"},
    FAITH: {"Latn": "din", "Arab": "دین", "Cyrl": "дин"},
    SERVANT: {"Latn": "abd", "Arab": "عبد", "Cyrl": "абд"},
    MOHAMMAD: {"Latn": "mohammad", "Arab": "محمد", "Cyrl": "муҳаммад"},
}
_CONCEPT = {word: concept for concept, forms in SAME_IN_ALL_SCRIPTS.items() for word in forms.values()}

_WHOLE_WORDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["allah", "ullah", "ulla", "ollah", "lah", "lla", "llah", "лла", "ллах", "лло", "ллоҳ", "ллох", "аллах", "аллоҳ", "аллох", "улло", "уллоҳ", "уллох", "улла", "الله", "اله"], (GOD,)),
    **dict.fromkeys(["uddin", "aldin", "eldin", "uldin", "eddin", "oddin", "udin", "addin", "eddine", "uddine", "aldine", "eldine", "deen", "dine", "uddeen", "aldeen", "eldeen", "uldeen", "уддин", "аддин", "الدین"], (FAITH,)),
    **dict.fromkeys(["abdul", "abdol", "abdur", "abdus", "abdal", "abdel", "abdu", "abdoul", "abd", "абдул", "абдуль", "абдель", "абдал", "абдаль", "абдол", "абдоль", "абдур", "абдус", "абду", "абд", "عبد", "عبدال"], (SERVANT,)),
    **dict.fromkeys(["abdullah", "abdulla", "abdallah", "abdollah", "abdulah", "abdoullah", "abdalla", "abdellah", "abdella", "абдаллах", "абдалла", "абдалах", "абдоллах", "абдолла", "абделла", "абдулах", "абдула", "абдулло", "абдулла", "абдуллоҳ", "абдуллох", "عبدالله", "عبداله"], (SERVANT, GOD)),
    **dict.fromkeys(["alhaq", "alhaqq", "alhak", "ulhaq", "ulhaqq", "ulhak"], ("haq",)), **dict.fromkeys(["алҳақ", "алхак", "алхақ", "улҳақ", "улхак"], ("ҳақ",)),
    **dict.fromkeys(["mohd", "muhd", "mohammd", "mohamd", "md", "мухд", "мд", "мохд"], (MOHAMMAD,)),
}  # fmt: skip
_MOHAMMAD = r"(?:m(?:ou|[uoaei])?h+[aoue]?m+[aeiou]+[dt]h?|mehmet|м[уоа][хҳ]+а?м+[аеэ][дт]|маҳмад|махмад|мамад|магом[еа]д|ме[хг]м[ее][дт]|محمد|محمّد)"
_IS_MOHAMMAD = re.compile(f"^{_MOHAMMAD}s?$")  # Muhameds: the Latvian ending of a man's name
# mahmud is another name; it would fit the pattern for careless spellings of Mohammad
_NOT_MOHAMMAD = re.compile(r"^(?:ma?e?hm[uo]+[dt]|махмуд|маҳмуд|mehmoud|mahmoud)$")
# Names that are written together with another one as often as apart: Mohammad-Reza, Amirhossein, Aliakbar.
_SAYYID = r"سید|s[ae]yy?[ie]d|syed|са[йи][йи]?д|сейе?[ий]?д"
_FIRST = (
    rf"{_MOHAMMAD}|{_SAYYID}|gh?[uo]+l+a+m|غلام|[ғг]ул[ая]м|[ғг]улом|голам|amir|ameer|امیر|амир|ahmad|احمد|аҳмад|ахмад"
)
_LAST = (
    rf"{_MOHAMMAD}|r[ei]za|رضا|ризо|реза|риза|h[ou]s+[ae]+[iy]?n|حسین|[ҳхг][уо]с+[ае][йи]н"
    r"|akbar|اکبر|акбар|as[gq]h?ar|اصغر|ас[гғ]ар"
)
_WITH_FIRST = re.compile(f"^({_FIRST})(.{{3,}})$")
_WITH_LAST = re.compile(f"^(.{{2,}}?)({_LAST})$")

_ENDING = re.compile(
    r"^(.{3,}?)(?:"
    r"i?[yj]?(?:ev|eff)(?:a|ich|na)?|(?:ov|off)(?:a|ich|na)?|zod(?:a|ah|eh)|zad(?:a|ah|eh|e)|iyon"
    r"|[ия]?ев(?:а|ич|на)?|ов(?:а|ич|на)?|зода|зоде|зад[аеэ]|заде|иён|زاده"
    r")$"
)
# Names that begin as the Arabic article does: Elham, Elyas, Elnaz, Elmira, Almas, Alexander, Elizabeth.
_NO_ARTICLE = ("الهام", "الهی", "الیاس", "الناز", "المیر", "الماس", "الکس", "الیزا")
# A last ی that is said a, and written ا as often: every other script hears the a.
_SAID_A = frozenset(
    [
        "عیسی",
        "موسی",
        "یحیی",
        "مصطفی",
        "مرتضی",
        "مجتبی",
        "هدی",
        "سلمی",
        "کبری",
        "صغری",
        "بشری",
        "یسری",
        "ندی",
        "منی",
        "مثنی",
        "مولی",
    ]
)
# Two letters that are two sounds here, though elsewhere one: a vowel keeps them apart, as a clerk does who writes Is-haq.
_APART = re.compile(r"^([ie]s+|fat)h(?=[aueio]|$)")
_KINGS = frozenset(("shah", "shoh", "шаҳ", "шах", "шоҳ", "شاه"))  # Shahzada is a name of its own, written شهزاده
# Servant of …, with the article that melts into the next letter: Abdur-rahman, Abdus-samad.
_SERVANT = (
    re.compile(r"^abd(?:ou|[aeou])(?:l|r(?=r)|s(?=s)|n(?=n)|z(?=z)|sh(?=sh)|d(?=d))?(?=.{3})"),
    re.compile(r"^عبدال(?=.{2})"),
    re.compile(r"^абд(?:ъу|[уаоеэ])(?:ль|л|р(?=р)|с(?=с)|н(?=н)|з(?=з)|ш(?=ш)|д(?=д))?(?=.{3})"),
)
_OF_GOD = (
    # Without its vowel u or o only where nothing else ends so: Fallah and Kamilah are names of their own.
    re.compile(r"^(.{3,}?)(?:(?:ou|[uo])(?:llah|lah|lla|llo|lloh)|[ae]?lloh|[ae]?llah)$"),
    re.compile(r"^(.{2,}?)(?:ءالله|الله|اله)$"),
    re.compile(r"^(.{3,}?)(?:[уо](?:ллоҳ|ллох|ллаҳ|ллах|лло|лла|лоҳ|лох)|[аи]?(?:ллоҳ|ллох|ллаҳ|ллах)|алла)$"),
)
_OF_FAITH = (
    re.compile(r"^(.{3,}?)(?:ou|[uoaei])(?:dd|ld|d)(?:in|een|ine|yn)$"),
    re.compile(r"^(.{2,}?)الدین$"),
    re.compile(r"^(.{3,}?)[уоаиэ]д?дини?$"),  # with the Persian link: Баҳоуддини Бағдодӣ
)


@lru_cache(maxsize=50_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name in normal letters, in the order given. Empty where no letter of a known script is in it."""
    given = [word for written in text[:LONGEST_TEXT].split(" ") for word in _normal(written)][: 2 * MOST_WORDS]
    found: list[str] = []
    for word in given:
        if word in ARTICLES and len(given) > 1:
            continue
        found.extend(words_of_word(word[:LONGEST_WORD]))
    return tuple((found or given)[:MOST_WORDS])


@lru_cache(maxsize=100_000)
def _normal(written: str) -> tuple[str, ...]:
    """What stands between two spaces, in normal letters: a register has a million names, but few different words."""
    return tuple(normalise(written).split())


@lru_cache(maxsize=100_000)
def words_of_word(word: str) -> tuple[str, ...]:
    """One written word, taken apart; each half in one spelling where `SAME_IN_ALL_SCRIPTS` has one."""
    script = script_of(word) or "Latn"
    return tuple(
        SAME_IN_ALL_SCRIPTS[part].get(script, part) if part in SAME_IN_ALL_SCRIPTS else _one_spelling(part, script)
        for part in _taken_apart(word)
    )


def concept(word: str) -> str | None:
    """What the word is in every script, for the few words that are known so: the same concept is the same name."""
    return _CONCEPT.get(word)


def _one_spelling(word: str, script: str) -> str:
    if _IS_MOHAMMAD.match(word) and not _NOT_MOHAMMAD.match(word):
        return SAME_IN_ALL_SCRIPTS[MOHAMMAD].get(script, word)
    if word in _SAID_A:
        return word[:-1] + "ا"
    return _APART.sub(r"\1ah", word) if script == "Latn" else word


def _taken_apart(word: str) -> tuple[str, ...]:
    if word in _WHOLE_WORDS:
        return _WHOLE_WORDS[word]
    if _IS_MOHAMMAD.match(word):
        return (word,)
    if word.startswith("ال") and (len(word) > 4 or word == "الحق") and not word.startswith(_NO_ARTICLE):
        word = word[2:]
    ending = _ENDING.match(word)
    if ending and ending.group(1) not in _KINGS:
        word = ending.group(1)
    for pattern in _SERVANT:
        servant = pattern.match(word)
        if servant:
            return (SERVANT, *_taken_apart(word[servant.end() :]))
    for patterns, half in ((_OF_GOD, GOD), (_OF_FAITH, FAITH)):
        for pattern in patterns:
            compound = pattern.match(word)
            if compound:
                return (*_taken_apart(compound.group(1)), half)
    first = _WITH_FIRST.match(word)
    if first:
        return (first.group(1), *_taken_apart(first.group(2)))
    last = _WITH_LAST.match(word)
    if last:
        return (*_taken_apart(last.group(1)), last.group(2))
    return (word,)
