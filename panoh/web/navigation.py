"""The links of the header, gathered from the rooms.

Each room says in `navigation.py` what it offers: `ENTRIES`, a list of entries with `label`, `url_name`, `verb` and `order`. A
link is shown to an actor whose role holds the verb; the page behind it checks again.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from panoh.access.actor import Actor
from panoh.access.verbs import get_verb


@dataclass(frozen=True)
class Link:
    """One link as the header shows it; `here` marks the section in which the reader stands."""

    label: str
    url: str
    here: bool


#: More links than this, and the later ones stand behind "More", so that the header stays one line in every language.
MOST_IN_LINE = 7


@dataclass(frozen=True)
class Navigation:
    """The header's links: those in line, and those behind "More"."""

    line: tuple[Link, ...]
    more: tuple[Link, ...]

    @property
    def here_in_more(self) -> Link | None:
        return next((link for link in self.more if link.here), None)

    def __bool__(self) -> bool:
        return bool(self.line)


def arrange(links: list[Link]) -> Navigation:
    if len(links) <= MOST_IN_LINE:
        return Navigation(tuple(links), ())
    return Navigation(tuple(links[: MOST_IN_LINE - 1]), tuple(links[MOST_IN_LINE - 1 :]))


def list_links(request: HttpRequest, actor: Actor | None) -> list[Link]:
    if actor is None:
        return []
    return [
        Link(str(entry.label), url, _stands_in(request.path, url))
        for entry in list_entries()
        if _holds(actor, entry.verb) and (url := _find_url(entry.url_name))
    ]


def find_link(request: HttpRequest, actor: Actor | None, url_name: str) -> str | None:
    """The address of one section, if a room offers it and the actor's role may open it."""
    if actor is None:
        return None
    for entry in list_entries():
        if entry.url_name == url_name and _holds(actor, entry.verb):
            return _find_url(url_name)
    return None


@cache
def list_entries() -> tuple[Any, ...]:
    """All rooms' entries in their order. The rooms are fixed while the process runs, so they are read once."""
    return tuple(sorted(_gather(), key=lambda entry: (entry.order, str(entry.url_name))))


def _gather() -> Iterator[Any]:
    for room in apps.get_app_configs():
        name = f"{room.name}.navigation"
        if room.name.startswith("panoh.") and room.name != "panoh.web" and importlib.util.find_spec(name):
            yield from importlib.import_module(name).ENTRIES


def _holds(actor: Actor, verb: str) -> bool:
    # An undeclared verb is held by nobody; tests/web/test_navigation.py finds it.
    try:
        return actor.role in get_verb(verb).roles
    except KeyError:
        return False


def may_open(actor: Actor | None, url_name: str) -> bool:
    """Whether the actor's role holds the verb that stands on the page of this name."""
    url = _find_url(url_name)
    if actor is None or url is None:
        return False
    return _holds(actor, getattr(resolve(url).func, "verb", ""))


@cache
def _find_url(url_name: str) -> str | None:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _stands_in(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
