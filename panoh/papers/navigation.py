"""What this room offers in the header."""

from django.utils.translation import gettext_lazy as _

from panoh.access.navigation import Entry

ENTRIES = [
    Entry(_("Papers to confirm"), "papers_to_confirm", "papers.paper.confirm", 40),
    Entry(_("Stock of forms"), "papers_stock", "papers.stock.read", 60),
]
