"""The acts that follow a referral, each a short form of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.referrals import forms, operations
from panoh.referrals.queries.referrals import obtain_referral


def _act(
    request: HttpRequest,
    number: str,
    verb: str,
    kind: type[forms.ActForm],
    call: Callable[..., Any],
    heading: Any,
    lead: Any,
    button: Any,
) -> HttpResponse:
    found = obtain_referral(request.actor, number, verb=verb)
    form = kind(request.POST or None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = dict(form.cleaned_data)
            try:
                call(by=request.actor, referral=found, expected_version=given.pop("version"), **given)
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("referral", number=found.number)
    shown = {
        "form": form,
        "referral": found,
        "heading": heading,
        "lead": lead,
        "button": button,
        "back": reverse("referral", args=[found.number]),
    }
    return render(request, "referrals/act.html", shown, status=status)


@page("referrals.referral.accept")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.accept", forms.AcceptForm, operations.accept_referral,
        _("Accept the referral"), _("You take it on. Until when you report what came of it follows from its urgency."), _("Accept"),
    )  # fmt: skip


@page("referrals.referral.decline")
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.decline", forms.DeclineForm, operations.decline_referral,
        _("Decline the referral"), _("Say why, so that the caseworker can ask elsewhere at once. You will not see the people any more."),
        _("Decline"),
    )  # fmt: skip


@page("referrals.referral.note")
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.note", forms.NoteForm, operations.note_referral,
        _("Write a message"), _("The other organisation reads it on this referral."), _("Send the message"),
    )  # fmt: skip


@page("referrals.referral.return")
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.return", forms.ReturnForm, operations.return_referral,
        _("Return the referral"), _("Say what came of it. The people go back to their caseworker, and you will not see them any more."),
        _("Return it"),
    )  # fmt: skip


@page("referrals.referral.withdraw")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.withdraw", forms.WithdrawForm, operations.withdraw_referral,
        _("Withdraw the referral"), _("From this moment the other organisation no longer sees whom it is about."), _("Withdraw it"),
    )  # fmt: skip


@page("referrals.referral.close")
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str) -> HttpResponse:
    return _act(
        request, number, "referrals.referral.close", forms.CloseForm, operations.close_referral,
        _("Close the referral"), _("Tell the person first what came of it."), _("Close it"),
    )  # fmt: skip
