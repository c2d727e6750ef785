"""Sittings, their agenda, and the cases that wait for one."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.models import Member
from panoh.access.policy import check
from panoh.access.queries import in_force
from panoh.access.scope import household_scope
from panoh.kernel.problems import Problem
from panoh.procedures.models import AgendaItem, Attendance, Sitting
from panoh.rulebook.model import Procedure, SittingRule


def sittings_visible_to(actor: Actor) -> QuerySet[Sitting]:
    """Those of the own organisation, and of others that an agreement opens: an observer looks on."""
    if actor.scope in ("none", "assigned"):
        return Sitting.objects.none()
    return Sitting.objects.filter(
        Q(organisation_id=actor.organisation_id) | Q(organisation_id__in=actor.open_organisations)
    )


def obtain_sitting(actor: Actor, number: str) -> Sitting:
    """The only way in for a page. Hidden and missing look the same."""
    check(actor, "procedures.sitting.read")
    found = sittings_visible_to(actor).select_related("organisation").filter(number=number.strip().upper()).first()
    if found is None:
        raise Problem("procedures.sitting.not_found")
    return found


def list_sittings(actor: Actor, limit: int = 60) -> list[Sitting]:
    """Newest first, with how many items each has and how many still wait."""
    waiting = Count("items", filter=Q(items__outcome=AgendaItem.WAITING))
    return list(
        sittings_visible_to(actor)
        .select_related("organisation")
        .annotate(many=Count("items", filter=~Q(items__outcome=AgendaItem.REMOVED)), waiting=waiting)
        .order_by("-on", "-number")[:limit]
    )


def rule_of(sitting: Sitting) -> tuple[Procedure, SittingRule]:
    """The rules under which the sitting was convened."""
    definition = rulebook.current().procedure_version(sitting.procedure, sitting.procedure_version)
    return definition, definition.sittings[sitting.kind]


def get_item(actor: Actor, sitting: Sitting, position: int) -> AgendaItem:
    """An item by its place on the agenda. Hidden and missing look the same."""
    found = (
        sitting.items.filter(household_scope(actor, "case__household__"), position=position)
        .select_related("case__household__custodian", "case__organisation", "sitting")
        .first()
    )
    if found is None:
        raise Problem("procedures.item.not_found")
    return found


def list_attendance(sitting: Sitting) -> list[Attendance]:
    """The attendance list: chair first, then members, secretary, observers."""
    order = ("chair", "member", "secretary", "observer")
    lines = sitting.attendance.select_related("member__account", "member__organisation")
    return sorted(lines, key=lambda line: (order.index(line.seat), str(line.member.account.name), line.pk))


def list_last_attendance(sitting: Sitting) -> list[Attendance]:
    """Who was there at the last sitting of this kind: most often the same people take the same places."""
    before = (
        Sitting.objects.filter(
            organisation_id=sitting.organisation_id, procedure=sitting.procedure, kind=sitting.kind,
            state__in=[Sitting.OPEN, Sitting.CLOSED],
        )
        .exclude(pk=sitting.pk)
        .order_by("-on", "-number")
        .first()
    )  # fmt: skip
    return list(before.attendance.all()) if before else []


def list_who_may_sit(sitting: Sitting, rule: SittingRule) -> list[Member]:
    """Members in the roles that the rulebook seats: voting ones of the sitting's organisation, observers of any."""
    voting = {seat.role for seat in rule.seats if seat.votes or seat.seat == "secretary"}
    watching = {seat.role for seat in rule.seats if seat.seat == "observer"}
    return list(
        Member.objects.filter(in_force(sitting.on))
        .filter(Q(role__in=voting, organisation_id=sitting.organisation_id) | Q(role__in=watching))
        .select_related("account", "organisation")
        .order_by(F("organisation_id"), "role", "account__name", "id")
    )
