"""Judgements whether two records are one person: same, different, unsure; each can be undone, nothing is merged or deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.registry.models import Judgement, Person
from panoh.registry.models.duplicates import DIFFERENT, SAME, UNSURE
from panoh.registry.queries.files import persons_visible_to

VERDICTS = (SAME, DIFFERENT, UNSURE)
LONGEST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Judged:
    judgement: Judgement
    entry: Entry


@transaction.atomic
def judge_duplicate(
    *,
    by: Actor,
    person: Person,
    other: Person,
    verdict: str,
    reasons: Sequence[Any] = (),
    remark: str = "",
) -> Judged:
    """Judge two records. "same" links both numbers from now on; an earlier "unsure" gives way, a clear one must be undone first."""
    if verdict not in VERDICTS:
        raise Problem("registry.value.unknown_code", field="verdict", code=str(verdict)[:40], list="verdicts")
    if person.pk == other.pk:
        raise Problem("registry.duplicate.one_record", number=person.number)
    pair = _lock_pair(by, person.pk, other.pk)
    for one in pair:
        check(by, "registry.duplicate.judge", one)
    now = timezone.now()
    standing = (
        Judgement.objects.select_for_update().filter(person_a=pair[0], person_b=pair[1], undone_at__isnull=True).first()
    )
    if standing is not None and standing.verdict != UNSURE:
        raise Problem("registry.duplicate.already_judged", verdict=standing.verdict)
    if standing is not None:
        standing.undone_at, standing.undone_by_id = now, by.member_id
        standing.save(update_fields=["undone_at", "undone_by"])
    judgement = Judgement.objects.create(
        person_a=pair[0],
        person_b=pair[1],
        verdict=verdict,
        reasons=[[code, dict(params)] for code, params in list(reasons)[:LONGEST_REASONS]],
        judged_by_id=by.member_id,
        judged_at=now,
    )
    entry = record(
        by=by,
        kind="registry.duplicate.judged",
        subjects=[one.pk for one in pair] + [one.household_id for one in pair],
        occurred_on=timezone.localdate(),
        payload={"verdict": verdict, "judgement": judgement.pk, "persons": [one.pk for one in pair]},
        detail={"remark": remark[:500]} if remark.strip() else None,
    )
    return Judged(judgement, entry)


@transaction.atomic
def undo_judgement(*, by: Actor, judgement: Judgement, remark: str = "") -> Judged:
    """Take a judgement back. It stays in the record; the numbers part again."""
    row = Judgement.objects.select_for_update().filter(pk=judgement.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    pair = _lock_pair(by, row.person_a_id, row.person_b_id)
    for one in pair:
        check(by, "registry.duplicate.undo", one)
    if row.undone_at is not None:
        raise Problem("registry.duplicate.already_undone")
    row.undone_at, row.undone_by_id = timezone.now(), by.member_id
    row.save(update_fields=["undone_at", "undone_by"])
    entry = record(
        by=by,
        kind="registry.duplicate.undone",
        subjects=[one.pk for one in pair] + [one.household_id for one in pair],
        occurred_on=timezone.localdate(),
        payload={"verdict": row.verdict, "judgement": row.pk, "persons": [one.pk for one in pair]},
        detail={"remark": remark[:500]} if remark.strip() else None,
    )
    return Judged(row, entry)


def _lock_pair(by: Actor, first: UUID, second: UUID) -> list[Person]:
    """Both records, locked in one order so that two judges cannot wait for each other."""
    found = list(
        persons_visible_to(by)
        .select_related("household")
        .select_for_update(of=("self",))
        .filter(pk__in=(first, second))
        .order_by("pk")
    )
    if len(found) != 2:
        raise Problem("access.thing.not_found")
    return found
