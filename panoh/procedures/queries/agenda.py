"""The cases that wait for a sitting, and the agenda as a list: family, what is due, how far the item has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Max

from panoh.access.actor import Actor
from panoh.access.scope import household_scope
from panoh.procedures.models import AgendaItem, CasePerson, Due, Motion, Sitting, Vote
from panoh.procedures.queries.cases import names_of, visible_to
from panoh.procedures.queries.sittings import rule_of
from panoh.procedures.rules.agenda import Candidate, Standing, standing_of
from panoh.rulebook.model import ClockRule, Procedure, Rulebook, SittingRule, State


def agenda_limit(rule: SittingRule, on: date, book: Rulebook) -> int | None:
    """How many cases one sitting may take on that day, where the rulebook sets a number."""
    return book.value(rule.agenda_limit, on).number if rule.agenda_limit else None


def list_candidates(
    actor: Actor, definition: Procedure, rule: SittingRule, only: Collection[UUID] | None = None
) -> list[Candidate]:
    """The cases of the actor's organisation that wait for such a sitting, each with the most urgent clock that it stops."""
    stopped = [clock.code for clock in definition.clocks.values() if set(clock.stops_on) & set(rule.decides)]
    cases = visible_to(actor).filter(
        organisation_id=actor.organisation_id,
        procedure=definition.code,
        state__in=rule.takes_from_states,
        track__in=rule.tracks,
    )
    open_dues = Due.objects.filter(
        household_scope(actor, "household__"),
        organisation_id=actor.organisation_id,
        stopped_on__isnull=True,
        clock__in=stopped,
        case__procedure=definition.code,
        case__state__in=rule.takes_from_states,
    )
    deferred = AgendaItem.objects.filter(
        outcome=AgendaItem.DEFERRED, case__procedure=definition.code, case__state__in=rule.takes_from_states
    ).exclude(note="")
    if only is not None:
        cases, open_dues, deferred = (
            cases.filter(pk__in=only),
            open_dues.filter(case_id__in=only),
            deferred.filter(case_id__in=only),
        )
    dues: dict[UUID, list[tuple[date | None, date | None, str]]] = {}
    for case_id, due_on, elapsed, clock in open_dues.values_list("case_id", "due_on", "elapsed_due_on", "clock"):
        dues.setdefault(case_id, []).append((due_on, elapsed, clock))
    last = dict(deferred.values_list("case_id").annotate(Max("sitting__on")).order_by())
    found = []
    waiting = cases.exclude(agenda_items__outcome=AgendaItem.WAITING)
    for case_id, number, opened_on, leads in waiting.values_list("id", "number", "opened_on", "heard_with_id"):
        running = dues.get(case_id, [])
        first = min(running, key=lambda one: (one[0] or one[1] or date.max, one[2]), default=(None, None, ""))
        elapsed = min((one[1] for one in running if one[1]), default=None)
        legal = min((one[0] for one in running if one[0]), default=None)
        found.append(
            Candidate(case_id, number, opened_on, legal, elapsed, first[2], last.get(case_id), leads or case_id)
        )
    return found


@dataclass(frozen=True, slots=True)
class Family:
    """Whose case it is, as a list shows it: the first person, and how many stand in the case."""

    first: CasePerson
    names: list[Any]
    many: int


def families_of(case_ids: Iterable[UUID]) -> dict[UUID, Family]:
    """The family of each case; the cases were found by whoever asks."""
    lines: dict[UUID, list[CasePerson]] = {}
    rows = CasePerson.objects.filter(case_id__in=list(case_ids)).select_related("person")
    for line in rows.prefetch_related("person__names").order_by("case_id", "position"):
        lines.setdefault(line.case_id, []).append(line)
    return {case_id: Family(found[0], names_of(found[0].person), len(found)) for case_id, found in lines.items()}


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line of the agenda. `clock` and `due` are the most urgent limit that a decision would stop."""

    item: AgendaItem
    family: Family | None
    standing: Standing
    state: State
    clock: ClockRule | None
    due: Due | None
    votes: int = 0

    @property
    def finished(self) -> bool:
        return self.standing in (Standing.DECIDED, Standing.DEFERRED)


def list_agenda(actor: Actor, sitting: Sitting, *, with_families: bool = True) -> list[AgendaLine]:
    """The agenda in its order, as far as the actor sees the files, in a fixed number of queries."""
    definition, rule = rule_of(sitting)
    items = list(
        sitting.items.filter(household_scope(actor, "case__household__"))
        .exclude(outcome=AgendaItem.REMOVED)
        .select_related("case", "step")
        .order_by("position")
    )
    cases = [item.case_id for item in items]
    families = families_of(cases) if with_families else {}
    motions = {
        motion.item_id: motion
        for motion in Motion.objects.filter(item__in=items, state__in=[Motion.OPEN, Motion.CARRIED])
    }
    voted: dict[UUID, int] = {}
    for motion_id in Vote.objects.filter(motion__in=motions.values(), turn=1).values_list("motion_id", flat=True):
        voted[motion_id] = voted.get(motion_id, 0) + 1
    stopped = [clock.code for clock in definition.clocks.values() if set(clock.stops_on) & set(rule.decides)]
    dues: dict[UUID, Due] = {}
    running = Due.objects.filter(case_id__in=cases, clock__in=stopped, stopped_on__isnull=True)
    for due in running.order_by(F("due_on").asc(nulls_last=True), "elapsed_due_on", "id"):
        dues.setdefault(due.case_id, due)
    found = []
    for item in items:
        motion, due = motions.get(item.pk), dues.get(item.case_id)
        state = definition.states[item.step.to_state if item.step else item.case.state]
        found.append(
            AgendaLine(
                item=item,
                family=families.get(item.case_id),
                standing=standing_of(item.outcome, motion.state if motion else ""),
                state=state,
                clock=definition.clocks[due.clock] if due else None,
                due=due,
                votes=voted.get(motion.pk, 0) if motion else 0,
            )
        )
    return found


def count_dealt_with(sitting: Sitting) -> tuple[int, int, int]:
    """Decided, deferred, and all items of the agenda."""
    outcomes = list(sitting.items.exclude(outcome=AgendaItem.REMOVED).values_list("outcome", flat=True))
    return outcomes.count(AgendaItem.DECIDED), outcomes.count(AgendaItem.DEFERRED), len(outcomes)


def find_by_numbers(actor: Actor, numbers: Iterable[str]) -> dict[str, UUID]:
    """Case numbers that somebody typed, as far as the actor sees such cases."""
    wanted = {number.strip().upper() for number in numbers if number.strip()}
    return dict(visible_to(actor).filter(number__in=wanted).values_list("number", "id"))
