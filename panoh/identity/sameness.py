"""Are two words one name? The probability, from how the letters of one script turn into those of another.

Learned by `panoh.identity.learning` from attested pairs and kept as text in `parameters/`: what a letter or two of one script
become in another (six channels: each script with each, and with itself), and how much each sign of likeness weighs. No word is
looked up: the channels know letters alone, so a name that nobody has seen is judged like any other.

Symmetric, and the same for a word whatever stands in the register.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import costs
from panoh.identity.letters import GLIDE, SOUNDS, VOWEL
from panoh.identity.words import LONGEST_WORD, concept
from panoh.kernel.names import script_of

PARAMETERS = Path(__file__).parent / "parameters"
SCRIPTS = ("Arab", "Cyrl", "Latn")
CHANNELS = tuple((a, b) for a in SCRIPTS for b in SCRIPTS if a <= b)
BEGIN, END = "^", "$"
MARKS = 3  # rows of an alphabet before its letters: unknown, beginning, end
SLIP = 0.05  # the share of steps that follow no habit: slips of the pen, letters never seen together
ALIKE = 0.3  # of all slips: one letter for another that sounds alike
LEAST = 1e-3  # the least share of a letter among slips
WIDEST = LONGEST_WORD + 2
KNOWN = 40.0  # log odds of what needs no judging: a word and itself
UNKNOWN_SPELLING = 4.0

Floats = npt.NDArray[np.float64]
Letters = npt.NDArray[np.int16]


# Two letters that write one sound, as one: the channels then see two sounds side by side where they saw two letters.
_ONE_SOUND = {
    "tch": "č", "sch": "š", "dzh": "j", "sh": "š", "ch": "č", "kh": "ḫ", "gh": "ğ", "zh": "ž", "dj": "j", "ph": "f", "th": "ŧ",
    "dh": "ð", "ck": "k", "oo": "ū", "ou": "ū", "ee": "ī", "aa": "ā", "дж": "ҷ", "кх": "х", "وو": "و", "یی": "ی",
}  # fmt: skip
_KINDS_OF_SOUNDS = {
    "č": "w",
    "š": "w",
    "ḫ": "xkh",
    "ğ": "k",
    "ž": "j",
    "ŧ": "ts",
    "ð": "zd",
    "ū": "a",
    "ī": "a",
    "ā": "a",
}
_SOUNDS = re.compile("|".join(_ONE_SOUND) + r"|([^\Waeiou])\1+")


@lru_cache(maxsize=200_000)
def sounds(word: str) -> str:
    """The word as the channels see it: one letter a sound, no consonant twice in a row (Hassan, Музаффар)."""
    return _SOUNDS.sub(lambda met: _ONE_SOUND.get(met.group()) or met.group(1), word[:LONGEST_WORD])


def letters_of_sounds(word: str) -> list[str]:
    """The letters as they are written, for each of `sounds`."""
    found, at, word = [], 0, word[:LONGEST_WORD]
    for met in _SOUNDS.finditer(word):
        found += [*word[at : met.start()], met.group()]
        at = met.end()
    return [*found, *word[at:]]


class Alphabet:
    """The letters of a script and their commonest neighbours, numbered; the same for every channel it is part of."""

    def __init__(self, letters: Sequence[str], neighbours: Sequence[str]) -> None:
        self.letters, self.neighbours = tuple(letters), tuple(neighbours)
        self.single = {piece: place for place, piece in enumerate((BEGIN, END, *letters), start=1)}
        self.singles = len(self.single) + 1
        self.double = {piece: place for place, piece in enumerate(neighbours, start=self.singles)}
        self.size = self.singles + len(self.double)

    def number(self, piece: str) -> int:
        return (self.single if len(piece) == 1 else self.double)[piece]

    def rows(self, word: str) -> tuple[Letters, Letters]:
        """(its letters with both ends, each with the one that follows)"""
        marked = BEGIN + sounds(word) + END
        single = np.array([self.single.get(letter, 0) for letter in marked], np.int16)
        double = np.array([self.double.get(marked[i : i + 2], 0) for i in range(len(marked))], np.int16)
        return single, double


@dataclass(frozen=True)
class Channel:
    """What pieces of the left script become in the right one: a joint distribution over steps."""

    left_alphabet: Alphabet
    right_alphabet: Alphabet
    both: Floats  # (left pieces, right pieces)
    left: Floats  # a left letter with nothing on the right
    right: Floats
    of_left: Floats  # how often a piece is used at all: the marginals
    of_right: Floats

    @cached_property
    def turned(self) -> Channel:
        """The same channel with its sides changed, for a word that stands on the right."""
        return Channel(
            self.right_alphabet,
            self.left_alphabet,
            np.ascontiguousarray(self.both.T),
            self.right,
            self.left,
            self.of_right,
            self.of_left,
        )

    @classmethod
    def with_slips(
        cls, a: Alphabet, b: Alphabet, both: Floats, left: Floats, right: Floats, slip: float = SLIP
    ) -> Channel:
        """The channel of learned steps, with a small share of every step that a slip could make."""
        slips_a, slips_b = _slips(both.sum(1) + left, a), _slips(both.sum(0) + right, b)
        any_two = np.outer(slips_a, slips_b)
        of_a_kind = any_two * _of_a_kind(a, b)
        heard = ALIKE * of_a_kind / max(of_a_kind.sum(), LEAST) + (0.4 - ALIKE) * any_two
        both = both * (1 - slip) + slip * heard
        left, right = left * (1 - slip) + slip * 0.3 * slips_a, right * (1 - slip) + slip * 0.3 * slips_b
        return cls(a, b, both, left, right, both.sum(1) + left, both.sum(0) + right)


def _of_a_kind(a: Alphabet, b: Alphabet) -> Floats:
    """1 where two letters may be one sound by the table of `letters`: what no lesson had still sounds alike."""
    found = np.zeros((a.size, b.size))
    for x in a.letters:
        for y in b.letters:
            found[a.single[x], b.single[y]] = bool(_kinds(x) & _kinds(y))
    return found


def _kinds(letter: str) -> frozenset[str]:
    kinds = (*SOUNDS.get(letter, ()), *_KINDS_OF_SOUNDS.get(letter, ""))
    return frozenset(VOWEL if kind == GLIDE else kind for kind in kinds if kind)


def _slips(used: Floats, alphabet: Alphabet) -> Floats:
    share = np.zeros_like(used)
    share[MARKS : alphabet.singles] = used[MARKS : alphabet.singles]
    share = np.maximum(share / max(share.sum(), LEAST), LEAST)
    share[alphabet.singles :] = 0
    share[1:MARKS] = 0
    return np.asarray(share)


# -- signs of likeness ------------------------------------------------------------------------------------------------

SIGNS = 11
SIGNS_OF_A_CHANNEL = 4
CHANNEL_COUNT = len(CHANNELS)


@njit(cache=True)
def signs(costs_of, lengths_a, lengths_b, channel, of_one_script):  # type: ignore[no-untyped-def]
    """The signs that the weights are for, per pair; `costs_of` columns: surprise of the pair, of the one, of the other.

    The mutual information of the two words, what each leaves unexplained of the other, both in measure of the words' length.
    """
    found = np.zeros((costs_of.shape[0], SIGNS + SIGNS_OF_A_CHANNEL * CHANNEL_COUNT))
    at = SIGNS + SIGNS_OF_A_CHANNEL * channel
    for k in range(costs_of.shape[0]):
        pair, one, other = costs_of[k, 0], costs_of[k, 1], costs_of[k, 2]
        shorter = min(lengths_a[k], lengths_b[k])
        shared = one + other - pair
        less, more = min(pair - one, pair - other), max(pair - one, pair - other)
        sign = found[k]
        sign[0], sign[1], sign[2] = shared, less, more
        sign[3] = shared / np.sqrt(lengths_a[k] + lengths_b[k])
        sign[4], sign[5] = shared / max(one, other), shared / min(one, other)
        sign[6] = shorter
        sign[7] = abs(lengths_a[k] - lengths_b[k]) if of_one_script else 0.0
        sign[8], sign[9], sign[10] = shared**2 / 10, less * shorter / 10, more * shorter / 10
        sign[at], sign[at + 1], sign[at + 2], sign[at + 3] = 1.0, shared, sign[4], less
    return found


def signs_of(costs_of: Floats, lengths_a: npt.ArrayLike, lengths_b: npt.ArrayLike, channel: int) -> Floats:
    of_one_script = CHANNELS[channel][0] == CHANNELS[channel][1]
    found = signs(costs_of, np.asarray(lengths_a, np.int64), np.asarray(lengths_b, np.int64), channel, of_one_script)
    return np.asarray(found)


# -- words, written as rows of numbers once ---------------------------------------------------------------------------


class WordRows:
    """Words as rows of numbers, kept for as long as the process lives: the words of a country are few and come again."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self.place: dict[str, int] = {}
        self.single = np.zeros((256, WIDEST), np.int16)
        self.double = np.zeros((256, WIDEST), np.int16)
        self.length = np.zeros(256, np.int64)
        self._lock = Lock()

    def rows_of(self, words: Sequence[str]) -> npt.NDArray[np.int64]:
        place = self.place
        try:
            return np.array([place[word] for word in words], np.int64)
        except KeyError:
            with self._lock:
                for word in words:
                    if word not in place:
                        self._add(word)
            return np.array([place[word] for word in words], np.int64)

    def _add(self, word: str) -> None:
        row = len(self.place)
        if row == len(self.length):  # twice the room; readers keep the arrays they hold
            self.single = np.concatenate([self.single, np.zeros_like(self.single)])
            self.double = np.concatenate([self.double, np.zeros_like(self.double)])
            self.length = np.concatenate([self.length, np.zeros_like(self.length)])
        single, double = self.alphabet.rows(word)
        self.single[row, : len(single)], self.double[row, : len(double)] = single, double
        self.length[row] = len(single)
        self.place[word] = row


class Model:
    """Alphabets, channels and the weights of signs."""

    def __init__(self, alphabets: dict[str, Alphabet], channels: Sequence[Channel], weights: Floats) -> None:
        self.alphabets, self.channels, self.weights = alphabets, tuple(channels), weights
        self.words = {script: WordRows(alphabet) for script, alphabet in alphabets.items()}

    def costs(self, word: str, script: str, others: Sequence[str], other_script: str) -> tuple[Floats, int]:
        """Per other word (surprise of the pair, of the word, of the other), and the number of the channel."""
        number, channel = self.channel(script, other_script)
        rows = self.words[other_script]
        return self._costs(word, script, channel, rows, rows.rows_of(others)), number

    def _costs(self, word: str, script: str, channel: Channel, rows: WordRows, places: npt.NDArray[np.int64]) -> Floats:
        single, double = self.alphabets[script].rows(word)
        found = costs(
            single, double, rows.single, rows.double, rows.length, places,
            channel.both, channel.left, channel.right, channel.of_left, channel.of_right,
        )  # fmt: skip
        return np.asarray(found)

    def channel(self, script: str, other_script: str) -> tuple[int, Channel]:
        """The number of the channel, and the channel with this script on its left side."""
        turned = script > other_script
        number = CHANNELS.index((other_script, script) if turned else (script, other_script))
        return number, self.channels[number].turned if turned else self.channels[number]

    def sameness(self, word: str, others: Sequence[str]) -> Floats:
        """For each of the other words the probability that it is the same name as `word`."""
        return chance_of(self.odds(word, others))

    def odds(self, word: str, others: Sequence[str]) -> Floats:
        """As `sameness`, in nats of log odds; `KNOWN` or minus that where it is known without judging."""
        script, known = script_of(word), concept(word)
        found = np.full(len(others), -KNOWN)
        by_script: dict[str | None, list[int]] = {}
        for place, other in enumerate(others):
            meant = concept(other)
            if other == word or (known and meant == known):
                found[place] = KNOWN
            elif script is not None and not (known and meant):
                by_script.setdefault(_script_of(other), []).append(place)
        for other_script in SCRIPTS:
            places = by_script.get(other_script) if script else None
            if places:
                chosen = [others[place] for place in places]
                cost, number = self.costs(word, str(script), chosen, other_script)
                found[places] = self.odds_of_pairs(
                    cost, np.full(len(chosen), len(word)), [len(w) for w in chosen], number
                )
                # All common spellings of a known name are known: Mahmud is not one more of Mohammad.
                found[places] -= [UNKNOWN_SPELLING * (bool(known) or bool(concept(other))) for other in chosen]
        return found

    def odds_of_rows(
        self,
        word: str,
        script: str,
        other_script: str,
        rows: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        one_is_known: npt.NDArray[np.bool_],
    ) -> Floats:
        """As `odds`, of words of one script that are given by their rows; `one_is_known` where one has a common spelling."""
        number, channel = self.channel(script, other_script)
        cost = self._costs(word, script, channel, self.words[other_script], rows)
        found = self.odds_of_pairs(cost, np.full(len(rows), len(word)), lengths, number)
        return np.asarray(found - UNKNOWN_SPELLING * one_is_known)

    def odds_of_pairs(self, cost: Floats, lengths: npt.ArrayLike, others: npt.ArrayLike, number: int) -> Floats:
        return np.asarray(signs_of(cost, lengths, others, number) @ self.weights)

    def weigh_pairs(self, cost: Floats, lengths: npt.ArrayLike, others: npt.ArrayLike, number: int) -> Floats:
        return chance_of(self.odds_of_pairs(cost, lengths, others, number))


def chance_of(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -40, 40))))


@lru_cache(maxsize=200_000)
def _script_of(word: str) -> str | None:
    return script_of(word)


@lru_cache(maxsize=1)
def model() -> Model:
    """The learned parameters that come with Panoh."""
    return read(PARAMETERS)


def sameness(a: str, b: str) -> float:
    """The probability, 0 to 1, that two words (as `words_of` gives them) are one name."""
    return float(model().sameness(a, [b])[0])


# -- parameters as text -----------------------------------------------------------------------------------------------


def read(folder: Path) -> Model:
    head = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    alphabets = {script: Alphabet(entry["letters"], entry["neighbours"]) for script, entry in head["alphabets"].items()}
    steps: dict[tuple[str, str], list[tuple[str, str, float]]] = {pair: [] for pair in CHANNELS}
    with (folder / "steps.tsv").open(encoding="utf-8", newline="") as file:
        for a, b, x, y, share in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            steps[(a, b)].append((x, y, float(share)))
    channels = [_channel(alphabets[a], alphabets[b], steps[(a, b)]) for a, b in CHANNELS]
    return Model(alphabets, channels, np.array(head["weights"], float))


def _channel(a: Alphabet, b: Alphabet, steps: Sequence[tuple[str, str, float]]) -> Channel:
    both, left, right = np.zeros((a.size, b.size)), np.zeros(a.size), np.zeros(b.size)
    for x, y, share in steps:
        if x and y:
            both[a.number(x), b.number(y)] = share
        elif x:
            left[a.number(x)] = share
        else:
            right[b.number(y)] = share
    total = both.sum() + left.sum() + right.sum()
    return Channel.with_slips(a, b, both / total, left / total, right / total)


def write(folder: Path, model: Model, learned: Sequence[tuple[Floats, Floats, Floats]], least: float = 1e-7) -> None:
    """Keep the parameters as text: one line a step, so that a change can be read."""
    folder.mkdir(exist_ok=True)
    head = {
        "alphabets": {
            script: {"letters": list(alphabet.letters), "neighbours": list(alphabet.neighbours)}
            for script, alphabet in model.alphabets.items()
        },
        "weights": [round(float(weight), 5) for weight in model.weights],
    }
    (folder / "model.json").write_text(json.dumps(head, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    with (folder / "steps.tsv").open("w", encoding="utf-8", newline="") as file:
        for (a, b), (both, left, right) in zip(CHANNELS, learned, strict=True):
            pieces_a, pieces_b = _pieces(model.alphabets[a]), _pieces(model.alphabets[b])
            places = np.argwhere(both > least).tolist()
            lines = [(pieces_a[i], pieces_b[j], both[i, j]) for i, j in places]
            lines += [(pieces_a[i], "", left[i]) for i in np.flatnonzero(left > least).tolist()]
            lines += [("", pieces_b[j], right[j]) for j in np.flatnonzero(right > least).tolist()]
            for x, y, share in lines:
                file.write(f"{a}\t{b}\t{x}\t{y}\t{share:.3g}\n")


def _pieces(alphabet: Alphabet) -> dict[int, str]:
    return {number: piece for pieces in (alphabet.single, alphabet.double) for piece, number in pieces.items()}
