"""What can be read of papers and stock. Papers hang off a household; the stock belongs to an organisation and names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from panoh.access.actor import Actor
from panoh.access.composed import Composed
from panoh.access.operations import record_reading
from panoh.access.policy import check, decide
from panoh.access.scope import household_scope
from panoh.kernel.problems import Problem
from panoh.papers import rules
from panoh.papers.models import IN_STOCK, ISSUED_FORM, LOST, PREPARED, RESERVED, SPOILED, Form, Holder, Paper, Series
from panoh.papers.policy import stock_scope

LONGEST_PAGE = 100


def visible_to(actor: Actor) -> QuerySet[Paper]:
    """The papers an actor sees: those of the households it sees."""
    return Paper.objects.filter(household_scope(actor, "household__"))


def find_address(actor: Actor, number: str) -> str | None:
    """The page of the paper with this number, for the search box; None where the actor sees no such paper."""
    if not decide(actor, "papers.paper.read").allowed or not visible_to(actor).filter(number=number).exists():
        return None
    return reverse("paper", args=[number])


def obtain_paper(actor: Actor, number: str, *, verb: str = "papers.paper.read", route: str = "") -> Paper:
    """One paper by its number, with permission; that it was opened is recorded. Hidden and missing look the same."""
    paper = (
        visible_to(actor)
        .select_related(
            "person",
            "household",
            "prepared_by__account",
            "confirmed_by__account",
            "ended_by__account",
            "form",
            "replaces",
        )
        .filter(number=number)
        .order_by("-prepared_at")
        .first()
    )
    if paper is None:
        raise Problem("papers.paper.not_found")
    check(actor, verb, paper)
    record_reading(by=actor, household_id=paper.household_id, person_id=paper.person_id, verb=verb, route=route)
    return paper


def list_to_confirm(actor: Actor, *, after: tuple | None = None, limit: int = 50) -> list[Paper]:
    """Papers that wait for their second person in the actor's organisation, the longest waiting first; not the actor's own."""
    waiting = (
        visible_to(actor)
        .filter(state=PREPARED, prepared_by__organisation_id=actor.organisation_id)
        .exclude(prepared_account_id=actor.account_id)
    )
    if after:
        waiting = waiting.filter(Q(prepared_at__gt=after[0]) | Q(prepared_at=after[0], id__gt=after[1]))
    return list(
        waiting.select_related("person", "household", "prepared_by__account").order_by("prepared_at", "id")[
            : min(limit, LONGEST_PAGE)
        ]
    )


def count_to_confirm(actor: Actor) -> int:
    return (
        visible_to(actor)
        .filter(state=PREPARED, prepared_by__organisation_id=actor.organisation_id)
        .exclude(prepared_account_id=actor.account_id)
        .count()
    )


_OF_HOUSEHOLD: Composed[Paper] = Composed(
    lambda actor, household: (
        visible_to(actor)
        .filter(household_id=household)
        .select_related("person")
        .order_by("-prepared_at", "-id")[:LONGEST_PAGE]
    )
)


def list_of_household(actor: Actor, household_id: UUID) -> list[Paper]:
    """All papers of a household, the newest first; for the pages of the register, which have opened the file already."""
    return _OF_HOUSEHOLD(actor, household_id)


def _of_person(actor: Actor, person_id: UUID) -> QuerySet[Paper]:
    made_out = Paper.objects.filter(person_id=person_id).order_by().values("pk")
    written_into = Holder.objects.filter(person_id=person_id).values("paper_id")
    return (
        visible_to(actor)
        .filter(pk__in=made_out.union(written_into))  # as an OR, the planner reads all papers
        .select_related("person")
        .order_by("-prepared_at", "-id")[:LONGEST_PAGE]
    )


_OF_PERSON: Composed[Paper] = Composed(_of_person)


def list_of_person(actor: Actor, person_id: UUID) -> list[Paper]:
    """The papers made out to a person or into which she is written; for pages that have opened her record already."""
    return _OF_PERSON(actor, person_id)


def list_of_case(actor: Actor, case_id: UUID) -> list[Paper]:
    return list(
        visible_to(actor)
        .filter(case_id=case_id)
        .select_related("person")
        .order_by("-prepared_at", "-id")[:LONGEST_PAGE]
    )


def list_holders(paper: Paper) -> list:
    return [holder.person for holder in paper.holders.select_related("person").order_by("position")]


# -- the strict account of forms -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StockLine:
    """One line of the account. `counted` is what the sheets themselves say, `on_hand` what the arithmetic says."""

    kind: str
    series: Series | None
    received: int
    issued: int
    spoiled: int
    lost: int
    reserved: int
    counted: int

    @property
    def first_serial(self) -> str:
        return rules.serial_of(self.series.prefix, self.series.first) if self.series else ""

    @property
    def last_serial(self) -> str:
        return rules.serial_of(self.series.prefix, self.series.last) if self.series else ""

    @property
    def on_hand(self) -> int:
        return rules.on_hand(received=self.received, issued=self.issued, spoiled=self.spoiled, lost=self.lost)

    @property
    def balanced(self) -> bool:
        return self.on_hand == self.counted


def stock_account(actor: Actor) -> list[StockLine]:
    """For each delivery: received − issued − spoiled − lost = on hand.

    Received comes from the delivery's serials, the rest from the sheets: the two sides are counted apart, so that a sheet
    that vanished from the table shows.
    """
    check(actor, "papers.stock.read")

    def sheets(state: str) -> Count:
        return Count("forms", filter=Q(forms__state=state))

    series = (
        Series.objects.filter(stock_scope(actor))
        .select_related("office")
        .annotate(
            n_issued=sheets(ISSUED_FORM),
            n_spoiled=sheets(SPOILED),
            n_lost=sheets(LOST),
            n_reserved=sheets(RESERVED),
            n_free=sheets(IN_STOCK),
        )
        .order_by("kind", "received_on", "first")
    )
    return [
        StockLine(
            kind=one.kind,
            series=one,
            received=one.last - one.first + 1,
            issued=one.n_issued,
            spoiled=one.n_spoiled,
            lost=one.n_lost,
            reserved=one.n_reserved,
            counted=one.n_free + one.n_reserved,
        )
        for one in series
    ]


def totals(lines: list[StockLine]) -> list[StockLine]:
    """The account by kind of certificate."""
    kinds = dict.fromkeys(line.kind for line in lines)
    return [
        StockLine(
            kind=kind,
            series=None,
            **{
                column: sum(getattr(line, column) for line in lines if line.kind == kind)
                for column in ("received", "issued", "spoiled", "lost", "reserved", "counted")
            },
        )
        for kind in kinds
    ]


def list_departures(actor: Actor, *, since: date | None = None) -> QuerySet[Form]:
    """Sheets spoiled or lost, the newest first."""
    found = Form.objects.filter(series__organisation_id=actor.organisation_id, state__in=[SPOILED, LOST])
    if since:
        found = found.filter(changed_on__gte=since)
    return found.select_related("series").order_by("-changed_on", "serial")


def next_serial(actor: Actor, kind: str) -> int:
    """The serial after the last one received: what the form for a delivery proposes."""
    found = Series.objects.filter(organisation_id=actor.organisation_id, kind=kind).aggregate(
        last=Coalesce(Max("last"), 0)
    )
    return found["last"] + 1
