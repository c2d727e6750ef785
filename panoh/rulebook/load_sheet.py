"""Reads the score sheet of a sitting: its criteria, and which answer of which act the ranking gives."""

from __future__ import annotations

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.load_action import Scope
from panoh.rulebook.load_law import read_source
from panoh.rulebook.procedure import Action, Field
from panoh.rulebook.sheet import Criterion, ScoreSheet
from panoh.rulebook.yaml_source import Item

FULL = 100


def read_sheet(
    sitting: Item, decides: tuple[str, ...], scope: Scope, actions: FrozenMap[str, Action]
) -> ScoreSheet | None:
    """The sheet of a sitting that scores, or None of one that votes alone."""
    item = sitting.find("scores")
    if item is None:
        return None
    item.only("sheet", "source", "confidence", "criteria", "decides", "fills", "ranked", "rest", "least")
    source, confidence = read_source(item)
    criteria = {entry.name: _read_criterion(entry) for entry in item.entries("criteria", required=True)}
    total = sum(one.weight for one in criteria.values())
    if criteria and total != FULL:
        item.fault(f"the weights of the criteria come to {total}", f"make them add up to {FULL}")
    code = scope.one("action", item, "decides")
    if code is None:
        item.fault("the sheet does not say which act the ranking decides", "add `decides: action`")
    elif code not in decides:
        item.fault(f"the sitting {sitting.name!r} does not decide {code!r}", did_you_mean(code, decides))
    action = actions.get(code or "")
    filled = _filled(item, action) if action else None
    ranked, rest, least = item.texts("ranked"), item.text("rest"), item.find("least")
    if not ranked:
        item.fault("the sheet names no answer of which there are places", "add `ranked: [answer, …]`, the best first")
    if filled is not None:
        for answer in (*ranked, rest):
            if answer and answer not in filled.choices:
                item.fault(f"{filled.name!r} is never {answer!r}", did_you_mean(answer, filled.choices))
    if len({*ranked, rest}) != len(ranked) + 1:
        item.fault("an answer stands twice among `ranked` and `rest`", "name each answer once")
    lowest_score = item.whole("least") if least is not None else None
    if lowest_score is not None and lowest_score > FULL:
        item.fault(f"a score is at most {FULL}", f"give `least` a number up to {FULL}, or leave it out")
    return ScoreSheet(
        name=item.text("sheet"),
        source=source,
        confidence=confidence,
        criteria=FrozenMap(criteria),
        decides=code or "",
        fills=filled.name if filled else "",
        per_person=bool(action and filled in action.per_person),
        ranked=ranked,
        rest=rest,
        least=lowest_score,
    )


def _read_criterion(item: Item) -> Criterion:
    item.only("titles", "weight", "lowest", "highest")
    weight, lowest, highest = item.whole("weight"), item.whole("lowest", default=0), item.whole("highest")
    if weight <= 0:
        item.fault("a criterion weighs more than nothing", "give it its part of a hundred as `weight`")
    if highest <= lowest:
        item.fault(f"{item.name!r} runs from {lowest} to {highest}", "make `highest` greater than `lowest`")
    return Criterion(code=item.name, titles=item.titles(), weight=weight, lowest=lowest, highest=highest)


def _filled(item: Item, action: Action) -> Field | None:
    """The field that the ranking answers. It must be all that the act asks, for nobody is there to answer the rest."""
    name = item.text("fills")
    fields = {one.name: one for one in (*action.form, *action.per_person)}
    found = fields.get(name)
    if name and found is None:
        item.fault(f"{action.code!r} asks for no {name!r}", did_you_mean(name, fields))
    if found is not None and found.kind != "code":
        item.fault(f"{name!r} is of kind {found.kind!r}", "the ranking gives an answer to a field of kind code")
        return None
    for one in fields.values():
        if one.required and one.name != name:
            item.fault(
                f"{action.code!r} also asks for {one.name!r}, which a ranking cannot answer",
                f"make {one.name!r} optional, or let the sitting vote",
            )
    return found
