"""Learn what each band of evidence weighs, from a register with planted duplicates, and write Splink's model file.

    python -m panoh.identity.linkage.learning REGISTER.csv TRUTH.csv

`benchmarks/identity.py make` makes both. The weights are those of a logistic regression over all bands together: taken one
by one, as Fellegi and Sunter do, they would count twice what names and fathers have in common, and the choice of candidates
by their sum makes independent evidence look opposed. What is not known weighs nothing. Where planted duplicates never
disagree (the place of origin), `STRONGEST` keeps the model from believing that people never do.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from panoh.identity.linkage.candidates import Candidates, find_candidates
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.people import arranged
from panoh.identity.linkage.tables import read_records
from panoh.identity.linkage.weighing import COMPARISONS, MODEL, UNKNOWN, table_of

STRONGEST = 3.0  # nats, for place and sex: what registers say of them is often wrong
OFTEN_WRONG = ("place", "sex")
STEPS = 40
Floats = npt.NDArray[np.float64]


def learn(candidates: Candidates, one: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """The settings of Splink with learned weights; `one` says which candidates are one person."""
    table = table_of(candidates)
    columns, owners = [], []
    for number, comparison in enumerate(COMPARISONS):
        values = table[comparison["output_column_name"]].to_numpy()
        bounds = [float(level["sql_condition"].split(">=")[1]) for level in comparison["comparison_levels"][1:-1]]
        known = values != UNKNOWN
        above = np.full(len(values), np.inf)
        for place, bound in enumerate([*bounds, -np.inf]):
            columns.append(known & (values >= bound) & (values < above))
            owners.append((number, place))
            above = np.full(len(values), bound)
    weights, level = _fit(np.column_stack(columns).astype(float), one)
    comparisons = [
        {**comparison, "comparison_levels": [dict(part) for part in comparison["comparison_levels"]]}
        for comparison in COMPARISONS
    ]
    for (number, place), weight, column in zip(owners, weights.tolist(), columns, strict=True):
        comparison = comparisons[number]
        if comparison["output_column_name"] in OFTEN_WRONG:
            weight = max(min(weight, STRONGEST), -STRONGEST)
        share = float((column & ~one).sum() + 1) / float((~one).sum() + 1)
        scale = min(1.0, 1 / (share * np.exp(weight)))  # Splink looks at the ratio alone
        comparison["comparison_levels"][place + 1].update(
            m_probability=round(share * scale * float(np.exp(weight)), 9), u_probability=round(share * scale, 9)
        )
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.unique_id = r.unique_id"}],
        "comparisons": comparisons,
        "probability_two_random_records_match": round(float(1 / (1 + np.exp(-level))), 6),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _fit(columns: Floats, one: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """Logistic regression with a small ridge, by Newton's steps: (weights, level)."""
    given = np.column_stack([columns, np.ones(len(columns))])
    weights = np.zeros(given.shape[1])
    ridge = np.ones(given.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-given @ weights))
        slope = given.T @ (one - chance) - ridge * weights
        curve = given.T @ (given * (chance * (1 - chance))[:, None]) + np.diag(ridge)
        weights += np.linalg.solve(curve, slope)
    return weights[:-1], float(weights[-1])


def main(register: Path, truth: Path, model: Path = MODEL) -> None:
    people = arranged(read_records(register))
    found = [some for _, some in find_candidates(people, nearness(people.words, people.bearers()))]
    candidates = Candidates.together(found)
    with truth.open(newline="") as file:
        pairs = {frozenset((row["id_a"], row["id_b"])) for row in csv.DictReader(file)}
    one = np.array(
        [
            frozenset((people.ids[a], people.ids[b])) in pairs
            for a, b in zip(candidates.a.tolist(), candidates.b.tolist(), strict=True)
        ]
    )
    model.write_text(json.dumps(learn(candidates, one), indent=1) + "\n", encoding="utf-8")
    print(f"{model}: {len(one):,} pairs, {one.sum():,} of {len(pairs):,} planted ones among them")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
