"""The files that were opened to somebody: for roles that see a file only by consent or assignment."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh.access.models import Agreement
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.registry import queries
from panoh.registry.models import Person

PER_PAGE = 25


@page("registry.household.list")
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """The newest first. An empty list says why it is empty: no consent yet, or an agreement that has ended."""
    actor = request.actor
    found = queries.visible_to(actor).select_related("office").order_by("-id")
    if after := request.GET.get("after", ""):
        found = found.filter(pk__lt=_key(after))
    principal = Person.objects.filter(relationship="PA", status="open").prefetch_related(queries.names_in_order())
    rows = list(found.prefetch_related(Prefetch("persons", queryset=principal, to_attr="principals"))[: PER_PAGE + 1])
    shown = rows[:PER_PAGE]
    return render(
        request,
        "registry/files.html",
        {
            "files": [{"household": one, "principal": next(iter(one.principals), None)} for one in shown],
            "after": str(shown[-1].pk) if len(rows) > PER_PAGE else "",
            "first": not after,
            "agreements": Agreement.objects.filter(receiver_id=actor.organisation_id)
            .select_related("giver")
            .order_by("-valid_from"),
        },
    )


def _key(after: str) -> UUID:
    try:
        return UUID(after)
    except ValueError:
        raise Problem("registry.search.page", field="after") from None
