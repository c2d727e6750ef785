"""What this room offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [
    Entry(_("Incidents"), "incidents", "protection.incident.read", 30),
    Entry(_("Supervision"), "supervision", "protection.supervision.read", 32),
    Entry(_("Report an incident"), "incident_report", "protection.incident.report", 58),
]
