"""The page on which a person asks about her own case, and the slip that an officer prints for her."""

from __future__ import annotations

import segno
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import page, public
from panoh.inquiry.operations import make_code
from panoh.inquiry.queries import OwnCase, ask
from panoh.kernel.problems import Problem
from panoh.procedures.queries.cases import obtain_case


class AskForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the case"),
        max_length=40,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Twelve letters and digits, as they stand on the slip."),
    )


@public
@require_http_methods(["GET", "POST"])
def own_case(request: HttpRequest) -> HttpResponse:
    """Asks for number and code; the answer is never kept, by no proxy and no browser."""
    form = AskForm(request.POST if request.method == "POST" else None)
    found: OwnCase | None = None
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                found = ask(form.cleaned_data["number"], form.cleaned_data["code"], get_language() or "en")
                status = 200
            except Problem as problem:
                status = refuse(form, problem)
    answer = render(request, "inquiry/own_case.html", {"form": form, "found": found}, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("inquiry.code.make")
@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """A new code, shown this once, as a slip to be printed in all languages of the register."""
    case = obtain_case(request.actor, number, request.path)
    code = make_code(by=request.actor, case=case)
    address = request.build_absolute_uri(reverse("own_case"))
    square = segno.make(address, error="m").svg_data_uri(border=4, scale=5)
    shown = {
        "case": case,
        "code": code,
        "address": address,
        "square": square,
        "languages": [one for one, _title in settings.LANGUAGES],
    }
    return render(request, "inquiry/slip.html", shown)
