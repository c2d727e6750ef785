"""The page of a person, and her photo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.registry import queries
from panoh.registry.events import PERSON_EVENTS
from panoh.registry.models import Photo, StatusChange


@page("registry.person.read")
@require_GET
def person(request: HttpRequest, number: str) -> HttpResponse:
    actor = request.actor
    record = queries.obtain_person(actor, number, route=request.path)
    merged = queries.merged_view(record)
    return render(
        request,
        "registry/person.html",
        {
            "person": record,
            "household": record.household,
            "names": list(record.names.all()),
            "papers": list(record.papers_held.all()),
            "needs": queries.list_needs(actor, [record])[record.pk],
            "profile": queries.find_profile(actor, record),
            "reads_profile": actor.reads("religion_ethnicity"),
            "reads_contact": actor.reads("contact"),
            "changes": StatusChange.objects.filter(person=record).order_by("effective_on", "id"),
            "merged": merged,
            "may_compare": decide(actor, "registry.duplicate.read").allowed,
            "others": [other for other in merged.persons if other.pk != record.pk],
            "events": [
                event for event in PERSON_EVENTS if event.offered(record) and decide(actor, event.verb, record).allowed
            ],
        },
    )


@page("registry.person.read")
@require_GET
def photo(request: HttpRequest, number: str) -> HttpResponse:
    """The newest photo. Kept by the browser for the session only."""
    record = queries.obtain_person(request.actor, number, route=request.path)
    found = Photo.objects.filter(person=record).order_by("-taken_on", "-id").first()
    if found is None:
        raise Problem("access.thing.not_found")
    response = HttpResponse(bytes(found.image), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response
