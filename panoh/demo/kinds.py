"""What the entries of the demo's own acts say, in words. All others have the kinds of the rooms whose acts they are."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "demo.operation.loaded": _("Synthetic operation loaded"),
    "demo.headcount.reclassified": _("Headcount counted in another group"),
    "demo.stock.shelved": _("Forms put into the stock"),
}
