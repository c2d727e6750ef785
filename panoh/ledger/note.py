"""Signed checkpoints: the root of the tree on one small page that anyone can keep, print or mail.

The format is that of transparency logs (C2SP signed-note and tlog-checkpoint), so that witnesses with other software
can check and countersign ours: origin, size, root in base64, one line with the time, an empty line, signatures.
The time stands inside what is signed: an entry that claims to be older than a checkpoint made before it is found out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"  # signature type of C2SP signed-note
SIGNATURE_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")
TIME_LINE = re.compile(r"time (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{6})?Z)")
SIZE_LINE = re.compile(r"0|[1-9][0-9]{0,18}")


class NotACheckpoint(ValueError):
    """A text that is not a checkpoint, or whose signature does not hold; the message says which and why."""


@dataclass(frozen=True)
class Checkpoint:
    """What a ledger vouches for at one moment: this many entries, with this root."""

    origin: str
    size: int
    root: bytes
    signed_at: datetime

    def text(self) -> str:
        signed_at = self.signed_at.astimezone(UTC).replace(tzinfo=None)
        return (
            f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"
            f"time {signed_at.isoformat(timespec='microseconds')}Z\n"
        )


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class VerifierKey:
    """The public half of a key with its name, in the form that witnesses exchange: name+id+key."""

    name: str
    public: Ed25519PublicKey

    @property
    def key_id(self) -> bytes:
        return key_id(self.name, self.public)

    def text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + raw(self.public)).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        name, _, rest = text.strip().partition("+")
        told_id, _, blob = rest.partition("+")
        try:
            data = base64.b64decode(blob, validate=True)
            if data[:1] != ED25519:
                raise ValueError("not an Ed25519 key")
            key = cls(name, Ed25519PublicKey.from_public_bytes(data[1:]))
        except (binascii.Error, ValueError) as error:
            raise NotACheckpoint(f"this is not a verifier key: {error}") from None
        if not name or key.key_id.hex() != told_id:
            raise NotACheckpoint("the verifier key's id does not belong to its name and key")
        return key


def raw(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + raw(public)).digest()[:4]


def sign(checkpoint: Checkpoint, *, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note. The signature covers the text up to and with its last newline."""
    if "\n" in checkpoint.origin or not checkpoint.origin or re.search(r"[\s+]", name) or not name:
        raise ValueError("a note's origin is one line, and a key's name has no space or plus sign")
    text = checkpoint.text()
    blob = base64.b64encode(key_id(name, key.public_key()) + key.sign(text.encode())).decode()
    return f"{text}\n— {name} {blob}\n"


def parse(note: str) -> tuple[Checkpoint, list[Signature]]:
    """Read a signed note without judging its signatures."""
    text, separator, signature_lines = note.partition("\n\n")
    if not separator or not signature_lines.endswith("\n"):
        raise NotACheckpoint("there is no signature under the text")
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or not SIZE_LINE.fullmatch(lines[1]):
        raise NotACheckpoint("origin, size, root and time do not stand in the first four lines")
    time_line = TIME_LINE.fullmatch(lines[3])
    if len(lines) != 4 or time_line is None:
        raise NotACheckpoint("the fourth line does not tell the time of signing")
    try:
        tree_root = base64.b64decode(lines[2], validate=True)
        signed_at = datetime.fromisoformat(time_line[1])
    except (binascii.Error, ValueError):
        raise NotACheckpoint("the root or the time cannot be read") from None
    if len(tree_root) != 32:
        raise NotACheckpoint("the root is not a SHA-256 hash")
    signatures = []
    for line in signature_lines[:-1].split("\n"):
        match = SIGNATURE_LINE.fullmatch(line)
        if match is None:
            raise NotACheckpoint("a line below the text is not a signature")
        try:
            blob = base64.b64decode(match["blob"], validate=True)
        except binascii.Error:
            raise NotACheckpoint("a signature cannot be read") from None
        if len(blob) < 5:
            raise NotACheckpoint("a signature is too short")
        signatures.append(Signature(match["name"], blob[:4], blob[4:]))
    checkpoint = Checkpoint(lines[0], int(lines[1]), tree_root, signed_at)
    if checkpoint.text() != f"{text}\n":
        raise NotACheckpoint("the text is not written the way checkpoints are")
    return checkpoint, signatures


def open_note(note: str, keys: list[VerifierKey]) -> Checkpoint:
    """The checkpoint, if one of the keys signed it. Signatures of unknown keys are passed over, as the format asks."""
    checkpoint, signatures = parse(note)
    known = {(key.name, key.key_id): key for key in keys}
    for signature in signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        try:
            key.public.verify(signature.signature, checkpoint.text().encode())
        except InvalidSignature:
            raise NotACheckpoint(f"the signature of {key.name} does not hold: the text was changed") from None
        return checkpoint
    signers = ", ".join(f"{signature.name} (key {signature.key_id.hex()})" for signature in signatures)
    raise NotACheckpoint(f"no key known here signed it; it was signed by {signers}")
