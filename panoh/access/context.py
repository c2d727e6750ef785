"""The signed context: tells the database, once per transaction, for whom it works.

`acting(actor)` opens a transaction and sets `panoh.context` LOCAL to it: the facts that the policies need, with an
HMAC (RFC 2104, SHA-256) over them. The database function `access_context()` checks the HMAC with a key that the
app role cannot read, so an injected `SELECT set_config('panoh.context', …)` yields no rows at all. The facts carry
the backend's process id and an end, so a context taken from a log opens nothing on another connection.

The facts also say in whose name the ledger takes entries: those of a member alone, or (`acting_as_system`) none but
those of the kinds that are named.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

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
    "ledger.detail.erase",
    "access.organisation.add",
    "access.member.add",
    "access.member.end",
    "access.account.renew",
    "access.agreement.sign",
    "access.agreement.end",
    "protection.incident.report",
    "protection.incident.read",
    "protection.intervention.read",
    "protection.supervision.read",
    "referrals.referral.read",
    "library.document.read",
    "library.document.take_in",
    "library.document.settle",
    "library.restricted.read",
    "library.paragraph.redact",
    "procedures.feast.propose",
    "procedures.feast.confirm",
)

BLOCK = 64  # SHA-256 block, RFC 2104 §2
# Held against the start of the transaction, which the context is signed in; as much as clocks may differ (ledger_append).
LIFETIME_SECONDS = 300


def context_key() -> bytes:
    """The key, derived from the installation's secret; `panoh migrate` puts its padded halves into the database."""
    return hashlib.sha256(b"panoh access context\x00" + settings.SECRET_KEY.encode()).digest()


def padded_key(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer pad of RFC 2104, made here because PostgreSQL has sha256() but no HMAC."""
    block = key.ljust(BLOCK, b"\x00")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def facts_of(actor: Actor) -> dict:
    """What the policies of `access.rls` ask about the actor; the same rule as `access.scope`.

    `actor`, `organisation`, `role` and `purpose` are who signs entries; `member`, `own` and `receiver` are whose files
    are seen, and empty for a role that sees none.
    """
    own = actor.organisation_id if actor.scope in (roles.SCOPE_ORGANISATION, roles.SCOPE_OFFICE) else None
    sees_files = actor.scope != roles.SCOPE_NONE
    return {
        "actor": str(actor.member_id),
        "organisation": str(actor.organisation_id),
        "office": str(actor.office_id) if actor.office_id else None,
        "kind": actor.organisation_kind,
        "role": actor.role,
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


def sign(facts: dict, backend_pid: int) -> str:
    """The text of `panoh.context` for one connection, from now until LIFETIME_SECONDS later."""
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
        before = "" if outermost else _current(connection)
        _set(connection, sign(facts, connection.connection.info.backend_pid))
        yield
        # A nested `acting` gives the outer context back; an outermost one ends with its transaction, to which the
        # setting is LOCAL. Where the block raises, the rollback to the savepoint undoes the setting too.
        if not outermost and not connection.needs_rollback:
            _set(connection, before)


def _current(connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('panoh.context', true)")
        return cursor.fetchone()[0] or ""


def _set(connection, value: str) -> None:
    # The server binds the value (project.database); spliced into the statement it would be shown to every session of the
    # role (pg_stat_activity), and could be used in a later transaction of the same connection.
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('panoh.context', %s, true)", [value])


@contextmanager
def acting(actor: Actor, using: str = "default") -> Iterator[Actor]:
    """One transaction in which the database shows what `actor` may see, and takes entries in the actor's name.

    Pages, commands and jobs enter here.
    """
    with _entered(facts_of(actor), using):
        yield actor


@contextmanager
def acting_without_member(
    reason: str, records: Sequence[str], about: Sequence[UUID] | None = None, using: str = "default"
) -> Iterator[None]:
    """One transaction that sees no file, and may record these kinds in nobody's name: where no member acts.

    With `about`, only entries about these subjects: a password is changed by its account, which may be several members.
    The tests keep the list of the callers.
    """
    facts = {"reason": reason, "records": list(records)}
    if about is not None:
        facts["about"] = [str(subject) for subject in about]
    with _entered(facts, using):
        yield


@contextmanager
def acting_as_system(reason: str, using: str = "default", records: Sequence[str] = ()) -> Iterator[None]:
    """One transaction that sees every file: for verification, migration of keys and loading, never for a page.

    `reason` is part of the signed facts so that it stands in the server's statement log. A test holds that no
    view module names this function. `records` as above; only tests, which fill a register, name any.
    """
    facts = {"everything": True, "reason": reason, "clearance": 9, "records": list(records)}
    with _entered(facts, using):
        yield
