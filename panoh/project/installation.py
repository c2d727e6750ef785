"""Where this installation keeps its own state, and the one secret from which its other secrets are derived.

The state directory (`PANOH_STATE`, else `.panoh` beside the code) holds what is made on this machine: the embedded
PostgreSQL, keys, built translations. Its secret may instead come from `PANOH_SECRET_KEY`, for installations whose
secrets are kept elsewhere.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from panoh.project.problems import SetupProblem

ROOT = Path(__file__).resolve().parent.parent.parent
MODES = ("production", "demo", "test")
SHORTEST_SECRET = 32


def state_directory() -> Path:
    return Path(os.environ.get("PANOH_STATE") or ROOT / ".panoh").absolute()


def mode() -> str:
    chosen = os.environ.get("PANOH_MODE", "production")
    if chosen not in MODES:
        raise SetupProblem(
            "setup.mode.unknown",
            f"PANOH_MODE is {chosen!r}.",
            f"Known modes are {', '.join(MODES)}.",
            "Set one of them.",
        )
    return chosen


@functools.cache
def installation_secret() -> bytes:
    """The secret of this installation: from PANOH_SECRET_KEY, else a file that is made once and never shown."""
    given = os.environ.get("PANOH_SECRET_KEY")
    if given is not None:
        if len(given) < SHORTEST_SECRET:
            raise SetupProblem(
                "setup.secret.too_short",
                "PANOH_SECRET_KEY is too short.",
                f"Everything that is signed here hangs on it; it needs at least {SHORTEST_SECRET} characters.",
                "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
            )
        return given.encode()
    return read_or_make_secret(state_directory() / "secret")


def read_or_make_secret(path: Path) -> bytes:
    """Read the secret kept at `path`; make it on first use. Two processes that start together agree on one."""
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        raise SetupProblem(
            "setup.secret.unreadable",
            f"The secret of this installation ({path}) cannot be read.",
            "It belongs to the user who made it.",
            "Run as that user, or name another state directory with PANOH_STATE.",
        ) from None
    pending = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(pending, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was first: then its secret is the one read below
        os.link(pending, path)
    pending.unlink()
    return path.read_bytes().strip()


def derived_secret(purpose: str) -> str:
    """A secret for one purpose: knowing it tells nothing about the others. Stable as long as the installation's is."""
    return hmac.new(installation_secret(), purpose.encode(), hashlib.sha256).hexdigest()
