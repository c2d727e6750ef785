"""Missions that an actor may see, and the rule of the rulebook that each follows."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet
from django.urls import reverse

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.policy import check, decide
from panoh.kernel.calendars import ascii_digits
from panoh.kernel.problems import Problem
from panoh.rulebook.model import InterviewRule, Procedure
from panoh.scheduling.models import Interviewer, Mission, Plan


def visible_to(actor: Actor) -> QuerySet[Mission]:
    """Those of the own organisation, for roles whose eyes reach over it."""
    if actor.scope in ("none", "assigned"):
        return Mission.objects.none()
    return Mission.objects.filter(organisation_id=actor.organisation_id)


def obtain_mission(actor: Actor, number: str) -> Mission:
    """The only way in for a page. Hidden and missing look the same."""
    check(actor, "scheduling.mission.read")
    wanted = ascii_digits(number).strip().upper()
    found = visible_to(actor).select_related("organisation").filter(number=wanted).first()
    if found is None:
        raise Problem("scheduling.mission.not_found")
    return found


def find_address(actor: Actor, number: str) -> str | None:
    """The page of the mission with this number, for the search box; None where the actor sees no such mission."""
    if not decide(actor, "scheduling.mission.read").allowed or not visible_to(actor).filter(number=number).exists():
        return None
    return reverse("mission", args=[number])


def list_missions(actor: Actor, limit: int = 60) -> list[Mission]:
    """Newest first, each with its first and last day and how many families stand on its list."""
    return list(
        visible_to(actor)
        .annotate(
            first=Min("stays__first"),
            last=Max("stays__last"),
            families=Count("listed", filter=Q(listed__taken_off=False), distinct=True),
        )
        .order_by("-made_on", "-number")[:limit]
    )


def rule_of(mission: Mission) -> tuple[Procedure, InterviewRule]:
    """The rules under which the mission was prepared."""
    definition = rulebook.current().procedure_version(mission.procedure, mission.procedure_version)
    return definition, definition.interviews[mission.kind]


def find_rule(procedure: str, kind: str, on: date) -> tuple[Procedure, InterviewRule]:
    """The rule in force on a day for a new mission."""
    book = rulebook.current()
    if procedure not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = book.procedure(procedure, on)
    if kind not in definition.interviews:
        raise Problem("scheduling.mission.unknown_kind")
    return definition, definition.interviews[kind]


def list_kinds(actor: Actor, on: date) -> list[tuple[Procedure, InterviewRule]]:
    """The kinds of mission that the actor may prepare: those whose families she may call."""
    book = rulebook.current()
    found = []
    for _code, versions in sorted(book.procedures.items(), key=lambda pair: (pair[1][-1].order, pair[0])):
        definition = versions[-1]
        if not definition.is_in_force(on):
            continue
        found += [
            (definition, rule)
            for rule in definition.interviews.values()
            if decide(actor, "scheduling.mission.make").allowed
            and actor.role in definition.actions[rule.appoints].who
            and any(definition.tracks[track].organisation_kind == actor.organisation_kind for track in rule.tracks)
        ]
    return found


def plan_in_force(mission: Mission) -> Plan | None:
    """The plan by which families were called."""
    return mission.plans.filter(state=Plan.CONFIRMED).first()


def plan_at_work(mission: Mission) -> Plan | None:
    """The plan that waits for the solver, for a person, or to be written into the cases."""
    return mission.plans.filter(state__in=[Plan.WAITS, Plan.PROPOSED, Plan.CONFIRMING]).first()


def people_of(mission: Mission) -> tuple[list[Interviewer], list[Interviewer]]:
    """Officers and interpreters."""
    rows = list(mission.interviewers.all())
    return (
        [one for one in rows if one.part == Interviewer.OFFICER],
        [one for one in rows if one.part == Interviewer.INTERPRETER],
    )
