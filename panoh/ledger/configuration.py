"""What an operator may set about the ledger, read from Django's settings in one place.

LEDGER_ORIGIN               the name under which this ledger signs; witnesses know it by this name
LEDGER_KEYS                 directory of the keys; by default `keys` in the state directory
LEDGER_WITNESS_DIRECTORY    directory that gets a copy of each checkpoint (a mounted disk, a synchronised folder), or none
LEDGER_WITNESS_ADDRESSES    e-mail addresses in other organisations that get one checkpoint a day; none by default

The environment fills them: docs/operations.md.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from panoh.ledger import keys
from panoh.ledger.note import VerifierKey


def origin() -> str:
    return getattr(settings, "LEDGER_ORIGIN", "") or f"panoh.{settings.COUNTRY}/ledger"


def key_directory() -> Path:
    return Path(getattr(settings, "LEDGER_KEYS", "") or settings.STATE_DIRECTORY / "keys")


def witness_directory() -> Path | None:
    chosen = getattr(settings, "LEDGER_WITNESS_DIRECTORY", "")
    return Path(chosen) if chosen else None


def witness_addresses() -> list[str]:
    return list(getattr(settings, "LEDGER_WITNESS_ADDRESSES", ()))


def checkpoint_key() -> Ed25519PrivateKey:
    return keys.private_key("checkpoint", key_directory())


def checkpoint_verifier() -> VerifierKey:
    return keys.verifier_key("checkpoint", key_directory(), origin())


def receipt_key() -> tuple[bytes, Ed25519PrivateKey]:
    return keys.public_key_id("receipt", key_directory()), keys.private_key("receipt", key_directory())


def receipt_verifiers() -> dict[bytes, Ed25519PublicKey]:
    key_id, key = receipt_key()
    return {key_id: key.public_key()}
