"""Reads the letters of a procedure: titles and texts in four languages, printed by one template for all of them."""

from __future__ import annotations

import string

from panoh.rulebook.faults import did_you_mean
from panoh.rulebook.immutable import FrozenMap
from panoh.rulebook.law import LANGUAGES, Titles
from panoh.rulebook.letter import Letter
from panoh.rulebook.load_action import Scope
from panoh.rulebook.procedure import Action
from panoh.rulebook.vocabulary import LETTER_WORDS
from panoh.rulebook.yaml_source import Item


def read_letters(root: Item, scope: Scope) -> FrozenMap[str, Letter]:
    return FrozenMap({item.name: _read_letter(item, scope) for item in root.entries("letters")})


def _read_letter(item: Item, scope: Scope) -> Letter:
    item.only("kind", "titles", "text")
    kind = item.find("kind")
    if kind is None:
        item.fault(f"the letter {item.name!r} does not say which kind of paper it is", "add `kind: …`")
    return Letter(
        code=item.name,
        kind=scope.use("paper_kind", kind) if kind else "",
        titles=item.titles(),
        text=item.titles("text"),
    )


def names_in(text: str) -> set[str]:
    """The `{names}` that a text holds. Raises ValueError where a brace stands alone."""
    return {name for _before, name, _format, _conversion in string.Formatter().parse(text) if name is not None}


def check_letters(letters: FrozenMap[str, Letter], actions: FrozenMap[str, Action], root: Item) -> None:
    """Every letter is ordered by an act, and names nothing that the act does not ask for openly."""
    places = {item.name: item for item in root.entries("letters")}
    for letter in letters.values():
        item = places[letter.code]
        ordering = [
            action
            for action in actions.values()
            if any(effect.name == "letter" and effect.params.get("letter") == letter.code for effect in action.effects)
        ]
        if not ordering:
            item.fault(
                f"no act orders the letter {letter.code!r}", f"add `letter: {{letter: {letter.code}}}` to an act"
            )
        known = (
            set.intersection(*({one.name for one in act.form if _open(one)} for act in ordering)) if ordering else set()
        )
        _check_text(item.find("text") or item, letter.text, known | set(LETTER_WORDS))


def _open(field: object) -> bool:
    """Only what stands in the clear may be printed, and only what is short enough for a sentence."""
    kinds = ("text", "number", "code", "codes", "day", "language", "bool")
    return getattr(field, "field_class", "") == "open" and getattr(field, "kind", "") in kinds


def _check_text(item: Item, text: Titles, known: set[str]) -> None:
    used: dict[str, set[str]] = {}
    for language in LANGUAGES:
        try:
            used[language] = names_in(text[language])
        except ValueError:
            item.fault(f"a brace stands alone in the text in {language}", "write names as {day}")
            return
        for name in sorted(used[language] - known):
            item.fault(f"the letter names {{{name}}}, which its act does not ask for openly", did_you_mean(name, known))
    if len(set(map(frozenset, used.values()))) > 1:
        item.fault("the text names different things in different languages", "name the same things in all of them")
