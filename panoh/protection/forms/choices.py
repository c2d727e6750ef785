"""Lists to choose from, titled in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from panoh.access.models import Office
from panoh.rulebook import current

Choices = list[tuple[Any, Any]]
EMPTY = ("", _("Not known"))


def language() -> str:
    return get_language() or "en"


def listed(name: str, *, first: tuple[str, Any] | None = EMPTY) -> Choices:
    found = [(one.code, one.titles[language()]) for one in current().codes[name].in_force(timezone.localdate())]
    return [first, *found] if first else found


def kinds_by_category() -> Choices:
    """What can be reported, under its categories; survivors of violence are referred, not reported."""
    codes = current().codes
    reportable = [
        one for one in codes["incident_kinds"].in_force(timezone.localdate()) if not one.attributes["by_referral"]
    ]
    return [
        ("", _("Choose")),
        *(
            (category.titles[language()], inside)
            for category in codes["incident_categories"].values()
            if (
                inside := [
                    (one.code, one.titles[language()])
                    for one in reportable
                    if one.attributes["category"] == category.code
                ]
            )
        ),
    ]


def places() -> Choices:
    """Districts under their regions."""
    book = current()
    regions = book.places.of_country(book.country.iso3, "1")
    return [
        EMPTY,
        *(
            (
                region.titles[language()],
                [(region.code, region.titles[language()]), *((one.code, one.titles[language()]) for one in book.places.children(region.code))],
            )
            for region in regions
        ),
    ]  # fmt: skip


def regions() -> Choices:
    book = current()
    return [(one.code, one.titles[language()]) for one in book.places.of_country(book.country.iso3, "1")]


def accused() -> Choices:
    """Offices of organisations in Panoh: `office:<id>` or `organisation:<id>`."""
    by_organisation: dict[Any, list[Office]] = {}
    for office in Office.objects.select_related("organisation").order_by("organisation__code", "code"):
        by_organisation.setdefault(office.organisation, []).append(office)
    return [
        ("", _("None of these")),
        *(
            (
                titled(organisation.titles),
                [
                    (f"organisation:{organisation.pk}", titled(organisation.titles)),
                    *((f"office:{office.pk}", titled(office.titles)) for office in offices),
                ],
            )
            for organisation, offices in by_organisation.items()
        ),
    ]


def titled(titles: dict[str, str]) -> str:
    return titles.get(language()) or titles.get("en") or next(iter(titles.values()), "")


def provisions() -> Choices:
    """The provisions in force today that a letter may rely on, by act."""
    book, today = current(), timezone.localdate()
    found: dict[str, list[tuple[str, str]]] = {}
    for id, versions in book.provisions.items():
        one = next((v for v in versions if v.is_in_force(today)), None)
        if one is not None:
            found.setdefault(one.act, []).append((id, book.cite(id, language(), today)))
    return [(titled(dict(book.acts[act].titles)), inside) for act, inside in found.items()]
