"""Files that break a rule of registration: what a supervisor hands out to be completed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.registry import queries
from panoh.registry.models import Person
from panoh.registry.queries.incomplete import RULES, find_rule, list_incomplete

PER_PAGE = 25


@page("registry.household.check")
@require_GET
def check_households(request: HttpRequest) -> HttpResponse:
    """One rule at a time: counting all of them over a whole register is the command's work."""
    rule = find_rule(request.GET.get("rule", ""))
    found = list_incomplete(request.actor, rule).select_related("office")
    if after := request.GET.get("after", ""):
        found = found.filter(pk__gt=_key(after))
    principal = Person.objects.filter(relationship="PA", status="open").prefetch_related(queries.names_in_order())
    rows = list(found.prefetch_related(Prefetch("persons", queryset=principal, to_attr="principals"))[: PER_PAGE + 1])
    shown = rows[:PER_PAGE]
    return render(
        request,
        "registry/household_check.html",
        {
            "rules": RULES,
            "rule": rule,
            "files": [(one, next(iter(one.principals), None)) for one in shown],
            "after": str(shown[-1].pk) if len(rows) > PER_PAGE else "",
            "first": not after,
        },
    )


def _key(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError:
        raise Problem("registry.search.page", field="after") from None
