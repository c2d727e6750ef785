"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "papers.stock.received": _("Forms taken into stock"),
    "papers.form.spoiled": _("Form reported spoiled"),
    "papers.form.lost": _("Form reported lost"),
    "papers.paper.prepared": _("Paper made out"),
    "papers.paper.issued": _("Paper confirmed and issued"),
    "papers.paper.refused": _("Paper sent back"),
    "papers.paper.revoked": _("Paper revoked"),
}
