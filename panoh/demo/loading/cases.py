"""Writes the cases of a file: steps, persons, clocks, agenda items, each act with its entry.

Rows and payloads follow `panoh.procedures.operations.acts`, so that the replay of the ledger finds the same cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from panoh.demo.cast import AUTHORITY, UNHCR
from panoh.demo.loading.files import Serials, Writing
from panoh.demo.loading.setting import Setting
from panoh.demo.loading.shapes import shape
from panoh.demo.loading.sittings import Sittings
from panoh.demo.simplified import simplified_where_fit
from panoh.demo.steps import GOVERNMENT, PlannedCase, PlannedStep, plan_cases
from panoh.procedures import models
from panoh.procedures.replay import snapshot
from panoh.procedures.rules.clocks import BarrierFact, project_clocks
from panoh.procedures.rules.decisions import Applicant, line_up
from panoh.procedures.rules.situation import Act
from panoh.registry.numbering import check_digit
from panoh.rulebook.model import Action, Procedure

PROCEDURE = "asylum"
CLOCKS_KEPT = 50_000
CODES = frozenset({"code", "codes", "day", "bool", "member", "language"})
CaseRow, LineRow, StepRow, DueRow = (
    shape(model) for model in (models.Case, models.CasePerson, models.Step, models.Due)
)
NarrativeRow = shape(models.StepNarrative)


@dataclass
class Cases:
    """What the cases of all files share: the procedure, barriers, sittings, clocks that were computed already."""

    setting: Setting
    serials: Serials
    sittings: Sittings
    barriers: dict[str, tuple[BarrierFact, ...]] = field(default_factory=dict)
    clocks: dict[Any, Any] = field(default_factory=dict)

    def of(self, writing: Writing) -> list[tuple[date, int, Callable[[date], None]]]:
        """The acts of the file's cases, to be done in the order of the file."""
        acts: list[tuple[date, int, Callable[[date], None]]] = []
        planned = plan_cases(writing.file, writing.rng, self.setting.until, writing.office == "panji-poyon")
        for told in planned:
            case = simplified_where_fit(told, writing.file.family.key)
            one = CaseWriting(self, writing, case)
            for step in case.steps:
                # Opened after a birth of the same day: who was born when the claim was lodged is in it.
                acts.append(
                    (step.on, 3 if step is not case.steps[0] else 2, lambda _day, one=one, step=step: one.take(step))
                )
            writing.endings.append(one.finish)
        return acts


class CaseWriting:
    """One case while it is written."""

    def __init__(self, cases: Cases, writing: Writing, planned: PlannedCase) -> None:
        self.cases, self.writing, self.planned = cases, writing, planned
        setting = cases.setting
        self.procedure: Procedure = setting.book.procedure(PROCEDURE, planned.steps[0].on)
        self.organisation = setting.organisations[AUTHORITY if planned.track == GOVERNMENT else UNHCR]
        self.row: Any = None
        self.lines: list[Any] = []
        self.acts: list[Act] = []
        self.items: list[Any] = []

    def take(self, step: PlannedStep) -> None:
        if self.row is None:
            self._open(step)
        else:
            self.row = self.row._replace(version=self.row.version + 1)
        self._do(step)

    # -- opening

    def _open(self, step: PlannedStep) -> None:
        writing = self.writing
        at = writing.clock.instant(max(step.on, writing.first_recording))
        self.cases.serials.case += 1
        stem = f"{self.procedure.number_prefix}-{step.on.year % 100:02d}-{self.cases.serials.case:06d}"
        self.row = CaseRow(
            id=writing.clock.new_id(at), number=stem + check_digit(stem), procedure=self.procedure.code,
            procedure_version=self.procedure.version, track=self.planned.track,
            state=self.procedure.initial_state().code, household_id=writing.household.id,
            organisation_id=self.organisation, opened_on=step.on,
        )  # fmt: skip
        applicants = [
            Applicant(writing.people[place].id, writing.file.lives[place].birth) for place in self.planned.persons
        ]
        facts = line_up(applicants, self.procedure.subject, step.on)
        ids = {one.person_id: writing.clock.new_id() for one in facts}
        self.lines = [
            LineRow(
                id=ids[one.person_id], case_id=self.row.id, person_id=one.person_id, position=one.position,
                own_line=one.own_line, listed_with_id=ids.get(one.listed_with), open_slot=self._slot(),
            )
            for one in facts
        ]  # fmt: skip

    def _slot(self) -> str:
        return f"{self.procedure.code}:{self.planned.track}"

    # -- an act

    def _do(self, step: PlannedStep) -> None:
        writing, action = self.writing, self.procedure.actions[step.action]
        hand = writing.setting.hands[step.username]
        persons = {
            writing.people[place].id: answers for place, answers in step.persons.items() if place in writing.people
        }
        before, outcomes = self.row.state, self._move(action, step, persons)
        at = writing.clock.instant(max(step.on, writing.first_recording))
        step_id = writing.clock.new_id(at)
        open_facts, closed_facts = self._split(action, step.facts)
        open_persons = {person: self._split(action, answers)[0] for person, answers in persons.items()}
        closed_persons = {person: self._split(action, answers)[1] for person, answers in persons.items()}
        beside, agenda_item = self._on_the_agenda(action, step, step_id, at, open_facts, open_persons)
        everybody = [line.person_id for line in self.lines]
        if step.counted:
            everybody += [r.id for r in writing.people.values() if r.id not in everybody]
        subjects = [self.row.id, self.row.household_id, *everybody, *beside]
        codes, texts = self._for_ledger(action, open_facts | closed_facts, open_persons, closed_persons)
        if any(closed_facts) or any(closed_persons.values()):
            subjects.append(step_id)
        entry = writing.entry(
            step.on, self.procedure.ledger_kind(action.code), subjects,
            self._payload(action, before, outcomes, codes) | ({"item": agenda_item} if agenda_item else {}),
            self._state(step), by=hand, legal_basis=action.legal_basis,
            detail=texts or None, at=at,
        )  # fmt: skip
        row = StepRow(
                id=step_id, case_id=self.row.id, seq=self.row.version, action=action.code, from_state=before,
                to_state=self.row.state, occurred_on=step.on, recorded_at=at, by_id=hand.member_id, facts=open_facts,
                persons={str(person): answers for person, answers in open_persons.items() if answers},
                legal_basis=list(action.legal_basis), agenda_item_id=agenda_item, entry_id=entry.id,
            )  # fmt: skip
        writing.rows.add(models.Step, row)
        writing.last_case, writing.last_steps[action.code] = self.row.id, row
        if any(closed_facts) or any(closed_persons.values()):
            told = {str(person): answers for person, answers in closed_persons.items() if answers}
            writing.rows.add(models.StepNarrative, NarrativeRow(step_id=step_id, facts=closed_facts, persons=told))
        self.acts.append(
            Act(self.row.version, action.code, step.on, hand.member_id, before, self.row.state, step.facts, persons)
        )
        if step.counted:
            writing.count(entry, max(step.on, writing.first_recording), list(writing.people))

    def _state(self, step: PlannedStep) -> dict[UUID, Any]:
        """Only the state that the tables keep is committed to: for the acts before it nothing can be compared any more."""
        return {self.row.id: snapshot(self.row, self.lines)} if step is self.planned.steps[-1] else {}

    def _move(
        self, action: Action, step: PlannedStep, persons: dict[UUID, dict[str, Any]]
    ) -> dict[UUID, dict[str, Any]]:
        """The case and its persons after the act, as `acts.carry_out` leaves them."""
        state = action.to_state or self.row.state
        if action.to_by is not None:
            branch = action.to_by
            values = (
                [persons.get(line.person_id, {}).get(branch.field) for line in self.lines]
                if branch.per_person
                else [step.facts.get(branch.field)]
            )
            state = branch.state_for(values) or state
        self.row = self.row._replace(state=state)
        closes = any(effect.name == "close_case" for effect in action.effects)
        if (self.procedure.states[state].kind == "final" or closes) and self.row.closed_on is None:
            self.row = self.row._replace(closed_on=step.on)
        slot = self._slot() if self.row.closed_on is None else None
        outcomes: dict[UUID, dict[str, Any]] = {}
        decides = any(one.name == "outcome" for one in action.per_person)
        lines = []
        for line in self.lines:
            answers = persons.get(line.person_id, {})
            line = line._replace(open_slot=slot)
            if decides and answers.get("outcome"):
                outcomes[line.person_id] = {"outcome": answers["outcome"], "grounds": list(answers["grounds"])}
                line = line._replace(outcome=answers["outcome"], grounds=list(answers["grounds"]), outcome_on=step.on)
            lines.append(line)
        self.lines = lines
        return outcomes

    def _split(self, action: Action, answers: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Open answers and narratives. Texts of the years before were not taken over."""
        classes = {one.name: one.field_class for one in (*action.form, *action.per_person)}
        opened = {name: value for name, value in answers.items() if classes[name] == "open"}
        closed = {name: value for name, value in answers.items() if classes[name] == "narrative"}
        return opened, closed

    def _for_ledger(
        self, action: Action, facts: dict[str, Any], opened: dict[UUID, Any], closed: dict[UUID, Any]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Open codes are hashed with the entry; texts and narratives go into the part that can be erased."""
        forms = {one.name: one for one in (*action.form, *action.per_person)}

        def is_code(name: str) -> bool:
            return forms[name].kind in CODES and forms[name].field_class == "open"

        codes: dict[str, Any] = {}
        texts: dict[str, Any] = {}
        for key, answers in (("case", facts), *((str(p), opened[p] | closed[p]) for p in opened)):
            if found := {name: value for name, value in answers.items() if is_code(name)}:
                codes[key] = found
            if found := {name: value for name, value in answers.items() if not is_code(name)}:
                texts[key] = found
        return codes, texts

    def _payload(self, action: Action, before: str, outcomes: dict[UUID, Any], codes: dict[str, Any]) -> dict[str, Any]:
        row = self.row
        listed = {line.id: line.person_id for line in self.lines}
        payload = {
            "case": row.id, "number": row.number, "procedure": row.procedure,
            "procedure_version": row.procedure_version, "track": row.track, "household": row.household_id,
            "action": action.code, "seq": row.version, "from": before, "to": row.state, "opened_on": row.opened_on,
            "closed_on": row.closed_on, "assigned_to": row.assigned_to_id, "organisation": row.organisation_id,
            "lines": [
                {"person": line.person_id, "own_line": line.own_line, "listed_with": listed.get(line.listed_with_id)}
                for line in self.lines
            ] if row.version == 1 else None,
            "outcomes": {str(person): outcome for person, outcome in outcomes.items()},
            "answers": codes,
        }  # fmt: skip
        return {key: value for key, value in payload.items() if value is not None}

    def _on_the_agenda(
        self,
        action: Action,
        step: PlannedStep,
        step_id: UUID,
        at: datetime,
        facts: dict[str, Any],
        persons: dict[UUID, Any],
    ) -> tuple[list[UUID], UUID | None]:
        """Acts of the commission stand on the agenda of the sitting of that day."""
        if action.by_sitting is None:
            return [], None
        return self.cases.sittings.decide(
            self.writing, step.on, self.row.id, step_id, action.code, facts,
            {str(person): answers for person, answers in persons.items()},
        )  # fmt: skip

    # -- the end

    def finish(self) -> None:
        if self.row is None:
            return
        rows, setting = self.writing.rows, self.cases.setting
        if len(self.cases.clocks) > CLOCKS_KEPT:
            self.cases.clocks.clear()
        rows.add(models.Case, self.row)
        for line in self.lines:
            rows.add(models.CasePerson, line)
        barriers = self.cases.barriers.get(self.planned.track, ())
        states = project_clocks(
            self.procedure, self.planned.track, self.acts, barriers, setting.book, self.cases.clocks
        )
        for code, state in states.items():
            rows.add(
                models.Due,
                DueRow(
                    case_id=self.row.id, clock=code, household_id=self.row.household_id,
                    organisation_id=self.row.organisation_id, assigned_to_id=None, starts_on=state.starts_on,
                    due_on=state.due_on, elapsed_due_on=state.elapsed_due_on, paused_on=state.paused_on,
                    stopped_on=state.stopped_on, provision=state.provision,
                ),
            )  # fmt: skip
        if self.row.state == "before_commission" and self.row.closed_on is None:
            self.cases.sittings.offer(self.row.id, self.acts[-1].occurred_on)
