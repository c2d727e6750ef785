"""The text in the QR code of a paper: signed, checkable without a network, and silent about the person.

A CBOR Web Token (RFC 8392) in a COSE Sign1 envelope (RFC 9052), signed with Ed25519 (RFC 8032) by the ledger's key for
papers, in base45 (RFC 9285). It says: which kind of paper, which number, who issued it, until when, and the beginning of
the photo's hash. Never a name, an address or a religion: whoever reads the square learns nothing that the sheet does
not already say better, and a stolen list of squares is a list of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "PANOHP1:"
LONGEST = 1_000
SIGN1_TAG = 18
ALGORITHM, EDDSA, KEY_ID = 1, -8, 4

# Registered claims of RFC 8392 section 3.1, then private ones (section 9.1: below -65536), numbered on from those of receipts.
ISSUER, EXPIRES, NOT_BEFORE, ISSUED_AT = 1, 4, 5, 6
KIND, NUMBER, PHOTO = -70002, -70005, -70006
PHOTO_BYTES = 8


class NotAPaper(ValueError):
    """A text that is no paper of ours. `reason` is one of: form, key, signature, claims."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason


@dataclass(frozen=True)
class PaperToken:
    """What the square of a paper says. A letter has no last day."""

    issuer: str
    kind: str
    number: str
    valid_from: date
    valid_until: date | None
    issued_at: datetime
    photo: bytes

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


def sign(token: PaperToken, key: Ed25519PrivateKey, key_id: bytes, zone: ZoneInfo) -> str:
    """The text of the QR code. Days begin and end at midnight of the country; the last day is included."""
    claims = {
        ISSUER: token.issuer,
        NOT_BEFORE: _midnight(token.valid_from, zone),
        ISSUED_AT: int(token.issued_at.timestamp()),
        KIND: token.kind,
        NUMBER: token.number,
    }
    if token.valid_until:
        claims[EXPIRES] = _midnight(token.valid_until + timedelta(days=1), zone)
    if token.photo:
        claims[PHOTO] = token.photo
    protected = cbor2.dumps({ALGORITHM: EDDSA, KEY_ID: key_id}, canonical=True)
    payload = cbor2.dumps(claims, canonical=True)
    signature = key.sign(_to_be_signed(protected, payload))
    return (
        PREFIX + base45.b45encode(cbor2.dumps(cbor2.CBORTag(SIGN1_TAG, [protected, {}, payload, signature]))).decode()
    )


def read(text: str, keys: Mapping[bytes, Ed25519PublicKey], zone: ZoneInfo) -> PaperToken:
    """The paper that the text speaks of, if one of the keys (by key id) signed it. Needs no network and no database."""
    text = text.strip().replace("\r", "").replace("\n", "").replace("\t", "") if len(text) <= LONGEST else ""
    if not text.startswith(PREFIX):
        raise NotAPaper("form", f"the text does not begin with {PREFIX}")
    try:
        message = cbor2.loads(base45.b45decode(text.removeprefix(PREFIX)))
        protected, unprotected, payload, signature = _parts(message)
        headers = cbor2.loads(protected)
        if set(headers) != {ALGORITHM, KEY_ID} or headers[ALGORITHM] != EDDSA or unprotected != {}:
            raise NotAPaper("form", "the text is signed in a way that papers are not")
        key_id = headers[KEY_ID]
        if not isinstance(key_id, bytes):
            raise NotAPaper("form", "the text names its key in another form")
        key = keys.get(key_id)
    except NotAPaper:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, cbor2.CBORDecodeError) as error:
        raise NotAPaper("form", f"the text is damaged or cut short ({type(error).__name__})") from None
    if key is None:
        raise NotAPaper("key", f"no key known here signed it; it was signed by key {key_id.hex()}")
    try:
        key.verify(signature, _to_be_signed(protected, payload))
    except InvalidSignature:
        raise NotAPaper("signature", "the signature does not hold: the text was changed") from None
    return _from_claims(payload, zone)


def _parts(message: object) -> tuple[bytes, dict, bytes, bytes]:
    if not isinstance(message, cbor2.CBORTag) or message.tag != SIGN1_TAG:
        raise NotAPaper("form", "the text holds no signed message")
    protected, unprotected, payload, signature = message.value
    for part in (protected, payload, signature):
        if not isinstance(part, bytes):
            raise NotAPaper("form", "the signed message is not in its form")
    return protected, unprotected, payload, signature


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """RFC 9052 section 4.4: what a Sign1 signature covers."""
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _from_claims(payload: bytes, zone: ZoneInfo) -> PaperToken:
    try:
        claims = cbor2.loads(payload)
        return PaperToken(
            issuer=claims[ISSUER],
            kind=claims[KIND],
            number=claims[NUMBER],
            valid_from=datetime.fromtimestamp(claims[NOT_BEFORE], zone).date(),
            valid_until=(
                datetime.fromtimestamp(claims[EXPIRES], zone).date() - timedelta(days=1) if EXPIRES in claims else None
            ),
            issued_at=datetime.fromtimestamp(claims[ISSUED_AT], UTC),
            photo=claims.get(PHOTO, b""),
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError, cbor2.CBORDecodeError):
        raise NotAPaper("claims", "the signature holds, but this is not a paper: a claim is missing") from None


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
