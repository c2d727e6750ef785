"""Where a household stands on the path from the border to a solution, told from its record alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

DONE, HERE, NEXT = "done", "here", "next"


@dataclass(frozen=True)
class Stage:
    """One stage as the component `path` shows it."""

    title: str
    state: str
    date: date | None = None
    note: str = ""


def household_path(
    *,
    arrived_on: date,
    registered_on: date,
    entered: Iterable[tuple[str, date]],
    closed_on: date | None,
    closed_as: str,
) -> list[Stage]:
    """The stages: border, registered, claim, status, solution.

    `entered` are the population groups that members entered, with the day; the earliest of each counts.
    """
    first: dict[str, date] = {}
    for group, day in entered:
        first[group] = min(day, first.get(group, day))
    days = [
        (_("Border"), arrived_on),
        (_("Registered"), registered_on),
        (_("Asylum claim"), first.get("ASY")),
        (_("Refugee status"), first.get("REF")),
        (_("Solution"), closed_on),
    ]
    last = max(place for place, (_title, day) in enumerate(days) if day is not None)
    return [
        Stage(
            title,
            DONE if place < last and day else HERE if place == last else NEXT,
            day,
            closed_as if place == len(days) - 1 and closed_on else "",
        )
        for place, (title, day) in enumerate(days)
    ]
