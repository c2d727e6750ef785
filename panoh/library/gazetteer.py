"""The places of the country and its neighbours as names to be found in texts: the rulebook's, and villages within its districts."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from panoh.library.rules.places import Gazetteer, Named
from panoh.rulebook import current

COUNTRY, ADMINISTRATIVE, VILLAGE = 3, 2, 1
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
        found.append(Named(place.code, names, kind, COUNTRY if kind == "country" else ADMINISTRATIVE))
    path = LOCALITIES / settings.COUNTRY / "gazetteer" / "localities.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            found += [
                Named(row["district"], tuple(row[name] for name in ("en", "ru", "tg", "prs") if row[name]), "", VILLAGE)
                for row in csv.DictReader(lines)
            ]
    return Gazetteer(found)
