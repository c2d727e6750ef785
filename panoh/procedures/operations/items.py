"""An item of the agenda: conflicts of interest, motions, and the decision that a carried motion becomes (votes: `operations.votes`).

A vote is on a motion: the outcome of each person as it would be decided. A motion that falls stays on record and another
may be put. Only a carried motion can become a decision, and the decision is the motion's own, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from panoh.access import policy
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.ledger.operations import record
from panoh.procedures.models import AgendaItem, Attendance, Conflict, Motion, Sitting, Step, Vote
from panoh.procedures.operations.acts import book as current_book
from panoh.procedures.operations.acts import check_form, today
from panoh.procedures.operations.sittings import lock_sitting
from panoh.procedures.operations.steps import lock_case, take_locked_step
from panoh.procedures.policy import sitting_verb
from panoh.procedures.queries.cases import is_colleague, situation_of
from panoh.procedures.queries.sittings import rule_of
from panoh.procedures.rules.actions import check_state, next_state
from panoh.procedures.rules.answers import Known
from panoh.procedures.rules.guards import Asked, check_answer_guards
from panoh.rulebook.model import Action, Field, Procedure, SittingRule

_VOTED_ON = frozenset({"code", "codes", "bool", "day"})


@dataclass(slots=True)
class Held:
    """An item whose sitting is locked and open, with the rules under which it is dealt with."""

    sitting: Sitting
    item: AgendaItem
    definition: Procedure
    rule: SittingRule
    attendance: tuple[Attendance, ...]
    excluded: frozenset[UUID]

    def action(self, code: str | None = None) -> Action:
        """The act that is put to the vote: one that this sitting decides, its first one unless told."""
        code = code or self.rule.decides[0]
        if code not in self.rule.decides:
            raise Problem("procedures.step.unknown_action", action=code[:60])
        return self.definition.actions[code]


def hold_item(by: Actor, item: AgendaItem, act: str, outcome: str = AgendaItem.WAITING) -> Held:
    """Locks the item's sitting and reads the item anew: what is decided now is decided on what is true now."""
    sitting = lock_sitting(item.sitting)
    policy.check(by, sitting_verb(sitting.procedure, sitting.kind, act), sitting)
    if sitting.state != Sitting.OPEN:
        raise Problem("procedures.sitting.wrong_state", state=sitting.state)
    found = AgendaItem.objects.select_related("case__household", "case__organisation").filter(pk=item.pk).first()
    if found is None:
        raise Problem("procedures.item.not_found")
    if found.outcome != outcome:
        raise Problem("procedures.item.already_dealt_with")
    definition, rule = rule_of(sitting)
    return Held(
        sitting=sitting,
        item=found,
        definition=definition,
        rule=rule,
        attendance=tuple(sitting.attendance.all()),
        excluded=frozenset(found.conflicts.values_list("member_id", flat=True)),
    )


def record_item(
    by: Actor, held: Held, past: str, subjects: Sequence[UUID], payload: Mapping[str, Any], **more: Any
) -> Entry:
    return record(
        by=by,
        kind=f"procedures.{past}",
        subjects=[held.item.pk, held.sitting.pk, held.item.case_id, *subjects],
        payload={
            "item": held.item.pk,
            "sitting": held.sitting.pk,
            "of_case": held.item.case_id,
            **held.item.case.closing,
            **payload,
        },
        occurred_on=held.sitting.on,
        legal_basis=held.rule.legal_basis,
        **more,
    )


@transaction.atomic
def declare_conflict(*, by: Actor, item: AgendaItem, member: UUID, reason: str) -> Conflict:
    """A member has an interest in the item: he neither votes on it nor counts for its quorum from now on."""
    held = hold_item(by, item, "conflict")
    if not reason.strip():
        raise Problem("procedures.conflict.no_reason", field="reason")
    if member not in {line.member_id for line in held.attendance}:
        raise Problem("procedures.vote.not_present")
    if Vote.objects.filter(motion__item=held.item, motion__state=Motion.OPEN, member_id=member).exists():
        raise Problem("procedures.conflict.too_late")
    known = held.item.conflicts.filter(member_id=member).first()
    if known:
        return known
    conflict = Conflict(item=held.item, member_id=member, reason=reason.strip()[:500])
    record_item(by, held, "conflict.declared", [], {"member": member}, detail={"reason": conflict.reason})
    conflict.save(force_insert=True)
    return conflict


@transaction.atomic
def put_motion(
    *,
    by: Actor,
    item: AgendaItem,
    action: str | None = None,
    facts: Mapping[str, Any] | None = None,
    persons_facts: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> Motion:
    """Puts to the vote what would be decided: the choices of the act's form, without its texts.

    The same checks as for the decision hold already here, so that nobody votes on what the law would refuse.
    """
    held = hold_item(by, item, "move")
    if held.item.motions.filter(state__in=[Motion.OPEN, Motion.CARRIED]).exists():
        raise Problem("procedures.motion.one_is_open")
    situation = situation_of(held.item.case, today(), in_sitting=held.rule.code)
    wanted = held.action(action)
    if held.rule.scores and held.rule.scores.decides == wanted.code:
        raise Problem("procedures.motion.by_scores")
    check_state(situation, wanted)
    book = current_book()
    known = Known(book, held.sitting.on, lambda one: is_colleague(held.sitting.organisation_id, today(), one))
    form, _files = check_form(situation, voted_part(wanted), facts or {}, persons_facts or {}, known)
    asked = Asked(wanted, held.sitting.on, None, form.facts(), form.persons_facts(), book)
    check_answer_guards(situation, asked)
    to_state = next_state(situation, wanted, asked.facts, asked.persons)
    motion = Motion(
        item=held.item,
        round=held.item.motions.count() + 1,
        action=wanted.code,
        facts=form.facts(),
        persons={str(person): about for person, about in form.persons_facts().items()},
        put_by_id=by.member_id,
    )
    record_item(
        by, held, "motion.put", [motion.pk],
        {"motion": motion.pk, "round": motion.round, "action": wanted.code, "to": to_state, "facts": motion.facts, "persons": motion.persons},
    )  # fmt: skip
    motion.save(force_insert=True)
    return motion


def voted_part(action: Action) -> Action:
    """The form as it is voted on: choices, yes and no, days. Texts are written with the decision."""
    return part_of(action, lambda one: one.kind in _VOTED_ON and one.field_class == "open")


def part_of(action: Action, wanted: Callable[[Field], bool]) -> Action:
    """The same act with some of its fields."""
    return replace(
        action,
        form=tuple(one for one in action.form if wanted(one)),
        per_person=tuple(one for one in action.per_person if wanted(one)),
    )


@transaction.atomic
def withdraw_motion(*, by: Actor, item: AgendaItem, reason: str) -> Motion:
    """Takes back a motion that was put by mistake, before its votes are counted. It stays on record, with the votes on it."""
    held = hold_item(by, item, "move")
    motion = open_motion(held)
    motion.state = Motion.WITHDRAWN
    record_item(
        by, held, "motion.withdrawn", [motion.pk], {"motion": motion.pk}, detail={"reason": reason.strip()[:500]}
    )
    motion.save(update_fields=["state"])
    return motion


def open_motion(held: Held) -> Motion:
    motion = held.item.motions.filter(state=Motion.OPEN).first()
    if motion is None:
        raise Problem("procedures.motion.none_open")
    return motion


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What is written with the decision of one item: the texts that were not voted on."""

    item: AgendaItem
    expected_version: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    persons_facts: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)


@transaction.atomic
def decide_item(
    *,
    by: Actor,
    item: AgendaItem,
    expected_version: int,
    facts: Mapping[str, Any] | None = None,
    persons_facts: Mapping[UUID, Mapping[str, Any]] | None = None,
    occurred_on: date | None = None,
) -> Step:
    """Makes the carried motion the decision of the case: one step, one entry, in which the sitting is named."""
    held = hold_item(by, item, "decide")
    motion = held.item.motions.filter(state=Motion.CARRIED).first()
    if motion is None:
        raise Problem("procedures.motion.not_carried")
    persons = {UUID(key): dict(value) for key, value in motion.persons.items()}
    for person, about in (persons_facts or {}).items():
        persons[person] = {**about, **persons.get(person, {})}
    step = take_locked_step(
        by=by,
        case=lock_case(held.item.case),
        action=motion.action,
        facts={**(facts or {}), **motion.facts},
        persons_facts=persons,
        occurred_on=occurred_on or held.sitting.on,
        expected_version=expected_version,
        correlation_id=held.sitting.pk,
        in_sitting=held.rule.code,
        agenda_item_id=held.item.pk,
        beside=[held.sitting.pk, held.item.pk],
    )
    held.item.outcome, held.item.step, held.item.version = AgendaItem.DECIDED, step, held.item.version + 1
    held.item.save(update_fields=["outcome", "step", "version"])
    return step


@transaction.atomic
def decide_items(*, by: Actor, decisions: Sequence[ItemDecision]) -> list[Step]:
    """Several carried items decided in one act: all of them, or none. Cases are taken in one order, so no two acts block."""
    return [
        decide_item(
            by=by,
            item=one.item,
            expected_version=one.expected_version,
            facts=one.facts,
            persons_facts=one.persons_facts,
        )
        for one in sorted(decisions, key=lambda one: one.item.case_id)
    ]


@transaction.atomic
def defer_item(*, by: Actor, item: AgendaItem, reason: str) -> AgendaItem:
    """The item goes to another sitting: its case stands among those that are due again, with the reason."""
    held = hold_item(by, item, "decide")
    note = reason.strip()[:500]
    if not note:
        raise Problem("procedures.item.no_reason", field="reason")
    found = held.item
    found.outcome, found.note, found.version = AgendaItem.DEFERRED, note, found.version + 1
    record_item(by, held, "item.deferred", [], {"version": found.version}, detail={"reason": note})
    found.save(update_fields=["outcome", "note", "version"])
    return found


@transaction.atomic
def take_up_item(*, by: Actor, item: AgendaItem) -> AgendaItem:
    """A deferred item is dealt with at this sitting after all, as long as no other agenda has taken its case."""
    held = hold_item(by, item, "decide", AgendaItem.DEFERRED)
    found = held.item
    lock_case(found.case)
    if AgendaItem.objects.filter(case_id=found.case_id, outcome=AgendaItem.WAITING).exists():
        raise Problem("procedures.item.already_on_an_agenda")
    found.outcome, found.note, found.version = AgendaItem.WAITING, "", found.version + 1
    record_item(by, held, "item.taken_up", [], {"version": found.version})
    found.save(update_fields=["outcome", "note", "version"])
    return found
