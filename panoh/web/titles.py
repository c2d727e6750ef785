"""Titles of codes, places, provisions and roles in the reader's language, from the country's rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from panoh import rulebook


def text(titles: Mapping[str, str], language: str) -> str:
    """The title in the language; English where a country has not yet given it in this one."""
    return titles.get(language) or titles.get("en") or next(iter(titles.values()), "")


def code(list_name: str, value: str, language: str) -> str | None:
    """The title of a code, or None where the list does not know it (a record may be older than the list)."""
    try:
        return text(rulebook.current().codes[list_name][value].titles, language)
    except KeyError:
        return None


def place(value: str, language: str) -> str | None:
    found = rulebook.current().places.get(value)
    return text(found.titles, language) if found is not None else None


def role(value: str, language: str) -> str:
    roles = getattr(rulebook.current().country, "roles", {})
    return text(roles[value], language) if value in roles else value.replace("_", " ")


def provision(value: str, on: date, language: str) -> str:
    """The provision as it is cited on that day: act and article, or its title."""
    return text(rulebook.current().provision(value, on).titles, language)
