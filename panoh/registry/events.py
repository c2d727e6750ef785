"""What can change in a household's or a person's life, as the pages offer it: one form and one operation each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from panoh.access.actor import Actor


@dataclass(frozen=True)
class Event:
    """One act on a file: where it stands, who may, what is asked, and the operation that carries it out."""

    slug: str
    title: Any
    verb: str
    form: type[forms.Form]
    run: Callable[[Actor, Any, dict[str, Any]], Any]
    offered: Callable[[Any], bool] = lambda thing: thing.status == "open"
    lead: Any = ""


HOUSEHOLD_EVENTS: tuple[Event, ...] = ()
PERSON_EVENTS: tuple[Event, ...] = ()
