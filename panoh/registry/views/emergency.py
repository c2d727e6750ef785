"""Opening a file that is hidden from the actor because a person is in danger: with a reason, for a day, reviewed by another."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.operations import open_in_emergency
from panoh.access.pages import page
from panoh.kernel.problems import Problem
from panoh.registry.numbering import find_number


class EmergencyForm(forms.Form):
    number = forms.CharField(label=_("Number of the household"), max_length=40)
    reason = forms.CharField(
        label=_("Why is there danger?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("The file opens to you for 24 hours. Another person reads this reason."),
    )


@page("access.file.override")
@require_http_methods(["GET", "POST"])
def emergency_open(request: HttpRequest) -> HttpResponse:
    """Asks for the number and the danger; the opening is an entry of the ledger before the file is seen."""
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                number = find_number(form.cleaned_data["number"])
                household_id = find_file(number.text) if number and number.is_household else None
                if household_id is None:
                    raise Problem("access.thing.not_found", field="number")
                open_in_emergency(by=request.actor, household_id=household_id, reason=form.cleaned_data["reason"])
            except Problem as problem:
                status = refuse(form, problem)
            else:
                return redirect("household", number.text)
    return render(request, "registry/emergency_open.html", {"form": form}, status=status)


def find_file(number: str) -> UUID | None:
    """The id behind a number, whoever keeps the file; the function of the database tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_find_file(%s)", [number])
        return cursor.fetchone()[0]
