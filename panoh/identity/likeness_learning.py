"""Learns the constants of `panoh.identity.likeness`: `python -m panoh.identity.likeness_learning REGISTER.csv QUERIES.csv`.

Coordinate search. Each question is asked of the register as a whole (by lists of bearers, no database), by the name alone and
with father and year; the likeliest persons are kept, and the constants are moved, one at a time, as long as the one who was
meant gets likelier among them. Half of the persons asked for teach, the other half says what it is worth. What is printed
is written into `likeness.py` by hand: a constant that moves by chance is better left where it is.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from panoh.identity import likeness
from panoh.identity.keys import word_keys
from panoh.identity.lexicon import Entry, Lexicon
from panoh.identity.likeness import Asked, Known, agreement, weigh
from panoh.identity.measure import Question, open_table, read_questions
from panoh.identity.sameness import model
from panoh.identity.words import words_of

STEPS = {
    "STEEPNESS": 0.15, "NOBODYS": 0.4e-6, "PAIRED": 0.15, "LONE_ASKED": 0.3, "LONE_KNOWN": 0.3, "OTHER_ORDER": 0.4,
    "SAME_FIRST": 0.25, "FATHERS_PAIRED": 0.15, "FATHERS_LONE_ASKED": 0.4, "FATHERS_LONE_KNOWN": 0.5,
    "FATHER_IN_THE_NAME": 0.8, "FATHER_WRONG": 0.02, "YEARS_FAR": 1.0,
}  # fmt: skip
BOUNDS = {"FATHER_WRONG": (0.005, 0.4), "NOBODYS": (1e-7, 1e-4), "STEEPNESS": (0.3, 4.0)}
KEPT = 150  # persons of a question
UNLIKELIEST = -12.0  # log likelihood that one question can cost at most: some pairs are wrong in the source
LEAST_GAIN = 2e-4

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Told:
    """One question with those who might be meant: words asked by words known, as log odds; `right`: her place among them."""

    asked: Asked
    odds: list[
        tuple[Longs, npt.NDArray[np.float64], npt.NDArray[np.float64]]
    ]  # per word: columns, odds; of all: shares
    columns: int
    known: list[Known]
    right: int
    half: int


class Register:
    """All persons of a table, with the bearers of each word."""

    def __init__(self, path: Path) -> None:
        self.place: dict[str, int] = {}
        self.own: list[list[int]] = []
        self.fathers: list[list[int]] = []
        years: list[int] = []
        numbers: dict[str, int] = {}
        with open_table(path) as file:
            for row in csv.DictReader(file):
                self.place[row["id"]] = len(self.own)
                for text, side in ((row["full_name"], self.own), (row["father_name"], self.fathers)):
                    side.append([numbers.setdefault(word, len(numbers)) for word in words_of(text)])
                years.append(int(float(row["birth_year"])) if row["birth_year"] else 0)
        self.years = np.array(years)
        self.bearers = _bearers(self.own, len(numbers))
        self.sons = _bearers(self.fathers, len(numbers))
        self.borne = np.array([len(of_word) for of_word in self.bearers])
        self.total = int(self.borne.sum())
        self.lexicon = Lexicon(model())
        self.lexicon.add(
            Entry(number, word, int(self.borne[number]), [f"0:{key}" for key in word_keys(word)])
            for word, number in numbers.items()
        )

    def near(self, word: str) -> tuple[Longs, npt.NDArray[np.float64]]:
        return self.lexicon.near(word, {"0": word_keys(word)})


def _bearers(words_of_persons: Sequence[Sequence[int]], words: int) -> list[Longs]:
    found: list[list[int]] = [[] for _ in range(words)]
    for person, of_person in enumerate(words_of_persons):
        for word in set(of_person):
            found[word].append(person)
    return [np.array(of_word, np.int64) for of_word in found]


def common_share(register: Register, places: Longs, odds: npt.NDArray[np.float64]) -> float:
    """As `registry.queries.vocabulary`: the share of all words in the register that are this name."""
    borne = np.maximum(register.borne[places], 1)
    return float((agreement(odds) * borne).sum() / (register.total + 1000)) + likeness.NOBODYS


def tell(register: Register, question: Question, person: bool) -> Told | None:
    """The likeliest persons for a question; None where she who was meant is not among them."""
    asked = Asked(
        words_of(question.name)[:8],
        words_of(question.father)[:8] if person else (),
        (question.year, question.year) if person and question.year else None,
    )
    near = [register.near(word) for word in (*asked.words, *asked.father)]
    score = np.zeros(len(register.own))
    for place, (places, odds) in enumerate(near):
        of_father = place >= len(asked.words)
        best = np.full(len(score), likeness.FATHERS_LONE_ASKED if of_father else likeness.LONE_ASKED)
        rarity = -np.log(common_share(register, places, odds))
        for word, nats in sorted(
            zip(places.tolist(), np.log(agreement(odds)) + rarity, strict=True), key=lambda w: w[1]
        ):
            if of_father:
                best[register.sons[word]] = nats
            else:
                best[register.bearers[word]] = nats - likeness.LONE_KNOWN
        score += best
    if asked.years:
        score[np.abs(register.years - asked.years[0]) <= 2] += likeness.YEARS_APART[1]
    chosen = np.argpartition(-score, KEPT)[:KEPT].tolist()
    right = register.place.get(question.person, -1)
    if right not in chosen:
        return None
    columns: dict[int, int] = {}
    known = []
    for one in chosen:
        own = [columns.setdefault(word, len(columns)) for word in register.own[one]]
        fathers = [columns.setdefault(word, len(columns)) for word in register.fathers[one]]
        year = int(register.years[one])
        known.append(Known(own, fathers, (year, year) if year else None))
    odds_of_columns = []
    for places, odds in near:
        kept = [at for at, word in enumerate(places.tolist()) if word in columns]
        of_all = np.stack([odds, np.maximum(register.borne[places], 1) / (register.total + 1000)])
        odds_of_columns.append((np.array([columns[int(places[at])] for at in kept], np.int64), odds[kept], of_all))
    half = hashlib.sha256(question.person.encode()).digest()[0] % 2
    return Told(asked, odds_of_columns, max(len(columns), 1), known, chosen.index(right), half)


def evidence(told: Told) -> npt.NDArray[np.float64]:
    same = np.zeros((len(told.odds), told.columns))
    common = np.zeros(len(told.odds))
    for row, (columns, odds, (all_odds, shares)) in enumerate(told.odds):
        same[row, columns] = agreement(odds)
        common[row] = float((agreement(all_odds) * shares).sum()) + likeness.NOBODYS
    return weigh(told.asked, same, common, told.known)


def likelihood(questions: Sequence[Told]) -> float:
    """The mean log likelihood of those who were meant."""
    total = 0.0
    for told in questions:
        nats = evidence(told)
        total += max(float(nats[told.right] - np.logaddexp.reduce(nats)), UNLIKELIEST)
    return total / len(questions)


def recalls(questions: Sequence[Told]) -> tuple[float, float]:
    """The share at the first place and among the first ten, ties shared out."""
    first = ten = 0.0
    for told in questions:
        nats = evidence(told)
        before = int((nats > nats[told.right] + 1e-6).sum())
        alike = int((np.abs(nats - nats[told.right]) <= 1e-6).sum())
        first += min(1.0, max(0.0, (1 - before) / alike))
        ten += min(1.0, max(0.0, (10 - before) / alike))
    return first / len(questions), ten / len(questions)


def climb(questions: Sequence[Told], rounds: int) -> None:
    """Move one constant at a time while it helps, then by half the step."""
    best = likelihood(questions)
    for turn in range(rounds):
        for name, whole_step in STEPS.items():
            for step in (whole_step / 2**turn, -whole_step / 2**turn):
                moved = False
                while True:
                    before = getattr(likeness, name)
                    low, high = BOUNDS.get(name, (-1e9, 1e9))
                    if not low <= before + step <= high:
                        break
                    setattr(likeness, name, before + step)
                    gained = likelihood(questions)
                    if gained <= best + LEAST_GAIN:
                        setattr(likeness, name, before)
                        break
                    best, moved = gained, True
                if moved:
                    break
        print(f"round {turn + 1}: log likelihood {best:.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("register", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--questions", type=int, default=600, help="so many, drawn alike each time")
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    register = Register(chosen.register)
    every = read_questions(chosen.queries)
    sample = Random(5).sample(every, min(chosen.questions, len(every)))  # noqa: S311 - a sample, drawn alike each time
    halves: dict[tuple[int, bool], list[Told]] = defaultdict(list)
    for question in sample:
        for person in (False, True):
            told = tell(register, question, person)
            if told is not None:
                halves[told.half, person].append(told)

    def show(when: str) -> None:
        for (half, person), questions in sorted(halves.items()):
            first, ten = recalls(questions)
            evidence_told, part = "person" if person else "name", "checked" if half else "learned from"
            print(
                f"{when} {evidence_told:<6} {part:<12} {len(questions)} questions: first {first:.3f}, among ten {ten:.3f},"
                f" log likelihood {likelihood(questions):.3f}",
                flush=True,
            )

    show("before")
    before = {name: getattr(likeness, name) for name in STEPS}
    climb([*halves[0, False], *halves[0, True]], chosen.rounds)
    show("after ")
    for name, value in before.items():
        print(f"{name} = {getattr(likeness, name):.4g}  # was {value:.4g}")


if __name__ == "__main__":
    main()
