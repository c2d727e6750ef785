"""A plan as people look at it: days and rooms, and for each interview whose it is, why there, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language

from panoh import rulebook
from panoh.kernel.written_days import persian_digits
from panoh.procedures.queries.agenda import Family, families_of
from panoh.scheduling.explaining import explain
from panoh.scheduling.models import Appointment, ListedCase, Mission, Plan, Stay
from panoh.scheduling.queries.described import (
    Described,
    as_plain,
    days_off,
    describe,
    list_appointments,
    outcomes_of,
)
from panoh.scheduling.rules import Outcome, clock_time
from panoh.scheduling.words import in_words


@dataclass(frozen=True, slots=True)
class Slot:
    """One interview on the page. `earlier` is the hour that the family was told before, where the plan moves it."""

    appointment: Appointment
    family: Family | None
    outcome: Outcome
    reasons: tuple[str, ...]
    change: str
    """"" where nothing was told before, else kept, moved, or new."""
    earlier: Appointment | None

    @property
    def starts(self) -> str:
        return clock_time(self.appointment.starts)

    @property
    def ends(self) -> str:
        return clock_time(self.appointment.ends)


@dataclass(frozen=True, slots=True)
class Cell:
    """One room on one day, in short."""

    room: int
    officers: tuple[str, ...]
    many: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the mission: where, and what is held in each room; `rest` where offices do not work."""

    on: date
    stay: Stay
    rest: bool
    cells: tuple[Cell | None, ...]

    @property
    def many(self) -> int:
        return sum(cell.many for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a plan changes of the one in force."""

    kept: int
    moved: int
    new: int
    dropped: int


def list_days(mission: Mission, appointments: Sequence[Appointment]) -> tuple[list[Day], int]:
    """Every day of the mission with its rooms, and the greatest number of rooms."""
    stays = list(mission.stays.all())
    most = max((stay.rooms for stay in stays), default=0)
    held: dict[tuple[date, int], list[Appointment]] = {}
    for one in appointments:
        held.setdefault((one.day, one.room), []).append(one)
    days = []
    for stay in stays:
        rest = set(days_off(stay.first, stay.last))
        for number in range((stay.last - stay.first).days + 1):
            on = stay.first + timedelta(number)
            cells = tuple(_cell(room, held.get((on, room), [])) for room in range(1, most + 1))
            days.append(Day(on, stay, on in rest, cells))
    return days, most


def _cell(room: int, ones: list[Appointment]) -> Cell | None:
    if not ones:
        return None
    officers = tuple(dict.fromkeys(one.officer.name for one in ones))
    return Cell(room, officers, len(ones), clock_time(ones[0].starts), clock_time(max(one.ends for one in ones)))


def list_slots(
    mission: Mission,
    plan: Plan,
    appointments: Sequence[Appointment],
    chosen: Sequence[Appointment],
    in_force: Plan | None,
    today: date,
) -> list[Slot]:
    """The chosen interviews of a plan, each with its family, its reasons and what became of it."""
    families = families_of([one.listed.case_id for one in chosen])
    outcomes = outcomes_of(mission, chosen, today)
    before = told_before(plan, in_force)
    described = describe(mission, also=[one.listed for one in appointments])
    worked_out = as_plain(appointments, plan)
    found = []
    for one in chosen:
        earlier = before.get(one.listed_id)
        found.append(
            Slot(
                one,
                families.get(one.listed.case_id),
                outcomes[one.pk],
                tuple(in_words(explain(described.mission, worked_out, one.listed.case.number), title_of)),
                change_of(one, earlier, bool(before)),
                earlier,
            )
        )
    return found


def told_before(plan: Plan, in_force: Plan | None) -> dict[Any, Appointment]:
    """The hours that families were told by the plan in force, where this one would replace it."""
    if in_force is None or in_force.pk == plan.pk or plan.state not in (Plan.PROPOSED, Plan.CONFIRMING):
        return {}
    return {one.listed_id: one for one in list_appointments(in_force) if one.step_id}


def change_of(one: Appointment, earlier: Appointment | None, compared: bool) -> str:
    if not compared:
        return ""
    if earlier is None:
        return "new"
    return "kept" if (earlier.day, earlier.starts) == (one.day, one.starts) else "moved"


def count_changes(appointments: Sequence[Appointment], before: dict[Any, Appointment]) -> Changes:
    changes = [change_of(one, before.get(one.listed_id), True) for one in appointments]
    kept = {one.listed_id for one in appointments}
    return Changes(changes.count("kept"), changes.count("moved"), changes.count("new"), len(before.keys() - kept))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A family of the list without an hour in the plan, and why."""

    listed: ListedCase
    family: Family | None
    reasons: tuple[str, ...]


def list_left_out(mission: Mission, plan: Plan, appointments: Sequence[Appointment]) -> list[LeftOut]:
    placed = {one.listed_id for one in appointments}
    rows = list(mission.listed.filter(taken_off=False).select_related("case").order_by("case__number"))
    left = [one for one in rows if one.pk not in placed]
    families = families_of([one.case_id for one in left])
    described = describe(mission, also=[*left, *(one.listed for one in appointments)])
    worked_out = as_plain(appointments, plan)
    return [
        LeftOut(
            one,
            families.get(one.case_id),
            tuple(in_words(explain(described.mission, worked_out, one.case.number), title_of)),
        )
        for one in left
    ]


def why_of(mission: Mission, plan: Plan | None, listed: ListedCase) -> tuple[str, ...]:
    """Why one family has its hour in a plan, or none."""
    if plan is None or plan.value is None:
        return ()
    appointments = list_appointments(plan)
    described: Described = describe(mission, also=[listed, *(one.listed for one in appointments)])
    return tuple(in_words(explain(described.mission, as_plain(appointments, plan), listed.case.number), title_of))


def title_of(name: str, code: str) -> str:
    """Codes of a reason as the reader knows them."""
    book, language = rulebook.current(), get_language() or "en"
    if name == "language":
        return book.codes["languages"].title(code, language)
    if name == "site" and code in book.places:
        return book.text(book.places[code].titles, language)
    return persian_digits(code) if language == "prs" and name in ("days", "minutes", "longest", "count") else code
