"""The receipt of an act on a file, shown where the act leads back to and wherever the act is listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from panoh.ledger.models import Entry
from panoh.ledger.operations import sign_receipt


def receipt_of(done: str, history: Iterable[Entry], number: str) -> dict[str, Any] | None:
    """The entry that the address names, if it is one of those that the reader sees, with its signed receipt.

    Signed anew each time: it names the same entry and fingerprint, so that any of them proves the same.
    """
    entry = next((one for one in history if str(one.id) == done), None)
    return {"entry": entry, "signed": sign_receipt(entry, number=number)} if entry else None
