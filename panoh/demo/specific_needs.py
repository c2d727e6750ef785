"""Specific needs (DOMAIN §1.7) of the people of a family: those that follow from who they are, and some by chance.

Shares are invented. Restricted codes (SV, TR, SM) are among them, so that the demo shows who may not see them.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from panoh.demo.people import Life

Need = tuple[str, date, date | None, str]


def find_needs(life: Life, family: list[Life], rng: random.Random, until: date) -> list[Need]:
    """(code, since, until, source) of one person."""
    if life.member.born == 0:
        return []
    needs = [
        (code, life.joined_on, _end(life.joined_on, code, rng, until), source)
        for code, source in _codes(life, family, rng)
    ]
    return list({need[0]: need for need in needs}.values())


def _end(since: date, code: str, rng: random.Random, until: date) -> date | None:
    """Some needs pass: a medical condition, a child back at school."""
    if code[:2] in ("SM", "CR", "PG") and rng.random() < 0.25:
        end = since + timedelta(days=rng.randint(60, 700))
        return end if end <= until else None
    return None


def _codes(life: Life, family: list[Life], rng: random.Random) -> list[tuple[str, str]]:
    member, age = life.member, life.joined_on.year - life.member.born
    alone = len(family) == 1
    adults = [other for other in family if life.joined_on.year - other.member.born >= 18]
    children = [other for other in family if other.member.relationship in ("SON", "DAU")]
    found: list[tuple[str, str]] = []
    if member.relationship == "PA":
        if age < 18:
            found.append(("SC-UC", "observed"))
        elif children and len(adults) == 1:
            found.append(("SP-PT", "self"))
            if member.sex == "F":
                found.append(("WR-HR", "observed"))
        elif alone and member.sex == "F" and age < 60:
            found.append(("WR-SF", "observed"))
        if age >= 60 and alone:
            found.append(("ER-UR", "observed"))
    if age >= 60 and rng.random() < 0.18:
        found.append(("ER-FR" if rng.random() < 0.3 else "SM-CI", "assessed"))
    if 7 <= age < 17 and rng.random() < 0.05:
        found.append(("CR-NE", "self"))
    chance = rng.random()
    if chance < 0.012:
        found.append((rng.choice(("DS-PM", "DS-PS", "DS-BD", "DS-DF", "DS-SD")), "observed"))
    elif chance < 0.03:
        found.append((rng.choice(("SM-CI", "SM-CC", "SM-MI")), "assessed"))
    elif chance < 0.036 and age >= 18:
        found.append(("TR-PI" if member.sex == "M" else "SV-VO", "self"))
    elif chance < 0.045:
        found.append((rng.choice(("LP-ND", "LP-RR", "LP-UP")), "self"))
    elif chance < 0.05 and member.sex == "F" and 18 <= age <= 42:
        found.append(("PG-HR" if rng.random() < 0.4 else "PG-LC", "self"))
    return found
