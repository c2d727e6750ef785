"""Movable feasts: what the rulebook expects, which day was proclaimed, and the second person's confirmation."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from panoh import rulebook
from panoh.access.answers import refuse
from panoh.access.days import DayField
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.procedures.models import Feast
from panoh.procedures.operations.feasts import confirm_feast, preview_feast, propose_feast
from panoh.rulebook.feasts import expected_feasts


class FeastForm(forms.Form):
    on = DayField(
        label=gettext_lazy("Proclaimed for"),
        help_text=gettext_lazy("The day off, also where it is the expected one."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("By which proclamation"), max_length=300,
        help_text=gettext_lazy("Who proclaimed it, when, under which number."),
    )  # fmt: skip


@page("procedures.feast.read")
@require_GET
def feasts(request: HttpRequest) -> HttpResponse:
    """The next ones first; beside each what was proclaimed, and whether a second person has confirmed it."""
    today, by_day = timezone.localdate(), _on_record()
    expected = expected_feasts(rulebook.current())
    return render(
        request,
        "procedures/feasts.html",
        {
            "feasts": [{"holiday": one, "proclaimed": by_day.get(one.on, [])} for one in expected],
            "due": [one for one in expected if one.on <= today and not _is_confirmed(by_day.get(one.on, []))],
            "may_propose": decide(request.actor, "procedures.feast.propose").allowed,
            "may_confirm": decide(request.actor, "procedures.feast.confirm").allowed,
        },
    )


def _on_record() -> dict[date, list[Feast]]:
    found: dict[date, list[Feast]] = {}
    rows = Feast.objects.select_related("proposed_by__account", "confirmed_by__account", "proposed_by__organisation")
    for feast in rows.order_by("proposed_at", "id"):
        found.setdefault(feast.expected_on, []).append(feast)
    return found


def _is_confirmed(rows: list[Feast]) -> bool:
    return any(feast.confirmed_at for feast in rows)


@page("procedures.feast.propose")
@require_http_methods(["GET", "POST"])
def feast_propose(request: HttpRequest, expected: str) -> HttpResponse:
    holiday = next((one for one in expected_feasts(rulebook.current()) if one.on.isoformat() == expected), None)
    if holiday is None:
        raise Problem("procedures.feast.not_expected")
    form, status = FeastForm(request.POST or None, initial={"on": holiday.on}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                propose_feast(by=request.actor, expected_on=holiday.on, **form.cleaned_data)
            except Problem as problem:
                status = refuse(form, problem)
            else:
                messages.info(request, _("Written down. The clocks follow once a second person has confirmed it."))
                return redirect("feasts")
    return render(request, "procedures/feast_propose.html", {"form": form, "holiday": holiday}, status=status)


@page("procedures.feast.confirm")
@require_http_methods(["GET", "POST"])
def feast_confirm(request: HttpRequest, feast: UUID) -> HttpResponse:
    """Shows what the day would move before it is confirmed, and says what has moved after it was."""
    found = Feast.objects.select_related("proposed_by__account").filter(pk=feast, confirmed_at__isnull=True).first()
    if found is None:
        raise Problem("procedures.feast.not_found")
    refusal: Any = None
    if request.method == "POST":
        try:
            effect = confirm_feast(by=request.actor, feast=found)
        except Problem as problem:
            refusal = problem
        else:
            told = _("Confirmed. Time limits that now end later: %(later)s, earlier: %(earlier)s; cases: %(cases)s.")
            messages.info(request, told % {"later": effect.later, "earlier": effect.earlier, "cases": effect.cases})
            return redirect("feasts")
    shown = {"feast": found, "effect": preview_feast(found.expected_on, found.on), "refusal": refusal}
    return render(request, "procedures/feast_confirm.html", shown, status=409 if refusal else 200)
