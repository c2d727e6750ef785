"""`panoh identity measure`: how good the search is on a register given as a table, through PostgreSQL as any page goes.

The register stands in a database of its own (`registry.measured_register`); search, index and row-level security are the real
ones, and the actor is a register officer who sees every file.
"""

from __future__ import annotations

import math
import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.db import connections

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.identity import measure
from panoh.identity.likeness import chances, standing
from panoh.registry.measured_register import Measured, make_ready
from panoh.registry.queries.search import Wanted, rank_persons
from panoh.registry.queries.vocabulary import fetch_words

Say = Callable[[str], None]


def run(
    register: Path,
    queries: Path,
    evidence: measure.Evidence,
    say: Say,
    *,
    newcomers: Path | None = None,
    fresh: bool = False,
) -> dict[str, Any]:
    """All figures of `panoh.identity.measure` for one kind of evidence; of the alarm as well where `newcomers` says who is one."""
    measured = make_ready(register, say, fresh=fresh)
    questions = measure.read_questions(queries)
    actor = _officer()

    def search(name: str, father: str, year: int | None) -> list[str]:
        with acting(actor):
            drafts = rank_persons(actor, name, Wanted(father=father, birth_year=year)).drafts
        return [measured.ids[draft.number] for draft in drafts[: measure.FIRST_PAGE]]

    fetch_words()  # as a process of the server does before it answers
    for question in questions[:30]:  # compiled code and plans are loaded once, not with each question
        search(*question.with_evidence(evidence))
    processor = _Processor()
    answers = measure.ask(questions, search, evidence, processor.seconds)
    figures = measure.report(answers)
    if newcomers is not None:
        figures["alarm"] = _alarm(measured, actor, questions, newcomers, evidence)
    return {"evidence": evidence, "persons": len(measured.ids), "index_bytes": measured.index_bytes, **figures}


def _alarm(
    measured: Measured, actor: Actor, questions: Sequence[measure.Question], parts: Path, evidence: measure.Evidence
) -> measure.Figures:
    """ "Already registered?": the probability of the likeliest person, newcomers' own records passed over."""
    known, newcomers, gone = measure.divide(questions, parts)
    everyone = len(measured.ids)

    fitted: list[tuple[float, float, bool]] = []

    def ask(question: measure.Question, registered: bool) -> tuple[float, bool]:
        name, father, year = question.with_evidence(evidence)
        with acting(actor):
            ranked = rank_persons(actor, name, Wanted(father=father, birth_year=year))
        there = [draft for draft in ranked.drafts if measured.ids[draft.number] not in gone]
        if not there:
            return 0.0, False
        found = [draft.evidence for draft in there]
        first = measured.ids[there[0].number] == question.person
        if first or not registered:  # whoever stands in the place of the one asked for teaches nothing
            rival = found[1] if len(found) > 1 else -math.inf
            fitted.append((float(standing(found[0], everyone, rival)), ranked.possible - found[0], first))
        return float(chances(found, ranked.possible, everyone)[0]), first

    told = [ask(question, registered=True) for question in known]
    figures = measure.alarm_report(
        [chance for chance, _first in told],
        [ask(question, registered=False)[0] for question in newcomers],
        [first for _chance, first in told],
    )
    return {**figures, **{f"fitted_{name}": weight for name, weight in measure.fit_calibration(fitted).items()}}


def _officer() -> Actor:
    return actor_for(Member.objects.using("owner").get(account__username="measure"))


class _Processor:
    """Seconds of processor time of this process and of its connection's backend.

    Of the backend by the scheduler's own count: the ticks of `stat` are ten milliseconds, as long as most questions take.
    """

    def __init__(self) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def seconds(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF)
        used = own.ru_utime + own.ru_stime
        if self.backend.exists():
            used += int(self.backend.read_text().split()[0]) / 1e9
        return used
