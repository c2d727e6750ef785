"""What rooms above add to the page of a household: its cases, its papers.

The register knows nothing of them; each room appends a panel when it starts (`AppConfig.ready`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from panoh.access.actor import Actor
from panoh.registry.models import Household


@dataclass(frozen=True)
class Panel:
    """A part of the household's page: `read` gathers what `template` shows, or None where the actor sees none of it."""

    template: str
    read: Callable[[Actor, Household], dict[str, Any] | None]
    order: int = 50


PANELS: list[Panel] = []


def list_panels(actor: Actor, household: Household) -> list[dict[str, Any]]:
    """The panels that have something for this actor, in their order, each with its template's name."""
    shown = []
    for panel in sorted(PANELS, key=lambda panel: panel.order):
        facts = panel.read(actor, household)
        if facts is not None:
            shown.append({**facts, "template": panel.template})
    return shown
