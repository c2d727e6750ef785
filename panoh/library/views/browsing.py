"""Finding sources: the first page, search with its facets, and the indexes by date, origin, tag and classification."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.calendars import CalendarName
from panoh.kernel.problems import Problem
from panoh.library.operations.watching import forget_search, look_at_search, save_search, wake_searches
from panoh.library.queries.citations import list_alerts
from panoh.library.queries.documents import (
    COUNTED,
    count_unsettled,
    count_wanted,
    list_unsettled,
    list_wanted,
    visible_to,
)
from panoh.library.queries.searching import DEEPEST, PAGE, Found, counts, search
from panoh.library.rules.months import months_of, weekdays, years_of
from panoh.library.rules.questions import read_question
from panoh.library.words import FACETS, KINDS, LANGUAGES

LATEST = 12
SHOWN_FACETS = 12
OPERATORS = {
    "kind": "kind",
    "origin": "origin",
    "classification": "class",
    "language": "lang",
    "year": "year",
    "tag": "tag",
}
FIRST_IN_BOTH = 1800
BROWSED = ("date", "origin", "tag", "classification")


@page("library.document.read")
@require_GET
def library(request: HttpRequest) -> HttpResponse:
    """What was taken in last, how much there is, and the ways in."""
    wake_searches(by=request.actor)
    found = counts(["all", "kind", "language"])
    wanted = count_wanted(request.actor)
    here = sum(found["all"].values())
    may_settle = decide(request.actor, "library.document.settle").allowed
    unsettled = count_unsettled(request.actor) if may_settle else 0
    return render(
        request,
        "library/library.html",
        {
            "latest": visible_to(request.actor).order_by("-taken_in_at", "id")[:LATEST],
            "here": here,
            "known": here + wanted,
            "wanted": min(wanted, COUNTED),
            "wanted_more": wanted > COUNTED,
            "kinds": [
                (code, KINDS[code], many)
                for code, many in sorted(found["kind"].items(), key=lambda one: -one[1])
                if code in KINDS
            ],
            "unsettled": min(unsettled, COUNTED),
            "unsettled_more": unsettled > COUNTED,
            "alerts": list_alerts(request.actor),
            "may_take_in": decide(request.actor, "library.document.take_in").allowed,
        },
    )


@page("library.document.read")
@require_GET
def library_search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "")
    number = _page_of(request.GET.get("page", ""))
    order = "newest" if request.GET.get("order") == "newest" else "best"
    shown: dict[str, Any] = {"q": text, "order": order}
    try:
        question = read_question(text)
        found = search(request.actor, question, page=number, order=order) if not question.is_empty else Found()
    except Problem as problem:
        return render(request, "library/search.html", {**shown, "refusal": problem, "found": Found()}, status=422)
    shown |= {
        "question": question,
        "found": found,
        "facets": [(code, FACETS[code], _choices(text, code, values)) for code, values in _in_order(found)],
        "next": number + 1 if number * PAGE < min(found.total, DEEPEST) and len(found.hits) == PAGE else None,
        "further_back": _further_back(text, found.looked_back_to),
        "previous": number - 1 if number > 1 else None,
        "saved": look_at_search(by=request.actor, query=question.text) if question.text else False,
    }
    return render(request, "library/search.html", shown)


def _further_back(text: str, day: date | None) -> str:
    """The question to the sources before that day."""
    if day is None:
        return ""
    return f"{re.sub(r' *[.][.][0-9-]+$', '', text)} ..{day - timedelta(days=1)}"


def _page_of(text: str) -> int:
    return min(max(int(text), 1), DEEPEST // PAGE) if text.isdecimal() and len(text) < 5 else 1


def _in_order(found: Found) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(code, found.facets[code]) for code in FACETS if len(found.facets.get(code, [])) > 0]


def _choices(text: str, code: str, values: list[tuple[str, int]]) -> list[tuple[Any, int, str, bool]]:
    """(title, many, the question with or without it, whether it is chosen): a facet is an operator in the search box."""
    found = []
    for value, many in values[:SHOWN_FACETS]:
        operator = f'{OPERATORS[code]}:"{value}"' if " " in value else f"{OPERATORS[code]}:{value}"
        left = re.sub(rf"(?<!\S){re.escape(operator)}(?!\S)", " ", text)
        chosen = left != text
        asked = " ".join(left.split()) if chosen else f"{text} {operator}".strip()
        title = {"kind": KINDS, "language": LANGUAGES}.get(code, {}).get(value, value)
        found.append((title, many, asked, chosen))
    return found


@page("library.document.read")
@require_GET
def library_browse(request: HttpRequest, by: str) -> HttpResponse:
    """An index of everything that the reader sees: a calendar with counts, origins and tags by letter, classifications."""
    if by not in BROWSED:
        raise Problem("library.document.not_found")
    shown: dict[str, Any] = {"by": by}
    if by == "date":
        days = {date.fromisoformat(day): many for day, many in counts(["day"])["day"].items() if day}
        shown |= _calendar(days, request.GET.get("year", ""), request.reader.calendar)
        shown["undated"] = counts(["day"])["day"].get("", 0)
    else:
        values = [(value, many) for value, many in counts([by])[by].items() if value]
        values.sort(key=lambda one: (one[0].removeprefix("Embassy ").removeprefix("Consulate ").casefold(), one[0]))
        shown["letters"] = [
            (letter, [(value, many, f'{OPERATORS[by]}:"{value}"') for value, many in group])
            for letter, group in groupby(
                values, key=lambda one: one[0].removeprefix("Embassy ").removeprefix("Consulate ")[:1].upper()
            )
        ]
        shown["many"] = len(values)
    return render(request, "library/browse.html", shown)


def _calendar(days: dict[date, int], asked: str, which: CalendarName) -> dict[str, Any]:
    """The months of a year in the reader's calendar; days so old that it does not reach them are shown in the other."""
    if days and min(days).year < FIRST_IN_BOTH:
        which = "gregorian"
    years = years_of(days, which)
    if not years:
        return {"years": [], "months": []}
    known = [year for year, _many in years]
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in known else known[0]
    return {
        "years": years,
        "year": year,
        "which": which,
        "months": months_of(days, year, which),
        "weekdays": weekdays(which),
    }


@page("library.document.read")
@require_GET
def library_wanted(request: HttpRequest) -> HttpResponse:
    return render(request, "library/wanted.html", {"wanted": list_wanted(request.actor)})


@page("library.document.settle")
@require_GET
def library_unsettled(request: HttpRequest) -> HttpResponse:
    return render(request, "library/unsettled.html", {"documents": list_unsettled(request.actor)})


@page("library.document.read")
@require_POST
def search_save(request: HttpRequest) -> HttpResponse:
    question = read_question(request.POST.get("q", ""))
    text = question.text
    if not question.is_empty:
        save_search(by=request.actor, question=question)
        messages.info(request, _("Kept. What comes in from now on is told on the first page of the sources."))
    return redirect(f"{reverse('library_search')}?{_query(text)}")


@page("library.document.read")
@require_POST
def search_forget(request: HttpRequest, search_id: UUID) -> HttpResponse:
    forget_search(by=request.actor, search_id=search_id)
    return redirect("library")


def _query(text: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"q": text})
