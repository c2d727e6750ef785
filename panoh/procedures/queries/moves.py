"""Which open cases a transition rule moves, and what would change for each: looked at before anybody does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.procedures.models import AgendaItem, Case
from panoh.procedures.operations.dues import barriers_of, feasts_on_record
from panoh.procedures.queries.cases import as_act, visible_to
from panoh.procedures.rules.clocks import BarrierFact, ClockState, project_clocks
from panoh.procedures.rules.moves import as_seen_now, find_transition, is_taken, questions_of
from panoh.procedures.rules.situation import Act, Situation
from panoh.rulebook.feasts import with_feasts
from panoh.rulebook.model import FROM_VERSION, MOVE, Procedure, Rulebook, Titles, Transition

NOBODY = UUID(int=0)
BATCH = 500


@dataclass(frozen=True, slots=True)
class ClockChange:
    """A time limit that runs before the move or after it. `before` None: it begins; `after` None: it ends; days None: it stands still."""

    before: str | None
    after: str | None
    titles: Titles
    due_before: date | None
    due_after: date | None

    @property
    def days(self) -> int | None:
        return (self.due_after - self.due_before).days if self.due_before and self.due_after else None

    @property
    def is_same(self) -> bool:
        return self.before is not None and self.after is not None and self.due_before == self.due_after


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a move would come to for one case; nothing has been done."""

    case: Case
    earlier: Procedure
    later: Procedure
    rule: Transition
    acts: tuple[Act, ...]
    """All that was done, as it was done: each act in the words of its own version."""
    to_state: str
    questions: tuple[Any, ...]
    clocks: tuple[ClockChange, ...]
    on_agenda: bool

    @property
    def from_state_titles(self) -> Titles:
        return self.earlier.states[self.case.state].titles

    @property
    def to_state_titles(self) -> Titles:
        return self.later.states[self.to_state].titles

    @property
    def waits(self) -> bool:
        """It cannot be moved in one go with others: it stands on an agenda, or somebody must be asked."""
        return self.on_agenda or bool(self.questions)

    @property
    def changed(self) -> list[ClockChange]:
        return [one for one in self.clocks if not one.is_same]


def move_act(case: Case, earlier: Procedure, to_state: str, on: date, facts: dict[str, Any], member: UUID) -> Act:
    """The act that a move would be."""
    return Act(case.version + 1, MOVE, on, member, case.state, to_state, {FROM_VERSION: str(earlier.version), **facts})


def find_prospect(
    case: Case,
    on: date,
    *,
    book: Rulebook | None = None,
    acts: tuple[Act, ...] | None = None,
    barriers: Sequence[BarrierFact] | None = None,
    on_agenda: bool | None = None,
) -> Prospect | None:
    """What a move on this day would come to; None where no later version takes the case.

    `book` is a draft, or the rulebook with its feasts laid over it already; without it, it is the one in force.
    """
    known = book or rulebook.current()
    found = find_transition(known, case.procedure, case.procedure_version, on)
    if found is None or case.closed_on is not None:
        return None
    later, rule = found
    earlier = known.procedure_version(case.procedure, case.procedure_version)
    told = tuple(as_act(step) for step in case.steps.order_by("seq")) if acts is None else acts
    past = as_seen_now(earlier, told, known)
    situation = Situation(
        procedure=earlier, track=case.track, state=case.state, opened_on=case.opened_on, today=on, acts=past
    )
    if not is_taken(rule, situation):
        return None
    counted = book or with_feasts(known, feasts_on_record())
    standing = barriers_of(case.organisation_id) if barriers is None else barriers
    to_state = rule.states[case.state]
    act = move_act(case, earlier, to_state, on, {}, NOBODY)
    before = project_clocks(earlier, case.track, told, standing, counted)
    after = project_clocks(later, case.track, (*told, act), standing, counted)
    waiting = (
        AgendaItem.objects.filter(case=case, outcome=AgendaItem.WAITING).exists() if on_agenda is None else on_agenda
    )
    return Prospect(
        case=case,
        earlier=earlier,
        later=later,
        rule=rule,
        acts=told,
        to_state=to_state,
        questions=questions_of(rule, past),
        clocks=tuple(_changes(earlier, later, rule, before, after)),
        on_agenda=waiting,
    )


def _changes(
    earlier: Procedure,
    later: Procedure,
    rule: Transition,
    before: dict[str, ClockState],
    after: dict[str, ClockState],
) -> Iterator[ClockChange]:
    """Every clock that runs on either side of the move: none may be passed over in silence."""
    running_after = {code: state for code, state in after.items() if state.stopped_on is None}
    carried = set()
    for code, state in before.items():
        if state.stopped_on is not None or code not in earlier.clocks:
            continue
        becomes = rule.clocks[code].to
        goes_on = becomes if becomes in running_after else None
        carried.add(goes_on)
        titles = later.clocks[goes_on].titles if goes_on else earlier.clocks[code].titles
        yield ClockChange(code, goes_on, titles, state.due_on, running_after[goes_on].due_on if goes_on else None)
    for code, state in running_after.items():
        if code not in carried:
            yield ClockChange(None, code, later.clocks[code].titles, None, state.due_on)


def movable(cases: QuerySet[Case], on: date, book: Rulebook | None = None) -> QuerySet[Case]:
    """The open cases among these for whose version and state a later one has a rule. What was decided is asked case by case."""
    book = book or rulebook.current()
    wanted = Q(pk__in=[])
    for code, versions in book.procedures.items():
        for version in versions:
            found = find_transition(book, code, version.version, on)
            if found is not None:
                wanted |= Q(procedure=code, procedure_version=version.version, state__in=found[1].in_states)
    return cases.filter(wanted, closed_on__isnull=True)


def own_movable(actor: Actor, on: date) -> QuerySet[Case]:
    """Those that the actor's organisation runs and the actor sees."""
    return movable(visible_to(actor).filter(organisation_id=actor.organisation_id), on)


def list_prospects(cases: QuerySet[Case], on: date, draft: Rulebook | None = None) -> Iterator[Prospect]:
    """What the move of each would come to, many at a time in few statements. Needs to see all of them."""
    book = with_feasts(draft or rulebook.current(), feasts_on_record())
    barriers: dict[UUID, Sequence[BarrierFact]] = {}
    last: Any = None
    while True:
        page = movable(cases, on, book).prefetch_related("steps").order_by("pk")
        rows = list((page.filter(pk__gt=last) if last else page)[:BATCH])
        if not rows:
            return
        waiting = set(
            AgendaItem.objects.filter(case__in=rows, outcome=AgendaItem.WAITING).values_list("case_id", flat=True)
        )
        for case in rows:
            if case.organisation_id not in barriers:
                barriers[case.organisation_id] = barriers_of(case.organisation_id)
            found = find_prospect(
                case, on, book=book, acts=tuple(as_act(step) for step in case.steps.all()),
                barriers=barriers[case.organisation_id], on_agenda=case.pk in waiting,
            )  # fmt: skip
            if found is not None:
                yield found
        last = rows[-1].pk


def preview_draft(cases: QuerySet[Case], draft: Rulebook, today: date, listed: int = 20) -> list[Preview]:
    """What the transition rules of a draft would do on the day by which all of them are in force."""
    begins = [version.in_force_from for found in draft.procedures.values() for version in found if version.transitions]
    return preview_moves(cases, max([today, *begins]), listed, draft) if begins else []


@dataclass(slots=True)
class Preview:
    """What a transition would do to many cases, added up."""

    later: Procedure
    rule: Transition
    earlier: Procedure
    cases: int = 0
    on_agenda: int = 0
    asked: int = 0
    waiting: int = 0
    """Cases that stand on an agenda or need an answer, or both."""
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    later_days: Counter[str] = field(default_factory=Counter)
    earlier_days: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    first: list[Prospect] = field(default_factory=list)

    def take(self, one: Prospect, listed: int) -> None:
        self.cases += 1
        self.on_agenda += one.on_agenda
        self.asked += bool(one.questions)
        self.waiting += one.waits
        self.states[one.case.state, one.to_state] += 1
        for clock in one.clocks:
            if clock.after is None:
                self.ended[clock.before or ""] += 1
            elif clock.before is None:
                self.begun[clock.after] += 1
            elif clock.is_same:
                self.kept[clock.after] += 1
            elif clock.days is None or clock.days > 0:
                self.later_days[clock.after] += 1
            else:
                self.earlier_days[clock.after] += 1
        if len(self.first) < listed:
            self.first.append(one)

    @property
    def by_state(self) -> list[tuple[Titles, Titles, int]]:
        return [
            (self.earlier.states[old].titles, self.later.states[new].titles, many)
            for (old, new), many in sorted(self.states.items())
        ]

    @property
    def by_clock(self) -> list[tuple[Titles, int, int, int, int, int]]:
        """Each time limit: how many keep their day, end later, end earlier, begin, end with the move."""
        codes = {*self.kept, *self.later_days, *self.earlier_days, *self.begun}
        rows = [
            (
                self.later.clocks[code].titles,
                self.kept[code],
                self.later_days[code],
                self.earlier_days[code],
                self.begun[code],
                0,
            )
            for code in sorted(codes)
        ]
        ended = [(self.earlier.clocks[code].titles, 0, 0, 0, 0, many) for code, many in sorted(self.ended.items())]
        return rows + ended


def preview_moves(cases: QuerySet[Case], on: date, listed: int = 20, draft: Rulebook | None = None) -> list[Preview]:
    """By rule: how many cases move, from where to where, and what becomes of their time limits."""
    found: dict[tuple[str, int, int], Preview] = {}
    for one in list_prospects(cases, on, draft):
        key = (one.later.code, one.earlier.version, one.later.version)
        if key not in found:
            found[key] = Preview(one.later, one.rule, one.earlier)
        found[key].take(one, listed)
    return [found[key] for key in sorted(found)]
