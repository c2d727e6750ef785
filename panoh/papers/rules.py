"""What is right for a paper: pure functions of facts and dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from panoh.kernel.calendars import BirthDate
from panoh.kernel.problems import Problem
from panoh.rulebook.law import LANGUAGES

SERIAL_DIGITS = 7
REQUIRED_FACTS = {
    "decision_letter": ("case_number", "decided_on", "outcomes", "reasons", "law"),
    "procedure_letter": ("letter", "case_number", "on", "title", "text", "law"),
}
SOME_PAPERS_FOR_CLOSED = {"decision_letter", "procedure_letter"}  # a refusal is handed over after the file was closed


class PersonLike(Protocol):
    pk: UUID
    household_id: UUID
    status: str

    @property
    def birth(self) -> BirthDate: ...


class KindLike(Protocol):
    template: str
    accountable: bool
    minimum_age: int | None


def check_paper(
    *,
    kind: KindLike,
    person: PersonLike,
    holders: Sequence[PersonLike],
    language: str,
    valid_from: date,
    valid_until: date | None,
    facts: Mapping[str, Any],
    waiting: bool,
) -> None:
    """Whether this paper may be made out at all. Raises the first refusal.

    A missing photo is none: a family at a post without a camera must not be left without a paper. The frame stays empty
    for a photo that is glued in and stamped over its edge, and the square says that it vouches for none.
    """
    if language not in LANGUAGES:
        raise Problem("papers.paper.language", field="language", languages=", ".join(LANGUAGES))
    if kind.accountable and (valid_until is None or valid_until < valid_from):
        raise Problem("papers.paper.dates", field="valid_until")
    if person.status != "open" and kind.template not in SOME_PAPERS_FOR_CLOSED:
        raise Problem("papers.paper.closed")
    if any(holder.household_id != person.household_id for holder in holders):
        raise Problem("papers.paper.other_household", field="holders")
    # The youngest that the person can be counts against her being old enough only if even the oldest is too young:
    # a year-only birth date must not keep a certificate from somebody who may be entitled to it.
    if kind.minimum_age is not None and person.birth.age_on(valid_from)[1] < kind.minimum_age:
        raise Problem("papers.paper.too_young", age=kind.minimum_age)
    for name in REQUIRED_FACTS.get(kind.template, ()):
        if name not in facts:
            raise Problem("papers.paper.facts", name=name)
    if waiting:
        raise Problem("papers.paper.already_prepared")


def state_on(state: str, valid_until: date | None, on: date) -> str:
    """How a paper stands on a day: an issued one whose last day has passed has expired; nothing needs to store that."""
    return "expired" if state == "issued" and valid_until and on > valid_until else state


def on_hand(*, received: int, issued: int, spoiled: int, lost: int) -> int:
    """What must lie in the safe: every sheet that came in is issued, spoiled, lost or there."""
    return received - issued - spoiled - lost


def serial_of(prefix: str, position: int) -> str:
    """A serial as it stands on the sheet: `PJ-0000042`."""
    return f"{prefix}-{position:0{SERIAL_DIGITS}}"
