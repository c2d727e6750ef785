"""What the search box finds beside people: the numbers of rooms above, a case or a paper.

Each room appends a finder when it starts (`AppConfig.ready`): given the actor and the text it answers with the address of
the page, or None where the text is no number of its own or names nothing that the actor sees.
"""

from __future__ import annotations

from collections.abc import Callable

from panoh.access.actor import Actor

FINDERS: list[Callable[[Actor, str], str | None]] = []


def find_address(actor: Actor, text: str) -> str | None:
    """The page that a number names, or None: then it is searched among people."""
    wanted = " ".join(text.split()).upper()
    if not 4 <= len(wanted) <= 40 or not any(letter.isdigit() for letter in wanted):
        return None
    return next((found for finder in FINDERS if (found := finder(actor, wanted))), None)
