"""Carries out what `benchmarks/identity.py` was asked: makes the registers that are missing, runs, prints the tables."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from names import comparison
from names.attested import AttestedForms
from names.comparison import PEERS, apart, compare
from names.duplicates import make_linkage_register
from names.panoh_linkage import link_table
from names.register import made_register, read_register, write_register
from names.truth import judge, read_suggestions

ROOT = Path(__file__).resolve().parent.parent.parent
LINKERS = ("panoh", "splink-icu", "splink-unicef")


def run(arguments: argparse.Namespace, state: Path, output: Path) -> None:
    """What is known is written after each engine: a run that is broken off has not run for nothing."""
    parts = {"make": make, "search": search, "linkage": linkage, "febrl": febrl, "judge": judge_suggestions}
    results: dict[str, Any] = {"what": arguments.what, "persons": arguments.persons, "engines": []}
    for found in parts[arguments.what](arguments, state):
        results["engines"].append(found)
        output.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")


def chosen(arguments: argparse.Namespace, known: tuple[str, ...]) -> list[str]:
    if arguments.engines == "all":
        return list(known)
    names = arguments.engines.split(",")
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"There is no engine called {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    return names


def make(arguments: argparse.Namespace, state: Path):
    print(register_of(arguments, state))
    print(*linkage_files(arguments, state))
    return iter(())


def register_of(arguments: argparse.Namespace, state: Path) -> Path:
    """The given register with as many persons more as were asked for; made once."""
    given = read_register(arguments.data / "register_100k.csv.gz")
    path = state / f"register-{max(arguments.persons, len(given))}.csv"
    if arguments.persons <= 100_000:
        path = state / "register-given.csv"
    if not path.exists():
        print(f"Making {path} …", flush=True)
        write_register(path, given if path.stem == "register-given" else made_register(given, arguments.persons))
    return path


def linkage_files(arguments: argparse.Namespace, state: Path) -> tuple[Path, Path]:
    register = state / f"linkage-{arguments.persons}.csv"
    truth = state / f"linkage-{arguments.persons}-truth.csv"
    if not truth.exists():
        print(f"Planting duplicates into {register} …", flush=True)
        given = read_register(arguments.data / "register_100k.csv.gz")
        make_linkage_register(given, arguments.persons, AttestedForms(arguments.data / "pairs.csv.gz"), register, truth)
    return register, truth


def search(arguments: argparse.Namespace, state: Path):
    register = register_of(arguments, state)
    questions, pairs = arguments.data / "queries.csv", arguments.data / "pairs.csv.gz"
    samples = {name: int(number) for name, number in (sample.split("=") for sample in arguments.sample)}
    for name in chosen(arguments, ("panoh", *PEERS)):
        if name == "panoh":
            found = panoh_search(register, questions, pairs, state)
        else:
            found = apart(compare, name, register, questions, pairs, samples.get(name, samples.get("all")))
        print_search(found)
        yield found


def panoh_search(register: Path, questions: Path, pairs: Path, state: Path) -> dict[str, Any]:
    """Panoh through its own command, in its own environment: the real path through PostgreSQL."""
    newcomers = state / "newcomers.csv"
    comparison.write_newcomers(questions, register, pairs, newcomers)
    found: dict[str, Any] = {"engine": "Panoh"}
    surroundings = {name: value for name, value in os.environ.items() if name not in ("PANOH_STATE", "PYTHONPATH")}
    for evidence in comparison.EVIDENCES:
        command = [ROOT / "bin" / "panoh", "identity", "measure", "--register", register, "--queries", questions]
        command += ["--newcomers", newcomers, "--evidence", evidence, "--format", "json"]
        done = subprocess.run(command, stdout=subprocess.PIPE, env=surroundings, check=True)
        found[evidence] = json.loads(done.stdout)
        found["index_bytes"] = found[evidence].get("index_bytes", 0)
    return found


def linkage(arguments: argparse.Namespace, state: Path):
    register, truth = linkage_files(arguments, state)
    for name in chosen(arguments, LINKERS):
        if name == "panoh":
            found = apart(link_table, register, truth, state / f"suggested-{arguments.persons}.csv")
        else:
            found = apart(run_splink, name, register, truth)
        print_linkage(found)
        yield found


def judge_suggestions(arguments: argparse.Namespace, state: Path):
    found = {"engine": str(arguments.suggestions), **judge(read_suggestions(arguments.suggestions), arguments.truth)}
    print_linkage(found)
    yield found


def run_splink(name: str, register: Path, truth: Path) -> dict[str, object]:
    from names import splink_peer
    from names.romanisers import icu_romanised, unicef_romanised

    if name == "splink-icu":
        return splink_peer.link("Splink on ICU", register, truth, icu_romanised)
    return splink_peer.link("Splink on UNICEF's romaniser", register, truth, unicef_romanised)


def febrl(arguments: argparse.Namespace, state: Path):
    from names import febrl as peer
    from names import panoh_febrl

    for name, (records, truth) in peer.write_febrl(state / "febrl").items():
        for link in (panoh_febrl.link_febrl, peer.link_febrl):
            found = apart(link, name, records, truth)
            print_linkage(found)
            yield found


def print_search(found: dict[str, Any]) -> None:
    print(f"\n{found['engine']}", flush=True)
    for evidence in comparison.EVIDENCES:
        told, alarm = found[evidence], found[evidence].get("alarm", {})
        for part in ("all", "cross_script", "same_script"):
            figures = told[part]
            if figures["queries"]:
                print(
                    f"  {evidence:<7}{part:<13} recall@10 {figures['recall_at_10']:.3f}"
                    f"  recall@1 {figures['recall_at_1']:.3f}  MRR {figures['mrr']:.3f}"
                )
        print("  " + " " * 7 + "  ".join(f"{way} {f['recall_at_10']:.2f}" for way, f in told["directions"].items()))
        print(
            f"  {evidence:<7}p50 {told['wall_ms']['p50']:.1f} ms, p95 {told['wall_ms']['p95']:.1f} ms;"
            f" CPU p50 {told['cpu_ms']['p50']:.1f}, p95 {told['cpu_ms']['p95']:.1f} ms",
            flush=True,
        )
        if alarm:
            print(
                f"  alarm  found at 5 % / 1 % false alarms: {alarm['found_at_5_percent']:.3f} /"
                f" {alarm['found_at_1_percent']:.3f} (with her in the first place: "
                f"{alarm['found_first_at_5_percent']:.3f} / {alarm['found_first_at_1_percent']:.3f})",
                flush=True,
            )


def print_linkage(found: dict[str, Any]) -> None:
    print(
        f"\n{found['engine']}: F1 {found['best_f1']:.3f} (precision {found['precision_at_best_f1']:.3f}, recall "
        f"{found['recall_at_best_f1']:.3f}), recall at precision ≥ 0.95: {found['recall_at_precision_95']:.3f}, "
        f"{found.get('seconds', '–')} s, processor {found.get('cpu_seconds', '–')} s, memory {found.get('peak_gigabytes', '–')} GB",
        flush=True,
    )
