"""What follows a referral: accepted or declined, messages, returned with its result, withdrawn, closed. One entry each."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from panoh.access.actor import Actor
from panoh.access.policy import check
from panoh.kernel.problems import Problem
from panoh.ledger.operations import record
from panoh.referrals.models import Referral, ReferralNote
from panoh.referrals.operations.sending import LONGEST_TEXT
from panoh.referrals.queries.referrals import referral_scope
from panoh.referrals.rules.standing import FROM, due_after
from panoh.referrals.snapshots import referral_snapshot
from panoh.rulebook import current


@transaction.atomic
def accept_referral(*, by: Actor, referral: Referral, expected_version: int, text: str = "") -> Referral:
    """The receiver takes it on; the clock for its report starts."""
    locked = _lock(by, "accept", "accepted", referral, expected_version)
    locked.handled_by_id, locked.replied_on = by.member_id, timezone.localdate()
    return _go_on(by, locked, "accepted", text, state="accepted")


@transaction.atomic
def decline_referral(*, by: Actor, referral: Referral, expected_version: int, outcome: str, text: str) -> Referral:
    """The receiver cannot help, and says why: the caseworker can ask elsewhere at once."""
    locked = _lock(by, "decline", "declined", referral, expected_version)
    _check_outcome("decline", outcome)
    _check_text(text)
    locked.handled_by_id, locked.replied_on = by.member_id, timezone.localdate()
    locked.outcome = outcome
    return _go_on(by, locked, "declined", text, state="declined")


@transaction.atomic
def note_referral(*, by: Actor, referral: Referral, expected_version: int, text: str) -> Referral:
    """A message from one side to the other; nothing of its standing changes."""
    locked = _lock(by, "note", "noted", referral, expected_version)
    _check_text(text)
    return _go_on(by, locked, "noted", text, state=locked.state)


@transaction.atomic
def return_referral(*, by: Actor, referral: Referral, expected_version: int, outcome: str, text: str) -> Referral:
    """The receiver hands the person back with what came of it, and from then on no longer sees whom it was about."""
    locked = _lock(by, "return", "returned", referral, expected_version)
    _check_outcome("return", outcome)
    _check_text(text)
    locked.outcome = outcome
    return _go_on(by, locked, "returned", text, state="returned")


@transaction.atomic
def withdraw_referral(*, by: Actor, referral: Referral, expected_version: int, text: str) -> Referral:
    """The sender takes it back: the person does not want it any more, or it was sent to the wrong place."""
    locked = _lock(by, "withdraw", "withdrawn", referral, expected_version)
    _check_text(text)
    return _go_on(by, locked, "withdrawn", text, state="withdrawn")


@transaction.atomic
def close_referral(*, by: Actor, referral: Referral, expected_version: int, text: str) -> Referral:
    """The sender has told the person what came of it."""
    locked = _lock(by, "close", "closed", referral, expected_version)
    _check_text(text)
    return _go_on(by, locked, "closed", text, state="closed")


def _lock(by: Actor, verb: str, past: str, referral: Referral, expected_version: int) -> Referral:
    """The referral as it stands, held until the transaction ends; seen, allowed, unchanged since, and where this act begins."""
    found = Referral.objects.select_for_update().filter(referral_scope(by), pk=referral.pk).first()
    if found is None:
        raise Problem("referrals.referral.not_found")
    check(by, f"referrals.referral.{verb}", found)
    if found.version != expected_version:
        raise Problem("referrals.referral.changed")
    if found.state not in FROM[past]:
        raise Problem("referrals.referral.wrong_state")
    return found


def _go_on(by: Actor, referral: Referral, act: str, text: str, *, state: str) -> Referral:
    book, today = current(), timezone.localdate()
    if len(text.strip()) > LONGEST_TEXT:
        raise Problem("referrals.referral.no_text", field="text")
    if state != referral.state:
        urgency = book.codes["referral_urgencies"][referral.urgency].attributes
        referral.due_on = due_after(state, today, urgency, book.country.work_calendar)
        referral.ended_on = today if referral.due_on is None else None
    before, referral.state = referral.state, state
    referral.version += 1
    entry = record(
        by=by,
        kind=f"referrals.referral.{act}",
        subjects=[referral.pk],
        payload={"number": referral.number, "version": referral.version},
        occurred_on=today,
        digests={referral.pk: referral_snapshot(referral)},
    )
    note = ReferralNote(
        referral=referral,
        act=act,
        text=text.strip(),
        organisation_id=by.organisation_id,
        by_id=by.member_id,
        done_on=today,
        recorded_at=entry.recorded_at,
        entry_id=entry.id,
    )
    # The words come in before the receiver's view ends with the new state.
    ReferralNote.objects.bulk_create([note])
    changed: dict[str, Any] = {"version", "handled_by", "replied_on", "outcome"} | (
        {"state", "due_on", "ended_on"} if before != state else set()
    )
    referral.save(update_fields=sorted(changed))
    return referral


def _check_text(text: str) -> None:
    if len(text.strip()) < 3:
        raise Problem("referrals.referral.no_text", field="text")


def _check_outcome(act: str, outcome: str) -> None:
    code = current().codes["referral_outcomes"].get(outcome)
    if code is None or act not in code.attributes["of"].split():
        raise Problem("referrals.referral.no_outcome", field="outcome")
