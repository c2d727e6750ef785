"""The doing of the effects that a rulebook may name: one function for each word of `rulebook.vocabulary.EFFECTS`.

Called inside the transaction of the act, with its entry: an effect adds rows of its own and writes no second entry.
A test compares the words here with those of the rulebook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures.alarms import tell
from panoh.procedures.models import Case, CasePerson, Notice, PaperOrder, Step
from panoh.procedures.rules.clocks import last_day_of
from panoh.procedures.rules.effects import PlannedEffect
from panoh.procedures.rules.groups import is_moved
from panoh.registry import operations as registry_operations
from panoh.rulebook.model import Action, Procedure, Rulebook


@dataclass(frozen=True, slots=True)
class Done:
    """The act whose effects these are."""

    by: Actor
    book: Rulebook
    procedure: Procedure
    case: Case
    step: Step
    entry: Entry
    lines: Sequence[CasePerson]
    facts: Mapping[str, Any]
    occurred_on: date
    action: Action
    open_case: Callable[..., Step]
    """The operation that opens a case, for an act that brings another one about: it stands above this module."""

    def persons(self, wanted: Sequence[UUID]) -> list[Any]:
        """Registry rows of the persons that an effect is for, in the order of their lines."""
        return [line.person for line in self.lines if line.person_id in set(wanted)]


def apply_effects(done: Done, planned: Sequence[PlannedEffect]) -> None:
    for one in planned:
        EFFECTS[one.effect.name](done, one)


def _set_group(done: Done, planned: PlannedEffect) -> None:
    to, reason = planned.effect.params["to"], planned.effect.params["reason"]
    statistics = done.procedure.statistics
    waiting = persons_waiting_elsewhere(done.case, planned.persons)
    moved = [
        person
        for person in done.persons(planned.persons)
        if is_moved(person.population_group, to, reason, done.book, still_open_elsewhere=person.pk in waiting)
    ]
    if moved:
        registry_operations.change_status(
            by=done.by,
            persons=moved,
            to_group=to,
            reason=reason,
            effective_on=done.occurred_on,
            procedure_type=statistics.procedure_type.get(done.case.track, "") if statistics else "",
            decision_level=done.action.decision_level or "",
            entry=done.entry,
        )


def persons_waiting_elsewhere(case: Case, persons: Sequence[UUID]) -> set[UUID]:
    """Who of them stands in another open case of the same procedure: the other track."""
    others = CasePerson.objects.filter(
        person_id__in=persons, open_slot__isnull=False, case__procedure=case.procedure
    ).exclude(case=case)
    return set(others.values_list("person_id", flat=True))


def _order_paper(done: Done, planned: PlannedEffect) -> None:
    params = planned.effect.params
    letter = done.procedure.letters[params["letter"]] if params.get("letter") else None
    valid_until = None
    if params.get("validity"):
        value = done.book.value(params["validity"], done.occurred_on)
        valid_until = last_day_of(value, done.occurred_on, done.book.country.work_calendar)
    least = done.book.value(params["minimum_age"], done.occurred_on).number if params.get("minimum_age") else 0
    concerned = {line.person_id for line in done.lines if line.person_id in set(planned.persons)}
    if planned.effect.for_each == "case":
        # A paper for the case goes to each who applies for himself; a letter to whoever stands first.
        with_own_line = [line.person_id for line in done.lines if line.own_line]
        concerned &= set(with_own_line if planned.effect.name == "prepare_paper" else with_own_line[:1])
    PaperOrder.objects.bulk_create(
        PaperOrder(
            case=done.case,
            step=done.step,
            person=line.person,
            kind=letter.kind if letter else params["kind"],
            letter=letter.code if letter else "",
            valid_from=done.occurred_on,
            valid_until=valid_until,
            ordered_at=done.step.recorded_at,
        )
        for line in done.lines
        if line.person_id in concerned and line.person.birth.age_on(done.occurred_on)[1] >= least
    )


def _notify(done: Done, planned: PlannedEffect) -> None:
    Notice(
        case=done.case,
        step=done.step,
        organisation_id=done.case.organisation_id,
        role=planned.effect.params["role"],
        created_at=done.step.recorded_at,
    ).save(force_insert=True)


def _tell_protection(done: Done, planned: PlannedEffect) -> None:
    if done.case.household:
        reason = planned.effect.params["reason"]
        tell(done.by, done.case.household, done.persons(planned.persons), reason, done.occurred_on)


def _open_case(done: Done, planned: PlannedEffect) -> None:
    procedure = done.book.procedure(planned.effect.params["procedure"], done.occurred_on)
    track = procedure.tracks.get(planned.effect.params["track"])
    if track is None:
        raise Problem("procedures.case.unknown_procedure")
    done.open_case(
        by=done.by,
        procedure=procedure.code,
        track=track.code,
        household=done.case.household if procedure.subject_of(track.code) != "none" else None,
        persons=planned.persons,
        facts={},
        occurred_on=done.occurred_on,
        opened_from=done.case,
        correlation_id=done.entry.id,
    )


def _already_done(_done: Done, _planned: PlannedEffect) -> None:
    """What moves the case itself (closing, reopening, assigning, hiding, hearing together) is worked out with the step; a receipt is signed on demand."""


EFFECTS: dict[str, Callable[[Done, PlannedEffect], None]] = {
    "set_group": _set_group,
    "prepare_paper": _order_paper,
    "letter": _order_paper,
    "receipt": _already_done,
    "close_case": _already_done,
    "reopen_case": _already_done,
    "open_case": _open_case,
    "assign": _already_done,
    "hide_from_office": _already_done,
    "hear_together": _already_done,
    "tell_protection": _tell_protection,
    "notify": _notify,
}
