"""The same pairs with the same weights, whether DuckDB adds them up or Spark, by the same model file."""

from __future__ import annotations

import importlib.util
import shutil

import numpy as np
import pytest

from panoh.identity.linkage.candidates import Candidates, find_candidates
from panoh.identity.linkage.habits import Habits
from panoh.identity.linkage.nearness import nearness
from panoh.identity.linkage.weighing import weigh
from tests.identity.made_people import made_people

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
        reason="Spark is an extra: pip install 'panoh[spark]', and a Java 17 or newer",
    ),
]


@pytest.fixture
def session():
    from pyspark.sql import SparkSession

    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield made
    made.stop()


def test_spark_gives_each_pair_the_weight_that_duckdb_gives_it(session):
    people = made_people(600)
    found = Candidates.together([some for _, some in find_candidates(people, nearness(people.words, people.bearers()))])
    assert len(found) > 100
    habits = Habits(len(people), 0.2, {"father": (0.3, 0.1), "birth": (0.2, 0.2)})
    by_duckdb, by_spark = weigh(found, habits), weigh(found, habits, "spark")
    assert np.ptp(by_duckdb) > 5
    np.testing.assert_allclose(by_spark, by_duckdb, atol=1e-9)
