"""Refusals of the set-up: what an operator meets before there is a database, a language or a page to show it on."""

from __future__ import annotations

import sys


class SetupProblem(Exception):
    """A set-up step that cannot go on. Shown as it is, in English, by the `panoh` command; never with a traceback."""

    def __init__(self, code: str, happened: str, why: str = "", next_step: str = "") -> None:
        super().__init__(code, happened, why)
        self.code = code
        self.happened = happened
        self.why = why
        self.next_step = next_step


def print_problem(code: str, happened: str, why: str = "", next_step: str = "") -> None:
    """A refusal as the command shows it: what happened, why, what to do next, and the stable code."""
    for line in (happened, why, next_step, f"[{code}]"):
        if line:
            print(line, file=sys.stderr)
