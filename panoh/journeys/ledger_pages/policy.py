"""Who may look into the ledger. Entries hold no personal text, but they tell that something happened to somebody."""

from django.utils.translation import gettext_lazy as _

from panoh.access.roles import ROLES
from panoh.access.verbs import declare, verb

# Those who watch over the register as a whole; everyone else comes to an entry through a file or an act of her own.
WATCHERS = {"auditor", "protection_officer", "register_officer"}

declare(
    verb("ledger.checkpoint.read", set(ROLES), title=_("See the ledger's size and its signed checkpoints")),
    verb(
        "ledger.entry.read",
        set(ROLES),
        title=_("Open an entry of the ledger about an open file or an act of one's own"),
    ),
    verb("ledger.entry.list", WATCHERS, title=_("See the list of all entries of the ledger, and open each")),
)

KINDS = {"ledger.detail.erased": _("Personal detail erased")}
