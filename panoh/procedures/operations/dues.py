"""The projection of clocks: what `Due` says is always what the pure computation says.

Called after every step (one case), and after a barrier or a change of holidays (very many). In bulk the steps of thousands
of cases are read in one pass, computed in memory with equal clocks computed once, and only what changed is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from panoh.procedures.models import Barrier, Case, Due, Step
from panoh.procedures.rules.clocks import BarrierFact, ClockState, project_clocks
from panoh.procedures.rules.situation import Act
from panoh.rulebook.model import Procedure, Rulebook

BATCH = 2000


def barriers_of(organisation_id: UUID) -> tuple[BarrierFact, ...]:
    """All barriers that ever stood for an organisation's cases, oldest first."""
    rows = Barrier.objects.filter(organisation_id=organisation_id).order_by("from_on", "id")
    return tuple(BarrierFact(row.kind, row.from_on, row.to_on, row.provision) for row in rows)


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


def _differs(due: Due, case: Case, state: ClockState) -> bool:
    return _row_of(due) != _wanted(case, state)


def _row_of(due: Due) -> tuple[Any, ...]:
    return (
        due.organisation_id, due.assigned_to_id, due.household_id, due.starts_on, due.due_on, due.elapsed_due_on,
        due.paused_on, due.stopped_on, due.provision, due.unknown,
    )  # fmt: skip


def _wanted(case: Case, state: ClockState) -> tuple[Any, ...]:
    return (
        case.organisation_id, case.assigned_to_id, case.household_id, state.starts_on, state.due_on, state.elapsed_due_on,
        state.paused_on, state.stopped_on, state.provision, state.unknown,
    )  # fmt: skip


def _fill(due: Due, case: Case, state: ClockState) -> None:
    (
        due.organisation_id, due.assigned_to_id, due.household_id, due.starts_on, due.due_on, due.elapsed_due_on,
        due.paused_on, due.stopped_on, due.provision, due.unknown,
    ) = _wanted(case, state)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Computed:
    """The clocks of one case as they ought to stand."""

    case: Case
    states: Mapping[str, ClockState]


STEP_COLUMNS = ("case_id", "seq", "action", "occurred_on", "from_state", "to_state", "facts", "persons")


def compute_many(
    cases: QuerySet[Case], book: Rulebook, barriers: Mapping[UUID, tuple[BarrierFact, ...]] | None = None
) -> Iterator[Computed]:
    """The clocks of many cases, from their steps alone. `barriers` stands in for those on record, for a preview.

    Cases with the same steps on the same days, of which a register has thousands, are computed once.
    """
    known: dict[UUID, tuple[BarrierFact, ...]] = dict(barriers or {})
    clocks: dict[Any, ClockState] = {}
    histories: dict[Any, dict[str, ClockState]] = {}
    for batch in _batches(cases.order_by("id").iterator(BATCH), BATCH):
        steps = Step.objects.filter(case_id__in=[case.pk for case in batch]).order_by("case_id", "seq")
        by_case = {key: list(found) for key, found in groupby(steps.values_list(*STEP_COLUMNS), itemgetter(0))}
        for case in batch:
            if case.organisation_id not in known:
                known[case.organisation_id] = barriers_of(case.organisation_id)
            rows = by_case.get(case.pk, [])
            procedure = book.procedure_version(case.procedure, case.procedure_version)
            asked = _asked_fields(procedure)
            history = (
                procedure.code, procedure.version, case.track, case.organisation_id,
                tuple((row[2], row[3], row[5], _answered(asked.get(row[2]), row)) for row in rows),
            )  # fmt: skip
            if history not in histories:
                acts = [_act(row) for row in rows]
                histories[history] = project_clocks(
                    procedure, case.track, acts, known[case.organisation_id], book, clocks
                )
            yield Computed(case, histories[history])


def _asked_fields(procedure: Procedure) -> dict[str, frozenset[str]]:
    """By act, the fields on whose answers it depends whether a clock starts."""
    found: dict[str, frozenset[str]] = {}
    for clock in procedure.clocks.values():
        if clock.starts_when is not None:
            for action in clock.starts_on:
                found[action] = found.get(action, frozenset()) | {clock.starts_when.field}
    return found


def _answered(fields: frozenset[str] | None, row: Any) -> Any:
    """What a step answered to the questions on which a clock depends."""
    if not fields:
        return None
    return tuple(str(about.get(name)) for name in sorted(fields) for about in (row[6], *row[7].values()))


def _act(row: Any) -> Act:
    case_id, seq, action, occurred_on, from_state, to_state, facts, persons = row
    # The member does not matter to a clock, so it is not read.
    return Act(
        seq,
        action,
        occurred_on,
        case_id,
        from_state,
        to_state,
        facts,
        {UUID(key): value for key, value in persons.items()},
    )


def recompute_dues(
    cases: QuerySet[Case], book: Rulebook, barriers: Mapping[UUID, tuple[BarrierFact, ...]] | None = None
) -> int:
    """Brings the projection of these cases up to date; returns how many rows changed. Needs to see all of them."""
    changed = 0
    for batch in _batches(compute_many(cases, book, barriers), BATCH):
        known: dict[UUID, dict[str, Due]] = {}
        for due in Due.objects.filter(case_id__in=[one.case.pk for one in batch]):
            known.setdefault(due.case_id, {})[due.clock] = due
        wrong: list[Due] = []
        new: list[Due] = []
        gone: list[int] = []
        for one in batch:
            rows = known.get(one.case.pk, {})
            for code, state in one.states.items():
                due = rows.pop(code, None)
                if due is None:
                    due = Due(case=one.case, clock=code)
                    _fill(due, one.case, state)
                    new.append(due)
                elif _differs(due, one.case, state):
                    _fill(due, one.case, state)
                    wrong.append(due)
            gone.extend(due.pk for due in rows.values())
        Due.objects.bulk_create(new, batch_size=1000)
        _update(wrong)
        Due.objects.filter(pk__in=gone).delete()
        changed += len(wrong) + len(new) + len(gone)
    return changed


UPDATE = """
UPDATE procedures_due d SET organisation_id = n.organisation_id, assigned_to_id = n.assigned_to_id,
    household_id = n.household_id, starts_on = n.starts_on, due_on = n.due_on, elapsed_due_on = n.elapsed_due_on,
    paused_on = n.paused_on, stopped_on = n.stopped_on, provision = n.provision,
    unknown = n.unknown
FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::date[], %s::date[], %s::date[],
    %s::text[], %s::boolean[]) AS n (id, organisation_id, assigned_to_id, household_id, starts_on, due_on, elapsed_due_on, paused_on,
    stopped_on, provision, unknown)
WHERE d.id = n.id"""


def _update(wrong: Sequence[Due]) -> None:
    """One statement for all rows: Django's bulk_update writes a CASE for each column and takes twenty times as long."""
    if not wrong:
        return
    columns = zip(*((due.pk, *_row_of(due)) for due in wrong), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [list(column) for column in columns])


def _batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
