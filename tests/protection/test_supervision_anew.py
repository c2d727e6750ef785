"""The page of supervision equals a count anew from the rows, for each procedure, office and month, on a small caseload made by chance."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.context import acting_as_system
from panoh.procedures.models import Case
from panoh.procedures.operations.safeguards import answer_safeguard
from panoh.procedures.rules.safeguards import ANSWERS, Verdict
from panoh.protection.rules import supervision
from panoh.rulebook.model import Action, Procedure
from tests.procedures.ledger_walking import DAYS_BACK, LedgerWalk, Seen
from tests.protection.counting_anew import Counted, count_anew
from tests.signing_in import client_of
from tests.world import World

CASES, MOST_ACTS = 4, 9
VERDICTS = ("kept", "broken", "unknown", "not_due", "not_applicable")
PROCEDURES = [versions[-1] for versions in rulebook.current().procedures.values()]
READERS = ("head_of_office", "protection_officer")


class Wandering(LedgerWalk):
    """A walk that only goes on: what holds after each act is asked in `tests/procedures/test_ledger_walk.py`."""

    def note(self, action: Action) -> None:
        self.seen.acts[action.code] += 1

    def try_outside(self, case: Case) -> None:
        return

    def refuse_before_its_law(self, opening: Action) -> None:
        return


def caseload(world: World, procedure: Procedure, seed: int) -> None:
    """Some cases on each track, as far as chance leads them, and of some what a monitor was told."""
    for track in procedure.tracks:
        for number in range(CASES):
            chance = random.Random(f"{procedure.code}:{track}:{seed}:{number}")
            walk = Wandering(world, procedure, track, chance, Seen())
            walk.go(chance.randint(1, MOST_ACTS))
            asked = [one.code for one in procedure.safeguards.values() if track in one.tracks]
            if asked and number % 2:
                say(world, walk.story.case, chance.choice(asked), chance.choice(sorted(ANSWERS)))


def say(world: World, case: Case, safeguard: str, verdict: str) -> None:
    """A monitor says it of a case that is open to her."""
    with world.as_role("protection_officer") as officer:
        seen = Case.objects.filter(pk=case.pk).first()
        if seen is not None:
            answer_safeguard(
                by=officer, case=seen, safeguard=safeguard, verdict=verdict, on=timezone.localdate(), evidence="told"
            )


def supervised_by(actor: Actor, procedure: Procedure) -> list[Case]:
    """The cases of the own organisation, and of those that an agreement opens; what is confined or hidden from others stays with its own."""
    with acting_as_system("test"):
        cases = list(Case.objects.filter(procedure=procedure.code).select_related("household"))
    own, opened = actor.organisation_id, actor.open_organisations
    return [
        case
        for case in cases
        if case.organisation_id == own or (case.organisation_id in opened and not case.confined)
        if case.hidden_from_id is None or case.hidden_from_id != actor.office_id
    ]


def shown(client: Client, procedure: Procedure, counted: str, year: int, month: int) -> Counted:
    """What the table behind the page says of a month, or of a whole year (month 0)."""
    query = f"procedure={procedure.code}&year={year}&month={month or ''}&counted={counted}"
    answer = client.get(f"/supervision.csv?{query}")
    assert answer.status_code == 200, query
    found: Counted = {}
    for row in csv.DictReader(io.StringIO(answer.content.decode())):
        counts = Counter({verdict: int(row[verdict]) for verdict in VERDICTS if int(row[verdict])})
        if counts:
            found[row["office"], row["month"], row["safeguard"]] = counts
    return found


def times(chance: random.Random) -> list[tuple[int, int]]:
    """The years that the caseload spans, and some months, the present one among them: a page asks for either."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS_BACK)
    months = {
        today.replace(day=1),
        *((first + timedelta(days=chance.randrange(DAYS_BACK))).replace(day=1) for _ in range(4)),
    }
    return [
        *((year, 0) for year in range(first.year, today.year + 1)),
        *sorted((one.year, one.month) for one in months),
    ]


def differences(world: World, procedure: Procedure) -> list[tuple[str, str, str, object, object]]:
    """Where page and count part: who reads, how it is counted, of which time, what each of them says."""
    today, parted = timezone.localdate(), []
    for role in READERS:
        actor, client = world.actor(role), client_of(world.members[role])
        cases = supervised_by(actor, procedure)
        for counted in ("opening", "act"):
            with acting_as_system("test"):
                anew = count_anew(cases, today, monitor=actor.reads("protection"), by_act=counted == "act")
            for year, month in times(random.Random(procedure.code)):
                time = f"{year}-{month:02d}" if month else f"{year}-"
                wanted = {line: counts for line, counts in anew.items() if line[1].startswith(time)}
                page = shown(client, procedure, counted, year, month)
                for line in sorted(page.keys() | wanted.keys()):
                    if page.get(line) != wanted.get(line):
                        parted.append((role, counted, time, line, (page.get(line), wanted.get(line))))
    return parted


@pytest.mark.parametrize("procedure", PROCEDURES, ids=[one.code for one in PROCEDURES])
def test_each_month_of_each_office_is_what_a_count_anew_gives(world: World, procedure: Procedure):
    caseload(world, procedure, seed=1)
    assert differences(world, procedure) == []


def test_a_verdict_that_is_told_wrongly_is_noticed(world: World, monkeypatch):
    """The count anew can part from the page: where unknown is taken for kept, it does."""
    procedure = rulebook.current().procedures["asylum"][-1]
    caseload(world, procedure, seed=1)
    honest = supervision.findings

    def flattering(*told):
        return tuple(
            replace(one, verdict=Verdict.KEPT) if one.verdict is Verdict.UNKNOWN else one for one in honest(*told)
        )

    monkeypatch.setattr(supervision, "findings", flattering)
    assert differences(world, procedure)
