"""The page on which a person asks about her own case, and the same as a slip. Open to everybody; the code is the key."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import public
from panoh.inquiry.queries import OwnCase, ask
from panoh.inquiry.slips import slip_pdf
from panoh.inquiry.telling import own_names, sections, standing
from panoh.kernel.problems import Problem


class AskForm(forms.Form):
    number = forms.CharField(
        label=_("Number of the case or of a receipt"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("As it stands on the slip or on a receipt; what the square of a receipt says will do as well."),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Twelve letters and digits, as they stand on the slip or were sent to you."),
    )


@public
@require_http_methods(["GET", "POST"])
def own_case(request: HttpRequest) -> HttpResponse:
    """Asks for number and code; the answer is never kept, by no proxy and no browser."""
    form = AskForm(request.POST if request.method == "POST" else None)
    chosen = _chosen_language(request)
    if chosen:
        translation.activate(chosen)
    found: OwnCase | None = None
    status = 200
    if form.is_bound:
        found, status = _ask(request, form)
    language = get_language() or "en"
    context = {
        "form": form,
        "found": found,
        "standing": standing(found, language) if found else "",
        "sections": sections(found, language) if found else [],
        "languages": own_names(),
    }
    answer = render(request, "inquiry/own_case.html", context, status=status)
    if chosen:
        answer.set_cookie("language", chosen, samesite="Lax", secure=request.is_secure())
        answer["Content-Language"] = "fa-AF" if chosen == "prs" else chosen
    return _kept_nowhere(answer)


@public
@require_POST
def slip(request: HttpRequest) -> HttpResponse:
    """The answer as PDF in one of the languages, for whoever holds number and code: the person, or the officer who made it."""
    form = AskForm(request.POST)
    chosen = _chosen_language(request) or get_language() or "en"
    found, status = _ask(request, form)
    if found is None:
        return _kept_nowhere(render(request, "inquiry/own_case.html", {"form": form, "found": None}, status=status))
    address = request.build_absolute_uri(reverse("own_case"))
    pdf = slip_pdf(found, form.cleaned_data["code"].strip()[:20], address, chosen)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return _kept_nowhere(answer)


def _ask(request: HttpRequest, form: AskForm) -> tuple[OwnCase | None, int]:
    if not form.is_valid():
        return None, 422
    asker = request.META.get("REMOTE_ADDR", "")
    try:
        return ask(form.cleaned_data["number"], form.cleaned_data["code"], get_language() or "en", asker), 200
    except Problem as problem:
        return None, refuse(form, problem)


def _chosen_language(request: HttpRequest) -> str:
    """The language of a button under the answer: it asks the same again in another one."""
    wanted = request.POST.get("language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else ""


def _kept_nowhere(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
