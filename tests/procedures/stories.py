"""Ways through a procedure for tests: a household, a case, and answers made from the rulebook's own fields.

Nothing here knows a procedure by name; what a story needs to say it hands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from panoh import rulebook
from panoh.access.context import acting_as_system
from panoh.access.operations.grants import assign_file
from panoh.access.roles import ROLES, SCOPE_ASSIGNED
from panoh.demo.answering import answer_for as any_answer
from panoh.demo.answering import holds
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures.models import AgendaItem, Case, Motion, Sitting, Step
from panoh.procedures.operations.agenda import convene_sitting
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.items import decide_item, put_motion
from panoh.procedures.operations.late_permits import allow_late_entry
from panoh.procedures.operations.scores import close_scores, decide_by_ranking, score_item
from panoh.procedures.operations.sittings import Attends, open_sitting
from panoh.procedures.operations.steps import take_step
from panoh.procedures.operations.votes import count_votes, record_votes
from panoh.procedures.queries.cases import procedure_of
from panoh.procedures.replay import Replay
from panoh.procedures.rules.recording import first_day_to_record
from panoh.registry.operations import register_household
from panoh.rulebook.model import Action, Field, Procedure
from tests.registry.families import five
from tests.world import HOMES, World


@contextmanager
def refused(code: str, field: str | None = None):
    """Inside something is refused with this code, among others perhaps."""
    with pytest.raises(Problem) as caught:
        yield caught
    found = [(one.code, one.field) for one in caught.value.each()]
    assert any(one == code and field in (None, at) for one, at in found), found


def replayed() -> Replay:
    """The whole ledger of the test, folded."""
    found = Replay()
    for entry in Entry.objects.order_by("recorded_at", "id"):
        found.take(entry.kind, entry.payload, entry.occurred_on)
    return found


def differences() -> list[Any]:
    """What the tables say otherwise than the ledger."""
    with acting_as_system("test"):
        return list(replayed().differences())


def answer_for(one: Field, on: date, member: Any = None, pick: int = 0) -> Any:
    """Some answer that a field takes; `pick` chooses among the codes."""
    return any_answer(one, on, rulebook.current(), member, pick)


def answers_for(fields: tuple[Field, ...], on: date, given: Mapping[str, Any], member: Any = None) -> dict[str, Any]:
    """Answers to all that is required with these given, and to nothing that is not asked then."""
    answers = dict(given)
    for one in fields:
        if one.name not in answers and one.required and holds(one.shown_when, answers):
            answers[one.name] = answer_for(one, on, member)
    return {name: value for name, value in answers.items() if value is not None}


@dataclass
class Story:
    """A household and its case, and who acts in which role."""

    world: World
    household: Any = None
    persons: list[Any] = field(default_factory=list)
    case: Any = None
    sitting: Any = None
    seats: dict[str, Any] = field(default_factory=dict)

    def today(self) -> date:
        return timezone.localdate()

    @contextmanager
    def acting(self, role: str):
        with self.world.as_role(role) as actor:
            yield actor

    def register(self, on: date | None = None) -> None:
        office = self.world.offices["panji_poyon"]
        with self.acting("registration_clerk") as clerk:
            done = register_household(by=clerk, registration=five(office.pk))
        self.household, self.persons = done.household, list(done.persons)

    def allow_late(self, definition: Procedure, action: str, role: str, on: date, case: Case | None = None) -> None:
        """Where a story goes on in the past, a second person of the same organisation allows it, as the law of records asks."""
        if on >= first_day_to_record(definition.actions[action], self.today(), rulebook.current()):
            return
        members = self.world.members
        organisation = case.organisation_id if case else members[role].organisation_id
        second = next(
            (
                name
                for name, member in members.items()
                if member.role in definition.recording.confirmed_by
                and member.organisation_id == organisation
                and member.account_id != members[role].account_id
            ),
            None,
        )
        if second is None:
            second = self.second_of(role, definition, organisation)
        with self.acting(second) as actor:
            allow_late_entry(
                by=actor, household=self.household, procedure=definition, action=action, occurred_on=on,
                reason="the line was down", case=case,
            )  # fmt: skip

    def second_of(self, role: str, definition: Procedure, organisation: Any) -> str:
        """A colleague who may allow a late entry, made where the world has none; whoever sees files by assignment is given this one."""
        kind = next(one.kind for one in self.world.organisations.values() if one.pk == organisation)
        fitting = next(one for one in definition.recording.confirmed_by if kind in ROLES[one].kinds)
        name = f"second_of_{role}"
        member = self.world.add_member(fitting, name, office=HOMES[kind])
        if ROLES[fitting].scope == SCOPE_ASSIGNED:
            self.assign(member)
        return name

    def assign(self, member: Any) -> None:
        # The database asks what was in force when its transaction began, and a test is one transaction.
        earlier = timezone.now() - timedelta(hours=1)
        with (
            self.acting("registration_supervisor") as supervisor,
            mock.patch("panoh.access.operations.grants.timezone.now", return_value=earlier),
        ):
            assign_file(by=supervisor, household=self.household, member=member)

    def open(
        self,
        procedure: str,
        track: str,
        role: str,
        on: date | None = None,
        persons: list[Any] | None = None,
        **facts: Any,
    ) -> Step:
        on = on or self.today()
        definition = rulebook.current().procedure(procedure, on)
        action = definition.actions[definition.tracks[track].opens_with]
        people = persons or self.persons
        self.allow_late(definition, action.code, role, on)
        with self.acting(role) as actor:
            step = open_case(
                by=actor,
                procedure=procedure,
                track=track,
                household=self.household,
                persons=[person.pk for person in people],
                facts=answers_for(action.form, on, facts, actor.member_id),
                persons_facts={
                    person.pk: answers_for(action.per_person, on, {}, actor.member_id)
                    for person in people
                    if action.per_person
                },
                occurred_on=on,
            )
        self.case = step.case
        return step

    def open_without_file(self, procedure: str, track: str, role: str, **facts: Any) -> Step:
        """A case about nobody's file."""
        action = rulebook.current().procedure(procedure, self.today()).actions
        opening = action[rulebook.current().procedure(procedure, self.today()).tracks[track].opens_with]
        with self.acting(role) as actor:
            step = open_case(
                by=actor, procedure=procedure, track=track, household=None, persons=[], occurred_on=self.today(),
                facts=answers_for(opening.form, self.today(), facts, actor.member_id),
            )  # fmt: skip
        self.case = step.case
        return step

    def action(self, code: str) -> Action:
        return procedure_of(self.case).actions[code]

    def take(
        self,
        action: str,
        role: str,
        on: date | None = None,
        persons: Mapping[str, Any] | None = None,
        version: int | None = None,
        submission_id: Any = None,
        late: bool = True,
        **facts: Any,
    ) -> Step:
        """One step with answers to all that is required; `persons` are answers about each person."""
        on = on or self.today()
        definition = self.action(action)
        if late:
            self.allow_late(procedure_of(self.case), action, role, on, self.case)
        with self.acting(role) as actor:
            self.case = Case.objects.get(pk=self.case.pk)
            step = take_step(
                by=actor,
                case=self.case,
                action=action,
                facts=answers_for(definition.form, on, facts, actor.member_id),
                persons_facts=self.about_persons(definition, on, persons or {}, actor.member_id),
                occurred_on=on,
                expected_version=self.case.version if version is None else version,
                submission_id=submission_id,
            )
            self.case = step.case
        return step

    def case_people(self) -> list[Any]:
        return [person.pk for person in self.persons]

    def take_exactly(
        self, action: str, role: str, on: date, facts: Mapping[str, Any], persons: Mapping[Any, Any]
    ) -> Step:
        """One step with exactly these answers, right or wrong."""
        self.allow_late(procedure_of(self.case), action, role, on, self.case)
        with self.acting(role) as actor:
            case = Case.objects.get(pk=self.case.pk)
            step = take_step(
                by=actor,
                case=case,
                action=action,
                facts=facts,
                persons_facts=persons,
                occurred_on=on,
                expected_version=case.version,
            )
            self.case = step.case
        return step

    def about_persons(self, definition: Action, on: date, given: Mapping[str, Any], member: Any) -> dict[Any, Any]:
        if not definition.per_person:
            return {}
        people = [line.person_id for line in self.case.persons.all()]
        return {person: answers_for(definition.per_person, on, given, member) for person in people}

    # -- sittings ------------------------------------------------------------------------------------------------

    def seat_everybody(
        self, kind: str = "commission", absent: tuple[str, ...] = (), office: str = "dushanbe"
    ) -> list[Attends]:
        """Members for every seat of the body, made where the world has none; those in `absent` (seat codes) stay away."""
        rule = procedure_of(self.case).sittings[kind]
        lines = []
        for seat in rule.seats:
            name = f"{kind}_{seat.code}"
            if seat.role in self.world.members and seat.role not in {"commission_member"}:
                member = self.world.members[seat.role]
            elif name in self.world.members:
                member = self.world.members[name]
            else:
                member = self.world.add_member(seat.role, name, office=office)
            lines.append(Attends(member.pk, seat.code, present=seat.code not in absent))
            self.seats[seat.code] = member
        return lines

    def convene(self, kind: str = "commission", on: date | None = None, role: str = "commission_secretary") -> Sitting:
        with self.acting(role) as keeper:
            self.sitting = convene_sitting(
                by=keeper, procedure=self.case.procedure, kind=kind, on=on or self.today(), place="Room 4"
            )
        return self.sitting

    def open_sitting(
        self, absent: tuple[str, ...] = (), role: str = "commission_secretary", office: str = "dushanbe"
    ) -> Sitting:
        lines = self.seat_everybody(self.sitting.kind, absent, office)
        with self.acting(role) as keeper:
            self.sitting = open_sitting(
                by=keeper, sitting=self.sitting, attendance=lines, expected_version=self.sitting.version
            )
        return self.sitting

    def item(self) -> AgendaItem:
        return self.sitting.items.get(case=self.case)

    def move(
        self,
        action: str,
        persons: Mapping[str, Any] | list[Mapping[str, Any]],
        role: str = "commission_secretary",
        **facts: Any,
    ) -> Motion:
        """A proposal with one answer for everybody, or with a list: the first for the first person, the last for the rest."""
        rows = persons if isinstance(persons, list) else [persons]
        with self.acting(role) as keeper:
            lines = list(self.case.persons.order_by("position"))
            return put_motion(
                by=keeper,
                item=self.item(),
                action=action,
                facts=facts,
                persons_facts={line.person_id: dict(rows[min(n, len(rows) - 1)]) for n, line in enumerate(lines)}
                if any(rows)
                else {},
            )

    def vote(self, value: str = "for", role: str = "commission_secretary", besides: tuple[str, ...] = ()) -> None:
        """Everybody who has a vote and is there votes alike, but those in `besides` (seat codes)."""
        with self.acting(role) as keeper:
            here = self.sitting.attendance.filter(seat__in=["chair", "member"], present=True).exclude(place__in=besides)
            record_votes(by=keeper, item=self.item(), votes={line.member_id: value for line in here})

    def decide_by_scores(self, kind: str, outcome: str, role: str) -> None:
        """Every member who is there gives the case the highest marks; there is one place, for this outcome."""
        sheet = procedure_of(self.case).sittings[kind].scores
        names = {member.pk: name for name, member in self.world.members.items()}
        with self.acting(role):
            here = self.sitting.attendance.filter(seat__in=["chair", "member"], present=True)
            members = list(here.values_list("member_id", flat=True))
        for member_id in members:
            with self.acting(names[member_id]) as member:
                score_item(
                    by=member, item=self.item(), marks={one.code: one.highest for one in sheet.criteria.values()}
                )
        places = {answer: int(answer == outcome) for answer in sheet.ranked}
        with self.acting(role) as keeper:
            close_scores(by=keeper, sitting=self.sitting, places=places, expected_version=self.sitting.version)
            self.sitting.refresh_from_db()
            decide_by_ranking(by=keeper, sitting=self.sitting, expected_version=self.sitting.version)
            self.case.refresh_from_db()

    def count_and_decide(self, role: str = "commission_secretary", **facts: Any) -> Step:
        with self.acting(role) as keeper:
            item = self.item()
            motion = count_votes(by=keeper, item=item)
            definition = self.action(motion.action)
            persons = {}
            for line in self.case.persons.all():
                given = motion.persons.get(str(line.person_id), {})
                wanted = answers_for(definition.per_person, self.today(), given)
                persons[line.person_id] = {key: value for key, value in wanted.items() if key not in given}
            step = decide_item(
                by=keeper,
                item=item,
                expected_version=item.case.version,
                facts=answers_for(definition.form, self.today(), {**motion.facts, **facts}),
                persons_facts=persons,
            )
            self.case = step.case
        return step
