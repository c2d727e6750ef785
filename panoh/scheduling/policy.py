"""Who may do what with missions. What a confirmed plan does to a case is asked once more of the procedure's own verb."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.verbs import declare, verb

PLANNERS = {"mandate_officer", "register_officer", "eligibility_officer"}
READERS = PLANNERS | {"protection_officer", "commission_secretary", "registration_supervisor"}


def of_my_organisation(actor: Actor, thing: Any) -> str | None:
    return None if thing.organisation_id == actor.organisation_id else "scheduling.mission.not_found"


OWN = (of_my_organisation,)

declare(
    verb("scheduling.mission.read", READERS, title=_("See missions and their plans")),
    verb("scheduling.mission.make", PLANNERS, title=_("Prepare a mission")),
    verb("scheduling.mission.change", PLANNERS, needs=OWN, title=_("Change places, people and families of a mission")),
    verb("scheduling.plan.ask", PLANNERS, needs=OWN, title=_("Have a mission laid out")),
    verb("scheduling.plan.confirm", PLANNERS, needs=OWN, title=_("Confirm a plan, or put it away")),
    verb("scheduling.interview.record", PLANNERS, needs=OWN, title=_("Record who came to an interview")),
    verb("scheduling.mission.end", PLANNERS, needs=OWN, title=_("Close a mission, or call it off")),
)
