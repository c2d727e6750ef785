"""The families of a mission: put on its list, with what they wish, and taken off it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.procedures.models import Case
from panoh.rulebook.interview import URGENCIES
from panoh.scheduling.mission import MOST_FAMILIES
from panoh.scheduling.models import SEXES, ListedCase, Mission, Stay
from panoh.scheduling.operations.frame import lock_mission, record_mission
from panoh.scheduling.queries.candidates import list_candidates
from panoh.scheduling.queries.missions import rule_of
from panoh.scheduling.rules import length_of

USUAL_LANGUAGE = "PRS"
"""Where no step of the case says in which language the family is heard; a person looks over the list."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the plan has to keep for one family."""

    place: str
    language: str
    minutes: int
    urgency: str
    officer_sex: str = ""
    interpreter_sex: str = ""
    earliest: date | None = None
    latest: date | None = None
    together: str = ""


@transaction.atomic
def list_cases(*, by: Actor, mission: Mission, cases: Sequence[UUID]) -> int:
    """Puts cases that wait on the list; how many. What the plan needs of each is taken from its case, and can be changed."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    stays = list(locked.stays.all())
    if not stays:
        raise Problem("scheduling.mission.no_leg", field="legs")
    wanted = list(dict.fromkeys(cases))
    if not wanted:
        raise Problem("scheduling.cases.none_chosen", field="case")
    standing = locked.listed.filter(taken_off=False).count()
    if standing + len(wanted) > MOST_FAMILIES:
        raise Problem("scheduling.mission.too_many", field="case", most=MOST_FAMILIES)
    definition, rule = rule_of(locked)
    # A case is on the list of one living mission: the second planner finds it gone from those that wait.
    list(Case.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("id"))
    today = timezone.localdate()
    found = {
        one.case_id: one for one in list_candidates(by, definition, rule, today, country=locked.country, only=wanted)
    }
    if found.keys() != set(wanted):
        raise Problem("scheduling.cases.not_waiting", field="case")
    known = {one.case_id: one for one in locked.listed.filter(case_id__in=wanted)}
    fresh = []
    for case_id in wanted:
        one = found[case_id]
        row = known.get(case_id) or ListedCase(mission=locked, case_id=case_id)
        row.place, row.taken_off = _nearest(one.place, stays), False
        row.language, row.urgency = one.language or USUAL_LANGUAGE, one.urgency
        row.minutes = length_of(locked.minutes, locked.minutes_more, one.adults)
        row.officer_sex = row.interpreter_sex = one.sex
        if case_id in known:
            row.save()
        else:
            fresh.append(row)
    ListedCase.objects.bulk_create(fresh)
    record_mission(by, locked, "cases.listed", payload={"cases": wanted})
    return len(wanted)


def _nearest(home: str, stays: Sequence[Stay]) -> str:
    """The first stay in the district, else in the region, where the family lives; else the first of all."""
    places = rulebook.current().places
    if home in places:
        above = [home, *(place.code for place in places.ancestors(home))]
        for area in above:
            for stay in stays:
                if places[area].level != "0" and places.is_within(stay.place, area):
                    return stay.place
    return stays[0].place


@transaction.atomic
def change_wishes(*, by: Actor, mission: Mission, case: UUID, wishes: Wishes) -> ListedCase:
    """What was taken from the case is put right by whoever knows the family."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    row = locked.listed.select_related("case").filter(case_id=case, taken_off=False).first()
    if row is None:
        raise Problem("scheduling.cases.not_listed")
    if not locked.stays.filter(place=wishes.place).exists():
        raise Problem("scheduling.stay.unknown_place", field="place")
    if wishes.language not in rulebook.current().codes["languages"]:
        raise Problem("scheduling.interviewer.languages", field="language")
    if not 10 <= wishes.minutes <= 480:
        raise Problem("scheduling.hours.minutes", field="minutes")
    if wishes.urgency not in URGENCIES:
        raise Problem("scheduling.family.urgency", field="urgency", code=row.case.number)
    for field in ("officer_sex", "interpreter_sex"):
        if getattr(wishes, field) not in ("", *SEXES):
            raise Problem("scheduling.interviewer.sex", field=field)
    if wishes.earliest and wishes.latest and wishes.latest < wishes.earliest:
        raise Problem("scheduling.wishes.days", field="latest")
    for name in Wishes.__slots__:
        setattr(row, name, getattr(wishes, name))
    row.together = wishes.together.strip()[:40]
    row.save()
    record_mission(
        by, locked, "case.changed",
        payload={
            "case": row.case_id, "place": row.place, "language": row.language, "minutes": row.minutes, "urgency": row.urgency,
            "officer_sex": row.officer_sex, "interpreter_sex": row.interpreter_sex, "earliest": row.earliest, "latest": row.latest,
        },
        detail={"together": row.together} if row.together else None,
    )  # fmt: skip
    return row


@transaction.atomic
def take_off(*, by: Actor, mission: Mission, case: UUID) -> None:
    """The family waits for another mission; where it was called, the next plan that is confirmed calls it off."""
    locked = lock_mission(by, mission, "scheduling.mission.change")
    row = locked.listed.filter(case_id=case, taken_off=False).first()
    if row is None:
        raise Problem("scheduling.cases.not_listed")
    row.taken_off = True
    row.save(update_fields=["taken_off"])
    record_mission(by, locked, "cases.taken_off", payload={"cases": [case]})
