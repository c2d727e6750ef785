"""The versions of a procedure side by side: in order, without gap or overlap, and the transition rules between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.load_transition import read_transitions
from panoh.rulebook.procedure import Procedure
from panoh.rulebook.references import References
from panoh.rulebook.yaml_source import Item


def arrange_versions(
    read: Iterable[tuple[Item, Procedure]], references: References
) -> FrozenMap[str, tuple[Procedure, ...]]:
    """The versions of each procedure in order of time: none missing between them, none in force together with another.

    Only here are two versions known at once, so the transition rules between them are read here.
    """
    by_code: dict[str, list[tuple[Item, Procedure]]] = {}
    for item, procedure in read:
        by_code.setdefault(procedure.code, []).append((item, procedure))
    arranged = {}
    for code, versions in by_code.items():
        versions.sort(key=lambda pair: (pair[1].in_force_from, pair[1].version))
        found = []
        for (item, earlier), (later_item, later) in pairwise(versions):
            if later.version <= earlier.version:
                later_item.fault(
                    f"version {later.version} of {code!r} begins after version {earlier.version}",
                    "number versions upwards in time",
                )
            if (
                earlier.in_force_to and earlier.in_force_to > later.in_force_from
            ) or earlier.in_force_from == later.in_force_from:
                item.fault(
                    f"versions {earlier.version} and {later.version} of {code!r} overlap",
                    f"end it on {later.in_force_from}",
                )
            elif earlier.in_force_to and earlier.in_force_to < later.in_force_from:
                item.fault(
                    f"gap: no version of {code!r} is in force from {earlier.in_force_to} until {later.in_force_from}",
                    f"end it on {later.in_force_from}",
                )
            found.append(replace(earlier, in_force_to=later.in_force_from))
        found.append(versions[-1][1])
        before: dict[int, Procedure] = {}
        for place, (item, _procedure) in enumerate(versions):
            rules = read_transitions(item, found[place], before, references)
            found[place] = replace(found[place], transitions=rules)
            before[found[place].version] = found[place]
        _check_ended_clocks(versions, found)
        arranged[code] = tuple(found)
    return FrozenMap(arranged)


def _check_ended_clocks(versions: list[tuple[Item, Procedure]], found: list[Procedure]) -> None:
    """A clock that ended with a move keeps its name in the case for good: no later version may use it for another."""
    ended: dict[str, int] = {}
    for (item, _procedure), procedure in zip(versions, found, strict=True):
        for clock in item.entries("clocks"):
            if clock.name in ended:
                clock.fault(
                    f"the clock {clock.name!r} ended with the move to version {ended[clock.name]}",
                    "give it another name",
                )
        for rule in procedure.transitions:
            for code, move in rule.clocks.items():
                if move.to is None:
                    ended.setdefault(code, procedure.version)


def check_clocks_alike(read: Iterable[tuple[Item, Procedure]]) -> None:
    """A clock of one name binds the same side everywhere: the work list leaves out rights of applicants by the clock's name alone."""
    bound: dict[str, tuple[str, str]] = {}
    for item, procedure in read:
        places = {entry.name: entry for entry in item.entries("clocks")}
        for clock in procedure.clocks.values():
            whom, where = bound.setdefault(clock.code, (clock.bound, places[clock.code].where))
            if whom != clock.bound:
                places[clock.code].fault(
                    f"the clock {clock.code!r} binds the {clock.bound} here and the {whom} at {where}",
                    "give one of them another name",
                )
