"""The projection of clocks: what `Due` says is always what the pure computation says.

Called after every step (one case), and after a barrier or a change of holidays (very many). In bulk the steps of thousands
of cases are read in one pass, computed in memory with equal clocks computed once, and only what changed is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from panoh.kernel.collecting import without_collecting
from panoh.procedures.models import Barrier, Case, Due, Feast
from panoh.procedures.rules.clocks import (
    BarrierFact,
    ClockInputs,
    ClockState,
    project_clocks,
    states_of,
    told_clocks,
)
from panoh.procedures.rules.moves import version_left
from panoh.procedures.rules.situation import Act
from panoh.rulebook.feasts import with_feasts
from panoh.rulebook.model import MOVE, ClockRule, Procedure, Rulebook

BATCH = 2000


def barriers_of(organisation_id: UUID) -> tuple[BarrierFact, ...]:
    """All barriers that ever stood for an organisation's cases, oldest first."""
    rows = Barrier.objects.filter(organisation_id=organisation_id).order_by("from_on", "id")
    return tuple(BarrierFact(row.kind, row.from_on, row.to_on, row.provision) for row in rows)


def feasts_on_record() -> dict[date, date]:
    """For each expected feast that was proclaimed, its day: the last that a second person confirmed."""
    rows = Feast.objects.filter(confirmed_at__isnull=False).order_by("confirmed_at", "id")
    return dict(rows.values_list("expected_on", "on"))


def hold_clocks(organisation_id: UUID, *, shared: bool = False) -> None:
    """Until this transaction ends, no barrier of the organisation comes or goes behind it.

    Steps hold it together, a barrier alone: else a step that was under way when a barrier was recorded would write clocks
    that know nothing of it, after the barrier's own recomputing had passed.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [f"clocks of {organisation_id}"])


def refresh_dues(case: Case, acts: Sequence[Act], book: Rulebook) -> None:
    """The clocks of one case after a step: few rows, written one by one."""
    hold_clocks(case.organisation_id, shared=True)
    book = with_feasts(book, feasts_on_record())
    procedure = book.procedure_version(case.procedure, case.procedure_version)
    states = project_clocks(procedure, case.track, acts, barriers_of(case.organisation_id), book)
    known = {due.clock: due for due in case.dues.all()}
    for code, state in states.items():
        due = known.pop(code, None) or Due(case=case, clock=code)
        if due.pk is None or _differs(due, case, state):
            _fill(due, case, state)
            due.save()
    for gone in known.values():
        gone.delete()


def _differs(due: Due, case: CaseLike, state: ClockState) -> bool:
    return _row_of(due) != _wanted(case, state)


COLUMNS = (
    "organisation_id", "assigned_to_id", "household_id", "starts_on", "due_on", "elapsed_due_on", "paused_on", "stopped_on",
    "provision", "unknown",
)  # fmt: skip
_row_of = attrgetter(*COLUMNS)


def _wanted(case: CaseLike, state: ClockState) -> tuple[Any, ...]:
    return (
        case.organisation_id, case.assigned_to_id, case.household_id, state.starts_on, state.due_on, state.elapsed_due_on,
        state.paused_on, state.stopped_on, state.provision, state.unknown,
    )  # fmt: skip


def _fill(due: Due, case: CaseLike, state: ClockState) -> None:
    for name, value in zip(COLUMNS, _wanted(case, state), strict=True):
        setattr(due, name, value)


class CaseRow(NamedTuple):
    """A case as far as its clocks ask: making the models of a hundred thousand would cost more than their clocks."""

    pk: UUID
    number: str
    procedure: str
    procedure_version: int
    track: str
    organisation_id: UUID
    assigned_to_id: UUID | None
    household_id: UUID


CaseLike = Case | CaseRow


@dataclass(frozen=True, slots=True)
class Computed:
    """The clocks of one case as they ought to stand."""

    case: CaseRow
    states: Mapping[str, ClockState]


# Answers are read only where a clock depends on one, and as text; what a clock never asks (whose act, out of which state) is not read.
STEPS = """
SELECT case_id::text, seq, action, occurred_on, to_state,
    CASE WHEN action = ANY (%s) THEN facts::text END, CASE WHEN action = ANY (%s) THEN persons::text END
FROM procedures_step WHERE case_id = ANY (%s) ORDER BY case_id, seq"""

NOBODY = UUID(int=0)

Told = list[tuple[ClockRule, ClockInputs]]


def read_histories(
    cases: QuerySet[Case],
    book: Rulebook,
    barriers: Mapping[UUID, tuple[BarrierFact, ...]] | None = None,
    until: date | None = None,
) -> Iterator[tuple[CaseRow, Procedure, Told]]:
    """What happened to each clock that has started, case by case, from the steps alone. `barriers` stands in for those on record.

    Cases with the same steps on the same days, of which a register has thousands, are gone through once. `until` asks for a past day:
    a case that moved to a later version after it is told under the version of that day.
    """
    standing: dict[UUID, tuple[BarrierFact, ...]] = dict(barriers or {})
    histories: dict[Any, Told] = {}
    definitions: dict[tuple[str, int], tuple[Procedure, frozenset[str]]] = {}
    every = _asked_actions(version for versions in book.procedures.values() for version in versions)
    rows = cases.order_by("id").values_list(*CaseRow._fields).iterator(BATCH)
    for batch in _batches(map(CaseRow._make, rows), BATCH):
        by_case = _read_steps([case.pk for case in batch], every)
        for case in batch:
            if case.organisation_id not in standing:
                standing[case.organisation_id] = barriers_of(case.organisation_id)
            steps = by_case.get(str(case.pk), ())
            version = (case.procedure, case.procedure_version)
            if until is not None:
                version, steps = _before_moves(version, steps, until)
            if version not in definitions:
                procedure = book.procedure_version(*version)
                definitions[version] = (procedure, _asked_actions([procedure, *book.earlier_versions(procedure)]))
            procedure, asked = definitions[version]
            history = (
                version, case.track, case.organisation_id,
                tuple([row[2:] if row[2] in asked else row[2:5] for row in steps]),
            )  # fmt: skip
            told = histories.get(history)
            if told is None:
                acts = [_act(row, answered=row[2] in asked) for row in steps]
                told = histories[history] = told_clocks(
                    procedure, case.track, acts, standing[case.organisation_id], book
                )
            yield case, procedure, told


def _before_moves(
    version: tuple[str, int], steps: Sequence[tuple[Any, ...]], until: date
) -> tuple[tuple[str, int], Sequence[tuple[Any, ...]]]:
    """The steps up to the first move after a day, and the version that it led out of."""
    for place, row in enumerate(steps):
        if row[2] == MOVE and row[3] > until:
            return (version[0], version_left(_act(row, answered=True))), steps[:place]
    return version, steps


def _read_steps(cases: list[UUID], asked: frozenset[str]) -> dict[str, list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [sorted(asked), sorted(asked), cases])
        return {key: list(found) for key, found in groupby(cursor.fetchall(), itemgetter(0))}


def compute_many(
    cases: QuerySet[Case],
    book: Rulebook,
    barriers: Mapping[UUID, tuple[BarrierFact, ...]] | None = None,
    feasts: Mapping[date, date] | None = None,
) -> Iterator[Computed]:
    """The clocks of many cases as they ought to stand; clocks to which the same happened are computed once.

    `feasts`, like `barriers`, stand in for those on record, for a preview.
    """
    book = with_feasts(book, feasts_on_record() if feasts is None else feasts)
    clocks: dict[Any, ClockState] = {}
    for case, procedure, told in read_histories(cases, book, barriers):
        yield Computed(case, states_of(procedure, told, book, clocks))


def _asked_actions(procedures: Iterable[Procedure]) -> frozenset[str]:
    """Acts on whose answers it depends whether a clock starts, also under the versions that a case was moved out of; and the moves."""
    clocks = (clock for procedure in procedures for clock in procedure.clocks.values())
    return frozenset(action for clock in clocks if clock.starts_when is not None for action in clock.starts_on) | {MOVE}


def _act(row: tuple[Any, ...], *, answered: bool) -> Act:
    _case, seq, action, occurred_on, to_state, facts, persons = row
    if not answered:
        return Act(seq, action, occurred_on, NOBODY, "", to_state)
    told = {UUID(key): value for key, value in json.loads(persons).items()}
    return Act(seq, action, occurred_on, NOBODY, "", to_state, json.loads(facts), told)


def recompute_dues(
    cases: QuerySet[Case], book: Rulebook, barriers: Mapping[UUID, tuple[BarrierFact, ...]] | None = None
) -> int:
    """Brings the projection of these cases up to date; returns how many rows changed. Needs to see all of them."""
    with without_collecting():
        return sum(_bring_up_to_date(batch) for batch in _batches(compute_many(cases, book, barriers), BATCH))


def _bring_up_to_date(batch: Sequence[Computed]) -> int:
    """Writes only what differs: a projection that is right costs no write."""
    known: dict[tuple[UUID, str], tuple[Any, ...]] = {
        row[:2]: row[2:]
        for row in Due.objects.filter(case_id__in=[one.case.pk for one in batch]).values_list(
            "case_id", "clock", "pk", *COLUMNS
        )
    }
    wrong: list[tuple[Any, ...]] = []
    new: list[Due] = []
    for one in batch:
        for code, state in one.states.items():
            row = known.pop((one.case.pk, code), None)
            wanted = _wanted(one.case, state)
            if row is None:
                new.append(Due(case_id=one.case.pk, clock=code, **dict(zip(COLUMNS, wanted, strict=True))))
            elif row[1:] != wanted:
                wrong.append((row[0], *wanted))
    gone = [row[0] for row in known.values()]
    Due.objects.bulk_create(new, batch_size=1000)
    _update(wrong)
    if gone:
        Due.objects.filter(pk__in=gone).delete()
    return len(wrong) + len(new) + len(gone)


UPDATE = """
UPDATE procedures_due d SET organisation_id = n.organisation_id, assigned_to_id = n.assigned_to_id,
    household_id = n.household_id, starts_on = n.starts_on, due_on = n.due_on, elapsed_due_on = n.elapsed_due_on,
    paused_on = n.paused_on, stopped_on = n.stopped_on, provision = n.provision,
    unknown = n.unknown
FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::date[], %s::date[], %s::date[],
    %s::text[], %s::boolean[]) AS n (id, organisation_id, assigned_to_id, household_id, starts_on, due_on, elapsed_due_on, paused_on,
    stopped_on, provision, unknown)
WHERE d.id = n.id"""


def _update(wrong: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all rows: Django's bulk_update writes a CASE for each column and takes twenty times as long."""
    if not wrong:
        return
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [list(column) for column in zip(*wrong, strict=True)])


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
