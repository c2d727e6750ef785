"""One engine over one register: load it, ask it everything, take the newcomers out and ring the alarm.

Each engine runs in a process of its own, so that neither memory nor processor time of one falls to another.
"""

from __future__ import annotations

import csv
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, get_args

from names.attested import AttestedForms
from names.engines import Engine
from names.newcomers import split_questions
from panoh.identity.measure import (
    Evidence,
    Question,
    alarm_report,
    ask,
    count_indistinguishable,
    read_questions,
    report,
)

SEED = 20260130
EVIDENCES: tuple[Evidence, ...] = get_args(Evidence)


def make_peer(key: str) -> Engine:
    """Imported only when made: a peer's packages are slow to load, and none should hinder another."""
    if key in ("trigrams", "trigrams-icu"):
        from names.romanisers import icu_romanised
        from names.trigrams import TrigramEngine, lowered

        if key == "trigrams":
            return TrigramEngine("pg_trgm on the name as written", "as_written", lowered)
        return TrigramEngine("pg_trgm on ICU", "romanised", icu_romanised)
    if key in ("metaphone-icu", "metaphone-unicef"):
        from names.keyed import metaphone_engine
        from names.romanisers import icu_romanised, unicef_romanised

        if key == "metaphone-icu":
            return metaphone_engine("double metaphone + ratio on ICU", icu_romanised)
        return metaphone_engine("double metaphone + ratio on UNICEF's romaniser", unicef_romanised)
    if key == "rigour":
        from names.rigour_peer import rigour_engine

        return rigour_engine()
    if key == "rapidfuzz":
        from names.brute import BruteForceEngine

        return BruteForceEngine()
    raise ValueError(f"there is no peer called {key}")


PEERS = ("trigrams", "trigrams-icu", "metaphone-icu", "metaphone-unicef", "rigour", "rapidfuzz")


def compare(
    key: str, register: Path, questions_file: Path, pairs: Path, sample: int | None = None
) -> dict[str, object]:
    """All figures of one peer; the alarm with all the evidence that entry has; `sample` asks only so many questions, drawn by the seed, where all would take too long."""
    questions = sampled(read_questions(questions_file), sample)
    engine = make_peer(key)
    start, cpu = time.perf_counter(), engine.cpu()
    engine.load(register)
    loading = {"wall_s": round(time.perf_counter() - start, 1), "cpu_s": round(engine.cpu() - cpu, 1)}
    found: dict[str, Any] = {"engine": engine.title, "questions": len(questions), "loading": loading}
    found["index_bytes"] = engine.index_bytes()
    ranks: dict[Evidence, dict[str, int]] = {}
    for evidence in EVIDENCES:
        answers = ask(questions, engine.search, evidence, cpu=engine.cpu)
        found[evidence] = report(answers, count_indistinguishable(questions, register, evidence))
        ranks[evidence] = {answer.question.id: answer.rank for answer in answers}
    known, newcomers, doubled = split_questions(questions, register, AttestedForms(pairs))
    engine.forget({question.person for question in questions} - {question.person for question in known})
    found["person"]["alarm"] = {
        **alarm_report(
            [engine.alarm(*question.with_evidence("person")) for question in known],
            [engine.alarm(*question.with_evidence("person")) for question in newcomers],
            [ranks["person"][question.id] == 1 for question in known],
        ),
        "newcomers_left_out": doubled,
    }
    engine.close()
    return found


def sampled(questions: list[Question], number: int | None) -> list[Question]:
    return questions if number is None or number >= len(questions) else Random(SEED).sample(questions, number)


def apart(function: Callable[..., dict[str, object]], *arguments: object) -> dict[str, object]:
    """Call it in a fresh process that ends afterwards."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def write_newcomers(questions_file: Path, register: Path, pairs: Path, path: Path) -> None:
    """The same newcomers as the peers meet, for the command of an engine that runs elsewhere: one column, qid and part."""
    known, newcomers, _ = split_questions(read_questions(questions_file), register, AttestedForms(pairs))
    part = {question.id: "known" for question in known} | {question.id: "newcomer" for question in newcomers}
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("qid", "part"))
        writer.writerows(
            (question.id, part.get(question.id, "left_out")) for question in read_questions(questions_file)
        )
