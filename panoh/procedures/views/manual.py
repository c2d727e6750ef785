"""The manual of a procedure, made from its definition: states, acts, clocks, who, and a drawing of the way."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from panoh import rulebook
from panoh.access.pages import page
from panoh.access.policy import decide
from panoh.kernel.problems import Problem
from panoh.procedures.drawing import draw_procedure
from panoh.procedures.queries.agenda import agenda_limit
from panoh.procedures.queries.cases import visible_to
from panoh.procedures.queries.comparison import compare_rulebooks
from panoh.procedures.queries.moves import preview_draft
from panoh.rulebook import RulebookError
from panoh.rulebook.law import Amount
from panoh.rulebook.model import NoRuleInForce, Procedure, Rulebook, SittingRule
from panoh.rulebook.reasoning import length_in_words


@page("procedures.manual.read")
@require_GET
def manuals(request: HttpRequest) -> HttpResponse:
    versions = sorted(
        (found[-1] for found in rulebook.current().procedures.values()), key=lambda one: (one.order, one.code)
    )
    may_compare = decide(request.actor, "procedures.draft.compare").allowed
    may_see_moves = decide(request.actor, "procedures.move.read").allowed
    context = {"procedures": versions, "may_compare": may_compare, "may_see_moves": may_see_moves}
    return render(request, "procedures/manuals.html", context)


@page("procedures.manual.read")
@require_GET
def manual(request: HttpRequest, code: str) -> HttpResponse:
    """The version asked for, or the one in force today; the same data that the engine runs by, so it cannot be out of date."""
    book = rulebook.current()
    if code not in book.procedures:
        raise Problem("procedures.case.unknown_procedure")
    definition = _version(book, code, request.GET.get("version", ""))
    language = request.actor.language
    wanted = request.GET.get("track", "")
    track = definition.tracks.get(wanted) or next(iter(definition.tracks.values()))
    return render(
        request,
        "procedures/manual.html",
        {
            "definition": definition,
            "versions": book.procedures[code],
            "track": track,
            "drawing": draw_procedure(definition, track.code, language),
            "states": [
                {
                    "state": state,
                    "actions": [
                        {
                            "action": action,
                            "ends": [definition.states[end] for end in action.end_states()],
                            "recorded": _limit(action.recorded_within, language)
                            if action.recorded_within != definition.recording.within
                            else None,
                        }
                        for action in definition.actions_from(state.code, track.code)
                    ],
                }
                for state in definition.states.values()
                if track.code in state.tracks
            ],
            "clocks": [
                {"clock": clock, **_limit(clock.limit, language), "starts": [definition.actions[a] for a in clock.starts_on],
                 "stops": [definition.actions[a] for a in clock.stops_on]}
                for clock in definition.clocks_of(track.code)
            ],
            "recording": _limit(definition.recording.within, language),
            "safeguards": [
                {"safeguard": one, "within": _limit(one.due_within, language) if one.due_within else None}
                for one in definition.safeguards.values()
                if track.code in one.tracks
            ],
            "sittings": [
                {"rule": rule, **_number(rule.quorum), "most": _most(rule)} for rule in definition.sittings.values() if track.code in rule.tracks
            ],
            "interviews": [
                {"rule": rule, "calls": definition.actions[rule.appoints], "calls_off": definition.actions[rule.calls_off]}
                for rule in definition.interviews.values() if track.code in rule.tracks
            ],
        },
    )  # fmt: skip


def _version(book: Rulebook, code: str, wanted: str) -> Procedure:
    """The version of that number, else the one in force today, else the newest."""
    for version in book.procedures[code]:
        if str(version.version) == wanted:
            return version
    try:
        return book.procedure(code, timezone.localdate())
    except NoRuleInForce:
        return book.procedures[code][-1]


LISTED = 100
"""How many moved days the page of a draft lists; the counts above them are of all."""


@page("procedures.draft.compare")
@require_GET
def draft(request: HttpRequest) -> HttpResponse:
    """What the drafted rulebook of this installation would do to the open cases of the reader's organisation."""
    shown: dict[str, object] = {"folder": settings.PANOH_RULEBOOK_DRAFT}
    if settings.PANOH_RULEBOOK_DRAFT:
        try:
            drafted = rulebook.load(Path(settings.PANOH_RULEBOOK_DRAFT))
        except RulebookError as error:
            shown["faults"] = error.faults
        else:
            own = visible_to(request.actor).filter(organisation_id=request.actor.organisation_id)
            found = compare_rulebooks(own, drafted)
            counts = [
                {
                    "procedure": procedure,
                    "clock": procedure.clocks[clock],
                    "later": later,
                    "earlier": earlier,
                    "other": other,
                }
                for procedure, clock, later, earlier, other in found.counts
            ]
            moves = [{"preview": one} for one in preview_draft(own, drafted, timezone.localdate())]
            shown |= {"found": found, "counts": counts, "moved": found.moved[:LISTED], "moves": moves}
    return render(request, "procedures/draft.html", shown)


def _limit(value_id: str, language: str) -> dict[str, object]:
    try:
        value = rulebook.current().value(value_id, timezone.localdate())
    except NoRuleInForce:
        return {"length": "", "unverified": False, "provision": ""}
    amount = value.value
    length = length_in_words(amount.amount, amount.unit, language) if isinstance(amount, Amount) else str(amount)
    return {"length": length, "unverified": value.confidence != "verified", "provision": value.provision}


def _most(rule: SittingRule) -> int | None:
    try:
        return agenda_limit(rule, timezone.localdate(), rulebook.current())
    except NoRuleInForce:
        return None


def _number(value_id: str) -> dict[str, object]:
    try:
        value = rulebook.current().value(value_id, timezone.localdate())
    except NoRuleInForce:
        return {"quorum": None, "unverified": False}
    return {"quorum": value.number, "unverified": value.confidence != "verified"}
