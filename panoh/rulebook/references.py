"""Words that must mean something elsewhere in the rulebook: collected while reading, checked when everything is read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from panoh.rulebook.faults import Faults, did_you_mean

KIND_WORDS = {
    "act": "act",
    "provision": "provision",
    "value": "dated value",
    "length": "length of time",
    "number": "number",
    "role": "role",
    "code_list": "code list",
    "paper_kind": "paper kind",
    "barrier_kind": "kind of barrier",
    "procedure": "procedure",
    "population_group": "population group",
    "status_change": "reason of a status change",
    "closure_reason": "closure reason",
    "language": "language",
    "place": "place",
}


@dataclass(slots=True)
class References:
    """Names that are known, by kind, and names that were used, with the place where."""

    faults: Faults
    known: dict[str, Collection[str]] = field(default_factory=dict)
    used: list[tuple[str, str, str, int]] = field(default_factory=list)

    def use(self, kind: str, name: str, file: str, line: int) -> str:
        if name:
            self.used.append((kind, name, file, line))
        return name

    def check(self) -> None:
        for kind, name, file, line in self.used:
            known = self.known.get(kind, ())
            if name not in known:
                self.faults.add(file, line, f"unknown {KIND_WORDS[kind]} {name!r}", did_you_mean(name, known))
