#!/usr/bin/env python3
"""The identity engine beside its peers: search by name and by person, the alarm at entry, linkage, FEBRL.

    benchmarks/identity.py search --persons 100000
    benchmarks/identity.py search --persons 1000000 --sample all=600
    benchmarks/identity.py linkage --persons 1000000
    benchmarks/identity.py febrl
    benchmarks/identity.py judge --suggestions FILE --truth FILE     # weight, id_a, id_b of any other linkage

Any Python from 3.11 on runs it. The peers are no part of Panoh: they are installed into an environment of their own,
from benchmarks/requirements.txt, below the state directory (PANOH_STATE), and so is every register that is made here.
`--data` names the folder with register_100k.csv.gz, queries.csv and pairs.csv.gz; for the judge's other half, its own.
Panoh itself is asked through `bin/panoh identity measure`, which goes through PostgreSQL like any page.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("PANOH_STATE") or ROOT / ".panoh") / "benchmark-identity"
REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
GIVEN_SIZE = 100_000  # what the given register is called, though it holds 89,366


def main() -> int:
    arguments = parse()
    enter_own_environment()
    sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT)]
    os.environ["PYTHONPATH"] = f"{ROOT / 'benchmarks'}:{ROOT}"
    os.environ["PANOH_STATE"] = str(STATE)
    from names import running

    output = arguments.output or STATE / f"{arguments.what}-{arguments.persons}-{time.strftime('%Y%m%d-%H%M%S')}.json"
    running.run(arguments, STATE, output)
    if output.exists():
        print(f"all figures: {output}")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=("make", "search", "linkage", "febrl", "judge"))
    parser.add_argument("--persons", type=int, default=GIVEN_SIZE, help="size of the register, 100000 to 5000000")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "identity")
    parser.add_argument("--engines", default="all", help="panoh and peers, with commas between; default: all")
    parser.add_argument(
        "--sample",
        action="append",
        default=[],
        metavar="PEER=NUMBER",
        help="ask this peer (or `all` peers) so many questions only, drawn by the seed",
    )
    parser.add_argument("--output", type=Path, help="where the JSON goes; default: the state directory")
    parser.add_argument("--suggestions", type=Path, help="with judge: the pairs that an engine suggests")
    parser.add_argument("--truth", type=Path, help="with judge: the true pairs")
    arguments = parser.parse_args()
    if arguments.what == "judge" and not (arguments.suggestions and arguments.truth):
        parser.error("judge needs --suggestions and --truth")
    return arguments


def enter_own_environment() -> None:
    """Make the peers' environment where it is missing or out of date, and go on in it."""
    python = STATE / "venv" / "bin" / "python"
    if Path(sys.prefix) == STATE / "venv":
        return
    stamp = STATE / "venv" / "installed-requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        print(f"Installing the peers into {STATE / 'venv'} …", flush=True)
        venv.create(STATE / "venv", with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "--no-deps", "-r", REQUIREMENTS], check=True)
        stamp.write_bytes(REQUIREMENTS.read_bytes())
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
