"""Judgements whether two records are one person: same, different, unsure; each can be undone, nothing is merged or deleted.

"same" needs four eyes: it links the numbers once a second person, of whichever organisation sees both, has confirmed it.
"""

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
from panoh.registry.models import Judgement, Person, Suggestion
from panoh.registry.models.duplicates import DIFFERENT, SAME, UNSURE
from panoh.registry.operations.suggestions import as_stored, state_after
from panoh.registry.queries.files import persons_visible_to
from panoh.registry.snapshots import judgement_snapshot

VERDICTS = (SAME, DIFFERENT, UNSURE)


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
    """Judge two records. An earlier "unsure" gives way; a clear judgement must be undone first."""
    if verdict not in VERDICTS:
        raise Problem("registry.value.unknown_code", field="verdict", code=str(verdict)[:40], list="verdicts")
    if person.pk == other.pk:
        raise Problem("registry.duplicate.one_record", number=person.number)
    pair = _lock_pair(by, "registry.duplicate.judge", person.pk, other.pk)
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
        reasons=as_stored(reasons),
        judged_by_id=by.member_id,
        judged_at=now,
    )
    gave_way = [standing] if standing is not None else []
    return _finish(by, "registry.duplicate.judged", pair, judgement, remark, standing=judgement, touched=gave_way)


@transaction.atomic
def confirm_judgement(*, by: Actor, judgement: Judgement, remark: str = "") -> Judged:
    """The second pair of eyes for "same": from now on both numbers lead to one person."""
    row, pair = _lock_judgement(by, "registry.duplicate.confirm", judgement)
    if row.verdict != SAME or row.confirmed_at is not None:
        raise Problem("registry.duplicate.nothing_to_confirm")
    if row.judged_by.account_id == by.account_id:
        raise Problem("registry.duplicate.own_judgement")
    row.confirmed_at, row.confirmed_by_id = timezone.now(), by.member_id
    row.save(update_fields=["confirmed_at", "confirmed_by"])
    return _finish(by, "registry.duplicate.confirmed", pair, row, remark, standing=row)


@transaction.atomic
def undo_judgement(*, by: Actor, judgement: Judgement, remark: str = "") -> Judged:
    """Take a judgement back, confirmed or not. It stays in the record; the numbers part again."""
    row, pair = _lock_judgement(by, "registry.duplicate.undo", judgement)
    row.undone_at, row.undone_by_id = timezone.now(), by.member_id
    row.save(update_fields=["undone_at", "undone_by"])
    return _finish(by, "registry.duplicate.undone", pair, row, remark, standing=None)


def _finish(
    by: Actor,
    kind: str,
    pair: Sequence[Person],
    judgement: Judgement,
    remark: str,
    *,
    standing: Judgement | None,
    touched: Sequence[Judgement] = (),
) -> Judged:
    """The entry of an act on a judgement; the suggestion of the pair then waits for what `standing` leaves open."""
    suggestion = Suggestion.objects.select_for_update().filter(person_a=pair[0], person_b=pair[1]).first()
    entry = record(
        by=by,
        kind=kind,
        subjects=[
            *(one.pk for one in pair),
            *(one.household_id for one in pair),
            *(row.pk for row in (judgement, *touched)),
            *([suggestion.pk] if suggestion else []),
        ],
        occurred_on=timezone.localdate(),
        payload={"verdict": judgement.verdict, "judgement": judgement.pk, "persons": [one.pk for one in pair]},
        detail={"remark": remark[:500]} if remark.strip() else None,
        digests={row.pk: judgement_snapshot(row) for row in (judgement, *touched)},
    )
    if suggestion is not None:
        suggestion.state = state_after(standing)
        suggestion.save(update_fields=["state"])
    return Judged(judgement, entry)


def _lock_judgement(by: Actor, verb: str, judgement: Judgement) -> tuple[Judgement, list[Person]]:
    """The judgement as it stands, in force, with its pair. The pair is locked first, as in `judge_duplicate`."""
    pair = _lock_pair(by, verb, judgement.person_a_id, judgement.person_b_id)
    row = Judgement.objects.select_for_update(of=("self",)).select_related("judged_by").filter(pk=judgement.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    if row.undone_at is not None:
        raise Problem("registry.duplicate.already_undone")
    return row, pair


def _lock_pair(by: Actor, verb: str, first: UUID, second: UUID) -> list[Person]:
    """Both records, locked in one order so that two judges cannot wait for each other; the verb must hold on both."""
    found = list(
        persons_visible_to(by)
        .select_related("household")
        .select_for_update(of=("self",))
        .filter(pk__in=(first, second))
        .order_by("pk")
    )
    if len(found) != 2:
        raise Problem("access.thing.not_found")
    for one in found:
        check(by, verb, one)
    return found
