"""The weight of a pair, by a model of Splink: how often each band of evidence occurs among pairs of one person and of two.

Names cannot be compared by the SQL that Splink writes; the evidence of names has been worked out before (`candidates`).
So a record here is a candidate pair, with its evidence in columns; both sides of Splink's join are the same table, and each
pair meets itself. Splink adds the weights up and keeps the model file; the weights themselves come from a regression on planted
duplicates (`learning`), since candidates that were chosen by their evidence break the independence Splink would estimate under.
DuckDB carries it out in this process, or Spark on a cluster, by the same model file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow

from panoh.identity.linkage.candidates import Candidates, find_candidates
from panoh.identity.linkage.habits import (
    FEWEST,
    Habits,
    estimate,
    missing_in,
    missing_in_any_two,
    sampled,
    usual_habits,
)
from panoh.identity.linkage.nearness import Nearness
from panoh.identity.linkage.people import People
from panoh.identity.sameness import PARAMETERS

MODEL = PARAMETERS / "linkage.json"
UNKNOWN = -99.0
LEARNED_WITH, LEARNED_TWICE = 100_000, 0.08  # the register that the model was learned from
SAME_DAY, FATHERS_AGREE, TWINS = 3, 2.0, 7.0  # bits
Floats = npt.NDArray[np.float64]


def bands(column: str, least: Sequence[float]) -> dict[str, Any]:
    """A comparison by a column of evidence: one level from each bound upwards, the highest first."""
    levels = [{"sql_condition": f"{column}_l = {UNKNOWN}", "label_for_charts": "not known", "is_null_level": True}]
    levels += [{"sql_condition": f"{column}_l >= {bound}", "label_for_charts": f"{bound} or more"} for bound in least]
    levels.append({"sql_condition": "ELSE", "label_for_charts": "less"})
    return {"output_column_name": column, "comparison_levels": levels}


COMPARISONS = (
    bands("names", (20, 18, 16, 14, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2)),
    bands("lone", (11, 10, 2, 1)),  # words alone on both sides, or on one
    bands("father", (10, 8, 6, 4, 2, 0.3, -1)),
    bands("birth", (3, 2, 1)),
    bands("sex", (1,)),
    bands("place", (1,)),
)


def table_of(candidates: Candidates, first: int = 0) -> pyarrow.Table:
    """The pairs as Splink reads them; `unique_id` counts on from `first`."""
    known = {name: getattr(candidates, name).astype(np.float64) for name in ("birth", "sex", "place")}
    return pyarrow.table(
        {
            "unique_id": np.arange(first, first + len(candidates)),
            "names": candidates.names.astype(np.float64),
            "lone": np.minimum(candidates.lone, 1) * 10.0 + np.minimum(candidates.extra - candidates.lone, 2),
            "father": np.nan_to_num(candidates.father.astype(np.float64), nan=UNKNOWN),
            **{name: np.where(values < 0, UNKNOWN, values) for name, values in known.items()},
        }
    )


def weigh(candidates: Candidates, habits: Habits, engine: str = "duckdb", model: Path = MODEL) -> Floats:
    """The weight of each pair, in bits, that Splink gives by the model; 0 is as likely as not in this register."""
    if not len(candidates):
        return np.zeros(0)
    linker = linker_of(table_of(candidates), settings_for(_read(model), habits), engine)
    predicted = linker.inference.predict().as_pyarrow_table()
    weights = np.zeros(len(candidates))
    weights[predicted["unique_id_l"].to_numpy()] = predicted["match_weight"].to_numpy()
    return weights


def settings_for(model: dict[str, Any], habits: Habits) -> dict[str, Any]:
    """The model as Splink takes it for this register. Pairs by chance grow with the square of its size, true ones do not; and
    what is missing is a level like any other, as often as it is missing here."""
    odds = 2 * habits.twice / max(habits.persons, FEWEST)
    comparisons = [_with_missing(one, habits.missing) for one in model["comparisons"]]
    return {**model, "comparisons": comparisons, "probability_two_random_records_match": odds / (1 + odds)}


def _with_missing(comparison: dict[str, Any], missing: dict[str, tuple[float, float]]) -> dict[str, Any]:
    one, anybody = missing.get(comparison["output_column_name"], (0.0, 0.0))
    if not 0 < anybody < 1:
        return comparison
    unknown, *known = comparison["comparison_levels"]
    levels = [
        {
            **level,
            "m_probability": level["m_probability"] * (1 - one),
            "u_probability": level["u_probability"] * (1 - anybody),
        }
        for level in known
    ]
    told = {name: value for name, value in unknown.items() if name != "is_null_level"}
    return {
        **comparison,
        "comparison_levels": [{**told, "m_probability": one, "u_probability": anybody}, *levels],
    }


def _read(model: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(model.read_text(encoding="utf-8"))
    return found


def prior_bits(habits: Habits, model: Path = MODEL) -> float:
    """What a candidate pair weighs in this register before anything about it is known."""
    chance = settings_for(_read(model), habits)["probability_two_random_records_match"]
    return math.log2(chance / (1 - chance))


def parts_of(candidates: Candidates, habits: Habits, model: Path = MODEL) -> dict[str, Floats]:
    """What each kind of evidence adds to the weight of each pair, in bits: nan where it is not known, and `missing` for all
    that is not known together."""
    table = table_of(candidates)
    missing = np.zeros(len(candidates))
    found = {}
    for comparison in settings_for(_read(model), habits)["comparisons"]:
        values = table[comparison["output_column_name"]].to_numpy()
        bits = np.full(len(values), np.nan)
        unknown, *known = comparison["comparison_levels"]
        for level in reversed(known):
            bound = level["sql_condition"].split(">=")
            reached = values >= float(bound[1]) if len(bound) == 2 else np.ones(len(values), bool)
            bits[reached] = math.log2(level["m_probability"] / level["u_probability"])
        absent = values == UNKNOWN
        if "m_probability" in unknown:
            missing += np.where(absent, math.log2(unknown["m_probability"] / unknown["u_probability"]), 0.0)
        bits[absent] = np.nan
        found[comparison["output_column_name"]] = bits
    return {**found, "missing": missing}


def twins_speak(candidates: Candidates) -> Floats:
    """Against a pair of one day and one father in which each has a name that the other has not: nan for all others.

    Set by hand: planted duplicates have no twins among them, so that no model learns what a register of families is full of.
    """
    told = (candidates.birth == SAME_DAY) & (candidates.lone >= 1) & (np.nan_to_num(candidates.father) >= FATHERS_AGREE)
    return np.where(told, -TWINS, np.nan)


def habits_of(
    people: People, near: Nearness, wanted: Callable[[Candidates], Candidates] = lambda found: found
) -> Habits:
    """What this register is like, by the pairs of some of its records; `wanted` leaves out those that are none."""
    habits = usual_habits(len(people), missing_in_any_two(people))
    if not len(people):
        return habits
    stage, share = sampled(people)
    found = Candidates.together([wanted(some) for _, some in find_candidates(people, near, stage)])
    parts = parts_of(found, habits)
    bits = prior_bits(habits) + sum((np.nan_to_num(one) for one in parts.values()), np.zeros(len(found)))
    return estimate(habits, bits, missing_in(found), share)


def linker_of(table: pyarrow.Table, settings: dict[str, Any], engine: str = "duckdb") -> Any:
    """Splink over the pairs, each joined with itself."""
    from splink import Linker

    database = ENGINES[engine]()
    return Linker([database.register(one) for one in (table, table)], settings, log_level="ERROR")


def _duckdb() -> Any:
    import duckdb
    from splink import DuckDBAPI

    return DuckDBAPI(connection=duckdb.connect())


def _spark() -> Any:
    """The session that there is, or one as the surroundings of Spark say (SPARK_HOME, SPARK_CONF_DIR, PYSPARK_SUBMIT_ARGS).

    The functions that Splink brings for Spark compare text; numbers are all that is compared here.
    """
    from pyspark.sql import SparkSession
    from splink import SparkAPI

    make: Any = SparkAPI
    session = SparkSession.builder.getOrCreate()
    return make(spark_session=session, register_udfs_automatically=False, break_lineage_method="persist")


ENGINES = {"duckdb": _duckdb, "spark": _spark}
