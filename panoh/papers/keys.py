"""The key that signs papers, and the list of keys that whoever checks a paper needs."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from panoh.ledger import configuration
from panoh.ledger import keys as ledger_keys
from panoh.rulebook import current


def signing_key() -> tuple[bytes, Ed25519PrivateKey]:
    directory = configuration.key_directory()
    return ledger_keys.public_key_id("papers", directory), ledger_keys.private_key("papers", directory)


def paper_keys() -> dict[bytes, Ed25519PublicKey]:
    """Key id → public key: the present one and those of earlier years that the settings name (`PAPERS_EARLIER_KEYS`)."""
    key_id, key = signing_key()
    earlier = {
        bytes.fromhex(known_id): Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        for known_id, public in getattr(settings, "PAPERS_EARLIER_KEYS", {}).items()
    }
    return {**earlier, key_id: key.public_key()}


def published() -> dict[str, Any]:
    """What `/check/keys.json` says: enough to check papers and receipts for ever without asking anybody."""
    receipts = configuration.receipt_verifiers()
    return {
        "issuer": configuration.origin(),
        "time_zone": current().country.time_zone,
        "keys": [
            *({"kid": key_id.hex(), "for": "paper", "x": _written(key)} for key_id, key in paper_keys().items()),
            *({"kid": key_id.hex(), "for": "receipt", "x": _written(key)} for key_id, key in receipts.items()),
        ],
    }


def _written(key: Ed25519PublicKey) -> str:
    return base64.urlsafe_b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode().rstrip("=")
