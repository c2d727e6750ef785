"""Missions and plans as the ledger commits to them: whoever edits a row quietly is found by `panoh ledger verify`.

A plan's interviews are committed to by the hash that was kept when they were laid out: whoever acts on it later may see fewer of its cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from panoh.access.context import acting_as_system
from panoh.scheduling.models import Appointment, Mission, Plan

Snapshot = dict[str, str | int | None]


def mission_snapshot(mission: Mission) -> Snapshot:
    stays = [[one.place, one.venue, one.first, one.last, one.rooms] for one in mission.stays.all()]
    people = [
        [one.part, one.name, one.sex, sorted(one.languages), sorted(one.absent)] for one in mission.interviewers.all()
    ]
    return {
        "number": mission.number,
        "state": mission.state,
        "version": mission.version,
        "hours": _hash([mission.morning_from, mission.morning_to, mission.afternoon_from, mission.afternoon_to]),
        "minutes": mission.minutes,
        "minutes_more": mission.minutes_more,
        "stays": _hash(stays),
        "people": _hash(people),
    }


def plan_snapshot(plan: Plan) -> Snapshot:
    return {"number": plan.number, "how": plan.how, "state": plan.state, "appointments": plan.appointments_sha256}


def appointments_hash(appointments: Iterable[Appointment]) -> str:
    rows = [
        [one.listed_id, one.day, one.session, one.starts, one.minutes, one.room, one.officer_id, one.interpreter_id]
        for one in appointments
    ]
    return _hash(sorted(rows, key=str))


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, default=str, separators=(",", ":")).encode()).hexdigest()


def states_now(subjects: Sequence[UUID]) -> Mapping[UUID, Snapshot]:
    """How missions and plans stand, for the ledger's verification; a plan's interviews are hashed anew."""
    with acting_as_system("ledger verification: states of missions and plans"):
        found: dict[UUID, Snapshot] = {}
        for mission in Mission.objects.filter(pk__in=subjects).prefetch_related("stays", "interviewers"):
            found[mission.pk] = mission_snapshot(mission)
        for plan in Plan.objects.filter(pk__in=subjects).prefetch_related("appointments"):
            found[plan.pk] = plan_snapshot(plan)
            if plan.appointments_sha256:
                found[plan.pk]["appointments"] = appointments_hash(plan.appointments.all())
        return found
