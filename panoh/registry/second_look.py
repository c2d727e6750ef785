"""The question that is put once before somebody is written down: is she registered already, and is it meant as it was typed?

Raised by `confirm` of an operation, after all is checked and before anything is written; the pages show what is in it and
send its `seen` with the second press. Another letter, and the question is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from panoh.kernel.problems import Problem
from panoh.registry.operations.suggestions import Confirm
from panoh.registry.queries import Candidate
from panoh.registry.reasons import sentences
from panoh.registry.registration import content_sha256


@dataclass
class LookAgain(Exception):
    """Stops an act: the clerk has not yet seen who may be registered already, and what should be looked at again."""

    candidates: tuple[Candidate, ...]
    warnings: tuple[Problem, ...]
    seen: str


def ask_once(told: Any, seen: str, warnings: Iterable[Problem] = ()) -> Confirm:
    """What an operation asks before it writes. `seen` is what came with the press: bound to what was typed."""
    key, found = content_sha256(told), tuple(warnings)

    def confirm(candidates: tuple[Candidate, ...]) -> None:
        if (candidates or found) and seen != key:
            raise LookAgain(candidates, found, key)

    return confirm


def lines_of(candidates: Iterable[Candidate]) -> list[dict[str, object]]:
    return [{"candidate": candidate, "reasons": sentences(candidate.reasons)} for candidate in candidates]
