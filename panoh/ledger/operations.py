"""What is done to the ledger: record an act, hand out a receipt, erase a personal detail.

`record` is called by every operation of the rooms above, inside its own transaction; nothing else writes entries.
Numbering and signing stand in `sequencer`; both are called from here by the names that the rooms know.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, receipt
from panoh.ledger.canonical import NotCanonical, canonical_text
from panoh.ledger.guard import find_problem
from panoh.ledger.models import Entry
from panoh.ledger.receipt import Receipt
from panoh.ledger.sequencer import checkpoint, sequence
from panoh.ledger.tree import leaf_hash

__all__ = ["checkpoint", "claim_submission", "erase_details", "record", "sequence", "sign_receipt"]

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


def record(
    *,
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
) -> Entry:
    """Record one act, in the transaction of the act itself: both are kept, or neither.

    `payload` holds ids, codes, days and numbers, and is hashed. Text about a person goes into `detail`, which can be
    erased. `digests` gives the state of subjects after the act; only salted hashes of it are kept, so that a quiet edit
    of the register is found later. `by` is None where the system itself acts (a clock that ran out).
    """
    if not KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of entry: it looks like registry.household.registered")
    entry_id, recorded_at = new_id(), datetime.now(UTC)
    about = list(dict.fromkeys(subjects))
    detail_text = detail_salt = None
    salts: dict[UUID, bytes] = {}
    commitments: dict[str, str] = {}
    try:
        if detail:
            detail_text, detail_salt = canonical_text(_plain(detail)), secrets.token_bytes(SALT_BYTES)
        for subject, state in (digests or {}).items():
            salts[subject] = secrets.token_bytes(SALT_BYTES)
            commitments[str(subject)] = commitment(salts[subject], canonical_text(_plain(state)))
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
            "payload": _codes(_plain(payload), "payload"),
            "detail_commitment": commitment(detail_salt, detail_text) if detail_text and detail_salt else None,
            "digests": commitments,
        }
        body = canonical_text(facts)
    except NotCanonical as refusal:
        raise Problem("ledger.entry.not_storable", place=refusal.place) from refusal
    _append(body, detail_salt, detail_text, salts)
    entry = Entry(
        id=entry_id,
        body=body,
        leaf_hash=leaf_hash(body.encode()),
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=recorded_at,
        actor_id=getattr(by, "member_id", None),
        organisation_id=getattr(by, "organisation_id", None),
        subjects=about,
        correlation_id=correlation_id,
        submission_id=submission_id,
    )
    entry._state.adding, entry._state.db = False, "default"
    entry.facts = facts  # type: ignore[misc] - fills the cached property
    return entry


def _append(body: str, detail_salt: bytes | None, detail_text: str | None, salts: Mapping[UUID, bytes]) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded inside the transaction of the act itself")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_append(%s, %s, %s, %s::uuid[], %s::bytea[])",
                [body, detail_salt, detail_text, list(salts) or None, list(salts.values()) or None],
            )
    except DatabaseError as error:
        problem = find_problem(error)
        if problem is None:
            raise
        raise problem from error


def commitment(salt: bytes, text: str) -> str:
    """What an entry holds of a personal text: sha256(salt ‖ canonical text), in hexadecimal."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def written_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _written_id(given: UUID | None) -> str | None:
    return None if given is None else str(given)


def _plain(value: Any) -> Any:
    """Ids and days as text, sets in order: the value types of the rooms as those of canonical JSON."""
    if isinstance(value, str | bool | int) or value is None:
        return str(value) if isinstance(value, str) else value
    if isinstance(value, Mapping):
        return {str(key) if isinstance(key, UUID) else key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return written_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _codes(value: Any, place: str) -> Any:
    """A tripwire for programs: text that is no code has no business in the part that can never be erased."""
    if isinstance(value, str) and (len(value) > LONGEST_CODE or not value.isascii()):
        raise ValueError(
            f"{place} holds text ({value[:20]!r}…): the payload takes codes, ids and days; text goes into detail"
        )
    if isinstance(value, dict):
        for key, item in value.items():
            _codes(item, f"{place}.{key}")
    elif isinstance(value, list):
        for item in value:
            _codes(item, place)
    return value


def claim_submission(*, organisation_id: UUID, submission_id: UUID) -> Entry | None:
    """The entry that this submission already made, if any. Else the caller alone may make it, until its transaction ends.

    Two arrivals of one submission at the same moment: the second waits here for the first, and then finds its entry.
    """
    key = int.from_bytes(hashlib.sha256(organisation_id.bytes + submission_id.bytes).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
    return Entry.objects.filter(organisation_id=organisation_id, submission_id=submission_id).first()


def sign_receipt(entry: Entry, *, office: str = "", number: str = "") -> Receipt:
    """The receipt of an entry, to be handed over in the same answer. `number` is the file's, `office` its code."""
    key_id, key = configuration.receipt_key()
    return receipt.issue(
        entry_id=entry.id,
        leaf_hash=bytes(entry.leaf_hash),
        kind=entry.kind,
        office=office,
        number=number,
        recorded_at=entry.recorded_at,
        issued_at=datetime.now(UTC),
        issuer=configuration.origin(),
        key=key,
        key_id=key_id,
    )


@transaction.atomic
def erase_details(
    *,
    by: ActorLike | None,
    entries: Sequence[UUID],
    reason: str,
    occurred_on: date,
    legal_basis: Sequence[str] = (),
) -> Entry:
    """Erase the personal part of entries for good: text and salts. The entries and every proof stay as they are.

    `reason` is a code. The subjects of this entry are the entries that lost their detail.
    """
    record_of_it = record(
        by=by,
        kind="ledger.detail.erased",
        subjects=entries,
        payload={"entries": [str(entry_id) for entry_id in entries], "reason": reason},
        occurred_on=occurred_on,
        legal_basis=legal_basis,
    )
    with connection.cursor() as cursor:
        for entry_id in entries:
            cursor.execute("SELECT ledger_erase_detail(%s)", [entry_id])
            if not cursor.fetchone()[0]:
                raise Problem("ledger.detail.no_detail", entry=str(entry_id))
    return record_of_it
