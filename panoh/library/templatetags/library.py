"""What pages of other rooms show of this one: the sources that a case, an incident or a table of statistics rests on."""

from __future__ import annotations

from typing import Any

from babel.dates import format_date, get_day_names
from django import template
from django.utils.translation import get_language

from panoh.access.policy import decide
from panoh.kernel.calendars import AFGHAN_MONTHS, CalendarName
from panoh.library.gazetteer import organisation_title
from panoh.library.queries.citations import cited_by
from panoh.library.rules.months import Month
from panoh.library.words import CHANGES, DOUBTS, KINDS, MEASURES, RANKS, REASONS, THINGS, UNITS

LOCALES = {"prs": "fa_AF", "ru": "ru", "tg": "tg", "en": "en"}

register = template.Library()
TITLES: dict[str, dict[Any, Any]] = {
    "change": CHANGES,
    "doubt": DOUBTS,
    "kind": KINDS,
    "measure": MEASURES,
    "rank": RANKS,
    "reason": REASONS,
    "thing": THINGS,
    "unit": UNITS,
}


@register.inclusion_tag("library/cited.html", takes_context=True)
def cited_sources(context: dict[str, Any], kind: str, key: object) -> dict[str, Any]:
    """The sources of a thing, for its page. Nothing where the reader may read no source."""
    actor = context.get("actor")
    may_read = actor is not None and decide(actor, "library.document.read").allowed
    return {
        "may_read": may_read,
        "cited": cited_by(actor, kind, str(key), route=f"{kind}_page") if may_read else [],
        "kind": kind,
        "key": key,
        "may_cite": may_read and decide(actor, "library.paragraph.cite").allowed,
    }


@register.filter
def titled_as(code: Any, what: str) -> Any:
    """The title of one of this room's own codes; the code itself where it has none."""
    return TITLES[what].get(code, code)


@register.filter
def organisation(code: str) -> str:
    """An organisation that sources speak of, by its name in the reader's language."""
    return organisation_title(code, get_language() or "en")


@register.filter
def percent(many: int) -> str:
    """A share as the name of a class: bars are drawn in twenty steps, because pages have no style attributes."""
    return f"bar-{max(1, round(many / 5)) * 5}"


@register.filter
def month_name(month: Month, which: CalendarName) -> str:
    """The name of a month in the reader's language and calendar."""
    language = get_language() or "en"
    if which == "solar_hijri":
        return AFGHAN_MONTHS[language][month.number - 1]
    return str(format_date(month.first, "LLLL", locale=LOCALES.get(language, "en")))


@register.filter
def weekday_name(number: int, width: str = "wide") -> str:
    """The name of a day of the week, Monday being 0; `narrow` for the head of a calendar."""
    return str(get_day_names(width, "stand-alone", LOCALES.get(get_language() or "en", "en"))[number])
