"""How fast `panoh ledger verify` reads, beside the least that any verifier must do.

    bin/python benchmarks/ledger_verify.py [--entries 200000]

The peer, in the same run on the same entries: COPY every body out of PostgreSQL in the order of the numbers and hash it
with SHA-256, and nothing else. The limit to reach: 50,000 entries a second. Makes a database of its own, and drops it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["PANOH_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must be set up first
from django.db import connections  # noqa: E402
from psycopg import sql  # noqa: E402

from panoh.kernel.ids import new_id  # noqa: E402
from panoh.ledger import bulk, sequencer, verification  # noqa: E402
from panoh.ledger.composition import compose  # noqa: E402
from panoh.project import database, migrating  # noqa: E402

LIMIT = 50_000
BATCH = 10_000
REGISTRATION_OF = 5  # one entry in so many registers a household of five; the others are single steps of a case


class Clerk:
    member_id, organisation_id, role, purpose = uuid4(), uuid4(), "registration_clerk", "asylum"


def entry(at: int):
    registers = at % REGISTRATION_OF == 0
    household, persons = uuid4(), [uuid4() for _ in range(5)]
    given = {
        "entry_id": new_id(),
        "recorded_at": datetime.now(UTC),
        "by": Clerk,
        "occurred_on": date(2025, 6, 2),
        "legal_basis": ["refugee_law/7"],
    }
    if not registers:
        return compose(
            **given, kind="asylum.interviewed", subjects=[household], payload={"case": uuid4(), "action": "interview"}
        )
    return compose(
        **given,
        kind="registry.household.registered",
        subjects=[household, *persons],
        payload={"entry_point": "TJ-KT", "persons": persons},
        detail={"persons": [{"given": "Муҳаммад", "family": "Наимов", "birth": "1990"} for _ in persons]},
        digests={person: {"sex": "F", "birth": "1990-03-21", "names": ["Муҳаммад Наимов"]} for person in persons},
    )


@contextmanager
def database_of_its_own():
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    target = replace(settings.DATABASE_TARGET, name=f"panoh_benchmark_{os.getpid()}")
    settings.DATABASE_TARGET = target
    for alias in settings.DATABASES:
        settings.DATABASES[alias]["NAME"] = connections[alias].settings_dict["NAME"] = target.name
    try:
        database.make_ready(target)
        migrating.migrate_tables()
        yield target
    finally:
        connections.close_all()
        with target.cluster.connect() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(target.name)))
        lease.give_back()


def fill(target, count: int) -> None:
    with target.connect(target.roles.owner) as owner:
        for start in range(0, count, BATCH):
            with owner.transaction(), owner.cursor() as cursor:
                bulk.write_entries(cursor, [entry(at) for at in range(start, min(start + BATCH, count))])
            print(f"\r{min(start + BATCH, count):,} of {count:,} entries written", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        sequencer.sequence(batch=5000)
        sequencer.checkpoint()
        owner.execute("VACUUM ANALYZE")


def bare_loop(target) -> float:
    """The least: every body out of the database, hashed once."""
    started = time.perf_counter()
    with (
        target.connect(target.roles.owner) as owner,
        owner.cursor() as cursor,
        cursor.copy(
            "COPY (SELECT convert_to(e.body, 'UTF8') FROM ledger_leaf l JOIN ledger_entry e ON e.id = l.entry_id"
            " ORDER BY l.seq) TO STDOUT (FORMAT BINARY)"
        ) as copy,
    ):
        copy.set_types(["bytea"])
        for (body,) in copy.rows():
            hashlib.sha256(b"\x00" + body).digest()
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=200_000)
    count = parser.parse_args().entries
    with database_of_its_own() as target:
        fill(target, count)
        rounds = []
        for _ in range(3):
            bare, found = bare_loop(target), verification.verify(register_too=False)
            assert found.fits and found.size == count, [str(finding) for finding in found.findings]
            rounds.append((found.seconds, bare))
            print(
                f"verify {count / found.seconds:>9,.0f} entries/s   bare COPY + SHA-256 {count / bare:>9,.0f} entries/s"
                f"   ratio {bare / found.seconds:.2f}"
            )
    best, bare = min(rounds)[0], min(bare for _, bare in rounds)
    reached = count / best >= LIMIT
    print(f"load of the machine while measuring: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(
        f"best of three: {count / best:,.0f} entries/s, {bare / best:.2f} of the bare loop;"
        f" limit {LIMIT:,} entries/s: {'reached' if reached else 'NOT reached'}"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
