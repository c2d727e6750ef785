"""The cases that an actor may open for a household: which procedures begin for her, in the order of the rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from panoh import rulebook
from panoh.access.actor import Actor
from panoh.access.policy import decide
from panoh.procedures.models import Case
from panoh.registry.models import Household
from panoh.rulebook.model import NoRuleInForce, Procedure, Track


@dataclass(frozen=True, slots=True)
class Opening:
    """One procedure on one track that can begin, with the act it begins with."""

    procedure: Procedure
    track: Track
    label: str
    url: str


def list_openings(actor: Actor, household: Household, cases: Sequence[Case]) -> list[Opening]:
    """The tracks of her kind of organisation that are not open yet for this household, where her role opens them."""
    if household.status != "open":
        return []
    book, today = rulebook.current(), timezone.localdate()
    open_now = {(case.procedure, case.track) for case in cases if case.closed_on is None}
    found = []
    for code in book.procedures:
        try:
            definition = book.procedure(code, today)
        except NoRuleInForce:
            continue
        for track in definition.tracks.values():
            taken = (code, track.code) in open_now and not definition.several_at_once
            if taken or track.organisation_kind != actor.organisation_kind:
                continue
            if decide(actor, definition.verb(track.opens_with), household).allowed:
                label = book.text(definition.actions[track.opens_with].titles, actor.language)
                url = reverse("case_open", args=[household.number, code, track.code])
                found.append(Opening(definition, track, label, url))
    return sorted(found, key=lambda one: (one.procedure.order, one.procedure.code, one.track.code))
