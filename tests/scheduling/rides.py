"""Missions with real cases behind them: families whose interview is due, a stay of two days, two officers, two interpreters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from panoh import rulebook
from panoh.scheduling.keeping import carry_out_waiting
from panoh.scheduling.models import Interviewer, Mission, Plan
from panoh.scheduling.operations.listing import list_cases
from panoh.scheduling.operations.planning import accept_plan, ask_for_plan
from panoh.scheduling.operations.preparing import Hours, add_interviewer, add_stay, make_mission
from panoh.scheduling.queries.candidates import list_candidates
from panoh.scheduling.queries.missions import rule_of
from tests.procedures.stories import Story
from tests.world import World

HOURS = Hours(time(9), time(12), time(13, 30), time(16), minutes=60, minutes_more=15)
PLACE = "3501263"
ONCE = {"sex_preference_asked": "true", "counsel_explained": "true"}


def working_day(after: date) -> date:
    return rulebook.current().country.work_calendar.first_working_day_from(after)


@dataclass
class Ride:
    """A mission and its families, as the planner of `role` makes them."""

    world: World
    role: str = "eligibility_officer"
    procedure: str = "asylum"
    kind: str = "fortnight"
    country: str = ""
    families: list[Story] = field(default_factory=list)
    mission: Mission = None  # type: ignore[assignment]

    def acting(self):
        return self.world.as_role(self.role)

    def accept(self, many: int) -> None:
        """Asylum cases whose interview is due."""
        for _ in range(many):
            story = Story(self.world)
            story.register()
            story.open("asylum", "government", "registration_clerk")
            story.take("register", "eligibility_officer")
            self.families.append(story)

    def submit(self, many: int, country: str = "CAN", priority: str = "NR") -> None:
        """Resettlement cases that were submitted to a country, by the panel as the procedure asks."""
        for _ in range(many):
            story = Story(self.world)
            story.register()
            story.open("resettlement", "submission", "mandate_officer")
            story.take("interview", "mandate_officer", each_adult_alone="true", fraud_explained="true")
            story.take("draft", "mandate_officer", signed_by_all="true", best_interests="not_needed")
            story.convene("panel", role="register_officer")
            story.open_sitting(role="register_officer", office="un_dushanbe")
            story.move("review", {"outcome": "submitted"}, role="register_officer")
            story.vote("for", role="register_officer")
            story.count_and_decide(role="register_officer")
            story.take("submit", "mandate_officer", country=country, priority=priority)
            self.families.append(story)

    def make(self, first: date | None = None, days: int = 4, rooms: int = 2) -> Mission:
        first = first or working_day(Story(self.world).today() + timedelta(1))
        with self.acting() as planner:
            self.mission = make_mission(
                by=planner, procedure=self.procedure, kind=self.kind, country=self.country, hours=HOURS
            )
            add_stay(
                by=planner, mission=self.mission, place=PLACE, venue="Rudaki 1", first=first,
                last=first + timedelta(days), rooms=rooms,
            )  # fmt: skip
            self.add("officer", "Anna", "F")
            self.add("officer", "Omar", "M", "PRS")
            self.add("interpreter", "Gul", "F", "PRS")
            self.add("interpreter", "Said", "M", "PRS")
        return self.mission

    def add(self, part: str, name: str, sex: str, *languages: str) -> Interviewer:
        with self.acting() as planner:
            return add_interviewer(by=planner, mission=self.mission, part=part, name=name, sex=sex, languages=languages)

    def list_all(self) -> int:
        with self.acting() as planner:
            definition, rule = rule_of(self.mission)
            found = list_candidates(planner, definition, rule, date.today(), country=self.mission.country)
            return list_cases(by=planner, mission=self.mission, cases=[one.case_id for one in found])

    def plan(self, how: str = Plan.LAY_OUT) -> Plan:
        with self.acting() as planner:
            plan = ask_for_plan(by=planner, mission=self.mission, how=how)
        carry_out_waiting()
        return self.again(plan)

    def confirm(self, plan: Plan, **answers: Any) -> Plan:
        once = answers or (ONCE if self.procedure == "asylum" else {})
        with self.acting() as planner:
            accept_plan(by=planner, mission=self.mission, plan=plan, answers=once)
        carry_out_waiting()
        return self.again(plan)

    def again(self, plan: Plan) -> Plan:
        with self.acting():
            self.mission = Mission.objects.get(pk=self.mission.pk)
            return Plan.objects.get(pk=plan.pk)
