"""Incidents counted by what they have in common, held against the time before and against each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.protection.models import Incident
from panoh.protection.queries.incidents import visible_to
from panoh.protection.rules.clusters import Counted, Judged, judge, monthly
from panoh.protection.rules.small_numbers import blanks
from panoh.rulebook import current

DIMENSIONS = ("institution", "office", "place", "kind")
WINDOWS = (30, 90)
PAST_DAYS = 730
MONTHS = 24


@dataclass(frozen=True, slots=True)
class Pattern:
    """What the page shows: series with their judgement, months, and which numbers stay blank for others."""

    dimension: str
    window_days: int
    until: date
    judged: list[Judged]
    months: list[tuple[date, int]]
    blank_now: set[str]
    blank_before: set[str]
    blank_months: set[date]
    referrals: int | None
    """Survivors told of a service in the window; None where it is a small number."""

    @property
    def alarms(self) -> int:
        return sum(one.alarm for one in self.judged)

    @property
    def looked_at(self) -> int:
        return sum(one.looked_at for one in self.judged)


def read_pattern(
    actor: Actor, dimension: str, window_days: int, until: date, *, category: str = "", protect: bool = True
) -> Pattern:
    """Incidents that did not turn out to be false, up to a day, by one dimension."""
    check(actor, "protection.pattern.read")
    found = visible_to(actor).exclude(verification="REJECTED").filter(occurred_on__lte=until)
    told = found.filter(by_referral=False)
    if category:
        told = told.filter(kind__in=[one.code for one in current().codes["incident_kinds"].where(category=category)])
    since = until - timedelta(days=window_days)
    past = since - timedelta(days=PAST_DAYS)
    now, before = Counter[str](), Counter[str]()
    for key, on in _keyed(told.filter(occurred_on__gt=past), dimension):
        (now if on > since else before)[key] += 1
    judged = judge([Counted(key, now[key], before[key]) for key in now | before], window_days, PAST_DAYS)
    months = _months(told, until)
    counted = dict(months)
    referrals = found.filter(by_referral=True, occurred_on__gt=since).count()
    return Pattern(
        dimension=dimension,
        window_days=window_days,
        until=until,
        judged=judged,
        months=months,
        blank_now=_blank({one.key: one.now for one in judged}) if protect else set(),
        blank_before=_blank({one.key: one.before for one in judged}) if protect else set(),
        blank_months={month for month, many in counted.items() if 0 < many < 5} if protect else set(),
        referrals=referrals if referrals >= 5 or not referrals else None,
    )


def _blank(cells: dict[str, int]) -> set[str]:
    return blanks(cells, [cells])


def _keyed(found: QuerySet[Incident], dimension: str) -> list[tuple[str, date]]:
    field = {"institution": "institution", "office": "accused_office_id", "place": "place", "kind": "kind"}[dimension]
    return [(str(key or ""), on) for key, on in found.order_by().values_list(field, "occurred_on")]


def _months(found: QuerySet[Incident], until: date) -> list[tuple[date, int]]:
    at = until.year * 12 + until.month - 1 - (MONTHS - 1)
    first = date(at // 12, at % 12 + 1, 1)
    days = found.filter(occurred_on__gte=first).order_by().values_list("occurred_on", flat=True)
    counts = monthly([(day.year, day.month) for day in days], (first.year, first.month), MONTHS)
    return [(date((at + n) // 12, (at + n) % 12 + 1, 1), many) for n, many in enumerate(counts)]
