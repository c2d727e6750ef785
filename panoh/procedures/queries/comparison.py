"""What a changed rulebook would do to the cases that are open: which last days would move, and which cases it no longer knows.

Nothing is written. Both rulebooks compute the same steps; whoever drafts an amendment sees its effect before it is in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from panoh import rulebook
from panoh.kernel.collecting import without_collecting
from panoh.procedures.models import Case, Step
from panoh.procedures.operations.dues import CaseRow, compute_many
from panoh.procedures.rules.clocks import ClockState
from panoh.rulebook.model import MOVE, NoRuleInForce, Procedure, Rulebook


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that runs and would end on another day. None where it does not run, or has no last day yet."""

    case: CaseRow
    procedure: Procedure
    clock: str
    before: date | None
    after: date | None

    @property
    def titles(self) -> Any:
        return self.procedure.clocks[self.clock].titles

    @property
    def days(self) -> int | None:
        return (self.after - self.before).days if self.before and self.after else None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Cases of one version that the draft no longer knows: the version itself, a state they stand in, or an act that was done."""

    procedure: str
    version: int
    missing: str
    cases: int


@dataclass(slots=True)
class Comparison:
    """The whole effect of a draft on the open cases."""

    draft: Rulebook
    cases: int = 0
    moved: list[Moved] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        return self.draft.fingerprint == rulebook.current().fingerprint

    @property
    def counts(self) -> list[tuple[Procedure, str, int, int, int]]:
        """By clock: how many end later, how many earlier, how many begin or cease to have a last day."""
        later: Counter[tuple[str, str]] = Counter()
        earlier: Counter[tuple[str, str]] = Counter()
        other: Counter[tuple[str, str]] = Counter()
        definitions = {}
        for one in self.moved:
            key = (one.procedure.code, one.clock)
            definitions[key] = one.procedure
            (other if one.days is None else later if one.days > 0 else earlier)[key] += 1
        return [(definitions[key], key[1], later[key], earlier[key], other[key]) for key in sorted(definitions)]


def compare_rulebooks(cases: QuerySet[Case], draft: Rulebook) -> Comparison:
    """The open cases among these, under the rulebook in force and under the draft. Needs to see all of them."""
    found = Comparison(draft)
    open_cases = cases.filter(closed_on__isnull=True)
    found.unknown = list(_unknown(open_cases, draft))
    for one in found.unknown:
        open_cases = open_cases.exclude(procedure=one.procedure, procedure_version=one.version)
    book = rulebook.current()
    with without_collecting():
        for now, then in zip(compute_many(open_cases, book), compute_many(open_cases, draft), strict=True):
            found.cases += 1
            definition = draft.procedure_version(now.case.procedure, now.case.procedure_version)
            before, after = _running(now.states), _running(then.states)
            for clock in sorted(before.keys() | after.keys()):
                if before.get(clock) != after.get(clock):
                    known = definition if clock in definition.clocks else _now(book, now.case)
                    found.moved.append(Moved(now.case, known, clock, before.get(clock), after.get(clock)))
    found.moved.sort(key=lambda one: (one.after or date.max, one.case.number, one.clock))
    return found


def _now(book: Rulebook, case: CaseRow) -> Procedure:
    return book.procedure_version(case.procedure, case.procedure_version)


def _running(states: Any) -> dict[str, date | None]:
    return {code: state.due_on for code, state in states.items() if _runs(state)}


def _runs(state: ClockState) -> bool:
    return state.stopped_on is None


def _unknown(cases: QuerySet[Case], draft: Rulebook) -> Iterator[Unknown]:
    """What open cases rest on and the draft has not: asked by version, so that one statement answers for thousands."""
    standing: dict[tuple[str, int], dict[str, int]] = {}
    for code, version, state, pk in cases.values_list("procedure", "procedure_version", "state", "pk"):
        standing.setdefault((code, version), {}).setdefault(state, 0)
        standing[code, version][state] += isinstance(pk, UUID)
    for (code, version), states in sorted(standing.items()):
        many = sum(states.values())
        try:
            definition = draft.procedure_version(code, version)
        except NoRuleInForce:
            yield Unknown(code, version, "version", many)
            continue
        steps = Step.objects.filter(case__in=cases.filter(procedure=code, procedure_version=version))
        passed = set(steps.values_list("to_state", flat=True).distinct()) | states.keys()
        done = set(steps.values_list("action", flat=True).distinct())
        # A case that was moved has states and acts of earlier versions behind it.
        versions = (definition, *draft.earlier_versions(definition))
        states_known = {state for one in versions for state in one.states}
        acts_known = {action for one in versions for action in one.actions} | {MOVE}
        missing = sorted(states.keys() - definition.states.keys() | passed - states_known) + sorted(done - acts_known)
        if missing:
            yield Unknown(code, version, ", ".join(missing), many)
