"""Lays out where a mission stays on which days: the order of its places and how long each, with the time on the road between.

Pure, and exact for what it looks at: every order and every length of stay is weighed by what the families of a place are worth in
the hours that its rooms and the officers give, the most urgent on the earliest days. Languages, sexes and groups are left to
`solving`, which plans the days that are chosen here; leaving them out can only make a route look better than it is, so the value
found is a bound for every plan on every route, and the gap that is told beside the plan holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from panoh.kernel.problems import Problem
from panoh.scheduling.mission import LONGEST_DAYS, URGENCIES, Family, Leg, Mission, Plan
from panoh.scheduling.solving import SECONDS, solve

MOST_PLACES = 8
AFTER_WORK = 150
"""Minutes on the road that fit behind a day's interviews; a longer way takes whole days."""
DAY_ON_THE_ROAD = 600
KM_PER_HOUR, WINDING = 40, 1.4
"""For an estimate from coordinates: mountain roads, and how much longer they are than the straight line."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a mission could stay, and how many interviews can be held at once there."""

    code: str
    rooms: int


@dataclass(frozen=True, slots=True)
class Way:
    """How long it takes from one place to another, either way. `estimated`: nobody has said so who knows the road."""

    minutes: int
    estimated: bool = False

    @property
    def days(self) -> int:
        """Whole days on which nobody is heard."""
        return 0 if self.minutes <= AFTER_WORK else math.ceil(self.minutes / DAY_ON_THE_ROAD)


class Ways:
    """Between any two places: what an officer wrote down, else what coordinates give, else nothing: no way is made up."""

    def __init__(
        self, known: Mapping[frozenset[str], int], coordinates: Mapping[str, tuple[float, float]] | None = None
    ) -> None:
        self.known = dict(known)
        self.coordinates = dict(coordinates or {})

    def between(self, one: str, other: str) -> Way | None:
        if one == other:
            return Way(0)
        minutes = self.known.get(frozenset({one, other}))
        if minutes is not None:
            return Way(minutes)
        if one in self.coordinates and other in self.coordinates:
            return Way(estimated_minutes(self.coordinates[one], self.coordinates[other]), estimated=True)
        return None


def estimated_minutes(one: tuple[float, float], other: tuple[float, float]) -> int:
    """By the great circle (latitude, longitude in degrees), a winding road and a slow car; in quarters of an hour."""
    (lat, lon), (to_lat, to_lon) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    half = math.sin((to_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    km = 2 * 6371 * math.asin(math.sqrt(half)) * WINDING
    return max(math.ceil(km / KM_PER_HOUR * 4), 1) * 15


@dataclass(frozen=True, slots=True)
class Journey:
    """The way to a stay: from where, how long, and on which days nobody is heard for it."""

    origin: str | None
    to: str
    way: Way
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where the mission is on which days. `bound` is the most that any plan on any route could be worth."""

    legs: tuple[Leg, ...]
    journeys: tuple[Journey, ...]
    left_out: tuple[str, ...]
    bound: float

    @property
    def estimated(self) -> bool:
        return any(journey.way.estimated for journey in self.journeys)


@dataclass(frozen=True, slots=True)
class RoutedPlan:
    """A route with the plan of its days. The gap is against every plan on every route, not against this route's alone."""

    route: Route
    mission: Mission
    plan: Plan

    @property
    def gap(self) -> float:
        bound = max(self.route.bound, self.plan.value)
        return (bound - self.plan.value) / bound if bound > 0 else 0.0


def lay_out_route(
    mission: Mission, sites: Sequence[Site], ways: Ways, first: date, last: date, start: str | None = None
) -> Route:
    """The best order and lengths of stays between two days; `start` is where the mission sets out from, if it has a way to go.

    `mission` brings hours, people, families and days off; its own legs are not looked at. Raises Problems.
    """
    _check(sites, ways, first, last, start)
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    worth = _Worth(mission, days, first)
    rooms = [site.rooms for site in sites]
    codes = [site.code for site in sites]
    count, horizon = len(sites), len(days)

    @cache
    def best(visited: int, at: int, day: int) -> tuple[float, tuple[tuple[int, int, int], ...]]:
        """What the days from `day` on are worth to a mission that stands at `at`, and the stays (place, from, days) that give it."""
        found: tuple[float, tuple[tuple[int, int, int], ...]] = (0.0, ())
        for place in range(count):
            if visited & 1 << place:
                continue
            way = (
                Way(0)
                if at < 0 and start is None
                else ways.between(codes[at] if at >= 0 else start or "", codes[place])
            )
            begins = day + (way.days if way else horizon)
            before = 0.0
            for length in range(1, horizon - begins + 1):
                gain = worth.of(codes[place], rooms[place], begins, length)
                if gain <= before:  # a day more that adds nothing: it is better spent elsewhere
                    if not worth.works(begins + length - 1):
                        continue
                    break
                before = gain
                value, after = best(visited | 1 << place, place, begins + length)
                if gain + value > found[0] + 1e-9:
                    found = (gain + value, ((place, begins, length), *after))
        return found

    value, stays = best(0, -1, 0)
    legs, journeys, origin = [], [], start
    free_from = 0
    for place, begins, length in stays:
        code = codes[place]
        way = ways.between(origin, code) if origin is not None else Way(0)
        if way is not None and origin != code and origin is not None:
            journeys.append(Journey(origin, code, way, tuple(days[free_from:begins])))
        legs.append(Leg(code, days[begins], days[begins + length - 1], rooms[place]))
        origin, free_from = code, begins + length
    chosen = {leg.site for leg in legs}
    return Route(tuple(legs), tuple(journeys), tuple(code for code in codes if code not in chosen), value)


def plan_route(
    mission: Mission,
    sites: Sequence[Site],
    ways: Ways,
    first: date,
    last: date,
    start: str | None = None,
    seconds: float = SECONDS,
) -> RoutedPlan:
    """The route and the plan of its days."""
    route = lay_out_route(mission, sites, ways, first, last, start)
    if not route.legs:
        raise Problem("scheduling.route.nobody", field="sites")
    laid = replace(mission, legs=route.legs, begins=first)
    return RoutedPlan(route, laid, solve(laid, seconds))


class _Worth:
    """What a stay is worth at most: its families, by urgency for each minute, poured into the hours that it has."""

    def __init__(self, mission: Mission, days: Sequence[date], begins: date) -> None:
        self.minutes = sum(session.minutes for session in mission.sessions)
        self.days = days
        self.rest = mission.rest_days
        self.officers = [sum(day not in one.absent for one in mission.officers) for day in days]
        self.factor = [max(1 - mission.later * (day - begins).days, 0.1) for day in days]
        by_site: dict[str, list[Family]] = {}
        for family in mission.families:
            by_site.setdefault(family.site, []).append(family)
        self.families = {
            site: sorted(((URGENCIES[one.urgency] / one.minutes, one.minutes) for one in ones), key=lambda one: -one[0])
            for site, ones in by_site.items()
        }
        self.known: dict[tuple[str, int, int, int], float] = {}

    def works(self, day: int) -> bool:
        return self.days[day] not in self.rest

    def of(self, site: str, rooms: int, begins: int, length: int) -> float:
        key = (site, rooms, begins, length)
        if key not in self.known:
            self.known[key] = self._poured(site, rooms, begins, length)
        return self.known[key]

    def _poured(self, site: str, rooms: int, begins: int, length: int) -> float:
        value, waiting = 0.0, iter(self.families.get(site, ()))
        density, left = next(waiting, (0.0, 0))
        for day in range(begins, begins + length):
            free = min(rooms, self.officers[day]) * self.minutes if self.works(day) else 0
            while free > 0 and left > 0:
                taken = min(free, left)
                value += density * taken * self.factor[day]
                free, left = free - taken, left - taken
                if not left:
                    density, left = next(waiting, (0.0, 0))
        return value


def _check(sites: Sequence[Site], ways: Ways, first: date, last: date, start: str | None) -> None:
    if not sites:
        raise Problem("scheduling.route.no_place", field="sites")
    if len(sites) > MOST_PLACES:
        raise Problem("scheduling.route.too_many_places", field="sites", most=MOST_PLACES)
    if last < first or (last - first).days >= LONGEST_DAYS:
        raise Problem("scheduling.route.days", field="last", most=LONGEST_DAYS)
    codes = [site.code for site in sites]
    for one, other in _pairs(codes, start):
        if ways.between(one, other) is None:
            raise Problem("scheduling.route.way_unknown", field="ways", one=one, other=other)


def _pairs(codes: Sequence[str], start: str | None) -> Iterator[tuple[str, str]]:
    ends = [*codes, *([start] if start and start not in codes else [])]
    for n, one in enumerate(ends):
        for other in ends[n + 1 :]:
            yield one, other
