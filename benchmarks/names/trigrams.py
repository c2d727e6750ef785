"""pg_trgm, as most registers would do it: a trigram index in PostgreSQL, on the name as written or romanised by ICU.

The server is the one that Panoh brings, in a cluster of its own; the query is EXPLAINed once, so that a peer that lost
its index is not called slow.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import psycopg

from names.engines import MOST_FOUND, weighed
from names.romanisers import Romaniser
from panoh.project.postgres import Lease, find_cluster

CANDIDATES = 200
FIND = """
SELECT id, similarity(name, %(name)s), CASE WHEN father <> '' THEN similarity(father, %(father)s) END, year
FROM {table} WHERE name %% %(name)s ORDER BY similarity(name, %(name)s) DESC, id LIMIT {candidates}
"""


class TrigramEngine:
    def __init__(self, title: str, table: str, prepare: Romaniser) -> None:
        self.title = title
        self._table, self._prepare = table, prepare
        self._connection: psycopg.Connection | None = None
        self._find = FIND.format(table=table, candidates=CANDIDATES)

    def load(self, register: Path) -> None:
        self._lease = Lease(find_cluster("benchmark", durable=False))
        self._connection = self._lease.cluster.connect()
        self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        self._connection.execute(f"DROP TABLE IF EXISTS {self._table}")
        self._connection.execute(
            f"CREATE UNLOGGED TABLE {self._table} (id text PRIMARY KEY, name text, father text, year int)"
        )
        with (
            open(register, newline="") as file,
            self._connection.cursor() as cursor,
            cursor.copy(f"COPY {self._table} FROM STDIN") as copy,
        ):
            for row in csv.DictReader(file):
                year = int(row["birth_year"]) if row["birth_year"] else None
                copy.write_row((row["id"], self._prepare(row["full_name"]), self._prepare(row["father_name"]), year))
        self._connection.execute(f"CREATE INDEX {self._table}_name ON {self._table} USING gin (name gin_trgm_ops)")
        self._connection.execute(f"ANALYZE {self._table}")
        plan = self._connection.execute("EXPLAIN " + self._find, {"name": "mohammad naim", "father": ""}).fetchall()
        if not any(f"{self._table}_name" in line for (line,) in plan):
            raise RuntimeError(f"the trigram index is not used: {plan}")

    def search(self, name: str, father: str, year: int | None) -> Sequence[str]:
        return [number for _, number in self._ranked(name, father, year)[:MOST_FOUND]]

    def alarm(self, name: str, father: str, year: int | None) -> float:
        ranked = self._ranked(name, father, year)
        return ranked[0][0] if ranked else 0.0

    def forget(self, ids: Iterable[str]) -> None:
        self._connection.execute(f"DELETE FROM {self._table} WHERE id = ANY(%s)", [list(ids)])

    def index_bytes(self) -> int:
        return self._connection.execute("SELECT pg_relation_size(%s)", [f"{self._table}_name"]).fetchone()[0]

    def cpu(self) -> float:
        """Ours and that of the database's process for this connection, to the nanosecond as Linux keeps it."""
        backend = Path(f"/proc/{self._connection.info.backend_pid}/schedstat") if self._connection else None
        used = int(backend.read_text().split()[0]) / 1e9 if backend and backend.exists() else 0.0
        return time.process_time() + used

    def close(self) -> None:
        self._connection.execute(f"DROP TABLE {self._table}")
        self._connection.close()
        self._lease.give_back()

    def _ranked(self, name: str, father: str, year: int | None) -> list[tuple[float, str]]:
        asked = {"name": self._prepare(name), "father": self._prepare(father)}
        ranked = [
            (
                weighed(
                    likeness,
                    father_likeness if father else None,
                    abs(year - known) if year is not None and known else None,
                ),
                number,
            )
            for number, likeness, father_likeness, known in self._connection.execute(self._find, asked)
        ]
        ranked.sort(key=lambda found: (-found[0], found[1]))
        return ranked


def lowered(name: str) -> str:
    return name.lower()
