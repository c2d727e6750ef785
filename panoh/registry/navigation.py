"""What this room offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [
    Entry(_("Files"), "files", "registry.household.list", 15),
    Entry(_("Register"), "household_register", "registry.household.register", 20),
    Entry(_("Files to complete"), "household_check", "registry.household.check", 45),
    Entry(_("Duplicates"), "duplicates", "registry.duplicate.read", 50),
    Entry(_("Imports"), "imports", "registry.import.preview", 55),
]
