"""The places of the country and its neighbours, and the organisations at work there, as names to be found in texts."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from panoh.library.rules.organisations import Directory, Organisation
from panoh.library.rules.places import DOMINANT, Gazetteer, Named
from panoh.rulebook import current

COUNTRY, REGION, ADMINISTRATIVE, VILLAGE = 4, DOMINANT, 2, 1
LANGUAGES = ("en", "ru", "tg", "prs")
KINDS = {
    "country": "country",
    "region": "region",
    "province": "region",
    "district": "district",
    "city_district": "district",
    "town": "town",
    "city": "town",
}
LOCALITIES = Path(__file__).resolve().parents[2] / "countries"


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    found = []
    for place in current().places.values():
        names = (*(place.titles[language] for language in LANGUAGES), *place.aliases)
        kind = KINDS.get(place.attributes.get("kind", ""), "")
        weight = COUNTRY if kind == "country" else REGION if place.level == "1" else ADMINISTRATIVE
        found.append(Named(place.code, names, kind, weight))
    folder = LOCALITIES / settings.COUNTRY / "gazetteer"
    known = {one.code: one for one in found}
    for row in _rows(folder / "spellings.csv"):
        found.append(replace(known[row["code"]], names=(row["name"],)))
    for row in _rows(folder / "localities.csv"):
        names = tuple(row[name] for name in LANGUAGES if row[name])
        found.append(Named(row["district"], names, "village", VILLAGE))
    return Gazetteer(found)


@lru_cache(maxsize=1)
def listed_organisations() -> dict[str, dict[str, str]]:
    """The organisations that the country's sources speak of, by their codes."""
    return {row["code"]: row for row in _rows(LOCALITIES / settings.COUNTRY / "gazetteer" / "organisations.csv")}


@lru_cache(maxsize=1)
def directory() -> Directory:
    return Directory(
        Organisation(
            code,
            row["kind"],
            tuple(name.strip() for language in LANGUAGES for name in row[language].split(";") if name.strip()),
            tuple(letters.strip() for letters in row["short"].split(";") if letters.strip()),
        )
        for code, row in listed_organisations().items()
    )


def organisation_title(code: str, language: str) -> str:
    """The first name in the reader's language, else its letters."""
    row = listed_organisations()[code]
    return (row[language] or row["short"] or row["en"]).split(";")[0].strip()


def _rows(path: Path) -> list[dict[str, str]]:
    """The rows of a list of the country, or none where it has no such list."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
