"""Which line of the annual table a change belongs to: the country's code lists say, for each group, what is right.

A person is in at most one population group. Entering, leaving and passing between groups each have reasons of their own
(DOMAIN §10.1); a reason that does not belong to a group is refused, or the tables would not balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from panoh.kernel.problems import Problem
from panoh.registry.rules.relationships import attribute

REFUGEE, ASYLUM_SEEKER = "REF", "ASY"
# The lists of closure reasons name the line for refugees and asylum-seekers; the smaller groups have one line each.
_OTHER_DECREASE = {"STA": "STAOTHDEC", "OIP": "OIPDEC", "OOC": "OOCOTHDEC"}
_NATIONALITY = frozenset({"NATURALISATION", "NATIONAL_OF_ASYLUM"})
# A child born to someone of the group: joins the parents' claim, or the parents' group.
_BORN_INTO = {"REF": "BIRTH", "ASY": "ASYAPP", "STA": "STAOTHINC", "OIP": "OIPINC", "OOC": "OOCOTHINC"}


def decrease_reason(group: str, closure: str, codes: Mapping[str, Any]) -> str:
    """The reason with which someone of this group leaves it when the record is closed; "" for someone of no group."""
    if not group:
        return ""
    if group == REFUGEE:
        reason = attribute(codes, "closure_reasons", closure, "ref_change")
    elif group == ASYLUM_SEEKER:
        reason = attribute(codes, "closure_reasons", closure, "asy_change")
    elif group == "STA" and closure in _NATIONALITY:
        reason = "NATACQ"
    else:
        reason = _OTHER_DECREASE.get(group, "")
    if reason not in codes["status_changes"]:
        raise Problem("registry.closure.not_for_group", field="reason", reason=closure, group=group)
    return reason


def birth_reason(group: str, codes: Mapping[str, Any]) -> str:
    """The reason with which a newborn enters the group of its parents; "" where they are in none."""
    reason = _BORN_INTO.get(group, "")
    return reason if reason in codes["status_changes"] else ""


def check_change(from_group: str, to_group: str, reason: str, codes: Mapping[str, Any]) -> None:
    """Groups and reason are known, and something changes."""
    for group in (from_group, to_group):
        if group and group not in codes["population_groups"]:
            raise Problem("registry.value.unknown_code", field="to_group", code=group, list="population_groups")
    if reason not in codes["status_changes"]:
        raise Problem("registry.value.unknown_code", field="reason", code=reason, list="status_changes")
    if from_group == to_group:
        raise Problem("registry.status.no_change", group=to_group)


def opens_incident(closure: str, codes: Mapping[str, Any]) -> bool:
    """Whether this closure must be looked into by the protection side (deportation, extradition, turned back)."""
    return attribute(codes, "closure_reasons", closure, "incident") == "yes"


def closure_scope(closure: str, codes: Mapping[str, Any]) -> str:
    """ "person", "household" or "any": what may be closed for this reason."""
    return attribute(codes, "closure_reasons", closure, "scope") or "any"
