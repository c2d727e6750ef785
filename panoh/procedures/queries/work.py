"""The work list: what is due, for whom, by which article, on both clocks. Read from one index, in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.scope import household_scope
from panoh.procedures.models import Due, Notice
from panoh.procedures.queries.cases import without_a_file
from panoh.procedures.rules.agenda import Bucket, bucket, bucket_range
from panoh.registry.models import Household
from panoh.rulebook.model import ClockRule, Procedure

PAGE = 25
COUNT_UP_TO = 99


@dataclass(frozen=True, slots=True)
class DueLine:
    """One line of the work list. `case` carries its number and state; no name is shown in a list."""

    due: Due
    procedure: Procedure
    clock: ClockRule
    bucket: Bucket

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts that would stop the clock: what to do about it."""
        return self.clock.stops_on


@dataclass(frozen=True, slots=True)
class After:
    """Where the next page begins: the last line of this one."""

    due_on: date | None
    id: int

    def text(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else '-'}.{self.id}"

    @classmethod
    def read(cls, text: str) -> After | None:
        """From the address of a page; nonsense is no place to begin."""
        day, _dot, number = text.partition(".")
        try:
            return cls(None if day == "-" else date.fromisoformat(day), int(number))
        except ValueError:
            return None


def _running(actor: Actor, *, mine: bool) -> QuerySet[Due]:
    """Clocks that run for the actor's organisation or for him, as far as the files are open to him.

    A limit that binds an applicant is a right of hers and no work of an office; it is left out (`bound`).
    """
    # Asked for each line by itself, in a scalar subquery, which the planner leaves where it stands: joined to the list, it
    # would hash every household of the country to look up a hundred of them.
    open_file = Household.objects.filter(household_scope(actor), pk=OuterRef("household_id")).values("pk")[:1]
    seen = Q(household_id=Subquery(open_file))
    if actor.scope == "organisation":
        # Cases about nobody's file: the database shows those of the own organisation alone.
        seen |= Q(household_id__isnull=True, organisation_id=actor.organisation_id)
    dues = Due.objects.filter(seen, stopped_on__isnull=True)
    dues = dues.filter(assigned_to_id=actor.member_id) if mine else dues.filter(organisation_id=actor.organisation_id)
    rights = clocks_of_applicants()
    return dues.exclude(clock__in=rights) if rights else dues


def clocks_of_applicants() -> tuple[str, ...]:
    """Clocks that bind applicants, in every version of every procedure."""
    return tuple(
        sorted(
            {
                clock.code
                for versions in rulebook.current().procedures.values()
                for version in versions
                for clock in version.clocks.values()
                if clock.bound == "applicant"
            }
        )
    )


def due_list(
    actor: Actor,
    today: date,
    *,
    which: Bucket | None = None,
    mine: bool = False,
    procedure: str = "",
    limit: int = PAGE,
    after: After | None = None,
) -> list[DueLine]:
    """What is due, the most urgent first; `which` picks one heading, `after` goes on from a line."""
    dues = _running(actor, mine=mine)
    if procedure:
        dues = dues.filter(case__procedure=procedure)
    dues = _within(dues, which, today).select_related("case")
    rows = _first(dues, limit) if after is None else _behind(dues, after, limit)
    return [_line(due, today) for due in rows]


def _first(dues: QuerySet[Due], limit: int) -> list[Due]:
    return list(dues.order_by(F("due_on").asc(nulls_last=True), "id")[:limit])


def _within(dues: QuerySet[Due], which: Bucket | None, today: date) -> QuerySet[Due]:
    if which is None:
        return dues
    if which is Bucket.PAUSED:
        return dues.filter(due_on__isnull=True)
    first, last = bucket_range(which, today)
    if first:
        dues = dues.filter(due_on__gte=first)
    return dues.filter(due_on__lte=last) if last else dues.filter(due_on__isnull=False)


def _behind(dues: QuerySet[Due], after: After, limit: int) -> list[Due]:
    """The lines behind one: those with a day from its day on, then those that stand still.

    Two ranges of the index, one after the other: as one condition the planner would go through all lines before.
    """
    paused = dues.filter(due_on__isnull=True)
    if after.due_on is None:
        return _first(paused.filter(id__gt=after.id), limit)
    dated = dues.filter(due_on__gte=after.due_on).filter(Q(due_on__gt=after.due_on) | Q(id__gt=after.id))
    found = _first(dated, limit)
    return found + _first(paused, limit - len(found)) if len(found) < limit else found


def _line(due: Due, today: date) -> DueLine:
    definition = rulebook.current().procedure_version(due.case.procedure, due.case.procedure_version)
    return DueLine(due, definition, definition.clocks[due.clock], bucket(due.due_on, today))


def count_due(actor: Actor, today: date, *, mine: bool = False) -> dict[Bucket, int]:
    """How many lines stand under each heading, counted no further than anybody reads (`COUNT_UP_TO` + 1 means more).

    One statement for all headings, each cut off by itself: a plain count would read every open clock of the organisation.
    """
    # In the order of the index: without an order the planner would hash all households for each heading.
    # The lines are named once for all headings with days, and once for the paused: planning the scope anew for each heading
    # costs more than the database needs to answer.
    running, params = _running(actor, mine=mine).values("due_on", "id").query.sql_with_params()
    limited = f"SELECT 1 FROM ({running}) d WHERE {{}} ORDER BY d.due_on, d.id LIMIT {COUNT_UP_TO + 1}"  # noqa: S608 - all parameters are bound
    dated = limited.format("d.due_on BETWEEN w.first AND w.last")
    paused = limited.format("d.due_on IS NULL")
    ranges = [
        (which.value, first or LONG_AGO, last or NEVER)
        for which in Bucket
        if which is not Bucket.PAUSED
        for first, last in [bucket_range(which, today)]
    ]
    values = ", ".join(["(%s, %s::date, %s::date)"] * len(ranges))
    statement = (
        f"SELECT w.which, (SELECT count(*) FROM ({dated}) c) FROM (VALUES {values}) w(which, first, last)"  # noqa: S608
        f" UNION ALL SELECT %s, (SELECT count(*) FROM ({paused}) c)"
    )
    bound = [*params, *(value for one in ranges for value in one), Bucket.PAUSED.value, *params]
    with connection.cursor() as cursor:
        cursor.execute(statement, bound)
        return {Bucket(which): many for which, many in cursor.fetchall()}


LONG_AGO, NEVER = date(1, 1, 1), date(9999, 12, 31)


def list_notices(actor: Actor, limit: int = 20) -> list[Notice]:
    """What the actor's role was told and nobody has taken up, oldest first."""
    return list(
        Notice.objects.filter(
            household_scope(actor, "case__household__") | without_a_file(actor, "case__"),
            organisation_id=actor.organisation_id,
            role=actor.role,
            seen_at__isnull=True,
        )
        .select_related("case", "step")
        .order_by("created_at", "id")[:limit]
    )


def list_dues_of_case(case_id: UUID, today: date, definition: Procedure) -> Sequence[DueLine]:
    """All clocks of one case, those that run first."""
    dues = Due.objects.filter(case_id=case_id).select_related("case")
    lines = [DueLine(due, definition, definition.clocks[due.clock], bucket(due.due_on, today)) for due in dues]
    return sorted(
        lines,
        key=lambda line: (
            line.due.stopped_on is not None,
            line.due.due_on is None,
            line.due.due_on or date.max,
            line.due.starts_on,
            line.due.clock,
        ),
    )
