"""Preparing a mission: its hours, where it stays on which days, who interviews, who interprets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.rulebook.model import NoRuleInForce
from panoh.scheduling.mission import LONGEST_DAYS, MOST_STAFF
from panoh.scheduling.models import SEXES, Appointment, Interviewer, Mission, Plan, Stay
from panoh.scheduling.operations.frame import lock_mission, next_number, record_mission
from panoh.scheduling.queries.missions import find_rule

LANGUAGES = "languages"


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of every day of a mission, and how long interviews last."""

    morning_from: time
    morning_to: time
    afternoon_from: time | None
    afternoon_to: time | None
    minutes: int
    minutes_more: int


@transaction.atomic
def make_mission(*, by: Actor, procedure: str, kind: str, country: str, hours: Hours) -> Mission:
    """Begins a mission; places, people and families are put into it one after the other."""
    today = timezone.localdate()
    check(by, "scheduling.mission.make")
    definition, rule = find_rule(procedure, kind, today)
    if by.role not in definition.actions[rule.appoints].who:
        raise Problem("scheduling.mission.not_your_procedure")
    if rule.country is not None and country not in rulebook.current().codes["countries"]:
        raise Problem("scheduling.mission.no_country", field="country")
    _check_hours(hours)
    mission = Mission(
        number=next_number(definition),
        procedure=definition.code,
        procedure_version=definition.version,
        kind=rule.code,
        organisation_id=by.organisation_id,
        country=country if rule.country is not None else "",
        morning_from=hours.morning_from,
        morning_to=hours.morning_to,
        afternoon_from=hours.afternoon_from,
        afternoon_to=hours.afternoon_to,
        minutes=hours.minutes,
        minutes_more=hours.minutes_more,
        made_on=today,
    )
    record_mission(by, mission, "mission.made", payload={"kind": rule.code, "procedure": definition.code})
    mission.save(force_insert=True)
    return mission


@transaction.atomic
def add_stay(*, by: Actor, mission: Mission, place: str, venue: str, first: date, last: date, rooms: int) -> Stay:
    """The mission stays in a place, from the first to the last day, before, between or after its other stays."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    book = rulebook.current()
    if place not in book.places:
        raise Problem("scheduling.stay.unknown_place", field="place")
    if not venue.strip():
        raise Problem("scheduling.stay.no_venue", field="venue")
    if last < first or (last - first).days >= LONGEST_DAYS:
        raise Problem("scheduling.leg.days", field="last", site=book.places[place].titles["en"], most=LONGEST_DAYS)
    if first < timezone.localdate():
        raise Problem("scheduling.stay.past", field="first")
    if not 1 <= rooms <= 50:
        raise Problem("scheduling.leg.no_room", field="rooms", site=book.places[place].titles["en"])
    if locked.stays.filter(first__lte=last, last__gte=first).exists():
        raise Problem("scheduling.stay.overlaps", field="first")
    try:
        works = any(
            book.country.work_calendar.is_working(date.fromordinal(day))
            for day in range(first.toordinal(), last.toordinal() + 1)
        )
    except NoRuleInForce:
        raise Problem("scheduling.stay.beyond_calendar", field="last") from None
    if not works:
        raise Problem("scheduling.stay.only_rest", field="first")
    stay = Stay.objects.create(
        mission=locked, place=place, venue=venue.strip()[:200], first=first, last=last, rooms=rooms
    )
    record_mission(
        by, locked, "mission.changed",
        payload={"stay": stay.pk, "place": place, "first": first, "last": last, "rooms": rooms}, detail={"venue": stay.venue},
    )  # fmt: skip
    return stay


@transaction.atomic
def remove_stay(*, by: Actor, mission: Mission, stay: Stay) -> None:
    """A stay goes as long as no plan that is in force or at work has anybody there."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    row = locked.stays.filter(pk=stay.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    used = _in_use(locked).filter(day__gte=row.first, day__lte=row.last)
    if used.exists():
        raise Problem("scheduling.stay.in_use")
    removed = row.pk
    row.delete()
    record_mission(by, locked, "mission.changed", payload={"stay": removed, "removed": True})


@transaction.atomic
def add_interviewer(
    *,
    by: Actor,
    mission: Mission,
    part: str,
    name: str,
    sex: str,
    languages: Sequence[str],
    absent: Sequence[date] = (),
) -> Interviewer:
    """Somebody who interviews or interprets. An officer's languages are those in which she needs no interpreter."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    known = rulebook.current().codes[LANGUAGES]
    if part not in (Interviewer.OFFICER, Interviewer.INTERPRETER):
        raise Problem("access.thing.not_found")
    if not name.strip():
        raise Problem("scheduling.interviewer.no_name", field="name")
    if sex not in SEXES:
        raise Problem("scheduling.interviewer.sex", field="sex")
    if any(code not in known for code in languages) or (part == Interviewer.INTERPRETER and not languages):
        raise Problem("scheduling.interviewer.languages", field="languages")
    if locked.interviewers.filter(name=name.strip()[:100]).exists():
        raise Problem("scheduling.interviewer.name_twice", field="name", name=name.strip()[:100])
    if locked.interviewers.count() >= MOST_STAFF:
        raise Problem("scheduling.mission.too_many", field="name", most=MOST_STAFF)
    one = Interviewer.objects.create(
        mission=locked, part=part, name=name.strip()[:100], sex=sex, languages=sorted(set(languages)), absent=sorted(set(absent))
    )  # fmt: skip
    record_mission(
        by, locked, "mission.changed",
        payload={"interviewer": one.pk, "part": part, "sex": sex, "languages": one.languages, "absent": one.absent},
        detail={"name": one.name},
    )  # fmt: skip
    return one


@transaction.atomic
def remove_interviewer(*, by: Actor, mission: Mission, interviewer: Interviewer) -> None:
    """Somebody goes as long as no plan that is in force or at work, nor an earlier one, has her in it."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    row = locked.interviewers.filter(pk=interviewer.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    if Appointment.objects.filter(plan__mission=locked).filter(officer=row).exists() or (
        Appointment.objects.filter(plan__mission=locked, interpreter=row).exists()
    ):
        raise Problem("scheduling.interviewer.in_use", name=row.name)
    removed = row.pk
    row.delete()
    record_mission(by, locked, "mission.changed", payload={"interviewer": removed, "removed": True})


@transaction.atomic
def mark_absent(*, by: Actor, mission: Mission, interviewer: Interviewer, absent: Sequence[date]) -> Interviewer:
    """The days on which an officer or interpreter is not there: ill, or elsewhere. The next plan keeps them free."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    row = locked.interviewers.filter(pk=interviewer.pk).first()
    if row is None:
        raise Problem("access.thing.not_found")
    row.absent = sorted(set(absent))[:LONGEST_DAYS]
    row.save(update_fields=["absent"])
    record_mission(by, locked, "mission.changed", payload={"interviewer": row.pk, "absent": row.absent})
    return row


def _in_use(mission: Mission):  # type: ignore[no-untyped-def]
    return Appointment.objects.filter(
        plan__mission=mission, plan__state__in=[Plan.PROPOSED, Plan.CONFIRMING, Plan.CONFIRMED]
    )


def _check_hours(hours: Hours) -> None:
    if not 10 <= hours.minutes <= 480:
        raise Problem("scheduling.hours.minutes", field="minutes")
    if not 0 <= hours.minutes_more <= 240:
        raise Problem("scheduling.hours.minutes", field="minutes_more")
    if hours.morning_to <= hours.morning_from:
        raise Problem("scheduling.session.times", field="morning_to")
    if (hours.afternoon_from is None) != (hours.afternoon_to is None):
        raise Problem("scheduling.hours.half", field="afternoon_from")
    afternoon = (hours.afternoon_from, hours.afternoon_to)
    if all(afternoon) and not hours.morning_to <= afternoon[0] < afternoon[1]:
        raise Problem("scheduling.session.times", field="afternoon_from")
