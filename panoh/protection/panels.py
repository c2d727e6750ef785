"""What this room adds to the page of a household: its incidents, for those who see them, and the way to report one."""

from __future__ import annotations

from typing import Any

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.protection.queries.incidents import list_of_household
from panoh.registry.models import Household
from panoh.registry.panels import Panel


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "protection.incident.read").allowed:
        return None
    return {"incidents": list_of_household(actor, household.pk), "household": household}


INCIDENTS = Panel("protection/household_panel.html", read, order=60)
