"""Movable feasts: the day that was proclaimed, written down by one person and confirmed by another. The clocks follow at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.access.context import acting_as_system
from panoh.access.models import Member, Organisation
from panoh.kernel.collecting import without_collecting
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.procedures.models import Case, Due, Feast
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import today
from panoh.procedures.operations.dues import compute_many, feasts_on_record, hold_clocks, recompute_dues
from panoh.rulebook.feasts import LONGEST_SHIFT, expected_feasts


@dataclass(frozen=True, slots=True)
class FeastEffect:
    """What a proclaimed day does to the clocks of open cases: counts only, for whoever confirms it may not see every file."""

    cases: int
    later: int
    earlier: int


@transaction.atomic
def propose_feast(*, by: Actor, expected_on: date, on: date, source: str) -> Feast:
    """Write down for which day a feast was proclaimed, and by what. Nothing follows before a second person confirms it."""
    policy.check(by, "procedures.feast.propose")
    check_feast(expected_on, on)
    if len(source.strip()) < 5:
        raise Problem("procedures.feast.no_source", field="source")
    feast = Feast(
        expected_on=expected_on,
        on=on,
        source=source.strip()[:300],
        proposed_at=timezone.now(),
        proposed_by_id=by.member_id,
    )
    record(
        by=by,
        kind="procedures.feast.proposed",
        subjects=[feast.pk],
        payload={"feast": feast.pk, "expected_on": expected_on, "on": on},
        occurred_on=today(),
        detail={"source": feast.source},
    )
    feast.save(force_insert=True)
    return feast


@transaction.atomic
def confirm_feast(*, by: Actor, feast: Feast) -> FeastEffect:
    """A second person has seen the proclamation too: from now on every time limit counts with this day."""
    # All organisations: no step of any of them may write clocks by the calendar of before, behind this recomputing.
    for organisation in Organisation.objects.order_by("id").values_list("id", flat=True):
        hold_clocks(organisation)
    locked = Feast.objects.select_for_update().filter(pk=feast.pk).first()
    if locked is None:
        raise Problem("procedures.feast.not_found")
    policy.check(by, "procedures.feast.confirm", locked)
    if locked.confirmed_at is not None:
        raise Problem("procedures.feast.confirmed_before")
    if Member.objects.filter(pk=locked.proposed_by_id, account_id=by.account_id).exists():
        raise Problem("procedures.feast.same_person")
    effect = preview_feast(locked.expected_on, locked.on)
    locked.confirmed_at, locked.confirmed_by_id = timezone.now(), by.member_id
    record(
        by=by,
        kind="procedures.feast.confirmed",
        subjects=[locked.pk],
        payload={"feast": locked.pk, "expected_on": locked.expected_on, "on": locked.on, "cases": effect.cases},
        occurred_on=today(),
    )
    locked.save(update_fields=["confirmed_at", "confirmed_by"])
    with acting_as_system("clocks after a feast was proclaimed"):
        recompute_dues(touched_cases(locked.expected_on, locked.on), current_book())
    return effect


def check_feast(expected_on: date, on: date) -> None:
    """What can be said against a proclaimed day; the page asks the same before anything is written."""
    if expected_on not in {holiday.on for holiday in expected_feasts(current_book())}:
        raise Problem("procedures.feast.not_expected", field="expected_on")
    if abs((on - expected_on).days) > LONGEST_SHIFT:
        raise Problem("procedures.feast.too_far", field="on", expected_on=expected_on, most=LONGEST_SHIFT)


def preview_feast(expected_on: date, on: date) -> FeastEffect:
    """What the day would do to the clocks that run. Writes nothing, and tells numbers alone."""
    counted: Counter[str] = Counter()
    cases = set()
    with acting_as_system("preview of a proclaimed feast"), without_collecting():
        touched = touched_cases(expected_on, on).filter(closed_on__isnull=True)
        now = {
            (case, clock): due_on
            for case, clock, due_on in Due.objects.filter(case__in=touched, stopped_on__isnull=True).values_list(
                "case_id", "clock", "due_on"
            )
        }
        for one in compute_many(touched, current_book(), feasts=feasts_on_record() | {expected_on: on}):
            for code, state in one.states.items():
                before = now.get((one.case.pk, code))
                if state.stopped_on is None and before and state.due_on and state.due_on != before:
                    counted["later" if state.due_on > before else "earlier"] += 1
                    cases.add(one.case.pk)
    return FeastEffect(len(cases), counted["later"], counted["earlier"])


def touched_cases(expected_on: date, on: date) -> QuerySet[Case]:
    """The cases of which some clock runs over the days in question: all others end where they ended."""
    first = min(expected_on, on, *_proclaimed_before(expected_on)) - timedelta(days=1)
    last = max(expected_on, on, *_proclaimed_before(expected_on))
    over = Q(due_on__isnull=True) | Q(due_on__gte=first) | Q(elapsed_due_on__gte=first)
    return Case.objects.filter(pk__in=Due.objects.filter(over, starts_on__lte=last).values("case_id"))


def _proclaimed_before(expected_on: date) -> tuple[date, ...]:
    known = feasts_on_record().get(expected_on)
    return (known,) if known else ()
