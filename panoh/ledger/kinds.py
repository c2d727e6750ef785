"""Titles of kinds of entries: each room says in words what its entries mean; pages show them instead of the codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_titles: dict[str, object] = {}
_finders: list[Callable[[str], str | None]] = []


def name_kinds(titles: Mapping[str, object]) -> None:
    """Add a room's titles (gettext_lazy), `{kind: title}`. Called when the room starts."""
    _titles.update(titles)


def find_kinds_with(finder: Callable[[str], str | None]) -> None:
    """Add a way to find titles that are not known at start: those of procedures come from the rulebook."""
    _finders.append(finder)


def kind_title(kind: str) -> str:
    """The title in the reader's language; the code itself where no room knows it (an entry of a later version)."""
    if kind in _titles:
        return str(_titles[kind])
    for finder in _finders:
        title = finder(kind)
        if title:
            return title
    return kind
