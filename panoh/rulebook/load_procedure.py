"""Reads `procedures/*.yaml`: one version of one procedure a file.

A file may bring the acts, provisions and values that nobody else needs, under `law:`, so that a procedure can be one file.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from panoh.rulebook.check_procedure import check_procedure
from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import Titles
from panoh.rulebook.load_action import Scope, read_action, read_condition, with_ways_back
from panoh.rulebook.load_interview import read_interviews
from panoh.rulebook.load_letter import check_letters, read_letters
from panoh.rulebook.load_score import read_scores
from panoh.rulebook.load_sheet import read_sheet
from panoh.rulebook.procedure import (
    Action,
    ClockRule,
    Evidence,
    Procedure,
    ProcedureStatistics,
    Recording,
    Safeguard,
    SeatRule,
    SittingRule,
    State,
    Track,
)
from panoh.rulebook.references import References
from panoh.rulebook.vocabulary import (
    COUNTED_AS,
    EVIDENCE_KINDS,
    MAJORITIES,
    ORGANISATION_KINDS,
    PATH_STAGES,
    SEATS,
    STATE_KINDS,
    SUBJECTS,
)
from panoh.rulebook.yaml_source import Item


def read_procedure(root: Item, references: References) -> Procedure:
    """One version of a procedure, its parts checked against each other."""
    root.only(
        "procedure", "version", "in_force", "titles", "subject", "number_prefix", "legal_basis", "tracks", "states", "actions", "clocks",
        "safeguards", "sittings", "outcomes", "outcome_field", "grounds_field", "statistics", "recording",
        "letters", "scores", "law", "order", "several_at_once", "confined", "interviews", "transitions", "include",
    )  # fmt: skip
    code = root.text("procedure")
    outcomes: FrozenMap[str, Titles] = FrozenMap({item.name: _read_titles(item) for item in root.entries("outcomes")})
    scope = Scope(
        references=references,
        procedure=code,
        tracks=tuple(item.name for item in root.entries("tracks", required=True)),
        states=[item.name for item in root.entries("states", required=True)],
        actions=[item.name for item in root.entries("actions", required=True)],
        clocks=[item.name for item in root.entries("clocks")],
        sittings=[item.name for item in root.entries("sittings")],
        outcomes=outcomes,
        outcome_field=root.text("outcome_field", required=False),
        letters=[item.name for item in root.entries("letters")],
        scores=[item.name for item in root.entries("scores")],
    )
    in_force = root.find("in_force")
    if in_force is None:
        root.fault("the procedure does not say from when it is in force", "add `in_force: {from: 2002-05-10}`")
    legal_basis = scope.uses("provision", root, "legal_basis")
    if not legal_basis:
        root.fault("the procedure has no legal basis", "add `legal_basis: [provision, …]`")
    recording = _read_recording(root, scope)
    scope.recorded_within = recording.within
    actions = with_ways_back(FrozenMap({item.name: read_action(item, scope) for item in root.entries("actions")}))
    procedure = Procedure(
        code=code,
        version=root.whole("version"),
        in_force_from=(in_force.day("from") if in_force else None) or date.min,
        in_force_to=in_force.day("to", required=False) if in_force else None,
        titles=root.titles(),
        subject=cast(Any, root.one_of("subject", SUBJECTS)),
        number_prefix=root.text("number_prefix"),
        tracks=FrozenMap({item.name: _read_track(item, scope) for item in root.entries("tracks")}),
        states=FrozenMap({item.name: _read_state(item, scope) for item in root.entries("states")}),
        actions=actions,
        clocks=FrozenMap({item.name: _read_clock(item, scope) for item in root.entries("clocks")}),
        safeguards=FrozenMap({item.name: _read_safeguard(item, scope) for item in root.entries("safeguards")}),
        sittings=FrozenMap({item.name: _read_sitting(item, scope, actions) for item in root.entries("sittings")}),
        outcomes=outcomes,
        outcome_field=scope.outcome_field or None,
        grounds_field=root.text("grounds_field", required=False) or None,
        statistics=_read_statistics(root.find("statistics"), scope),
        recording=recording,
        legal_basis=legal_basis,
        letters=read_letters(root, scope),
        scores=read_scores(root, scope, actions),
        interviews=read_interviews(root, scope, actions),
        order=root.whole("order", default=100),
        several_at_once=root.yes("several_at_once"),
        confined=root.yes("confined"),
        defined_at=root.where,
    )
    check_procedure(procedure, root)
    check_letters(procedure.letters, procedure.actions, root)
    return procedure


def _read_recording(root: Item, scope: Scope) -> Recording:
    """Without it every day could be written into a form; so it must be there."""
    item = root.find("recording")
    if item is None:
        root.fault(
            "the procedure does not say how late an act may be recorded",
            "add `recording: {within: value, confirmed_by: [role, …]}`",
        )
        return Recording(within="", confirmed_by=())
    item.only("within", "confirmed_by")
    within = item.find("within")
    if within is None:
        item.fault("'recording' names no length of time", "add `within: value`, a dated value with its source")
    confirmed_by = scope.uses("role", item, "confirmed_by")
    if not confirmed_by:
        item.fault("nobody may allow a later entry", "add `confirmed_by: [role, …]`")
    return Recording(within=scope.use("length", within) if within else "", confirmed_by=confirmed_by)


def _read_titles(item: Item) -> Titles:
    item.only("titles")
    return item.titles()


def _read_track(item: Item, scope: Scope) -> Track:
    item.only("titles", "organisation_kind", "opens_with", "subject")
    opens_with = scope.one("action", item, "opens_with")
    if opens_with is None:
        item.fault(f"the track {item.name!r} does not say how a case is opened", "add `opens_with: action`")
    return Track(
        code=item.name,
        titles=item.titles(),
        organisation_kind=item.one_of("organisation_kind", ORGANISATION_KINDS),
        opens_with=opens_with or "",
        subject=cast(Any, item.one_of("subject", SUBJECTS)) if item.find("subject") else None,
    )


def _read_state(item: Item, scope: Scope) -> State:
    item.only("titles", "kind", "path_stage", "tracks")
    return State(
        code=item.name,
        titles=item.titles(),
        kind=cast(Any, item.one_of("kind", STATE_KINDS)),
        path_stage=item.one_of("path_stage", PATH_STAGES),
        tracks=scope.tracks_of(item),
    )


def _read_clock(item: Item, scope: Scope) -> ClockRule:
    item.only(
        "titles", "starts_on", "starts_when", "stops_on", "renewed_by", "limit", "pauses_on", "resumes_on", "paused_by_barriers", "extended_by",
        "extension", "applies_to_states", "tracks", "bound", "on_breach", "legal_basis",
    )  # fmt: skip
    starts_on = scope.names("action", item, "starts_on")
    stops_on = scope.names("action", item, "stops_on")
    if not starts_on:
        item.fault(f"the clock {item.name!r} never starts", "add `starts_on: [action]`")
    if not stops_on:
        item.fault(f"the clock {item.name!r} never stops", "add `stops_on: [action]`")
    if both := sorted(set(starts_on) & set(stops_on)):
        item.fault(
            f"cyclic clock: {', '.join(both)} starts and stops {item.name!r}",
            "an act can do one of the two; one that ends a wait and begins the next is `renewed_by`",
        )
    renewed_by = scope.names("action", item, "renewed_by")
    limit = item.find("limit")
    if limit is None:
        item.fault(f"the clock {item.name!r} has no limit", "add `limit: value`")
    when = item.find("starts_when")
    fields: dict[str, str] = {}
    for action in (*starts_on, *renewed_by):
        fields |= scope.fields.get(action, {})
    extension = item.find("extension")
    if (extension is None) != (item.find("extended_by") is None):
        item.fault(f"an extension of {item.name!r} needs an act and a length", "add both `extended_by` and `extension`")
    return ClockRule(
        code=item.name,
        titles=item.titles(),
        starts_on=(*starts_on, *renewed_by),
        starts_when=read_condition(when, fields, "field of the actions that start the clock") if when else None,
        stops_on=(*stops_on, *renewed_by),
        limit=scope.use("length", limit) if limit else "",
        pauses_on=scope.names("action", item, "pauses_on"),
        resumes_on=scope.names("action", item, "resumes_on"),
        paused_by_barriers=scope.uses("barrier_kind", item, "paused_by_barriers"),
        extended_by=scope.one("action", item, "extended_by"),
        extension=scope.use("length", extension) if extension else None,
        applies_to_states=scope.names("state", item, "applies_to_states"),
        tracks=scope.tracks_of(item),
        bound=cast(Any, item.one_of("bound", ("authority", "applicant"), default="authority")),
        on_breach=cast(Any, item.one_of("on_breach", ("flag", "lapse"), default="flag")),
        legal_basis=scope.uses("provision", item, "legal_basis"),
    )


def _read_safeguard(item: Item, scope: Scope) -> Safeguard:
    item.only("titles", "evidence", "standards", "tracks", "due_with", "due_within", "asked_when")
    evidence = tuple(_read_evidence(entry, scope) for entry in item.items("evidence"))
    if not evidence:
        item.fault(f"the safeguard {item.name!r} has no evidence", "add `evidence:`; `- {kind: answer}` asks a monitor")
    standards = scope.uses("provision", item, "standards")
    if not standards:
        item.fault(f"the safeguard {item.name!r} names no standard", "add `standards: [provision, …]`")
    when, within = item.find("asked_when"), item.find("due_within")
    due_with = scope.names("action", item, "due_with")
    if within is not None and not due_with:
        within.fault("a length of time needs an act from which it is counted", "add `due_with: [action]`")
    fields: dict[str, str] = {}
    for action in scope.fields.values():
        fields |= action
    return Safeguard(
        code=item.name,
        titles=item.titles(),
        evidence=evidence,
        standards=standards,
        tracks=scope.tracks_of(item),
        due_with=due_with,
        due_within=scope.use("length", within) if within else None,
        asked_when=read_condition(when, fields, "field of any action") if when else None,
    )


def _read_evidence(item: Item, scope: Scope) -> Evidence:
    item.only("kind", "action", "before", "field", "kept", "broken", "clock", "sitting", "seat", "paper_kind")
    kind = item.one_of("kind", EVIDENCE_KINDS)
    needs = {
        "step": ("action",),
        "field": ("action", "field"),
        "clock": ("clock",),
        "sitting": ("sitting", "seat"),
        "paper": ("paper_kind",),
    }
    for key in needs.get(kind, ()):
        if item.find(key) is None:
            item.fault(f"evidence of kind {kind!r} needs {key!r}", f"add `{key}: …`")
    action, name, paper = scope.one("action", item, "action"), item.find("field"), item.find("paper_kind")
    if name and action in scope.fields and name.raw not in scope.fields[action]:
        name.fault(f"the action {action!r} has no field {name.raw!r}", did_you_mean(name.raw, scope.fields[action]))
    kept, broken = frozenset(item.texts("kept")), frozenset(item.texts("broken"))
    if kind == "field" and not (kept or broken):
        item.fault("evidence in a field needs the values that mean kept or broken", "add `kept: […]` or `broken: […]`")
    return Evidence(
        kind=cast(Any, kind),
        action=action,
        before=scope.one("action", item, "before"),
        field=name.raw if name else None,
        kept=kept,
        broken=broken,
        clock=scope.one("clock", item, "clock"),
        sitting=scope.one("sitting", item, "sitting"),
        seat=item.text("seat", required=False) or None,
        paper_kind=scope.use("paper_kind", paper) if paper else None,
    )


def _read_sitting(item: Item, scope: Scope, actions: FrozenMap[str, Action]) -> SittingRule:
    item.only(
        "titles", "seats", "quorum", "majority", "tie", "chair_required", "decides", "takes_from_states", "tracks", "legal_basis",
        "agenda_limit", "votes_shown", "scores",
    )  # fmt: skip
    quorum, limit = item.find("quorum"), item.find("agenda_limit")
    if quorum is None:
        item.fault(f"the sitting {item.name!r} has no quorum", "add `quorum: value`")
    legal_basis = scope.uses("provision", item, "legal_basis")
    if not legal_basis:
        item.fault(f"the sitting {item.name!r} has no legal basis", "add `legal_basis: [provision, …]`")
    seats = tuple(_read_seat(seat, scope) for seat in item.entries("seats", required=True))
    if sum(seat.seat == "chair" for seat in seats) != 1:
        item.fault(f"the sitting {item.name!r} must have exactly one chair", "give one seat `seat: chair`")
    decides = scope.names("action", item, "decides")
    return SittingRule(
        code=item.name,
        titles=item.titles(),
        seats=seats,
        quorum=scope.use("number", quorum) if quorum else "",
        majority=cast(Any, item.one_of("majority", MAJORITIES)),
        tie=cast(Any, item.one_of("tie", ("chair", "falls"))),
        chair_required=item.yes("chair_required"),
        decides=decides,
        takes_from_states=scope.names("state", item, "takes_from_states"),
        tracks=scope.tracks_of(item),
        legal_basis=legal_basis,
        scores=read_sheet(item, decides, scope, actions),
        agenda_limit=scope.use("number", limit) if limit else None,
        votes_shown=cast(Any, item.one_of("votes_shown", ("at_once", "once_counted"), default="once_counted")),
    )


def _read_seat(item: Item, scope: Scope) -> SeatRule:
    item.only("titles", "seat", "role")
    role = item.find("role")
    if role is None:
        item.fault(f"the seat {item.name!r} does not say in which role its member comes", "add `role: …`")
    return SeatRule(
        code=item.name,
        titles=item.titles(),
        seat=cast(Any, item.one_of("seat", SEATS)),
        role=scope.use("role", role) if role else "",
    )


def _read_statistics(item: Item | None, scope: Scope) -> ProcedureStatistics | None:
    if item is None:
        return None
    item.only("procedure_type", "counted_as", "applied_with", "told_by")
    for entry in item.entries("procedure_type"):
        if entry.name not in scope.tracks:
            entry.fault(f"unknown track {entry.name!r}", did_you_mean(entry.name, scope.tracks))
    for entry in item.entries("counted_as"):
        if entry.name not in scope.outcomes:
            entry.fault(f"unknown outcome {entry.name!r}", did_you_mean(entry.name, scope.outcomes))
        if entry.raw not in COUNTED_AS:
            entry.fault(f"an outcome cannot be counted as {entry.raw!r}", did_you_mean(entry.raw, COUNTED_AS))
    return ProcedureStatistics(
        procedure_type=FrozenMap({entry.name: entry.raw for entry in item.entries("procedure_type")}),
        counted_as=FrozenMap({entry.name: entry.raw for entry in item.entries("counted_as")}),
        applied_with=scope.names("action", item, "applied_with"),
        told_by=item.texts("told_by"),
    )
