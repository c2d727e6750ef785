"""What is handed in when a household is registered: plain values, from a page, a device or a workbook.

Holds no rule and knows no table. `rules.check_registration` judges it, `operations.register_household` saves it, and
`content_sha256` tells whether two submissions under one id are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from panoh.kernel.calendars import BirthDate
from panoh.kernel.names import PersonName
from panoh.kernel.problems import Problem
from panoh.ledger.canonical import NotCanonical, canonical_bytes


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A paper that the person holds, issued by somebody else: tazkira, passport, birth certificate."""

    kind: str
    number: str
    country: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class NeedEntry:
    """A specific need: code, since when, and how it is known (`self`, `observed`, `assessed`)."""

    code: str
    since: date | None = None
    source: str = "self"
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """What the family agrees to: one purpose, one recipient, how and in which language it was given."""

    purpose: str
    recipient_id: UUID
    method: str
    language: str
    given_on: date
    person: int | None = None  # place in `Registration.persons`; None: for the whole household


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One person as told at registration. `names` are the person's own forms, one for each script."""

    names: tuple[PersonName, ...]
    sex: str
    birth: BirthDate
    nationality: str
    relationship: str
    marital: str = ""
    papers: tuple[PaperEntry, ...] = ()
    needs: tuple[NeedEntry, ...] = ()
    religion: str = ""
    ethnicity: str = ""
    education: str = ""
    languages: tuple[str, ...] = ()
    origin_place: str = ""
    aliases: tuple[PersonName, ...] = ()
    occupation: str = ""
    phone: str = ""
    photo: bytes | None = None
    arrived_on: date | None = None  # where it differs from the household's

    @property
    def has_profile(self) -> bool:
        return bool(self.religion or self.ethnicity or self.languages)


@dataclass(frozen=True, slots=True)
class Registration:
    """A household as handed in. `persons` in the order told; exactly one of them is the principal applicant."""

    arrived_on: date | None
    entry_point: str
    office_id: UUID
    persons: tuple[PersonEntry, ...]
    residence_place: str = ""
    residence_detail: str = ""
    phone: str = ""
    consents: tuple[ConsentEntry, ...] = ()


def content_sha256(content: Any) -> str:
    """One hash for one content: what makes sending it again safe, and sending something else under its id a refusal."""
    try:
        return hashlib.sha256(canonical_bytes(_plain(content))).hexdigest()
    except NotCanonical as refusal:
        raise Problem("ledger.entry.not_storable", place=refusal.place) from refusal


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None:  # first, and without asking for inheritance: nearly every value is one
        return value
    if hasattr(kind, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in kind.__dataclass_fields__}
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
