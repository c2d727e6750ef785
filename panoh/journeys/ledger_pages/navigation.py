"""What the ledger offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [Entry(_("Ledger"), "ledger", "ledger.checkpoint.read", 86)]
