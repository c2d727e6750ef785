"""Panoh's linkage through its own command, in its own environment: what it finds, how long it takes, how much memory."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from pathlib import Path

from names.truth import judge, read_suggestions

ROOT = Path(__file__).resolve().parent.parent.parent


def link_table(register: Path, truth: Path, suggestions: Path) -> dict[str, object]:
    """Runs in a process of its own, so that the largest memory is that of the command."""
    surroundings = {name: value for name, value in os.environ.items() if name not in ("PANOH_STATE", "PYTHONPATH")}
    command = [ROOT / "bin" / "panoh", "link", "--file", register, "--suggestions", suggestions]
    started = time.perf_counter()
    subprocess.run(command, env=surroundings, check=True)
    taken = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "engine": "Panoh",
        **judge(read_suggestions(suggestions), truth),
        "seconds": round(taken, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_gigabytes": round(used.ru_maxrss / 1e6, 2),
    }
