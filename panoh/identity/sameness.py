"""Are two words one name? The probability, from how the letters of one script turn into those of another.

Learned by `panoh.identity.learning` from attested pairs and kept as text in `parameters/`: what a letter or two of one script
become in another (six channels: each script with each, and with itself), and how much each sign of likeness weighs. No word is
looked up: the channels know letters alone, so a name that nobody has seen is judged like any other.

Symmetric, and the same for a word whatever stands in the register.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from panoh.identity.alignment import costs
from panoh.identity.channels import CHANNELS, SCRIPTS, Alphabet, Channel, Floats
from panoh.identity.words import LONGEST_WORD, concept
from panoh.kernel.names import script_of

PARAMETERS = Path(__file__).parent / "parameters"
WIDEST = LONGEST_WORD + 2
KNOWN = 40.0  # log odds of what needs no judging: a word and itself
UNKNOWN_SPELLING = 4.0


# -- signs of likeness ------------------------------------------------------------------------------------------------

SIGNS = 11
SIGNS_OF_A_CHANNEL = 4
CHANNEL_COUNT = len(CHANNELS)


@njit(cache=True)
def _tell(sign, at, cost, length_a, length_b, of_one_script):  # type: ignore[no-untyped-def]
    """The signs of one pair, those of its channel from `at` on; `cost`: surprise of the pair, of the one, of the other.

    The mutual information of the two words, what each leaves unexplained of the other, both in measure of the words' length.
    """
    pair, one, other = cost[0], cost[1], cost[2]
    shorter = min(length_a, length_b)
    shared = one + other - pair
    less, more = min(pair - one, pair - other), max(pair - one, pair - other)
    sign[0], sign[1], sign[2] = shared, less, more
    sign[3] = shared / np.sqrt(length_a + length_b)
    sign[4], sign[5] = shared / max(one, other), shared / min(one, other)
    sign[6] = shorter
    sign[7] = abs(length_a - length_b) if of_one_script else 0.0
    sign[8], sign[9], sign[10] = shared**2 / 10, less * shorter / 10, more * shorter / 10
    sign[at], sign[at + 1], sign[at + 2], sign[at + 3] = 1.0, shared, sign[4], less


@njit(cache=True)
def signs(costs_of, lengths_a, lengths_b, channel, of_one_script):  # type: ignore[no-untyped-def]
    """The signs that the weights are for, per pair, as `costs` gives them."""
    found = np.zeros((costs_of.shape[0], SIGNS + SIGNS_OF_A_CHANNEL * CHANNEL_COUNT))
    at = SIGNS + SIGNS_OF_A_CHANNEL * channel
    for k in range(costs_of.shape[0]):
        _tell(found[k], at, costs_of[k], lengths_a[k], lengths_b[k], of_one_script)
    return found


@njit(cache=True, nogil=True)
def odds_by_signs(costs_of, length, lengths, channel, of_one_script, weights):  # type: ignore[no-untyped-def]
    """The log odds that each pair is one name: its signs by their weights. The one word has the same length in all pairs."""
    sign, out = np.zeros(SIGNS + SIGNS_OF_A_CHANNEL), np.empty(costs_of.shape[0])
    at = SIGNS + SIGNS_OF_A_CHANNEL * channel
    for k in range(costs_of.shape[0]):
        _tell(sign, SIGNS, costs_of[k], length, lengths[k], of_one_script)
        odds = 0.0
        for place in range(SIGNS):
            odds += sign[place] * weights[place]
        for place in range(SIGNS_OF_A_CHANNEL):
            odds += sign[SIGNS + place] * weights[at + place]
        out[k] = odds
    return out


@njit(cache=True, nogil=True)
def odds_of_words(single, double, length, script, means, places, words, of_scripts, channels, weights):  # type: ignore[no-untyped-def]
    """The log odds that a word is one name with each of those at `places` among `words`; -KNOWN where there is nothing to judge.

    `means`: which of the known names it is, or -1. Two that are known need no judging; and all common spellings of a known
    name are known, so that Mahmud is not one more of Mohammad.
    """
    odds, chosen = np.full(places.shape[0], -KNOWN), np.empty(places.shape[0], np.int64)
    for other_script in range(3):
        count = 0
        for k in range(places.shape[0]):
            if words.script[places[k]] == other_script and (means < 0 or words.means[places[k]] < 0):
                chosen[count] = k
                count += 1
        if count == 0:
            continue
        at = places[chosen[:count]]
        singles, doubles, lengths = of_scripts[other_script]
        both, left, right, of_left, of_right, number = channels[other_script]
        cost = costs(single, double, singles, doubles, lengths, words.row[at], both, left, right, of_left, of_right)
        told = odds_by_signs(cost, length, words.length[at], number, script == other_script, weights)
        for k in range(count):
            known = means >= 0 or words.means[at[k]] >= 0
            odds[chosen[k]] = told[k] - (UNKNOWN_SPELLING if known else 0.0)
    return odds


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


class Words(NamedTuple):
    """Words written as numbers: the place of their script in SCRIPTS or -1, their row there, their letters as they are written,
    and which of the names that are known in every spelling they are, or -1."""

    script: npt.NDArray[np.int8]
    row: npt.NDArray[np.int64]
    length: npt.NDArray[np.int64]
    means: npt.NDArray[np.int8]


class Model:
    """Alphabets, channels and the weights of signs."""

    def __init__(self, alphabets: dict[str, Alphabet], channels: Sequence[Channel], weights: Floats) -> None:
        self.alphabets, self.channels, self.weights = alphabets, tuple(channels), weights
        self.words = {script: WordRows(alphabet) for script, alphabet in alphabets.items()}
        self._channels_from: tuple[tuple[tuple[Any, ...], ...], ...] | None = None

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
                found[places] = self.odds_of_pairs(cost, len(word), np.array([len(w) for w in chosen]), number)
                # All common spellings of a known name are known: Mahmud is not one more of Mohammad.
                found[places] -= [UNKNOWN_SPELLING * (bool(known) or bool(concept(other))) for other in chosen]
        return found

    def odds_of_words(self, word: str, script: str, means: int, places: npt.NDArray[np.int64], words: Words) -> Floats:
        """As `odds`, of words that were written as numbers before."""
        single, double = self.alphabets[script].rows(word)
        number = SCRIPTS.index(script)
        found = odds_of_words(
            single,
            double,
            len(word),
            number,
            means,
            places,
            words,
            self.rows(),
            self.channels_from(number),
            self.weights,
        )
        return np.asarray(found)

    def rows(self) -> tuple[tuple[Any, Any, Any], ...]:
        """The rows of the words of each script, as they stand now."""
        return tuple((one.single, one.double, one.length) for one in (self.words[script] for script in SCRIPTS))

    def channels_from(self, script: int) -> tuple[tuple[Any, ...], ...]:
        """For each script the channel with `script` on its left side, and the channel's number."""
        if self._channels_from is None:
            self._channels_from = tuple(
                tuple(
                    (one.both, one.left, one.right, one.of_left, one.of_right, number)
                    for number, one in (self.channel(a, b) for b in SCRIPTS)
                )
                for a in SCRIPTS
            )
        return self._channels_from[script]

    def odds_of_pairs(self, cost: Floats, length: int, others: npt.NDArray[np.int64], number: int) -> Floats:
        of_one_script = CHANNELS[number][0] == CHANNELS[number][1]
        return np.asarray(odds_by_signs(cost, length, others, number, of_one_script, self.weights))


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
