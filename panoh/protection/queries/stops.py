"""Open incidents as what stands against an act of a procedure: nobody's return is made out as voluntary while a deportation is open.

Asked by the engine of procedures (`panoh.procedures.stops`) with the kinds of the incidents' categories: REF, DET, EVI … What the
reader may not see does not stop her; the rulebook gives such acts to roles of the protection side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from panoh.protection.models import OPEN, Incident
from panoh.registry.models import Household, Person
from panoh.rulebook import current


def find_stops(_household: Household, persons: Sequence[Person], on: date) -> Mapping[str, date]:
    """Categories of open incidents of these persons, each with the day of its latest."""
    found: dict[str, date] = {}
    concerned = Incident.objects.filter(state=OPEN, occurred_on__lte=on, persons__person__in=persons)
    for kind, occurred_on in concerned.values_list("kind", "occurred_on"):
        category = current().codes["incident_kinds"][kind].attributes["category"]
        found[category] = max(occurred_on, found.get(category, occurred_on))
    return found
