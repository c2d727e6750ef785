"""What other rooms know that stands against going on: an open incident, a missing consent, a pending removal.

A rulebook asks with the guard `no_stop`; whoever knows of such things adds a finder to `FINDERS` when the program starts. This
room knows none of them by name. Without any finder nothing stands against anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from panoh.registry.models import Household, Person
from panoh.rulebook.model import Procedure

Finder = Callable[[Household, Sequence[Person], date], Mapping[str, date]]
"""Kinds of stops ("REF", "DET") that stand against these persons on a day, each with the day since when."""

FINDERS: list[Finder] = []


def asks_for_stops(procedure: Procedure) -> bool:
    """Whether any act of the procedure has a guard that asks; else nobody is asked."""
    return any(guard.name == "no_stop" for action in procedure.actions.values() for guard in action.guards)


def find_stops(household: Household, persons: Sequence[Person], on: date) -> Mapping[str, date]:
    """All that stands against these persons; of one kind the latest, because a stop must be weighed after it arose."""
    found: dict[str, date] = {}
    for finder in FINDERS:
        for kind, since in finder(household, persons, on).items():
            found[kind] = max(since, found.get(kind, since))
    return found
