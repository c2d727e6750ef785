"""What this room offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [Entry(_("Sources"), "library", "library.document.read", 64)]
