"""Acts of the state that stop everybody's procedure, recorded and lifted.

One entry each. The legal clocks of all open cases of the organisation follow in the same transaction; the elapsed clocks
run on, so that what the state paused can still be measured.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.access.context import acting_as_system
from panoh.kernel.problems import Problem
from panoh.ledger.operations import claim_submission, record
from panoh.procedures.models import Barrier, Case, Due
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import today
from panoh.procedures.operations.dues import compute_many, hold_clocks, recompute_dues
from panoh.procedures.rules.clocks import BarrierFact
from panoh.rulebook.model import Rulebook

KINDS = "barrier_kinds"


@transaction.atomic
def record_barrier(
    *,
    by: Actor,
    kind: str,
    from_on: date,
    reason: str,
    provision: str = "",
    submission_id: Any = None,
) -> Barrier:
    """Records that a barrier stands since a day, with who decided it."""
    barrier = Barrier(
        organisation_id=by.organisation_id,
        kind=kind,
        from_on=from_on,
        provision=provision.strip()[:200],
        reason=reason.strip(),
        recorded_at=timezone.now(),
        recorded_by_id=by.member_id,
    )
    policy.check(by, "procedures.barrier.record", barrier)
    if submission_id is not None:
        entry = claim_submission(organisation_id=by.organisation_id, submission_id=submission_id)
        if entry is not None:
            return _recorded_by(entry)
    book = current_book()
    check_barrier(book, barrier)
    hold_clocks(barrier.organisation_id)
    if Barrier.objects.filter(organisation_id=by.organisation_id, kind=kind).exclude(to_on__lte=from_on).exists():
        raise Problem("procedures.barrier.overlaps", field="from_on")
    record(
        by=by,
        kind="procedures.barrier.recorded",
        subjects=[barrier.pk],
        payload={"barrier": barrier.pk, "barrier_kind": kind, "organisation": by.organisation_id, "from_on": from_on},
        occurred_on=from_on,
        detail={"reason": barrier.reason, "provision": barrier.provision},
        submission_id=submission_id,
    )
    barrier.save(force_insert=True)
    _recompute(barrier, book)
    return barrier


@transaction.atomic
def lift_barrier(*, by: Actor, barrier: Barrier, to_on: date, expected_version: int) -> Barrier:
    """Records that the barrier is gone; `to_on` is the first day without it. The legal clocks run on from then."""
    hold_clocks(barrier.organisation_id)
    locked = Barrier.objects.select_for_update().filter(pk=barrier.pk).first()
    if locked is None:
        raise Problem("procedures.barrier.not_found")
    policy.check(by, "procedures.barrier.record", locked)
    if locked.to_on is not None or locked.version != expected_version:
        raise Problem("procedures.barrier.not_in_force")
    check_lifting(locked, to_on)
    locked.to_on, locked.lifted_at, locked.lifted_by_id = to_on, timezone.now(), by.member_id
    locked.version += 1
    record(
        by=by,
        kind="procedures.barrier.lifted",
        subjects=[locked.pk],
        payload={"barrier": locked.pk, "barrier_kind": locked.kind, "from_on": locked.from_on, "to_on": to_on},
        occurred_on=to_on,
    )
    locked.save(update_fields=["to_on", "lifted_at", "lifted_by", "version"])
    _recompute(locked, current_book())
    return locked


def check_barrier(book: Rulebook, barrier: Barrier) -> None:
    """What can be said against a barrier before it is recorded; the preview asks the same."""
    if barrier.kind not in {code.code for code in book.codes[KINDS].in_force(barrier.from_on)}:
        raise Problem("procedures.barrier.unknown_kind", field="kind")
    if not barrier.reason:
        raise Problem("procedures.barrier.no_reason", field="reason")
    if barrier.from_on > today():
        raise Problem("procedures.barrier.in_the_future", field="from_on")


def check_lifting(barrier: Barrier, to_on: date) -> None:
    """What can be said against the first day without it; the preview asks the same."""
    if to_on <= barrier.from_on:
        raise Problem("procedures.barrier.lifted_before_it_stood", field="to_on", from_on=barrier.from_on)
    if to_on > today():
        raise Problem("procedures.barrier.in_the_future", field="to_on")


@dataclass(frozen=True, slots=True)
class BarrierEffect:
    """What a barrier would do to the clocks: counts only, for whoever records it may not see every file."""

    cases: int
    paused: dict[str, int]
    """By clock, how many would stand still."""
    moved: dict[str, int]
    """By clock, how many would get another last day."""
    most_days: int
    """By how many days the last day of one of them would move at most."""


def preview_barrier(
    *, by: Actor, kind: str, from_on: date, to_on: date | None = None, barrier: Barrier | None = None
) -> BarrierEffect:
    """What recording (or, with `barrier` and `to_on`, lifting) would do to the open cases. Writes nothing."""
    asked = barrier or Barrier(organisation_id=by.organisation_id, kind=kind, from_on=from_on)
    policy.check(by, "procedures.barrier.record", asked)
    if to_on is not None:
        check_lifting(asked, to_on)
    book = current_book()
    with acting_as_system("preview of a barrier"):
        others = tuple(
            BarrierFact(row.kind, row.from_on, row.to_on, row.provision)
            for row in Barrier.objects.filter(organisation_id=asked.organisation_id)
            .exclude(pk=asked.pk)
            .order_by("from_on", "id")
        )
        would = (*others, BarrierFact(asked.kind, asked.from_on, to_on))
        cases = touched_cases(asked, book).filter(closed_on__isnull=True)
        now = {
            (case, clock): due_on
            for case, clock, due_on in Due.objects.filter(case__in=cases, stopped_on__isnull=True).values_list(
                "case_id", "clock", "due_on"
            )
        }
        paused: Counter[str] = Counter()
        moved: Counter[str] = Counter()
        touched, most = set(), 0
        for one in compute_many(cases, book, {asked.organisation_id: would}):
            for code, state in one.states.items():
                before = now.get((one.case.pk, code))
                if state.stopped_on is not None or state.due_on == before:
                    continue
                touched.add(one.case.pk)
                if state.due_on is None:
                    paused[code] += 1
                else:
                    moved[code] += 1
                    most = max(most, (state.due_on - before).days if before else 0)
    return BarrierEffect(len(touched), dict(paused), dict(moved), most)


def touched_cases(barrier: Barrier, book: Rulebook) -> QuerySet[Case]:
    """The cases whose clocks this kind of barrier can pause and that ran while it stood."""
    clocks = {
        clock.code
        for versions in book.procedures.values()
        for version in versions
        for clock in version.clocks.values()
        if barrier.kind in clock.paused_by_barriers
    }
    ran = Due.objects.filter(organisation_id=barrier.organisation_id, clock__in=clocks).exclude(
        stopped_on__lt=barrier.from_on
    )
    return Case.objects.filter(pk__in=ran.values("case_id"))


def _recompute(barrier: Barrier, book: Rulebook) -> None:
    # Every case of the organisation, also those that are closed to whoever records the barrier.
    with acting_as_system("clocks after a barrier"):
        recompute_dues(touched_cases(barrier, book), book)


def _recorded_by(entry: Any) -> Barrier:
    found = Barrier.objects.filter(pk=entry.payload.get("barrier")).first() if "barrier" in entry.payload else None
    if found is None:
        raise Problem("procedures.submission.other_act")
    return found


def recompute_everything(reason: str = "change of the rulebook") -> int:
    """All clocks of all cases anew, after holidays or a law were changed in the rulebook. Returns how many rows changed."""
    with acting_as_system(reason):
        return recompute_dues(Case.objects.all(), current_book())
