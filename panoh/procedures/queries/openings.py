"""The cases that an actor may open for a household: which procedures begin for her, in the order of the rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    open_now = {(case.procedure, case.track) for case in cases if case.closed_on is None}
    found = []
    for definition, track in _tracks(actor):
        taken = (definition.code, track.code) in open_now and not definition.several_at_once
        if taken or definition.subject_of(track.code) == "none":
            continue
        if decide(actor, definition.verb(track.opens_with), household).allowed:
            url = reverse("case_open", args=[household.number, definition.code, track.code])
            found.append(Opening(definition, track, _label(actor, definition, track), url))
    return found


def list_openings_without_file(actor: Actor) -> list[Opening]:
    """What her role may take in about nobody's file: a complaint that came without a name."""
    return [
        Opening(
            definition,
            track,
            _label(actor, definition, track),
            reverse("case_open_without_file", args=[definition.code, track.code]),
        )
        for definition, track in _tracks(actor)
        if definition.subject_of(track.code) == "none" and decide(actor, definition.verb(track.opens_with)).allowed
    ]


def _tracks(actor: Actor) -> Iterator[tuple[Procedure, Track]]:
    """The tracks of her kind of organisation in force today, in the order of the rulebook."""
    book, today = rulebook.current(), timezone.localdate()
    found = []
    for code in book.procedures:
        try:
            definition = book.procedure(code, today)
        except NoRuleInForce:
            continue
        found += [
            (definition, track)
            for track in definition.tracks.values()
            if track.organisation_kind == actor.organisation_kind
        ]
    yield from sorted(found, key=lambda pair: (pair[0].order, pair[0].code, pair[1].code))


def _label(actor: Actor, definition: Procedure, track: Track) -> str:
    return rulebook.current().text(definition.actions[track.opens_with].titles, actor.language)
