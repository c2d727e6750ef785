"""What supervision must say, counted anew from the rows of steps, papers, sittings and answers, one case and one safeguard after the other.

Written apart from `procedures.rules.safeguards` and `protection.rules.supervision`, and slow: only the clocks and the arithmetic of days are shared.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple
from uuid import UUID

from panoh import rulebook
from panoh.access.models import Office
from panoh.papers.models import Paper
from panoh.procedures.models import AgendaItem, Attendance, Case, SafeguardAnswer, Step
from panoh.procedures.operations.dues import compute_many
from panoh.procedures.queries.cases import procedure_of
from panoh.rulebook.counting import count
from panoh.rulebook.model import Evidence, Safeguard

Counted = dict[tuple[str, str, str], Counter[str]]
"""By office, month and safeguard: how many cases have each verdict."""


class Told(NamedTuple):
    """What one piece of evidence says, and of which day it is."""

    verdict: str
    on: date | None = None


def count_anew(cases: list[Case], today: date, *, monitor: bool, by_act: bool) -> Counted:
    """By the month of opening, or of the act that kept or broke it. `monitor`: whether what monitors were told counts."""
    counted: Counted = {}
    for case in cases:
        found = CaseAnew(case, today, monitor=monitor)
        for safeguard in found.procedure.safeguards.values():
            if case.track not in safeguard.tracks:
                continue
            verdict, on = found.verdict(safeguard)
            day = on if by_act else case.opened_on
            if day is not None:
                counted.setdefault((office_of(case), f"{day:%Y-%m}", safeguard.code), Counter())[verdict] += 1
    return counted


def office_of(case: Case) -> str:
    """Where the file is kept; of a case about nobody's file, where it was taken in."""
    if case.household_id is not None:
        office: UUID = case.household.office_id
    else:
        office = Step.objects.select_related("by").get(case=case, seq=1).by.office_id
    return Office.objects.get(pk=office).code


class CaseAnew:
    """One case, with everything that can be known of it."""

    def __init__(self, case: Case, today: date, *, monitor: bool) -> None:
        self.case, self.today, self.monitor = case, today, monitor
        self.procedure = procedure_of(case)
        self.steps = list(Step.objects.filter(case=case).order_by("seq"))
        self.clocks = next(compute_many(Case.objects.filter(pk=case.pk), rulebook.current())).states
        self.is_over = self.procedure.states[case.state].is_final

    def verdict(self, safeguard: Safeguard) -> Told:
        """With the day on which it was kept or broken, or on which it became due where nobody can say; none while that is to come."""
        said = SafeguardAnswer.objects.filter(case=self.case, safeguard=safeguard.code).order_by("recorded_at", "id")
        if self.monitor and said:
            last = list(said)[-1]
            return Told(last.verdict, None if last.verdict == "not_applicable" else last.on)
        asked = safeguard.asked_when
        if asked and not any(
            asked.holds(step.facts) or any(asked.holds(about) for about in step.persons.values()) for step in self.steps
        ):
            return Told("not_applicable")
        began = [step.occurred_on for step in self.steps if step.action in safeguard.due_with]
        if safeguard.due_with and not began and self.is_over:
            return Told("not_applicable")
        last_day = None
        if safeguard.due_within and began:
            length = rulebook.current().value(safeguard.due_within, min(began)).amount
            last_day = count(min(began), [length], (), rulebook.current().country.work_calendar).due_on
        is_due = bool(began) or not safeguard.due_with
        told = [self.told_by(evidence, is_due, last_day) for evidence in safeguard.evidence]
        known = {one.verdict for one in told}
        verdict = next((one for one in ("broken", "not_due", "kept") if one in known), None)
        if verdict is None:
            verdict = "unknown" if is_due else "not_due"
        if verdict == "not_due":
            return Told(verdict)
        days = [one.on for one in told if one.verdict == verdict and one.on is not None]
        return Told(verdict, min(days) if days else max(began) if began else self.steps[-1].occurred_on)

    def told_by(self, evidence: Evidence, is_due: bool, last_day: date | None) -> Told:
        match evidence.kind:
            case "step":
                return self.told_by_step(evidence, is_due, last_day)
            case "field":
                return self.told_by_answer(evidence)
            case "clock":
                return self.told_by_clock(evidence.clock or "")
            case "sitting":
                return self.told_by_sitting(evidence)
            case "paper":
                papers = Paper.objects.filter(case_id=self.case.pk, kind=evidence.paper_kind, issued_on__isnull=False)
                issued = [one.issued_on for one in papers]
                if not issued:
                    return self.told_by_silence(is_due, last_day)
                return Told("broken" if last_day and min(issued) > last_day else "kept", min(issued))
        return Told("unknown")

    def told_by_step(self, evidence: Evidence, is_due: bool, last_day: date | None) -> Told:
        done = [step for step in self.steps if step.action == evidence.action]
        if not done:
            return self.told_by_silence(is_due, last_day)
        bounds = [step.seq for step in self.steps if evidence.before and step.action == evidence.before]
        behind = bool(bounds) and max(bounds) < done[0].seq
        late = last_day is not None and done[0].occurred_on > last_day
        return Told("broken" if behind or late else "kept", done[0].occurred_on)

    def told_by_silence(self, is_due: bool, last_day: date | None) -> Told:
        if not is_due:
            return Told("unknown")
        if last_day is not None:
            return Told("broken") if self.today > last_day else Told("not_due")
        return Told("broken") if self.is_over else Told("unknown")

    def told_by_answer(self, evidence: Evidence) -> Told:
        done = [step for step in self.steps if step.action == evidence.action]
        if not done:
            return Told("unknown")
        words: set[str] = set()
        for about in (done[-1].facts, *done[-1].persons.values()):
            given = about.get(evidence.field, [])
            for one in given if isinstance(given, list) else [given]:
                words.add(str(one).lower() if isinstance(one, bool) else str(one))
        if words & set(evidence.broken):
            return Told("broken", done[-1].occurred_on)
        return Told("kept", done[-1].occurred_on) if words & set(evidence.kept) else Told("unknown")

    def told_by_clock(self, code: str) -> Told:
        clock = self.clocks.get(code)
        if clock is None or clock.unknown:
            return Told("unknown")
        if clock.due_on and (clock.stopped_on or self.today) > clock.due_on:
            return Told("broken", clock.due_on)
        return Told("kept", clock.stopped_on) if clock.stopped_on else Told("not_due")

    def told_by_sitting(self, evidence: Evidence) -> Told:
        items = AgendaItem.objects.filter(case=self.case, outcome="decided", sitting__kind=evidence.sitting)
        if not items:
            return Told("unknown")
        sittings = [item.sitting_id for item in items]
        there = Attendance.objects.filter(sitting__in=sittings, place=evidence.seat, present=True).exists()
        return Told("kept" if there else "broken")
