"""What this room adds to the page of a household: the codes with which the family asks about its cases."""

from __future__ import annotations

from typing import Any

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.inquiry.queries import list_codes
from panoh.registry.models import Household
from panoh.registry.panels import Panel


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "inquiry.code.make", household).allowed:
        return None
    codes = list_codes(actor, household)
    return {"codes": codes} if codes else None


CODES = Panel("inquiry/household_panel.html", read, order=45)
