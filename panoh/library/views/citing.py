"""Paragraphs at work: citing, figures, lists, and the bundle of everything that a page rests on."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.library.forms.sources import CiteForm, ClaimForm, PutForm, ShelfForm
from panoh.library.gazetteer import directory, gazetteer
from panoh.library.operations import citing as operations
from panoh.library.printing import bundle_pdf
from panoh.library.queries import citations as queries
from panoh.library.queries.documents import obtain_paragraph
from panoh.library.rules.figures import suggest_figures
from panoh.library.rules.places import by_code
from panoh.library.views.acting import act
from panoh.library.views.reading import on_paragraph
from panoh.library.words import THINGS

SHOWN_PLACES = 8


@page("library.paragraph.cite")
@require_http_methods(["GET", "POST"])
def paragraph_cite(request: HttpRequest, refid: str, anchor: str) -> HttpResponse:
    found = obtain_paragraph(request.actor, refid, anchor, route="library_cite")

    def call(form: CiteForm) -> HttpResponse:
        told = form.cleaned_data
        thing = queries.find_thing(told["number"])
        operations.cite_paragraph(by=request.actor, paragraph=found, thing=thing, note=told["note"])
        messages.info(request, _("Cited. The page says so if the source changes."))
        return redirect("library_sources", kind=thing.kind, key=thing.key)

    form = CiteForm(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("for", "")[:40]}
    )
    return on_paragraph(request, found.document, form, call, _("Cite the paragraph"), paragraph=found)


@page("library.document.read")
@require_GET
def sources(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What a page cites: a bibliography, with what became of each source."""
    _check_kind(kind)
    cited = queries.cited_by(request.actor, kind, key, route="library_sources")
    return render(
        request,
        "library/sources.html",
        {
            "kind": kind,
            "key": key,
            "cited": cited,
            "page": _page_of(kind, key),
            "may_cite": decide(request.actor, "library.paragraph.cite").allowed,
            "organisation_id": request.actor.organisation_id,
        },
    )


def _check_kind(kind: str) -> None:
    if kind not in THINGS:
        raise Problem("library.document.not_found")


def _page_of(kind: str, key: str) -> str:
    return reverse(queries.PAGES[kind], args=[key]) if kind in queries.PAGES else ""


@page("library.document.read")
@require_GET
def sources_bundle(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    _check_kind(kind)
    cited = queries.cited_by(request.actor, kind, key, route="library_bundle")
    if not cited:
        raise Problem("library.citation.thing_not_found", number=key[:40])
    return _pdf(bundle_pdf(f"{key}", [(one.paragraph, one.citation.note) for one in cited]), f"sources-{key}")


@page("library.paragraph.cite")
@require_POST
def citation_end(request: HttpRequest, citation_id: UUID) -> HttpResponse:
    found = queries.obtain_citation(request.actor, citation_id)
    operations.end_citation(by=request.actor, citation=found)
    return redirect("library_sources", kind=found.subject_kind, key=found.subject_key)


# -- figures ----------------------------------------------------------------------------------------------------------


@page("library.claim.confirm")
@require_http_methods(["GET", "POST"])
def paragraph_claim(request: HttpRequest, refid: str, anchor: str) -> HttpResponse:
    """Suggestions stand beside the form: what a person confirms is what counts."""
    found = obtain_paragraph(request.actor, refid, anchor, route="library_claim")
    suggestions = suggest_figures(found.text, found.document.created_on)
    mentions = gazetteer().find(found.text)
    places = list(by_code(mentions))

    def call(form: ClaimForm) -> HttpResponse:
        claim = operations.confirm_claim(by=request.actor, paragraph=found, said=form.said())
        messages.info(request, _("Confirmed. It stands beside what other sources say."))
        return redirect(f"{reverse('library_figure')}?measure={claim.measure}")

    chosen = request.GET.get("take", "")
    first = suggestions[int(chosen)] if chosen.isdecimal() and int(chosen) < len(suggestions) else None
    initial = {
        "as_of": found.document.created_on,
        "place": request.GET.get("place", "") or (places[0] if len(places) == 1 else ""),
        **(first.as_initial() if first else {}),
    }
    form = ClaimForm(request.POST if request.method == "POST" else None, initial=initial)
    return on_paragraph(
        request,
        found.document,
        form,
        call,
        _("Confirm a figure"),
        paragraph=found,
        suggestions=list(enumerate(suggestions)),
        places=list(dict.fromkeys(code for one in mentions for code in one.codes if code))[:SHOWN_PLACES],
        organisations=list(by_code(directory().find(found.text)))[:SHOWN_PLACES],
    )


@page("library.document.read")
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    return render(request, "library/figures.html", {"measures": queries.list_measures(request.actor)})


@page("library.document.read")
@require_GET
def figure(request: HttpRequest) -> HttpResponse:
    """One figure over the years, sources of one day side by side."""
    measure, place = request.GET.get("measure", "")[:80], request.GET.get("place", "")[:20]
    claims = queries.list_figures(request.actor, measure, place)
    largest = max((abs(one.figure) for one in claims), default=0)
    days = [
        (
            day,
            [(one, int(100 * abs(one.figure) / largest) if largest else 0) for one in rows],
            len({one.figure for one in rows}) > 1,
        )
        for day, rows in ((day, list(group)) for day, group in groupby(claims, key=lambda one: one.as_of))
    ]
    return render(
        request,
        "library/figure.html",
        {
            "measure": measure,
            "place": place,
            "days": days,
            "organisation_id": request.actor.organisation_id,
            "may_confirm": decide(request.actor, "library.claim.confirm").allowed,
        },
    )


@page("library.claim.confirm")
@require_POST
def claim_withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    found = queries.obtain_claim(request.actor, claim_id)
    operations.withdraw_claim(by=request.actor, claim=found)
    return redirect(f"{reverse('library_figure')}?measure={found.measure}")


# -- lists ------------------------------------------------------------------------------------------------------------


@page("library.shelf.keep")
@require_http_methods(["GET", "POST"])
def shelves(request: HttpRequest) -> HttpResponse:
    def call(form: ShelfForm) -> HttpResponse:
        shelf = operations.make_shelf(by=request.actor, title=form.cleaned_data["title"])
        return redirect("library_shelf", shelf_id=shelf.pk)

    form = ShelfForm(request.POST if request.method == "POST" else None)
    return act(
        request,
        form,
        call,
        heading=_("Lists of paragraphs"),
        button=_("Make the list"),
        back=reverse("library"),
        shelves=queries.list_shelves(request.actor),
    )


@page("library.shelf.keep")
@require_http_methods(["GET", "POST"])
def paragraph_keep(request: HttpRequest, refid: str, anchor: str) -> HttpResponse:
    found = obtain_paragraph(request.actor, refid, anchor, route="library_keep")

    def call(form: PutForm) -> HttpResponse:
        shelf = queries.obtain_shelf(request.actor, UUID(form.cleaned_data["shelf"]))
        operations.put_on_shelf(by=request.actor, shelf=shelf, paragraph=found, note=form.cleaned_data["note"])
        return redirect("library_shelf", shelf_id=shelf.pk)

    form = PutForm(request.POST if request.method == "POST" else None, shelves=queries.list_shelves(request.actor))
    return on_paragraph(request, found.document, form, call, _("Put on a list"), paragraph=found)


@page("library.shelf.keep")
@require_GET
def shelf(request: HttpRequest, shelf_id: UUID) -> HttpResponse:
    found = queries.obtain_shelf(request.actor, shelf_id)
    shown: dict[str, Any] = {
        "shelf": found,
        "paragraphs": queries.paragraphs_on(request.actor, found, route="library_shelf"),
    }
    return render(request, "library/shelf.html", shown)


@page("library.shelf.keep")
@require_GET
def shelf_bundle(request: HttpRequest, shelf_id: UUID) -> HttpResponse:
    found = queries.obtain_shelf(request.actor, shelf_id)
    rows = queries.paragraphs_on(request.actor, found, route="library_bundle")
    return _pdf(bundle_pdf(found.title, [(one, "") for one in rows]), "list")


def _pdf(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
