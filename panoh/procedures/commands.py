"""`panoh cases`: bring the stored clocks up to date after the rulebook was changed."""

from __future__ import annotations

import argparse
import time
from typing import Any


def register(subparsers: Any) -> None:
    cases = subparsers.add_parser("cases", help="the clocks of all cases")
    acts = cases.add_subparsers(title="acts", metavar="ACT")
    recompute = acts.add_parser(
        "recompute", help="compute every time limit anew: after holidays or a law were changed in the rulebook"
    )
    recompute.set_defaults(run=run_recompute)


def run_recompute(_arguments: argparse.Namespace) -> int:
    from panoh.procedures.operations.barriers import recompute_everything

    began = time.perf_counter()
    changed = recompute_everything("panoh cases recompute")
    print(f"{changed} time limits changed, in {time.perf_counter() - began:.1f} s.")
    return 0
