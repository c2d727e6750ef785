"""How long the pages of daily work take in a large register, beside the limit of 60 ms at the 95th percentile.

    PANOH_STATE=/tmp/large bin/demo --persons 100000 --no-serve      # makes some 100,000 records
    PANOH_STATE=/tmp/large .panoh/venv/bin/python benchmarks/pages.py [--requests 200]

Server time of whole requests (middleware, row-level security, rendering) on random files, in one process. Beside each:
processor time of web and database (on a busy machine the only figure that holds), statements to the database, size over
the wire (compressed), and the ratio to the peer of the same run, a bare read of one household with its members by psycopg.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from processor_time import cpu_of_trees, postmaster  # noqa: E402

from panoh.access.context import acting_as_system  # noqa: E402
from panoh.access.models import Member  # noqa: E402
from panoh.procedures.models import Case  # noqa: E402
from panoh.project import database  # noqa: E402
from panoh.registry.models import Household, Name, Person  # noqa: E402

LIMIT_MS = 60.0
MOST_STATEMENTS = 30
SAMPLE = 400


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def client_of(role: str) -> Client:
    member = Member.objects.filter(role=role, valid_to__isnull=True).select_related("account").order_by("id").first()
    client = Client(headers={"accept-encoding": "identity", "host": "localhost"})
    client.force_login(member.account, backend="panoh.access.sign_in.AccountBackend")
    session = client.session
    session["member_id"] = str(member.pk)
    session["seen_at"] = int(time.time())
    session.save()
    return client


def measure(name: str, client: Client, address: Callable[[], str], requests: int, peer_ms: float) -> bool:
    for _ in range(5):
        client.get(address())
    times, web, statements, sizes, bad = [], [], [], [], 0
    database_pid = postmaster()
    database_before = cpu_of_trees([database_pid])
    for number in range(requests):
        where = address()
        if number % 10 == 0:
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(where)
            statements.append(len(captured))
            sizes.append(len(gzip.compress(answer.content)))
        else:
            start, started = time.perf_counter(), time.thread_time()
            answer = client.get(where)
            web.append((time.thread_time() - started) * 1000)
            times.append((time.perf_counter() - start) * 1000)
        bad += answer.status_code >= 400
    in_database = (cpu_of_trees([database_pid]) - database_before) * 1000 / requests
    p50, p95 = statistics.median(times), percentile(times, 0.95)
    kept = p95 <= LIMIT_MS and max(statements) <= MOST_STATEMENTS and not bad
    print(
        f"{name:<12} p50 {p50:6.1f} ms   p95 {p95:6.1f} ms = {p95 / LIMIT_MS:4.2f} of the limit, {p95 / peer_ms:5.1f} x the bare read"
        f"   processor {statistics.median(web):5.1f} + {in_database:5.1f} ms"
        f"   statements <= {max(statements):3}   {max(sizes) / 1024:5.1f} KB   {'kept' if kept else 'NOT KEPT'}"
        + (f"   {bad} refused" if bad else "")
    )
    return kept


def bare_reads(ids: list, requests: int) -> float:
    """The peer: one household with members and names, as the owner of nothing but a prepared statement. p95 in ms."""
    target = settings.DATABASE_TARGET
    times = []
    with target.connect(target.roles.app) as bare, bare.transaction():
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
        for household in random.sample(ids, min(requests, len(ids))):
            start = time.perf_counter()
            bare.execute("SELECT * FROM registry_household WHERE id = %s", [household]).fetchall()
            bare.execute("SELECT * FROM registry_person WHERE household_id = %s", [household]).fetchall()
            bare.execute(
                "SELECT n.* FROM registry_name n JOIN registry_person p ON p.id = n.person_id WHERE p.household_id = %s",
                [household],
            ).fetchall()
            times.append((time.perf_counter() - start) * 1000)
    return percentile(times, 0.95)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    call_command("collectstatic", interactive=False, verbosity=0)  # `panoh serve` does it at its start
    try:
        with acting_as_system("choosing files for a measurement"):
            persons = Person.objects.count()
            people = list(Person.objects.order_by("?").values_list("number", flat=True)[:SAMPLE])
            files = list(Household.objects.order_by("?").values_list("id", "number")[:SAMPLE])
            cases = list(Case.objects.order_by("?").values_list("number", flat=True)[:SAMPLE])
            names = [name.as_person_name().display() for name in Name.objects.order_by("?")[:SAMPLE]]
        print(f"{persons:,} persons in the register; {arguments.requests} requests a page")
        peer = bare_reads([pk for pk, _number in files], arguments.requests)
        print(f"bare read    p95 {peer:6.2f} ms")
        protection, officer = client_of("protection_officer"), client_of("eligibility_officer")
        supervisor = client_of("registration_supervisor")
        kept = [
            measure("person", protection, lambda: f"/persons/{random.choice(people)}", arguments.requests, peer),
            measure(
                "household", protection, lambda: f"/households/{random.choice(files)[1]}", arguments.requests, peer
            ),
            measure("case", protection, lambda: f"/cases/{random.choice(cases)}", arguments.requests, peer),
            measure("work list", officer, lambda: "/work", arguments.requests, peer),
            measure("search", protection, lambda: f"/search?q={random.choice(names)}", arguments.requests, peer),
            measure("duplicates", supervisor, lambda: "/duplicates", arguments.requests, peer),
        ]
    finally:
        if lease is not None:
            lease.give_back()
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
