"""Reporting an incident, and the referral of a survivor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.ids import new_id
from panoh.protection import operations
from panoh.protection.forms.incidents import ReferralForm, ReportForm
from panoh.protection.operations.evidence import LARGEST, File
from panoh.protection.queries.incidents import visible_to
from panoh.protection.views.acting import act, sent


@page("protection.incident.report")
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form. The answer is the receipt itself: whoever reports may not be able to open the incident."""
    given, files = sent(request)
    form = ReportForm(given, files, initial={"submission_id": new_id(), "numbers": request.GET.get("person", "")[:40]})

    def call(form: ReportForm) -> HttpResponse:
        upload = form.cleaned_data["file"]
        brought = [File(upload.name, upload.read(LARGEST + 1))] if upload else []
        done = operations.report_incident(
            by=request.actor,
            report=form.report(),
            files=brought,
            submission_id=form.cleaned_data["submission_id"],
        )
        return reported(request, done)

    return act(request, form, call, "protection/incident_report.html")


@page("protection.incident.refer")
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest) -> HttpResponse:
    given, _files = sent(request)
    form = ReferralForm(given, initial={"submission_id": new_id()})

    def call(form: ReferralForm) -> HttpResponse:
        told = form.cleaned_data
        done = operations.record_referral(
            by=request.actor,
            service=told["service"],
            referred_on=told["referred_on"],
            submission_id=told["submission_id"],
        )
        return reported(request, done)

    return act(
        request,
        form,
        call,
        heading=_("A survivor was told of a service"),
        lead=_(
            "Only the day and the service are kept. Write down neither name nor story, here or elsewhere: the service does that, in its own safe way."
        ),
        button=_("Record the referral"),
        back=reverse("incident_report"),
    )


def reported(request: HttpRequest, done: operations.Reported) -> HttpResponse:
    may_open = (
        decide(request.actor, "protection.incident.read").allowed
        and visible_to(request.actor).filter(number=done.number).exists()
    )
    return render(request, "protection/incident_reported.html", {"done": done, "may_open": may_open})
