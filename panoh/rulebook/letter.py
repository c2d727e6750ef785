"""A letter of a procedure, as `letters:` in its file defines it."""

from __future__ import annotations

from dataclasses import dataclass

from panoh.rulebook.law import Titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Letter:
    """A letter that an act orders: its title and text, with `{names}` of open answers of the act in the text.

    Printed by the template of its paper kind; a decision letter is none of these, it is made from outcomes.
    """

    code: str
    kind: str
    titles: Titles
    text: Titles
