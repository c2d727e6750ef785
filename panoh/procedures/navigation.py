"""What this room offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [
    Entry(_("My work"), "work", "procedures.work.read", 10),
    Entry(_("Sittings"), "sittings", "procedures.sitting.read", 30),
    Entry(_("Barriers"), "barriers", "procedures.barrier.read", 60),
    Entry(_("Procedures"), "manuals", "procedures.manual.read", 75),
]
