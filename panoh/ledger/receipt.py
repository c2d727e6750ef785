"""The receipt: what a person takes home that proves, offline and against the office itself, that the act took place.

A CBOR Web Token (RFC 8392) in a COSE Sign1 envelope (RFC 9052) signed with Ed25519, written in base45 (RFC 9285) so
that it fits a QR code in its densest text mode. It names the entry and its hash; once a checkpoint covers the entry,
an entry missing from the ledger is shown by the receipt alone. It holds ids, codes and a file number: no name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import base45
import cbor2
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cwt import COSE, COSEHeaders, COSEKey
from cwt.cose_key_interface import COSEKeyInterface
from cwt.exceptions import CWTError, VerifyError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PREFIX = "PANOH1:"
LONGEST = 2_000  # letters; a QR code of version 40 holds 4,296, ours are near 300
LINE_BREAKS = {ord(letter): None for letter in "\r\n\t"}
SIGN1_TAG = 18
EDDSA = -8

# Registered claims of RFC 8392 section 3.1, then private ones (RFC 8392 section 9.1: below -65536).
ISSUER, ISSUED_AT, TOKEN_ID = 1, 6, 7
LEAF_HASH, KIND, OFFICE, RECORDED_AT, NUMBER = -70001, -70002, -70003, -70004, -70005


class NotAReceipt(ValueError):
    """A text that is no receipt of ours. `reason` is one of: form, key, signature, claims."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason


def receipt_number(entry_id: UUID) -> str:
    """The number of a receipt as it is printed and read out: the beginning of its entry's id, in groups of four."""
    head = entry_id.hex[:16].upper()
    return "-".join(head[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True)
class Receipt:
    """A promise about one entry. `text` is what the QR code holds."""

    entry_id: UUID
    leaf_hash: bytes
    kind: str
    office: str
    number: str
    recorded_at: datetime
    issued_at: datetime
    issuer: str
    text: str


def issue(
    *,
    entry_id: UUID,
    leaf_hash: bytes,
    kind: str,
    office: str,
    number: str,
    recorded_at: datetime,
    issued_at: datetime,
    issuer: str,
    key: Ed25519PrivateKey,
    key_id: bytes,
) -> Receipt:
    """Sign a receipt. The instant of recording is kept to the microsecond, that of issue to the second (RFC 8392)."""
    claims = {
        ISSUER: issuer,
        ISSUED_AT: int(issued_at.timestamp()),
        TOKEN_ID: entry_id.bytes,
        LEAF_HASH: leaf_hash,
        KIND: kind,
        OFFICE: office,
        RECORDED_AT: microseconds(recorded_at),
        NUMBER: number,
    }
    envelope = COSE.new().encode_and_sign(
        cbor2.dumps(claims, canonical=True),
        _cose_key(key, key_id),
        protected={COSEHeaders.ALG: EDDSA, COSEHeaders.KID: key_id},
    )
    return Receipt(
        entry_id=entry_id,
        leaf_hash=leaf_hash,
        kind=kind,
        office=office,
        number=number,
        recorded_at=recorded_at.astimezone(UTC),
        issued_at=EPOCH + timedelta(seconds=int(issued_at.timestamp())),
        issuer=issuer,
        text=PREFIX + base45.b45encode(envelope).decode(),
    )


@lru_cache(maxsize=8)  # by the key object itself, which `keys` reads once
def _cose_key(key: Ed25519PrivateKey, key_id: bytes) -> COSEKeyInterface:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return COSEKey.from_pem(pem.decode(), kid=key_id)


def _cose_public_key(key: Ed25519PublicKey, key_id: bytes) -> COSEKeyInterface:
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return COSEKey.from_pem(pem.decode(), kid=key_id)


def read(text: str, keys: Mapping[bytes, Ed25519PublicKey]) -> Receipt:
    """The receipt that the text holds, if one of the keys (by key id) signed it. Needs no network and no database."""
    # Line breaks come from printing and mailing. A space is a letter of base45 and stays; none stands at the end.
    text = text.strip().translate(LINE_BREAKS) if len(text) <= LONGEST else ""
    if not text.startswith(PREFIX):
        raise NotAReceipt("form", f"the text does not begin with {PREFIX}")
    try:
        envelope = base45.b45decode(text.removeprefix(PREFIX))
        payload = _open(envelope, keys)
    except NotAReceipt:
        raise
    except VerifyError:
        raise NotAReceipt("signature", "the signature does not hold: the receipt was changed") from None
    except (CWTError, ValueError, TypeError, KeyError, RecursionError, cbor2.CBORDecodeError) as error:
        raise NotAReceipt("form", f"the text is damaged or cut short ({type(error).__name__})") from None
    return _from_claims(payload, text)


def _open(envelope: bytes, keys: Mapping[bytes, Ed25519PublicKey]) -> bytes:
    """The signed bytes. Only our own form is let through to the library, which would accept a dozen others."""
    message = cbor2.loads(envelope)
    if not isinstance(message, cbor2.CBORTag) or message.tag != SIGN1_TAG:
        raise NotAReceipt("form", "the text holds no signed message")
    if not isinstance(message.value, list) or [type(part) for part in message.value] != [bytes, dict, bytes, bytes]:
        raise NotAReceipt("form", "the signed message lacks a part")
    if message.value[1]:
        raise NotAReceipt("form", "something stands beside the signed text that nobody signed")
    headers = cbor2.loads(message.value[0])
    key_id = headers.get(int(COSEHeaders.KID)) if isinstance(headers, dict) else None
    if type(key_id) is not bytes or headers != {int(COSEHeaders.ALG): EDDSA, int(COSEHeaders.KID): key_id}:
        raise NotAReceipt("form", "the text is signed in a way that receipts are not")
    key = keys.get(key_id)
    if key is None:
        raise NotAReceipt("key", f"no key known here signed it; it was signed by key {key_id.hex()}")
    payload: bytes = COSE.new().decode(message, _cose_public_key(key, key_id))
    return payload


def _from_claims(payload: bytes, text: str) -> Receipt:
    try:
        claims = cbor2.loads(payload)
        return Receipt(
            entry_id=UUID(bytes=claims[TOKEN_ID]),
            leaf_hash=claims[LEAF_HASH],
            kind=claims[KIND],
            office=claims[OFFICE],
            number=claims[NUMBER],
            recorded_at=EPOCH + timedelta(microseconds=claims[RECORDED_AT]),
            issued_at=EPOCH + timedelta(seconds=claims[ISSUED_AT]),
            issuer=claims[ISSUER],
            text=text,
        )
    except (KeyError, TypeError, ValueError, OverflowError, cbor2.CBORDecodeError):
        raise NotAReceipt("claims", "the signature holds, but this is not a receipt: a claim is missing") from None


def microseconds(instant: datetime) -> int:
    """Microseconds since 1970 in whole numbers: floats would lose the last digits."""
    return (instant - EPOCH) // timedelta(microseconds=1)
