"""Who is signed in, in words: name, role, organisation and purpose, for the header and for the foot of a printed page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from panoh.access.roles import ROLES
from panoh.web import reader, titles


@dataclass(frozen=True)
class Who:
    name: str
    role: str
    organisation: str
    purpose: str
    #: The purposes that the role may work for, as (code, title); more than one makes a switch.
    purposes: tuple[tuple[str, str], ...]


def describe(request: HttpRequest) -> Who | None:
    """None where nobody acts: public pages and the steps of signing in."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return None
    member = getattr(request, "member", None)
    language = reader.current_language()
    return Who(
        name=actor.name,
        role=titles.role(actor.role, language),
        organisation=titles.text(member.organisation.titles, language) if member is not None else "",
        purpose=_purpose(actor.purpose, language),
        purposes=tuple((code, _purpose(code, language)) for code in ROLES[actor.role].purposes),
    )


def _purpose(code: str, language: str) -> str:
    return titles.code("purposes", code, language) or code
