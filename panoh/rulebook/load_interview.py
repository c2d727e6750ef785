"""Reads `interviews:` of a procedure, and holds it against the acts that it names."""

from __future__ import annotations

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.interview import FILLS, URGENCIES, Answered, AnswerOf, InterviewRule
from panoh.rulebook.load_action import Scope
from panoh.rulebook.procedure import Action
from panoh.rulebook.yaml_source import Item


def read_interviews(root: Item, scope: Scope, actions: FrozenMap[str, Action]) -> FrozenMap[str, InterviewRule]:
    return FrozenMap({item.name: _read(item, scope, actions) for item in root.entries("interviews")})


def _read(item: Item, scope: Scope, actions: FrozenMap[str, Action]) -> InterviewRule:
    item.only(
        "titles", "takes_from_states", "tracks", "appoints", "fills", "sexes", "calls_off", "held", "missed", "country", "urgency",
        "urgencies", "legal_basis",
    )  # fmt: skip
    from_states = scope.names("state", item, "takes_from_states")
    if not from_states:
        item.fault(f"no case waits for {item.name!r}", "add `takes_from_states: [state, …]`")
    legal_basis = scope.uses("provision", item, "legal_basis")
    if not legal_basis:
        item.fault(f"the interviews {item.name!r} have no legal basis", "add `legal_basis: [provision, …]`")
    appoints = _act(item, scope, "appoints")
    action = actions.get(appoints)
    if action and not set(from_states) <= set(action.from_states):
        item.fault(f"{item.name!r} takes cases from states from which {appoints!r} cannot be done")
    if action and action.by_sitting:
        item.fault(f"only a sitting can do {appoints!r}, so no plan can")
    urgency = _answer_of(item, scope, "urgency")
    return InterviewRule(
        code=item.name,
        titles=item.titles(),
        takes_from_states=from_states,
        tracks=scope.tracks_of(item),
        appoints=appoints,
        fills=_fills(item, scope, appoints),
        sexes=_sexes(item),
        calls_off=_act(item, scope, "calls_off"),
        held=_answered(item, scope, "held"),
        missed=_answered(item, scope, "missed"),
        country=_answer_of(item, scope, "country"),
        urgency=urgency,
        urgencies=_urgencies(item) if urgency else EMPTY,
        legal_basis=legal_basis,
    )


def _act(item: Item, scope: Scope, key: str) -> str:
    found = scope.one("action", item, key)
    if found is None:
        item.fault(f"the interviews {item.name!r} do not say which act {key.replace('_', ' ')}", f"add `{key}: action`")
    return found or ""


def _fills(item: Item, scope: Scope, appoints: str) -> FrozenMap[str, str]:
    fields, found = scope.fields.get(appoints, {}), {}
    for entry in item.entries("fills"):
        if entry.name not in FILLS:
            entry.fault(f"a plan has no {entry.name!r}", did_you_mean(entry.name, FILLS))
        elif entry.raw not in fields:
            entry.fault(f"the action {appoints!r} has no field {entry.raw!r}", did_you_mean(entry.raw, fields))
        elif fields[entry.raw] != FILLS[entry.name]:
            entry.fault(f"{entry.raw!r} takes a {fields[entry.raw]}, not a {FILLS[entry.name]}")
        found[entry.name] = entry.raw
    if "day" not in found:
        item.fault(f"the plan of {item.name!r} tells nobody her day", "add `fills: {day: field}`")
    return FrozenMap(found)


def _sexes(item: Item) -> FrozenMap[str, str]:
    """Which answer stands for a woman, a man, and no wish."""
    found = {entry.name: entry.raw for entry in item.entries("sexes")}
    asked = any(entry.name == "sex" for entry in item.entries("fills"))
    if asked and found.keys() != {"F", "M", "none"}:
        item.fault("the plan cannot answer which sex was asked for", "add `sexes: {F: …, M: …, none: …}`")
    return FrozenMap(found)


def _answered(parent: Item, scope: Scope, key: str) -> Answered:
    item = parent.find(key)
    if item is None:
        parent.fault(f"the interviews {parent.name!r} do not say when one was {key}", f"add `{key}: {{action: …}}`")
        return Answered(action="")
    item.only("action", "answers")
    action = _act(item, scope, "action")
    answers = {}
    for entry in item.entries("answers"):
        _check_field(entry, entry.name, action, scope)
        answers[entry.name] = entry.raw
    return Answered(action=action, answers=FrozenMap(answers))


def _answer_of(parent: Item, scope: Scope, key: str) -> AnswerOf | None:
    item = parent.find(key)
    if item is None:
        return None
    item.only("action", "field")
    action, name = _act(item, scope, "action"), item.text("field")
    _check_field(item, name, action, scope)
    return AnswerOf(action=action, field=name)


def _check_field(item: Item, name: str, action: str, scope: Scope) -> None:
    if action in scope.fields and name not in scope.fields[action]:
        item.fault(f"the action {action!r} has no field {name!r}", did_you_mean(name, scope.fields[action]))


def _urgencies(item: Item) -> FrozenMap[str, str]:
    found = {}
    for entry in item.entries("urgencies", required=True):
        if entry.raw not in URGENCIES:
            entry.fault(f"unknown urgency {entry.raw!r}", did_you_mean(entry.raw, URGENCIES))
        found[entry.name] = entry.raw
    return FrozenMap(found)
