"""Registering a household: one sheet, from end to end by keyboard, nothing typed ever lost."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from panoh import rulebook
from panoh.access.pages import page
from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem, Problems
from panoh.registry.choices import frequent_nationalities, sheet_choices
from panoh.registry.offers import list_offers
from panoh.registry.operations import register_household
from panoh.registry.origins import origin_choices
from panoh.registry.queries import Candidate
from panoh.registry.queries.candidates import find_candidates_of
from panoh.registry.queries.incomplete import RULES, Rule
from panoh.registry.registration import Registration
from panoh.registry.rules import registration_warnings
from panoh.registry.second_look import LookAgain, ask_once, lines_of
from panoh.registry.sheet import Sheet, new_person, new_sheet, read_sheet, typed_sheet, without_person


@page("registry.household.register")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The sheet. Buttons add and remove persons without judging; "Register" checks, warns once, then saves."""
    today = timezone.localdate()
    if request.method == "GET":
        sheet = new_sheet(new_id(), arrived_on=today, nationality=usual_nationality())
        return show(request, sheet)
    sheet = typed_sheet(request.POST)
    if "add" in request.POST:
        before = sheet.persons[-1].values["nationality"]
        sheet.persons.append(new_person(len(sheet.persons), before or usual_nationality()))
        return show(request, sheet, focus=len(sheet.persons) - 1)
    if request.POST.get("remove", "").isdecimal():
        return show(request, without_person(sheet, int(request.POST["remove"][:3])))
    return save(request, sheet)


@page("registry.household.register")
@require_POST
def alike(request: HttpRequest) -> HttpResponse:
    """Who may be one person of the sheet, as far as it is typed: asked for while it is. Judges and saves nothing."""
    sheet = typed_sheet(request.POST)
    registration, _not_readable_yet = read_sheet(
        sheet, office_id=request.actor.office_id, on=timezone.localdate(), recipients={}
    )
    typed = tuple(replace(person, sex=person.sex or "U") for person in registration.persons)
    candidates = [
        candidate
        for candidate in find_candidates_of(request.actor, typed)
        if str(candidate.place) == request.POST.get("alike")
    ]
    return render(request, "registry/alike.html", {"candidates": lines_of(candidates)})


def usual_nationality() -> str:
    return next(iter(frequent_nationalities()), "")


def save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    offers = list_offers(actor.organisation_id) if sheet.consents else []
    recipients = {offer.key: (offer.purpose, offer.receiver_id) for offer in offers}
    registration, wrong = read_sheet(
        sheet,
        office_id=actor.office_id,
        on=today,
        recipients=recipients,
    )
    warnings = registration_warnings(registration, today, rulebook.current().codes)

    ask = ask_once(registration, request.POST.get("seen", ""), warnings)

    def confirm(candidates: tuple[Candidate, ...]) -> None:
        if wrong:
            raise Problems(wrong)
        ask(candidates)

    try:
        done = register_household(
            by=actor, registration=registration, submission_id=read_submission_id(sheet), confirm=confirm
        )
    except LookAgain as look:
        sheet.warn(warnings)
        return show(request, sheet, candidates=look.candidates, seen=look.seen)
    except Problem as refusal:
        # What could not be read stands beside what the rules refuse; where nothing else was wrong, `confirm` raised it.
        beside = [*wrong, *(one for one in refusal.each() if one not in wrong)]
        status = sheet.show(Problems(beside) if wrong else refusal)
        sheet.warn(warnings)
        return show(request, sheet, status=status)
    return render(
        request,
        "registry/registered.html",
        {
            "household": done.household,
            "persons": done.persons,
            "missing": missing_of_registration(registration),
            "entry": done.entry,
            "receipt": done.receipt,
        },
    )


def missing_of_registration(registration: Registration) -> list[Rule]:
    """What the family was not asked yet: told with the number, so that it is asked while the family is here."""
    reached = registration.phone or any(person.phone for person in registration.persons)
    broken = {"address": not registration.residence_place, "telephone": not reached}
    return [rule for rule in RULES if broken.get(rule.code)]


def read_submission_id(sheet: Sheet) -> UUID:
    """The id that the page was made with; a page without a readable one gets a new one, and is then not safe to resend."""
    try:
        return UUID(sheet.values["submission_id"])
    except ValueError:
        fresh = new_id()
        sheet.values["submission_id"] = str(fresh)
        return fresh


def show(
    request: HttpRequest,
    sheet: Sheet,
    *,
    status: int = 200,
    candidates: tuple[Candidate, ...] = (),
    seen: str = "",
    focus: int | None = None,
) -> HttpResponse:
    """The sheet as it stands. With candidates or warnings the button asks for a second look."""
    return render(
        request,
        "registry/household_register.html",
        {
            "sheet": sheet,
            "choices": sheet_choices(get_language() or "en", timezone.localdate()),
            "origins": origin_choices(get_language() or "en", timezone.localdate()),
            "offers": list_offers(request.actor.organisation_id),
            "candidates": lines_of(candidates),
            "seen": seen,
            "focus": focus,
        },
        status=status,
    )
