"""What an act has to do with other cases: those that are heard together with it, and those that stand in the way of opening it again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from panoh.kernel.problems import Problem
from panoh.procedures.models import Case, CasePerson


def leads_hearing(case: Case, number: str | None) -> UUID | None:
    """Which case leads the hearing with the one of that number; each listing says anew with whom a case is heard."""
    other = Case.objects.filter(number=number).first() if number else None
    return other.hearing if other is not None and other.hearing != case.pk else None


def check_slot_is_free(case: Case, lines: Sequence[CasePerson], slot: str) -> None:
    """A case is not opened again while a person of it stands in another open one of the same kind: it would be dealt with twice."""
    taken = CasePerson.objects.filter(person_id__in=[line.person_id for line in lines], open_slot=slot).exclude(
        case=case
    )
    if taken.exists():
        raise Problem("procedures.guard.open_case", procedure=case.procedure)
