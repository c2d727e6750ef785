"""What rooms above add to the page of a household and to that of a person: cases, papers.

The register knows nothing of them; each room appends a panel when it starts (`AppConfig.ready`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from panoh.access.actor import Actor


@dataclass(frozen=True)
class Panel:
    """A part of a page: `read` gathers for a household (or person) what `template` shows, None where the actor sees none."""

    template: str
    read: Callable[[Actor, Any], dict[str, Any] | None]
    order: int = 50


PANELS: list[Panel] = []
PERSON_PANELS: list[Panel] = []


def list_panels(actor: Actor, thing: Any, panels: Sequence[Panel] = PANELS) -> list[dict[str, Any]]:
    """The panels that have something for this actor, in their order, each with its template's name."""
    shown = []
    for panel in sorted(panels, key=lambda panel: panel.order):
        facts = panel.read(actor, thing)
        if facts is not None:
            shown.append({**facts, "template": panel.template})
    return shown
