"""FEBRL 3 and 4 through Panoh's linkage: evidence of each pair in bands, added up by Splink (`panoh.identity.linkage.weighing`).

What these columns are, Panoh's register does not have: Australian addresses and planted typing errors. So the evidence is worked out
here, the names' as everywhere (a name weighs as much as it is rare, words are paired off in any order), and the weights
of the bands are what Splink estimates from the pairs themselves; the truth is not shown.
"""

from __future__ import annotations

import csv
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from pathlib import Path

import pyarrow
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from names.truth import judge
from panoh.identity.linkage.weighing import UNKNOWN, bands, linker_of

Row = dict[str, str]
MEETING = ("given_name", "surname", "date_of_birth", "postcode", "suburb", "address_1", "address_2", "street_number")
LEAST_MEETINGS = 2  # columns that two records have in common before they are compared
COMMONEST = 400  # records; what more share brings nobody together
STRANGERS = -2.0  # nats, for a part of a name that is another one
COMPARISONS = (
    bands("names", (14, 12, 10, 8, 6, 4, 2, 0)),
    bands("date_of_birth", (3, 2, 1)),
    bands("postcode", (3, 2, 1)),
    bands("street_number", (2, 1)),
    bands("address", (1.9, 1.7, 1.5, 1, 0.8)),
    bands("suburb", (1, 0.9, 0.8)),
    bands("state", (1,)),
)


def link_febrl(name: str, records: Path, truth: Path) -> dict[str, object]:
    started, cpu = time.perf_counter(), time.process_time()
    with open(records, newline="") as file:
        rows = list(csv.DictReader(file))
    pairs = list(meeting(rows))
    linker = linker_of(evidence_of(rows, pairs), settings())
    linker.training.estimate_parameters_using_expectation_maximisation(
        "l.unique_id = r.unique_id", fix_u_probabilities=False, fix_probability_two_random_records_match=False
    )
    found = linker.inference.predict().as_pyarrow_table()
    weighed = zip(found["match_weight"].to_pylist(), found["unique_id_l"].to_pylist(), strict=True)
    suggested = [(weight, rows[pairs[place][0]]["id"], rows[pairs[place][1]]["id"]) for weight, place in weighed]
    return {
        "engine": f"Panoh, {name} without social-security number",
        **judge(suggested, truth),
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
    }


def meeting(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    """Pairs of records with enough columns in common, of two registers where there are two. Given and family name may be swapped."""
    met: Counter[tuple[int, int]] = Counter()
    for column in MEETING:
        groups = defaultdict(list)
        for place, row in enumerate(rows):
            if row[column]:
                groups[row[column]].append(place)
        for group in groups.values():
            if len(group) <= COMMONEST:
                met.update(combinations(group, 2))
    given, family = defaultdict(list), defaultdict(list)
    for place, row in enumerate(rows):
        given[row["given_name"]].append(place)
        family[row["surname"]].append(place)
    for word in set(given) & set(family) - {""}:
        met.update((min(a, b), max(a, b)) for a, b in product(given[word], family[word]) if a != b)
    one_register = len({row["side"] for row in rows}) == 1
    for (a, b), columns in met.items():
        if columns >= LEAST_MEETINGS and (one_register or rows[a]["side"] != rows[b]["side"]):
            yield a, b


def evidence_of(rows: Sequence[Row], pairs: Sequence[tuple[int, int]]) -> pyarrow.Table:
    borne = Counter(row[column] for row in rows for column in ("given_name", "surname") if row[column])
    told: dict[str, Callable[[Row, Row], float]] = {
        "names": lambda a, b: names_speak(a, b, borne, borne.total()),
        "date_of_birth": lambda a, b: 3 - distance(a["date_of_birth"], b["date_of_birth"]),
        "postcode": lambda a, b: 3 - distance(a["postcode"], b["postcode"]),
        "street_number": lambda a, b: 2 - distance(a["street_number"], b["street_number"]),
        "address": addresses_speak,
        "suburb": lambda a, b: JaroWinkler.similarity(a["suburb"], b["suburb"]),
        "state": lambda a, b: float(a["state"] == b["state"]),
    }
    needed = {"names": (), "address": ("address_1",)}
    columns: dict[str, list[float]] = {"unique_id": [*range(len(pairs))]}
    for name, speaks in told.items():
        parts = needed.get(name, (name,))
        columns[name] = [
            speaks(rows[a], rows[b]) if all(rows[a][part] and rows[b][part] for part in parts) else UNKNOWN
            for a, b in pairs
        ]
    return pyarrow.table(columns)


def names_speak(a: Row, b: Row, borne: Counter[str], everyone: int) -> float:
    """The better of both orders, in nats."""
    one, other = (a["given_name"], a["surname"]), (b["given_name"], b["surname"])
    straight = sum(word_speaks(x, y, borne, everyone) for x, y in zip(one, other, strict=True))
    turned = sum(word_speaks(x, y, borne, everyone) for x, y in zip(one, reversed(other), strict=True)) - 1
    return max(straight, turned)


def word_speaks(a: str, b: str, borne: Counter[str], everyone: int) -> float:
    if not a or not b:
        return 0.0
    rarity = (math.log(everyone / borne[a]) + math.log(everyone / borne[b])) / 2
    if a == b:
        return rarity
    like = JaroWinkler.similarity(a, b)
    if DamerauLevenshtein.distance(a, b) <= 1 or like >= 0.92:
        return rarity - 1.5
    return rarity - 4 if like >= 0.82 or DamerauLevenshtein.distance(a, b) <= 2 else STRANGERS


def addresses_speak(a: Row, b: Row) -> float:
    """Both lines, in either order: 2 where both are the same, 1 where one is."""
    one, other = (a["address_1"], a["address_2"]), (b["address_1"], b["address_2"])
    straight = JaroWinkler.similarity(one[0], other[0]) + JaroWinkler.similarity(one[1], other[1])
    turned = JaroWinkler.similarity(one[0], other[1]) + JaroWinkler.similarity(one[1], other[0])
    return max(straight, turned)


def distance(a: str, b: str) -> int:
    return DamerauLevenshtein.distance(a, b, score_cutoff=3)


def settings() -> dict[str, object]:
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": [{"blocking_rule": "l.unique_id = r.unique_id"}],
        "comparisons": [dict(one) for one in COMPARISONS],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }
