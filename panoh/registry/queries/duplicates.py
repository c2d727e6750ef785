"""Pairs of records: the standing judgement, the latest ones, and pairs that look alike and wait for one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch, QuerySet

from panoh.access.actor import Actor
from panoh.identity.similarity import Reason, Similarity, similarity
from panoh.registry.models import Judgement, Person
from panoh.registry.queries.candidates import of_the_same_parts
from panoh.registry.queries.files import names_in_order, persons_visible_to

LOOKED_AT = 400
LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that look alike, and why."""

    left: Person
    right: Person
    score: float
    reasons: tuple[Reason, ...]


def find_standing(left: Person, right: Person) -> Judgement | None:
    """The judgement in force about two records, whichever comes first."""
    first, second = sorted((left.pk, right.pk))
    return (
        Judgement.objects.filter(person_a_id=first, person_b_id=second, undone_at__isnull=True)
        .select_related("judged_by__account")
        .first()
    )


def list_judgements(actor: Actor, *, limit: int) -> QuerySet[Judgement]:
    """The latest judgements about records that the actor sees, undone ones too."""
    people = Person.objects.prefetch_related(names_in_order())
    return (
        Judgement.objects.filter(person_a__in=persons_visible_to(actor))
        .select_related("judged_by__account")
        .prefetch_related(Prefetch("person_a", queryset=people), Prefetch("person_b", queryset=people))
        .order_by("-judged_at")[:limit]
    )


# Pairs that share a key of two words, newest records first, without those judged already. The number of keys looked at
# is bounded, so the page costs the same in a register of any size.
PAIRS = """
WITH newest AS (
    SELECT p.id FROM registry_person p WHERE p.status = 'open' ORDER BY p.id DESC LIMIT %(looked_at)s),
shared AS (
    SELECT a.person_id AS a, b.person_id AS b, count(*) AS keys
    FROM newest n JOIN registry_namekey a ON a.person_id = n.id AND a.key LIKE '%%+%%'
    JOIN registry_namekey b ON b.key = a.key AND b.person_id < a.person_id
    GROUP BY 1, 2)
SELECT s.a, s.b FROM shared s
JOIN registry_person x ON x.id = s.a JOIN registry_person y ON y.id = s.b
WHERE x.household_id <> y.household_id AND y.status = 'open' AND (x.sex = y.sex OR 'U' IN (x.sex, y.sex))
  AND x.birth_earliest <= y.birth_latest + 731 AND y.birth_earliest <= x.birth_latest + 731
  AND NOT EXISTS (SELECT FROM registry_judgement j WHERE j.undone_at IS NULL AND j.verdict <> 'unsure'
                  AND j.person_a_id = least(s.a, s.b) AND j.person_b_id = greatest(s.a, s.b))
ORDER BY s.keys DESC, s.a DESC LIMIT %(limit)s
"""


def list_suggestions(actor: Actor, *, limit: int) -> list[Pair]:
    """Pairs to judge among the newest records: alike in name and sex, births at most two years apart, in two files.

    Reads as the actor: row-level security leaves out what is not open to her.
    """
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, {"looked_at": LOOKED_AT, "limit": limit * 3})
        ids = cursor.fetchall()
    wanted = {one for pair in ids for one in pair}
    people = (
        persons_visible_to(actor).select_related("household").prefetch_related(names_in_order()).in_bulk(sorted(wanted))
    )
    found = []
    for first, second in ids:
        if first in people and second in people:
            left, right = people[first], people[second]
            judged = alike(left, right)
            if judged.score >= LIKELY:
                found.append(Pair(left, right, judged.score, judged.reasons))
    found.sort(key=lambda pair: -pair.score)
    return found[:limit]


def alike(left: Person, right: Person) -> Similarity:
    """The two forms of their names that are most alike; a part that one side leaves out speaks for nothing."""
    judged = (
        similarity(*(form.display("full") for form in of_the_same_parts(a.as_person_name(), b.as_person_name())))
        for a in left.names.all()
        for b in right.names.all()
        if a.role != "proposed" and b.role != "proposed"
    )
    return max(judged, key=lambda one: one.score, default=Similarity(0.0, ()))
