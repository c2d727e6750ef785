"""What other rooms must hear of at once when an act brings it to light: that somebody of the register was sent away.

A rulebook orders it with the effect `tell_protection`, by the reason under which the register would close the record; whoever
has to hear of it adds a listener when the program starts. This room knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from panoh.access.actor import Actor
from panoh.registry.models import Household, Person

Listener = Callable[[Actor, Household, Sequence[Person], str, date], None]
"""Who recorded it, of which file, about whom, under which reason, on which day."""

LISTENERS: list[Listener] = []


def tell(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    """In the transaction of the act: what cannot be told is not recorded either."""
    for listener in LISTENERS:
        listener(by, household, persons, reason, on)
