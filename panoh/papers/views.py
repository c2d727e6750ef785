"""Pages of papers and stock: parse, call one operation or query, render. The public check stands in `check_views`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.papers import forms, operations, queries, rules
from panoh.papers.models import ISSUED, PREPARED, Paper
from panoh.papers.printing import paper_pdf, photo_mark, preview_png
from panoh.papers.receipts import receipt_of
from panoh.registry.queries import obtain_household, obtain_person

PER_PAGE = 50
FAMILY_LANGUAGE = "prs"  # what nearly every family here reads; the address names another


def act(request: HttpRequest, form: Any, template: str, call: Callable[[dict], str], **context: object) -> HttpResponse:
    """Show a form, or carry out its act and go where `call` says; a refusal comes back in the form, nothing typed lost."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect(call(form.cleaned_data))
            except Problem as problem:
                status = refuse(form, problem)
    return render(request, template, {"form": form, **context}, status=status)


# -- stock --------------------------------------------------------------------------------------------------------------------


@page("papers.stock.read")
@require_GET
def stock(request: HttpRequest) -> HttpResponse:
    """The strict account: what came in, what went where, what must lie in the safe."""
    lines = queries.stock_account(request.actor)
    return render(
        request,
        "papers/stock.html",
        {
            "totals": queries.totals(lines),
            "lines": lines,
            "departures": [
                {"form": form, "title": forms.REASON_TITLES.get(form.reason, form.reason)}
                for form in queries.list_departures(request.actor)[:PER_PAGE]
            ],
            "may_receive": decide(request.actor, "papers.stock.receive").allowed,
            "may_spoil": decide(request.actor, "papers.form.spoil").allowed,
        },
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form brought; one that brought nothing at all is still answered with what is missing."""
    return request.POST if request.method == "POST" else None


@page("papers.stock.receive")
@require_http_methods(["GET", "POST"])
def stock_receive(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    form = forms.ReceiveForm(sent(request), organisation_id=actor.organisation_id)

    def call(given: dict) -> str:
        operations.receive_stock(
            by=actor,
            kind=given["kind"],
            first=given["first"],
            last=given["last"],
            received_on=given["received_on"],
            office_id=given["office"].pk if given["office"] else None,
            delivery_note=given["delivery_note"],
        )
        return reverse("papers_stock")

    return act(
        request, form, "papers/form.html", call, heading=_("Take forms into stock"), back=reverse("papers_stock")
    )


@page("papers.form.spoil")
@require_http_methods(["GET", "POST"])
def form_spoil(request: HttpRequest) -> HttpResponse:
    form = forms.SpoilForm(sent(request), initial={"serial": request.GET.get("serial", "")})

    def call(given: dict) -> str:
        operations.spoil_form(
            by=request.actor, serial=given["serial"], outcome=given["outcome"], reason=given["reason"]
        )
        return reverse("papers_stock")

    lead = _("A certificate that is already in somebody's hands is replaced instead.")
    return act(
        request,
        form,
        "papers/form.html",
        call,
        heading=_("Report a form spoiled or lost"),
        lead=lead,
        back=reverse("papers_stock"),
    )


# -- papers -------------------------------------------------------------------------------------------------------------------


@page("papers.paper.confirm")
@require_GET
def to_confirm(request: HttpRequest) -> HttpResponse:
    """Papers that wait for a second person, the longest waiting first."""
    papers = queries.list_to_confirm(request.actor, after=_after(request.GET.get("after", "")), limit=PER_PAGE + 1)
    more = papers[PER_PAGE - 1] if len(papers) > PER_PAGE else None
    return render(
        request,
        "papers/to_confirm.html",
        {"papers": papers[:PER_PAGE], "after": f"{more.prepared_at.isoformat()}~{more.pk}" if more else ""},
    )


def _after(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    try:
        at, _mark, id = text.partition("~")
        return datetime.fromisoformat(at), UUID(id)
    except ValueError:
        raise Problem("papers.paper.not_found") from None


@page("papers.paper.prepare")
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, number: str) -> HttpResponse:
    """Make out a certificate for a person; a case page links here with kind, days and case already set."""
    actor = request.actor
    person = obtain_person(actor, number, route=request.path)
    others = list(
        person.household.persons.filter(status="open")
        .exclude(pk=person.pk)
        .prefetch_related("names")
        .order_by("number")
    )
    known = {str(other.pk): other for other in others}
    asked = {"language": FAMILY_LANGUAGE} | {
        name: request.GET[name] for name in ("kind", "language", "valid_from", "valid_until") if name in request.GET
    }
    form = forms.PrepareForm(
        sent(request),
        initial=asked,
        members=[(id, f"\u2068{_primary(other)}\u2069 · {other.number}") for id, other in known.items()],
    )

    def call(given: dict) -> str:
        paper = operations.prepare_paper(
            by=actor,
            kind=given["kind"],
            person=person,
            holders=[known[id] for id in given.get("holders", ())],
            language=given["language"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            case_id=_case(request.GET.get("case", "")),
        )
        return reverse("paper", args=[paper.number])

    return act(
        request,
        form,
        "papers/form.html",
        call,
        heading=_("Make out a certificate"),
        person=person,
        lead=_("A second person confirms it; then it can be printed.")
        if person.photo_sha256
        else _("There is no photo of this person yet. Take one first, or glue it in and stamp over its edge."),
        back=reverse("person", args=[person.number]),
    )


def _primary(person: Any) -> str:
    names = sorted(person.names.all(), key=lambda name: not name.is_primary)
    return str(names[0]) if names else ""


def _case(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@page("papers.paper.read")
@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """One paper: how it stands, who made and confirmed it, what can be done with it."""
    found = queries.obtain_paper(request.actor, number, route=request.path)
    return render(request, "papers/paper.html", _paper_context(request, found))


def _paper_context(request: HttpRequest, found: Paper) -> dict[str, Any]:
    actor = request.actor
    own = found.prepared_account_id == actor.account_id
    return {
        "paper": found,
        "kind_title": forms.kind_title(found.kind),
        "language": dict(forms.language_choices()).get(found.language, found.language),
        "state": rules.state_on(found.state, found.valid_until, timezone.localdate()),
        "names": [found.content["person"]["name"]],
        "members": found.content["members"],
        "end_title": forms.REASON_TITLES.get(found.end_reason, found.end_reason),
        "photo_mark": photo_mark(found.photo_sha256) if found.photo_sha256 else "",
        "waits_for_other": found.state == PREPARED and own,
        "may_confirm": found.state == PREPARED and not own and decide(actor, "papers.paper.confirm", found).allowed,
        "may_print": found.state == ISSUED and decide(actor, "papers.paper.print", found).allowed,
        "may_revoke": found.state == ISSUED and decide(actor, "papers.paper.revoke", found).allowed,
        "may_replace": found.state == ISSUED and decide(actor, "papers.paper.replace", found).allowed,
    }


@page("papers.paper.read")
@require_GET
def paper_preview(request: HttpRequest, number: str) -> HttpResponse:
    """How the sheet looks, for the second person's eyes."""
    found = queries.obtain_paper(request.actor, number, route=request.path)
    return _file(preview_png(found), "image/png")


@page("papers.paper.print")
@require_GET
def paper_print(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet as PDF."""
    found = queries.obtain_paper(request.actor, number, verb="papers.paper.print", route=request.path)
    answer = _file(paper_pdf(found), "application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{found.number}.pdf"'
    return answer


def _file(content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = "private, no-store"
    return answer


@page("papers.paper.confirm")
@require_POST
def paper_confirm(request: HttpRequest, number: str) -> HttpResponse:
    found = queries.obtain_paper(request.actor, number, verb="papers.paper.confirm", route=request.path)
    try:
        operations.confirm_paper(by=request.actor, paper=found, expected_version=_version(request))
    except Problem as problem:
        return _refused(request, found, problem)
    return redirect("paper", number=number)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal() or len(text) > 9:
        raise Problem("papers.paper.changed")
    return int(text)


def _refused(request: HttpRequest, found: Paper, problem: Problem) -> HttpResponse:
    from panoh.kernel.problems import render as texts

    found.refresh_from_db()
    status = max(text.status for text in texts(problem))
    return render(request, "papers/paper.html", {**_paper_context(request, found), "refusal": problem}, status=status)


def _with_reason(
    request: HttpRequest, number: str, what: str, verb: str, heading: str, call: Callable[..., Paper]
) -> HttpResponse:
    found = queries.obtain_paper(request.actor, number, verb=verb, route=request.path)
    form = forms.ReasonForm(sent(request), codes=forms.REASONS_OF[what], initial={"version": found.version})

    def carry_out(given: dict) -> str:
        made = call(by=request.actor, paper=found, reason=given["reason"], expected_version=given["version"])
        return reverse("paper", args=[made.number])

    return act(
        request,
        form,
        "papers/form.html",
        carry_out,
        heading=heading,
        lead=f"{forms.kind_title(found.kind)} · {found.number}",
        back=reverse("paper", args=[number]),
    )


@page("papers.paper.refuse")
@require_http_methods(["GET", "POST"])
def paper_refuse(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request, number, "refuse", "papers.paper.refuse", _("Send this paper back"), operations.refuse_paper
    )


@page("papers.paper.revoke")
@require_http_methods(["GET", "POST"])
def paper_revoke(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request, number, "revoke", "papers.paper.revoke", _("Revoke this paper"), operations.revoke_paper
    )


@page("papers.paper.replace")
@require_http_methods(["GET", "POST"])
def paper_replace(request: HttpRequest, number: str) -> HttpResponse:
    return _with_reason(
        request, number, "replace", "papers.paper.replace", _("Replace this paper"), operations.replace_paper
    )


@page("papers.receipt.print")
@require_GET
def receipt(request: HttpRequest, number: str, entry_id: UUID) -> HttpResponse:
    """The receipt of an act on a household's file, to be printed and handed over."""
    household = obtain_household(request.actor, number, route=request.path)
    language = request.GET.get("language") or FAMILY_LANGUAGE
    answer = _file(receipt_of(request.actor, household, entry_id, language), "application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{household.number}-receipt.pdf"'
    return answer
