"""Composes an entry: what is hashed, what is kept apart, what is only committed to. Pure; writes nothing.

Used by `operations.record` for one act and by `bulk` for whole histories. The body holds every field always, empty ones
as null, so that its form never depends on what an act happened to give.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from panoh.ledger.canonical import canonical_text

SCHEMA_VERSION = 1
KIND = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+){1,3}")
SALT_BYTES = 16
LONGEST_CODE = 200


class ActorLike(Protocol):
    """What the ledger notes about whoever acts; `access.actor.Actor` is one."""

    @property
    def member_id(self) -> UUID: ...
    @property
    def organisation_id(self) -> UUID: ...
    @property
    def role(self) -> str: ...
    @property
    def purpose(self) -> str: ...


@dataclass(frozen=True)
class Composed:
    """An entry ready to be written: `facts` are what the canonical text `body` says."""

    id: UUID
    facts: dict[str, Any]
    body: str
    recorded_at: datetime
    subjects: list[UUID]
    detail: str | None = None
    detail_salt: bytes | None = None
    salts: dict[UUID, bytes] = field(default_factory=dict)


def compose(
    *,
    entry_id: UUID,
    recorded_at: datetime,
    by: ActorLike | None,
    kind: str,
    subjects: Iterable[UUID],
    payload: Mapping[str, Any],
    occurred_on: date,
    detail: Mapping[str, Any] | None = None,
    legal_basis: Sequence[str] = (),
    correlation_id: UUID | None = None,
    submission_id: UUID | None = None,
    digests: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> Composed:
    """One entry. Raises NotCanonical for text that cannot be kept, ValueError where the calling program is at fault."""
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of entry: it looks like registry.household.registered")
    about = list(dict.fromkeys(subjects))
    detail_text = detail_salt = detail_commitment = None
    if detail:
        detail_text, detail_salt = canonical_text(plain(detail)), secrets.token_bytes(SALT_BYTES)
        detail_commitment = commitment(detail_salt, detail_text)
    salts: dict[UUID, bytes] = {}
    commitments: dict[str, str] = {}
    for subject, state in (digests or {}).items():
        salts[subject] = secrets.token_bytes(SALT_BYTES)
        commitments[str(subject)] = state_commitment(salts[subject], state)
    facts = {
        "id": str(entry_id),
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        "occurred_on": occurred_on.isoformat(),
        "recorded_at": written_instant(recorded_at),
        "actor": _written_id(getattr(by, "member_id", None)),
        "organisation": _written_id(getattr(by, "organisation_id", None)),
        "role": getattr(by, "role", None),
        "purpose": getattr(by, "purpose", None),
        "on_behalf": _written_id(getattr(by, "on_behalf", None)),
        "subjects": [str(subject) for subject in about],
        "correlation_id": _written_id(correlation_id),
        "submission_id": _written_id(submission_id),
        "legal_basis": list(legal_basis),
        "payload": _codes(plain(payload), "payload"),
        "detail_commitment": detail_commitment,
        "digests": commitments,
    }
    return Composed(entry_id, facts, canonical_text(facts), recorded_at, about, detail_text, detail_salt, salts)


def commitment(salt: bytes, text: str) -> str:
    """What an entry holds of a personal text: sha256(salt ‖ canonical text), in hexadecimal."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def state_commitment(salt: bytes, state: Mapping[str, Any]) -> str:
    """The same for the state of a subject: what an act gave as a digest, and what `verify` finds in the register."""
    return commitment(salt, canonical_text(plain(state)))


def written_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _written_id(given: UUID | None) -> str | None:
    return None if given is None else str(given)


def plain(value: Any) -> Any:
    """Ids and days as text, sets in order: the value types of the rooms as those of canonical JSON."""
    kind = type(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is dict:
        return {key if type(key) is str else _key(key): plain(item) for key, item in value.items()}
    if kind is list or kind is tuple:
        return [plain(item) for item in value]
    return _plain_of_rarer_kinds(value)


def _plain_of_rarer_kinds(value: Any) -> Any:
    """Apart from the kinds above for speed: asking for a kind by inheritance costs more than all the rest."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return written_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)  # an enum of words is its word
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    return value


def _key(key: Any) -> Any:
    return str(key) if isinstance(key, UUID | str) else key


def _codes(value: Any, place: str) -> Any:
    """A tripwire for programs: text that is no code has no business in the part that can never be erased."""
    if isinstance(value, str) and (len(value) > LONGEST_CODE or not value.isascii()):
        raise ValueError(
            f"{place} holds text ({value[:20]!r}…); the payload takes codes, ids and days: text goes into detail"
        )
    if isinstance(value, dict):
        for key, item in value.items():
            _codes(item, f"{place}.{key}")
    elif isinstance(value, list):
        for item in value:
            _codes(item, place)
    return value
