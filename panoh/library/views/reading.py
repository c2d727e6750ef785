"""Reading a source: the three parts of a cable, its paragraphs under their permanent addresses, and what a person settles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.library.forms.sources import RedactForm, SettleForm, WithdrawForm
from panoh.library.gazetteer import directory, gazetteer
from panoh.library.models import IN_FORCE, Document, Paragraph
from panoh.library.operations.settling import redact_paragraph, settle_document, withdraw_document
from panoh.library.queries import documents as queries
from panoh.library.queries.citations import citing, claims_of
from panoh.library.queries.searching import similar_to
from panoh.library.rules.places import by_code
from panoh.library.views.acting import act

SHOWN_READINGS = 20
SHOWN_PLACES = 12
LONGEST_SEARCHED = 60_000


@page("library.document.read")
@require_GET
def document(request: HttpRequest, refid: str) -> HttpResponse:
    found = queries.obtain_document(request.actor, refid, route="library_document")
    may_settle = decide(request.actor, "library.document.settle").allowed
    paragraphs = queries.list_paragraphs(found)
    text = "\n".join(one.text for one in paragraphs)[:LONGEST_SEARCHED]
    mentions = gazetteer().find(text)
    return render(
        request,
        "library/document.html",
        {
            "document": found,
            "paragraphs": paragraphs,
            "places": sorted(by_code(mentions).items(), key=lambda one: -one[1])[:SHOWN_PLACES],
            "ambiguous": list({one.text: one for one in mentions if one.asks}.values())[:SHOWN_PLACES],
            "organisations": sorted(by_code(directory().find(text)).items(), key=lambda one: -one[1])[:SHOWN_PLACES],
            "references": queries.list_references(request.actor, found),
            "citing": queries.list_citing(request.actor, found),
            "doubts": list(found.doubts.filter(settled_at__isnull=True).order_by("code")),
            "readings": list(found.readings.select_related("member__account").order_by("-read_at")[:SHOWN_READINGS]),
            "may_settle": may_settle,
            "may_withdraw": found.state == IN_FORCE and decide(request.actor, "library.document.withdraw").allowed,
            "is_withdrawn": found.state != IN_FORCE,
        },
    )


@page("library.document.read")
@require_GET
def paragraph(request: HttpRequest, refid: str, anchor: str) -> HttpResponse:
    """The permanent address of a paragraph. Its old words stay here when the source was corrected, and lead to the new ones."""
    found = queries.obtain_paragraph(request.actor, refid, anchor, route="library_paragraph")
    rows = queries.list_paragraphs(found.document)
    place = next((at for at, one in enumerate(rows) if one.pk == found.pk), None)
    return render(
        request,
        "library/paragraph.html",
        {
            "paragraph": found,
            "document": found.document,
            "before": rows[place - 1] if place else None,
            "after": rows[place + 1] if place is not None and place + 1 < len(rows) else None,
            "claims": claims_of(request.actor, found),
            "citing": citing(request.actor, found),
            "similar": similar_to(request.actor, found) if found.kind == "paragraph" else [],
            "may_cite": decide(request.actor, "library.paragraph.cite").allowed,
            "may_claim": decide(request.actor, "library.claim.confirm").allowed,
            "may_redact": decide(request.actor, "library.paragraph.redact").allowed,
            "may_keep": decide(request.actor, "library.shelf.keep").allowed,
        },
    )


@page("library.document.settle")
@require_http_methods(["GET", "POST"])
def document_settle(request: HttpRequest, refid: str) -> HttpResponse:
    found = queries.obtain_document(request.actor, refid, route="library_settle", verb="library.document.settle")

    def call(form: SettleForm) -> HttpResponse:
        settle_document(
            by=request.actor, document=found, values=form.values(), expected_version=form.cleaned_data["version"]
        )
        messages.info(request, _("Settled. A new reading of the file leaves it so."))
        return redirect("library_document", refid=refid)

    form = SettleForm.of(found, request.POST if request.method == "POST" else None)
    return on_paragraph(
        request,
        found,
        form,
        call,
        _("Settle what was left open"),
        doubts=list(found.doubts.filter(settled_at__isnull=True)),
    )


@page("library.document.withdraw")
@require_http_methods(["GET", "POST"])
def document_withdraw(request: HttpRequest, refid: str) -> HttpResponse:
    found = queries.obtain_document(request.actor, refid, route="library_withdraw", verb="library.document.withdraw")

    def call(form: WithdrawForm) -> HttpResponse:
        told = form.cleaned_data
        withdraw_document(by=request.actor, document=found, reason=told["reason"], expected_version=told["version"])
        messages.info(request, _("Withdrawn. Whatever cites it says so from now on."))
        return redirect("library_document", refid=refid)

    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    return on_paragraph(request, found, form, call, _("Withdraw the source"))


@page("library.paragraph.redact")
@require_http_methods(["GET", "POST"])
def paragraph_redact(request: HttpRequest, refid: str, anchor: str) -> HttpResponse:
    found = queries.obtain_paragraph(request.actor, refid, anchor, route="library_redact")

    def call(form: RedactForm) -> HttpResponse:
        told = form.cleaned_data
        redact_paragraph(by=request.actor, paragraph=found, words=told["words"], reason=told["reason"])
        messages.info(request, _("Redacted. What stood there is kept for those who may redact."))
        return redirect("library_paragraph", refid=refid, anchor=anchor)

    form = RedactForm(request.POST if request.method == "POST" else None)
    return on_paragraph(request, found.document, form, call, _("Redact words"), paragraph=found)


def on_paragraph(
    request: HttpRequest,
    document: Document,
    form: Any,
    call: Any,
    heading: Any,
    paragraph: Paragraph | None = None,
    **more: Any,
) -> HttpResponse:
    back = (
        reverse("library_paragraph", args=[document.refid, paragraph.anchor])
        if paragraph
        else reverse("library_document", args=[document.refid])
    )
    return act(
        request, form, call, heading=heading, button=heading, back=back, document=document, paragraph=paragraph, **more
    )
