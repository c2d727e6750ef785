"""Who may make a code for a family. The verb is the word of the ledger kind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from panoh.access.verbs import declare, verb

MAKERS = {
    "registration_clerk",
    "registration_supervisor",
    "eligibility_officer",
    "commission_secretary",
    "mandate_officer",
    "protection_officer",
    "lawyer",
}

declare(
    verb(
        "inquiry.code.make", MAKERS, on="household", shared=True, title=_("Make a code for asking about the own case")
    ),
    verb(
        "inquiry.code.revoke", MAKERS, on="household", shared=True, title=_("End a code for asking about the own case")
    ),
    verb(
        "inquiry.code.send", MAKERS, on="household", shared=True, title=_("Send a code for asking about the own case")
    ),
    verb("inquiry.contact.add", MAKERS, on="household", shared=True, title=_("Write down where a code may be sent")),
    verb("inquiry.contact.end", MAKERS, on="household", shared=True, title=_("Strike where a code may be sent")),
)
