"""The page of cases by procedure: what `cases` counts, with the titles of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.kernel.written_days import month_name
from panoh.procedures.rules.answers import choices_of
from panoh.rulebook.model import Procedure
from panoh.statistics.cases import MONTH, NOT_SAID, OUTCOME, STATE, TRACK, count_cases

YEARS_BACK, FIRST_YEAR = 11, 1995


@page("statistics.table.read")
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    book, today = rulebook.current(), timezone.localdate()
    code, year = request.GET.get("procedure") or next(iter(book.procedures)), _year(request, today.year)
    if code not in book.procedures:
        raise Problem("statistics.cell.unknown")
    procedure = book.procedures[code][-1]
    counted = count_cases(request.actor, procedure, year)
    return render(
        request,
        "statistics/cases.html",
        {
            "procedure": procedure,
            "year": year,
            "years": range(today.year, today.year - YEARS_BACK, -1),
            "procedures": [(key, _said(versions[-1].titles)) for key, versions in book.procedures.items()],
            "total": counted.total,
            "parts": _shown(procedure, counted.parts),
        },
    )


def _year(request: HttpRequest, last: int) -> int:
    given = request.GET.get("year", "").strip() or str(last)
    if not (given.isascii() and given.isdecimal() and len(given) == 4 and FIRST_YEAR <= int(given) <= last):
        raise Problem("statistics.year.out_of_range", field="year", first=FIRST_YEAR, last=last)
    return int(given)


def _said(titles: Mapping[str, str]) -> str:
    return rulebook.current().text(titles, get_language() or "en")


def _shown(
    procedure: Procedure, parts: Mapping[str, Mapping[str, int | None]]
) -> list[tuple[str, list[tuple[str, int | None]]]]:
    """Each division with its title and its lines, in the order of the rulebook."""
    heads: dict[str, tuple[str, dict[str, str]]] = {
        MONTH: (_("By month"), {str(n): month_name(n, get_language() or "en") for n in range(1, 13)}),
        TRACK: (_("By track"), {code: _said(track.titles) for code, track in procedure.tracks.items()}),
        STATE: (_("Where they stand"), {code: _said(state.titles) for code, state in procedure.states.items()}),
        OUTCOME: (_("Outcomes, by person"), {code: _said(titles) for code, titles in procedure.outcomes.items()}),
    }
    for name in procedure.statistics.told_by if procedure.statistics else ():
        heads[name] = _field(procedure, name)
    shown: list[Any] = []
    for by, counts in parts.items():
        title, names = heads[by]
        order = [key for key in names if key in counts] + [key for key in counts if key not in names]
        shown.append((title, [(names.get(key, key or _("Not said")), counts[key]) for key in order]))
    return shown


def _field(procedure: Procedure, name: str) -> tuple[str, dict[str, str]]:
    """What a field asks, and the titles of its codes."""
    field = next(one for action in procedure.actions.values() for one in action.form if one.name == name)
    choices = choices_of(field, rulebook.current(), timezone.localdate())
    return _said(field.titles), {code: _said(titles) for code, titles in choices.items()} | {NOT_SAID: _("Not said")}
