"""What the first page shows besides its own words: other rooms hang their parts here.

The demo room, on the same storey, adds a provider of the cards "step into this role"; web never asks who they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


Provider = Callable[[HttpRequest], "list[RoleCard]"]

#: Called in order for each showing of the first page. A room appends its provider in its `AppConfig.ready`.
PROVIDERS: list[Provider] = []


def list_role_cards(request: HttpRequest) -> list[RoleCard]:
    return [card for provide in PROVIDERS for card in provide(request)]
