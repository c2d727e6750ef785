"""What monitors said of safeguards that no record tells: mostly kept, some broken, in cases of every procedure that asks for it.

Told by families or seen at a visit. What nobody was asked stays unknown.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from panoh.access.context import acting_as_system
from panoh.demo.loading.instants import Clockwork
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import Rows, shape
from panoh.ledger.composition import Composed, compose
from panoh.procedures.models import SafeguardAnswer
from panoh.rulebook.model import Procedure

AnswerRow = shape(SafeguardAnswer)
SINCE_DAYS = 900
ONE_CASE_IN = 9
VERDICTS = (("kept", 13), ("broken", 2), ("not_applicable", 1))
WORDS = {
    "kept": ("asked at the visit", "seen at the hearing", "the family says so"),
    "broken": ("told in confidence",),
    "not_applicable": ("did not come to it",),
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a monitor heard of a case."""

    case: UUID
    household: UUID
    procedure: Procedure
    safeguard: str
    verdict: str
    evidence: str
    at: datetime


def say(heard: Heard, setting: Setting, clock: Clockwork, rows: Rows, entries: list[Composed]) -> None:
    """The rows of `procedures.operations.safeguards`."""
    officer, at = setting.hands["protection"], heard.at
    entry = compose(
        entry_id=clock.new_id(at), recorded_at=at, by=officer, kind="procedures.safeguard.answered",
        subjects=[heard.case, heard.household],
        payload={"of_case": heard.case, "safeguard": heard.safeguard, "verdict": heard.verdict},
        occurred_on=at.date(), detail={"evidence": heard.evidence},
        legal_basis=heard.procedure.safeguards[heard.safeguard].standards,
    )  # fmt: skip
    entries.append(entry)
    rows.add(
        SafeguardAnswer,
        AnswerRow(
            id=clock.new_id(at), case_id=heard.case, safeguard=heard.safeguard, verdict=heard.verdict, on=at.date(),
            evidence=heard.evidence, recorded_at=at, by_id=officer.member_id, organisation_id=officer.organisation_id,
            entry_id=entry.id,
        ),
    )  # fmt: skip


def ask_around(setting: Setting, rows: Rows, entries: list[Composed]) -> int:
    """Visits of the last years; returns how many answers were written down."""
    told = 0
    since = setting.until - timedelta(days=SINCE_DAYS)
    for household, case, number, code, version, track, opened_on, closed_on in _cases(since):
        procedure = setting.book.procedure_version(code, version)
        asked = [
            one.code
            for one in procedure.safeguards.values()
            if track in one.tracks and any(evidence.kind == "answer" for evidence in one.evidence)
        ]
        chance = random.Random(f"monitoring/{number}")  # noqa: S311
        if not asked or chance.randrange(ONE_CASE_IN):
            continue
        clock = Clockwork(chance, setting.latest)
        last = min(closed_on or setting.until, setting.until)
        at = clock.instant(opened_on + (last - opened_on) * chance.random())
        for safeguard in chance.sample(asked, chance.randint(1, len(asked))):
            verdict = chance.choices([one for one, _ in VERDICTS], [many for _, many in VERDICTS])[0]
            heard = Heard(case, household, procedure, safeguard, verdict, chance.choice(WORDS[verdict]), at)
            say(heard, setting, clock, rows, entries)
            told += 1
            at = clock.instant(at.date())
    return told


def _cases(since: date) -> list[Any]:
    with acting_as_system("demo: where monitors went", using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT household_id, id, number, procedure, procedure_version, track, opened_on, closed_on FROM procedures_case"
            " WHERE opened_on >= %s AND household_id IS NOT NULL AND NOT confined ORDER BY number",
            [since],
        )
        return cursor.fetchall()
