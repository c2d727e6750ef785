"""What this room's entries in the ledger say, in words. They say no more: whom an incident accuses stands in no entry."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "protection.incident.reported": _("Incident reported"),
    "protection.incident.followed_up": _("Incident followed up"),
    "protection.evidence.added": _("Evidence added to an incident"),
    "protection.incident.closed": _("Incident closed"),
    "protection.incident.reopened": _("Incident reopened"),
    "protection.incident.exported": _("Incidents exported without persons"),
    "protection.intervention.sent": _("Intervention with an authority recorded"),
    "protection.intervention.answered": _("Answer to an intervention recorded"),
    "protection.law.recorded": _("Standing of a gap of the law recorded"),
}
