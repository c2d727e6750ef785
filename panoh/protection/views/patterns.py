"""Patterns: which office, place or institution has more incidents than chance explains, and how that was judged, in words."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from panoh.access.days import typed_day
from panoh.access.models import Office
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.protection.forms.choices import language, listed, titled
from panoh.protection.queries.patterns import DIMENSIONS, PAST_DAYS, WINDOWS, Pattern, read_pattern
from panoh.protection.rules.clusters import LEAST
from panoh.rulebook import current

BAR, GAP, TALL = 20, 6, 120


def _asked(request: HttpRequest, protect: bool) -> tuple[Pattern, dict[str, Any]]:
    given = request.GET
    dimension = given.get("by") or "institution"
    window = given.get("days") or str(WINDOWS[-1])
    category = given.get("category", "")
    until = timezone.localdate()
    if asked := typed_day(given, "until"):
        try:
            until = min(until, date.fromisoformat(asked))
        except ValueError:
            raise Problem("protection.filter.unreadable", field="until") from None
    known = current().codes["incident_categories"]
    if (
        dimension not in DIMENSIONS
        or window not in map(str, WINDOWS)
        or (category and category not in known)
        or until.year < 1995
    ):
        raise Problem("protection.filter.unreadable")
    pattern = read_pattern(request.actor, dimension, int(window), until, category=category, protect=protect)
    return pattern, {"by": dimension, "days": int(window), "category": category, "until": until}


@page("protection.pattern.read")
@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    hidden = request.GET.get("numbers") == "hidden"
    pattern, asked = _asked(request, protect=hidden)
    names = _names(pattern)
    return render(
        request,
        "protection/patterns.html",
        {
            "pattern": pattern,
            "asked": asked,
            "hidden": hidden,
            "rows": [
                {
                    "judged": one,
                    "name": names.get(one.key) or _("Not known"),
                    "blank_now": one.key in pattern.blank_now,
                    "blank_before": one.key in pattern.blank_before,
                    "expected": round(float(one.expected), 1),
                    "one_in": _rounded(one.one_in) if one.one_in >= 2 else 0,
                    "told": one.looked_at and one.key not in pattern.blank_now,
                }
                for one in pattern.judged
                if one.now or one.before
            ],
            "dimensions": [(code, _dimension(code)) for code in DIMENSIONS],
            "windows": WINDOWS,
            "categories": listed("incident_categories", first=("", _("All"))),
            "bars": _bars(pattern, get_language_bidi()),
            "past_days": PAST_DAYS,
            "least": LEAST,
        },
    )


@page("protection.pattern.read")
@require_GET
def patterns_file(request: HttpRequest) -> HttpResponse:
    """The table to hand on: small numbers are always blank in it."""
    pattern, _asked_for = _asked(request, protect=True)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([pattern.dimension, f"last_{pattern.window_days}_days", f"{PAST_DAYS}_days_before", "alarm"])
    for one in pattern.judged:
        writer.writerow(
            [
                one.key,
                "" if one.key in pattern.blank_now else one.now,
                "" if one.key in pattern.blank_before else one.before,
                "yes" if one.alarm and one.key not in pattern.blank_now else "no",
            ]
        )
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="patterns-{pattern.dimension}-{pattern.until}.csv"'
    return answer


def _dimension(code: str) -> str:
    return {
        "institution": _("Institution"),
        "office": _("Office"),
        "place": _("District"),
        "kind": _("Kind of incident"),
    }[code]


def _names(pattern: Pattern) -> dict[str, str]:
    book, keys = current(), [one.key for one in pattern.judged if one.key]
    match pattern.dimension:
        case "institution" | "kind":
            codes = book.codes["institutions" if pattern.dimension == "institution" else "incident_kinds"]
            return {key: codes.title(key, language()) for key in keys}
        case "place":
            return {key: book.places[key].titles[language()] for key in keys if key in book.places}
    offices = Office.objects.filter(pk__in=keys).select_related("organisation")
    return {str(one.pk): f"{titled(one.titles)} · {titled(one.organisation.titles)}" for one in offices}


def _rounded(many: int) -> int:
    """Two leading digits: the rest would be false precision."""
    cut = 10 ** max(len(str(many)) - 2, 0)
    return min(many // cut * cut, 1_000_000)


def _bars(pattern: Pattern, rtl: bool) -> dict[str, Any]:
    """The months as bars of an SVG: their places, from the right in Dari."""
    months = [(month, None if month in pattern.blank_months else many) for month, many in pattern.months]
    most = max([many or 0 for _month, many in months] + [1])
    width = len(months) * (BAR + GAP)
    bars = []
    for n, (month, many) in enumerate(months):
        x = n * (BAR + GAP) if not rtl else width - (n + 1) * (BAR + GAP)
        high = round((many or 0) / most * TALL)
        bars.append(
            {"x": x, "y": TALL + 20 - high, "height": high, "middle": x + BAR // 2, "many": many, "month": month,
             "above": TALL + 15 - high, "named": month.month in (1, 7)}
        )  # fmt: skip
    return {"width": width, "height": TALL + 45, "bar": BAR, "bars": bars, "base": TALL + 20, "label": TALL + 38}
