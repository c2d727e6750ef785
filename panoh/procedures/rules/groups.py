"""When an act moves a person between population groups, and when it must not. Pure.

A person counts once, though two tracks may be open side by side and end on different days. So a group changes only where
the reason counts the change: whoever was granted protection on one track does not fall back when the other track refuses
him, and nobody leaves the tables while another case of the same procedure still waits for him.
Which reason belongs to which table stands in the code lists `status_changes` and `population_groups`.
"""

from __future__ import annotations

from panoh.rulebook.model import Rulebook

OUT = "out"


def is_moved(current: str, to: str, reason: str, book: Rulebook, *, still_open_elsewhere: bool) -> bool:
    """Whether a person who is now in group `current` passes to group `to` (empty: to none) for this reason."""
    if current == to or (not to and still_open_elsewhere):
        return False
    if not current:
        return bool(to)
    reasons, groups = book.codes["status_changes"], book.codes["population_groups"]
    if to and current in groups[to].attributes.get("yields_to", "").split():
        return False  # counted once, and there first: the group itself names those it yields to
    attributes = reasons[reason].attributes
    if attributes.get("direction") == OUT:
        return groups[current].attributes.get("table") == attributes.get("table")
    return not _lies_behind(current, to, book)


def _lies_behind(current: str, to: str, book: Rulebook) -> bool:
    """Whether people pass from `to` to `current` in the tables: then coming into `to` would be a step back."""
    table = book.codes["population_groups"][to].attributes.get("table")
    return any(
        code.attributes.get("direction") == OUT
        and code.attributes.get("table") == table
        and code.attributes.get("moves_to") == current
        for code in book.codes["status_changes"].values()
    )
