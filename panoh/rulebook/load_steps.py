"""Steps that many procedures have alike, written once: `steps/*.yaml`, which a procedure includes with a few words of its own.

    include:
      appeal: {against: [refused], first: decide, ...}

A file of steps has `parameters:` (a default for each, or the word `required`) and parts of a procedure in which `$name` stands for what
was given. The parts are put among those of the procedure before they are read, so everything that is checked of a procedure is
checked of them, and every error names the file and line where the wrong word stands. What the procedure writes itself under the same
name stands instead of the included part.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from panoh.rulebook.faults import Faults, did_you_mean
from panoh.rulebook.yaml_source import Item, read_yaml

PARTS = ("states", "actions", "clocks", "sittings", "safeguards", "letters")
REQUIRED = "required"


class Steps:
    """The files of steps of a country, and which of them was included."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._files: dict[str, Item] = {}
        self._included: set[str] = set()

    def read(self, path: Path, file: str) -> None:
        root = read_yaml(path, file, self._faults)
        if root:
            root.only("parameters", *PARTS)
            self._files[path.stem] = root

    def include_into(self, procedure: Item) -> None:
        """Puts the parts of what the procedure includes among its own."""
        for wanted in procedure.entries("include"):
            steps = self._files.get(wanted.name)
            if steps is None:
                wanted.fault(f"there are no steps {wanted.name!r}", did_you_mean(wanted.name, self._files))
                continue
            self._included.add(wanted.name)
            _put(procedure, steps, _parameters(steps, wanted))

    def check_used(self) -> None:
        """What no procedure includes was never checked as a part of one."""
        for name, steps in self._files.items():
            if name not in self._included:
                steps.fault(f"no procedure includes the steps {name!r}", "include them, or delete the file")


def _parameters(steps: Item, wanted: Item) -> dict[str, Item]:
    known = {item.name: item for item in steps.entries("parameters")}
    wanted.only(*known)
    given: dict[str, Item] = {}
    for name, default in known.items():
        own = wanted.find(name)
        if own is None and default.raw == REQUIRED:
            wanted.fault(f"the steps {wanted.name!r} need {name!r}", f"add `{name}: …`")
            continue
        given[name] = own or default.given(given)
    return given


def _put(procedure: Item, steps: Item, given: Mapping[str, Item]) -> None:
    final = {item.name for item in procedure.entries("states") if item.text("kind", required=False) == "final"}
    for part in PARTS:
        found = steps.find(part)
        if found is None:
            continue
        own = procedure.find(part)
        if own is None:
            procedure.put(found.given(given))
            continue
        # Before what ends a case, where a reader looks for it.
        before = None
        if part == "states":
            before = next((item.name for item in procedure.entries(part) if item.name in final), None)
        if part == "actions":
            ending = (item.name for item in procedure.entries(part) if (to := item.find("to")) and to.raw in final)
            before = next(ending, None)
        for item in found.given(given).children().values():
            own.put(item, before)
