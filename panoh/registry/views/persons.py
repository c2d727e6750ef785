"""The page of a person, and her photo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.ledger.queries import list_entries_about
from panoh.registry import queries
from panoh.registry.events import PERSON_EVENTS
from panoh.registry.handed_over import receipt_of
from panoh.registry.models import Photo, StatusChange
from panoh.registry.panels import PERSON_PANELS, list_panels
from panoh.registry.path import household_path

LATEST = 20


@page("registry.person.read")
@require_GET
def person(request: HttpRequest, number: str) -> HttpResponse:
    actor = request.actor
    record = queries.obtain_person(actor, number, route=request.path)
    merged = queries.merged_view(record)
    changes = list(StatusChange.objects.filter(person=record).order_by("effective_on", "id"))
    history = list_entries_about(record.pk, limit=LATEST)
    closures = rulebook.current().codes["closure_reasons"]
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
            "changes": changes,
            "path": household_path(
                arrived_on=record.arrived_on,
                registered_on=max(record.household.registered_on, record.arrived_on),
                entered=[(change.to_group, change.effective_on) for change in changes if change.to_group],
                closed_on=record.closed_on,
                closed_as=closures.title(record.closure_reason, request.LANGUAGE_CODE) if record.closure_reason else "",
            ),
            "panels": list_panels(actor, record, PERSON_PANELS),
            "history": history,
            "receipt": receipt_of(request.GET.get("done", ""), history, record.household.number),
            "opens_entries": decide(actor, "ledger.entry.read").allowed,
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
