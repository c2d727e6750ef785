"""Processor time of whole trees of processes, from /proc: a server with its workers, a database with its backends."""

from __future__ import annotations

import os
from pathlib import Path

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


def cpu_of_trees(roots: list[int]) -> float:
    """Seconds of processor time that these processes and all below them have used, those that ended included."""
    stats: dict[int, tuple[int, float]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # ended meanwhile
            stats[int(entry)] = (int(fields[1]), sum(map(int, fields[11:15])) / TICK)
    total, edge = 0.0, list(roots)
    while edge:
        pid = edge.pop()
        total += stats.get(pid, (0, 0.0))[1]
        edge += [child for child, (parent, _) in stats.items() if parent == pid]
    return total


def postmaster() -> int:
    """The process of the database server, to which all its backends belong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
