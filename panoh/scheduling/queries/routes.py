"""A route through the places of a mission: its rows become plain facts, and the proposal is told with its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from panoh import rulebook
from panoh.kernel.problems import Problem
from panoh.scheduling.models import Mission, Stay
from panoh.scheduling.queries.described import days_off, describe
from panoh.scheduling.routing import Journey, Route, Site, Ways, lay_out_route


@dataclass(frozen=True, slots=True)
class Asked:
    """What an officer told: between which days, from where, and how long each road is that she knows."""

    first: date
    last: date
    start: str
    roads: Mapping[frozenset[str], int]


@dataclass(frozen=True, slots=True)
class ProposedStay:
    """A stay with the days proposed for it: who waits there, how urgent they are, and how the mission comes there."""

    stay: Stay
    first: date
    last: date
    families: int
    urgent: int
    journey: Journey | None


@dataclass(frozen=True, slots=True)
class Proposal:
    route: Route
    stays: tuple[ProposedStay, ...]
    left_out: tuple[tuple[str, int], ...]
    """Places that these days do not reach, each with how many families wait there."""


def coordinates_of(place: str) -> tuple[float, float] | None:
    """Latitude and longitude of a place, where the country's list has them."""
    found = rulebook.current().places.get(place)
    told = (found.attributes.get("lat", ""), found.attributes.get("lon", "")) if found else ("", "")
    return (float(told[0]), float(told[1])) if all(told) else None


def propose_route(mission: Mission, asked: Asked) -> Proposal:
    """The best days for the places of the mission. Raises Problems."""
    stays = {stay.place: stay for stay in mission.stays.all()}
    if len(stays) != mission.stays.count():
        raise Problem("scheduling.route.place_twice", field="first")
    plain = replace(describe(mission).mission, rest_days=frozenset(days_off(asked.first, asked.last)))
    known = {place: at for place in (*stays, asked.start) if (at := coordinates_of(place))}
    sites = [Site(stay.place, stay.rooms) for stay in stays.values()]
    route = lay_out_route(plain, sites, Ways(asked.roads, known), asked.first, asked.last, asked.start or None)
    many = Counter(family.site for family in plain.families)
    urgent = Counter(family.site for family in plain.families if family.urgency in ("emergency", "urgent"))
    journeys = {journey.to: journey for journey in route.journeys}
    proposed = tuple(
        ProposedStay(stays[leg.site], leg.first, leg.last, many[leg.site], urgent[leg.site], journeys.get(leg.site))
        for leg in route.legs
    )
    return Proposal(route, proposed, tuple((place, many[place]) for place in route.left_out))
