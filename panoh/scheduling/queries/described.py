"""A mission as the solver sees it: rows become plain facts, and what it finds becomes rows again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from panoh import rulebook
from panoh.procedures.models import Step
from panoh.rulebook.model import NoRuleInForce
from panoh.scheduling import mission as plain
from panoh.scheduling.models import Appointment, Interviewer, ListedCase, Mission, Plan, Stay
from panoh.scheduling.queries.missions import people_of, rule_of
from panoh.scheduling.rules import Hour, Outcome, outcome_of


@dataclass(frozen=True, slots=True)
class Described:
    """The plain mission, and the rows behind its codes: families by case number, people by name."""

    mission: plain.Mission
    listed: Mapping[str, ListedCase]
    people: Mapping[str, Interviewer]


def describe(mission: Mission, *, after: date | None = None, also: Collection[ListedCase] = ()) -> Described:
    """The mission with the families that can be called now, and those in `also`; `after` leaves out the days up to then."""
    definition, rule = rule_of(mission)
    callable_from = definition.actions[rule.appoints].from_states
    rows = list(mission.listed.select_related("case").order_by("case__number"))
    kept = {one.pk for one in also}
    listed = {
        one.case.number: one
        for one in rows
        if one.pk in kept or (not one.taken_off and one.case.state in callable_from)
    }
    officers, interpreters = people_of(mission)
    stays = list(mission.stays.all())
    return Described(
        plain.Mission(
            legs=tuple(_leg(stay, after) for stay in stays if after is None or stay.last > after),
            sessions=tuple(_sessions(mission)),
            officers=tuple(_staff(one) for one in officers),
            interpreters=tuple(_staff(one) for one in interpreters),
            families=tuple(_family(number, one) for number, one in listed.items()),
            rest_days=frozenset(day for stay in stays for day in days_off(stay.first, stay.last)),
        ),
        listed,
        {one.name: one for one in (*officers, *interpreters)},
    )


def days_off(first: date, last: date) -> list[date]:
    """The days on which offices do not work; a day beyond the years whose holidays are known counts as one of work."""
    calendar, found = rulebook.current().country.work_calendar, []
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        try:
            if not calendar.is_working(day):
                found.append(day)
        except NoRuleInForce:
            continue
    return found


def _leg(stay: Stay, after: date | None) -> plain.Leg:
    first = stay.first if after is None else max(stay.first, after + timedelta(1))
    return plain.Leg(stay.place, first, stay.last, stay.rooms)


def _sessions(mission: Mission) -> list[plain.Session]:
    found = [_session(mission.morning_from, mission.morning_to)]
    if mission.afternoon_from and mission.afternoon_to:
        found.append(_session(mission.afternoon_from, mission.afternoon_to))
    return found


def _session(starts: time, ends: time) -> plain.Session:
    return plain.Session(minute_of(starts), minute_of(ends) - minute_of(starts))


def minute_of(told: time) -> int:
    return told.hour * 60 + told.minute


def _staff(one: Interviewer) -> plain.Staff:
    return plain.Staff(one.name, one.sex, frozenset(one.languages), frozenset(one.absent))


def _family(number: str, one: ListedCase) -> plain.Family:
    return plain.Family(
        code=number,
        site=one.place,
        language=one.language,
        minutes=one.minutes,
        urgency=one.urgency,
        officer_sex=one.officer_sex or None,
        interpreter_sex=one.interpreter_sex or None,
        earliest=one.earliest,
        latest=one.latest,
        together=one.together or None,
    )


def as_plain(appointments: Collection[Appointment], plan: Plan) -> plain.Plan:
    """Appointments as the solver and the explanations read them; their cases and people are loaded."""
    return plain.Plan(
        tuple(
            plain.Appointment(
                family=one.listed.case.number,
                day=one.day,
                session=one.session,
                starts=one.starts,
                minutes=one.minutes,
                room=one.room,
                officer=one.officer.name,
                interpreter=one.interpreter.name if one.interpreter else None,
            )
            for one in appointments
        ),
        (),
        plan.value or 0.0,
        plan.bound or 0.0,
    )


def list_appointments(plan: Plan) -> list[Appointment]:
    """The interviews of a plan in their order, with cases and people."""
    return list(
        plan.appointments.select_related("listed__case", "officer", "interpreter", "step").order_by(
            "day", "starts", "room"
        )
    )


def outcomes_of(mission: Mission, appointments: Collection[Appointment], today: date) -> dict[object, Outcome]:
    """What became of each interview (by its id), read from the steps that its case took since the family was called."""
    _definition, rule = rule_of(mission)
    wanted = {rule.held.action, rule.missed.action, rule.calls_off}
    called = {one.listed.case_id: one.step.seq for one in appointments if one.step}
    acts: dict[object, list[tuple[str, Mapping[str, object]]]] = {}
    steps = Step.objects.filter(case_id__in=called, action__in=wanted).order_by("case_id", "seq")
    for case_id, seq, action, facts in steps.values_list("case_id", "seq", "action", "facts"):
        if seq > called[case_id]:
            acts.setdefault(case_id, []).append((action, facts))
    return {
        one.pk: outcome_of(rule, acts.get(one.listed.case_id, ()) if one.step else (), over=one.day < today)
        for one in appointments
    }


def hour_of(mission: Mission, appointment: Appointment, stays: Collection[Stay]) -> Hour:
    """What the family is told: day, hour, and the address of the stay in the language of the letter's own words."""
    stay = next(one for one in stays if one.first <= appointment.day <= one.last)
    return Hour(appointment.day, appointment.starts, stay.venue)
