"""Who may do what with cases: the verbs of this room, and those that the rulebook's procedures bring along.

Every act of a procedure is a verb of its own (`<procedure>.<action>`), every sitting has its verbs
(`<procedure>.<sitting>.vote`). They are declared from the rulebook when the program starts, so that the list of who may
do what is complete before anybody asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access.actor import Actor
from panoh.access.roles import ROLES
from panoh.access.verbs import Verb, declare, verb
from panoh.rulebook.model import MOVE, Procedure, Rulebook, SittingRule

FILE_READERS = frozenset(
    role.code for role in ROLES.values() if role.scope != "none" and "narrative" in role.classes
) | {
    "registration_clerk",
    "registration_supervisor",
    "register_officer",
    "programme_officer",
}
EVERYONE = frozenset(ROLES)
MONITORS = frozenset({"protection_officer", "mandate_officer", "lawyer"})
BARRIER_KEEPERS = frozenset({"registration_supervisor", "commission_secretary", "mandate_officer"})


def keeps_the_case(actor: Actor, thing: Any) -> str | None:
    """A late entry is answered for inside the organisation that runs the case; before there is one, inside that which opens it."""
    if not hasattr(thing, "organisation_id") or thing.organisation_id == actor.organisation_id:
        return None
    return "procedures.case.other_organisation"


def runs_the_case(actor: Actor, thing: Any) -> str | None:
    """Two organisations of one kind do not act on each other's cases.

    A role of another kind of organisation acts where the rulebook names it for the act, on files that are open to it.
    """
    keeper = thing.organisation if hasattr(thing, "organisation_id") else thing.custodian
    if keeper.kind == actor.organisation_kind and keeper.pk != actor.organisation_id:
        return "procedures.case.other_organisation"
    return None


def of_my_organisation(actor: Actor, thing: Any) -> str | None:
    """Barriers stand for the cases of one organisation."""
    return None if thing.organisation_id == actor.organisation_id else "procedures.barrier.other_organisation"


def sits_there(actor: Actor, thing: Any) -> str | None:
    """What is done at a sitting is done by the organisation that convened it, or by whoever was given a seat."""
    if thing.organisation_id == actor.organisation_id:
        return None
    if thing.attendance.filter(member_id=actor.member_id).exists():
        return None
    return "procedures.sitting.not_found"


CASE_READ = verb("procedures.case.read", FILE_READERS, on="household", shared=True, title=_("Read a case"))
CASE_ACT = verb("procedures.case.act", FILE_READERS, title=_("See the forms of the acts on a case"))
WORK_READ = verb("procedures.work.read", FILE_READERS, title=_("See what is due"))
NOTICE_SEE = verb(
    "procedures.notice.see", FILE_READERS, on="household", shared=True, title=_("Take a notice off the work list")
)
SITTING_READ = verb("procedures.sitting.read", FILE_READERS, title=_("See sittings and their agenda"))
SITTING_ACT = verb("procedures.sitting.act", FILE_READERS, title=_("See the forms of a sitting"))
BARRIER_READ = verb("procedures.barrier.read", FILE_READERS | {"head_of_office"}, title=_("See barriers"))
BARRIER_RECORD = verb(
    "procedures.barrier.record", BARRIER_KEEPERS, needs=(of_my_organisation,), title=_("Record and lift a barrier")
)
FEAST_READ = verb("procedures.feast.read", FILE_READERS | {"head_of_office"}, title=_("See movable feasts"))
FEAST_PROPOSE = verb("procedures.feast.propose", BARRIER_KEEPERS, title=_("Write down a proclaimed feast"))
FEAST_CONFIRM = verb("procedures.feast.confirm", BARRIER_KEEPERS, title=_("Confirm a proclaimed feast"))
SAFEGUARD_ANSWER = verb(
    "procedures.safeguard.answer", MONITORS, on="household", shared=True, title=_("Say whether a safeguard was kept")
)
MOVE_READ = verb(
    "procedures.move.read", FILE_READERS, title=_("See which cases move to a later version of their procedure")
)
DRAFT_COMPARE = verb(
    "procedures.draft.compare", MONITORS | BARRIER_KEEPERS, title=_("See what a drafted rulebook would change")
)
MANUAL_READ = verb("procedures.manual.read", EVERYONE, title=_("Read the manual of a procedure"))

declare(
    CASE_READ,
    CASE_ACT,
    WORK_READ,
    NOTICE_SEE,
    SITTING_READ,
    SITTING_ACT,
    BARRIER_READ,
    BARRIER_RECORD,
    FEAST_READ,
    FEAST_PROPOSE,
    FEAST_CONFIRM,
    SAFEGUARD_ANSWER,
    MOVE_READ,
    DRAFT_COMPARE,
    MANUAL_READ,
)


def sitting_verb(procedure: str, sitting: str, act: str) -> str:
    """The permission for something done at a kind of sitting: `<procedure>.<sitting>.vote`."""
    return f"{procedure}.{sitting}.{act}"


def late_entry_verb(procedure: str) -> str:
    """The permission to allow that an act of long ago is still written down: `<procedure>.late_entry.allow`."""
    return f"{procedure}.late_entry.allow"


def declare_procedures(book: Rulebook) -> None:
    """Declares the verbs of all acts and sittings of all versions; called at start, and again where a test changes the book."""
    for code, versions in book.procedures.items():
        for name, roles, title in _verbs_of_actions(versions):
            declare(Verb(f"{code}.{name}", roles, on="household", shared=True, needs=(runs_the_case,), title=title))
        keepers = frozenset(role for version in versions for role in version.recording.confirmed_by)
        title = _("Allow a late entry")
        declare(Verb(late_entry_verb(code), keepers, on="household", shared=True, needs=(keeps_the_case,), title=title))
        movers = frozenset(role for version in versions for rule in version.transitions for role in rule.who)
        if movers:
            title = _("Move a case to a later version of its procedure")
            verb_of_move = f"{code}.{MOVE}"
            declare(Verb(verb_of_move, movers, on="household", shared=True, needs=(keeps_the_case,), title=title))
        for sitting, roles_by_act, title in _verbs_of_sittings(versions):
            for act, roles in roles_by_act.items():
                declare(Verb(sitting_verb(code, sitting, act), roles, needs=(sits_there,), title=title))


def _in_readers_language(titles: Mapping[str, str]) -> object:
    """A title of the rulebook that is read when it is shown, as gettext_lazy is."""
    return lazy(lambda: titles.get(get_language() or "en") or titles["en"], str)()


def _verbs_of_actions(versions: tuple[Procedure, ...]) -> list[tuple[str, frozenset[str], object]]:
    roles: dict[str, set[str]] = {}
    titles: dict[str, object] = {}
    for version in versions:
        for action in version.actions.values():
            roles.setdefault(action.code, set()).update(action.who)
            titles[action.code] = _in_readers_language(action.titles)
    return [(name, frozenset(who), titles[name]) for name, who in roles.items()]


def _verbs_of_sittings(versions: tuple[Procedure, ...]) -> list[tuple[str, dict[str, frozenset[str]], object]]:
    found = []
    for version in versions:
        for rule in version.sittings.values():
            found.append((rule.code, roles_at(rule), _in_readers_language(rule.titles)))
    merged: dict[str, tuple[dict[str, frozenset[str]], object]] = {}
    for code, by_act, title in found:
        known = merged.get(code, ({}, title))[0]
        merged[code] = ({act: known.get(act, frozenset()) | roles for act, roles in by_act.items()}, title)
    return [(code, by_act, title) for code, (by_act, title) in merged.items()]


def roles_at(rule: SittingRule) -> dict[str, frozenset[str]]:
    """Who does what at a sitting: the secretary keeps it (the chair, where it has none), the voting seats vote."""
    by_seat: dict[str, set[str]] = {}
    for seat in rule.seats:
        by_seat.setdefault(seat.seat, set()).add(seat.role)
    keepers = frozenset(by_seat.get("secretary") or by_seat.get("chair") or ())
    voters = frozenset(by_seat.get("chair", set()) | by_seat.get("member", set()))
    everybody = frozenset(seat.role for seat in rule.seats)
    return {
        "convene": keepers,
        "open": keepers,
        "attend": keepers,
        "move": keepers | voters,
        "vote": voters,
        "decide": keepers,
        "close": keepers,
        "conflict": keepers | voters,
        "read": everybody,
    }
