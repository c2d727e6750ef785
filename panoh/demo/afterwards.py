"""The register lives on after the last published year: modest flows up to the day of the demo, fixed to their days.

Invented throughout. Claims come in and are decided month by month, so that on the demo's day some are fresh, some due and
some late; children are born, some refugees leave. Nothing before 2026 is touched: the tables of 2015 to 2025 stay.
"""

from __future__ import annotations

import random
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from panoh.demo.figures import LAST_YEAR
from panoh.demo.flows import LEFT, RESETTLED, RETURNED, SIZES
from panoh.demo.histories import thursday
from panoh.demo.kinship import CHILD, Member, may_be_mother
from panoh.demo.ways import BY_APPLICATION, CLOSED, RECOGNISED, REJECTED, Family

PENDING_AT_PUBLISHED_SIZE = 3_238
# Persons a month at the published size.
LODGED, DECIDED = 95, 365
LEAVING = ((RETURNED, 12), (RESETTLED, 16), (LEFT, 7))
OUTCOMES = ((RECOGNISED, 88), (REJECTED, 7), (CLOSED, 5))
UNDER_THE_MANDATE = 0.12
ONE_IN_STUCK = 31
"""One claim in so many is passed over, month after month: the late cases of the demo's day."""
BIRTHS_OF_A_COUPLE = 0.06
SOONEST_DECISION, SOONEST_REFUSAL = timedelta(days=45), timedelta(days=140)


def continue_until(families: list[Family], until: date, seed: str, keys: count[int]) -> list[Family]:
    """Gives the families that stayed what happens to them after 2025, and returns those who come then."""
    rng = random.Random(f"{seed}/afterwards")  # noqa: S311
    pending = [family for family in families if family.group == "ASY"]
    refugees = [family for family in families if family.group == "REF"]
    if not pending:
        return []
    scale = sum(family.size for family in pending) / PENDING_AT_PUBLISHED_SIZE
    arrived: list[Family] = []
    waiting = sorted(pending, key=lambda f: f.came_in + rng.random() * 1.3)
    leaving = rng.sample(refugees, len(refugees))
    for first, last in _months(until):
        share = scale * ((last - first).days + 1) / 30
        new = list(_lodged(round(LODGED * share), first, last, rng, keys))
        arrived += new
        waiting += new
        _decide(waiting, round(DECIDED * share), first, last, rng)
        for by, number in LEAVING:
            _leave(leaving, by, round(number * share), first, last, rng)
    for year in range(LAST_YEAR + 1, until.year + 1):
        elapsed = (min(until, date(year, 12, 31)) - date(year, 1, 1)).days / 365
        for family in [*pending, *refugees]:
            if not family.left and rng.random() < BIRTHS_OF_A_COUPLE * elapsed:
                _bear(family, year, rng)
    return arrived


def _months(until: date) -> Iterator[tuple[date, date]]:
    month = date(LAST_YEAR + 1, 1, 1)
    while month <= until:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        yield month, min(last, until)
        month = last + timedelta(days=1)


def _lodged(number: int, first: date, last: date, rng: random.Random, keys: count[int]) -> Iterator[Family]:
    while number > 0:
        size = min(rng.choice(SIZES), number)
        number -= size
        lodged = _workday(first + timedelta(days=rng.randint(0, (last - first).days)), first)
        yield Family(
            next(keys), "AFG", size, came=BY_APPLICATION, came_in=lodged.year,
            procedure="U" if rng.random() < UNDER_THE_MANDATE else "G", lodged_on=lodged,
            has_mother=size >= 3,
        )  # fmt: skip


def _decide(waiting: list[Family], number: int, first: date, last: date, rng: random.Random) -> None:
    later: list[Family] = []
    for family in waiting:
        outcome = rng.choices([one for one, _ in OUTCOMES], [weight for _, weight in OUTCOMES])[0]
        day = _workday(first + timedelta(days=rng.randint(0, (last - first).days)), first)
        if outcome == RECOGNISED and family.procedure != "U":
            day = thursday(day, first)
            if day > last:
                later.append(family)
                continue
        since = family.lodged_on or date(family.came_in, 12, 31)
        soonest = SOONEST_REFUSAL if outcome == REJECTED else SOONEST_DECISION
        if number <= 0 or family.key % ONE_IN_STUCK == 0 or day - since < soonest:
            later.append(family)
            continue
        number -= family.size
        family.decided, family.decided_on, family.outcome = day.year, day, outcome
        family.decided_by = family.procedure or "G"
    waiting[:] = later


def _leave(leaving: list[Family], by: str, number: int, first: date, last: date, rng: random.Random) -> None:
    while number > 0 and leaving:
        family = leaving.pop()
        day = first + timedelta(days=rng.randint(0, (last - first).days))
        if day < date(LAST_YEAR + 1, 1, 15):  # a clear distance from decisions of the last published days
            continue
        family.left, family.left_by, family.left_on = day.year, by, day
        number -= family.size


def _bear(family: Family, year: int, rng: random.Random) -> None:
    mothers = [m for m in family.members if m.relationship == "WIF" and may_be_mother(m.born, year)]
    if mothers and not any(member.born >= year - 1 for member in family.members):
        if family.decided_on and family.decided_on.year == year and family.outcome != RECOGNISED:
            return
        sex = rng.choice("MF")
        family.members = (*family.members, Member(CHILD[sex], sex, year, family.origin))


def _workday(day: date, first: date) -> date:
    back = day - timedelta(days=max(0, day.weekday() - 4))
    return back if back >= first else day
