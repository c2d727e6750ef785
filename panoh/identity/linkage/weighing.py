"""The weight of a pair, by a model of Splink: how often each band of evidence occurs among pairs of one person and of two.

Names cannot be compared by the SQL that Splink writes; the evidence of names has been worked out before (`candidates`).
So a record here is a candidate pair, with its evidence in columns; both sides of Splink's join are the same table, and each
pair meets itself. Splink adds the weights up and keeps the model file; the weights themselves come from a regression on planted
duplicates (`learning`), since candidates that were chosen by their evidence break the independence Splink would estimate under.
DuckDB carries it out; Spark has not been run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow

from panoh.identity.linkage.candidates import Candidates
from panoh.identity.sameness import PARAMETERS

MODEL = PARAMETERS / "linkage.json"
ENGINES = ("duckdb", "spark")
UNKNOWN = -99.0
FEWEST = 10_000  # a register of fewer persons is weighed as if it were one of so many
LEARNED_WITH = 100_000  # persons in the register that the model was learned from


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


def weigh(candidates: Candidates, persons: int, engine: str = "duckdb", model: Path = MODEL) -> npt.NDArray[np.float64]:
    """The weight of each pair, in bits, that Splink gives by the model; 0 is as likely as not in a register of `persons`."""
    if not len(candidates):
        return np.zeros(0)
    settings = settings_for(json.loads(model.read_text(encoding="utf-8")), persons)
    linker = linker_of(table_of(candidates), settings, engine)
    predicted = linker.inference.predict().as_record_dict() if engine == "spark" else None
    weights = np.zeros(len(candidates))
    if predicted is not None:
        for row in predicted:
            weights[row["unique_id_l"]] = row["match_weight"]
    else:
        found = linker.inference.predict().as_duckdbpyrelation().select("unique_id_l, match_weight").fetchnumpy()
        weights[found["unique_id_l"]] = found["match_weight"]
    return weights


def settings_for(model: dict[str, Any], persons: int) -> dict[str, Any]:
    """The model with its prior for a register of this size: pairs by chance grow with its square, true ones do not."""
    learned = model["probability_two_random_records_match"]
    odds = learned / (1 - learned) * LEARNED_WITH / max(persons, FEWEST)
    return {**model, "probability_two_random_records_match": odds / (1 + odds)}


def linker_of(table: pyarrow.Table, settings: dict[str, Any], engine: str) -> Any:
    """Splink over the pairs, each joined with itself."""
    from splink import Linker

    if engine == "spark":
        from pyspark.sql import SparkSession
        from splink import SparkAPI

        session = SparkSession.builder.getOrCreate()
        make: Any = SparkAPI
        database: Any = make(spark_session=session)
        both = [session.createDataFrame(table.to_pandas()) for _ in range(2)]
    else:
        import duckdb
        from splink import DuckDBAPI

        database = DuckDBAPI(connection=duckdb.connect())
        both = [table, table]
    return Linker([database.register(one) for one in both], settings, log_level=None)


def parts_of(candidates: Candidates, place: int, model: Path = MODEL) -> dict[str, float]:
    """What each kind of evidence adds to the weight of one pair, in bits, as the model has it; what is not known is left out."""
    row = {name: column[0] for name, column in table_of(candidates.only(np.array([place]))).to_pydict().items()}
    found = {}
    for comparison in json.loads(model.read_text(encoding="utf-8"))["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"][1:]:
            bound = level["sql_condition"].split(">=")
            if row[name] != UNKNOWN and (len(bound) == 1 or row[name] >= float(bound[1])):
                found[name] = math.log2(level["m_probability"] / level["u_probability"])
                break
    return found
