"""Is this paper genuine? For anybody, without signing in; says of the person nothing at all.

The browser checks by itself (static/papers/check.js); this is the same check for those without JavaScript, and the one
thing that only the register knows: whether a paper was withdrawn before its last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from panoh.ledger import configuration
from panoh.ledger import receipt as receipts
from panoh.papers import keys, token
from panoh.papers.models import Withdrawal
from panoh.papers.printing import short_hash
from panoh.rulebook import current

GENUINE, NOT_GENUINE, UNKNOWN_KEY = "genuine", "not_genuine", "unknown_key"


@dataclass(frozen=True)
class Checked:
    """What a check tells. `withdrawn` is "", "revoked" or "replaced"; for receipts, day and fingerprint of the entry."""

    outcome: str
    kind: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    in_force: bool = False
    withdrawn: str = ""
    photo_mark: str = ""
    recorded_at: datetime | None = None
    leaf: str = ""
    issuer: str = ""


def check_text(text: str, on: date) -> Checked:
    """Check what a square holds, on a day."""
    if text.strip().startswith(receipts.PREFIX):
        return _check_receipt(text)
    zone = ZoneInfo(current().country.time_zone)
    try:
        read = token.read(text, keys.paper_keys(), zone)
    except token.NotAPaper as refusal:
        return Checked(UNKNOWN_KEY if refusal.reason == "key" else NOT_GENUINE)
    withdrawn = find_withdrawal(read.number)
    return Checked(
        GENUINE,
        kind=read.kind,
        valid_from=read.valid_from,
        valid_until=read.valid_until,
        in_force=read.is_in_force(on) and not withdrawn,
        withdrawn=withdrawn,
        photo_mark=short_hash(read.photo.hex(), separator="-") if read.photo else "",
        issuer=read.issuer,
    )


def find_withdrawal(number: str) -> str:
    found = Withdrawal.objects.filter(number=number).values_list("state", flat=True).first()
    return found or ""


def _check_receipt(text: str) -> Checked:
    try:
        read = receipts.read(text, configuration.receipt_verifiers())
    except receipts.NotAReceipt as refusal:
        return Checked(UNKNOWN_KEY if refusal.reason == "key" else NOT_GENUINE)
    return Checked(
        GENUINE,
        kind="RECEIPT",
        in_force=True,
        recorded_at=read.recorded_at,
        leaf=short_hash(read.leaf_hash.hex()),
        issuer=read.issuer,
    )
