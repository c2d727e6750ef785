"""What the entries of this room say, in words: those of the engine itself, and those of the rulebook's procedures."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.rulebook.model import MOVED

KINDS = {
    "procedures.barrier.recorded": _("Barrier recorded"),
    "procedures.barrier.lifted": _("Barrier lifted"),
    "procedures.feast.proposed": _("Proclaimed feast written down"),
    "procedures.feast.confirmed": _("Proclaimed feast confirmed"),
    "procedures.sitting.convened": _("Sitting convened"),
    "procedures.sitting.opened": _("Sitting opened"),
    "procedures.sitting.attendance_changed": _("Attendance changed"),
    "procedures.sitting.closed": _("Sitting closed"),
    "procedures.sitting.cancelled": _("Sitting cancelled"),
    "procedures.conflict.declared": _("Conflict of interest declared"),
    "procedures.motion.put": _("Motion put to the vote"),
    "procedures.motion.counted": _("Votes counted"),
    "procedures.vote.cast": _("Vote cast"),
    "procedures.vote.changed": _("Vote changed"),
    "procedures.score.given": _("Case scored by a member of the panel"),
    "procedures.score.changed": _("Score of a member of the panel changed"),
    "procedures.sitting.scores_closed": _("Scoring closed and ranked"),
    "procedures.motion.withdrawn": _("Motion withdrawn"),
    "procedures.sitting.agenda_changed": _("Agenda changed"),
    "procedures.late_entry.allowed": _("Late entry allowed"),
    "procedures.item.taken_up": _("Deferred item taken up again"),
    "procedures.item.deferred": _("Item deferred to another sitting"),
    "procedures.safeguard.answered": _("Safeguard answered by a monitor"),
}


def find_title(kind: str) -> str | None:
    """The title of an act's entry, from whichever version of the procedure knows it."""
    procedure, _dot, past = kind.partition(".")
    book = rulebook.current()
    if past == MOVED and procedure in book.procedures:
        return gettext("Moved to a later version of its procedure")
    for version in reversed(book.procedures.get(procedure, ())):
        for action in version.actions.values():
            if action.past == past:
                return book.text(action.doing, get_language() or "en")
    return None
