"""Lays out a mission: two integer programs, the first for who works together when, the second for who is seen by whom.

Families that the plan cannot tell apart (place, language, length, urgency, wishes, days) are counted and not named, and so are
officers with the same abilities: that is what makes four hundred families a small problem. The first program decides which
officers sit with which interpreter in which session, and gives the families to sessions by their minutes alone; that leaves
out only that a session's minutes are cut among its teams, so its bound holds for every plan. The second packs whole
interviews into the teams that were chosen. What lies between the two is the gap that a plan names.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import highspy

from panoh.scheduling.mission import (
    URGENCIES,
    Appointment,
    Family,
    Leg,
    Mission,
    Plan,
    Staff,
    called_again,
    can_take,
    check_mission,
    weight,
)

SECONDS = 60.0
SHARE_OF_FIRST = 0.55  # of the time, for the first program; the second proves its part faster
GOOD_ENOUGH = 1e-3  # the gap at which each program may stop
NOBODY = ""  # the interpreter of a team whose officer speaks the language


@dataclass(frozen=True, slots=True)
class Slot:
    """Time of one session of one day, where the mission then is; `starts` in minutes from midnight."""

    day: date
    leg: Leg
    session: int
    starts: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Team:
    """An officer of one kind with an interpreter (or without) in one slot."""

    slot: Slot
    officer: Staff  # without a code: sex, languages and days of absence of all of that kind
    interpreter: str


def solve(mission: Mission, seconds: float = SECONDS) -> Plan:
    """The plan of the greatest value that can be found in that time, with the bound of what any plan could reach.

    Raises Problems where the mission cannot be planned at all. The same mission gives a plan of the same value, whatever the
    order of its families, as long as the time suffices to prove it.
    """
    check_mission(mission)
    began = time.monotonic()
    kinds = _alike(mission)
    slots = [
        Slot(day, leg, number, session.starts, session.minutes)
        for day, leg in mission.working_days()
        for number, session in enumerate(mission.sessions)
    ]
    teams, bound = _choose_teams(mission, kinds, slots, seconds * SHARE_OF_FIRST)
    packed, _bound = _pack(mission, kinds, teams, seconds - (time.monotonic() - began))
    officers = _officers_of(mission, teams)
    appointments = _name(kinds, teams, packed, officers, _rooms_of(teams, officers))
    return _plan(mission, appointments, bound, began)


def replan(
    mission: Mission, plan: Plan, missed: Collection[str], now: tuple[date, int], seconds: float = SECONDS
) -> Plan:
    """The plan after some families did not come: they and whoever had no place get what is free after `now` (day, minute).

    Who did not come is called again for a later day than the one she missed. Nobody else is moved: people have been told their
    hour. The bound says what any plan could reach that keeps them.
    """
    check_mission(mission)
    began = time.monotonic()
    kept = [one for one in plan.appointments if one.family not in missed]
    placed = {one.family for one in kept}
    again = [one for one in called_again(mission, plan, missed, now[0]).families if one.code not in placed]
    waiting = _alike(replace(mission, families=tuple(again)))
    gaps = list(_gaps(mission, plan, kept, now))
    teams = [gap.team for gap in gaps]
    packed, bound = _pack(mission, waiting, teams, seconds)
    officers = {place: gap.officer for place, gap in enumerate(gaps)}
    rooms = {place: gap.room for place, gap in enumerate(gaps)}
    appointments = [*kept, *_name(waiting, teams, packed, officers, rooms)]
    return _plan(mission, appointments, bound + _value(mission, kept), began)


def _plan(mission: Mission, appointments: Iterable[Appointment], bound: float, began: float) -> Plan:
    ordered = tuple(sorted(appointments, key=lambda one: (one.day, one.starts, one.room)))
    seen = {one.family for one in ordered}
    unplaced = tuple(sorted(family.code for family in mission.families if family.code not in seen))
    value = _value(mission, ordered)
    return Plan(ordered, unplaced, value, max(bound, value), time.monotonic() - began)


def _value(mission: Mission, appointments: Iterable[Appointment]) -> float:
    families = {family.code: family for family in mission.families}
    return sum(weight(mission, families[one.family], one.day) for one in appointments)


@dataclass(frozen=True, slots=True)
class _Gap:
    """Time in which a team that is there anyway has nobody before it."""

    team: Team
    officer: str
    room: int


def _gaps(mission: Mission, plan: Plan, kept: Sequence[Appointment], now: tuple[date, int]) -> Iterator[_Gap]:
    """Free time after `now` of every team that the plan had, before, between and after the interviews that stay."""
    legs = dict(mission.working_days())
    officers = {officer.code: officer for officer in mission.officers}
    absent = {one.code: one.absent for one in (*mission.officers, *mission.interpreters)}
    for day, number, room, officer, interpreter in dict.fromkeys(
        (one.day, one.session, one.room, one.officer, one.interpreter or NOBODY) for one in plan.appointments
    ):
        if day not in legs or day in absent[officer] or day in absent.get(interpreter, ()):
            continue
        session, leg = mission.sessions[number], legs[day]
        free = max(session.starts, now[1] if day == now[0] else 0)
        taken = sorted(
            (one.starts, one.starts + one.minutes)
            for one in kept
            if (one.day, one.session, one.officer) == (day, number, officer)
        )
        for starts, ends in [*taken, (session.starts + session.minutes,) * 2]:
            if day >= now[0] and starts > free:
                slot = Slot(day, leg, number, free, starts - free)
                yield _Gap(Team(slot, _of_kind(officers[officer]), interpreter), officer, room)
            free = max(free, ends)


Kinds = Mapping[Family, list[Family]]


def _alike(mission: Mission) -> Kinds:
    """Families by what a plan can tell of them: the kind is a family without a code."""
    kinds: dict[Family, list[Family]] = defaultdict(list)
    for family in sorted(mission.families, key=lambda one: one.code):
        kinds[replace(family, code="")].append(family)
    return kinds


def _of_kind(officer: Staff) -> Staff:
    return replace(officer, code="")


# -- the first program: who works together ----------------------------------------------------------------------------


def _choose_teams(mission: Mission, kinds: Kinds, slots: list[Slot], seconds: float) -> tuple[list[Team], float]:
    program = _program(seconds)
    interpreters: dict[str, Staff | None] = {one.code: one for one in mission.interpreters}
    interpreters[NOBODY] = None
    seen: dict[tuple[Family, Slot], Any] = {}
    chosen: dict[Team, Any] = {}
    for slot in slots:
        present = _present(mission, slot.day)
        teams = {
            Team(slot, able, code): program.addIntegral(0, count if code == NOBODY else 1)
            for able, count in present.items()
            for code, interpreter in interpreters.items()
            if interpreter is None or slot.day not in interpreter.absent
        }
        chosen |= teams
        for able, count in present.items():
            _at_most(program, [one for team, one in teams.items() if team.officer == able], count)
        for code in interpreters.keys() - {NOBODY}:
            _at_most(program, [one for team, one in teams.items() if team.interpreter == code], 1)
        _at_most(program, list(teams.values()), slot.leg.rooms)
        here = [kind for kind in kinds if kind.site == slot.leg.site and kind.may_come(slot.day)]
        minutes_of: dict[Team, list[Any]] = defaultdict(list)
        needs: dict[Family, list[Family]] = defaultdict(list)
        for kind in here:
            needs[_need(kind)].append(kind)
        for need, of_need in needs.items():
            given = []
            for team in teams:
                if can_take(team.officer, interpreters[team.interpreter], need):
                    minutes = program.addVariable(0, highspy.kHighsInf)
                    minutes_of[team].append(minutes)
                    given.append(minutes)
            if given:
                for kind in of_need:
                    most = min(len(kinds[kind]), len(mission.officers) * (slot.minutes // kind.minutes))
                    seen[kind, slot] = program.addIntegral(0, most)
                taken = program.qsum(kind.minutes * seen[kind, slot] for kind in of_need)
                program.addConstr(taken <= program.qsum(given))
        for team, minutes in minutes_of.items():
            program.addConstr(program.qsum(minutes) <= slot.minutes * chosen[team])
    _once_and_together(program, mission, kinds, seen, lambda slot: slot.day)
    _maximise(program, mission, seen, lambda slot: slot.day)
    values = program.getSolution().col_value
    teams_found = [team for team, one in chosen.items() for _ in range(round(values[one.index]) if values else 0)]
    return teams_found, float(program.getInfo().mip_dual_bound)


def _present(mission: Mission, day: date) -> dict[Staff, int]:
    present: dict[Staff, int] = defaultdict(int)
    for officer in mission.officers:
        if day not in officer.absent:
            present[_of_kind(officer)] += 1
    return present


def _need(kind: Family) -> Family:
    """What of a family decides who can interview it."""
    return Family("", "", kind.language, 1, officer_sex=kind.officer_sex, interpreter_sex=kind.interpreter_sex)


# -- the second program: who is seen by whom --------------------------------------------------------------------------


def _pack(
    mission: Mission, kinds: Kinds, teams: list[Team], seconds: float
) -> tuple[dict[tuple[Family, int], int], float]:
    """How many families of each kind each team sees, and the most that any packing of these teams could be worth."""
    program = _program(max(seconds, 1.0))
    interpreters: dict[str, Staff | None] = {one.code: one for one in mission.interpreters}
    interpreters[NOBODY] = None
    seen: dict[tuple[Family, int], Any] = {}
    for place, team in enumerate(teams):
        fitting = [
            kind
            for kind in kinds
            if kind.site == team.slot.leg.site
            and kind.minutes <= team.slot.minutes
            and kind.may_come(team.slot.day)
            and can_take(team.officer, interpreters[team.interpreter], kind)
        ]
        for kind in fitting:
            seen[kind, place] = program.addIntegral(0, min(len(kinds[kind]), team.slot.minutes // kind.minutes))
        if fitting:
            taken = program.qsum(kind.minutes * seen[kind, place] for kind in fitting)
            program.addConstr(taken <= team.slot.minutes)
    if not seen:
        return {}, 0.0
    _once_and_together(program, mission, kinds, seen, lambda place: teams[place].slot.day)
    _maximise(program, mission, seen, lambda place: teams[place].slot.day)
    values = program.getSolution().col_value
    packed = {key: round(values[one.index]) for key, one in seen.items()} if values else {}
    return {key: count for key, count in packed.items() if count}, float(program.getInfo().mip_dual_bound)


# -- what both programs hold ------------------------------------------------------------------------------------------


class _Program(highspy.Highs):  # type: ignore[misc]
    def enableCallbacks(self) -> None:
        """None are used, and with them HiGHS greets on standard output, where a command prints its answer."""


def _program(seconds: float) -> Any:
    program = _Program()
    program.silent()
    program.setOptionValue("time_limit", float(seconds))
    program.setOptionValue("mip_rel_gap", GOOD_ENOUGH)
    program.setOptionValue("random_seed", 1)
    return program


def _at_most(program: Any, ones: list[Any], most: int) -> None:
    if ones:
        program.addConstr(program.qsum(ones) <= most)


def _once_and_together(program: Any, mission: Mission, kinds: Kinds, seen: Mapping[Any, Any], day_of: Any) -> None:
    """No family is seen twice; a group is seen on one day as a whole, or not at all."""
    by_kind: dict[Family, list[Any]] = defaultdict(list)
    by_day: dict[tuple[Family, date], list[Any]] = defaultdict(list)
    for (kind, where), one in seen.items():
        by_kind[kind].append(one)
        if kind.together:
            by_day[kind, day_of(where)].append(one)
    for kind, ones in by_kind.items():
        _at_most(program, ones, len(kinds[kind]))
    groups: dict[str, list[Family]] = defaultdict(list)
    for kind in kinds:
        if kind.together:
            groups[kind.together].append(kind)
    for members in groups.values():
        days = sorted({day for kind, day in by_day if kind in members})
        comes = {day: program.addBinary() for day in days}
        _at_most(program, list(comes.values()), 1)
        for kind in members:
            for day in days:
                program.addConstr(program.qsum(by_day.get((kind, day), [])) == len(kinds[kind]) * comes[day])


def _maximise(program: Any, mission: Mission, seen: Mapping[Any, Any], day_of: Any) -> None:
    program.maximize(program.qsum(weight(mission, kind, day_of(where)) * one for (kind, where), one in seen.items()))


# -- from counts to names ---------------------------------------------------------------------------------------------


def _name(
    kinds: Kinds,
    teams: Sequence[Team],
    packed: Mapping[tuple[Family, int], int],
    officers: Mapping[int, str],
    rooms: Mapping[int, int],
) -> Iterator[Appointment]:
    waiting = {kind: list(families) for kind, families in kinds.items()}
    order = sorted(
        {place for _kind, place in packed}, key=lambda place: (teams[place].slot.day, teams[place].slot.starts)
    )
    for place in order:
        slot = teams[place].slot
        chosen = [waiting[kind].pop(0) for (kind, at), count in packed.items() if at == place for _ in range(count)]
        chosen.sort(key=lambda family: (-URGENCIES[family.urgency], family.code))
        starts = slot.starts
        for family in chosen:
            yield Appointment(
                family=family.code,
                day=slot.day,
                session=slot.session,
                starts=starts,
                minutes=family.minutes,
                room=rooms[place],
                officer=officers[place],
                interpreter=teams[place].interpreter or None,
            )
            starts += family.minutes


def _officers_of(mission: Mission, teams: Sequence[Team]) -> dict[int, str]:
    """Which officer of the kind it is. Whoever sat with an interpreter before sits with her again where it can be."""
    beside: dict[str, str] = {}
    found: dict[int, str] = {}
    by_slot: dict[Slot, list[int]] = defaultdict(list)
    for place, team in enumerate(teams):
        by_slot[team.slot].append(place)
    for slot in sorted(by_slot, key=lambda slot: (slot.day, slot.session)):
        free: dict[Staff, list[str]] = defaultdict(list)
        for officer in mission.officers:
            if slot.day not in officer.absent:
                free[_of_kind(officer)].append(officer.code)
        later = []
        for place in sorted(by_slot[slot], key=lambda place: teams[place].interpreter):
            team = teams[place]
            known = beside.get(team.interpreter)
            if team.interpreter and known in free[team.officer]:
                free[team.officer].remove(known)
                found[place] = known
            else:
                later.append(place)
        for place in later:
            team = teams[place]
            found[place] = free[team.officer].pop(0)
            if team.interpreter:
                beside[team.interpreter] = found[place]
    return found


def _rooms_of(teams: Sequence[Team], officers: Mapping[int, str]) -> dict[int, int]:
    """An officer keeps her room for the day where the number of teams allows it."""
    by_slot: dict[Slot, list[int]] = defaultdict(list)
    for place, team in enumerate(teams):
        by_slot[team.slot].append(place)
    kept: dict[tuple[date, str], int] = {}
    found: dict[int, int] = {}
    for slot in sorted(by_slot, key=lambda slot: (slot.day, slot.session)):
        free = set(range(1, slot.leg.rooms + 1))
        places = sorted(by_slot[slot], key=lambda place: officers[place])
        for place in places:
            known = kept.get((slot.day, officers[place]))
            if known in free:
                found[place] = known
                free.discard(known)
        for place in places:
            if place not in found:
                found[place] = min(free)
                free.discard(found[place])
            kept[slot.day, officers[place]] = found[place]
    return found
