"""The form with which people of a household are referred."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from panoh.access.answers import refuse
from panoh.access.pages import page
from panoh.access.policy import check
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.referrals.forms import SendForm
from panoh.referrals.operations import send_referral
from panoh.registry.models import Household, Person
from panoh.registry.queries import obtain_household


@page("referrals.referral.send")
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, number: str) -> HttpResponse:
    household = obtain_household(request.actor, number)
    check(request.actor, "referrals.referral.send", household)
    people = _people(household)
    chosen = request.GET.get("person", "")
    initial = {
        "submission_id": new_id(),
        "persons": [str(person.pk) for person, _name in people if person.number == chosen or len(people) == 1],
    }
    form = SendForm(request.actor, household, people, request.POST or None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = send_referral(
                    by=request.actor,
                    household=household,
                    asked=form.asked(),
                    submission_id=form.cleaned_data["submission_id"],
                )
            except Problem as problem:
                status = refuse(form, problem)
            else:
                messages.info(request, _("Sent. Give the family the slip: it says where they were referred to."))
                return redirect("referral", number=made.number)
    return render(request, "referrals/send.html", {"form": form, "household": household}, status=status)


def _people(household: Household) -> list[tuple[Person, str]]:
    found = Person.objects.filter(household=household, status="open").prefetch_related("names").order_by("id")
    return [(person, f"{_name(person)} · {person.number}") for person in found]


def _name(person: Person) -> str:
    names = sorted(person.names.all(), key=lambda name: (not name.is_primary, name.role, name.pk))
    return names[0].as_person_name().display("full") if names else ""
