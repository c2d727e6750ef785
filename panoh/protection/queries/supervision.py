"""Cases as supervision counts them: through one function of the database, which shows codes and days and no file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from panoh.access.actor import Actor
from panoh.access.policy import check, decide
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case
from panoh.procedures.queries.cases import past_of
from panoh.procedures.queries.cases import visible_to as cases_visible_to
from panoh.procedures.rules.safeguards import MonitorAnswer, Record, Verdict
from panoh.procedures.rules.situation import Act, Situation
from panoh.protection.rules.supervision import Clocked, Supervised
from panoh.rulebook import current

MOST_CASES = 20_000


def list_supervised(
    actor: Actor, procedure: str, since: date, before: date, today: date, *, by_act: bool = False
) -> list[Supervised]:
    """The cases of the own organisation, and of those that an agreement opens, that began in this time; by act, that were open in it."""
    check(actor, "protection.supervision.read")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one::text FROM protection_supervised(%s, %s, %s, %s, %s) AS one",
            [procedure, since, before, MOST_CASES + 1, by_act],
        )
        rows = [json.loads(text) for (text,) in cursor.fetchall()]
    if len(rows) > MOST_CASES:
        raise Problem("protection.supervision.too_many", most=MOST_CASES)
    return [_supervised(procedure, row, today) for row in rows]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _supervised(procedure: str, row: dict[str, Any], today: date) -> Supervised:
    acts = tuple(
        Act(
            seq=seq,
            action=action,
            occurred_on=date.fromisoformat(on),
            member=UUID(by),
            from_state=came_from,
            to_state=to,
            facts=facts,
            persons={UUID(key): answers for key, answers in persons.items()},
        )
        for seq, action, on, by, came_from, to, facts, persons in row["steps"]
    )
    definition = current().procedure_version(procedure, row["version"])
    situation = Situation(
        procedure=definition,
        track=row["track"],
        state=row["state"],
        opened_on=date.fromisoformat(row["opened_on"]),
        today=today,
        acts=past_of(definition, acts),
    )
    return Supervised(
        id=UUID(row["id"]),
        office=UUID(row["office"]),
        situation=situation,
        record=_record(row, today),
        clocks=tuple(
            Clocked(clock, date.fromisoformat(starts), _day(due), _day(elapsed), _day(stopped))
            for clock, starts, due, elapsed, stopped, _unknown in row["dues"]
        ),
        outcomes=tuple((outcome, date.fromisoformat(on)) for outcome, on in row["outcomes"]),
    )


def _record(row: dict[str, Any], today: date) -> Record:
    """What the case can show, in the same words as `procedures.queries.safeguards.record_of`."""
    late: dict[str, date] = {}
    in_time: dict[str, date] = {}
    running: dict[str, date | None] = {}
    for clock, _starts, due, _elapsed, stopped, unknown in row["dues"]:
        ends, stopped_on = _day(due), _day(stopped)
        if ends is not None and (stopped_on or today) > ends:
            late[clock] = ends
        elif stopped_on is not None:
            in_time[clock] = stopped_on
        elif not unknown:
            running[clock] = ends
    seats: dict[str, set[str]] = {kind: set() for kind in row["sat"]}
    for kind, place in row["seats"]:
        seats[kind].add(place)
    return Record(
        late_clocks=late,
        clocks_in_time=in_time,
        running_clocks=running,
        seats={kind: frozenset(places) for kind, places in seats.items()},
        papers={kind: date.fromisoformat(on) for kind, on in row["papers"].items()},
        answers={
            safeguard: MonitorAnswer(Verdict(verdict), date.fromisoformat(on))
            for safeguard, verdict, on in row["answers"]
        },
    )


def list_cases_behind(actor: Actor, ids: Iterable[UUID], limit: int = 100) -> list[Case]:
    """The cases behind a figure, for who may open files."""
    if not decide(actor, "procedures.case.read").allowed:
        return []
    return list(cases_visible_to(actor).filter(pk__in=list(ids)).order_by("-opened_on", "number")[:limit])
