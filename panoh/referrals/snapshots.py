"""A referral as the ledger commits to it: whoever edits the row quietly is found by `panoh ledger verify`."""

from __future__ import annotations

from panoh.referrals.models import Referral

Snapshot = dict[str, str | int]


def referral_snapshot(referral: Referral) -> Snapshot:
    return {
        "number": referral.number,
        "household": str(referral.household_id),
        "sender": str(referral.sender_id),
        "receiver": str(referral.receiver_id),
        "kind": referral.kind,
        "purpose": referral.purpose,
        "urgency": referral.urgency,
        "shares": " ".join(sorted(referral.shares)),
        "state": referral.state,
        "sent_on": referral.sent_on.isoformat(),
        "due_on": referral.due_on.isoformat() if referral.due_on else "",
        "outcome": referral.outcome,
        "version": referral.version,
    }
