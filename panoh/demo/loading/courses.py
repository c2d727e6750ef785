"""The course of a case of any procedure through its days: which act, when, by whom and with which answers.

No procedure is known here by name. Who may act, what a form asks, what a guard forbids and where an act leads is read from the rulebook, and
each act passes the same rules as when a person does it (`procedures.rules`). How careful an office is decides how often it breaks a safeguard,
leaves an answer out or overruns a limit, so that supervision has something to tell.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from panoh.demo.answering import Answering, as_answer, branches, holds, wishes
from panoh.demo.loading.setting import Hand
from panoh.kernel.problems import Problem
from panoh.procedures.operations.acts import PlannedAct, check_form
from panoh.procedures.rules.actions import check_possible, next_state
from panoh.procedures.rules.answers import Known, choices_of
from panoh.procedures.rules.clocks import BarrierFact, ClockState, project_clocks
from panoh.procedures.rules.decisions import decide_persons
from panoh.procedures.rules.effects import plan_effects
from panoh.procedures.rules.guards import Asked, check_answer_guards
from panoh.procedures.rules.situation import Act, PersonFacts, Situation
from panoh.rulebook.model import Action, Field, Procedure, Rulebook

ONE_DAY = timedelta(days=1)
MOST_ACTS = 14
STANDS_STILL = 0.06
"""How often nobody goes on with a case for no reason that the file would tell."""
OUTCOMES = {"recognised": 5.0, "complementary": 2.0, "rejected": 3.0, "closed": 1.0}
"""How often a decision falls one way, by what it counts as in the published tables."""
NEVER_OF_ITSELF = frozenset({"open_case", "reopen_case", "tell_protection"})


@dataclass(frozen=True, slots=True)
class Care:
    """How an office works: the share of safeguards that it keeps, of limits that it meets, of answers that it leaves out."""

    kept: float
    in_time: float
    left_out: float = 0.07


@dataclass(slots=True)
class Course:
    """One case. `counted` are the days on which the register counted a person of it out, by reason: acts that would count one
    anew are done on such a day alone, so that the published tables stay what they are."""

    procedure: Procedure
    track: str
    book: Rulebook
    chance: random.Random
    hands: Sequence[Hand]
    offices: Sequence[UUID]
    until: date
    care: Care
    barriers: Sequence[BarrierFact] = ()
    counted: Mapping[str, date] = field(default_factory=dict)
    clocks: dict[Any, ClockState] = field(default_factory=dict)
    taken: list[tuple[PlannedAct, Hand]] = field(default_factory=list)
    situation: Situation = field(init=False)
    answering: Answering = field(init=False)
    day: date = field(init=False)
    ends: dict[str, date | None] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def run(self, persons: tuple[PersonFacts, ...], on: date) -> list[tuple[PlannedAct, Hand]]:
        """All acts from the opening to the end, or to today. Empty where this family does not fit."""
        self.answering = Answering(self.procedure, self.book, self.chance)
        self.day = on
        self.situation = Situation(
            procedure=self.procedure, track=self.track, state=self.procedure.initial_state().code, opened_on=None,
            today=self.until, persons=persons,
        )  # fmt: skip
        going_on = self._take(self.procedure.actions[self.procedure.tracks[self.track].opens_with])
        while going_on and len(self.taken) < MOST_ACTS and not self.situation.state_definition.is_final:
            stands_still = not self.counted and self.chance.random() < STANDS_STILL
            going_on = not stands_still and any(self._take(one) for one in self._in_some_order())
        return self.taken

    def counts_somebody(self) -> bool:
        """Whether an act of it is one that the register counted."""
        return any(one.effect.name == "set_group" for planned, _hand in self.taken for one in planned.effects)

    def states(self) -> dict[str, ClockState]:
        """What each clock that has started comes to."""
        acts = self.situation.acts
        return project_clocks(self.procedure, self.track, acts, self.barriers, self.book, self.clocks)

    # -- which act

    def _in_some_order(self) -> list[Action]:
        """What can be done, the likelier first: what leads on before what goes in circles, and an end without a decision last."""
        actions = self.procedure.actions_from(self.situation.state, self.track)
        return sorted(actions, key=lambda one: self.chance.random() ** (1 / self._weight(one)), reverse=True)

    def _weight(self, action: Action) -> float:
        counts = any(effect.name == "set_group" for effect in action.effects)
        final = [self.procedure.states[code].is_final for code in action.end_states()]
        if self.counted and not counts and final and all(final) and not self._departed():
            return 0.001  # this family is known to have come to the other end
        if counts and self.counted:
            return 4.0
        if final and all(final):
            return 0.25 if self.situation.state_definition.kind == "decided" else 0.06
        new = set(action.end_states()) - {self.situation.state}
        return (1.0 if new else 0.4) / (1 + 2 * self.done[action.code])

    def _departed(self) -> bool:
        return any(self.day >= day for day in self.counted.values())

    # -- an act

    def _take(self, action: Action) -> bool:
        on = self._day_of(action)
        if on is None or on > self.until:
            return False
        for chosen in self._choices(action):
            for hand in self.hands:
                if hand.role not in action.who:
                    continue
                try:
                    planned = self._planned(action, chosen, on, hand)
                except Problem:
                    continue  # a rule says no to this person or answer; another is tried
                if self._may_count(planned):
                    self._keep(planned, hand)
                    return True
        return False

    def _may_count(self, planned: PlannedAct) -> bool:
        names = {one.effect.name for one in planned.effects}
        reasons = {one.effect.params["reason"] for one in planned.effects if one.effect.name == "set_group"}
        if names & NEVER_OF_ITSELF:
            return False
        return not reasons or any(self.counted.get(reason) == planned.occurred_on for reason in reasons)

    def _planned(self, action: Action, chosen: list[str], on: date, hand: Hand) -> PlannedAct:
        """By the rules that stand before every act (`operations.acts.plan_act`), on values alone."""
        situation = replace(self.situation, in_sitting=action.by_sitting, clock_ends=self.ends)
        check_possible(situation, action, role=hand.role, member=hand.member_id, occurred_on=on)
        branch = action.to_by
        of_case = (
            {branch.field: as_answer(action.field(branch.field), chosen[0])} if branch and not branch.per_person else {}
        )
        self.answering.member = self.chance.choice(self.hands).member_id
        facts = self._answers(action, action.form, of_case, on)
        persons = {}
        for n, person in enumerate(situation.persons if action.per_person else ()):
            about = {branch.field: chosen[min(n, len(chosen) - 1)]} if branch and branch.per_person else {}
            persons[person.person_id] = self._answers(action, action.per_person, about, on)
        known = Known(self.book, on, members=lambda _member: True, offices=lambda _office: True)
        form, files = check_form(situation, action, facts, persons, known)
        asked = Asked(action, on, hand.member_id, form.facts(), form.persons_facts(), self.book)
        check_answer_guards(situation, asked)
        to_state = next_state(situation, action, asked.facts, asked.persons)
        outcomes = decide_persons(self.procedure, action, situation.persons, asked.persons)
        effects = plan_effects(situation.with_persons(outcomes.persons), action, asked.facts, asked.persons)
        return PlannedAct(self.procedure, action, situation, form, on, to_state, outcomes, effects, files)

    def _keep(self, planned: PlannedAct, hand: Hand) -> None:
        form, situation = planned.form, self.situation
        act = Act(
            len(situation.acts) + 1, planned.action.code, planned.occurred_on, hand.member_id, situation.state,
            planned.to_state, form.case.open, {person: answers.open for person, answers in form.persons.items()},
        )  # fmt: skip
        self.taken.append((planned, hand))
        self.situation = situation.after(act).with_persons(planned.outcomes.persons)
        self.done[planned.action.code] += 1
        self.day = planned.occurred_on
        self.ends = {code: state.due_on for code, state in self.states().items() if state.stopped_on is None}

    def _choices(self, action: Action) -> Iterator[list[str]]:
        """The ways out of an act, the likelier mostly first."""
        found, statistics = branches(action), self.procedure.statistics
        decides = action.to_by is not None and action.to_by.field == self.procedure.outcome_field

        def weight(chosen: list[str]) -> float:
            counted = [OUTCOMES.get(statistics.counted_as.get(one, ""), 1.0) for one in chosen] if statistics else [1.0]
            end = action.to_by.state_for(chosen) if action.to_by else None
            ends = bool(end) and self.procedure.states[end].is_final and not decides
            if decides and self.counted and min(counted, default=1.0) < OUTCOMES["recognised"]:
                return 0.05
            return (min(counted, default=1.0) if decides else 0.25 if ends else 1.0) / max(len(chosen), 1) ** 2

        yield from sorted(found, key=lambda one: self.chance.random() ** (1 / weight(one)), reverse=True)

    # -- when

    def _day_of(self, action: Action) -> date | None:
        """The day of the act: within the limit that it stops, or after it where the office is late."""
        waited = [guard.params["clock"] for guard in action.guards if guard.name == "clock_passed"]
        if waited:
            ends = [self.ends.get(clock) for clock in waited]
            passed = max([self.day, *(end + ONE_DAY for end in ends if end)])
            return None if None in ends or passed > self.until else self._working(passed, later=True)
        if any(effect.name == "set_group" for effect in action.effects) and self.counted:
            left = [day for day in self.counted.values() if day >= self.day]
            return min(left, default=None)
        if not self.taken:
            return self._working(self.day, later=True)
        stops = [
            end for clock, end in self.ends.items() if end and action.code in self.procedure.clocks[clock].stops_on
        ]
        pressing = min((end for end in self.ends.values() if end and end >= self.day), default=None)
        most = 18
        if self.chance.random() < self.care.in_time:
            most = min(30, (min(stops) - self.day).days) if stops else most
            most = min(most, (pressing - self.day).days // (1 if stops else 2)) if pressing else most
            on = self.day + timedelta(days=self.chance.randint(0, max(0, most)))
        else:
            on = max(self.day, *stops) if stops else self.day
            on += timedelta(days=self.chance.randint(1, 25 if stops else most))
        if on > self.until:
            return None
        if action.by_sitting:  # bodies meet on Thursdays
            return on + timedelta(days=(3 - on.weekday()) % 7)
        return self._working(on)

    def _working(self, day: date, *, later: bool = False) -> date:
        """A day on which offices are open, never before the act on which this one rests."""
        calendar = self.book.country.work_calendar
        while not later and day > self.day and not calendar.is_working(day):
            day -= ONE_DAY
        while not calendar.is_working(day):
            day += ONE_DAY
        return day

    # -- what is answered

    def _answers(self, action: Action, form: Sequence[Field], given: dict[str, Any], on: date) -> dict[str, Any]:
        wanted, left_out = dict(given), set()
        hard = wishes(self.procedure, action)
        for one in form:
            if one.name in wanted or one.name in hard:
                continue
            if one.kind == "office" and self.chance.random() < 0.6:
                wanted[one.name] = str(self.chance.choice(self.offices))
            verdicts = self._verdicts(action, one)
            if not verdicts:
                if one.kind == "code" and one.required and form is action.form and holds(one.shown_when, wanted):
                    wanted[one.name] = self.chance.choice(sorted(choices_of(one, self.book, on)))
                continue
            if not one.required and self.chance.random() < self.care.left_out:
                left_out.add(one.name)
                continue
            kept, broken = verdicts
            among = kept if kept and (not broken or self.chance.random() < self.care.kept) else broken
            value = as_answer(one, self.chance.choice(sorted(among)))
            wanted[one.name] = [value] if one.kind == "codes" else value
        answer = self.answering.case if form is action.form else self.answering.person
        found = answer(action, on, wanted)
        fields = {one.name: one for one in form}
        while unasked := [name for name in found if name in left_out or not holds(fields[name].shown_when, found)]:
            for name in unasked:
                found.pop(name)
        return found

    def _verdicts(self, action: Action, one: Field) -> tuple[frozenset[str], frozenset[str]] | None:
        """The answers of a field that keep a safeguard, and those that break it."""
        for safeguard in self.procedure.safeguards.values():
            for evidence in safeguard.evidence:
                if (evidence.kind, evidence.action, evidence.field) == ("field", action.code, one.name):
                    return evidence.kept, evidence.broken
        return None
