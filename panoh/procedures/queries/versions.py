"""Whether a rulebook knows every case of the register: asked of one that is about to come into force."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from panoh.access.context import acting_as_system
from panoh.procedures.models import Case
from panoh.rulebook.model import NoRuleInForce, Rulebook


@dataclass(frozen=True, slots=True)
class UnknownVersion:
    """A version of a procedure under which cases were opened and which a rulebook does not hold."""

    procedure: str
    version: int
    cases: int


def list_unknown_versions(book: Rulebook) -> list[UnknownVersion]:
    """Cases that were moved are asked for by the version under which they stand, closed ones too: their pages tell it."""
    with acting_as_system("a rulebook that is about to come into force"):
        counted = Case.objects.values_list("procedure", "procedure_version").annotate(cases=Count("pk")).order_by(
            "procedure", "procedure_version"
        )  # fmt: skip
        found = [UnknownVersion(*row) for row in counted]
    return [one for one in found if not _knows(book, one)]


def _knows(book: Rulebook, one: UnknownVersion) -> bool:
    try:
        book.procedure_version(one.procedure, one.version)
    except NoRuleInForce:
        return False
    return True
