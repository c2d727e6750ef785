"""A circuit ride that is half over, and the sittings to come: through the real operations, on the demo's last days.

The families are considered, heard and submitted as the procedure asks, the panel decides in a sitting, a plan is laid out and confirmed, and
the first days are over: some came, some did not, and a plan that gives these another hour waits for a person.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from panoh.access.models import Member
from panoh.demo.answering import Answering
from panoh.demo.cast import MEMBERS
from panoh.demo.loading.procedures import acting_as
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case
from panoh.procedures.operations.agenda import convene_sitting
from panoh.procedures.operations.cases import open_case
from panoh.procedures.operations.items import decide_item, put_motion
from panoh.procedures.operations.sittings import Attends, close_sitting, open_sitting
from panoh.procedures.operations.steps import take_step
from panoh.procedures.operations.votes import count_votes, record_votes
from panoh.procedures.rules.recording import first_day_to_record
from panoh.registry.queries import visible_to
from panoh.rulebook.model import Procedure, Rulebook
from panoh.scheduling.keeping import carry_out_waiting
from panoh.scheduling.models import Mission, Plan
from panoh.scheduling.operations.calling import record_interview
from panoh.scheduling.operations.listing import Wishes, change_wishes, list_cases
from panoh.scheduling.operations.planning import accept_plan, ask_for_plan
from panoh.scheduling.operations.preparing import Hours, add_interviewer, add_stay, make_mission
from panoh.scheduling.queries.candidates import list_candidates
from panoh.scheduling.queries.described import list_appointments
from panoh.scheduling.queries.missions import find_rule, plan_in_force

PROCEDURE, TRACK, RIDE, PANEL = "resettlement", "submission", "circuit_ride", "panel"
COUNTRY, FAMILIES = "CAN", 24
ONE_MISSED_IN = 5
ONE_FURTHER_ON_IN = 3
"""One family in so many is heard in the second place, whose days are still to come."""
BEFORE_THE_PANEL = ("interview", "draft")
HOURS = Hours(time(9), time(12), None, None, minutes=60, minutes_more=15)
STAYS = (("3501263", "Душанбе, Рӯдакӣ 40", 6), ("3509018", "Ваҳдат, Истиқлол 12", 4))
"""Place, address, and for how many working days; between the two a day on the road."""
PEOPLE = (
    ("officer", "Claire Martin", "F", ()),
    ("officer", "David Chen", "M", ()),
    ("interpreter", "Фарзона Раҳимова", "F", ("PRS", "PET", "UZB")),
    ("interpreter", "Карим Назаров", "M", ("PRS", "PBU", "PET")),
)
TOLD = "Written for the demonstration."


def convene_what_waits(book: Rulebook) -> int:
    """A sitting of the days to come for each body that has cases waiting; returns how many were convened."""
    convened, today = 0, timezone.localdate()
    for versions in book.procedures.values():
        procedure = versions[-1]
        for rule in procedure.sittings.values():
            keeper = _keeper(procedure, rule.code)
            if keeper is None:
                continue
            with acting_as(keeper) as actor:
                on = book.country.work_calendar.add_working_days(today, 3)
                try:
                    convene_sitting(by=actor, procedure=procedure.code, kind=rule.code, on=on, place="Душанбе")
                    convened += 1
                except Problem:
                    continue  # nothing waits, or all that waits stands on an agenda
    return convened


def ride_out(book: Rulebook) -> int:
    """The circuit ride; returns how many families stand on its list."""
    if PROCEDURE not in book.procedures:
        return 0
    return _Ride(book).run()


class _Ride:
    def __init__(self, book: Rulebook) -> None:
        self.book, self.today = book, timezone.localdate()
        self.procedure = book.procedures[PROCEDURE][-1]
        self.chance = random.Random("circuit ride")  # noqa: S311
        self.answering = Answering(self.procedure, book, self.chance)
        self.mandate, self.reviewer, self.chair, self.register = (
            _member(name) for name in ("mandate", "mandate-2", "protection", "register")
        )
        self.answering.member = self.mandate.pk
        # As long ago as one person may still write down alone.
        opening = self.procedure.actions[self.procedure.tracks[TRACK].opens_with]
        self.began = first_day_to_record(opening, self.today, book)

    def run(self) -> int:
        with on_day(self.began):
            cases = list(self._considered())
            if not cases:
                return 0
            self._decided_by_the_panel(cases)
            for case in cases:
                self._take(case, "submit", {"country": COUNTRY})
            mission = self._prepared({case.pk for case in cases})
            self._confirmed(mission)
        self._held(mission)
        self._mended(mission)
        return len(cases)

    def _considered(self) -> Iterator[Case]:
        with acting_as(self.mandate) as actor:
            files = visible_to(actor).filter(status="open", persons__population_group="REF").distinct()
            found = list(files.order_by("-registered_on", "id")[: FAMILIES * 20])
        opening = self.procedure.actions[self.procedure.tracks[TRACK].opens_with]
        made = 0
        for household in self.chance.sample(found, len(found)):
            if made == FAMILIES:
                return
            try:
                with acting_as(self.mandate) as actor:
                    persons = list(household.persons.filter(status="open").order_by("relationship", "id"))
                    step = open_case(
                        by=actor, procedure=PROCEDURE, track=TRACK, household=household, occurred_on=self.began,
                        persons=[person.pk for person in persons], facts=self.answering.case(opening, self.began),
                    )  # fmt: skip
                for action in BEFORE_THE_PANEL:
                    self._take(step.case, action, {})
            except Problem:
                continue  # this family's file does not fit the procedure; the next one may
            made += 1
            yield step.case

    def _take(self, case: Case, code: str, wanted: dict[str, Any]) -> None:
        action = self.procedure.actions[code]
        with acting_as(self.mandate) as actor:
            now = Case.objects.get(pk=case.pk)
            take_step(
                by=actor, case=now, action=code, occurred_on=self.began, expected_version=now.version,
                facts=self.answering.case(action, self.began, wanted),
            )  # fmt: skip

    def _decided_by_the_panel(self, cases: list[Case]) -> None:
        """One sitting decides all of them: the chair and a second officer vote, the register officer writes."""
        seats = {"chair": self.chair, "reviewer": self.reviewer, "secretary": self.register}
        with acting_as(self.register) as keeper:
            sitting = convene_sitting(
                by=keeper,
                procedure=PROCEDURE,
                kind=PANEL,
                on=self.began,
                place="Душанбе",
                cases=[case.pk for case in cases],
            )
            sitting = open_sitting(
                by=keeper, sitting=sitting, expected_version=sitting.version,
                attendance=[Attends(member.pk, place, present=True) for place, member in seats.items()],
            )  # fmt: skip
            for item in sitting.items.select_related("case").order_by("position"):
                persons = list(item.case.persons.values_list("person_id", flat=True))
                yes = {person: {"outcome": "submitted"} for person in persons}
                put_motion(by=keeper, item=item, action="review", facts={}, persons_facts=yes)
                votes = {self.chair.pk: "for", self.reviewer.pk: "for"}
                record_votes(by=keeper, item=item, votes=votes)
                count_votes(by=keeper, item=item)
                item.refresh_from_db()
                decide_item(by=keeper, item=item, expected_version=item.case.version, facts={}, persons_facts={})
            sitting.refresh_from_db()
            close_sitting(by=keeper, sitting=sitting, minutes=TOLD, expected_version=sitting.version)

    def _prepared(self, cases: set[UUID]) -> Mission:
        calendar = self.book.country.work_calendar
        with acting_as(self.mandate) as actor:
            mission = make_mission(by=actor, procedure=PROCEDURE, kind=RIDE, country=COUNTRY, hours=HOURS)
            first = calendar.add_working_days(self.began, 2)
            for place, venue, days in STAYS:
                last = calendar.add_working_days(first, days - 1) if days > 1 else first
                add_stay(by=actor, mission=mission, place=place, venue=venue, first=first, last=last, rooms=2)
                first = calendar.add_working_days(last + timedelta(1), 1)
            for part, name, sex, languages in PEOPLE:
                add_interviewer(by=actor, mission=mission, part=part, name=name, sex=sex, languages=languages)
            definition, rule = find_rule(PROCEDURE, RIDE, self.began)
            waiting = list_candidates(actor, definition, rule, self.began, country=COUNTRY)
            list_cases(by=actor, mission=mission, cases=[one.case_id for one in waiting if one.case_id in cases])
            for n, one in enumerate(mission.listed.order_by("case__number")):
                if n % ONE_FURTHER_ON_IN == 0:
                    wishes = {name: getattr(one, name) for name in Wishes.__slots__} | {"place": STAYS[1][0]}
                    change_wishes(by=actor, mission=mission, case=one.case_id, wishes=Wishes(**wishes))
        return mission

    def _confirmed(self, mission: Mission) -> None:
        with acting_as(self.mandate) as actor:
            plan = ask_for_plan(by=actor, mission=mission, how=Plan.LAY_OUT)
        carry_out_waiting()
        with acting_as(self.mandate) as actor:
            accept_plan(by=actor, mission=mission, plan=plan, answers={})
        carry_out_waiting()

    def _held(self, mission: Mission) -> None:
        """What lies behind us: most came. What is today is left to whoever looks at the demo."""
        with acting_as(self.mandate) as actor:
            plan = plan_in_force(mission)
            past = [one for one in list_appointments(plan) if one.step_id and one.day < self.today] if plan else []
            for n, one in enumerate(past, start=1):
                with on_day(one.day):
                    record_interview(by=actor, mission=mission, appointment=one, came=n % ONE_MISSED_IN != 0)

    def _mended(self, mission: Mission) -> None:
        """A plan that gives another hour to whoever did not come waits for a person's yes."""
        with acting_as(self.mandate) as actor:
            ask_for_plan(by=actor, mission=mission, how=Plan.FILL)
        carry_out_waiting()


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The real operations know no other day than today: for the length of this, it is another one."""
    real = timezone.localdate
    timezone.localdate = lambda *_given, **_more: day
    try:
        yield
    finally:
        timezone.localdate = real


def _member(username: str) -> Member:
    return Member.objects.select_related("account", "organisation", "office").get(account__username=username)


def _keeper(procedure: Procedure, kind: str) -> Member | None:
    """Whoever of the cast keeps such a sitting: its secretary, else its chair."""
    seats = procedure.sittings[kind].seats
    role = next((seat.role for seat in seats if seat.seat == "secretary"), None) or next(
        seat.role for seat in seats if seat.seat == "chair"
    )
    name = next((one.username for one in MEMBERS if one.role == role), None)
    return _member(name) if name else None
