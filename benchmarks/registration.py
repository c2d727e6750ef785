"""How fast households are registered, beside bare inserts of the same rows in the same run.

    PANOH_STATE=/tmp/bench .panoh/venv/bin/python benchmarks/registration.py [--households 400] [--clients 16]

Three measurements on one database, which is made if it is missing. Before the first and the second the names in it are
counted, which a server does every hour, and its tables analysed, which PostgreSQL does every minute. (1) The operation
alone, in one process. (2) Over HTTP: a server is started, so many clients send the registration page of five-person households at once, with all checks,
row-level security, ledger and receipt; some pages are sent twice at the same moment. (3) The peer: the rows of those very
households, read back and inserted with bare psycopg into copies of the tables with their indexes and checks, but without
foreign keys, triggers, row-level security and ledger, by as many clients, one transaction for each household.

Printed: households per second, the ratio of (2) to (3) (limit: at least 10 %), processor time of web and database for
each household from /proc (limit: 20 ms), the 99th percentile (limit: 500 ms), and how many were lost or doubled (0).
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from made_families import ATTESTED, Attested, Unseen, as_form, as_registration, family  # noqa: E402
from processor_time import cpu_of_trees, postmaster  # noqa: E402
from psycopg import sql  # noqa: E402

from panoh.access.context import acting, acting_as_system  # noqa: E402
from panoh.access.models import Account, Member, Office, Organisation  # noqa: E402
from panoh.access.queries import actor_for  # noqa: E402
from panoh.kernel.ids import new_id  # noqa: E402
from panoh.ledger.operations import record  # noqa: E402
from panoh.project import database  # noqa: E402
from panoh.project.migrating import migrate  # noqa: E402
from panoh.registry.models import Household  # noqa: E402
from panoh.registry.nameindex import count_bearers  # noqa: E402
from panoh.registry.operations import register_household  # noqa: E402

WARM = 200  # households before the measured ones: each web process then knows common names, as after an hour of work
LEAST_RATIO, MOST_CPU_MS, MOST_P99_MS = 0.10, 20.0, 500.0
SINCE = date(2015, 1, 1)
TAGS = re.compile(r"<[^>]+>|\s+")
# Rows of one household by table, each with the column that leads to the household's or a person's id.
OF_HOUSEHOLD = ("residence", "consent", "location")
OF_PERSON = ("name", "membership", "paperheld", "need", "profile", "facts")


# -- who registers ----------------------------------------------------------------------------------------------------


def find_or_make_clerk() -> Member:
    clerk = Member.objects.filter(role="registration_clerk", valid_to__isnull=True).order_by("id").first()
    if clerk is not None:
        return clerk
    with acting_as_system("a clerk for measuring", records=["bench.clerk.made"]):
        titles = dict.fromkeys(("en", "ru", "tg", "prs"), "Bench")
        organisation = Organisation.objects.create(
            code="bench", kind="authority", country="TJK", titles=titles, valid_from=SINCE
        )
        office = Office.objects.create(
            organisation=organisation, code="bench", prefix="901", titles=titles, place="3507223", valid_from=SINCE
        )
        account = Account.objects.create_user("bench", password=secrets.token_urlsafe(20), name="Bench")
        clerk = Member.objects.create(
            account=account, organisation=organisation, office=office, role="registration_clerk", valid_from=SINCE
        )
        made = [row.pk for row in (organisation, office, account, clerk)]
        record(by=None, kind="bench.clerk.made", subjects=made, payload={}, occurred_on=timezone.localdate())
    return clerk


def cookies_of(clerk: Member) -> str:
    client = Client(headers={"host": "localhost"})
    client.force_login(clerk.account, backend="panoh.access.sign_in.AccountBackend")
    session = client.session
    session["member_id"], session["seen_at"] = str(clerk.pk), int(time.time())
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def look_after_database() -> None:
    target = settings.DATABASE_TARGET
    with target.connect(target.roles.owner) as owner:
        count_bearers(owner)
    with target.connect(target.roles.owner) as owner:
        owner.execute("ANALYZE")


# -- measurements -----------------------------------------------------------------------------------------------------


@dataclass
class Result:
    seconds: float = 0.0
    cpu_web: float = 0.0
    cpu_database: float = 0.0
    times: list[float] = field(default_factory=list)
    confirmed: list[uuid.UUID] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    asked_again: int = 0

    @property
    def rate(self) -> float:
        return len(self.confirmed) / self.seconds


def in_parallel(clients: int, work: Callable[[int], None]) -> float:
    threads = [threading.Thread(target=work, args=(index,)) for index in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def measure_operation(clerk: Member, households: int, names: Unseen | Attested, chance: random.Random) -> Result:
    result = Result()
    registrations = [
        as_registration(family(chance, names), clerk.office_id, timezone.localdate()) for _ in range(households + 10)
    ]
    database_pid = postmaster()
    for number, registration in enumerate(registrations):
        if number == 10:  # the first ones warm caches and plans
            result.times.clear()
            result.confirmed.clear()
            web, base, start = time.process_time(), cpu_of_trees([database_pid]), time.perf_counter()
        submission = new_id()
        began = time.perf_counter()
        with acting(actor_for(clerk)) as actor:
            register_household(by=actor, registration=registration, submission_id=submission)
        result.times.append(time.perf_counter() - began)
        result.confirmed.append(submission)
    result.seconds = time.perf_counter() - start
    result.cpu_web = time.process_time() - web
    result.cpu_database = cpu_of_trees([database_pid]) - base
    return result


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def measure_http(
    clerk: Member, households: int, clients: int, workers: int, names: Unseen | Attested, chance: random.Random
) -> Result:
    """Every client keeps its connection; one household in twenty is sent a second time at the same moment."""
    port, result, lock = free_port(), Result(), threading.Lock()
    server = subprocess.Popen(
        [sys.executable, "-m", "panoh", "serve", "--port", str(port), "--workers", str(workers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        session, token = cookies_of(clerk), secrets.token_hex(16)
        headers = {
            "Cookie": f"{session}; {settings.CSRF_COOKIE_NAME}={token}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Host": "localhost",
        }
        await_server(port, headers)
        queue = [(new_id(), family(chance, names)) for _ in range(households)]
        warm = [(new_id(), family(chance, names)) for _ in range(WARM)]

        def send(link: http.client.HTTPConnection, submission: uuid.UUID, persons: list, log: Result | None) -> None:
            fields = as_form(persons, submission, token, timezone.localdate())
            for _ in range(2):  # the page asks once to look again where somebody may be registered already
                began = time.perf_counter()
                link.request("POST", "/households/register", urllib.parse.urlencode(fields), headers)
                answer = link.getresponse()
                page = answer.read().decode()
                taken = time.perf_counter() - began
                seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
                if log is not None:
                    with lock:
                        log.times.append(taken)
                        log.asked_again += bool(seen)
                        if answer.status == 200 and not seen:
                            log.confirmed.append(submission)
                        elif answer.status != 200:
                            log.refused.append(f"{answer.status} {TAGS.sub(' ', page)[:300]}")
                if not seen or answer.status != 200:
                    return
                fields["seen"] = seen[1]

        def client(source: list, log: Result | None) -> Callable[[int], None]:
            def run(index: int) -> None:
                link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                while True:
                    with lock:
                        if not source:
                            return
                        submission, persons = source.pop()
                    twice = log is not None and submission.int % 20 == 0
                    if twice:
                        other = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                        again = threading.Thread(target=send, args=(other, submission, persons, None))
                        again.start()
                    send(link, submission, persons, log)
                    if twice:
                        again.join()

            return run

        in_parallel(clients, client(warm, None))
        database_pid = postmaster()
        web, base = cpu_of_trees([server.pid]), cpu_of_trees([database_pid])
        result.seconds = in_parallel(clients, client(queue, result))
        result.cpu_web = cpu_of_trees([server.pid]) - web
        result.cpu_database = cpu_of_trees([database_pid]) - base
    finally:
        server.terminate()
        server.wait(30)
    return result


def await_server(port: int, headers: dict[str, str]) -> None:
    for _ in range(300):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/households/register", headers=headers)
            answer = link.getresponse()
            answer.read()
            if answer.status == 200:
                return
            if answer.status != 503:
                raise SystemExit(f"the registration page answers {answer.status} {answer.getheader('Location', '')}")
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def measure_bare(submissions: list[uuid.UUID], clients: int) -> Result:
    """The same rows into copies of the tables: what this machine and this PostgreSQL can do at most."""
    result, lock, target = Result(), threading.Lock(), settings.DATABASE_TARGET
    tables = ("household", "person", *OF_HOUSEHOLD, *OF_PERSON)
    with target.connect(target.roles.owner) as owner:
        owner.execute("DROP SCHEMA IF EXISTS bench CASCADE; CREATE SCHEMA bench")
        for table in tables:
            owner.execute(f"CREATE TABLE bench.{table} (LIKE registry_{table} INCLUDING ALL)")
    families = rows_of(submissions, tables)
    queue = list(families)

    def run(index: int) -> None:
        with target.connect(target.roles.owner) as bare:
            while True:
                with lock:
                    if not queue:
                        return
                    rows = queue.pop()
                began = time.perf_counter()
                with bare.transaction(), bare.cursor() as cursor:
                    for statement, values in rows:
                        cursor.executemany(statement, values)
                with lock:
                    result.times.append(time.perf_counter() - began)
                    result.confirmed.append(uuid.UUID(int=0))

    database_pid = postmaster()
    web, base = time.process_time(), cpu_of_trees([database_pid])
    result.seconds = in_parallel(clients, run)
    result.cpu_web, result.cpu_database = time.process_time() - web, cpu_of_trees([database_pid]) - base
    with target.connect(target.roles.owner) as owner:
        owner.execute("DROP SCHEMA bench CASCADE")
    return result


def rows_of(submissions: list[uuid.UUID], tables: tuple[str, ...]) -> list[list[tuple[sql.Composed, list[tuple]]]]:
    families = []
    with acting_as_system("reading back the rows of a measurement"), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM registry_household WHERE submission_id = ANY (%s)", [submissions])
        for (household,) in cursor.fetchall():
            rows = []
            for table in tables:
                where = {"household": "id = %s"}.get(
                    table,
                    "household_id = %s"
                    if table == "person" or table in OF_HOUSEHOLD
                    else "person_id IN (SELECT id FROM registry_person WHERE household_id = %s)",
                )
                cursor.execute(f"SELECT * FROM registry_{table} WHERE {where}", [household])
                values = cursor.fetchall()
                if values:
                    columns = [column.name for column in cursor.description]
                    statement = sql.SQL("INSERT INTO bench.{} ({}) VALUES ({})").format(
                        sql.Identifier(table),
                        sql.SQL(", ").join(map(sql.Identifier, columns)),
                        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
                    )
                    rows.append((statement, [tuple(map(as_sent, row)) for row in values]))
            families.append(rows)
    return families


def as_sent(value: object) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(value) if isinstance(value, list | dict) else value


def count_lost_and_doubled(confirmed: list[uuid.UUID]) -> tuple[int, int]:
    with acting_as_system("counting a measurement"):
        found = list(Household.objects.filter(submission_id__in=confirmed).values_list("submission_id", flat=True))
    return len(set(confirmed) - set(found)), len(found) - len(set(found))


# -- report -----------------------------------------------------------------------------------------------------------


def tell(title: str, result: Result) -> None:
    times = sorted(result.times)
    count = max(len(result.confirmed), 1)
    print(
        f"{title:<22}{result.rate:8.1f} households/s   p50 {times[len(times) // 2] * 1000:7.1f} ms"
        f"   p99 {times[int(len(times) * 0.99)] * 1000:7.1f} ms"
        f"   processor {1000 * (result.cpu_web + result.cpu_database) / count:6.2f} ms a household"
        f" (web {1000 * result.cpu_web / count:.2f}, database {1000 * result.cpu_database / count:.2f})"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--households", type=int, default=400)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument(
        "--names", choices=("attested", "unseen"), default="attested" if ATTESTED.exists() else "unseen"
    )
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    names = Attested() if arguments.names == "attested" else Unseen()
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    try:
        migrate(quiet=True)
        clerk = find_or_make_clerk()
        look_after_database()
        with acting_as_system("measuring"):
            print(
                f"{Household.objects.count():,} households in the register; {arguments.names} names; {os.cpu_count()} processors"
            )
        tell("operation, 1 client", measure_operation(clerk, arguments.households // 2, names, chance))
        look_after_database()
        http_result = measure_http(clerk, arguments.households, arguments.clients, arguments.workers, names, chance)
        tell(f"HTTP, {arguments.clients} clients", http_result)
        print(f"{'':<22}{http_result.asked_again} pages came back once because somebody may be registered already")
        lost, doubled = count_lost_and_doubled(http_result.confirmed)
        bare = measure_bare(http_result.confirmed, arguments.clients)
        tell(f"bare, {arguments.clients} clients", bare)
    finally:
        if lease is not None:
            lease.give_back()
    for refusal in http_result.refused[:3]:
        print(f"refused: {refusal}")
    ratio = http_result.rate / bare.rate
    cpu = 1000 * (http_result.cpu_web + http_result.cpu_database) / max(len(http_result.confirmed), 1)
    p99 = 1000 * sorted(http_result.times)[int(len(http_result.times) * 0.99)]
    checks = {
        f"HTTP is {ratio:.1%} of bare inserts (at least {LEAST_RATIO:.0%})": ratio >= LEAST_RATIO,
        f"processor {cpu:.1f} ms a household (at most {MOST_CPU_MS:.0f})": cpu <= MOST_CPU_MS,
        f"99th percentile {p99:.0f} ms (at most {MOST_P99_MS:.0f})": p99 <= MOST_P99_MS,
        f"lost {lost}, doubled {doubled}, refused {len(http_result.refused)}": not (
            lost or doubled or http_result.refused
        ),
    }
    for line, kept in checks.items():
        print(f"{'kept    ' if kept else 'NOT KEPT'} {line}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
