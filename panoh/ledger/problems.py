"""What the ledger refuses, in words for people."""

from django.utils.translation import gettext_lazy as _

from panoh.kernel.problems import ProblemText

CATALOGUE = {
    "ledger.entry.none": ProblemText(
        500,
        _("Nothing was saved."),
        _("The register refuses a change that leaves no entry in the ledger, and this act left none."),
        _("This is a fault of the program. Tell the administrator what you did, and the code below."),
    ),
    "ledger.entry.not_storable": ProblemText(
        422,
        _("Something that was typed cannot be kept."),
        _("The value of %(place)s holds a character that no computer can store the same way for good."),
        _("Type it anew instead of pasting it, and save again."),
    ),
    "ledger.entry.submission_exists": ProblemText(
        409,
        _("This was already saved."),
        _("The same submission arrived twice at the same moment; the first one counts."),
        _("Open the page again to see what was saved."),
    ),
    "ledger.entry.backdated": ProblemText(
        500,
        _("Nothing was saved."),
        _("The clock of this server and the clock of the database differ by more than five minutes."),
        _("Tell the administrator: the clocks must be set before anything can be recorded."),
    ),
    "ledger.entry.missing": ProblemText(
        404,
        _("There is no such entry in the ledger."),
        _("The address may be cut short, or the entry belongs to another ledger."),
        _("Look for it in the list of entries."),
    ),
    "ledger.entry.not_sequenced": ProblemText(
        409,
        _("This entry has no proof yet."),
        _("It was saved a moment ago and waits for its number in the ledger."),
        _("Try again in a minute."),
    ),
    "ledger.detail.no_detail": ProblemText(
        409,
        _("There is nothing to erase."),
        _("The entry holds no personal detail, or it was erased before."),
        _("Open the entry to see what it holds."),
    ),
    "ledger.receipt.form": ProblemText(
        422,
        _("This is not a receipt."),
        _("A receipt begins with PANOH1: and is one long line; this text is something else, or damaged, or cut short."),
        _("Scan the code on the receipt again, or copy its whole text."),
    ),
    "ledger.receipt.key": ProblemText(
        422,
        _("This receipt was not signed here."),
        _("Its signature belongs to a key that this ledger does not know."),
        _("Ask the office that is named on the receipt."),
    ),
    "ledger.receipt.signature": ProblemText(
        422,
        _("This receipt is not genuine."),
        _("Its text was changed after it was signed."),
        _("Keep it, and show it to a lawyer or to UNHCR."),
    ),
    "ledger.receipt.claims": ProblemText(
        422,
        _("This is not a receipt."),
        _("It is signed by this office, but it is another kind of paper."),
        _("Check papers on the page for papers."),
    ),
}
