"""Pages of the ledger: parse, obtain, render."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page, public
from panoh.access.policy import decide
from panoh.journeys.ledger_pages import reading
from panoh.journeys.ledger_pages.forms import EntryFilterForm, ReceiptForm
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, queries, witnesses

PER_PAGE = 50
CHECKPOINTS_SHOWN = 10


@page("ledger.checkpoint.read")
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Size and checkpoints for everyone; the entries themselves for those who watch over all of them."""
    last = queries.find_last_checkpoint()
    facts = {
        "size": queries.tree_size(),
        "waiting": queries.count_pending(),
        "last": last,
        "printed_line": witnesses.printed_line(last) if last else "",
        "checkpoints": queries.list_checkpoints(CHECKPOINTS_SHOWN),
        "verifier_key": configuration.checkpoint_verifier().text(),
        "may_list": decide(request.actor, "ledger.entry.list").allowed,
    }
    if facts["may_list"]:
        form = EntryFilterForm(request.GET or None)
        wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
        after = reading.read_key(request.GET.get("after", ""))
        found = queries.list_entries(
            kind=wanted.get("kind", ""), recorded_on=wanted.get("day"), after=after, limit=PER_PAGE + 1
        )
        entries = found[:PER_PAGE]
        facts |= {
            "form": form,
            "entries": entries,
            "after": reading.written_key(entries) if len(found) > PER_PAGE else "",
            "first": after is None,
            "filtered": any(wanted.values()),
        }
    return render(request, "ledger/ledger.html", facts)


@page("ledger.entry.read")
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """One entry: what it says, about whom, and the proof that it stands where it stands."""
    found = reading.obtain_entry(request.actor, entry_id)
    return render(
        request,
        "ledger/entry.html",
        {
            "entry": found,
            "author": reading.author_of(request.actor, found),
            "subjects": reading.list_subjects(request.actor, found),
            "more_subjects": max(0, len(found.subjects) - reading.LONGEST_LIST_OF_SUBJECTS),
            "payload": [(name, _written(value)) for name, value in found.payload.items()],
            "place": reading.place_of(found.pk),
            "body": json.dumps(found.facts, ensure_ascii=False, indent=2),
        },
    )


def _written(value: object) -> str:
    """A value of the payload as people read it; what is nested stays JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


@public
@require_GET
def latest_checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed checkpoint, for witnesses that come and fetch it."""
    last = queries.find_last_checkpoint()
    if last is None:
        raise Http404
    return HttpResponse(last.note, content_type="text/plain; charset=utf-8")


@public
@require_GET
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """One signed checkpoint, as witnesses keep it."""
    found = queries.find_checkpoint(size)
    if found is None:
        raise Http404
    answer = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="checkpoint-{size:012d}.txt"'
    return answer


@public
@csrf_exempt  # changes nothing and knows no account
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """Whether a receipt is genuine, and whether the ledger keeps what it promised. Open to whoever holds one."""
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    found, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                found, status = reading.check_receipt(form.cleaned_data["text"]), 200
            except Problem as problem:
                status = refuse(form, problem)
    return render(request, "ledger/receipt.html", {"form": form, "found": found}, status=status)
