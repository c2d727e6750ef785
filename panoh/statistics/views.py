"""Pages of statistics: the annual table, its files, its chart, and a figure opened down to its entries."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.days import typed_day
from panoh.access.pages import page
from panoh.access.policy import check, decide
from panoh.access.roles import SCOPE_NONE
from panoh.kernel.problems import Problem
from panoh.statistics import charts, export, titles
from panoh.statistics.annual import FIRST_YEAR, AnnualTable, annual_table
from panoh.statistics.figures import break_down, list_changes_behind
from panoh.statistics.series import yearly_stocks

CONTENT = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHART_YEARS, NARROW_YEARS = 11, 6
PER_PAGE = 50


def asked_table(request: HttpRequest) -> AnnualTable:
    """The table that the address asks for; true small numbers only for those who make the reports."""
    method = request.GET.get("method", "suppress")
    if method == "true":
        check(request.actor, "statistics.table.read_true")
    # Who lives where is not the state's to learn, not even by watching a district's number grow by one family.
    places = request.actor.organisation_kind != "authority"
    return annual_table(asked_year(request), asked_day(request), method, places=places)


def asked_year(request: HttpRequest) -> int:
    given = request.GET.get("year", "").strip()
    if not given:
        return timezone.localdate().year - 1
    last = timezone.localdate().year
    if not (given.isascii() and given.isdecimal() and len(given) == 4 and FIRST_YEAR <= int(given) <= last):
        raise Problem("statistics.year.out_of_range", field="year", first=FIRST_YEAR, last=last)
    return int(given)


def asked_day(request: HttpRequest) -> date | None:
    given = typed_day(request.GET, "known")
    if not given:
        return None
    try:
        asked = date.fromisoformat(given)
    except ValueError:
        raise Problem("statistics.day.unreadable", field="known", given=given[:40]) from None
    return min(asked, timezone.localdate())  # nobody knows tomorrow's register


def sees_no_file(actor: Actor) -> bool:
    """Figures only, as a head of office: what lies behind them is shown added up."""
    return actor.scope == SCOPE_NONE


@page("statistics.table.read")
@require_GET
def annual(request: HttpRequest) -> HttpResponse:
    table = asked_table(request)
    this_year = timezone.localdate().year
    return render(
        request,
        "statistics/annual.html",
        {
            "table": table,
            "sections": titles.shown(table, get_language()),
            "years": range(this_year, this_year - CHART_YEARS - 1, -1),
            "methods": titles.methods(decide(request.actor, "statistics.table.read_true").allowed),
            "may_open": decide(request.actor, "statistics.figure.open").allowed,
            "opens_totals_alone": sees_no_file(request.actor),
            "query": f"year={table.year}&known={table.known_on.isoformat()}&method={table.method}",
            "today": timezone.localdate(),
        },
    )


@page("statistics.table.read")
@require_GET
def file(request: HttpRequest, extension: str) -> HttpResponse:
    if extension not in CONTENT:
        raise Problem("statistics.cell.unknown")
    table = asked_table(request)
    write = {"csv": export.write_csv, "json": export.write_json, "xlsx": export.write_xlsx}[extension]
    response = HttpResponse(write(table), content_type=CONTENT[extension])
    name = f"panoh-{table.year}-known-{table.known_on.isoformat()}-{table.method}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page("statistics.table.read")
@require_GET
def chart(request: HttpRequest) -> HttpResponse:
    """End-year stocks up to the chosen year; rounded to five as everything that is published."""
    year, known_on = asked_year(request), asked_day(request)
    narrow = "narrow" in request.GET
    stocks = yearly_stocks(year - (NARROW_YEARS if narrow else CHART_YEARS) + 1, year, known_on)
    groups = rulebook.current().codes["population_groups"]
    language = get_language()
    named = {code.code: rulebook.current().text(code.titles, language) for code in groups.values()}
    svg = charts.stock_chart(stocks, named, year, get_language_bidi(), narrow=narrow)
    return HttpResponse(svg, content_type="image/svg+xml")


@page("statistics.figure.open")
@require_GET
def figure(request: HttpRequest) -> HttpResponse:
    """The movements behind one figure; for who sees no file, what they add up to by month, sex and age."""
    year, known_on = asked_year(request), asked_day(request) or timezone.localdate()
    account, column = titles.asked_column(request.GET.get("table", ""), request.GET.get("column", ""))
    shown = {
        "year": year,
        "known_on": known_on,
        "heading": titles.column(column, get_language()),
        "account": titles.section(account.code),
    }
    if sees_no_file(request.actor):
        parts = break_down(account, column, year=year, known_on=known_on)
        return render(request, "statistics/breakdown.html", {**shown, "parts": titles.shown_parts(parts)})
    origin = request.GET.get("origin", "")[:3]
    found = list_changes_behind(account, column, year=year, known_on=known_on, origin=origin)
    return render(
        request,
        "statistics/figure.html",
        {
            **shown,
            "origin": origin,
            "changes": found[:PER_PAGE],
            "more": len(found) > PER_PAGE,
        },
    )
