"""The sources at the foot of a letter, from whoever keeps sources: that room adds a lister to `LISTERS` when the program starts.

Rooms that write letters know none of them by name. Without any lister no letter names a source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from panoh.access.actor import Actor
from panoh.rulebook.model import LANGUAGES

Lister = Callable[[Actor, str, str, date | None], Mapping[str, list[list[str]]]]
"""(who prints, kind of the thing that cites, its number, the day until which it could cite) → for each source its title and what else is said of it, in each language.

The parts stay apart, because each has a direction of its own on paper."""

LISTERS: list[Lister] = []


def source_lines(by: Actor, kind: str, key: str, until: date | None = None) -> dict[str, list[list[str]]]:
    """The sources that a thing rests on, in every language."""
    listed = [lister(by, kind, key, until) for lister in LISTERS]
    return {language: [line for one in listed for line in one[language]] for language in LANGUAGES}
