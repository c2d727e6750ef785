"""Some cases of every procedure, opened on the demo's last days by the members of its cast through the real operations.

The claims of asylum are a history of ten years and are written with it (`loading.cases`); what stands here is for whoever wants to see
the other procedures at work. No act that the tables count is done, so that the published figures stay what they are; what only a sitting
may decide waits for one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.context import acting
from panoh.access.models import Member
from panoh.access.queries import actor_for
from panoh.access.roles import ROLES
from panoh.demo.answering import Answering, as_answer, branches
from panoh.demo.cast import MEMBERS
from panoh.demo.loading.cases import PROCEDURE
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.steps import take_step
from panoh.procedures.rules.recording import first_day_to_record
from panoh.registry.models import Household
from panoh.registry.queries import visible_to
from panoh.rulebook.model import Action, Procedure, Rulebook, Track

CASES_EACH = 3
STEPS_AT_MOST = 6
SELDOM = 0.85
"""How often an act that ends a case is passed over: most of them are to be seen under way."""


def open_some_of_each(book: Rulebook) -> int:
    """A few cases of each procedure and track that is not told as a history; returns how many were opened."""
    opened = 0
    for versions in sorted(book.procedures.values(), key=lambda found: (found[-1].order, found[-1].code)):
        procedure = versions[-1]
        if procedure.code == PROCEDURE or not procedure.is_in_force(timezone.localdate()):
            continue
        for track in procedure.tracks.values():
            opened += _Opening(procedure, track, book).run()
    return opened


class _Opening:
    """The cases of one procedure on one track."""

    def __init__(self, procedure: Procedure, track: Track, book: Rulebook) -> None:
        self.procedure, self.track, self.book = procedure, track, book
        self.chance = random.Random(f"procedures/{procedure.code}/{track.code}")  # noqa: S311
        self.answering = Answering(procedure, book, self.chance)
        self.opening = procedure.actions[track.opens_with]

    def run(self) -> int:
        actors = self._actors(self.opening)
        if not actors:
            return 0
        opened = 0
        unnamed = self.procedure.subject_of(self.track.code) == "none"
        for member, household in ((actors[0], None) for _ in range(CASES_EACH)) if unnamed else self._files(actors):
            self.answering.member = member.pk
            case = self._open(member, household)
            if case is not None:
                opened += 1
                self._go_on(case, self.chance.randint(1, STEPS_AT_MOST))
            if opened == CASES_EACH:
                break
        return opened

    def _actors(self, action: Action) -> list[Member]:
        """Members of the cast who may do this, of the kind of organisation that runs the track."""
        roles = [role for role in action.who if self.track.organisation_kind in ROLES[role].kinds]
        names = [one.username for role in roles for one in MEMBERS if one.role == role]
        members = Member.objects.select_related("account", "organisation", "office").filter(account__username__in=names)
        return sorted(members, key=lambda member: names.index(member.account.username))

    def _files(self, members: list[Member]) -> Iterator[tuple[Member, Household]]:
        """Open files of the last years, chosen by lot, each with a member of the cast who sees it: more than are needed, because
        some do not fit the procedure (nobody of age, or such a case open already)."""
        for member in members:
            with acting_as(member) as actor:
                files = visible_to(actor).filter(status="open").order_by("-registered_on", "id")
                found = list(files[: CASES_EACH * 40])
            for household in self.chance.sample(found, min(CASES_EACH * 4, len(found))):
                yield member, household

    def _open(self, member: Member, household: Household | None) -> Case | None:
        # As long ago as one person may still write down alone, so that some limits press already.
        on = first_day_to_record(self.opening, timezone.localdate(), self.book)
        with acting_as(member) as actor:
            persons = list(household.persons.filter(status="open").order_by("relationship", "id")) if household else []
            adults = [person for person in persons if person.birth.age_on(on)[0] >= 18]
            wanted = persons if self.procedure.subject == "household" else adults[:1]
            if household and not wanted:
                return None
            try:
                return open_case(
                    by=actor, procedure=self.procedure.code, track=self.track.code, household=household,
                    persons=[person.pk for person in wanted], occurred_on=on,
                    facts=self.answering.case(self.opening, on),
                    persons_facts={person.pk: self.answering.person(self.opening, on) for person in wanted}
                    if self.opening.per_person else {},
                ).case  # fmt: skip
            except Problem:
                return None  # this family's file does not fit the procedure; the next one may

    def _go_on(self, case: Case, steps: int) -> None:
        for _ in range(steps):
            if not self._step(case):
                return

    def _step(self, case: Case) -> bool:
        """One more act by whoever may do it today. False where only a sitting, a clock or the tables' own acts are left."""
        actions = list(self.procedure.actions_from(case.state, self.track.code))
        self.chance.shuffle(actions)
        for action in actions:
            counted = any(effect.name == "set_group" for effect in action.effects)
            if action.by_sitting or counted or (self._ends(action) and self.chance.random() < SELDOM):
                continue
            for member in self._actors(action):
                if self._take(case, action, member):
                    return True
        return False

    def _ends(self, action: Action) -> bool:
        return any(self.procedure.states[code].is_final for code in action.end_states())

    def _take(self, case: Case, action: Action, member: Member) -> bool:
        on, branch = timezone.localdate(), action.to_by
        chosen = self.chance.choice(branches(action))
        wanted = (
            {branch.field: as_answer(action.field(branch.field), chosen[0])} if branch and not branch.per_person else {}
        )
        try:
            with acting_as(member) as actor:
                persons = [line.person_id for line in case.persons.order_by("position")] if action.per_person else []
                step = take_step(
                    by=actor, case=case, action=action.code, occurred_on=on, expected_version=case.version,
                    facts=self.answering.case(action, on, wanted),
                    persons_facts={
                        person: self.answering.person(
                            action, on, {branch.field: chosen[min(n, len(chosen) - 1)]} if branch and branch.per_person else {}
                        )
                        for n, person in enumerate(persons)
                    },
                )  # fmt: skip
        except Problem:
            return False  # a guard of the law says no; another act is tried
        case.state, case.version = step.case.state, step.case.version
        return not self.procedure.states[case.state].is_final


@contextmanager
def acting_as(member: Member) -> Iterator[Actor]:
    with acting(actor_for(member)) as actor:
        yield actor
