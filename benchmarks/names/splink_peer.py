"""The peer for linkage: Splink 5 on DuckDB with romanised names, set up as its documentation advises.

Words of the name are sorted, so that order does not matter; blocking is by metaphone of words with one further piece of
evidence; all parameters are estimated from the register itself, the truth is not shown.
"""

from __future__ import annotations

import csv
import resource
import time
from pathlib import Path

import duckdb
import pyarrow
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from doublemetaphone import doublemetaphone
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from names.romanisers import Romaniser
from names.truth import judge

LEAST_WEIGHT = -4.0
# A block by one word and the year alone would hold 200 million pairs in a register of a million: too many Mohammads.
BLOCKS = (
    block_on("codes", "birth_year"),
    block_on("codes", "father_code"),
    block_on("full_name"),
    block_on("code_1", "father_code", "birth_year"),
    block_on("code_2", "father_code", "birth_year"),
)


def columns(register: Path, romaniser: Romaniser) -> pyarrow.Table:
    found: dict[str, list[str | int | None]] = {
        name: []
        for name in (
            *("unique_id", "full_name", "word_1", "word_2", "code_1", "code_2", "codes"),
            *("father", "father_code", "birth_year", "birth_date", "sex"),
        )
    }
    with open(register, newline="") as file:
        for row in csv.DictReader(file):
            words = sorted(romaniser(row["full_name"]).split())
            father = romaniser(row["father_name"])
            long_words = sorted(sorted(words, key=len, reverse=True)[:2])
            codes = sorted(doublemetaphone(word)[0] for word in long_words)
            values = (
                row["id"],
                " ".join(words),
                long_words[0] if long_words else None,
                long_words[1] if len(long_words) > 1 else None,
                codes[0] if codes else None,
                codes[1] if len(codes) > 1 else None,
                " ".join(codes) if len(codes) > 1 else None,
                father or None,
                doublemetaphone(father.split()[0])[0] if father else None,
                int(row["birth_year"]) if row["birth_year"] else None,
                row["birth_date"] or None,
                row["sex"],
            )
            for column, value in zip(found.values(), values, strict=True):
                column.append(value)
    return pyarrow.table(found)


def spelled_or_sounded(column: str, code: str, least: float) -> comparisons.CustomComparison:
    """Alike by spelling, or by sound where the spelling (without the vowels of Arabic script) says less."""
    return comparisons.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            levels.NullLevel(column),
            levels.ExactMatchLevel(column, term_frequency_adjustments=True),
            levels.JaroWinklerLevel(column, 0.95),
            levels.JaroWinklerLevel(column, 0.88),
            levels.ExactMatchLevel(code, term_frequency_adjustments=True),
            levels.JaroWinklerLevel(column, least),
            levels.ElseLevel(),
        ],
    )


def settings() -> SettingsCreator:
    year = comparisons.CustomComparison(
        output_column_name="birth_year",
        comparison_levels=[
            levels.NullLevel("birth_year"),
            levels.ExactMatchLevel("birth_date"),
            levels.ExactMatchLevel("birth_year"),
            levels.CustomLevel("abs(birth_year_l - birth_year_r) <= 1", "one year apart"),
            levels.CustomLevel("abs(birth_year_l - birth_year_r) <= 2", "two years apart"),
            levels.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=list(BLOCKS),
        comparisons=[
            spelled_or_sounded("full_name", "codes", 0.7),
            spelled_or_sounded("father", "father_code", 0.8),
            year,
            comparisons.ExactMatch("sex"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )


def link(title: str, register: Path, truth: Path, romaniser: Romaniser) -> dict[str, object]:
    start, cpu = time.perf_counter(), time.process_time()
    table = columns(register, romaniser)
    romanised = time.perf_counter() - start
    database = DuckDBAPI(connection=duckdb.connect())
    linker = Linker(database.register(table), settings(), log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("codes", "father_code", "birth_year")], 0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("codes", "birth_year"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("father_code", "birth_date"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("codes", "father_code"))
    predicted = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT).as_duckdbpyrelation()
    pairs = predicted.select("match_weight, unique_id_l, unique_id_r").fetchall()
    taken, used = time.perf_counter() - start, time.process_time() - cpu
    return {
        "engine": title,
        **judge(pairs, truth),
        "seconds": round(taken, 1),
        "seconds_romanising": round(romanised, 1),
        "cpu_seconds": round(used, 1),
        "peak_gigabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }
