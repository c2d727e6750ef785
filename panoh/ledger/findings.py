"""What `panoh ledger verify` can find wrong, in plain words: what was found, and what it means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

TEXTS = {
    # -- entries
    "entry.gone": _("Entry %(number)s is gone: the ledger holds its number and its hash, but not the entry itself."),
    "entry.number_missing": _("The entries from number %(number)s to %(last)s are missing."),
    "entry.altered": _(
        "%(entry)s was altered after it was numbered: its text no longer has the hash it was numbered with."
    ),
    "entry.hash_altered": _("%(entry)s: the hash stored beside its text is not the hash of its text."),
    "entry.column_altered": _("%(entry)s: the column %(column)s says %(found)s, the entry itself says %(said)s."),
    "entry.unreadable": _("%(entry)s cannot be read: its text is not an entry."),
    "entry.backdated": _(
        "%(entry)s claims to be recorded at %(recorded_at)s, but it got its number after the checkpoint of %(signed_at)s: "
        "it was slipped in later."
    ),
    "entry.in_the_future": _("%(entry)s claims to be recorded at %(recorded_at)s, which has not come yet."),
    "entry.unnumbered": _(
        "%(entry)s has no number and does not wait for one: it came in, or lost its number, past the sequencer."
    ),
    "entry.waits_without_entry": _("An entry that waits for its number is gone: %(id)s."),
    "entry.subjects_altered": _(
        "%(entry)s: the list by which files find their entries does not name the subjects that it names."
    ),
    "detail.altered": _("%(entry)s: its personal detail was altered."),
    "detail.gone": _("%(entry)s: its personal detail is gone, and no entry says that it was erased."),
    "detail.added": _("A personal detail belongs to no entry, or to one that has none: %(id)s."),
    "salt.gone": _("%(entry)s: what proves the state of its subjects (their salts) is gone, and no entry says so."),
    # -- tree and checkpoints
    "tree.does_not_fit": _(
        "The entries from number %(first)s to %(last)s are not those that the checkpoint of %(signed_at)s spoke for: "
        "at least one was altered, removed, moved or slipped in."
    ),
    "tree.suspect": _("%(entry)s was rewritten in the database after it was numbered."),
    "tree.node_altered": _(
        "A kept hash of the tree (level %(level)s, number %(index)s, entries %(first)s to %(last)s) is wrong or missing."
    ),
    "tree.shorter": _(
        "The ledger holds %(size)s entries, but the checkpoint of %(signed_at)s spoke for %(kept_size)s: everything from "
        "number %(number)s on is gone, as after restoring an older backup."
    ),
    "checkpoint.unreadable": _("The stored checkpoint of %(size)s entries is no checkpoint: %(why)s."),
    "checkpoint.other_key": _(
        "The stored checkpoint of %(size)s entries was not signed by this ledger's key: %(why)s."
    ),
    "checkpoint.column_altered": _(
        "The stored checkpoint of %(size)s entries: its columns do not say what its signed text says."
    ),
    "checkpoint.time_runs_back": _("The checkpoint of %(size)s entries is older than the smaller one before it."),
    "checkpoint.other_origin": _("The checkpoint is of another ledger, %(origin)s."),
    "kept.unreadable": _("%(file)s holds no checkpoint: %(why)s."),
    "kept.other_key": _(
        "%(file)s was signed by another key than the one this ledger signs with now (%(why)s): either the key was changed, "
        "or the file is not genuine."
    ),
    "kept.not_in_list": _(
        "The kept checkpoint of %(size)s entries, %(signed_at)s, is missing in the ledger's own list."
    ),
    "kept.differs": _("The ledger's own list holds another checkpoint of %(size)s entries than the one kept outside."),
    # -- receipts
    "receipt.unreadable": _("%(file)s, line %(line)s: this receipt is not genuine (%(why)s)."),
    "receipt.entry_gone": _(
        "The receipt for %(kind)s of %(recorded_at)s (file %(number)s) names entry %(id)s, which is not in the ledger."
    ),
    "receipt.entry_altered": _("%(entry)s was altered after its receipt was handed out."),
    "receipt.unnumbered": _("%(entry)s has a receipt, but no number, though later entries have theirs."),
    # -- guards and register
    "guard.off": _("The guard %(trigger)s on the table %(table)s is switched off or gone."),
    "replay.state_differs": _(
        "%(name)s %(subject)s is not as %(entry)s left it: the register was changed past the ledger."
    ),
    "replay.state_gone": _("The subject %(subject)s is gone from the register since %(entry)s, and no entry says so."),
    "replay.differs": _("%(name)s: %(what)s"),
}


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit. `code` is stable; `number` is that of the first entry concerned, where there is one."""

    code: str
    number: int | None = None
    entry_id: UUID | None = None
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(TEXTS[self.code]) % ({"number": self.number} | self.params)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "number": self.number,
            "entry": None if self.entry_id is None else str(self.entry_id),
            "says": str(self),
        }
