"""Which entries of the ledger tell of cases that an actor does not see: hangs into `registry.veils`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.ledger.models import Entry
from panoh.procedures.queries.cases import visible_to


def hidden_entries(actor: Actor, entries: Sequence[Entry]) -> frozenset[UUID]:
    """Entries about cases of confined procedures that are not the actor's to see. Without such entries nothing is asked."""
    confined = _confined(rulebook.current().fingerprint)
    cases: dict[UUID, list[UUID]] = {}
    for entry in entries:
        procedure = entry.kind.partition(".")[0]
        if procedure in confined or entry.payload.get("procedure") in confined:
            cases.setdefault(_case_of(entry), []).append(entry.pk)
    if not cases:
        return frozenset()
    seen = set(visible_to(actor).filter(pk__in=cases).values_list("pk", flat=True))
    return frozenset(entry for case, about in cases.items() if case not in seen for entry in about)


NO_CASE = UUID(int=0)
"""Stands for the case of an entry that names none: a late entry allowed for an opening."""


def _case_of(entry: Entry) -> UUID:
    named = entry.payload.get("case")
    return UUID(named) if named else NO_CASE


@lru_cache(maxsize=4)
def _confined(_fingerprint: str) -> frozenset[str]:
    """Procedures of which some version is confined."""
    procedures = rulebook.current().procedures
    return frozenset(code for code, versions in procedures.items() if any(version.confined for version in versions))
