"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "inquiry.code.made": _("Code for asking about the own case made"),
    "inquiry.code.revoked": _("Code for asking about the own case ended"),
    "inquiry.code.sent": _("Code for asking about the own case sent"),
    "inquiry.contact.added": _("Contact for codes written down"),
    "inquiry.contact.ended": _("Contact for codes struck"),
    "inquiry.sending.handed_over": _("Code taken by the channel"),
    "inquiry.sending.failed": _("Code not taken by the channel"),
}
