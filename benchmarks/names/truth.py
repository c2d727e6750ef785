"""Suggestions of any linkage engine against the pairs that were planted.

An engine that is not a peer here writes its suggestions as CSV (weight, id_a, id_b; each pair once) and is judged by
`benchmarks/identity.py judge --suggestions FILE --truth FILE`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from panoh.identity.measure import linkage_report

Suggestion = tuple[float, str, str]


def read_suggestions(path: Path) -> list[Suggestion]:
    with open(path, newline="") as file:
        pairs = [(float(row["weight"]), row["id_a"], row["id_b"]) for row in csv.DictReader(file)]
    if len({ordered(one, other) for _, one, other in pairs}) != len(pairs):
        raise ValueError(f"{path} names a pair twice, in one order or the other")
    return pairs


def judge(pairs: list[Suggestion], truth: Path) -> dict[str, object]:
    true_pairs, directions = read_truth(truth)
    figures = linkage_report(judged(pairs, true_pairs), len(true_pairs))
    return {**figures, "by_direction": recall_by_direction(pairs, directions, figures["weight_at_best_f1"])}


def read_truth(truth: Path) -> tuple[set[tuple[str, str]], dict[tuple[str, str], str]]:
    with open(truth, newline="") as file:
        directions = {ordered(row["id_a"], row["id_b"]): row["direction"] for row in csv.DictReader(file)}
    return set(directions), directions


def judged(pairs: list[Suggestion], true_pairs: set[tuple[str, str]]) -> Iterator[tuple[float, bool]]:
    for weight, one, other in pairs:
        yield weight, ordered(one, other) in true_pairs


def recall_by_direction(
    pairs: list[Suggestion], directions: dict[tuple[str, str], str], least: object
) -> dict[str, float]:
    """Of the pairs planted in each direction of scripts, the share found at the weight of the best F1."""
    planted: dict[str, int] = {}
    found: dict[str, int] = {}
    for direction in directions.values():
        planted[direction] = planted.get(direction, 0) + 1
    for weight, one, other in pairs:
        direction = directions.get(ordered(one, other))
        if direction and isinstance(least, float) and weight >= least:
            found[direction] = found.get(direction, 0) + 1
    return {direction: round(found.get(direction, 0) / number, 4) for direction, number in sorted(planted.items())}


def ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
