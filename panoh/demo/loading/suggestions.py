"""The suggested pairs of the demo: what a linkage of the register would find, and a first few of them judged.

Simple and bounded: two records are compared where they share rare pairs of name keys, come from one province, fit in sex
and are born within two years. It stands in for `panoh link`, and goes the same way: through `registry.operations.suggest_pairs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import connections

from panoh.access.context import acting, acting_as_system
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.registry.models import Person, Suggestion
from panoh.registry.nameindex import FATHER
from panoh.registry.operations import PairFound, confirm_judgement, judge_duplicate, suggest_pairs
from panoh.registry.queries.duplicates import alike, suggestions_visible_to
from panoh.registry.queries.files import names_in_order

LIKELY = 0.8
COMPARED_AT_ONCE = 2_000

# A key that many of one place of origin share tells nothing; of the pairs that share rarer ones only those are compared
# that could be one person. Births told in years alone are a year or two off, those told as "adult" say nothing.
SHARED = """
WITH sound AS MATERIALIZED (
    SELECT DISTINCT n.person_id, w.sound, term > 0 AND term < %(father)s AS own
    FROM registry_nameindex n CROSS JOIN LATERAL unnest(n.terms) AS term
         JOIN registry_word w ON w.id = CASE WHEN term > %(father)s THEN term - %(father)s ELSE term END
), told AS MATERIALIZED (
    SELECT DISTINCT least(a.sound, b.sound) || '+' || greatest(a.sound, b.sound) AS key,
           p.origin_place, p.sex, p.id, p.household_id, p.status, p.birth_earliest, p.birth_latest
    FROM sound a JOIN sound b USING (person_id) JOIN registry_person p ON p.id = a.person_id
    WHERE a.own AND a.sound <> b.sound AND p.origin_place <> '' AND p.birth_latest - p.birth_earliest < 800),
rare AS (
    SELECT key, origin_place, sex FROM told GROUP BY 1, 2, 3 HAVING count(*) BETWEEN 2 AND %(most)s)
SELECT x.id, y.id FROM rare JOIN told x USING (key, origin_place, sex) JOIN told y USING (key, origin_place, sex)
WHERE x.id < y.id AND x.household_id <> y.household_id AND 'open' IN (x.status, y.status)
  AND x.birth_earliest <= y.birth_latest + 366 AND y.birth_earliest <= x.birth_latest + 366
GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2
"""
MOST_OF_A_KEY = 60


def suggest(register: Member) -> int:
    """Compare the register's records and keep the pairs in the name of the register officer; returns how many."""
    reason = "demo: which records share rare sounds of names"
    with acting_as_system(reason, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(SHARED, {"most": MOST_OF_A_KEY, "father": FATHER})
        shared = cursor.fetchall()
    with acting_as_system(reason):
        found = list(_compared(shared))
    with acting(actor_for(register)) as actor:
        return suggest_pairs(by=actor, pairs=found).made


def _compared(shared: Iterable[tuple[UUID, UUID]]) -> Iterator[PairFound]:
    waiting = iter(shared)
    while some := list(islice(waiting, COMPARED_AT_ONCE)):
        ids = {one for pair in some for one in pair}
        people = Person.objects.prefetch_related(names_in_order()).in_bulk(ids)
        for first, second in some:
            left, right = people[first], people[second]
            judged = alike(left, right)
            births = left.birth_earliest <= right.birth_latest and right.birth_earliest <= left.birth_latest
            score = judged.score if births else judged.score - 0.05
            if score >= LIKELY:
                reasons = (("birth_fits", {}), *judged.reasons) if births else judged.reasons
                yield PairFound(first, second, score, reasons)


SAME_JUDGED, SAME_CONFIRMED, DIFFERENT_JUDGED, UNSURE_JUDGED = 24, 19, 6, 2
LARGEST_SHARE = 3  # one pair in so many is judged at most: in a small register some are left as well


def judge_some(register: Member, supervisor: Member, truth: Iterable[tuple[str, str]]) -> None:
    """A first few are judged as the truth has it, so that the page shows work under way: some wait for the second person."""
    known = {frozenset(pair) for pair in truth}
    with acting(actor_for(register)) as officer:
        waiting = list(suggestions_visible_to(officer).order_by("-score", "id").select_related("person_a", "person_b"))
        same = [one for one in waiting if _is_true(one, known)]
        other = [one for one in waiting if not _is_true(one, known)]
        some = min(SAME_JUDGED, len(same) // LARGEST_SHARE)
        judged = [(one, "same") for one in same[:some]]
        judged += [(one, "different") for one in other[:DIFFERENT_JUDGED]]
        judged += [(one, "unsure") for one in same[some:][-UNSURE_JUDGED:]]
        made = [
            judge_duplicate(
                by=officer, person=one.person_a, other=one.person_b, verdict=verdict, reasons=one.reasons
            ).judgement
            for one, verdict in judged
        ]
    with acting(actor_for(supervisor)) as second:
        for judgement in made[:SAME_CONFIRMED]:
            if judgement.verdict == "same":
                confirm_judgement(by=second, judgement=judgement)


def _is_true(suggestion: Suggestion, known: set[frozenset[str]]) -> bool:
    return frozenset((suggestion.person_a.number, suggestion.person_b.number)) in known
