"""The cards of the first page: step into a role of the demo with one press. None anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from panoh.access.models import Account
from panoh.demo import cast
from panoh.rulebook import current


@dataclass(frozen=True)
class Card:
    """What `panoh.web.home.RoleCard` has, without importing it: the two rooms stand on one storey."""

    title: str
    organisation: str
    name: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    tries: tuple[Any, ...] = ()


def list_role_cards(request: HttpRequest) -> list[Card]:
    """One card for each member with something to try, once the operation is loaded."""
    if settings.MODE != "demo":
        return []
    shown = [member for member in cast.MEMBERS if member.shown]
    loaded = set(
        Account.objects.filter(username__in=[member.username for member in shown]).values_list("username", flat=True)
    )
    book, language = current(), get_language() or "en"
    organisations = {organisation.code: organisation.titles for organisation in cast.ORGANISATIONS}
    offices = {office.code: office.titles for office in cast.OFFICES}
    return [
        Card(
            title=book.text(book.country.roles[member.role].titles, language),
            organisation=_text(organisations[member.organisation], language),
            name=_text(offices[member.office], language),
            url=reverse("demo_enter", args=[member.username]),
            tries=(member.tries,),
        )
        for member in shown
        if member.username in loaded
    ]


def _text(titles: dict[str, str], language: str) -> str:
    return titles.get(language) or titles["en"]
