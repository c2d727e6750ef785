"""Reads the scores of a procedure: which answers count how much, and what the result means."""

from __future__ import annotations

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import EMPTY, FrozenMap
from panoh.rulebook.load_action import Scope
from panoh.rulebook.load_law import read_source
from panoh.rulebook.procedure import Action, Field
from panoh.rulebook.score import Band, Score, ScorePart
from panoh.rulebook.yaml_source import Item

FULL = 100


def read_scores(root: Item, scope: Scope, actions: FrozenMap[str, Action]) -> FrozenMap[str, Score]:
    return FrozenMap({item.name: _read_score(item, scope, actions) for item in root.entries("scores")})


def _read_score(item: Item, scope: Scope, actions: FrozenMap[str, Action]) -> Score:
    item.only("titles", "of", "formula", "source", "confidence", "most_missing", "parts", "bands")
    action = scope.one("action", item, "of")
    if action is None:
        item.fault(f"the score {item.name!r} does not say whose answers it is of", "add `of: action`")
    source, confidence = read_source(item)
    fields = {one.name: one for one in actions[action].form} if action and action in actions else {}
    parts = [_read_part(entry, fields) for entry in item.entries("parts", required=True)]
    bands = tuple(_read_band(entry) for entry in item.items("bands"))
    limits = [band.below for band in bands[:-1]]
    if not bands or bands[-1].below is not None or None in limits or limits != sorted(limits, key=lambda one: one or 0):
        item.fault("the bands must rise and leave nothing out", "give all but the last one a `below:`, lowest first")
    return Score(
        code=item.name,
        titles=item.titles(),
        action=action or "",
        formula=item.text("formula"),
        source=source,
        confidence=confidence,
        parts=FrozenMap({part.code: part for part in parts}),
        bands=bands,
        most_missing=item.whole("most_missing"),
    )


def _read_part(item: Item, fields: dict[str, Field]) -> ScorePart:
    item.only("titles", "weight", "questions")
    weight = item.whole("weight", default=1)
    if weight <= 0:
        item.fault("a part weighs more than nothing", "give it `weight: 1`, or leave it out")
    questions = {entry.name: _read_points(entry, fields) for entry in item.entries("questions", required=True)}
    return ScorePart(code=item.name, titles=item.titles(), weight=weight, questions=FrozenMap(questions))


def _read_points(item: Item, fields: dict[str, Field]) -> FrozenMap[str, int]:
    found = fields.get(item.name)
    if found is None:
        item.fault(f"the act asks for no {item.name!r}", did_you_mean(item.name, fields))
        return EMPTY
    if found.kind == "number":
        if item.raw != "share" or not found.at_most:
            item.fault(
                "a number counts as a share of its greatest value", "write `share`, and give the field `at_most`"
            )
        return EMPTY
    if found.kind not in ("code", "bool"):
        item.fault(f"an answer of kind {found.kind!r} has no points", "use a field of kind code, bool or number")
        return EMPTY
    possible = set(found.choices) if found.kind == "code" else {"true", "false"}
    points: dict[str, int] = {}
    for entry in item.children().values():
        if possible and entry.name not in possible:
            entry.fault(f"{item.name!r} is never {entry.name!r}", did_you_mean(entry.name, possible))
        points[entry.name] = _whole(entry)
    if not points:
        item.fault(f"no answer to {item.name!r} has points", "give points from 0 to 100 by answer")
    return FrozenMap(points)


def _whole(entry: Item) -> int:
    if not entry.raw.isdigit() or int(entry.raw) > FULL:
        entry.fault(f"points run from 0 to {FULL}, here: {entry.raw!r}")
        return 0
    return int(entry.raw)


def _read_band(item: Item) -> Band:
    item.only("below", "titles")
    return Band(below=item.whole("below") if item.find("below") else None, titles=item.titles())
