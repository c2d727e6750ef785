"""Why a family has its place in a plan, or none: codes with values, for a page or a command to put into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from panoh.scheduling.mission import URGENCIES, Appointment, Family, Mission, Plan, can_take

Reason = tuple[str, Mapping[str, Any]]


def explain(mission: Mission, plan: Plan, code: str) -> list[Reason]:
    """The reasons, the strongest first. Raises KeyError where the mission has no family of that code."""
    family = next((one for one in mission.families if one.code == code), None)
    if family is None:
        raise KeyError(code)
    placed = next((one for one in plan.appointments if one.family == code), None)
    return list(_why_here(mission, plan, family, placed) if placed else _why_not(mission, plan, family))


def _why_here(mission: Mission, plan: Plan, family: Family, at: Appointment) -> Iterator[Reason]:
    days = [day for day, leg in mission.working_days() if leg.site == family.site and family.may_come(day)]
    yield "days_there", {"site": family.site, "days": len(days)}
    if at.interpreter is None:
        yield "speaks_language", {"officer": at.officer, "language": family.language}
    else:
        yield "interprets", {"interpreter": at.interpreter, "language": family.language}
    if family.officer_sex:
        yield "officer_sex_kept", {"sex": family.officer_sex}
    if family.interpreter_sex and at.interpreter:
        yield "interpreter_sex_kept", {"sex": family.interpreter_sex}
    if family.together:
        beside = sorted(
            one.code for one in mission.families if one.together == family.together and one.code != family.code
        )
        yield "same_day_as", {"families": beside}
    if family.urgency != "normal":
        yield "urgency", {"urgency": family.urgency}
    earlier = _could_be_instead(mission, plan, family, lambda other: other.day < at.day)
    if earlier:
        yield "earlier_days_taken", {"by_urgency": earlier}


def _why_not(mission: Mission, plan: Plan, family: Family) -> Iterator[Reason]:
    days = [day for day, leg in mission.working_days() if leg.site == family.site]
    if not days:
        yield "never_there", {"site": family.site}
        return
    days = [day for day in days if family.may_come(day)]
    if not days:
        yield "cannot_come_then", {"site": family.site}
        return
    longest = max(session.minutes for session in mission.sessions)
    if family.minutes > longest:
        yield "longer_than_a_session", {"minutes": family.minutes, "longest": longest}
        return
    able = [
        (officer, interpreter)
        for officer in mission.officers
        for interpreter in (None, *mission.interpreters)
        if can_take(officer, interpreter, family)
        and any(day not in officer.absent and (interpreter is None or day not in interpreter.absent) for day in days)
    ]
    if not able:
        yield (
            "nobody_able",
            {"language": family.language, "officer_sex": family.officer_sex, "interpreter_sex": family.interpreter_sex},
        )
        return
    if family.together:
        yield "together_or_not_at_all", {"group": family.together}
    yield "time_taken", {"by_urgency": _could_be_instead(mission, plan, family, lambda _other: True), "able": len(able)}


def _could_be_instead(mission: Mission, plan: Plan, family: Family, when: Any) -> dict[str, int]:
    """Interviews in whose place this one could have been held, counted by urgency, the most urgent first."""
    staff = {one.code: one for one in (*mission.officers, *mission.interpreters)}
    families = {one.code: one for one in mission.families}
    counted: dict[str, int] = defaultdict(int)
    for one in plan.appointments:
        other = families[one.family]
        beside = staff[one.interpreter] if one.interpreter else None
        could_come = other.site == family.site and one.family != family.code and family.may_come(one.day)
        if could_come and when(one) and can_take(staff[one.officer], beside, family):
            counted[other.urgency] += 1
    return {urgency: counted[urgency] for urgency in URGENCIES if counted[urgency]}
