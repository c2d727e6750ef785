"""Who voted when a sitting took an act of a case: they do not decide on an appeal against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from panoh.procedures.models import Case, Vote
from panoh.procedures.rules.situation import Act
from panoh.rulebook.model import Procedure


def voters_of(case: Case, procedure: Procedure, acts: Iterable[Act]) -> Mapping[str, frozenset[UUID]]:
    """By act; asked only where the state of the case knows an act that somebody else must decide, and a sitting decided before."""
    asked = asked_for(procedure, case.state)
    if not asked or asked.isdisjoint(act.action for act in acts):
        return {}
    found: dict[str, set[UUID]] = {}
    votes = Vote.objects.filter(motion__item__case=case, motion__item__step__action__in=asked)
    for action, member in votes.values_list("motion__item__step__action", "member_id").distinct():
        found.setdefault(action, set()).add(member)
    return {action: frozenset(members) for action, members in found.items()}


def asked_for(procedure: Procedure, state: str) -> set[str]:
    """The acts of sittings in whose place somebody else must decide what can be done in this state."""
    named = {
        code
        for action in procedure.actions.values()
        if state in action.from_states
        for guard in action.guards
        if guard.name == "decided_by_another"
        for code in guard.params["actions"]
    }
    return {code for code in named if procedure.actions[code].by_sitting}
