"""Corrections of law: where the law falls short of the Convention, what should stand there, and what becomes of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.protection.forms.law import LawStepForm
from panoh.protection.operations.law import record_law_step
from panoh.protection.queries.law import get_gap, list_gaps
from panoh.protection.views.acting import act, sent


@page("protection.law.read")
@require_GET
def law(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    return render(
        request,
        "protection/law.html",
        {
            "gaps": list_gaps(actor, timezone.localdate(), actor.language),
            "may_record": decide(actor, "protection.law.record").allowed,
            "may_supervise": decide(actor, "protection.supervision.read").allowed,
        },
    )


@page("protection.law.record")
@require_http_methods(["GET", "POST"])
def law_record(request: HttpRequest, gap: str) -> HttpResponse:
    actor = request.actor
    found = get_gap(actor, gap, timezone.localdate(), actor.language)
    form = LawStepForm(sent(request)[0], initial={"on": timezone.localdate(), "status": found.now.status})

    def call(form: LawStepForm) -> HttpResponse:
        record_law_step(by=actor, gap=gap, **form.cleaned_data)
        messages.info(request, _("Recorded."))
        return redirect(reverse("law_corrections") + f"#{gap}")

    return act(
        request,
        form,
        call,
        heading=found.code.titles.get(actor.language) or found.code.titles["en"],
        lead=_("How it stands from a day on, and by which source. What was recorded before stays."),
        button=_("Record it"),
        back=reverse("law_corrections"),
    )
