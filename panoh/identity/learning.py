"""Learns the parameters of `panoh.identity.sameness` from attested pairs: `python -m panoh.identity.learning PAIRS.csv.gz`.

Three steps. The channels, by expectation maximisation over all alignments of pairs of words; whole names give pairs of words
once a first channel can tell which word belongs to which. Then the weights of the signs, by logistic regression on pairs of
one name and on the likest pairs of different names. `--half 0` learns from half of the names alone: what the other half then
says is what Panoh does with names that it has never seen (docs/identity.md).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from panoh.identity.alignment import expect
from panoh.identity.channels import CHANNELS, MARKS, SCRIPTS, Alphabet, Channel, Floats, Letters, sounds
from panoh.identity.sameness import PARAMETERS, Model, signs_of, write
from panoh.identity.words import concept, words_of
from panoh.kernel.names import script_of

ROUNDS_FIRST, ROUNDS = 6, 10
SHARE_OF_RARE = 0.02  # taken from each expected count after some rounds: steps seen by chance alone go
LEAST_NEIGHBOURS = 25  # two letters are a piece when they stand side by side this often
LIKE_ENOUGH = 4.0  # mutual information in nats from which two words of paired names belong together
FORMS_OF_A_GROUP = 3
TRANSCRIBED = 0.3  # what a pair made by rule weighs beside one that is attested
SPELLINGS = 4  # of one Arabic word, per script
DIFFERENT_OF_A_WORD = 12
WEIGHT_OF_DIFFERENT = 5.0

Pair = tuple[str, str]


@dataclass
class Attested:
    """Per channel: pairs of single words, pairs of whole names, pairs of words that share an Arabic spelling, and Russian
    transcriptions of the Latin ones."""

    words: dict[Pair, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    names: dict[Pair, list[tuple[tuple[str, ...], tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))
    guessed: dict[Pair, list[Pair]] = field(default_factory=lambda: defaultdict(list))
    transcribed: dict[Pair, list[Pair]] = field(default_factory=lambda: defaultdict(list))


def read_pairs(path: Path, half: int | None) -> Attested:
    found = Attested()
    groups: dict[str, dict[str, set[tuple[str, ...]]]] = defaultdict(lambda: defaultdict(set))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["suspect"] == "1" or (half is not None and half_of(row["group"]) != half):
                continue
            a, b = (row["script_a"], words_of(row["form_a"])), (row["script_b"], words_of(row["form_b"]))
            (script_a, words_a), (script_b, words_b) = sorted((a, b))
            if not words_a or not words_b:
                continue
            groups[row["group"]][script_a].add(words_a)
            groups[row["group"]][script_b].add(words_b)
            _add(found, (script_a, script_b), words_a, words_b)
    for forms in groups.values():
        for script, of_script in forms.items():
            for x, y in combinations(sorted(of_script)[:FORMS_OF_A_GROUP], 2):
                _add(found, (script, script), x, y)
    _meet_in_arabic(found)
    _spell_as_russians_do(found)
    _transcribe_passports(found)
    # Arabic script is spelt one way more often than not: a word is the likeliest form of itself.
    found.words["Arab", "Arab"] += [(x, x) for x, _y in found.words["Arab", "Latn"][:3000]]
    return found


def _add(found: Attested, channel: Pair, words_a: tuple[str, ...], words_b: tuple[str, ...]) -> None:
    if len(words_a) == len(words_b) == 1:
        found.words[channel].append((words_a[0], words_b[0]))
    else:
        found.names[channel].append((words_a, words_b))


def _meet_in_arabic(found: Attested) -> None:
    """Spellings of one Arabic word belong together: that is how Tajik letters meet Latin ones, of which few pairs are attested."""
    spelt: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"Cyrl": [], "Latn": []})
    for script in ("Cyrl", "Latn"):
        for x, y in dict.fromkeys(found.words["Arab", script]):
            spelt[x][script].append(y)
    for forms in spelt.values():
        cyrillic, latin = forms["Cyrl"][:SPELLINGS], forms["Latn"][:SPELLINGS]
        found.guessed["Cyrl", "Latn"] += [(x, y) for x in cyrillic for y in latin]
        found.guessed["Cyrl", "Cyrl"] += list(combinations(sorted(cyrillic), 2))
        found.guessed["Latn", "Latn"] += list(combinations(sorted(latin), 2))


# What becomes of Tajik letters where somebody writes or types Russian, and of Persian q, which Russians write as they hear it.
RUSSIAN_SPELLINGS = (
    str.maketrans({"ҳ": "х", "ғ": "г", "қ": "к", "ҷ": "дж", "ӣ": "и", "ӯ": "у"}),
    str.maketrans({"ҳ": "х", "ғ": "г", "қ": "г", "ҷ": "дж", "ӣ": "и", "ӯ": "у", "о": "а"}),
    str.maketrans({"ҳ": "г", "ғ": "г", "қ": "к", "ҷ": "дж", "ӣ": "и", "ӯ": "у", "о": "а"}),
)


def _spell_as_russians_do(found: Attested) -> None:
    """The attested pairs are mostly Tajik. A clerk with a Russian keyboard spells the same names by rules that are known."""
    for (a, b), pairs in list(found.words.items()):
        if "Cyrl" in (a, b) and a != b:
            for x, y in list(dict.fromkeys(pairs)):
                tajik = x if a == "Cyrl" else y
                for spelling in dict.fromkeys(tajik.translate(table) for table in RUSSIAN_SPELLINGS):
                    if spelling != tajik:
                        found.words[a, b].append((spelling, y) if a == "Cyrl" else (x, spelling))
                        found.guessed["Cyrl", "Cyrl"].append((min(tajik, spelling), max(tajik, spelling)))


# How a Russian clerk writes what stands in Latin letters in a passport: that is where most Cyrillic names of Afghans and
# Iranians come from, and few of them are attested.
_TRANSCRIBED = {
    "sch": "ш", "tch": "ч", "dzh": "дж", "sh": "ш", "ch": "ч", "kh": "х", "gh": "г", "zh": "ж", "dj": "дж", "ph": "ф", "th": "т", "dh": "д",
    "ck": "к", "oo": "у", "ou": "у", "ee": "и", "ya": "я", "yu": "ю", "yo": "ё", "ye": "е", "a": "а", "b": "б", "c": "к", "d": "д", "e": "е",
    "f": "ф", "g": "г", "h": "х", "i": "и", "j": "дж", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р",
    "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс", "y": "й", "z": "з",
}  # fmt: skip
_IN_CYRILLIC = re.compile("|".join(_TRANSCRIBED))


def transcribed(latin: str) -> str:
    """By the practical transcription, e at the beginning as э, and iy, ij at the end as one letter."""
    russian = _IN_CYRILLIC.sub(lambda met: _TRANSCRIBED[met.group()], latin)
    russian = re.sub("^е", "э", russian)
    return re.sub("й$", "и", russian) if not russian.endswith(("ай", "ей", "ой", "уй")) else russian


def _transcribe_passports(found: Attested) -> None:
    for x, y in sorted(set(found.words["Arab", "Latn"])):
        russian = transcribed(y)
        found.transcribed["Arab", "Cyrl"].append((x, russian))
        found.transcribed["Cyrl", "Latn"].append((russian, y))


def half_of(group: str) -> int:
    """Which half of the names a group belongs to: by its name alone, so the same on every machine."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


# -- channels ---------------------------------------------------------------------------------------------------------


def learn_alphabets(found: Attested) -> dict[str, Alphabet]:
    words: dict[str, list[str]] = {script: [] for script in SCRIPTS}
    for (a, b), pairs in found.words.items():
        for x, y in pairs:
            words[a].append(sounds(x))
            words[b].append(sounds(y))
    alphabets = {}
    for script, of_script in words.items():
        letters = Counter(letter for word in of_script for letter in word)
        neighbours = Counter(
            marked[i : i + 2] for word in of_script for marked in [f"^{word}$"] for i in range(len(marked) - 1)
        )
        alphabets[script] = Alphabet(
            [letter for letter, count in letters.most_common() if count > 2],
            [pair for pair, count in neighbours.most_common() if count >= LEAST_NEIGHBOURS],
        )
    return alphabets


Steps = tuple[Floats, Floats, Floats]


def learn_channel(
    a: Alphabet, b: Alphabet, weighted: Sequence[tuple[Pair, float]], rounds: int, of_one_script: bool
) -> Steps:
    """Expectation maximisation. With one script on both sides the channel is kept symmetric."""
    xs, xd, xn = _packed([a.rows(x) for (x, _y), _w in weighted])
    ys, yd, yn = _packed([b.rows(y) for (_x, y), _w in weighted])
    weights = np.array([weight for _pair, weight in weighted])
    both, left, right = _even_start(a, b, of_one_script)
    for turn in range(rounds):
        both, left, right, _total = expect(xs, xd, xn, ys, yd, yn, weights, both, left, right)
        if turn >= 4:
            both = np.maximum(both - SHARE_OF_RARE, 0)
        if of_one_script:
            both, left = (both + both.T) / 2, (left + right) / 2
            right = left
        total = both.sum() + left.sum() + right.sum()
        both, left, right = both / total, left / total, right / total
    return both, left, right


def _even_start(a: Alphabet, b: Alphabet, of_one_script: bool) -> Steps:
    both, left, right = np.ones((a.size, b.size)), np.full(a.size, 3.0), np.full(b.size, 3.0)
    both[: a.singles, : b.singles] *= 4
    if of_one_script:
        both[np.arange(a.singles), np.arange(a.singles)] = 400
    both[:MARKS, :] = 0
    both[:, :MARKS] = 0
    both[1, 1] = both[2, 2] = 200  # beginning with beginning, end with end
    left[:MARKS] = 0
    right[:MARKS] = 0
    left[a.singles :] = 0
    right[b.singles :] = 0
    total = both.sum() + left.sum() + right.sum()
    return both / total, left / total, right / total


def _packed(rows: list[tuple[Letters, Letters]]) -> tuple[Letters, Letters, npt.NDArray[np.int64]]:
    lengths = np.array([len(single) for single, _double in rows])
    single, double = np.zeros((2, len(rows), lengths.max()), np.int16)
    for place, (one, two) in enumerate(rows):
        single[place, : len(one)], double[place, : len(two)] = one, two
    return single, double, lengths


def learn_channels(found: Attested, alphabets: dict[str, Alphabet]) -> list[Steps]:
    learned = []
    for number, (a, b) in enumerate(CHANNELS):
        certain = found.words[a, b]
        steps = learn_channel(alphabets[a], alphabets[b], [(pair, 1.0) for pair in certain], ROUNDS_FIRST, a == b)
        for _again in range(2):
            judge = _judge_of(alphabets, number, steps)
            kept = [pair for pair in certain if judge(*pair) > 0]
            kept += [pair for pair in found.guessed[a, b] if judge(*pair) > LIKE_ENOUGH]
            kept += [pair for names in found.names[a, b] for pair in _words_that_belong(*names, judge)]
            counted = Counter(kept)
            weighted = [(pair, 1 + float(np.log(count))) for pair, count in counted.items()]
            weighted += [(pair, TRANSCRIBED) for pair in found.transcribed[a, b] if judge(*pair) > LIKE_ENOUGH]
            steps = learn_channel(alphabets[a], alphabets[b], weighted, ROUNDS, a == b)
        print(f"{a}-{b}: {len(certain)} pairs of words, {len(weighted)} with those of whole names", flush=True)
        learned.append(steps)
    return learned


def _judge_of(alphabets: dict[str, Alphabet], number: int, steps: Steps):  # type: ignore[no-untyped-def]
    a, b = CHANNELS[number]
    channels: list[Channel] = [None] * len(CHANNELS)  # type: ignore[list-item]
    channels[number] = Channel.with_slips(alphabets[a], alphabets[b], *steps)
    of_one = Model(alphabets, channels, np.zeros(0))

    def shared(x: str, y: str) -> float:
        cost, _number = of_one.costs(x, a, [y], b)
        return float(cost[0, 1] + cost[0, 2] - cost[0, 0])

    return shared


def _words_that_belong(xs: tuple[str, ...], ys: tuple[str, ...], judge) -> Iterable[Pair]:  # type: ignore[no-untyped-def]
    table = np.array([[judge(x, y) for y in ys] for x in xs])
    for i, x in enumerate(xs):
        j = int(table[i].argmax())
        if table[i, j] > LIKE_ENOUGH and int(table[:, j].argmax()) == i:
            yield x, ys[j]


# -- weights ----------------------------------------------------------------------------------------------------------


def learn_weights(found: Attested, model: Model, rng: random.Random) -> Floats:
    """Logistic regression on pairs of one name against the likest pairs of different names (Newton's method)."""
    same: set[Pair] = set()
    for (a, b), pairs in found.words.items():
        judge = _shared(model, a, b)
        same.update(pair for pair in pairs if judge(*pair) > 0)
        same.update(pair for pair in found.guessed[a, b] if judge(*pair) > LIKE_ENOUGH)
        same.update(pair for names in found.names[a, b] for pair in _words_that_belong(*names, judge))
    same = {pair for pair in same if pair[0] != pair[1] and not (concept(pair[0]) and concept(pair[1]))}
    partners: dict[str, set[str]] = defaultdict(set)
    for x, y in same:
        partners[x].add(y)
        partners[y].add(x)
    of_script: dict[str, list[str]] = {script: [] for script in SCRIPTS}
    for word in sorted(partners):
        script = script_of(word)
        if script:
            of_script[script].append(word)
    rows, labels = [], []
    for x, y in rng.sample(sorted(same), min(len(same), 12_000)):
        rows.append(_signs_of(model, x, [y]))
        labels.append([1])
    words = sorted(partners)
    for word in rng.sample(words, min(len(words), 1500)):
        near = partners[word] | {other for partner in partners[word] for other in partners[partner]} | {word}
        for candidates in of_script.values():
            others = [w for w in rng.sample(candidates, min(len(candidates), 1500)) if w not in near]
            found_signs = _signs_of(model, word, others)
            likest = np.argsort(-found_signs[:, 0])[:DIFFERENT_OF_A_WORD]
            rows.append(found_signs[likest])
            labels.append([0] * len(likest))
    table, truth = np.concatenate(rows), np.concatenate(labels).astype(float)
    importance = np.where(truth == 1, 1.0, WEIGHT_OF_DIFFERENT)
    return _logistic(table, truth, importance)


def _shared(model: Model, a: str, b: str):  # type: ignore[no-untyped-def]
    def shared(x: str, y: str) -> float:
        cost, _number = model.costs(x, a, [y], b)
        return float(cost[0, 1] + cost[0, 2] - cost[0, 0])

    return shared


def _signs_of(model: Model, word: str, others: Sequence[str]) -> Floats:
    script, other_script = script_of(word), script_of(others[0])
    if script is None or other_script is None:
        raise ValueError(f"no script of ours: {word}, {others[0]}")
    cost, number = model.costs(word, script, others, other_script)
    return signs_of(cost, np.full(len(others), len(word)), [len(other) for other in others], number)


def _logistic(table: Floats, truth: Floats, importance: Floats, ridge: float = 1.0) -> Floats:
    spread = np.maximum(table.std(0), 1e-6)
    scaled = table / spread
    weights = np.zeros(table.shape[1])
    for _turn in range(30):
        chance = 1 / (1 + np.exp(-np.clip(scaled @ weights, -40, 40)))
        slope = scaled.T @ (importance * (chance - truth)) + ridge * weights
        curve = (scaled * (importance * np.maximum(chance * (1 - chance), 1e-9))[:, None]).T @ scaled
        step = np.linalg.solve(curve + ridge * np.eye(len(weights)), slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return np.asarray(weights / spread)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1), help="learn from this half of the names alone")
    parser.add_argument("--to", type=Path, default=PARAMETERS)
    chosen = parser.parse_args()
    found = read_pairs(chosen.pairs, chosen.half)
    alphabets = learn_alphabets(found)
    learned = learn_channels(found, alphabets)
    channels = [
        Channel.with_slips(alphabets[a], alphabets[b], *steps) for (a, b), steps in zip(CHANNELS, learned, strict=True)
    ]
    weights = learn_weights(found, Model(alphabets, channels, np.zeros(0)), random.Random(3))  # noqa: S311 - a sample, drawn alike each time
    write(chosen.to, Model(alphabets, channels, weights), learned)


if __name__ == "__main__":
    main()
