"""Learns how names are spelt in the next script: `python -m panoh.identity.spelling_lessons PAIRS.csv.gz`.

Pairs of written words are laid letter by letter beside each other (`panoh.identity.spelling.align`); what is counted is which
piece of letters became which, after which two pieces before. `--half 0` learns from half of the names and measures on the words of
the other half that it has not seen: those shares are what a proposed form is said to be sure of (`RULES` of `proposing`).
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from panoh.identity.learning import half_of
from panoh.identity.letters import normalise
from panoh.identity.proposing import DIRECTIONS, SPELLINGS, Spelling, spell_with
from panoh.identity.romanise import romanise
from panoh.identity.sameness import sameness
from panoh.identity.spelling import Piece, align

SAME_ENOUGH = 0.5
TAJIK = frozenset("абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя")  # papers are written in it: no ы, ц, щ, ь of Russian forms
LEAST_SEEN = {1: 1, 2: 2, 3: 2}
SPELLINGS_OF_ONE = 4
Spelt = tuple[str, str, str, str]  # script, script, word, word


def read_words(path: Path) -> Iterator[tuple[str, Spelt]]:
    """(group, words that stand at one place of two forms of a name), in both directions."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            a, b = normalise(row["form_a"]).split(), normalise(row["form_b"]).split()
            if row["suspect"] == "1" or row["script_a"] == row["script_b"] or len(a) != len(b):
                continue
            for x, y in zip(a, b, strict=True):
                if len(x) > 1 and len(y) > 1 and sameness(x, y) > SAME_ENOUGH:
                    yield row["group"], (row["script_a"], row["script_b"], x, y)
                    yield row["group"], (row["script_b"], row["script_a"], y, x)


def gather(words: list[tuple[str, Spelt]], half: int | None) -> dict[tuple[str, str], Counter[Piece]]:
    """Per direction the pairs of words with their numbers. Cyrillic meets Latin mostly through an Arabic word of both."""
    found: dict[tuple[str, str], Counter[Piece]] = defaultdict(Counter)
    for group, (a, b, x, y) in words:
        if half is None or half_of(group) == half:
            if b == "Cyrl":
                y = y.replace("дж", "ҷ")
                if not TAJIK.issuperset(y):
                    continue
            found[a, b][x, y] += 1
    met: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: {"Cyrl": Counter(), "Latn": Counter()})
    for script in ("Cyrl", "Latn"):
        for (x, y), count in found["Arab", script].items():
            met[x][script][y] += count
    for forms in met.values():
        cyrillic, latin = (forms[script].most_common(SPELLINGS_OF_ONE) for script in ("Cyrl", "Latn"))
        for x, _n in cyrillic:
            for y, _m in latin:
                if sameness(x, y) > SAME_ENOUGH:
                    found["Cyrl", "Latn"][x, y] += 1
                    found["Latn", "Cyrl"][y, x] += 1
    return found


def pieces_of(x: str, y: str) -> list[Piece]:
    """The alignment, with letters that stand on the right alone joined to the piece before: every piece reads something."""
    pieces: list[Piece] = []
    waiting = ""
    for left, right in align(x, y):
        if not left and pieces:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + right)
        elif not left:
            waiting += right
        else:
            pieces.append((left, waiting + right))
            waiting = ""
    return pieces


def learn(pairs: Counter[Piece]) -> Spelling:
    grams: dict[tuple[Piece, ...], Counter[Piece]] = defaultdict(Counter)
    for (x, y), count in sorted(pairs.items()):
        walk = [("^", "^"), ("^", "^"), *pieces_of(x, y), ("$", "$")]
        for place in range(2, len(walk)):
            for before in range(3):
                grams[tuple(walk[place - before : place])][walk[place]] += count
    kept = {
        context: {piece: n for piece, n in counts.items() if n >= LEAST_SEEN[len(context) + 1]}
        for context, counts in grams.items()
    }
    return Spelling({context: counts for context, counts in kept.items() if counts})


def write(folder: Path, learned: dict[tuple[str, str], Spelling]) -> None:
    with gzip.GzipFile(folder / "spellings.tsv.gz", "wb", mtime=0) as file:
        for (a, b), spelling in learned.items():
            for context, counts in sorted(spelling.grams.items()):
                for piece, count in sorted(counts.items()):
                    walk = " ".join(f"{x}={y}" for x, y in (*context, piece))
                    file.write(f"{a}\t{b}\t{walk}\t{count}\n".encode())


def measure(direction: tuple[str, str], make: Callable[[str], str], seen: Counter[Piece], asked: Counter[Piece]) -> str:
    """Of the words of the other half: how many are spelt as somebody attested, how many but for one letter."""
    forms: dict[str, set[str]] = defaultdict(set)
    for x, y in asked:
        forms[x].add(y)
    known = {x for x, _y in seen}
    told = []
    for title, words in (("unseen", [x for x in forms if x not in known]), ("all", list(forms))):
        made = {word: make(word) for word in words}
        exact = sum(made[word] in forms[word] for word in words) / len(words)
        near = sum(any(apart(made[word], form) <= 1 for form in forms[word]) for word in words) / len(words)
        told.append(f"{title} {len(words)}: exact {exact:.3f}, but for a letter {near:.3f}")
    return f"{direction[0]} {direction[1]} " + "; ".join(told)


def apart(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument(
        "--half", type=int, choices=(0, 1), help="learn from this half, measure on the other; keep nothing"
    )
    parser.add_argument("--to", type=Path, default=SPELLINGS.parent)
    chosen = parser.parse_args()
    words = list(read_words(chosen.pairs))
    found = gather(words, chosen.half)
    learned = {direction: learn(found[direction]) for direction in DIRECTIONS}
    if chosen.half is None:
        write(chosen.to, learned)
        return
    other = gather(words, 1 - chosen.half)
    for direction in DIRECTIONS:
        make = partial(_by_lessons, learned[direction], direction)
        print(measure(direction, make, found[direction], other[direction]), flush=True)
    for direction in (("Arab", "Latn"), ("Cyrl", "Latn")):
        plain = partial(_by_rule, direction[0])
        print("plain rule", measure(direction, plain, found[direction], other[direction]), flush=True)


def _by_lessons(spelling: Spelling, direction: tuple[str, str], word: str) -> str:
    return spell_with(spelling, word, *direction)


def _by_rule(script: str, word: str) -> str:
    return romanise(word, script).lower()


if __name__ == "__main__":
    main()
