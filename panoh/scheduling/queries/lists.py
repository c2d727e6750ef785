"""The printed lists of a plan: what stands on them, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.kernel.written_days import format_day, persian_digits
from panoh.papers.content import in_all_languages, name_texts
from panoh.procedures.queries.agenda import families_of
from panoh.rulebook.law import LANGUAGES
from panoh.scheduling.models import Appointment, Mission, Plan
from panoh.scheduling.queries.missions import rule_of
from panoh.scheduling.rules import clock_time

TEMPLATE = "interview_list"
DOOR, OFFICERS = "door", "officers"


def list_content(
    actor: Actor, mission: Mission, plan: Plan, appointments: Sequence[Appointment], which: str
) -> dict[str, Any]:
    """One sheet for each day (the door), or for each officer and day, in the order of the hours."""
    book, language = rulebook.current(), actor.language if actor.language in LANGUAGES else "en"
    families = families_of([one.listed.case_id for one in appointments])
    stays = {stay.place: stay for stay in mission.stays.all()}

    def key(one: Appointment) -> tuple[Any, ...]:
        return (one.day,) if which == DOOR else (one.officer.name, one.day)

    sheets = []
    for _key, group in groupby(sorted(appointments, key=lambda one: (*key(one), one.starts, one.room)), key=key):
        ones = list(group)
        stay = stays.get(ones[0].listed.place)
        sheets.append(
            {
                "head": format_day(ones[0].day, language),
                "who": "" if which == DOOR else ones[0].officer.name,
                "place": stay.venue if stay else "",
                "rows": [
                    {
                        "time": f"{clock_time(one.starts)}–{clock_time(one.ends)}",
                        "case": one.listed.case.number,
                        "name": name_texts(families[one.listed.case_id].first.person)[language]
                        if one.listed.case_id in families
                        else "",
                        "many": _digits(families[one.listed.case_id].many, language)
                        if one.listed.case_id in families
                        else "",
                        "room": _digits(one.room, language),
                        "language": book.codes["languages"].title(one.listed.language, language),
                        "interpreter": one.interpreter.name if one.interpreter else "",
                    }
                    for one in ones
                ],
            }
        )
    return {
        "language": language,
        "official": language,  # a working paper: one language, the reader's
        "which": which,
        "serial": f"{mission.number}/{plan.number}",
        "authority": in_all_languages(mission.organisation.titles),
        "title": rule_of(mission)[1].titles[language],
        "country": book.codes["countries"].title(mission.country, language) if mission.country else "",
        "draft": None if plan.state == Plan.CONFIRMED else _("Not confirmed"),
        "words": {
            "time": _("Hour"),
            "family": _("Family"),
            "persons": _("Persons"),
            "room": _("Room"),
            "language": _("Language"),
            "interpreter": _("Interpreter"),
            "came": _("Came"),
            "note": _("For whoever stands at the door. It names persons: do not hang it up.")
            if which == DOOR
            else _("For the officer alone. Destroy it after the mission."),
        },
        "sheets": sheets,
    }


def _digits(number: int, language: str) -> str:
    return persian_digits(str(number)) if language == "prs" else str(number)
