"""What is done to the ledger: record an act, hand out a receipt, erase a personal detail.

`record` is called by every operation of the rooms above, inside its own transaction; nothing else writes entries.
Numbering and signing stand in `sequencer`; both are called from here by the names that the rooms know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from panoh.kernel.ids import new_id
from panoh.kernel.problems import Problem
from panoh.ledger import configuration, receipt
from panoh.ledger.canonical import NotCanonical
from panoh.ledger.composition import ActorLike, Composed, compose
from panoh.ledger.guard import find_problem
from panoh.ledger.models import Entry
from panoh.ledger.receipt import Receipt
from panoh.ledger.sequencer import checkpoint, sequence
from panoh.ledger.tree import leaf_hash

__all__ = ["checkpoint", "claim_submission", "erase_details", "record", "sequence", "sign_receipt"]


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
    try:
        composed = compose(
            entry_id=new_id(),
            recorded_at=datetime.now(UTC),
            by=by,
            kind=kind,
            subjects=subjects,
            payload=payload,
            occurred_on=occurred_on,
            detail=detail,
            legal_basis=legal_basis,
            correlation_id=correlation_id,
            submission_id=submission_id,
            digests=digests,
        )
    except NotCanonical as refusal:
        raise Problem("ledger.entry.not_storable", place=refusal.place) from refusal
    _append(composed)
    entry = Entry(
        id=composed.id,
        body=composed.body,
        leaf_hash=leaf_hash(composed.body.encode()),
        kind=kind,
        occurred_on=occurred_on,
        recorded_at=composed.recorded_at,
        actor_id=getattr(by, "member_id", None),
        organisation_id=getattr(by, "organisation_id", None),
        subjects=composed.subjects,
        correlation_id=correlation_id,
        submission_id=submission_id,
    )
    entry._state.adding, entry._state.db = False, "default"
    entry.facts = composed.facts  # type: ignore[misc] - fills the cached property
    return entry


def _append(composed: Composed) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an act is recorded inside the transaction of the act itself")
    salted, salts = list(composed.salts) or None, list(composed.salts.values()) or None
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ledger_append(%s, %s, %s, %s::uuid[], %s::bytea[])",
                [composed.body, composed.detail_salt, composed.detail, salted, salts],
            )
    except DatabaseError as error:
        problem = find_problem(error)
        if problem is None:
            raise
        raise problem from error


def claim_submission(*, organisation_id: UUID, submission_id: UUID) -> Entry | None:
    """The entry that this submission already made, if any. Else the caller alone may make it, until its transaction ends.

    Two arrivals of one submission at the same moment: the second waits here for the first, and then finds its entry.
    """
    key = int.from_bytes(hashlib.sha256(organisation_id.bytes + submission_id.bytes).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        # A statement of its own: what it sees is fixed when it begins, which must be after the wait.
        cursor.execute(
            "SELECT id FROM ledger_entry WHERE organisation_id = %s AND submission_id = %s",
            [organisation_id, submission_id],
        )
        found = cursor.fetchone()
    return Entry.objects.get(pk=found[0]) if found else None


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
