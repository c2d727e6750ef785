"""Lists of referrals, one of them whole, and the slip that the family takes along."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.referrals import slips
from panoh.referrals.models import Referral
from panoh.referrals.queries import referrals as queries
from panoh.referrals.rules.standing import FROM

ACTS = (
    ("accept", "accepted"),
    ("decline", "declined"),
    ("return", "returned"),
    ("close", "closed"),
    ("note", "noted"),
    ("withdraw", "withdrawn"),
)


@page("referrals.referral.read")
@require_GET
def referrals(request: HttpRequest) -> HttpResponse:
    """What is the reader's own turn comes first, then what the other side has to do, then what is over."""
    actor, today = request.actor, timezone.localdate()
    lines = queries.list_open(actor, today)
    ours = [line for line in lines if line.is_ours]
    return render(
        request,
        "referrals/referrals.html",
        {
            "ours": ours,
            "theirs": [line for line in lines if not line.is_ours],
            "ended": queries.list_ended(actor, today),
            "late": sum(line.next.is_late(today) for line in ours if line.next),
        },
    )


@page("referrals.referral.read")
@require_GET
def referral(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_referral(request.actor, number)
    actor, today = request.actor, timezone.localdate()
    sent_by_us = found.sender_id == actor.organisation_id
    return render(
        request,
        "referrals/referral.html",
        {
            "referral": found,
            "line": queries.as_line(actor, found, today),
            "sent_by_us": sent_by_us,
            "people": queries.list_people(found) if sent_by_us else (),
            "shown": None if sent_by_us else queries.find_shown(found),
            "notes": queries.list_notes(found),
            "acts": [act for act, past in ACTS if found.state in FROM[past] and _may(request, act, found)],
            "languages": settings.LANGUAGES,
        },
    )


def _may(request: HttpRequest, act: str, found: Referral) -> bool:
    return decide(request.actor, f"referrals.referral.{act}", found).allowed


@page("referrals.referral.read")
@require_GET
def slip(request: HttpRequest, number: str) -> HttpResponse:
    """On paper, for the family: where they were referred to, what for, until when, and that they may take it back."""
    found = queries.obtain_referral(request.actor, number)
    if found.sender_id != request.actor.organisation_id:
        raise Problem("referrals.referral.not_found")
    wanted = request.GET.get("language", "")
    made = HttpResponse(
        slips.slip_pdf(found, wanted if wanted in slips.LANGUAGES else slips.LANGUAGES[0]),
        content_type="application/pdf",
    )
    made["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    made["Cache-Control"] = "private, no-store"
    return made
