"""Entries about a file that not everybody who sees the file may know of. The rooms above say which.

A lawyer's case, or a complaint about an office, leaves entries that name the household as a subject; on the page of the household, and
wherever entries are opened one by one, they are left out for whoever does not see the case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from panoh.access.actor import Actor
from panoh.ledger.models import Entry

Veil = Callable[[Actor, Sequence[Entry]], frozenset[UUID]]
"""From entries to the ids of those that are hidden from the actor."""

VEILS: list[Veil] = []


def unveiled(actor: Actor, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that the actor may know of, in their order."""
    hidden = frozenset[UUID]().union(*(veil(actor, entries) for veil in VEILS))
    return [entry for entry in entries if entry.pk not in hidden]
