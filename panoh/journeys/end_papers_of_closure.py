"""Whose record is closed carries no certificate any more: it is revoked in the transaction of the closure.

A certificate of somebody who died, left, was deported or was registered in error would go on being answered as good to whoever
checks it, until its last day. Who merely moves to another household of the register keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from panoh.access.actor import Actor
from panoh.papers.operations import end_papers_of_closed
from panoh.registry.models import Household, Person
from panoh.registry.operations.closing import TRANSFERRED


def end_papers(by: Actor, household: Household, persons: Sequence[Person], reason: str, on: date) -> None:
    if reason != TRANSFERRED:
        end_papers_of_closed(by=by, persons=persons, on=on)
