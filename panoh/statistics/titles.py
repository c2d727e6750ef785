"""Headings of tables in the reader's language; codes of movements are titled by the country's data."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from panoh import rulebook
from panoh.kernel.problems import Problem
from panoh.kernel.written_days import month_name
from panoh.statistics.annual import TOTAL, UNKNOWN_PLACE, AnnualTable, Row
from panoh.statistics.definitions import ACCOUNTS, CLOSING, DECISIONS, DEMOGRAPHY, OPENING, UNEXPLAINED, Account
from panoh.statistics.figures import Breakdown

SECTIONS = {
    "REFUGEE": gettext_lazy("Refugees: opening, increases, decreases, closing"),
    "RSD": gettext_lazy("Asylum-seekers: opening, applications, decisions, closing"),
    "STATELESS": gettext_lazy("Stateless persons"),
    "OIP": gettext_lazy("Other people in need of international protection"),
    "OOC": gettext_lazy("Other persons of concern"),
    DECISIONS: gettext_lazy("Applications and decisions by procedure"),
    DEMOGRAPHY: gettext_lazy("Sex and age at the end of the year, by place"),
}
COLUMNS = {
    OPENING: gettext_lazy("At the start of the year"),
    CLOSING: gettext_lazy("At the end of the year"),
    UNEXPLAINED: gettext_lazy("Unexplained"),
    "TOTAL": gettext_lazy("Total"),
    "F": gettext_lazy("Women and girls"),
    "M": gettext_lazy("Men and boys"),
    "U": gettext_lazy("Sex not known"),
}
DASH = "\u2060–\u2060"
PROCEDURES = {"G": gettext_lazy("Government"), "U": gettext_lazy("UNHCR"), "J": gettext_lazy("Joint"), "": "–"}


@dataclass(frozen=True)
class ShownCell:
    column: str
    title: str
    value: int | None
    kind: str


@dataclass(frozen=True)
class ShownRow:
    labels: tuple[str, ...]
    origin: str
    is_total: bool
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownSection:
    code: str
    title: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class ShownPart:
    title: str
    lines: tuple[tuple[str, int | None], ...]


def shown_parts(parts: Breakdown) -> tuple[int | None, list[ShownPart]]:
    """What a figure is made of, titled; the total first."""
    language = get_language() or "en"
    months = tuple((month_name(month, language), value) for month, value in parts.months.items())
    sexes = tuple((_coded("sex", code, language), value) for code, value in parts.sexes.items())
    bands = tuple((_("age not known") if band == "unknown" else band, value) for band, value in parts.bands.items())
    return parts.total, [
        ShownPart(_("By month"), months),
        ShownPart(_("By sex"), sexes),
        ShownPart(_("By age"), bands),
    ]


def section(code: str) -> str:
    return str(SECTIONS.get(code, code))


def column(code: str, language: str) -> str:
    if code in COLUMNS:
        return str(COLUMNS[code])
    known = rulebook.current().codes["status_changes"]
    if code in known:
        return rulebook.current().text(known[code].titles, language)
    sex, _space, band = code.partition(" ")
    if band and sex in ("F", "M"):
        letter = _("F") if sex == "F" else _("M")
        # A narrow head does not break "F 5–11" in two: a hard space, and word joiners round the dash.
        return f"{letter} {_('age not known')}" if band == "unknown" else f"{letter}\u00a0{band.replace('-', DASH)}"
    return code


def methods(may_see_true: bool) -> list[tuple[str, str]]:
    known = [("suppress", _("Small numbers left blank")), ("round5", _("Rounded to five"))]
    return [*known, ("true", _("True numbers, not for publication"))] if may_see_true else known


def asked_column(table: str, name: str) -> tuple[Account, str]:
    """The account and column that an address names; Problem `statistics.cell.unknown` for any other."""
    for account in ACCOUNTS:
        if account.code == table and name in (*account.increases, *account.decreases):
            return account, name
    raise Problem("statistics.cell.unknown")


def shown(table: AnnualTable, language: str) -> list[ShownSection]:
    """The report with everything titled, columns that are nought throughout left out."""
    return [_shown_section(part, language) for part in table.sections]


def _shown_section(part, language: str) -> ShownSection:
    kinds = {}
    for account in ACCOUNTS:
        if account.code == part.code:
            kinds = dict.fromkeys(account.increases, "in") | dict.fromkeys(account.decreases, "out")
    always = {OPENING, CLOSING, "TOTAL"}
    columns = tuple(c for c in part.columns if c in always or any(row.values[c] != 0 for row in part.rows))
    titled = {c: column(c, language) for c in columns}
    if part.code == DECISIONS:
        titled["TOTAL"] = _("Decisions in all")  # beside the applications, which it does not count
    heads = {
        DECISIONS: (_("Origin"), _("Procedure")),
        DEMOGRAPHY: (_("Group"), _("Origin"), _("Place")),
    }.get(part.code, (_("Origin"),))
    rows = tuple(
        ShownRow(
            _labels(part.code, row, language),
            row.key.get("origin", ""),
            row.key.get("origin") == TOTAL or row.key.get("location") == TOTAL == row.key.get("place"),
            tuple(ShownCell(c, titled[c], row.values[c], kinds.get(c, "")) for c in columns),
        )
        for row in part.rows
    )
    return ShownSection(part.code, section(part.code), heads, tuple(titled.values()), rows)


def _labels(code: str, row: Row, language: str) -> tuple[str, ...]:
    origin = _coded("countries", row.key["origin"], language) if row.key["origin"] else _("All origins")
    if code == DECISIONS:
        return origin, str(PROCEDURES.get(row.key["procedure"], row.key["procedure"]))
    if code == DEMOGRAPHY:
        return _coded("population_groups", row.key["group"], language), origin, _place(row.key, language)
    return (origin,)


def _coded(list_name: str, code: str, language: str) -> str:
    known = rulebook.current().codes[list_name]
    return rulebook.current().text(known[code].titles, language) if code in known else code


def _place(key: Mapping[str, str], language: str) -> str:
    if key["place"] == TOTAL == key["location"]:
        return _("All places")
    if key["place"] == UNKNOWN_PLACE:
        return _("Place not known")
    place = rulebook.current().places.get(key["place"])
    if place is not None:
        return rulebook.current().text(place.titles, language)
    # UNHCR's own words for a place that is no district ("Dispersed in the country / territory").
    return key["location"] or key["place"]
