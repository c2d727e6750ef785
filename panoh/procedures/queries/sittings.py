"""Sittings, their agenda, and the cases that wait for one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.models import Member
from panoh.access.policy import check
from panoh.access.queries import in_force
from panoh.access.scope import household_scope
from panoh.kernel.problems import Problem
from panoh.procedures.models import AgendaItem, Attendance, Case, Due, Motion, Sitting
from panoh.procedures.queries.cases import visible_to
from panoh.procedures.rules.agenda import Candidate
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
        .annotate(many=Count("items"), waiting=waiting)
        .order_by("-on", "-number")[:limit]
    )


def rule_of(sitting: Sitting) -> tuple[Procedure, SittingRule]:
    """The rules under which the sitting was convened."""
    definition = rulebook.current().procedure_version(sitting.procedure, sitting.procedure_version)
    return definition, definition.sittings[sitting.kind]


def list_candidates(actor: Actor, definition: Procedure, rule: SittingRule) -> list[Candidate]:
    """The cases of the actor's organisation that wait for such a sitting, each with the most urgent clock that it stops."""
    stopped = [clock.code for clock in definition.clocks.values() if set(clock.stops_on) & set(rule.decides)]
    cases = (
        visible_to(actor)
        .filter(
            organisation_id=actor.organisation_id,
            procedure=definition.code,
            state__in=rule.takes_from_states,
            track__in=rule.tracks,
        )
        .exclude(agenda_items__outcome=AgendaItem.WAITING)
        .values_list("id", "number", "opened_on")
    )
    rows = list(cases)
    dues: dict[UUID, list[tuple]] = {}
    open_dues = Due.objects.filter(
        household_scope(actor, "household__"),
        organisation_id=actor.organisation_id,
        stopped_on__isnull=True,
        clock__in=stopped,
        case__procedure=definition.code,
        case__state__in=rule.takes_from_states,
    )
    for case_id, due_on, elapsed in open_dues.values_list("case_id", "due_on", "elapsed_due_on"):
        dues.setdefault(case_id, []).append((due_on, elapsed))
    found = []
    for case_id, number, opened_on in rows:
        legal = [due_on for due_on, _elapsed in dues.get(case_id, ()) if due_on]
        elapsed = [ends for _due_on, ends in dues.get(case_id, ()) if ends]
        found.append(Candidate(case_id, number, opened_on, min(legal, default=None), min(elapsed, default=None)))
    return found


@dataclass(slots=True)
class ItemOnPage:
    """An item with all that its line on the page shows."""

    item: AgendaItem
    dues: list[Due] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)
    conflicts: frozenset[UUID] = frozenset()


def list_items(actor: Actor, sitting: Sitting) -> list[ItemOnPage]:
    """The agenda, as far as the actor sees the files, in a fixed number of queries."""
    items = list(
        sitting.items.filter(household_scope(actor, "case__household__"))
        .select_related("case__household", "case__organisation", "step")
        .prefetch_related("motions__votes", "conflicts")
        .order_by("position")
    )
    dues: dict[UUID, list[Due]] = {}
    for due in Due.objects.filter(case_id__in=[item.case_id for item in items], stopped_on__isnull=True):
        dues.setdefault(due.case_id, []).append(due)
    return [
        ItemOnPage(
            item,
            sorted(dues.get(item.case_id, ()), key=lambda due: (due.due_on is None, due.due_on, due.pk)),
            list(item.motions.all()),
            frozenset(conflict.member_id for conflict in item.conflicts.all()),
        )
        for item in items
    ]


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


def cases_on_agenda(sitting: Sitting) -> QuerySet[Case]:
    return Case.objects.filter(agenda_items__sitting=sitting)
