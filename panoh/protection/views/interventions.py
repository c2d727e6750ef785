"""Interventions with authorities: what waits, what was said, what came back, and the letter."""

from __future__ import annotations

from datetime import date
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
from panoh.kernel.problems import Problem
from panoh.procedures.queries.cases import visible_to as cases_visible_to
from panoh.protection.forms.interventions import AnswerForm, SendForm
from panoh.protection.letters import letter_pdf
from panoh.protection.models import Intervention
from panoh.protection.operations.interventions import answer_intervention, send_intervention
from panoh.protection.queries import interventions as queries
from panoh.protection.queries.incidents import visible_to as incidents_visible_to
from panoh.protection.views.acting import act, sent
from panoh.rulebook import current

PER_PAGE = 50


@page("protection.intervention.read")
@require_GET
def interventions(request: HttpRequest) -> HttpResponse:
    """What is unanswered comes first."""
    actor, today = request.actor, timezone.localdate()
    after = _after(request.GET.get("after", ""))
    answered = queries.list_answered(actor, after=after, limit=PER_PAGE + 1)
    last = answered[PER_PAGE - 1] if len(answered) > PER_PAGE else None
    waiting, overdue = queries.count_waiting(actor, today)
    return render(
        request,
        "protection/interventions.html",
        {
            "waiting": queries.list_waiting(actor) if after is None else [],
            "answered": answered[:PER_PAGE],
            "after": f"{last.sent_on.isoformat()}~{last.pk}" if last else "",
            "first": after is None,
            "many_waiting": waiting,
            "overdue": overdue,
            "may_send": decide(actor, "protection.intervention.send").allowed,
        },
    )


def _after(text: str) -> tuple[date, UUID] | None:
    on, _mark, id = text.partition("~")
    try:
        return date.fromisoformat(on), UUID(id)
    except ValueError:
        return None


@page("protection.intervention.send")
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    form = SendForm(sent(request)[0], initial={"incidents": request.GET.get("incident", "")[:20]})

    def call(form: SendForm) -> HttpResponse:
        made = send_intervention(by=request.actor, sent=form.sent())
        messages.info(request, _("Recorded. The clock for the answer runs."))
        return redirect("intervention", number=made.number)

    return act(
        request,
        form,
        call,
        heading=_("Record an intervention"),
        lead=_("What is said to an authority on somebody's behalf. Name people only where the letter needs it."),
        button=_("Record it"),
        back=reverse("interventions"),
    )


@page("protection.intervention.read")
@require_GET
def intervention(request: HttpRequest, number: str) -> HttpResponse:
    return render(
        request,
        "protection/intervention.html",
        _shown(request, queries.obtain_intervention(request.actor, number)),
    )


def _shown(request: HttpRequest, found: Intervention) -> dict[str, object]:
    actor, links = request.actor, list(found.links.all())
    return {
        "intervention": found,
        "incidents": incidents_visible_to(actor).filter(pk__in=[one.incident_id for one in links if one.incident_id]),
        "cases": cases_visible_to(actor).filter(pk__in=[one.case_id for one in links if one.case_id]),
        "has_letter": _has_letter(found),
        "late": not found.outcome and found.reply_due_on is not None and found.reply_due_on < timezone.localdate(),
        "may_answer": decide(actor, "protection.intervention.answer").allowed,
    }


@page("protection.intervention.answer")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_intervention(request.actor, number, verb="protection.intervention.answer")
    form = AnswerForm(
        sent(request)[0],
        initial={
            "version": found.version,
            "outcome": found.outcome,
            "reply": found.reply,
            "replied_on": found.replied_on,
        },
    )

    def call(form: AnswerForm) -> HttpResponse:
        told = form.cleaned_data
        answer_intervention(
            by=request.actor,
            intervention=found,
            outcome=told["outcome"],
            replied_on=told["replied_on"],
            reply=told["reply"],
            expected_version=told["version"],
        )
        return redirect("intervention", number=number)

    return act(
        request,
        form,
        call,
        heading=_("Record the answer"),
        lead=f"{found.number} · {found.subject}",
        button=_("Record the answer"),
        back=reverse("intervention", args=[number]),
    )


@page("protection.intervention.read")
@require_GET
def letter(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_intervention(request.actor, number)
    if not _has_letter(found):
        raise Problem("protection.incident.not_found")
    made = HttpResponse(letter_pdf(found, by=request.actor), content_type="application/pdf")
    made["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    made["Cache-Control"] = "private, no-store"
    return made


def _has_letter(found: Intervention) -> bool:
    return current().codes["intervention_kinds"][found.kind].attributes["letter"] == "yes"
