"""The signed context: tells the database, once per transaction, for whom it works.

`acting(actor)` opens a transaction and sets `panoh.context` LOCAL to it: the facts that the policies need, with an
HMAC (RFC 2104, SHA-256) over them. The database function `access_context()` checks the HMAC with a key that the
app role cannot read, so an injected `SELECT set_config('panoh.context', …)` yields no rows at all. The facts carry
the backend's process id and an end, so a context taken from a log opens nothing on another connection.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections, transaction

from panoh.access import roles
from panoh.access.actor import Actor
from panoh.access.verbs import get_verb

# Verbs that functions of the database ask for before they answer beyond the actor's own files.
ASKED_BY_FUNCTIONS = (
    "access.file.override",
    "registry.household.register",
    "registry.birth.record",
    "registry.import.take",
)

BLOCK = 64  # SHA-256 block, RFC 2104 §2
LIFETIME_SECONDS = 3600


def context_key() -> bytes:
    """The key, derived from the installation's secret; `panoh migrate` puts its padded halves into the database."""
    return hashlib.sha256(b"panoh access context\x00" + settings.SECRET_KEY.encode()).digest()


def padded_key(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer pad of RFC 2104, made here because PostgreSQL has sha256() but no HMAC."""
    block = key.ljust(BLOCK, b"\x00")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def facts_of(actor: Actor) -> dict:
    """What the policies of `access.rls` ask about the actor; the same rule as `access.scope`."""
    own = actor.organisation_id if actor.scope in (roles.SCOPE_ORGANISATION, roles.SCOPE_OFFICE) else None
    sees_files = actor.scope != roles.SCOPE_NONE
    return {
        "member": str(actor.member_id) if sees_files else None,
        "receiver": str(actor.organisation_id) if sees_files else None,
        "own": str(own) if own else None,
        "offices": None if actor.office_ids is None else [str(o) for o in actor.office_ids],
        "open": [str(o) for o in actor.open_organisations] if sees_files else [],
        "agreements": [str(a) for a in actor.agreement_ids] if sees_files else [],
        "purpose": actor.purpose,
        "clearance": actor.clearance,
        "classes": sorted(actor.classes),
        "verbs": [name for name in ASKED_BY_FUNCTIONS if actor.role in get_verb(name).roles],
        "custodians": {name: [str(o) for o in ids] for name, ids in actor.custodians.items()},
    }


def write_context_key(*, using: str, **_signal: object) -> None:
    """Give the database the key of this installation. Runs after each migration, as the owner."""
    inner, outer = padded_key(context_key())
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('access_contextkey')")
        if cursor.fetchone()[0] is None:  # migrated back to before this room had tables
            return
        cursor.execute(
            "INSERT INTO access_contextkey (id, inner_pad, outer_pad) VALUES (1, %s, %s) "
            "ON CONFLICT (id) DO UPDATE SET inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
            [inner, outer],
        )


def _sign(facts: dict, backend_pid: int) -> str:
    body = json.dumps(
        {**facts, "pid": backend_pid, "until": int(time.time()) + LIFETIME_SECONDS}, separators=(",", ":")
    )
    return hmac.new(context_key(), body.encode(), hashlib.sha256).hexdigest() + ":" + body


@contextmanager
def _entered(facts: dict, using: str) -> Iterator[None]:
    connection = connections[using]
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=using):
        connection.ensure_connection()
        with connection.cursor() as cursor:
            before = "" if outermost else _current(cursor)
            _set(cursor, _sign(facts, connection.connection.info.backend_pid))
        yield
        # A nested `acting` gives the outer context back; an outermost one ends with its transaction, to which the
        # setting is LOCAL. Where the block raises, the rollback to the savepoint undoes the setting too.
        if not outermost and not connection.needs_rollback:
            with connection.cursor() as cursor:
                _set(cursor, before)


def _current(cursor) -> str:
    cursor.execute("SELECT current_setting('panoh.context', true)")
    return cursor.fetchone()[0] or ""


def _set(cursor, value: str) -> None:
    cursor.execute("SELECT set_config('panoh.context', %s, true)", [value])


@contextmanager
def acting(actor: Actor, using: str = "default") -> Iterator[Actor]:
    """One transaction in which the database shows what `actor` may see. Pages, commands and jobs enter here."""
    with _entered(facts_of(actor), using):
        yield actor


@contextmanager
def acting_as_system(reason: str, using: str = "default") -> Iterator[None]:
    """One transaction that sees every file: for verification, migration of keys and loading, never for a page.

    `reason` is part of the signed facts so that it stands in the server's statement log. A test holds that no
    view module names this function.
    """
    with _entered({"everything": True, "reason": reason, "clearance": 9}, using):
        yield
