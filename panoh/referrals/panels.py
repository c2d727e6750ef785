"""What this room adds to the page of a household: where its people were referred to, what comes next, and the way to refer."""

from __future__ import annotations

from typing import Any

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.referrals.queries.referrals import list_of_household
from panoh.registry.models import Household
from panoh.registry.panels import Panel


def read(actor: Actor, household: Household) -> dict[str, Any] | None:
    if not decide(actor, "referrals.referral.read").allowed:
        return None
    return {
        "referrals": list_of_household(actor, household.pk),
        "household": household,
        "may_refer": household.status == "open" and decide(actor, "referrals.referral.send", household).allowed,
    }


REFERRALS = Panel("referrals/household_panel.html", read, order=55)
