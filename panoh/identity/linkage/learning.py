"""Learn what each band of evidence weighs, from a register with planted duplicates, and write Splink's model file.

    python -m panoh.identity.linkage.learning REGISTER.csv TRUTH.csv

`benchmarks/identity.py make` makes both. The weights are those of a logistic regression over all bands together: taken one
by one, as Fellegi and Sunter do, they would count twice what names and fathers have in common, and the choice of candidates
by their sum makes independent evidence look opposed. What is not known has a weight of its own in the regression and is then left
out: how often something is missing is a habit of the register that was learned from (`habits`). Where planted duplicates never
disagree (the place of origin), `STRONGEST` keeps the model from believing that people never do.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from panoh.identity.linkage.candidates import Candidates, find_candidates, weigh_pairs
from panoh.identity.linkage.evidence import YEARS_OFF
from panoh.identity.linkage.habits import OPTIONAL, missing_in_any_two
from panoh.identity.linkage.nearness import Nearness, nearness
from panoh.identity.linkage.people import People, arranged
from panoh.identity.linkage.tables import read_records
from panoh.identity.linkage.weighing import COMPARISONS, LEARNED_TWICE, LEARNED_WITH, MODEL, UNKNOWN, table_of

STRONGEST = 3.0  # nats, for place and sex: what registers say of them is often wrong
OFTEN_WRONG = ("place", "sex")
STEPS = 40
PAIRS_BY_CHANCE = 2_000_000
Floats = npt.NDArray[np.float64]


def learn(
    candidates: Candidates, one: npt.NDArray[np.bool_], strangers: Candidates, missing: dict[str, float]
) -> dict[str, Any]:
    """The settings of Splink with learned weights; `one` says which candidates are one person, `strangers` are any two,
    `missing` how often each optional evidence is missing in any two."""
    columns: list[npt.NDArray[np.bool_]] = []
    owners: list[tuple[int, int]] = []
    for number, levels in enumerate(_levels(candidates)):
        columns.extend(levels)
        owners.extend((number, place) for place in range(len(levels)))
    weights, level = _fit(np.column_stack(columns).astype(float), one)
    of_each = {}
    for number, (comparison, by_chance) in enumerate(zip(COMPARISONS, _levels(strangers), strict=True)):
        name = comparison["output_column_name"]
        own = np.array([weight for (owner, _), weight in zip(owners, weights, strict=True) if owner == number])[1:]
        if name in OPTIONAL:
            # Against any two records of which it is known: taken alone, the evidence says nothing on the whole.
            shares = np.array([float(level.mean()) for level in by_chance])
            shift = -np.log(float((np.exp(own) * shares[1:]).sum()) / (1 - missing[name]))
            own, level = own + shift, level - shift
        if name in OFTEN_WRONG:
            own = np.clip(own, -STRONGEST, STRONGEST)
        of_each[name] = own
    # What is left over is what names say: before anything is compared, a pair is one of all the pairs that there are.
    odds = 2 * LEARNED_TWICE / LEARNED_WITH
    of_each["names"] = of_each["names"] + level - np.log(odds)
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.unique_id = r.unique_id"}],
        "comparisons": [_with_weights(one, of_each[one["output_column_name"]]) for one in COMPARISONS],
        "probability_two_random_records_match": odds / (1 + odds),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _levels(pairs: Candidates) -> list[list[npt.NDArray[np.bool_]]]:
    """For each comparison: where it is unknown, and where each of its levels holds, the highest first."""
    table = table_of(pairs)
    found = []
    for comparison in COMPARISONS:
        values = table[comparison["output_column_name"]].to_numpy()
        bounds = [float(level["sql_condition"].split(">=")[1]) for level in comparison["comparison_levels"][1:-1]]
        levels, above = [values == UNKNOWN], values == UNKNOWN
        for bound in [*bounds, -np.inf]:
            levels.append(~above & (values >= bound))
            above = above | (values >= bound)
        found.append(levels)
    return found


def _with_weights(comparison: dict[str, Any], weights: Floats) -> dict[str, Any]:
    """Splink looks at the ratio alone, and both must be shares."""
    levels = [dict(level) for level in comparison["comparison_levels"]]
    for level, weight in zip(levels[1:], weights.tolist(), strict=True):
        level.update(m_probability=0.5, u_probability=float(f"{0.5 / np.exp(weight):.9g}"))
        if weight < 0:
            level.update(m_probability=float(f"{0.5 * np.exp(weight):.9g}"), u_probability=0.5)
    return {**comparison, "comparison_levels": levels}


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


def any_two(people: People, near: Nearness) -> Candidates:
    """Pairs by chance. Those born too far apart to be found are at no level of birth."""
    chance = np.random.default_rng(1)
    a, b = (chance.integers(0, len(people), PAIRS_BY_CHANCE).astype(np.int32) for _ in range(2))
    found = weigh_pairs(people, near, a[a != b], b[a != b])
    apart = np.maximum(
        people.first_year[found.b] - people.last_year[found.a], people.first_year[found.a] - people.last_year[found.b]
    )
    return replace(found, birth=np.where(apart > YEARS_OFF, -1, found.birth).astype(np.int8))


def main(register: Path, truth: Path, model: Path = MODEL) -> None:
    people = arranged(read_records(register))
    near = nearness(people.words, people.bearers())
    candidates = Candidates.together([some for _, some in find_candidates(people, near)])
    with truth.open(newline="") as file:
        pairs = {frozenset((row["id_a"], row["id_b"])) for row in csv.DictReader(file)}
    one = np.array(
        [
            frozenset((people.ids[a], people.ids[b])) in pairs
            for a, b in zip(candidates.a.tolist(), candidates.b.tolist(), strict=True)
        ]
    )
    learned = learn(candidates, one, any_two(people, near), missing_in_any_two(people))
    model.write_text(json.dumps(learned, indent=1) + "\n", encoding="utf-8")
    print(f"{model}: {len(one):,} pairs, {one.sum():,} of {len(pairs):,} planted ones among them")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
