"""The ledger's Ed25519 keys: one each for checkpoints, receipts and papers, so that losing one does not lose all.

A key is made once, on first use, and never overwritten; its file can be read by its owner alone. The public halves lie
beside them in the form that witnesses exchange. Where keys are kept in a safe instead, the settings name its directory.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from panoh.ledger.note import VerifierKey, raw

PURPOSES = ("checkpoint", "receipt", "papers")


class KeyNotUsable(RuntimeError):
    """A key file that cannot be trusted or read; the message says what to do."""


def private_key(purpose: str, directory: Path) -> Ed25519PrivateKey:
    """The private key for one purpose, made on first use."""
    if purpose not in PURPOSES:
        raise ValueError(f"there is no key for {purpose!r}; there are {', '.join(PURPOSES)}")
    return _private_key(purpose, Path(directory))


@functools.cache
def _private_key(purpose: str, directory: Path) -> Ed25519PrivateKey:
    path = directory / f"{purpose}.key"
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise KeyNotUsable(f"{path} can be read by others (mode {mode:o}); set it to 600, and consider the key known")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise KeyNotUsable(f"{path} holds no private key: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyNotUsable(f"{path} holds a key of another kind than Ed25519")
    return key


def _make(path: Path) -> None:
    """Write a new key so that no crash leaves half of one, and no race replaces one that is in use."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pending = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # somebody else made it first: theirs is the key
        os.link(pending, path)
    pending.unlink()


def verifier_key(purpose: str, directory: Path, name: str) -> VerifierKey:
    return VerifierKey(name, private_key(purpose, directory).public_key())


@functools.cache
def public_key_id(purpose: str, directory: Path) -> bytes:
    """Eight bytes that tell keys of the same purpose apart in a receipt or on a paper."""
    return hashlib.sha256(raw(private_key(purpose, directory).public_key())).digest()[:8]


def list_public_keys(directory: Path, origin: str) -> dict[str, str]:
    """Purpose → public key, for witnesses and for those who check papers; safe to publish.

    Checkpoints are signed under the ledger's own name, as C2SP tlog-checkpoint asks; the other keys under names below it.
    """
    names = {purpose: origin if purpose == "checkpoint" else f"{origin}/{purpose}" for purpose in PURPOSES}
    return {purpose: verifier_key(purpose, directory, name).text() for purpose, name in names.items()}
