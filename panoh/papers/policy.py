"""Who may do what with papers and forms. The verbs are the words of the ledger kinds."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.verbs import declare, verb

PREPARERS = {
    "registration_clerk",
    "registration_supervisor",
    "eligibility_officer",
    "commission_secretary",
    "mandate_officer",
}
CONFIRMERS = {"registration_supervisor", "commission_secretary", "protection_officer"}
STOCK_KEEPERS = {"registration_supervisor"}
STOCK_READERS = {"registration_clerk", "registration_supervisor", "head_of_office", "auditor", "administrator"}
READERS = PREPARERS | CONFIRMERS | {"register_officer"}


def of_my_organisation(actor: Actor, thing: Any) -> str | None:
    """Forms belong to the organisation that received them."""
    return None if thing.organisation_id == actor.organisation_id else "papers.stock.other_organisation"


def confirms_for_the_same_organisation(actor: Actor, thing: Any) -> str | None:
    """The second person is a colleague of the first: UNHCR does not confirm certificates of the state, nor the reverse."""
    preparer = getattr(thing, "prepared_by", None)
    if preparer is not None and preparer.organisation_id != actor.organisation_id:
        return "papers.paper.other_organisation"
    return None


SECOND = (confirms_for_the_same_organisation,)

declare(
    verb("papers.stock.read", STOCK_READERS, title=_("See the stock of forms")),
    verb("papers.stock.receive", STOCK_KEEPERS, title=_("Take forms into stock")),
    verb(
        "papers.form.spoil",
        STOCK_KEEPERS | {"registration_clerk"},
        needs=(of_my_organisation,),
        title=_("Report a form spoiled or lost"),
    ),
    verb("papers.paper.read", READERS, on="household", shared=True, title=_("See a paper")),
    verb("papers.paper.prepare", PREPARERS, on="household", shared=True, title=_("Prepare a paper")),
    verb(
        "papers.paper.confirm",
        CONFIRMERS,
        on="household",
        shared=True,
        needs=SECOND,
        title=_("Confirm a paper as second person"),
    ),
    verb(
        "papers.paper.refuse",
        CONFIRMERS,
        on="household",
        shared=True,
        needs=SECOND,
        title=_("Send a prepared paper back"),
    ),
    verb("papers.paper.print", PREPARERS | CONFIRMERS, on="household", shared=True, title=_("Print a paper")),
    verb("papers.receipt.print", READERS, on="household", shared=True, title=_("Print the receipt of an act")),
    verb("papers.paper.revoke", CONFIRMERS, on="household", shared=True, needs=SECOND, title=_("Revoke a paper")),
    verb("papers.paper.replace", PREPARERS, on="household", shared=True, needs=SECOND, title=_("Replace a paper")),
)


def stock_scope(actor: Actor) -> Q:
    """The series whose figures an actor sees: those of the own organisation. They name no person."""
    return Q(organisation_id=actor.organisation_id)
