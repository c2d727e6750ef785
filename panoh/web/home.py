"""What the first page shows besides its own words: rooms hang their parts here.

A room that has cards for the first page says so in `home.py`: `list_role_cards(request)` returns objects (or dicts) with the
attributes of `RoleCard`. They are found by name, like a room's `navigation.py`, because the demo room stands on the same storey
as this one and may not import it. `PROVIDERS` takes further functions of the same form, from rooms above or from tests.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpRequest


@dataclass(frozen=True)
class RoleCard:
    """One role to step into with one press: a POST to `url` with `fields`; `tries` are the things worth trying there."""

    title: str
    organisation: str
    name: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    tries: tuple[str, ...] = ()


Provider = Callable[[HttpRequest], Iterable[Any]]

PROVIDERS: list[Provider] = []


def list_role_cards(request: HttpRequest) -> list[Any]:
    """All cards of all providers, in the order of the rooms. None outside the demo: no other room provides any."""
    return [card for provide in (*_providers_of_rooms(), *PROVIDERS) for card in provide(request)]


@cache
def _providers_of_rooms() -> tuple[Provider, ...]:
    return tuple(
        importlib.import_module(f"{room.name}.home").list_role_cards
        for room in apps.get_app_configs()
        if room.name.startswith("panoh.")
        and room.name != "panoh.web"
        and importlib.util.find_spec(f"{room.name}.home") is not None
    )
