"""Where a case stands on the path from the border to a solution, told from its steps. Pure but for the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from panoh.procedures.rules.situation import Act
from panoh.rulebook.model import PATH_STAGES, Procedure

TITLES = {
    "border": _("Border"),
    "registered": _("Registered"),
    "lodged": _("Application"),
    "interviewed": _("Interview"),
    "decided": _("Decision"),
    "solution": _("Solution"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as the component `path` shows it."""

    title: object
    state: str
    date: date | None = None
    note: str = ""
    provision: str = ""


def case_path(definition: Procedure, track: str, state: str, acts: Sequence[Act], language: str) -> list[Stage]:
    """The stages that this track knows, each with the day on which the case first came there."""
    known = {one.path_stage for one in definition.states.values() if track in one.tracks}
    stages = [stage for stage in PATH_STAGES if stage in known]
    here = stages.index(definition.states[state].path_stage)
    first: dict[str, Act] = {}
    for act in acts:
        known = definition.states.get(
            act.to_state
        )  # a case that was moved may have stood where its version knows no state
        if known is not None:
            first.setdefault(known.path_stage, act)
    title = definition.states[state].titles
    shown = []
    for place, stage in enumerate(stages):
        act = first.get(stage) if place <= here else None
        done = definition.actions.get(act.action) if act else None
        shown.append(
            Stage(
                TITLES[stage],
                "done" if place < here else "here" if place == here else "next",
                act.occurred_on if act else None,
                (title.get(language) or title["en"]) if place == here else "",
                done.legal_basis[0] if done and done.legal_basis else "",
            )
        )
    return shown
