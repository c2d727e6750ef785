"""Receipts on paper: any act on a family's file, printed for the family with the square that proves it."""

from __future__ import annotations

from uuid import UUID

from panoh.access.actor import Actor
from panoh.access.models import Office, Organisation
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import sign_receipt
from panoh.papers.content import in_all_languages
from panoh.papers.printing import receipt_pdf
from panoh.registry.models import Household
from panoh.rulebook import current
from panoh.rulebook.law import LANGUAGES

OTHER = "other"


def receipt_of(actor: Actor, household: Household, entry_id: UUID, language: str) -> bytes:
    """The receipt of one act on a household that the actor has opened, as PDF.

    Signed anew at each print: the square names the same entry and hash, so that any print proves the same.
    """
    check(actor, "papers.receipt.print", household)
    if language not in LANGUAGES:
        raise Problem("papers.paper.language", field="language", languages=", ".join(LANGUAGES))
    entry = Entry.objects.filter(pk=entry_id, subjects__contains=[household.pk]).first()
    if entry is None:
        raise Problem("papers.receipt.not_found")
    authority = Organisation.objects.get(pk=entry.organisation_id or actor.organisation_id)
    office = Office.objects.filter(pk=household.office_id).first()
    return receipt_pdf(
        entry=entry,
        receipt=sign_receipt(entry, office=office.code if office else "", number=household.number),
        act=act_titles(entry.kind),
        authority=authority.titles,
        office=office.titles if office else None,
        language=language,
    )


def act_titles(kind: str) -> dict[str, str]:
    """What the act is called: in the words of the procedure it belongs to, else in those of the country's list."""
    book = current()
    procedure, _dot, _past = kind.partition(".")
    for version in reversed(book.procedures.get(procedure, ())):
        for action in version.actions.values():
            if version.ledger_kind(action.code) == kind:
                return in_all_languages(action.doing)
    acts = book.codes["recorded_acts"]
    return in_all_languages(acts[kind if kind in acts else OTHER].titles)
