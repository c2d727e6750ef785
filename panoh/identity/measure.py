"""How good a search over names is: the figures by which every engine, ours and its peers, is judged alike.

Called by `panoh identity measure` and by `benchmarks/identity.py`; knows no engine. An engine is a function from what is
asked to the ids that it finds, best first. Only the id counts: a namesake in the place of the person asked for is an
error, even where nothing in the question could have told the two apart. How many such there are is the `ceiling`.
"""

from __future__ import annotations

import csv
import gzip
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal, TextIO

import numpy as np

Evidence = Literal["name", "person"]  # the name alone, or with the father's name and the year of birth
Search = Callable[[str, str, int | None], Sequence[str]]
Alarm = Callable[[str, str, int | None], float]
Figures = dict[str, float | int | None]  # None: there is no such figure, as with a weight that no pair reached

FIRST_PAGE = 10
FALSE_ALARMS = (0.05, 0.01)
FLOOR_OF_PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Question:
    """One query: what is asked, and the id of the person who is meant (empty for a newcomer who is not registered)."""

    id: str
    kind: str
    person: str
    name: str
    father: str
    year: int | None
    asked: str  # script of the question
    stored: str  # script of the name in the register

    @property
    def direction(self) -> str:
        return f"{self.asked}>{self.stored}"

    def with_evidence(self, evidence: Evidence) -> tuple[str, str, int | None]:
        return (self.name, self.father, self.year) if evidence == "person" else (self.name, "", None)


@dataclass(frozen=True, slots=True)
class Answer:
    """Where the person stood among those found (1 is first, 0 is not found), and what the search took."""

    question: Question
    rank: int
    wall_ms: float
    cpu_ms: float


def open_table(path: Path) -> TextIO:
    return gzip.open(path, "rt", newline="") if path.suffix == ".gz" else open(path, newline="")


def read_questions(path: Path) -> list[Question]:
    with open_table(path) as file:
        return [
            Question(
                id=row["qid"],
                kind=row["set"],
                person=row["person"],
                name=row["query"],
                father=row["father"],
                year=int(row["year"]) if row["year"] else None,
                asked=row["qscript"],
                stored=row["tscript"],
            )
            for row in csv.DictReader(file)
        ]


def ask(
    questions: Iterable[Question],
    search: Search,
    evidence: Evidence,
    cpu: Callable[[], float] = time.process_time,
) -> list[Answer]:
    """Ask each question once. `cpu` tells the seconds of processor time so far: give one that counts the database too."""
    answers = []
    for question in questions:
        cpu_before, before = cpu(), time.perf_counter()
        found = list(search(*question.with_evidence(evidence)))
        wall, used = time.perf_counter() - before, cpu() - cpu_before
        rank = found.index(question.person) + 1 if question.person in found else 0
        answers.append(Answer(question, rank, wall * 1000, used * 1000))
    return answers


def report(answers: Sequence[Answer], ceilings: dict[str, int] | None = None) -> dict[str, object]:
    """All figures of one run. `ceilings` is what `count_indistinguishable` found for the same questions."""
    by_direction: dict[str, list[Answer]] = defaultdict(list)
    by_kind: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        by_direction[answer.question.direction].append(answer)
        by_kind[answer.question.kind].append(answer)
    cross = [answer for answer in answers if answer.question.asked != answer.question.stored]
    same = [answer for answer in answers if answer.question.asked == answer.question.stored]
    return {
        "all": figures(answers, ceilings),
        "cross_script": figures(cross, ceilings),
        "same_script": figures(same, ceilings),
        "directions": {name: figures(part, ceilings) for name, part in sorted(by_direction.items())},
        "kinds": {name: figures(part, ceilings) for name, part in sorted(by_kind.items())},
        "wall_ms": spread([answer.wall_ms for answer in answers]),
        "cpu_ms": spread([answer.cpu_ms for answer in answers]),
    }


def figures(answers: Sequence[Answer], ceilings: dict[str, int] | None = None) -> Figures:
    """recall@1, recall@10 and mean reciprocal rank within the first ten; the same for an engine that never errs."""
    count = len(answers)
    if not count:
        return {"queries": 0}
    ranks = [answer.rank for answer in answers]
    found: Figures = {
        "queries": count,
        "recall_at_1": round(sum(rank == 1 for rank in ranks) / count, 4),
        "recall_at_10": round(sum(1 <= rank <= FIRST_PAGE for rank in ranks) / count, 4),
        "mrr": round(sum(1 / rank for rank in ranks if 1 <= rank <= FIRST_PAGE) / count, 4),
    }
    if ceilings is not None:
        alike = [ceilings[answer.question.id] for answer in answers]
        found["ceiling_at_1"] = round(sum(1 / number for number in alike) / count, 4)
        found["ceiling_at_10"] = round(sum(min(1.0, FIRST_PAGE / number) for number in alike) / count, 4)
    return found


def count_indistinguishable(questions: Sequence[Question], register: Path, evidence: Evidence) -> dict[str, int]:
    """For each question, how many records carry the same name letter for letter, and the same father and year if asked.

    Among these nothing but chance finds the one who is meant, so 1/n of such questions can be answered at the first
    place. Names that are equal in speech but not in writing are not counted: the true ceiling is a little lower.
    """
    wanted = {question.person for question in questions}
    records: dict[str, dict[str, str]] = {}
    with open_table(register) as file:
        for row in csv.DictReader(file):
            if row["id"] in wanted:
                records[row["id"]] = row
    missing = wanted - records.keys()
    if missing:
        raise ValueError(f"{len(missing)} persons of the questions are not in {register}, {sorted(missing)[0]} for one")
    names = {record["full_name"] for record in records.values()}
    alike: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    with open_table(register) as file:
        for row in csv.DictReader(file):
            if row["full_name"] in names:
                alike[row["full_name"]][row["father_name"], row["birth_year"]] += 1
    counted = {}
    for question in questions:
        record = records[question.person]
        _, father, year = question.with_evidence(evidence)
        counted[question.id] = sum(
            number
            for (other_father, other_year), number in alike[record["full_name"]].items()
            if (not father or other_father == record["father_name"])
            and (year is None or other_year == record["birth_year"])
        )
    return counted


def spread(values: Sequence[float]) -> Figures:
    if not values:
        return {}
    ordered = sorted(values)
    return {name: round(percentile(ordered, share), 3) for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))}


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


# -- the alarm at entry: is this person registered already?


def alarm_report(known: Sequence[float], newcomers: Sequence[float], first: Sequence[bool] | None = None) -> Figures:
    """How many registered persons raise the alarm where only 5 % or 1 % of newcomers do.

    `known` and `newcomers` are the probabilities given to either; `first` says for each of the known whether she stood
    first among those shown, since an alarm that points at somebody else helps the clerk only half.
    """
    if not known or not newcomers:
        raise ValueError("the alarm is measured with persons of the register and with newcomers")
    found: Figures = {"known": len(known), "newcomers": len(newcomers)}
    for share in FALSE_ALARMS:
        limit = alarm_limit(newcomers, share)
        percent = f"{share:.0%}".removesuffix("%")
        found[f"found_at_{percent}_percent"] = round(sum(score > limit for score in known) / len(known), 4)
        if first is not None:
            right = sum(score > limit and stands for score, stands in zip(known, first, strict=True))
            found[f"found_first_at_{percent}_percent"] = round(right / len(known), 4)
        found[f"limit_at_{percent}_percent"] = round(limit, 6)
    return found


def alarm_limit(newcomers: Sequence[float], share: float) -> float:
    """The least score that no more than this share of the newcomers exceed. Ties raise no alarm: they cannot be split."""
    ordered = sorted(newcomers, reverse=True)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def fit_calibration(told: Sequence[tuple[float, float, bool]]) -> Figures:
    """`likeness.Calibration` by logistic regression, from (standing, what was missing, whether it was she) of each alarm."""
    table = np.array([(1.0, above, -math.sqrt(max(missing, 0))) for above, missing, _right in told])
    truth = np.array([right for _above, _missing, right in told], float)
    weights = np.zeros(3)
    for _turn in range(30):
        chance = 1 / (1 + np.exp(-np.clip(table @ weights, -30, 30)))
        slope = table.T @ (chance - truth) + 0.1 * weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + 0.1 * np.eye(3)
        weights -= np.linalg.solve(curve, slope)
    return {
        name: round(float(weight), 3) for name, weight in zip(("level", "standing", "missing"), weights, strict=True)
    }


def calibration(scores: Iterable[tuple[float, bool]], bands: int = 10) -> list[Figures]:
    """Of those given a probability of 0.7 to 0.8, how many were right? Told for each band that occurs."""
    sums: dict[int, list[float]] = defaultdict(lambda: [0, 0.0, 0])
    for probability, right in scores:
        band = sums[min(bands - 1, int(probability * bands))]
        band[0] += 1
        band[1] += probability
        band[2] += right
    return [
        {"from": band / bands, "number": int(number), "said": round(said / number, 4), "was": round(was / number, 4)}
        for band, (number, said, was) in sorted(sums.items())
    ]


def divide(questions: Sequence[Question], parts: Path) -> tuple[list[Question], list[Question], set[str]]:
    """Questions about persons who stay, questions about newcomers, and the persons to be taken out of the register.

    `parts` says for each question `known`, `newcomer` or `left_out` (columns qid and part): a newcomer is a person of
    the register who is taken out before the alarm is asked, so that both kinds of question are alike in all but the answer.
    """
    with open_table(parts) as file:
        part = {row["qid"]: row["part"] for row in csv.DictReader(file)}
    known = [question for question in questions if part[question.id] == "known"]
    newcomers = [question for question in questions if part[question.id] == "newcomer"]
    return known, newcomers, {question.person for question in questions} - {question.person for question in known}


# -- linkage of a whole register


def linkage_report(pairs: Iterable[tuple[float, bool]], true_pairs: int) -> Figures:
    """Pair by pair over every threshold: the best F1, and the recall while at least 95 of 100 suggestions are right.

    `pairs` are the pairs suggested, each once, with their weight and whether they are one person; pairs never suggested
    count through `true_pairs`, the number of all that there are. Pairs of equal weight stand or fall together.
    """
    if true_pairs <= 0:
        raise ValueError("without true pairs there is nothing to be found")
    suggested = right = 0
    best: tuple[float, float, float, float | None] = (0.0, 0.0, 0.0, None)
    recall_at_floor: float = 0.0
    weight_at_floor: float | None = None
    for weight, equals in groupby(sorted(pairs, key=lambda pair: -pair[0]), key=lambda pair: pair[0]):
        for _, is_one in equals:
            suggested += 1
            right += is_one
        precision, recall = right / suggested, right / true_pairs
        f1 = 2 * right / (suggested + true_pairs)
        if f1 > best[0]:
            best = (f1, precision, recall, weight)
        if precision >= FLOOR_OF_PRECISION and recall > recall_at_floor:
            recall_at_floor, weight_at_floor = recall, weight
    return {
        "true_pairs": true_pairs,
        "suggested_pairs": suggested,
        "recall_of_all_suggested": round(right / true_pairs, 4),
        "best_f1": round(best[0], 4),
        "precision_at_best_f1": round(best[1], 4),
        "recall_at_best_f1": round(best[2], 4),
        "weight_at_best_f1": best[3],
        "recall_at_precision_95": round(recall_at_floor, 4),
        "weight_at_precision_95": weight_at_floor,
    }
