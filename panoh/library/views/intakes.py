"""Bringing files: the answer comes at once, the page of the intake tells how far it is and what became of every source."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.library.forms.sources import TakeInForm
from panoh.library.models import Intake
from panoh.library.operations.intakes import bring_files, retry_intake, undo_intake
from panoh.library.queries.intakes import list_intakes, obtain_intake, outcome_of, progress_of


@page("library.document.take_in")
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    form = TakeInForm(request.POST, request.FILES) if request.method == "POST" else TakeInForm()
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                files = ((one.name or "", one.read()) for one in form.checked())
                kept = bring_files(by=request.actor, files=files, unmarked=form.cleaned_data["unmarked"])
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("library_intake", kept.pk)
    return render(
        request, "library/take_in.html", {"form": form, "intakes": list_intakes(request.actor)}, status=status
    )


@page("library.document.take_in")
@require_GET
def intake(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    """While it is worked on, how far it is; then what became of every source."""
    found = obtain_intake(request.actor, intake_id)
    shown: dict[str, Any] = {"intake": found, "names": list(found.files.order_by("position").values_list("name", flat=True))}  # fmt: skip
    if found.state == Intake.WAITS:
        done, total = progress_of(found)
        return render(request, "library/intake_progress.html", {**shown, "done": done, "total": total})
    if request.headers.get(
        "HX-Request"
    ):  # only a part was asked for, to see how far it is: the browser loads the page whole
        return HttpResponse(headers={"HX-Redirect": request.path})
    outcome = outcome_of(request.actor, found)
    shown |= {
        "outcome": outcome,
        "refusal": Problem(found.refusal["code"], **found.refusal["params"]) if found.refusal else None,
        "is_undone": found.act == Intake.UNDO,
        "may_settle": decide(request.actor, "library.document.settle").allowed,
        "may_undo": outcome.brought > outcome.withdrawn + outcome.restored + len(outcome.left_standing),
    }
    return render(request, "library/intake.html", shown)


@page("library.document.take_in")
@require_POST
def retry(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    found = obtain_intake(request.actor, intake_id)
    retry_intake(by=request.actor, intake=found)
    return redirect("library_intake", found.pk)


@page("library.intake.undo")
@require_POST
def undo(request: HttpRequest, intake_id: UUID) -> HttpResponse:
    found = obtain_intake(request.actor, intake_id)
    undo_intake(by=request.actor, intake=found)
    return redirect("library_intake", found.pk)
