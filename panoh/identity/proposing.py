"""A name in another script, as people of the region spell it: proposed for a paper, never put in place of a spelling of one's own.

The Arabic script leaves out short vowels. What stands for a letter, and which vowel is heard behind it, depends on what stands
before; so each piece of letters is chosen after the two before it, by what was counted in attested pairs (a joint model of
pieces, Bisani and Ney 2008; `panoh.identity.spelling_lessons` learns it). A word is always spelt alike, so a family is.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import permutations
from operator import itemgetter

from panoh.identity.letters import normalise
from panoh.identity.romanise import COMMON, romanise
from panoh.identity.romanise import RULE as ROMANISED
from panoh.identity.sameness import PARAMETERS
from panoh.identity.spelling import Piece
from panoh.identity.words import SAME_IN_ALL_SCRIPTS, concept, words_of_word
from panoh.kernel.names import LONGEST_PART, PersonName, Script, script_of

SPELLINGS = PARAMETERS / "spellings.tsv.gz"
DIRECTIONS = (("Arab", "Latn"), ("Arab", "Cyrl"), ("Latn", "Cyrl"))
LONGEST_SPELT = 40
BEAM = 8
MOST_OF_A_PIECE = 8  # spellings of one piece that are tried: the rarer ones never win, and a clerk waits for the answer
LONGEST_PIECE = 2
HOPELESS = 3e-3  # a way that is so much less likely than the best at its place has never won
END: Piece = ("$", "$")
MISSED = 1e-6  # a letter that no lesson had stays as it is


class Spelling:
    """One direction: how often a piece followed the pieces before it."""

    def __init__(self, grams: Mapping[tuple[Piece, ...], Mapping[Piece, int]]) -> None:
        self.grams = grams
        self.totals = {context: sum(counts.values()) for context, counts in grams.items()}
        self.pieces: dict[str, list[Piece]] = {}
        for piece, _count in sorted(grams.get((), {}).items(), key=lambda one: (-one[1], one[0])):
            of_letters = self.pieces.setdefault(piece[0], [])
            if len(of_letters) < MOST_OF_A_PIECE:
                of_letters.append(piece)
        self.pieces[END[0]] = [END]
        self.shares = lru_cache(maxsize=100_000)(self._shares)
        self.steps = lru_cache(maxsize=100_000)(self._steps)

    def _shares(self, context: tuple[Piece, ...], taken: str) -> tuple[float, ...]:
        """The share of each spelling of a piece after the context, smoothed by shorter contexts (Witten and Bell)."""
        pieces = self.pieces[taken]
        shorter = self.shares(context[1:], taken) if context else (1e-7,) * len(pieces)
        counts = self.grams.get(context)
        if not counts:
            return shorter
        kinds, all_of_them = len(counts), self.totals[context] + len(counts)
        return tuple(
            (counts.get(piece, 0) + kinds * share) / all_of_them for piece, share in zip(pieces, shorter, strict=True)
        )

    def _steps(self, context: tuple[Piece, ...], taken: str) -> tuple[tuple[tuple[Piece, ...], str, float], ...]:
        """(context that follows, what is written, share) for the likely spellings of a piece."""
        if taken not in self.pieces:
            return (((*context[1:], (taken, taken)), taken, MISSED),) if len(taken) == 1 else ()
        shares = self.shares(context, taken)
        least = HOPELESS * max(shares)
        return tuple(
            ((*context[1:], piece), piece[1], share)
            for piece, share in zip(self.pieces[taken], shares, strict=True)
            if share > least
        )

    def spell(self, word: str) -> str:
        """The likeliest spelling of a word in small letters: the sum over all ways to cut it into pieces (beam search).

        The sum matters: gul may come of g+ul and of gu+l, which share what would let either win over a bare gl.
        """
        word = word[:LONGEST_SPELT]
        start: tuple[Piece, ...] = (("^", "^"), ("^", "^"))
        beams: list[dict[tuple[tuple[Piece, ...], str], float]] = [{} for _ in range(len(word) + 1)]
        beams[0][start, ""] = 1.0
        for place in range(len(word)):
            best = nlargest(BEAM, beams[place].items(), key=itemgetter(1))
            least = HOPELESS * best[0][1]
            for length in range(1, min(LONGEST_PIECE, len(word) - place) + 1):
                taken, ahead = word[place : place + length], beams[place + length]
                for (context, made), value in best:
                    if value < least:
                        break
                    for following, written, share in self.steps(context, taken):
                        state = following, made + written
                        ahead[state] = ahead.get(state, 0.0) + value * share
        ends: dict[str, float] = {}
        for (context, made), value in beams[-1].items():
            ends[made] = ends.get(made, 0.0) + value * self.shares(context, END[0])[0]
        return max(ends, key=lambda made: (ends[made], made), default="")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A form made by rule. `confidence` is the share, in per cent, of unseen names that the rule spells as somebody attested, but
    for one letter at most; 100 where every word is the family's own spelling."""

    name: PersonName
    rule: str
    confidence: int


COMMON_CYRILLIC: Mapping[str, str] = {
    "احمد": "аҳмад", "محمود": "маҳмуд", "حسن": "ҳасан", "حسین": "ҳусейн", "علی": "алӣ", "فاطمه": "фотима", "زهرا": "заҳро",
    "زینب": "зайнаб", "مریم": "марям", "عمر": "умар", "عثمان": "усмон", "یوسف": "юсуф", "رضا": "ризо", "غلام": "ғулом",
    "گل": "гул", "خان": "хон", "شاه": "шоҳ", "سید": "саид", "نور": "нур", "رحمان": "раҳмон", "رحمن": "раҳмон",
    "رحیم": "раҳим", "رحیمی": "раҳимӣ", "جمشید": "ҷамшед", "فرشته": "фаришта", "عبدالله": "абдулло",
}  # fmt: skip
_WRITTEN: Mapping[tuple[str, str], str] = {
    ("عبدال", "Latn"): "abdul", ("الله", "Latn"): "ullah", ("الدین", "Latn"): "uddin",
    ("عبدال", "Cyrl"): "абдул", ("الله", "Cyrl"): "улло", ("الدین", "Cyrl"): "иддин",
}  # fmt: skip
_HALVES = (("first", "عبدال"), ("last", "الله"), ("last", "الدین"))

# What `spelling_lessons --half 0` measured on words of the other half that no lesson had.
RULES: Mapping[tuple[str, str], tuple[str, int]] = {
    ("Arab", "Latn"): ("pieces-1", 60),
    ("Arab", "Cyrl"): ("pieces-1", 60),
    ("Latn", "Cyrl"): ("pieces-1", 70),
    ("Cyrl", "Latn"): (ROMANISED, 80),  # plain rule: no vowel has to be guessed, and whoever knows it can check it
}
OWN_SPELLING = "family-1"
TARGETS: tuple[Script, ...] = ("Latn", "Cyrl")
Spelt = Mapping[tuple[str, str, str], str]


def propose(names: Sequence[PersonName], spelt: Spelt) -> list[Proposed]:
    """A Latin and a Cyrillic form where the person has none; from the first form given, with the spellings of the family."""
    found = []
    for to in TARGETS:
        if names and all(name.script != to for name in names):
            first = names[0]
            written = {part: _spell_part(text, first.script, to, spelt) for part, text in first.parts()}
            if "given" in written and written["given"][0]:
                parts = {part: text[:LONGEST_PART] for part, (text, _own) in written.items() if text}
                own = all(own for _text, own in written.values())
                rule, confidence = (OWN_SPELLING, 100) if own else RULES[first.script, to]
                found.append(Proposed(PersonName(to, **parts), rule, confidence))
    return found


def own_spellings(forms: Iterable[Sequence[PersonName]]) -> dict[tuple[str, str, str], str]:
    """How the members of a family spell their words themselves: (script, word, other script) to the word as they write it.

    A man's own spelling of his name is that of his children's father.
    """
    found: dict[tuple[str, str, str], str] = {}
    for names in forms:
        for one, other in permutations(names, 2):
            if one.script != other.script:
                others = dict(other.parts())
                for part, text in one.parts():
                    words, spellings = normalise(text).split(), others.get(part, "").split()
                    if len(words) == len(spellings):
                        for word, spelling in zip(words, spellings, strict=True):
                            found.setdefault((one.script, word, other.script), spelling)
    return found


def _spell_part(text: str, script: str, to: str, spelt: Spelt) -> tuple[str, bool]:
    written, own = [], True
    for word in normalise(text).split():
        spelling = spelt.get((script, word, to))
        own = own and spelling is not None
        written.append(spelling or spell(word, script, to))
    return " ".join(written), own


@lru_cache(maxsize=50_000)
def spell(word: str, script: str, to: str) -> str:
    """One word in small letters, with a capital in the other script."""
    if (script, to) == ("Cyrl", "Latn"):
        return romanise(word, script)
    return spell_with(spelling_of(script, to), word, script, to).capitalize()


def practise(words: Iterable[str]) -> None:
    """Spell words ahead of those who will ask for them: the first spelling of a word costs three times what the next does."""
    for word in words:
        script = script_of(word)
        for to in TARGETS:
            if script and script != to:
                spell(word, script, to)


def spell_with(spelling: Spelling, word: str, script: str, to: str) -> str:
    """The few words that everybody knows by table, compounds by their halves, everything else by its pieces."""
    known = (COMMON if to == "Latn" else COMMON_CYRILLIC).get(word)
    if known:
        return known
    parts = words_of_word(word)
    meant = concept(parts[0]) if len(parts) == 1 else None
    if meant:
        return SAME_IN_ALL_SCRIPTS[meant][to]
    for ends, half in _HALVES if script == "Arab" else ():
        rest = word.removeprefix(half) if ends == "first" else word.removesuffix(half)
        if rest != word and len(rest) > 1:
            other = spell_with(spelling, rest, script, to)
            written = _WRITTEN[half, to]
            return written + other if ends == "first" else other + written
    return spelling.spell(word)


@lru_cache(maxsize=len(DIRECTIONS))
def spelling_of(script: str, to: str) -> Spelling:
    grams: dict[tuple[Piece, ...], dict[Piece, int]] = {}
    with gzip.open(SPELLINGS, "rt", encoding="utf-8") as file:
        for line in file:
            a, b, walk, count = line.rstrip("\n").split("\t")
            if (a, b) == (script, to):
                *context, piece = (_piece(one) for one in walk.split(" "))
                grams.setdefault(tuple(context), {})[piece] = int(count)
    return Spelling(grams)


def _piece(text: str) -> Piece:
    x, _equals, y = text.partition("=")
    return x, y
