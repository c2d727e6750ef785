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
    """The title a country gives to a role; the role's code in words where it gives none."""
    found = rulebook.current().country.roles.get(value)
    return text(found.titles, language) if found is not None else value.replace("_", " ")


def provision(value: str, on: date | None, language: str) -> tuple[str, str] | None:
    """An article as it is cited ("Art. 8, Law on Refugees") and what it is about; outside its days, in its newest wording."""
    book = rulebook.current()
    if value not in book.provisions:
        return None
    wording = book.provisions[value][-1]
    if on is not None:
        wording = next((each for each in book.provisions[value] if each.is_in_force(on)), wording)
    return book.cite(value, language, wording.in_force_from), text(wording.titles, language)
