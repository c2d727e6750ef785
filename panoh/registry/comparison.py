"""Two records beside each other: what is equal, what differs, what is not known; and their households as households."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from panoh.access.actor import Actor
from panoh.identity.similarity import similarity
from panoh.registry.models import Person
from panoh.registry.queries.duplicates import LIKELY, alike

SAME, DIFFERS, UNKNOWN = "same", "differs", "unknown"
MOST_MEMBERS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both records say, or one of them, or neither. `kind` is how it is shown."""

    label: str
    left: Any
    right: Any
    kind: str = "text"
    agreement: str = UNKNOWN


def compare(actor: Actor, left: Person, right: Person) -> list[Line]:
    """What the two records say, line by line, and whether it agrees. Telephones only for who may read them."""
    births = left.birth_earliest <= right.birth_latest and right.birth_earliest <= left.birth_latest
    names = [next(iter(person.names.all()), None) for person in (left, right)]
    papers = [{paper.number_key: paper.number for paper in person.papers_held.all()} for person in (left, right)]
    lines = [
        _line(_("Name"), *names, "name", alike(left, right).score >= LIKELY),
        _line(_("Father’s name"), *(name.father if name else "" for name in names), agrees=_fathers(left, right)),
        _line(_("Sex"), *("" if person.sex == "U" else person.sex for person in (left, right)), "sex"),
        _line(_("Birth"), left.birth, right.birth, "birth", births),
        _line(_("Nationality"), left.nationality, right.nationality, "countries"),
        _line(_("Place of origin"), left.origin_place, right.origin_place, "place"),
        _line(
            _("Papers"),
            *(", ".join(held.values()) for held in papers),
            agrees=bool(papers[0].keys() & papers[1].keys()),
        ),
    ]
    if actor.reads("contact"):
        lines.append(_line(_("Telephone"), *(p.phone or p.household.phone for p in (left, right)), "phone"))
    return lines


def circumstances(left: Person, right: Person) -> list[Line]:
    """Where and when each was registered: it tells how two records can have come about, not who the person is."""
    return [
        _line(_("Household"), left.household.number, right.household.number, "household"),
        _line(_("Office"), left.household.office, right.household.office, "titled"),
        _line(_("Arrived on"), left.arrived_on, right.arrived_on, "day"),
        _line(_("Registered on"), left.household.registered_on, right.household.registered_on, "day"),
        _line(_("Why closed"), left.closure_reason, right.closure_reason, "closure_reasons"),
    ]


def _line(label: str, left: Any, right: Any, kind: str = "text", agrees: bool | None = None) -> Line:
    if not left or not right:
        return Line(label, left, right, kind)
    return Line(label, left, right, kind, SAME if (left == right if agrees is None else agrees) else DIFFERS)


def _fathers(left: Person, right: Person) -> bool:
    """Fathers are compared by sound like any name, in whichever scripts they stand."""
    pairs = ((a.father, b.father) for a in left.names.all() for b in right.names.all() if a.father and b.father)
    return any(similarity(a, b).score >= LIKELY for a, b in pairs)


def match_members(left: Sequence[Person], right: Sequence[Person]) -> list[tuple[Person | None, Person | None]]:
    """The members of two households beside each other: those who seem to be one person in one line, then the others."""
    waiting = list(right[:MOST_MEMBERS])
    matched: list[tuple[Person | None, Person | None]] = []
    alone: list[tuple[Person | None, Person | None]] = []
    for member in left[:MOST_MEMBERS]:
        fitting = [other for other in waiting if _could_be(member, other)]
        best = max(fitting, key=lambda other: alike(member, other).score, default=None)
        if best is not None and alike(member, best).score >= LIKELY:
            waiting.remove(best)
            matched.append((member, best))
        else:
            alone.append((member, None))
    return [*matched, *alone, *((None, other) for other in waiting)]


def _could_be(a: Person, b: Person) -> bool:
    """Sex and birth do not speak against it; a birth told in years may be one or two off."""
    sexes = a.sex == b.sex or "U" in (a.sex, b.sex)
    return sexes and abs(a.birth_earliest.year - b.birth_earliest.year) <= 2
