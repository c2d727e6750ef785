"""Who may be registered already: asked while a household is being registered, before it is saved.

The question goes over all organisations' files through a function of the database that answers with number and office
alone; those the actor may see anyway are then judged on their names and told with the reasons.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection

from panoh.access.actor import Actor
from panoh.identity.likeness import SEX_AGREES, Asked, chances, evidence_for
from panoh.identity.similarity import Reason, similarity
from panoh.kernel.names import PersonName
from panoh.registry.models import Name, Person
from panoh.registry.nameindex import WIDEST_SPAN, words_of_names
from panoh.registry.queries.files import names_in_order, persons_visible_to
from panoh.registry.queries.likely import MOST_WORDS_ASKED, Question, ask_about, read_records, weigh_records
from panoh.registry.registration import PersonEntry, Registration
from panoh.registry.rules.values import paper_number_key

LIKELY = 0.5  # the least probability at which a clerk is asked to look
MOST_OF_A_PERSON = 5
FEWEST = 1000  # nobody is told that somebody is likely because a register is young and small
# Of closed files only a near certainty is told: what speaks against it (words that only the record has) stays hidden too.
NEARLY_SURE = 0.9
HIDDEN_SHARE = (
    0.7  # of the evidence that everything told could give: of 122 true pairs 118 have it, of 100 newcomers' families 2
)
TOGETHER = 2.5  # evidence for each further member of one household who is found beside


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
    questions, registered = ask_about([_asked(person) for person in persons])
    everyone = max(registered, FEWEST)
    asked = [_question(person, question, everyone) for person, question in zip(persons, questions, strict=True)]
    if not any(one["probes"] or one["papers"] for one in asked):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, number, office_id, by_paper, household_id, score, sex, terms FROM registry_candidates(%s::jsonb)",
            [json.dumps(asked)],
        )
        hits = [_Hit(*row) for row in cursor.fetchall()]
    found = [_hidden(hit) for hit in hits if hit.household_id is None]
    chances = _chances([hit for hit in hits if hit.household_id is not None], questions, everyone)
    people = (
        {
            person.number: person
            for person in persons_visible_to(actor)
            .filter(number__in={hit.number for hit, _chance, _beside in chances})
            .select_related("household")
            .prefetch_related(names_in_order())
        }
        if chances
        else {}
    )
    for hit, chance, beside in chances:
        if (person := people.get(hit.number)) is not None:
            name, reasons = _why(persons[hit.place], person, hit.by_paper, beside)
            found.append(Candidate(hit.place, hit.number, hit.office_id, person, name, round(chance, 4), reasons))
    found.sort(
        key=lambda one: (one.place, -one.score)
    )  # those out of sight stay in the order of the database: likeliest first
    kept: dict[int, int] = {}
    best = []
    for one in found:
        kept[one.place] = kept.get(one.place, 0) + 1
        if kept[one.place] <= MOST_OF_A_PERSON:
            best.append(one)
    return best


@dataclass(frozen=True, slots=True)
class _Hit:
    """What the database answers. Household, score (the most that the name and the years can say), sex and the record's terms in
    the index of names only of files that are open."""

    place: int
    number: str
    office_id: UUID
    by_paper: bool
    household_id: UUID | None
    score: float | None
    sex: str | None
    terms: list[int] | None


def _asked(person: PersonEntry) -> Asked:
    own, fathers = words_of_names((*person.names, *person.aliases))
    years = person.birth.earliest.year, person.birth.latest.year
    return Asked(
        tuple(own[:MOST_WORDS_ASKED]),
        tuple(fathers[:MOST_WORDS_ASKED]),
        years if years[1] - years[0] < WIDEST_SPAN else None,
        person.sex,
    )


def _question(person: PersonEntry, question: Question, everyone: int) -> dict[str, object]:
    return {
        **question.to_database(),
        "least": round(math.log(everyone) / 2, 3),
        "hidden": round(max(evidence_for(NEARLY_SURE, everyone), HIDDEN_SHARE * question.possible), 3),
        "worth": round(evidence_for(LIKELY, everyone) - SEX_AGREES, 3),
        "beside": TOGETHER,
        "papers": sorted({paper_number_key(paper.number) for paper in person.papers}),
        "sex": person.sex,
        "earliest": person.birth.earliest.isoformat(),
        "latest": person.birth.latest.isoformat(),
    }


def _chances(hits: list[_Hit], questions: Sequence[Question], everyone: int) -> list[tuple[_Hit, float, int]]:
    """The open files' likely ones: (hit, probability, how many of the family were found in the same file)."""
    evidence: dict[tuple[int, str], float] = {}
    for place, question in enumerate(questions):
        of_place = [hit for hit in hits if hit.place == place]
        records = read_records(question.lexicon, [(hit.terms or [], hit.sex or "U") for hit in of_place])
        told = weigh_records(question, records)
        evidence.update({(place, hit.number): float(nats) for hit, nats in zip(of_place, told, strict=True)})
    together = _found_together(hits, evidence, everyone)
    likely = []
    for place, question in enumerate(questions):
        of_place = [hit for hit in hits if hit.place == place]
        beside = [together.get((place, hit.number), 0) for hit in of_place]
        nats = [evidence[place, hit.number] + TOGETHER * others for hit, others in zip(of_place, beside, strict=True)]
        for hit, others, chance in zip(of_place, beside, chances(nats, question.possible, everyone), strict=True):
            sure = max(float(chance), 0.95) if hit.by_paper else float(chance)
            if sure >= LIKELY:
                likely.append((hit, sure, others))
    return likely


def _hidden(hit: _Hit) -> Candidate:
    reason: tuple[Reason, ...] = (("paper_number", {}),) if hit.by_paper else (("hidden_alike", {}),)
    return Candidate(hit.place, hit.number, hit.office_id, None, None, 1.0 if hit.by_paper else LIKELY, reason)


def _found_together(
    hits: list[_Hit], evidence: Mapping[tuple[int, str], float], everyone: int
) -> dict[tuple[int, str], int]:
    """Households are compared as households: how many others of the family were found in the same file as each."""
    files: dict[UUID, dict[int, str]] = {}
    weak = math.log(everyone) / 2
    known = [(evidence[hit.place, hit.number], hit) for hit in hits]
    for nats, hit in sorted(known, key=lambda one: one[0]):
        if nats >= weak and hit.household_id is not None:
            files.setdefault(hit.household_id, {})[hit.place] = hit.number
    return {(place, number): len(places) - 1 for places in files.values() for place, number in places.items()}


def _why(
    entry: PersonEntry, person: Person, by_paper: bool, beside: int
) -> tuple[PersonName | None, tuple[Reason, ...]]:
    """(the form that matched best, why)"""
    best: tuple[float, PersonName | None, tuple[Reason, ...]] = (-1.0, None, ())
    for told in (*entry.names, *entry.aliases):
        for form in person.names.all():
            if form.role == Name.PROPOSED:
                continue
            # A part that one side leaves out speaks neither for nor against: father's and grandfather's names are "if known".
            known = form.as_person_name()
            judged = similarity(*(one.display("full") for one in of_the_same_parts(told, known)))
            if judged.score > best[0]:
                best = (judged.score, known, judged.reasons)
    evidence: list[Reason] = []
    if by_paper:
        evidence.append(("paper_number", {}))
    if beside:
        evidence.append(("household_alike", {"count": str(beside)}))
    told = "unknown" not in (entry.birth.precision, person.birth.precision)  # else nothing was compared
    if told and birth_fits(entry.birth.earliest, entry.birth.latest, person):
        evidence.append(("birth_fits", {}))
    return best[1], (*evidence, *best[2])


def of_the_same_parts(a: PersonName, b: PersonName) -> tuple[PersonName, PersonName]:
    """Both names with the father's and grandfather's parts that both give."""
    left_out = {
        part: "" for part in ("father", "grandfather", "patronymic") if not (getattr(a, part) and getattr(b, part))
    }
    return replace(a, **left_out), replace(b, **left_out)


def birth_fits(earliest: date, latest: date, person: Person) -> bool:
    return earliest <= person.birth_latest and person.birth_earliest <= latest
