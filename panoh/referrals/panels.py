"""What this room adds to other pages: to a household's where its people were referred to and the way to refer, to My work whose turn it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.referrals.queries.referrals import list_for_work, list_of_household
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


def read_work(actor: Actor, today: date) -> dict[str, Any] | None:
    """What waits for this organisation: to be answered, to be told back; and what one's own referrals wait for."""
    if not decide(actor, "referrals.referral.read").allowed:
        return None
    found = list_for_work(actor, today)
    return {"work": found} if found.lines else None


WORK = Panel("referrals/work_panel.html", read_work, order=20)
