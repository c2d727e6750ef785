"""The code lists of the registration sheet in the reader's language, made once a day and language, not once a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from panoh import rulebook
from panoh.kernel.calendars import month_names
from panoh.rulebook.model import Code

Choice = tuple[str, str]

# Whom a border post meets; all other countries follow in alphabetical order.
NEIGHBOURS = ("AFG", "IRN", "PAK", "UZB", "KGZ", "SYR", "IRQ", "RUS", "UKR", "XXA")


@dataclass(frozen=True)
class SheetChoices:
    relationship: tuple[Choice, ...]
    sex: tuple[Choice, ...]
    marital: tuple[Choice, ...]
    education: tuple[Choice, ...]
    religion: tuple[Choice, ...]
    ethnicity: tuple[Choice, ...]
    nationalities: tuple[Choice, ...]
    other_nationalities: tuple[Choice, ...]
    papers: tuple[Choice, ...]
    needs: tuple[Choice, ...]
    entry_points: tuple[Choice, ...]
    places: tuple[tuple[str, tuple[Choice, ...]], ...]
    months: tuple[Choice, ...]


@lru_cache(maxsize=16)
def sheet_choices(language: str, on: date) -> SheetChoices:
    """What can be chosen on a day, titled in the language."""
    book = rulebook.current()

    def of(codes: Iterable[Code]) -> tuple[Choice, ...]:
        return tuple((code.code, book.text(code.titles, language)) for code in codes if code.is_in_force(on))

    def listed(name: str) -> tuple[Choice, ...]:
        return of(book.codes[name].values()) if name in book.codes else ()

    countries = book.codes["countries"]
    home = book.country.iso3
    regions = [place for place in book.places.of_country(home, "1") if place.is_in_force(on)]
    return SheetChoices(
        relationship=listed("relationship"),
        sex=listed("sex"),
        marital=listed("marital"),
        education=listed("education"),
        religion=listed("religion"),
        ethnicity=listed("ethnicity"),
        nationalities=of(countries[code] for code in NEIGHBOURS if code in countries),
        other_nationalities=tuple(
            sorted(
                of(
                    c
                    for c in countries.values()
                    if c.code not in NEIGHBOURS and c.attributes.get("nationality") != "no"
                ),
                key=lambda choice: choice[1],
            )
        ),
        papers=of(c for c in book.codes["paper_kinds"].values() if c.attributes.get("issued_by_panoh") != "yes"),
        needs=of(c for c in book.codes["needs"].values() if c.attributes.get("legacy") != "yes" and "-" in c.code),
        entry_points=listed("entry_points"),
        places=tuple(
            (
                book.text(region.titles, language),
                tuple(
                    (district.code, book.text(district.titles, language))
                    for district in book.places.children(region.code)
                    if district.is_in_force(on)
                ),
            )
            for region in regions
        ),
        months=tuple((str(number), f"{number} {name}") for number, name in enumerate(month_names(language), start=1)),
    )
