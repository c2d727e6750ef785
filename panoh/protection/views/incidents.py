"""The list of incidents, one incident with its history, and what is done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.protection import operations
from panoh.protection.export import write_csv
from panoh.protection.forms.incidents import CloseForm, EvidenceForm, FilterForm, FollowUpForm, ReopenForm
from panoh.protection.models import OPEN, Incident
from panoh.protection.operations.evidence import LARGEST, File
from panoh.protection.operations.exporting import record_export
from panoh.protection.queries import incidents as queries
from panoh.protection.queries.interventions import list_of_incident
from panoh.protection.views.acting import act, sent
from panoh.registry.queries import persons_visible_to
from panoh.rulebook import current

PER_PAGE = 50


@page("protection.incident.read")
@require_GET
def incidents(request: HttpRequest) -> HttpResponse:
    """What must be acted on, the most pressing first."""
    form = FilterForm(request.GET)
    wanted = form.wanted()
    found = queries.list_incidents(
        request.actor, wanted, after=_after(request.GET.get("after", "")), limit=PER_PAGE + 1
    )
    counts = queries.count_open(request.actor)
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    key = (last.next_due_at if wanted.state == "open" else last.reported_at) if last else None
    return render(
        request,
        "protection/incidents.html",
        {
            "form": form,
            "wanted": wanted,
            "incidents": found[:PER_PAGE],
            "counts": [(code, counts.get(code.code, 0)) for code in current().codes["incident_severities"].values()],
            "overdue": counts["overdue"],
            "after": f"{key.isoformat()}~{last.pk}" if last and key else "",
            "now": timezone.now(),
            "may_report": decide(request.actor, "protection.incident.report").allowed,
            "may_export": decide(request.actor, "protection.incident.export").allowed,
        },
    )


def _after(text: str) -> tuple[datetime, UUID] | None:
    at, _mark, id = text.partition("~")
    try:
        instant, key = datetime.fromisoformat(at), UUID(id)
    except ValueError:
        return None
    return (instant, key) if instant.tzinfo else None


@page("protection.incident.export")
@require_http_methods(["POST"])
def export(request: HttpRequest) -> HttpResponse:
    """The list as CSV without anybody in it; that it left is recorded."""
    wanted = FilterForm(request.POST).wanted()
    found = list(queries.filtered(request.actor, wanted).order_by("occurred_on", "id"))
    record_export(by=request.actor, rows=len(found))
    answer = HttpResponse(write_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="incidents-{timezone.localdate().isoformat()}.csv"'
    return answer


@page("protection.incident.read")
@require_GET
def incident(request: HttpRequest, number: str) -> HttpResponse:
    """What happened, to whom, what is due, what was done."""
    found = queries.obtain_incident(request.actor, number)
    return render(request, "protection/incident.html", _shown(request, found))


def _shown(request: HttpRequest, found: Incident) -> dict[str, Any]:
    actor = request.actor
    lines = list(found.persons.all())
    open_files = {
        person.pk: person
        for person in persons_visible_to(actor)
        .filter(pk__in=[line.person_id for line in lines if line.person_id])
        .prefetch_related("names")
    }
    kind = current().codes["incident_kinds"][found.kind]
    return {
        "incident": found,
        "category": kind.attributes["category"],
        "is_open": found.state == OPEN,
        "late": found.next_due_at is not None and found.next_due_at < timezone.now(),
        "persons": [(line, open_files.get(line.person_id)) for line in lines],
        "follow_ups": found.follow_ups.select_related("by__account", "by__organisation"),
        "evidence": found.evidence.defer("content").order_by("added_on", "id"),
        "interventions": list_of_incident(actor, found),
        "readings": queries.list_readings(found),
        "evidence_form": EvidenceForm(),
        "may_act": found.state == OPEN and decide(actor, "protection.incident.follow_up").allowed,
        "may_close": found.state == OPEN and decide(actor, "protection.incident.close").allowed,
        "may_reopen": found.state != OPEN
        and not found.by_referral
        and decide(actor, "protection.incident.reopen").allowed,
        "may_intervene": not found.by_referral and decide(actor, "protection.intervention.send").allowed,
    }


@page("protection.incident.follow_up")
@require_http_methods(["GET", "POST"])
def incident_follow_up(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_incident(request.actor, number, verb="protection.incident.follow_up")

    def call(form: FollowUpForm) -> HttpResponse:
        told = form.cleaned_data
        operations.follow_up(
            by=request.actor,
            incident=found,
            note=told["note"],
            done_on=told["done_on"],
            severity=told["severity"],
            verification=told["verification"],
            expected_version=told["version"],
        )
        return _recorded(request, number)

    form = FollowUpForm(sent(request)[0], initial={"version": found.version})
    return _on(request, found, form, call, _("Record what was done"))


@page("protection.incident.close")
@require_http_methods(["GET", "POST"])
def incident_close(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_incident(request.actor, number, verb="protection.incident.close")

    def call(form: CloseForm) -> HttpResponse:
        told = form.cleaned_data
        operations.close_incident(
            by=request.actor,
            incident=found,
            outcome=told["outcome"],
            note=told["note"],
            expected_version=told["version"],
        )
        return _recorded(request, number)

    form = CloseForm(sent(request)[0], initial={"version": found.version})
    return _on(request, found, form, call, _("Close the incident"))


@page("protection.incident.reopen")
@require_http_methods(["GET", "POST"])
def incident_reopen(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_incident(request.actor, number, verb="protection.incident.reopen")

    def call(form: ReopenForm) -> HttpResponse:
        told = form.cleaned_data
        operations.reopen_incident(
            by=request.actor, incident=found, note=told["note"], expected_version=told["version"]
        )
        return _recorded(request, number)

    form = ReopenForm(sent(request)[0], initial={"version": found.version})
    return _on(request, found, form, call, _("Reopen the incident"))


def _on(request: HttpRequest, found: Incident, form: Any, call: Any, heading: Any) -> HttpResponse:
    return act(
        request,
        form,
        call,
        heading=heading,
        incident=found,
        button=heading,
        back=reverse("incident", args=[found.number]),
    )


def _recorded(request: HttpRequest, number: str) -> HttpResponse:
    messages.info(request, _("Recorded. It stands in the history of the incident."))
    return redirect("incident", number=number)


@page("protection.incident.follow_up")
@require_http_methods(["POST"])
def evidence_add(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_incident(request.actor, number, verb="protection.incident.follow_up")
    form = EvidenceForm(request.POST, request.FILES)

    def call(form: EvidenceForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        operations.add_evidence(by=request.actor, incident=found, file=File(upload.name, upload.read(LARGEST + 1)))
        return _recorded(request, number)

    return _on(request, found, form, call, _("Add a file"))


@page("protection.incident.read")
@require_GET
def evidence(request: HttpRequest, number: str, evidence_id: UUID) -> HttpResponse:
    """A file as it came. Always as a download: what somebody sent is not run in the browser."""
    found = queries.obtain_incident(request.actor, number)
    kept = queries.obtain_evidence(found, evidence_id)
    answer = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    extension = kept.media_type.rpartition("/")[2]
    answer["Content-Disposition"] = f'attachment; filename="{found.number}-{kept.sha256[:8]}.{extension}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
