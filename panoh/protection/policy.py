"""Who may do what with incidents, interventions and supervision.

Everybody who works with files may report; only the protection side and the organisation that reported may read. Whether a
single incident is seen stands in `incident_scope` and, as the second lock, in migrations/0002_locks.py.
"""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.verbs import declare, verb

REPORTERS = {
    "registration_clerk",
    "registration_supervisor",
    "eligibility_officer",
    "commission_secretary",
    "protection_officer",
    "mandate_officer",
    "register_officer",
    "lawyer",
    "programme_officer",
}
HANDLERS = {"protection_officer", "lawyer"}
WATCHERS = {"protection_officer"}
LAW_READERS = {"protection_officer", "mandate_officer", "head_of_office", "lawyer"}
SUPERVISORS = {"protection_officer", "head_of_office"}

declare(
    verb("protection.incident.report", REPORTERS, title=_("Report an incident")),
    verb("protection.incident.refer", REPORTERS, title=_("Record that a survivor was told of a service")),
    verb("protection.incident.read", HANDLERS, title=_("See incidents")),
    verb("protection.incident.follow_up", HANDLERS, title=_("Record what was done about an incident")),
    verb("protection.incident.close", HANDLERS, title=_("Close an incident with its outcome")),
    verb("protection.incident.reopen", HANDLERS, title=_("Reopen an incident")),
    verb("protection.incident.export", WATCHERS, title=_("Export incidents without persons")),
    verb("protection.pattern.read", WATCHERS, title=_("See patterns of incidents and alarms")),
    verb("protection.intervention.read", HANDLERS, title=_("See interventions with authorities")),
    verb("protection.intervention.send", HANDLERS, title=_("Record an intervention with an authority")),
    verb("protection.intervention.answer", HANDLERS, title=_("Record the answer to an intervention")),
    verb("protection.law.read", LAW_READERS, title=_("See where the law falls short, and what becomes of it")),
    verb("protection.law.record", WATCHERS, title=_("Record how a gap of the law stands")),
    verb("protection.supervision.read", SUPERVISORS, title=_("See how the safeguards were kept, office by office")),
)


def incident_scope(actor: Actor) -> Q:
    """The incidents an actor sees: all for the protection side, else what the own organisation reported.

    Never one that accuses the own organisation.
    """
    if actor.role not in HANDLERS:
        return Q(pk__in=[])
    seen = ~Q(accused_organisation_id=actor.organisation_id)
    return seen if actor.reads("protection") else seen & Q(organisation_id=actor.organisation_id)
