"""Who may read, take in, settle, redact and cite. Which documents are seen stands in `document_scope` and, as the second lock,
in migrations/0002_locks.py."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.access.roles import ROLES
from panoh.access.verbs import declare, verb
from panoh.library.reading.marks import OPEN, SENSITIVE

READERS = set(ROLES) - {"administrator"}
LIBRARIANS = {"register_officer", "protection_officer", "mandate_officer", "head_of_office"}
TAKERS = LIBRARIANS | {"eligibility_officer", "lawyer", "programme_officer"}
TRUSTED = {"protection_officer", "mandate_officer", "head_of_office"}
CITERS = TAKERS | {"commission_secretary"}

declare(
    verb("library.document.read", READERS, title=_("Read sources")),
    verb("library.document.take_in", TAKERS, title=_("Take sources in")),
    verb("library.intake.undo", TAKERS, title=_("Take back sources that one brought")),
    verb("library.document.settle", LIBRARIANS, title=_("Settle what the reading of a source left open")),
    verb("library.document.withdraw", LIBRARIANS, title=_("Withdraw a source")),
    verb("library.restricted.read", TRUSTED, title=_("Read confidential sources")),
    verb("library.paragraph.redact", TRUSTED, title=_("Redact a paragraph of a source")),
    verb("library.paragraph.cite", CITERS, title=_("Cite a paragraph of a source")),
    verb("library.claim.confirm", CITERS, title=_("Confirm a figure that a source gives")),
    verb("library.shelf.keep", CITERS, title=_("Keep lists of paragraphs")),
)


def document_scope(actor: Actor) -> Q:
    """Open sources for every reader; others within the organisation and its agreements; confidential ones by a verb of their own."""
    if not decide(actor, "library.document.read").allowed:
        return Q(pk__in=[])
    own = Q(organisation_id__in=[actor.organisation_id, *actor.open_organisations])
    if not decide(actor, "library.restricted.read").allowed:
        own &= Q(rank__lte=SENSITIVE)
    return Q(rank=OPEN) | own
