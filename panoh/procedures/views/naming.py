"""Whom a form can name: the members and offices to choose from, read only where a field asks for one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from panoh import rulebook
from panoh.procedures.queries.cases import list_colleagues, list_offices
from panoh.rulebook.model import Field


def colleagues_for(fields: Iterable[Field], organisation_id: UUID) -> list[tuple[str, str]]:
    if not any(one.kind == "member" for one in fields):
        return []
    members = list_colleagues(organisation_id, timezone.localdate())
    return [(str(member.pk), f"{member.account.name} ({member.role})") for member in members]


def offices_for(fields: Iterable[Field], language: str) -> list[tuple[str, str]]:
    if not any(one.kind == "office" for one in fields):
        return []
    text = rulebook.current().text
    return [
        (str(office.pk), f"{text(office.organisation.titles, language)} · {text(office.titles, language)}")
        for office in list_offices(timezone.localdate())
    ]
