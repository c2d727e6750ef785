"""The page of a household: who they are, where they stand, what can be done, and what was done."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.registry import queries
from panoh.registry.choices import spoken_code
from panoh.registry.events import HOUSEHOLD_EVENTS
from panoh.registry.handed_over import receipt_of
from panoh.registry.models import Household, Person, Residence, StatusChange
from panoh.registry.panels import list_panels
from panoh.registry.path import household_path
from panoh.registry.queries.incomplete import RULES, Rule, without_address

LATEST = 20


@page("registry.household.read")
@require_GET
def household(request: HttpRequest, number: str) -> HttpResponse:
    return show(request, number, "registry/household.html")


@page("registry.household.read")
@require_GET
def household_print(request: HttpRequest, number: str) -> HttpResponse:
    """The file on paper: the same, laid out for printing."""
    return show(request, number, "registry/household_print.html")


def show(request: HttpRequest, number: str, template: str) -> HttpResponse:
    actor = request.actor
    file = queries.obtain_household(actor, number, route=request.path)
    members = queries.list_members(file)
    needs = queries.list_needs(actor, members)
    entered = (
        StatusChange.objects.filter(person__in=members).exclude(to_group="").values_list("to_group", "effective_on")
    )
    residences = queries.list_residences(actor, file)
    closures = rulebook.current().codes["closure_reasons"]
    history = queries.household_history(actor, file)
    return render(
        request,
        template,
        {
            "household": file,
            "members": [
                {"person": person, "names": list(person.names.all()), "needs": needs[person.pk]} for person in members
            ],
            "path": household_path(
                arrived_on=file.arrived_on,
                registered_on=file.registered_on,
                entered=entered,
                closed_on=file.closed_on,
                closed_as=closures.title(file.closure_reason, request.LANGUAGE_CODE) if file.closure_reason else "",
            ),
            "residences": residences,
            "missing": missing_of(actor, file, members, residences),
            "reads_contact": actor.reads("contact"),
            "reads_residence": actor.reads("residence"),
            "consents": [(consent, spoken_code(consent.language)) for consent in queries.list_consents(file)],
            "history": history[:LATEST],
            "receipt": receipt_of(request.GET.get("done", ""), history, file.number),
            "opens_entries": decide(actor, "ledger.entry.read").allowed,
            "events": [
                event for event in HOUSEHOLD_EVENTS if event.offered(file) and decide(actor, event.verb, file).allowed
            ],
            "panels": list_panels(actor, file),
        },
    )


def missing_of(actor: Actor, file: Household, members: list[Person], residences: list[Residence]) -> list[Rule]:
    """What an open file still lacks, told to who may complete it."""
    if file.status != "open" or not decide(actor, "registry.residence.change", file).allowed:
        return []
    if actor.reads("residence"):
        lives_somewhere = any(residence.valid_to is None for residence in residences)
    else:
        lives_somewhere = file.pk not in without_address([file.pk])
    reached = file.phone or any(member.phone for member in members if member.status == "open")
    broken = {"address": not lives_somewhere, "telephone": actor.reads("contact") and not reached}
    return [rule for rule in RULES if broken.get(rule.code)]
