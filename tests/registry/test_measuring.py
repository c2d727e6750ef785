"""`panoh identity measure` tells everything that is asked of a search: how much is found, how fast, in how large an index."""

from __future__ import annotations

import argparse
import json

import pytest
from django.db import connections

from panoh.registry import measured_register, measuring
from panoh.registry.commands import register
from panoh.registry.measured_register import Measured, load
from panoh.registry.queries.vocabulary import forget_vocabulary
from tests.registry.test_measured_register import REGISTER

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

QUERIES = """qid,set,person,query,father,year,qscript,tscript
1,full,1,Муҳаммад Наим,Абдулкарим,1979,Cyrl,Arab
2,full,1,Mohammad Naim,Abdul Karim,1979,Latn,Arab
3,dropped,2,Mohammad,Mohammad Ali,1980,Latn,Latn
4,full,3,گلنورا رحمان,,,Arab,Cyrl
5,full,4,Zahra Ahmadi,,1990,Latn,Latn
"""
NEWCOMERS = "qid,part\n1,known\n2,known\n3,newcomer\n4,known\n5,newcomer\n"
FOUND = {"queries", "recall_at_1", "recall_at_10", "mrr"}


@pytest.fixture
def measure(tmp_path, monkeypatch, capsys):
    """Runs the command on a register of four persons in the database of the test."""
    paths = {}
    for name, text in (("register", REGISTER), ("queries", QUERIES), ("newcomers", NEWCOMERS)):
        paths[name] = tmp_path / f"{name}.csv"
        paths[name].write_text(text)
    connections["owner"].ensure_connection()
    owner = connections["owner"].connection
    forget_vocabulary()
    load(owner, paths["register"], measured_register._open(owner), lambda done: None)
    monkeypatch.setattr(
        measuring, "make_ready", lambda *_given, fresh: Measured({f"P-{n}": f"{n}" for n in range(1, 5)}, 4096)
    )

    def run(*more):
        parser = argparse.ArgumentParser()
        register(parser.add_subparsers())
        files = [text for name, path in paths.items() for text in (f"--{name}", str(path))]
        given = parser.parse_args(["identity", "measure", *files, *more])
        assert given.run(given) == 0
        return capsys.readouterr().out

    yield run
    forget_vocabulary()


@pytest.mark.parametrize("evidence", ["name", "person"])
def test_every_figure_is_in_the_json(measure, evidence):
    told = json.loads(measure("--evidence", evidence, "--format", "json"))
    assert (told["evidence"], told["persons"], told["index_bytes"]) == (evidence, 4, 4096)
    for part in ("all", "cross_script", "same_script"):
        assert set(told[part]) == FOUND
    assert [told[part]["queries"] for part in ("all", "cross_script", "same_script")] == [5, 3, 2]
    assert set(told["directions"]) == {"Cyrl>Arab", "Latn>Arab", "Latn>Latn", "Arab>Cyrl"}
    assert set(told["kinds"]) == {"full", "dropped"}
    assert all(set(part) == FOUND for group in ("directions", "kinds") for part in told[group].values())
    assert told["all"]["recall_at_10"] == 1 and told["cross_script"]["recall_at_1"] == 1
    for clock in ("wall_ms", "cpu_ms"):
        assert 0 < told[clock]["p50"] <= told[clock]["p95"] <= told[clock]["p99"]
    assert told["alarm"]["known"] == 3 and told["alarm"]["newcomers"] == 2
    assert {"found_at_5_percent", "found_at_1_percent", "found_first_at_5_percent"} <= set(told["alarm"])


def test_every_figure_is_in_the_text(measure):
    told = measure("--evidence", "person")
    lines = dict(line.strip().split(maxsplit=1) for line in told.splitlines())
    for part in ("all", "cross_script", "same_script", "Cyrl>Arab", "Latn>Arab", "Latn>Latn", "Arab>Cyrl", "full"):
        assert all(name in lines[part] for name in FOUND), part
    assert "found_at_5_percent" in lines["alarm"] and "found_at_1_percent" in lines["alarm"]
    assert all(word in lines["wall"] for word in ("p50", "p95", "processor", "index 4096"))
