"""Supervision: how each office kept the safeguards, how long stages took, how decisions fell, and what is wrong in the law."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from panoh.access.models import Member, Office
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.kernel.written_days import month_name
from panoh.procedures.rules.safeguards import Verdict
from panoh.protection.forms.choices import language, titled
from panoh.protection.queries.law import list_gaps
from panoh.protection.queries.supervision import list_cases_behind, list_supervised
from panoh.protection.rules.supervision import FEWEST_SHOWN, Outcomes, Span, Supervised, Supervision, supervise, wilson
from panoh.rulebook import current, in_force
from panoh.rulebook.model import Procedure

YEARS_BACK = 11
FIRST_YEAR = 1995
WORST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    procedure: Procedure
    year: int
    month: int
    office: UUID | None
    by_act: bool
    """Counted in the month in which a safeguard was kept or broken, not in that in which the case was opened."""

    @property
    def since(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def before(self) -> date:
        if not self.month:
            return date(self.year + 1, 1, 1)
        return date(self.year + self.month // 12, self.month % 12 + 1, 1)

    def months(self) -> list[Span]:
        """The months of the time that was asked for, each by itself."""
        firsts = [self.since.replace(month=number) for number in ([self.month] if self.month else range(1, 13))]
        return [Span(first, (first + timedelta(days=31)).replace(day=1)) for first in firsts]

    @property
    def span(self) -> Span | None:
        return Span(self.since, self.before) if self.by_act else None


def _asked(request: HttpRequest) -> Asked:
    given, today, book = request.GET, timezone.localdate(), current()
    try:
        year = int(given.get("year") or today.year)
        month = int(given.get("month") or 0)
        office = UUID(given["office"]) if given.get("office") else None
    except ValueError:
        raise Problem("protection.filter.unreadable") from None
    code = given.get("procedure") or next(iter(book.procedures))
    if not (FIRST_YEAR <= year <= today.year and 0 <= month <= 12 and code in book.procedures):
        raise Problem("protection.filter.unreadable")
    return Asked(book.procedures[code][-1], year, month, office, given.get("counted") == "act")


def _counted(request: HttpRequest, asked: Asked) -> tuple[Supervision, list[Supervised]]:
    today = timezone.localdate()
    cases = list_supervised(request.actor, asked.procedure.code, asked.since, asked.before, today, by_act=asked.by_act)
    chosen = [case for case in cases if asked.office in (None, case.office)]
    return supervise(chosen, asked.procedure, current(), today, asked.span), cases


@page("protection.supervision.read")
@require_GET
def supervision(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    counted, cases = _counted(request, asked)
    names = {one.pk: titled(one.titles) for one in Office.objects.filter(pk__in={case.office for case in cases})}
    today, opened = timezone.localdate(), request.GET.get("safeguard", "")
    return render(
        request,
        "protection/supervision.html",
        {
            "asked": asked,
            "counted": counted,
            "query": f"procedure={asked.procedure.code}&year={asked.year}&month={asked.month or ''}&office={asked.office or ''}"
            f"&counted={'act' if asked.by_act else 'opening'}",
            "years": range(today.year, today.year - YEARS_BACK, -1),
            "months": [(number, month_name(number, language())) for number in range(1, 13)],
            "procedures": [
                (code, titled(dict(versions[-1].titles))) for code, versions in current().procedures.items()
            ],
            "offices": sorted(((pk, name) for pk, name in names.items()), key=lambda one: one[1]),
            "safeguards": [
                (asked.procedure.safeguards[code], kept, _share(kept.broken, kept.kept + kept.broken))
                for code, kept in counted.safeguards.items()
                if code in asked.procedure.safeguards
            ],
            "matrix": _matrix(counted, names),
            "matrix_months": sorted({month for _office, month in counted.by_office_month}),
            "stages": [
                (asked.procedure.clocks[one.clock], one)
                for one in counted.stages
                if one.clock in asked.procedure.clocks
            ],
            "worst": _worst(counted, asked.procedure),
            "outcomes": [(code, titles) for code, titles in asked.procedure.outcomes.items() if code in _met(counted)],
            "by_office": _lines(counted.offices, asked.procedure, names, _met(counted)),
            "by_officer": _lines(counted.officers, asked.procedure, _officers(counted), _met(counted)),
            "behind": _behind(request, counted, opened),
            "opened": asked.procedure.safeguards.get(opened),
            "opens_cases": decide(request.actor, "procedures.case.read").allowed,
            "gaps": list_gaps(request.actor, today, language()),
            "fewest": FEWEST_SHOWN,
            "rulebook_on_disk": in_force.look_at_disk(),
            "rulebook_since": kept.since if (kept := in_force.standing().kept) else None,
        },
    )


def _worst(counted: Supervision, procedure: Procedure) -> list[tuple[Any, int]]:
    """The safeguards that were broken most often, where enough is known to say so: what to put right first."""
    known = [
        (procedure.safeguards[code], round(100 * kept.broken / (kept.broken + kept.kept)))
        for code, kept in counted.safeguards.items()
        if code in procedure.safeguards and kept.broken and kept.broken + kept.kept >= FEWEST_SHOWN
    ]
    return sorted(known, key=lambda one: -one[1])[:WORST_SHOWN]


def _met(counted: Supervision) -> set[str]:
    """The outcomes that were given: columns of noughts tell nothing."""
    return {code for line in (*counted.offices, *counted.officers) for code, many in line.counts.items() if many}


def _share(hits: int, tries: int) -> int | None:
    return round(100 * hits / tries) if tries else None


def _matrix(counted: Supervision, names: dict[UUID, str]) -> list[tuple[str, list[tuple[int, int, int | None]]]]:
    """By office and month: broken, judged, and the share of broken in percent."""
    months = sorted({month for _office, month in counted.by_office_month})
    offices = sorted({office for office, _month in counted.by_office_month}, key=lambda pk: names.get(pk, ""))
    return [
        (
            names.get(office, ""),
            [
                (b, j, _share(b, j))
                for b, j in (counted.by_office_month.get((office, month), (0, 0)) for month in months)
            ],
        )
        for office in offices
    ]


def _lines(found: list[Outcomes], procedure: Procedure, names: dict[UUID, str], met: set[str]) -> list[dict[str, Any]]:
    lines = []
    for one in found:
        cells = []
        for code, titles in procedure.outcomes.items():
            if code not in met:
                continue
            low, high = wilson(one.counts.get(code, 0), one.decided)
            share = _share(one.counts.get(code, 0), one.decided) if one.counts else None
            cells.append((titles, share, round(100 * low), round(100 * high)))
        name = names.get(one.key) if one.key else _("All with fewer decisions, together")
        lines.append({"name": name or _("Not known"), "decided": one.decided, "cells": cells, "told": bool(one.counts)})
    return lines


def _officers(counted: Supervision) -> dict[UUID, str]:
    keys = [one.key for one in counted.officers if one.key]
    return {one.pk: one.account.name for one in Member.objects.filter(pk__in=keys).select_related("account")}


def _behind(request: HttpRequest, counted: Supervision, safeguard: str) -> list[Any]:
    verdict = request.GET.get("verdict", "broken")
    if safeguard not in counted.safeguards or verdict not in set(Verdict):
        return []
    return list_cases_behind(request.actor, counted.safeguards[safeguard].cases.get(Verdict(verdict), []))


@page("protection.supervision.read")
@require_GET
def supervision_file(request: HttpRequest) -> HttpResponse:
    """One line for each office, month and safeguard."""
    asked = _asked(request)
    _counted_all, cases = _counted(request, asked)
    codes = {one.pk: one.code for one in Office.objects.filter(pk__in={case.office for case in cases})}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    verdicts = (Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN, Verdict.NOT_DUE, Verdict.NOT_APPLICABLE)
    writer.writerow(["procedure", "office", "month", "cases", "safeguard", *(str(one) for one in verdicts)])
    for (office, month), found in sorted(_by_office_and_month(asked, cases, codes).items()):
        for code, kept in found.safeguards.items():
            counts = (kept.count(one) for one in verdicts)
            writer.writerow([asked.procedure.code, office, f"{month:%Y-%m}", found.cases, code, *counts])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="supervision-{asked.procedure.code}-{asked.year}.csv"'
    return answer


def _by_office_and_month(
    asked: Asked, cases: list[Supervised], codes: dict[UUID, str]
) -> dict[tuple[str, date], Supervision]:
    """By opening a case stands in one month; by act it is looked at anew for each."""
    today, groups = timezone.localdate(), {}
    for case in cases:
        if asked.office in (None, case.office):
            month = asked.since if asked.by_act else case.month
            groups.setdefault((codes.get(case.office, ""), month), []).append(case)
    if not asked.by_act:
        return {key: supervise(group, asked.procedure, current(), today) for key, group in groups.items()}
    found = {}
    for (office, _since), group in groups.items():
        for span in asked.months():
            one = supervise(group, asked.procedure, current(), today, span)
            if one.cases:
                found[office, span.since] = one
    return found
