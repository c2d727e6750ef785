"""Workbooks of other systems: brought, looked into row by row, taken in as one act, and taken back as one act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from panoh.access.actor import Actor
from panoh.access.answers import refuse
from panoh.access.models import Office
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.registry.importing import files, jobs
from panoh.registry.importing.batches import undo_import
from panoh.registry.importing.findings import Finding
from panoh.registry.importing.looking import HOUSEHOLDS_SHOWN, principal_of
from panoh.registry.importing.telling import tell
from panoh.registry.models import ImportBatch, ImportFile, ImportJob, ImportRow, Suggestion

SHOWN = 50
ERRORS_SHOWN = 200


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        help_text=gettext_lazy(
            "With the sheets Households and Individuals, up to 50 MB and 20,000 persons. Nothing is registered before you have seen what is in it."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )
    office = forms.ChoiceField(label=gettext_lazy("Office to which the households belong"))

    def __init__(self, *given: Any, actor: Actor) -> None:
        super().__init__(*given)
        offices = Office.objects.filter(organisation_id=actor.organisation_id).order_by("code")
        self.fields["office"].choices = [
            (str(office.pk), office.titles.get(actor.language) or office.titles["en"]) for office in offices
        ]
        self.fields["office"].initial = str(actor.office_id or "")


@page("registry.import.preview")
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Bring a workbook; those that wait for a decision; those taken in earlier."""
    actor = request.actor
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()), actor=actor)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                kept = files.keep_workbook(
                    by=actor,
                    file_name=upload.name,
                    content=upload.read(files.LARGEST_FILE + 1),
                    office_id=UUID(form.cleaned_data["office"]),
                )
                if jobs.find_job(kept) is None:
                    jobs.ask_for("look", by=actor, file=kept)
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("import_preview", kept.pk)
    batches = ImportBatch.objects.filter(organisation_id=actor.organisation_id).select_related("imported_by__account")
    waiting = ImportFile.objects.filter(organisation_id=actor.organisation_id).select_related("uploaded_by__account")
    return render(
        request,
        "registry/imports.html",
        {
            "form": form,
            "waiting": waiting.defer("content").order_by("-uploaded_at"),
            "batches": batches.order_by("-imported_at", "-id")[:SHOWN],
        },
        status=status,
    )


@page("registry.import.preview")
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, file: UUID) -> HttpResponse:
    """What would be taken in and what not, row by row; while somebody is at it, how far it is. The button takes it in."""
    actor = request.actor
    if ImportBatch.objects.filter(pk=file, organisation_id=actor.organisation_id).exists():  # it was taken in meanwhile
        return _again(request, reverse("import_batch", args=[file]))
    kept = files.obtain_file(actor, file)
    job = jobs.find_job(kept)
    if request.method == "POST":
        jobs.ask_for("look" if "look" in request.POST else "take", by=actor, file=kept)
        return redirect("import_preview", kept.pk)
    if job is None:
        job = jobs.ask_for("look", by=actor, file=kept)
    if job.state == ImportJob.WAITS:
        return render(request, "registry/import_progress.html", {"file": kept, "job": job})
    if request.headers.get("HX-Request"):
        return _again(request, request.path)
    looked = job.result or {}
    told = tell(Finding.from_json(stored) for stored in looked.get("findings", ()))
    return render(
        request,
        "registry/import_preview.html",
        {
            **looked,
            "file": kept,
            "refusal": jobs.refusal_of(job),
            "told": told,
            "errors": [{"finding": one, "text": one.rendered()} for one in told.errors[:ERRORS_SHOWN]],
            "lines": [line | {"principal": principal_of(line)} for line in looked.get("lines", ())],
            "looked": bool(looked),
            "may_take": bool(looked.get("households")) and decide(actor, "registry.import.take").allowed,
        },
    )


def _again(request: HttpRequest, address: str) -> HttpResponse:
    """Leads on; where only a part of the page was asked for, to see how far it is, the browser is told to load it whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@page("registry.import.preview")
@require_POST
def put_away(request: HttpRequest, file: UUID) -> HttpResponse:
    kept = files.obtain_file(request.actor, file)
    files.put_away(by=request.actor, file=kept)
    messages.info(request, _("The workbook is put away; nothing of it was kept."))
    return redirect("imports")


@page("registry.import.preview")
@require_GET
def batch(request: HttpRequest, batch: UUID) -> HttpResponse:
    """One import: its households with their new numbers, what was found, and its undoing."""
    actor = request.actor
    found = obtain_batch(actor, batch)
    rows = list(found.rows.select_related("household").order_by("sheet", "row", "id"))
    told = tell(Finding.from_json(stored) for row in rows for stored in row.findings)
    taken = [row for row in rows if row.outcome == ImportRow.TAKEN]
    pairs = Suggestion.objects.filter(origin="import", person_b__household__in=[row.household_id for row in taken])
    return render(
        request,
        "registry/import_batch.html",
        {
            "batch": found,
            "told": told,
            "errors": [{"finding": one, "text": one.rendered()} for one in told.errors[:ERRORS_SHOWN]],
            "taken": taken[:HOUSEHOLDS_SHOWN],
            "cut_short": len(taken) > HOUSEHOLDS_SHOWN,
            "pairs": pairs.exclude(state="judged").count(),
            "may_undo": found.undone_at is None and decide(actor, "registry.import.undo").allowed,
        },
    )


def obtain_batch(actor: Actor, key: UUID) -> ImportBatch:
    found = (
        ImportBatch.objects.filter(pk=key, organisation_id=actor.organisation_id)
        .select_related("office", "imported_by__account", "undone_by__account")
        .first()
    )
    if found is None:
        raise Problem("access.thing.not_found")
    return found


@page("registry.import.undo")
@require_POST
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    found = obtain_batch(request.actor, batch)
    undo_import(by=request.actor, batch_id=found.pk)
    messages.info(request, _("The import is undone: its households are closed as registered in error."))
    return redirect("import_batch", found.pk)
