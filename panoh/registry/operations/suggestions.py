"""Suggestions that two records may be one person: kept where they are found, for a person to judge.

Three places find them: a registration and an import (`keep_found`, inside their own act) and a linkage of the whole
register (`suggest_pairs`, an act of its own). Nothing here decides anything about a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.identity.similarity import Reason
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.registry.models import Judgement, Person, Suggestion
from panoh.registry.models.duplicates import JUDGED, LINK, OPEN, SAME, TO_CONFIRM, UNSURE
from panoh.registry.queries.candidates import Candidate
from panoh.registry.queries.files import persons_visible_to

PAIRS_IN_ONE_ENTRY = 500
LONGEST_REASONS = 20


@dataclass(frozen=True, slots=True)
class PairFound:
    """Two records by their ids, in any order, with a score between 0 and 1 and the reasons as (code, params)."""

    person: UUID
    other: UUID
    score: float
    reasons: tuple[Reason, ...] = ()

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return (self.person, self.other) if self.person < self.other else (self.other, self.person)


@dataclass(slots=True)
class Suggested:
    """What became of the pairs: new ones, known ones whose score or reasons changed, the same as before, and those left out.

    Left out is a pair of which the actor does not see both records: she may not say that they are alike.
    """

    made: int = 0
    renewed: int = 0
    unchanged: int = 0
    left_out: int = 0


def suggest_pairs(*, by: Actor, pairs: Iterable[PairFound]) -> Suggested:
    """Keep what a linkage of the register found. Safe to repeat: a pair is kept once, with its latest score and reasons.

    Each 500 pairs are one transaction (inside the caller's, if there is one) with one ledger entry, so a linkage that
    was cut off keeps what it had and goes on from there. A pair that was judged stays judged, and as it was when it was.
    """
    check(by, "registry.duplicate.suggest")
    done = Suggested()
    waiting = iter(pairs)
    while some := list(islice(waiting, PAIRS_IN_ONE_ENTRY)):
        _suggest_some(by, some, done)
    return done


@transaction.atomic
def _suggest_some(by: Actor, pairs: Sequence[PairFound], done: Suggested) -> None:
    wanted = {}
    for one in pairs:
        if one.person == one.other or not 0 <= one.score <= 1:
            raise Problem("registry.duplicate.not_a_pair", score=str(one.score))
        wanted[one.pair] = one
    ids = {person for pair in wanted for person in pair}
    seen = set(persons_visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
    visible = {pair: one for pair, one in wanted.items() if set(pair) <= seen}
    done.left_out += len(wanted) - len(visible)
    known = {
        (row.person_a_id, row.person_b_id): row
        for row in Suggestion.objects.select_for_update().filter(person_a_id__in=[a for a, _b in visible])
    }
    states = _states_of(visible)
    now = timezone.now()
    made, renewed = [], []
    for pair, one in visible.items():
        score, reasons = as_score(one.score), as_stored(one.reasons)
        row = known.get(pair)
        if row is None:
            made.append(
                Suggestion(
                    person_a_id=pair[0], person_b_id=pair[1], score=score, reasons=reasons, origin=LINK,
                    state=states.get(pair, OPEN), made_by_id=by.member_id, made_at=now,
                )
            )  # fmt: skip
        elif row.state != JUDGED and (row.score, row.reasons) != (score, reasons):
            row.score, row.reasons = score, reasons
            renewed.append(row)
        else:
            done.unchanged += 1
    if not made and not renewed:
        return
    record(
        by=by,
        kind="registry.duplicate.suggested",
        subjects=[*(row.pk for row in (*made, *renewed)), *dict.fromkeys(one for row in made for one in _persons(row))],
        occurred_on=timezone.localdate(),
        payload={"origin": LINK, "made": len(made), "renewed": len(renewed)},
    )
    Suggestion.objects.bulk_create(made)
    Suggestion.objects.bulk_update(renewed, ["score", "reasons"])
    done.made += len(made)
    done.renewed += len(renewed)


def _persons(row: Suggestion) -> tuple[UUID, UUID]:
    return row.person_a_id, row.person_b_id


def _states_of(pairs: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """The states that follow from judgements made about pairs before anything suggested them."""
    standing = Judgement.objects.filter(undone_at__isnull=True, person_a_id__in=[a for a, _b in pairs])
    return {(row.person_a_id, row.person_b_id): state_after(row) for row in standing}


def state_after(judgement: Judgement | None) -> str:
    """What a suggested pair waits for, given the judgement in force about it."""
    if judgement is None:
        return OPEN
    if judgement.verdict == UNSURE:
        return UNSURE
    return TO_CONFIRM if judgement.verdict == SAME and judgement.confirmed_at is None else JUDGED


def as_score(score: float) -> Decimal:
    return Decimal(f"{score:.4f}")


def as_stored(reasons: Iterable[Reason]) -> list[list[Any]]:
    return [[code, dict(params)] for code, params in list(reasons)[:LONGEST_REASONS]]


# -- inside a registration or an import -------------------------------------------------------------------------------


Confirm = Callable[[tuple[Candidate, ...]], None]
"""Asked before anything is written, with those who may be registered already; stops the act by raising."""


def as_it_is(candidates: tuple[Candidate, ...]) -> None:
    """Go on whatever the candidates."""


@dataclass
class Findings:
    """What is found while records are registered, to be kept in the same act. Its ids are subjects of the act's entry."""

    origin: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def of(self, persons: Sequence[Person], candidates: Iterable[Candidate]) -> Findings:
        """Who was found for each person, by the place the candidate names."""
        for one in candidates:
            self.add(persons[one.place].pk, one.number, one.score, one.reasons)
        return self

    def add(self, person: UUID, number: str, score: float, reasons: Iterable[Reason]) -> None:
        """The new record and the number of one that was there: hidden from the actor or not."""
        self.rows.append(
            {
                "id": str(new_id()), "person": str(person), "number": number, "score": str(as_score(score)),
                "reasons": as_stored(reasons), "origin": self.origin,
            }
        )  # fmt: skip

    def ids(self) -> Iterator[UUID]:
        return (UUID(row["id"]) for row in self.rows)

    def save(self) -> None:
        """After the entry and the persons. The pairs of hidden records are written too, for who sees both."""
        if self.rows:
            with connection.cursor() as cursor:
                cursor.execute("SELECT registry_suggest(%s::jsonb)", [json.dumps(self.rows)])
