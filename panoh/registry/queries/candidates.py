"""Who may be registered already: asked while a household is being registered, before it is saved.

The question goes over all organisations' files through a function of the database that answers with number and office
alone; those the actor may see anyway are then judged on their names and told with the reasons.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection

from panoh.access.actor import Actor
from panoh.identity.similarity import Reason, similarity
from panoh.kernel.names import PersonName
from panoh.registry.models import Name, Person
from panoh.registry.namekeys import MOST_KEYS_OF_A_QUESTION, keys_of_names
from panoh.registry.queries.files import persons_visible_to
from panoh.registry.registration import PersonEntry, Registration
from panoh.registry.rules.values import paper_number_key

LIKELY = 0.8
MOST_OF_A_PERSON = 5
MANY_PAIRS = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """Perhaps the same person. `place` is whose: the position in the registration. Hidden ones have number and office only."""

    place: int
    number: str
    office_id: UUID
    person: Person | None
    name: PersonName | None
    score: float
    reasons: tuple[Reason, ...]

    @property
    def is_hidden(self) -> bool:
        return self.person is None


def find_candidates(actor: Actor, registration: Registration) -> list[Candidate]:
    """The likely ones for each person of a registration, best first."""
    return find_candidates_of(actor, registration.persons)


def find_candidates_of(actor: Actor, persons: tuple[PersonEntry, ...]) -> list[Candidate]:
    asked = [_question(person) for person in persons]
    if not any(question["keys"] or question["papers"] for question in asked):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, number, office_id, by_paper FROM registry_candidates(%s::jsonb)", [json.dumps(asked)]
        )
        hits = cursor.fetchall()
    if not hits:
        return []
    visible = {
        person.number: person
        for person in persons_visible_to(actor)
        .filter(number__in={number for _place, number, _office, _paper in hits})
        .select_related("household")
    }
    names: dict[UUID, list[PersonName]] = {}
    for name in Name.objects.filter(person_id__in=[person.pk for person in visible.values()]).exclude(
        role=Name.PROPOSED
    ):
        names.setdefault(name.person_id, []).append(name.as_person_name())
    found: list[Candidate] = []
    for place, number, office_id, by_paper in hits:
        person = visible.get(number)
        if person is None:
            reason: tuple[Reason, ...] = (("paper_number", {}),) if by_paper else (("hidden_alike", {}),)
            found.append(Candidate(place, number, office_id, None, None, 1.0 if by_paper else LIKELY, reason))
            continue
        score, name, reasons = _judge(persons[place], person, names.get(person.pk, []), by_paper)
        if score >= LIKELY:
            found.append(Candidate(place, number, office_id, person, name, score, reasons))
    found.sort(key=lambda one: (one.place, -one.score, one.number))
    kept: dict[int, int] = {}
    best = []
    for one in found:
        kept[one.place] = kept.get(one.place, 0) + 1
        if kept[one.place] <= MOST_OF_A_PERSON:
            best.append(one)
    return best


def _question(person: PersonEntry) -> dict[str, object]:
    keys = keys_of_names((*person.names, *person.aliases))
    pairs = sorted(key for key in keys if "+" in key)
    return {
        # Only pairs of words: one word alone would bring a tenth of the country. One-word names ask with that word.
        "keys": (pairs or sorted(keys))[:MOST_KEYS_OF_A_QUESTION],
        # Where the name has many words, one pair in common (a given name and a family name that half a valley bears) is
        # too little: who is likely by the measure below shares two.
        "least": 2 if len(pairs) >= MANY_PAIRS else 1,
        "papers": sorted({paper_number_key(paper.number) for paper in person.papers}),
        "sex": person.sex,
        "earliest": person.birth.earliest.isoformat(),
        "latest": person.birth.latest.isoformat(),
    }


def _judge(
    entry: PersonEntry, person: Person, names: list[PersonName], by_paper: bool
) -> tuple[float, PersonName | None, tuple[Reason, ...]]:
    """(score, the form that matched best, why)"""
    best: tuple[float, PersonName | None, tuple[Reason, ...]] = (0.0, names[0] if names else None, ())
    for told in (*entry.names, *entry.aliases):
        for known in names:
            # A part that one side leaves out speaks neither for nor against: father's and grandfather's names are "if known".
            judged = similarity(*(form.display("full") for form in of_the_same_parts(told, known)))
            if judged.score > best[0]:
                best = (judged.score, known, judged.reasons)
    score, name, reasons = best
    evidence: list[Reason] = []
    if by_paper:
        score = max(score, 0.95)
        evidence.append(("paper_number", {}))
    if birth_fits(entry.birth.earliest, entry.birth.latest, person):
        evidence.append(("birth_fits", {}))
    else:
        score -= 0.1
    if entry.nationality != person.nationality:
        score -= 0.05
    return round(max(score, 0.0), 4), name, (*evidence, *reasons)


def of_the_same_parts(a: PersonName, b: PersonName) -> tuple[PersonName, PersonName]:
    """Both names with the father's and grandfather's parts that both give."""
    left_out = {
        part: "" for part in ("father", "grandfather", "patronymic") if not (getattr(a, part) and getattr(b, part))
    }
    return replace(a, **left_out), replace(b, **left_out)


def birth_fits(earliest: date, latest: date, person: Person) -> bool:
    return earliest <= person.birth_latest and person.birth_earliest <= latest
