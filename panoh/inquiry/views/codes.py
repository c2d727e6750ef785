"""The officer's page of the code of one case: made, printed, sent, ended."""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_POST

from panoh.access.pages import page
from panoh.inquiry import operations
from panoh.inquiry.channels import channels
from panoh.inquiry.models import Sending
from panoh.inquiry.queries import find_code, list_contacts, list_sendings
from panoh.inquiry.slips import keep_words
from panoh.inquiry.telling import own_names
from panoh.kernel.problems import Problem
from panoh.ledger.models import Entry
from panoh.procedures.models import Case
from panoh.procedures.queries.cases import obtain_case


@page("inquiry.code.make")
@require_GET
def code_page(request: HttpRequest, number: str) -> HttpResponse:
    return _show(request, obtain_case(request.actor, number, request.path))


def _show(request: HttpRequest, case: Case, refusal: Problem | None = None) -> HttpResponse:
    context = {
        "case": case,
        "code": find_code(case),
        "contacts": [(one, channels().get(one.channel)) for one in list_contacts(case)],
        "sendings": list_sendings(case),
        "channels": list(channels().values()),
        "languages": own_names(),
        "under_way": Sending.UNDER_WAY,
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "inquiry/code.html", context, status=422 if refusal else 200)


@page("inquiry.code.make")
@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """A new code, shown this once, as a slip to be printed in all languages of the register."""
    case = obtain_case(request.actor, number, request.path)
    code = operations.make_code(by=request.actor, case=case)
    address = request.build_absolute_uri(reverse("own_case"))
    keep = []
    for one, title in own_names():
        with override(one):
            keep.append({"language": one, "title": title, "words": keep_words()})
    first = case.steps.order_by("seq").values_list("entry_id", flat=True).first()
    shown = {
        "case": case,
        "code": code,
        "receipt": Entry(id=first).receipt_number if first else "",
        "address": address,
        "square": segno.make(address, error="m").svg_data_uri(border=4, scale=5),
        "keep": keep,
    }
    answer = render(request, "inquiry/slip.html", shown)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("inquiry.code.revoke")
@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    case = obtain_case(request.actor, number, request.path)
    try:
        operations.revoke_code(by=request.actor, case=case)
    except Problem as problem:
        return _show(request, case, problem)
    return redirect("case_code_page", case.number)


@page("inquiry.code.send")
@require_POST
def send(request: HttpRequest, number: str, contact: UUID) -> HttpResponse:
    """Sends a new code. What the channel said stands on the page that follows: it is asked after this act is kept."""
    case = obtain_case(request.actor, number, request.path)
    try:
        operations.send_code(by=request.actor, case=case, contact=contact)
    except Problem as problem:
        return _show(request, case, problem)
    return redirect("case_code_page", case.number)


@page("inquiry.contact.add")
@require_POST
def add_contact(request: HttpRequest, number: str) -> HttpResponse:
    case = obtain_case(request.actor, number, request.path)
    try:
        operations.add_contact(
            by=request.actor,
            case=case,
            channel=request.POST.get("channel", ""),
            address=request.POST.get("address", ""),
            language=request.POST.get("language", ""),
            agreed=request.POST.get("agreed") == "yes",
        )
    except Problem as problem:
        return _show(request, case, problem)
    messages.info(request, _("The contact is written down."))
    return redirect("case_code_page", case.number)


@page("inquiry.contact.end")
@require_POST
def end_contact(request: HttpRequest, number: str, contact: UUID) -> HttpResponse:
    case = obtain_case(request.actor, number, request.path)
    try:
        operations.end_contact(by=request.actor, case=case, contact=contact)
    except Problem as problem:
        return _show(request, case, problem)
    return redirect("case_code_page", case.number)
