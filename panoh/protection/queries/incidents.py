"""Incidents that an actor sees. Opening one is recorded, in a list that the organisation it accuses cannot read either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check, decide
from panoh.kernel.problems import Problem
from panoh.protection.models import OPEN, Evidence, Incident, IncidentReading
from panoh.protection.policy import incident_scope
from panoh.rulebook import current

LONGEST_PAGE = 100
READINGS_SHOWN = 20


def visible_to(actor: Actor) -> QuerySet[Incident]:
    return Incident.objects.filter(incident_scope(actor))


def obtain_incident(actor: Actor, number: str, *, verb: str = "protection.incident.read") -> Incident:
    """One incident by its number, with permission; that it was opened is recorded. Hidden and missing look the same."""
    found = (
        visible_to(actor)
        .select_related("accused_organisation", "accused_office", "organisation", "reported_by__account")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Problem("protection.incident.not_found")
    check(actor, verb, found)
    IncidentReading(incident=found, member_id=actor.member_id, verb=verb, read_at=timezone.now()).save(
        force_insert=True
    )
    return found


def find_address(actor: Actor, number: str) -> str | None:
    """The page of the incident with this number, for the search box."""
    if not decide(actor, "protection.incident.read").allowed or not visible_to(actor).filter(number=number).exists():
        return None
    return reverse("incident", args=[number])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; everything may be empty."""

    state: str = "open"
    severity: str = ""
    category: str = ""
    place: str = ""
    institution: str = ""
    since: date | None = None
    until: date | None = None
    overdue: bool = False


def filtered(actor: Actor, wanted: Wanted) -> QuerySet[Incident]:
    book = current()
    # Referrals of survivors stand in no list: they are counted, and only in fives (queries.patterns).
    found = visible_to(actor).filter(by_referral=False)
    if wanted.state in ("open", "closed"):
        found = found.filter(state=wanted.state)
    if wanted.severity:
        found = found.filter(severity=wanted.severity)
    if wanted.category:
        kinds = [code.code for code in book.codes["incident_kinds"].where(category=wanted.category)]
        found = found.filter(kind__in=kinds)
    if wanted.place:
        inside = [code for code in book.places if code == wanted.place or book.places.is_within(code, wanted.place)]
        found = found.filter(place__in=inside)
    if wanted.institution:
        found = found.filter(institution=wanted.institution)
    if wanted.since:
        found = found.filter(occurred_on__gte=wanted.since)
    if wanted.until:
        found = found.filter(occurred_on__lte=wanted.until)
    if wanted.overdue:
        found = found.filter(state=OPEN, next_due_at__lt=timezone.now())
    return found


def list_incidents(
    actor: Actor, wanted: Wanted, *, after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Incident]:
    """The list in the order in which somebody must act, closed ones by the day of their report. Keyed by time and id."""
    closed = wanted.state == "closed"
    key = F("reported_at").desc() if closed or wanted.state == "all" else F("next_due_at").asc()
    name = "reported_at" if closed or wanted.state == "all" else "next_due_at"
    found = filtered(actor, wanted)
    if after:
        side = "lt" if name == "reported_at" else "gt"
        found = found.filter(Q(**{f"{name}__{side}": after[0]}) | Q(**{name: after[0], "id__gt": after[1]}))
    return list(
        found.select_related("accused_office", "accused_organisation")
        .annotate(people=Sum("persons__many"))
        .order_by(key, "id")[: min(limit, LONGEST_PAGE)]
    )


def count_open(actor: Actor) -> Mapping[str, int]:
    """Open incidents by severity, and how many are overdue: the figures above the list."""
    rows = visible_to(actor).filter(state=OPEN).order_by().values_list("severity").annotate(many=Count("id"))
    overdue = visible_to(actor).filter(state=OPEN, next_due_at__lt=timezone.now()).count()
    return {**dict(rows), "overdue": overdue}


def list_of_household(actor: Actor, household_id: UUID) -> list[Incident]:
    """Incidents of a household's members, the newest first; for pages that have opened the file already."""
    return list(
        visible_to(actor)
        .filter(persons__person__household_id=household_id)
        .distinct()
        .order_by("-occurred_on", "id")[:LONGEST_PAGE]
    )


def list_readings(incident: Incident) -> list[IncidentReading]:
    return list(
        incident.readings.select_related("member__account", "member__organisation").order_by("-read_at")[
            :READINGS_SHOWN
        ]
    )


def obtain_evidence(incident: Incident, evidence_id: UUID) -> Evidence:
    found = incident.evidence.filter(pk=evidence_id).first()
    if found is None:
        raise Problem("protection.incident.not_found")
    return found
