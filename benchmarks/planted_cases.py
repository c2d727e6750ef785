"""Many open cases of every procedure for a measurement: histories by chance, written by COPY as the demo writes its own.

Each history is a walk through the states of its procedure, on days of the last two years; what guards would ask for is not
made up, because clocks ask for acts and days alone. Every case has its entry, so that the guards of the ledger hold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.demo.loading.shapes import Rows, forced_tables, shape, unforced
from panoh.kernel.ids import new_id
from panoh.ledger.bulk import write_entries
from panoh.ledger.composition import compose
from panoh.procedures.models import Case, CasePerson, Step
from panoh.registry.models import Person
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Procedure

ORDER = (Case, CasePerson, Step)
CHUNK = 4_000
YEARS_BACK = 2
KIND = "benchmark.case.planted"


@dataclass(frozen=True)
class Way:
    """A procedure on one track, and the organisation that runs it."""

    procedure: Procedure
    track: str
    member: Member

    @property
    def slot(self) -> str:
        return f"{self.procedure.code}:{self.track}"


def count_open() -> int:
    with acting_as_system("counting cases for a measurement"):
        return Case.objects.filter(closed_on__isnull=True).count()


def plant(wanted: int, seed: int) -> int:
    """Adds open cases until there are `wanted`; returns how many were added. Their clocks are left to be computed."""
    missing, chance = wanted - count_open(), random.Random(seed)
    if missing <= 0:
        return 0
    with acting_as_system("choosing persons for a measurement"):
        ways = list(_ways())
        people = list(Person.objects.filter(status="open", household__status="open").values_list("id", "household_id"))
        taken = set(CasePerson.objects.filter(open_slot__isnull=False).values_list("person_id", "open_slot"))
    free = [(person, way) for person in people for way in ways if (person[0], way.slot) not in taken]
    if len(free) < missing:
        raise SystemExit(f"the register has room for {len(free):,} more open cases: load more persons")
    owner = connections["owner"]
    owner.ensure_connection()
    chosen = chance.sample(free, missing)
    for begin in range(0, missing, CHUNK):
        _write(owner.connection, chosen[begin : begin + CHUNK], chance)
        print(f"  {min(begin + CHUNK, missing):,} of {missing:,} cases planted", flush=True)
    with owner.connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return missing


def _ways() -> Iterator[Way]:
    today = timezone.localdate()
    members = {
        kind: Member.objects.select_related("account", "organisation").filter(organisation__kind=kind).order_by("id").first()
        for kind in ("authority", "un", "ngo", "partner")
    }  # fmt: skip
    for versions in rulebook.current().procedures.values():
        for track in versions[-1].tracks.values():
            if versions[-1].is_in_force(today):
                yield Way(versions[-1], track.code, members[track.organisation_kind])


def _write(connection: Any, chosen: list[tuple[tuple[UUID, UUID], Way]], chance: random.Random) -> None:
    rows, entries = Rows(ORDER), []
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procedures_case_serial') FROM generate_series(1, %s)", [len(chosen)])
        serials = [serial for (serial,) in cursor.fetchall()]
        for (person, way), serial in zip(chosen, serials, strict=True):
            entries.append(_tell(rows, person, way, serial, chance))
        with unforced(cursor, forced_tables(cursor, ORDER)):
            write_entries(cursor, entries)
            rows.write(cursor)


def _tell(rows: Rows, person: tuple[UUID, UUID], way: Way, serial: int, chance: random.Random) -> Any:
    """One case with its steps; gives back its entry."""
    today, procedure = timezone.localdate(), way.procedure
    walked = list(_walk(way, today, chance))
    opened_on, at = walked[0][1], datetime.combine(today, time(1), tzinfo=UTC)
    case, entry = new_id(), new_id()
    stem = f"{procedure.number_prefix}-{opened_on.year % 100:02d}-{serial:06d}"
    rows.add(
        Case,
        shape(Case)(
            id=case, number=stem + check_digit(stem), procedure=procedure.code, procedure_version=procedure.version,
            track=way.track, state=walked[-1][3], household_id=person[1], organisation_id=way.member.organisation_id,
            opened_on=opened_on, confined=procedure.confined, version=len(walked),
        ),
    )  # fmt: skip
    rows.add(
        CasePerson,
        shape(CasePerson)(
            id=new_id(), case_id=case, person_id=person[0], position=1, own_line=True,
            open_slot=None if procedure.several_at_once else way.slot,
        ),
    )  # fmt: skip
    steps = []
    for seq, (action, on, before, after, facts) in enumerate(walked, 1):
        steps.append(new_id())
        rows.add(
            Step,
            shape(Step)(
                id=steps[-1], case_id=case, seq=seq, action=action, from_state=before, to_state=after, occurred_on=on,
                recorded_at=at, by_id=way.member.pk, facts=facts, persons={}, entry_id=entry,
            ),
        )  # fmt: skip
    return compose(
        entry_id=entry, recorded_at=at, by=actor_for_once(way.member), kind=KIND,
        subjects=[case, person[0], *steps], payload={"case": case}, occurred_on=today,
    )  # fmt: skip


_actors: dict[UUID, Any] = {}


def actor_for_once(member: Member) -> Any:
    if member.pk not in _actors:
        _actors[member.pk] = actor_for(member)
    return _actors[member.pk]


def _walk(way: Way, today: date, chance: random.Random) -> Iterator[tuple[str, date, str, str, dict[str, Any]]]:
    """Acts from the opening on, none of which ends the case: action, day, state before and after, answers."""
    procedure = way.procedure
    state = procedure.initial_state().code
    day = today - timedelta(days=chance.randint(5, 365 * YEARS_BACK))
    action = procedure.actions[procedure.tracks[way.track].opens_with]
    for _ in range(chance.randint(1, 8)):
        after = [code for code in (action.end_states() or (state,)) if not procedure.states[code].is_final]
        if not after:
            return
        to = chance.choice(after)
        yield action.code, day, state, to, _answers(procedure, action.code, chance)
        state, day = to, day + timedelta(days=chance.randint(0, 40))
        ways = [
            one for one in procedure.actions_from(state, way.track)
            if any(not procedure.states[code].is_final for code in (one.end_states() or (state,)))
        ]  # fmt: skip
        if not ways or day > today:
            return
        action = chance.choice(ways)


def _answers(procedure: Procedure, action: str, chance: random.Random) -> dict[str, Any]:
    """What clocks that start by an answer ask for, mostly as they want it."""
    return {
        clock.starts_when.field: chance.choice(sorted(clock.starts_when.values))
        for clock in procedure.clocks.values()
        if clock.starts_when is not None and action in clock.starts_on and chance.random() < 0.8
    }
