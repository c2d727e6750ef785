"""Corrections of law: each gap against the Convention, how it stands, since when and by what source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from panoh.access.actor import Actor
from panoh.kernel.problems import Problem
from panoh.protection.models import LawStep
from panoh.rulebook import current
from panoh.rulebook.model import Amendment, Code


@dataclass(frozen=True, slots=True)
class Standing:
    """How a gap stands from a day on (None where the country's data do not say since when), and by whom that is known."""

    status: str
    on: date | None
    source: str
    note: str
    step: LawStep | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap of the law: the provision, what it falls short of, what should stand there, and its standings, the latest first."""

    code: Code
    provision: str
    against: str
    position: str
    act: str
    standings: tuple[Standing, ...]
    amendments: tuple[Amendment, ...]
    """How the act it stands in was amended so far."""

    @property
    def now(self) -> Standing:
        return self.standings[0]


def visible_to(actor: Actor) -> QuerySet[LawStep]:
    """What the own organisation has recorded."""
    return LawStep.objects.filter(organisation_id=actor.organisation_id)


def list_gaps(actor: Actor, today: date, language: str) -> list[Gap]:
    steps: dict[str, list[LawStep]] = {}
    for step in visible_to(actor).select_related("recorded_by__account").order_by("-on", "-recorded_at"):
        steps.setdefault(step.gap, []).append(step)
    return [_gap(code, steps.get(code.code, []), language) for code in current().codes["law_gaps"].in_force(today)]


def get_gap(actor: Actor, code: str, today: date, language: str) -> Gap:
    found = next((one for one in list_gaps(actor, today, language) if one.code.code == code), None)
    if found is None:
        raise Problem("protection.law.unknown_gap")
    return found


def _gap(code: Code, steps: list[LawStep], language: str) -> Gap:
    attributes: Any = code.attributes
    book = current()
    act = book.provisions[attributes["provision"]][-1].act
    return Gap(
        code=code,
        provision=attributes["provision"],
        against=attributes["against"],
        position=attributes.get(f"position_{language}") or attributes["position_en"],
        act=act,
        standings=tuple(_standings(code, steps)),
        amendments=book.acts[act].amendments,
    )


def _standings(code: Code, steps: list[LawStep]) -> Iterator[Standing]:
    """What was recorded, the latest day first; beneath it, what the country's data say."""
    for step in steps:
        yield Standing(step.status, step.on, step.source, step.note, step, verified=True)
    known = code.attributes.get("status_on") or None
    yield Standing(
        code.attributes["status"],
        date.fromisoformat(known) if known else None,
        code.source,
        "",
        None,
        verified=code.confidence == "verified",
    )
