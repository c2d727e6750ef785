"""Who may see tables: published ones most roles, true small numbers only those who make the reports."""

from django.utils.translation import gettext_lazy as _

from panoh.access.verbs import declare, verb

READERS = {
    "head_of_office",
    "register_officer",
    "protection_officer",
    "mandate_officer",
    "programme_officer",
    "registration_supervisor",
    "commission_secretary",
    "lawyer",
    "auditor",
}
MAKERS = {"head_of_office", "register_officer"}

declare(
    verb("statistics.table.read", READERS, title=_("See tables with disclosure control")),
    verb("statistics.table.read_true", MAKERS, title=_("See tables with true small numbers")),
    verb("statistics.figure.open", MAKERS, title=_("Open a figure down to its entries")),
)
