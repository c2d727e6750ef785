"""What a mission is made of, and what makes it impossible: facts without a solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from panoh.kernel.problems import Problem, Problems

LONGEST_DAYS = 60
MOST_FAMILIES = 5_000
MOST_STAFF = 200
URGENCIES: Mapping[str, int] = {
    "emergency": 27,
    "urgent": 9,
    "priority": 3,
    "normal": 1,
}  # one of a class weighs three of the next
SEXES = ("F", "M")


@dataclass(frozen=True, slots=True)
class Leg:
    """Where the mission is, from the first to the last day of it, and how many interviews can be held at once there."""

    site: str
    first: date
    last: date
    rooms: int

    def days(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(number)


@dataclass(frozen=True, slots=True)
class Session:
    """A part of a working day without a break: minutes from midnight."""

    starts: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Staff:
    """An officer or an interpreter. Languages of an officer are those in which she interviews alone."""

    code: str
    sex: str
    languages: frozenset[str] = frozenset()
    absent: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Family:
    """Who is to be interviewed in one sitting. `together` names a group that must come on the same day (relatives who travel
    together); `officer_sex` and `interpreter_sex` are wishes that are kept, not weighed."""

    code: str
    site: str
    language: str
    minutes: int
    urgency: str = "normal"
    officer_sex: str | None = None
    interpreter_sex: str | None = None
    earliest: date | None = None
    latest: date | None = None
    together: str | None = None

    def may_come(self, day: date) -> bool:
        return (self.earliest is None or self.earliest <= day) and (self.latest is None or day <= self.latest)


@dataclass(frozen=True, slots=True)
class Mission:
    legs: tuple[Leg, ...]
    sessions: tuple[Session, ...]
    officers: tuple[Staff, ...]
    interpreters: tuple[Staff, ...]
    families: tuple[Family, ...]
    rest_days: frozenset[date] = frozenset()
    later: float = 0.02  # the part of a family's weight that each day of waiting costs
    begins: date | None = None  # from when waiting counts; the first day of the first leg unless told

    def working_days(self) -> list[tuple[date, Leg]]:
        return [(day, leg) for leg in self.legs for day in leg.days() if day not in self.rest_days]


@dataclass(frozen=True, slots=True)
class Appointment:
    """One interview. `starts` in minutes from midnight; `interpreter` is None where the officer speaks the language."""

    family: str
    day: date
    session: int
    starts: int
    minutes: int
    room: int
    officer: str
    interpreter: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is seen when, who is not, and how good that is.

    `value` is the sum of the weights of who is seen; `bound` the most that any plan could reach, proven by the solver.
    """

    appointments: tuple[Appointment, ...]
    unplaced: tuple[str, ...]
    value: float
    bound: float
    seconds: float = field(default=0.0, compare=False)

    @property
    def gap(self) -> float:
        """The share of the best possible value that this plan may miss; 0 where it is proven to be the best."""
        return max(self.bound - self.value, 0.0) / self.bound if self.bound > 0 else 0.0


def weight(mission: Mission, family: Family, day: date) -> float:
    """What it is worth that the family is seen on that day: its urgency, less a little for each day of waiting."""
    waited = (day - (mission.begins or min(leg.first for leg in mission.legs))).days
    return URGENCIES[family.urgency] * max(1 - mission.later * waited, 0.1)


def can_take(officer: Staff, interpreter: Staff | None, family: Family) -> bool:
    """Whether the two can interview the family: language, and the sexes that it asked for."""
    if family.officer_sex and officer.sex != family.officer_sex:
        return False
    if interpreter is None:
        return family.language in officer.languages
    return family.language in interpreter.languages and family.interpreter_sex in (None, interpreter.sex)


def called_again(mission: Mission, plan: Plan, missed: Collection[str], today: date) -> Mission:
    """The mission as it stands once some did not come: they come on a later day, and no longer with relatives who were heard."""
    placed = {one.family: one for one in plan.appointments}
    heard = {one.together for one in mission.families if one.code in placed and one.code not in missed}
    families = []
    for family in mission.families:
        if family.code in missed and family.code in placed:
            next_day = max(placed[family.code].day, today) + timedelta(1)
            family = replace(
                family,
                earliest=max(family.earliest or next_day, next_day),
                together=None if family.together in heard else family.together,
            )
        families.append(family)
    return replace(mission, families=tuple(families))


def check_mission(mission: Mission) -> None:
    """Raises everything that makes the mission impossible to plan, each Problem on its field."""
    if faults := list(_faults(mission)):
        raise Problems(faults)


def _faults(mission: Mission) -> Iterator[Problem]:
    if not mission.legs:
        yield Problem("scheduling.mission.no_leg", field="legs")
    for place, leg in enumerate(mission.legs):
        at = f"legs.{place}"
        if leg.last < leg.first or (leg.last - leg.first).days >= LONGEST_DAYS:
            yield Problem("scheduling.leg.days", field=at, site=leg.site, most=LONGEST_DAYS)
        if leg.rooms < 1:
            yield Problem("scheduling.leg.no_room", field=at, site=leg.site)
        if place and leg.first <= mission.legs[place - 1].last:
            yield Problem("scheduling.leg.overlaps", field=at, site=leg.site, before=mission.legs[place - 1].site)
    if not mission.sessions:
        yield Problem("scheduling.mission.no_session", field="sessions")
    ends = 0
    for place, session in enumerate(mission.sessions):
        if session.minutes < 1 or session.starts < ends or session.starts + session.minutes > 24 * 60:
            yield Problem("scheduling.session.times", field=f"sessions.{place}")
        ends = session.starts + session.minutes
    if not mission.officers:
        yield Problem("scheduling.mission.no_officer", field="officers")
    for name, people in (("officers", mission.officers), ("interpreters", mission.interpreters)):
        yield from _twice(name, [one.code for one in people])
        if len(people) > MOST_STAFF:
            yield Problem("scheduling.mission.too_many", field=name, most=MOST_STAFF)
        for place, one in enumerate(people):
            if one.sex not in SEXES:
                yield Problem("scheduling.staff.sex", field=f"{name}.{place}", code=one.code)
    if len(mission.families) > MOST_FAMILIES:
        yield Problem("scheduling.mission.too_many", field="families", most=MOST_FAMILIES)
    yield from _twice("families", [family.code for family in mission.families])
    for place, family in enumerate(mission.families):
        if family.minutes < 1:
            yield Problem("scheduling.family.minutes", field=f"families.{place}", code=family.code)
        if family.urgency not in URGENCIES:
            yield Problem("scheduling.family.urgency", field=f"families.{place}", code=family.code)
        if not {family.officer_sex, family.interpreter_sex} <= {None, *SEXES}:
            yield Problem("scheduling.staff.sex", field=f"families.{place}", code=family.code)


def _twice(name: str, codes: Sequence[str]) -> Iterator[Problem]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield Problem("scheduling.mission.code_twice", field=name, code=code)


def broken_rules(mission: Mission, plan: Plan) -> list[str]:
    """What a plan breaks, in words for a test or a log: nothing, for every plan that this room makes.

    Knows nothing of how plans are made, so it can be held against any.
    """
    found = []
    families = {family.code: family for family in mission.families}
    staff = {one.code: one for one in (*mission.officers, *mission.interpreters)}
    legs = dict(mission.working_days())
    seen = Counter(one.family for one in plan.appointments)
    found += [f"{code} is seen {count} times" for code, count in seen.items() if count > 1]
    found += [f"{code} is lost" for code in families.keys() - seen.keys() - set(plan.unplaced)]
    found += [f"{code} is seen and unplaced" for code in seen.keys() & set(plan.unplaced)]
    for one in plan.appointments:
        family, leg = families[one.family], legs.get(one.day)
        session = mission.sessions[one.session]
        officer, interpreter = staff[one.officer], staff[one.interpreter] if one.interpreter else None
        if leg is None or leg.site != family.site:
            found.append(f"{one.family} is seen where the mission is not")
        elif not 1 <= one.room <= leg.rooms:
            found.append(f"{one.family} has no room")
        if not family.may_come(one.day):
            found.append(f"{one.family} cannot come that day")
        if not can_take(officer, interpreter, family):
            found.append(f"{one.family} cannot be interviewed by {one.officer} and {one.interpreter}")
        if one.day in officer.absent or (interpreter and one.day in interpreter.absent):
            found.append(f"{one.family} meets somebody absent")
        if (
            one.minutes != family.minutes
            or one.starts < session.starts
            or one.starts + one.minutes > session.starts + session.minutes
        ):
            found.append(f"{one.family} does not fit into its session")
    for what in ("officer", "interpreter", "room"):
        held: dict[tuple[object, date], list[Appointment]] = {}
        for one in plan.appointments:
            if (key := getattr(one, what)) is not None:
                held.setdefault((key, one.day), []).append(one)
        for (key, day), ones in held.items():
            ones.sort(key=lambda one: one.starts)
            for one, following in pairwise(ones):
                if one.starts + one.minutes > following.starts:
                    found.append(f"{what} {key} is taken twice on {day}: {one.family}, {following.family}")
    days: dict[str, set[date | None]] = {}
    on = {one.family: one.day for one in plan.appointments}
    for family in mission.families:
        if family.together:
            days.setdefault(family.together, set()).add(on.get(family.code))
    found += [f"group {group} is torn apart" for group, of_group in days.items() if len(of_group) > 1]
    return found
