"""The code lists of the registration sheet in the reader's language, made once a day and language, not once a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from panoh import rulebook
from panoh.rulebook.model import Code

Choice = tuple[str, str]

PART_TITLES = {
    "given": _("Given name"),
    "father": _("Father’s name"),
    "grandfather": _("Grandfather’s name"),
    "family": _("Family name"),
    "patronymic": _("Patronymic"),
    "tribal": _("Tribal name"),
}
"""The parts of a name as every form of the register asks for them."""


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
    languages: tuple[Choice, ...]
    consent_methods: tuple[Choice, ...]
    places: tuple[tuple[str, tuple[Choice, ...]], ...]


def frequent_nationalities() -> list[str]:
    """Whom the country's border posts meet, most frequent first (attribute `frequent` of the list of countries)."""
    listed = [c for c in rulebook.current().codes["countries"].values() if c.attributes.get("frequent")]
    return [code.code for code in sorted(listed, key=lambda code: int(code.attributes["frequent"]))]


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
        nationalities=of(countries[code] for code in frequent_nationalities()),
        other_nationalities=tuple(
            sorted(
                of(
                    c
                    for c in countries.values()
                    if not c.attributes.get("frequent") and c.attributes.get("nationality") != "no"
                ),
                key=lambda choice: choice[1],
            )
        ),
        papers=of(c for c in book.codes["paper_kinds"].values() if c.attributes.get("issued_by_panoh") != "yes"),
        needs=of(c for c in book.codes["needs"].values() if c.attributes.get("legacy") != "yes" and "-" in c.code),
        entry_points=listed("entry_points"),
        languages=listed("languages"),
        consent_methods=listed("consent_methods"),
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
    )


def spoken_code(language: str) -> str:
    """The code of the list for a language that was told as one of those that the site is read in ("prs")."""
    listed = rulebook.current().codes["languages"]
    if language in listed:
        return language
    return next((code.code for code in listed.values() if code.attributes.get("reading") == language), language)
