"""Interventions of the actor's organisation: what waits for an answer, and one of them whole."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.protection.models import Incident, Intervention
from panoh.protection.policy import HANDLERS

LONGEST_PAGE = 100


def visible_to(actor: Actor) -> QuerySet[Intervention]:
    """Those of the own organisation, for its handlers; what one says to an authority in quiet stays with who said it."""
    if actor.role not in HANDLERS:
        return Intervention.objects.none()
    return Intervention.objects.filter(organisation_id=actor.organisation_id)


def obtain_intervention(actor: Actor, number: str, *, verb: str = "protection.intervention.read") -> Intervention:
    found = visible_to(actor).select_related("organisation", "recorded_by__account").filter(number=number).first()
    if found is None:
        raise Problem("protection.incident.not_found")
    check(actor, verb, found)
    return found


def list_waiting(actor: Actor, limit: int = LONGEST_PAGE) -> list[Intervention]:
    """What is unanswered, the longest overdue first."""
    return list(visible_to(actor).filter(outcome="").order_by("reply_due_on", "id")[:limit])


def count_waiting(actor: Actor, today: date) -> tuple[int, int]:
    """How many wait, and how many of them beyond their day."""
    waiting = visible_to(actor).filter(outcome="")
    return waiting.count(), waiting.filter(reply_due_on__lt=today).count()


def list_answered(actor: Actor, *, after: tuple[date, UUID] | None = None, limit: int = 50) -> list[Intervention]:
    found = visible_to(actor).exclude(outcome="")
    if after:
        found = found.filter(Q(sent_on__lt=after[0]) | Q(sent_on=after[0], id__gt=after[1]))
    return list(found.order_by("-sent_on", "id")[: min(limit, LONGEST_PAGE)])


def list_of_incident(actor: Actor, incident: Incident) -> list[Intervention]:
    return list(visible_to(actor).filter(links__incident=incident).order_by("-sent_on", "id"))
