"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {"inquiry.code.made": _("Code for asking about the own case made")}
