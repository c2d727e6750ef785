"""Runs the checks of the code and the suite, with what they need. Called by bin/test in the environment it made.

Without arguments: everything, in the order in which it fails fastest; pytest's own last line comes last. With arguments:
only pytest, with these arguments.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import browser

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
CHECKS = (
    ("lint", [*PYTHON, "ruff", "check", "--quiet", "."]),
    ("format", [*PYTHON, "ruff", "format", "--check", "--quiet", "."]),
    (
        "storeys of the house",
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    ),
    ("types of the pure rooms", [*PYTHON, "mypy"]),
    ("migrations match the models", [*PYTHON, "panoh", "django", "makemigrations", "--check", "--dry-run"]),
)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    os.environ["PANOH_MODE"] = "test"
    os.environ.pop("DATABASE_URL", None)  # the suite makes and drops databases: never in one that somebody named
    if arguments:
        if any("browser" in argument or "journeys" in argument for argument in arguments):
            browser.obtain_browser()
        return run_pytest(arguments)
    if browser.obtain_browser() is None:
        return 1  # without the browser tests this would not be the whole suite
    failed = [title for title, command in CHECKS if not passes(title, command)]
    if failed:
        print(f"Failed before the tests: {', '.join(failed)}.", flush=True)
    code = run_pytest(["-n", "2", "--dist", "loadfile", "-q"])
    return code or bool(failed)


def passes(title: str, command: list[str]) -> bool:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {title}", flush=True)
    if done.returncode:
        print(done.stdout[-6000:] + done.stderr[-6000:], flush=True)
    return done.returncode == 0


def run_pytest(arguments: list[str]) -> int:
    return subprocess.run([*PYTHON, "pytest", *arguments], stdin=subprocess.DEVNULL, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
