"""How long the annual table of a large register takes, beside the limit of two seconds.

    PANOH_STATE=/tmp/large bin/demo --persons 100000 --no-serve      # makes some 100,000 records
    PANOH_STATE=/tmp/large .panoh/venv/bin/python benchmarks/annual_table.py

The peer of the same run: one bare count of the same status changes by group, year and nationality, without the known
day, without places, ages and disclosure control.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from panoh.project import database  # noqa: E402
from panoh.statistics.annual import annual_table  # noqa: E402

LIMIT_S = 2.0
RUNS = 5
BARE = """
SELECT s.from_group, s.to_group, s.reason, extract(year FROM s.effective_on), p.nationality, count(*)
FROM registry_statuschange s JOIN registry_person p ON p.id = s.person_id GROUP BY 1, 2, 3, 4, 5
"""


def timed(call) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def bare() -> None:
    with connections["reader"].cursor() as cursor:
        cursor.execute(BARE)
        cursor.fetchall()


def main() -> int:
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    try:
        with connections["reader"].cursor() as cursor:
            cursor.execute("SELECT count(id) FROM registry_person")
            persons = cursor.fetchone()[0]
        print(f"{persons:,} persons in the register; median of {RUNS} runs")
        peer = statistics.median(timed(bare) for _ in range(RUNS))
        print(f"bare count            {peer:6.3f} s")
        worst = 0.0
        for year in (2021, 2025):
            for method in ("true", "suppress", "round5"):
                taken = statistics.median(timed(lambda y=year, m=method: annual_table(y, None, m)) for _ in range(RUNS))
                worst = max(worst, taken)
                print(
                    f"{year} {method:<10}       {taken:6.3f} s = {taken / LIMIT_S:4.2f} of the limit, {taken / peer:4.1f} x the bare count"
                )
        print("kept" if worst <= LIMIT_S else "NOT KEPT")
        return 0 if worst <= LIMIT_S else 1
    finally:
        if lease is not None:
            lease.give_back()


if __name__ == "__main__":
    sys.exit(main())
