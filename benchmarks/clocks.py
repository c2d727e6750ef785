"""What the clocks of 100,000 open cases cost, beside the limits of the work and beside bare SQL of the same run.

    PANOH_STATE=/tmp/large bin/demo --persons 60000 --no-serve       # files for the cases to hang on
    PANOH_STATE=/tmp/large .panoh/venv/bin/python benchmarks/clocks.py [--cases 100000]

The due list (query and whole page, row-level security and all): p95 at most 60 ms. Every time limit of every case, computed from
the steps for any day that is asked: at most 10 s. One act, and what follows from it: at once, whatever the number of cases.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from pages import client_of, percentile  # noqa: E402
from planted_cases import count_open, plant  # noqa: E402
from processor_time import cpu_of_trees, postmaster  # noqa: E402

from panoh import rulebook  # noqa: E402
from panoh.access.context import acting, acting_as_system  # noqa: E402
from panoh.access.models import Member  # noqa: E402
from panoh.access.queries import actor_for  # noqa: E402
from panoh.procedures.models import Case, Due, Step  # noqa: E402
from panoh.procedures.operations.barriers import recompute_everything  # noqa: E402
from panoh.procedures.operations.dues import refresh_dues  # noqa: E402
from panoh.procedures.queries.cases import as_act  # noqa: E402
from panoh.procedures.queries.days import count_on  # noqa: E402
from panoh.procedures.queries.work import After, count_due, due_list  # noqa: E402
from panoh.project import database  # noqa: E402

LIMIT_MS, LIMIT_SECONDS = 60.0, 10.0
DAYS_BACK, DAYS_AHEAD = 700, 200
BARE_LIST = (
    "SELECT d.*, c.number FROM procedures_due d JOIN procedures_case c ON c.id = d.case_id"
    " WHERE d.organisation_id = %s AND d.stopped_on IS NULL ORDER BY d.due_on, d.id LIMIT 25"
)
BARE_STEPS = "SELECT case_id, seq, action, occurred_on, from_state, to_state, facts, persons FROM procedures_step"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--days", type=int, default=3, help="days for which everything is computed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    call_command("collectstatic", interactive=False, verbosity=0)
    try:
        if plant(arguments.cases, arguments.seed):
            took, changed = timed(lambda: recompute_everything("clocks of planted cases"))
            print(f"their clocks: {changed:,} rows computed and written in {took:.1f} s")
            analyse()
        with acting_as_system("counting for a measurement"):
            print(f"{count_open():,} open cases, {Step.objects.count():,} acts, {Due.objects.count():,} clocks")
        kept = [*lists(arguments), *whole(arguments), single(arguments)]
    finally:
        if lease is not None:
            lease.give_back()
    return 0 if all(kept) else 1


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def spent(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Seconds by the clock on the wall and of processor (this process and the database), which a busy machine does not stretch."""
    server = postmaster()
    before, here = cpu_of_trees([server]), time.process_time()
    took, found = timed(work)
    return took, time.process_time() - here + cpu_of_trees([server]) - before, found


def analyse() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE procedures_due, procedures_case, procedures_step")


def repeated(name: str, work: Callable[[], Any], requests: int, peer: float | None = None) -> tuple[bool, float]:
    for _ in range(3):
        work()
    before, web = cpu_of_trees([postmaster()]), time.thread_time()
    times = [timed(work)[0] * 1000 for _ in range(requests)]
    here = (time.thread_time() - web) * 1000 / requests
    database_ms = (cpu_of_trees([postmaster()]) - before) * 1000 / requests
    p95 = percentile(times, 0.95)
    beside = f", {p95 / peer:5.1f} x bare SQL" if peer else ""
    print(
        f"{name:<34} p50 {statistics.median(times):7.1f}   p95 {p95:7.1f} ms = {p95 / LIMIT_MS:5.2f} of the limit{beside}"
        f"   processor {here:5.1f} + {database_ms:5.1f} ms   {'kept' if p95 <= LIMIT_MS else 'NOT KEPT'}"
    )
    return p95 <= LIMIT_MS, p95


def lists(arguments: argparse.Namespace) -> list[bool]:
    """The work list of organisations of very different size, as query and as page."""
    roles = ("eligibility_officer", "protection_officer", "lawyer", "programme_officer")
    return [kept for role in roles for kept in list_of(role, arguments.requests)]


def list_of(role: str, requests: int) -> list[bool]:
    today = timezone.localdate()
    member = Member.objects.filter(role=role, valid_to__isnull=True).select_related("account").order_by("id").first()
    actor = actor_for(member)
    peer = bare_list(actor.organisation_id, requests)
    print(f"{role}: {count_of(actor.organisation_id):,} clocks run in the organisation; bare SQL p95 {peer:.2f} ms")
    kept = []
    with acting(actor):
        kept.append(repeated("  due list, first page", lambda: due_list(actor, today), requests, peer)[0])
        lines = due_list(actor, today)
        if lines:
            after = After(lines[-1].due.due_on, lines[-1].due.pk)
            kept.append(
                repeated("  due list, next page", lambda: due_list(actor, today, after=after), requests, peer)[0]
            )
        kept.append(repeated("  counts of the headings", lambda: count_due(actor, today), requests, peer)[0])
    client = client_of(role)
    kept.append(repeated("  page /work", lambda: client.get("/work"), requests, peer)[0])
    return kept


def bare_list(organisation: Any, requests: int) -> float:
    """The peer: the same lines without row-level security, by a connection of the owner. p95 in ms."""
    target = settings.DATABASE_TARGET
    with target.connect(target.roles.owner) as bare, bare.transaction(force_rollback=True):
        for table in ("procedures_due", "procedures_case"):
            bare.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        times = [timed(lambda: bare.execute(BARE_LIST, [organisation]).fetchall())[0] * 1000 for _ in range(requests)]
    return percentile(times, 0.95)


def count_of(organisation: Any) -> int:
    with acting_as_system("counting for a measurement"):
        return Due.objects.filter(organisation_id=organisation, stopped_on__isnull=True).count()


def whole(arguments: argparse.Namespace) -> list[bool]:
    """Every clock of every case for some days, past and to come; and the projection held against its computation."""
    chance, today, kept = random.Random(arguments.seed), timezone.localdate(), []
    with acting_as_system("bare reading of all acts"), connection.cursor() as cursor:

        def read() -> int:
            cursor.execute(BARE_STEPS)
            return len(cursor.fetchall())

        _took, bare, acts = spent(read)
    print(f"bare SQL: {acts:,} acts read in {bare:.1f} s of processor")
    for n in range(arguments.days):
        day = today + timedelta(days=0 if n == 0 else chance.randint(-DAYS_BACK, DAYS_AHEAD))
        with acting_as_system("all time limits of a day"):
            took, used, counts = spent(partial(count_on, Case.objects.all(), rulebook.current(), day))
        kept.append(took <= LIMIT_SECONDS)
        print(f"all clocks as of {day}: {counts.clocks:,} of {counts.cases:,} cases" + told(took, used, bare, kept[-1]))
    took, used, changed = spent(lambda: recompute_everything("held against the computation"))
    kept.append(took <= LIMIT_SECONDS and not changed)
    print(f"projection held against the computation: {changed} rows differ" + told(took, used, bare, kept[-1]))
    return kept


def told(took: float, used: float, bare: float, kept: bool) -> str:
    return (
        f" in {took:.1f} s = {took / LIMIT_SECONDS:.2f} of the limit; {used:.1f} s of processor, {used / bare:.1f} x the bare reading"
        f"   {'kept' if kept else 'NOT KEPT'}"
    )


def single(arguments: argparse.Namespace) -> bool:
    """The clocks of one case after an act: what a step pays for them, whatever the number of cases beside."""
    with acting_as_system("one case"):
        cases = list(Case.objects.filter(closed_on__isnull=True).order_by("?")[: arguments.requests + 10])
        waiting = iter(cases * 2)

        def follow() -> None:
            case = next(waiting)
            refresh_dues(case, [as_act(step) for step in case.steps.order_by("seq")], rulebook.current())

        return repeated("clocks of one case after an act", follow, min(arguments.requests, len(cases)))[0]


if __name__ == "__main__":
    raise SystemExit(main())
