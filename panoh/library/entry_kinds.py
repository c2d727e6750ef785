"""What this room's entries in the ledger say, in words."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "library.document.taken_in": _("Sources taken in"),
    "library.intake.undone": _("Sources taken back with the files that brought them"),
    "library.document.settled": _("Open points of a source settled"),
    "library.document.withdrawn": _("Source withdrawn"),
    "library.paragraph.redacted": _("Paragraph of a source redacted"),
    "library.claim.confirmed": _("Figure of a source confirmed"),
    "library.claim.withdrawn": _("Figure of a source withdrawn"),
    "library.paragraph.cited": _("Paragraph of a source cited"),
    "library.citation.ended": _("Citation taken back"),
    "library.shelf.made": _("List of paragraphs made"),
    "library.shelf.filled": _("List of paragraphs changed"),
}
