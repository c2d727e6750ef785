"""What rooms above do when a record is closed, in the transaction of the closure itself.

The register knows nothing of them; each appends a function when it starts (`AppConfig.ready`). What one refuses, the closure
does not do either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from panoh.access.actor import Actor
from panoh.registry.models import Household, Person

Follow = Callable[[Actor, Household, Sequence[Person], str, date], None]

AFTER_CLOSURE: list[Follow] = []


def tell_closed(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    """The records of these persons were closed for this reason."""
    for follow in AFTER_CLOSURE:
        follow(by, household, persons, reason, on)
