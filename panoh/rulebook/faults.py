"""All that is wrong with a rulebook, at once: who writes law as data should mend ten errors in one go, not in ten runs."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One error: where, what, and how to mend it."""

    file: str
    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" + (f" — {self.hint}" if self.hint else "")


class RulebookError(Exception):
    """A country's data cannot be used. `faults` lists every error found, in the order of files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        lines = "\n".join(str(fault) for fault in self.faults)
        return f"the rulebook has {count} error{'s' if count != 1 else ''}:\n{lines}"


class Faults:
    """Where the readers put what they find, so that they can go on reading."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: str, line: int, message: str, hint: str = "") -> None:
        self.found.append(Fault(file, line, message, hint))

    def raise_if_any(self) -> None:
        if self.found:
            raise RulebookError(self.found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for a word that is not known: the nearest one, or what there is to choose from."""
    known = sorted(set(known))
    near = difflib.get_close_matches(word, known, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    if not known:
        return "nothing of this kind is defined yet"
    shown = ", ".join(known[:12])
    return f"known: {shown}{', …' if len(known) > 12 else ''}"
