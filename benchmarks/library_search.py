"""How fast sources are searched and taken in at a size, beside bare PostgreSQL on the same rows in the same run.

    PANOH_STATE=/tmp/library python benchmarks/library_search.py ../shared/data/cables/cables.jsonl.gz [--documents 250000] [--asked 40] [--taken-in 3000] [--unranked]

The database of the state directory is filled by recombination (library_made) where it holds fewer; what is there is kept, so the next
run only measures. (1) Questions of each kind, asked as the page asks them: rule of who sees what, counts by facet, ranking, snippets. The
peer is bare PostgreSQL: a table of the same texts' words with one GIN index, asked for the number of hits and the twenty best by
ts_rank_cd, without any of these. (2) The best twenty beside those of an exact ranking of everything that answers. (3) New sources by the way of `panoh library import`: read on all cores, rows,
ledger, row-level security, index, with a hundred saved searches; the peer inserts the same texts with to_tsvector into a bare table with a GIN index.

Times are of the wall clock; behind them, processor (program and database), which another load on the machine does not touch.
Limits: p95 60 ms, 200 sources a second.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import library_made as made

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

SEED = 8
LEAST_A_SECOND, MOST_P95_MS = 200, 60.0
SAVED = 100
# What the words of a text alone cannot be asked for.
NOT_BARE = ("in the subject", "word and tag", "word and years")


def questions(records: list[dict[str, Any]], many: int) -> dict[str, list[tuple[str, str]]]:
    """Questions with their order, by kind. Words are drawn as they stand in the texts, so common ones come up often."""
    rng = random.Random(SEED)
    texts = [one["text"] for one in records]
    words = [word for text in texts for word in re.findall(r"\b[a-z]{5,12}\b", text)]
    seen: dict[str, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
    common = sorted(seen, key=lambda word: -seen[word])[:150]
    rare = [word for word, times in seen.items() if times <= 3]
    tags = [tag for one in records for tag in one["tags"].split() if tag.isalpha()]
    origins = [one["origin"] for one in records if one["origin"]]

    def pair() -> str:
        while True:
            text = rng.choice(texts)
            found = re.search(r"\b[a-z]{4,} [a-z]{4,}\b", text[rng.randrange(max(1, len(text) - 500)) :])
            if found:
                return found[0]

    def years() -> str:
        return f"{1990 + rng.randrange(10)}..{2001 + rng.randrange(9)}"

    makers: dict[str, tuple[Callable[[], str], str]] = {
        "rare word": (lambda: rng.choice(rare), "best"),
        "common word": (lambda: rng.choice(common), "best"),
        "common word, newest first": (lambda: rng.choice(common), "newest"),
        "word as it comes": (lambda: rng.choice(words), "best"),
        "two words": (lambda: f"{rng.choice(words)} {rng.choice(words)}", "best"),
        "three words": (lambda: f"{rng.choice(words)} {rng.choice(words)} {rng.choice(words)}", "best"),
        "either of two": (lambda: f"{rng.choice(words)} OR {rng.choice(words)}", "best"),
        "one without the other": (lambda: f"{rng.choice(words)} -{rng.choice(common)}", "best"),
        "phrase": (lambda: f'"{pair()}"', "best"),
        "near": (lambda: " near:5 ".join(pair().split()), "best"),
        "in the subject": (lambda: f"subject:{rng.choice(words)}", "best"),
        "word and tag": (lambda: f"{rng.choice(words)} tag:{rng.choice(tags)}", "best"),
        "word and years": (lambda: f"{rng.choice(words)} {years()}", "best"),
        "tag": (lambda: f"tag:{rng.choice(tags)}", "newest"),
        "origin": (lambda: f'origin:"{rng.choice(origins)}"', "newest"),
        "month": (lambda: f"date:{1990 + rng.randrange(20)}-{1 + rng.randrange(12):02}", "newest"),
        "years": (years, "newest"),
    }
    return {kind: [(make(), order) for _ in range(many)] for kind, (make, order) in makers.items()}


def make_officer() -> Any:
    """The member who measures; in a library that was made before, the one of then."""
    from django.utils import timezone

    from panoh.access.context import acting_as_system
    from panoh.access.models import Account, Member, Office, Organisation
    from panoh.access.queries import actor_for
    from panoh.ledger.operations import record

    since = date(2015, 1, 1)
    with acting_as_system("an officer for measuring", records=["bench.officer.made"]):
        member = Member.objects.filter(account__username="bench").first()
        if member is None:
            titles = dict.fromkeys(("en", "ru", "tg", "prs"), "Bench")
            organisation = Organisation.objects.create(code="bench", kind="un", titles=titles, valid_from=since)
            office = Office.objects.create(
                organisation=organisation, code="bench", prefix="901", titles=titles, place="3501263", valid_from=since
            )
            account = Account.objects.create_user("bench", password=secrets.token_urlsafe(20), name="Bench")
            member = Member.objects.create(
                account=account, organisation=organisation, office=office, role="protection_officer", valid_from=since
            )
            subjects = [row.pk for row in (organisation, office, account, member)]
            record(by=None, kind="bench.officer.made", subjects=subjects, payload={}, occurred_on=timezone.localdate())
        return actor_for(member)


class Clock:
    """Wall time, and processor of this process and of one backend."""

    def __init__(self, backend: int) -> None:
        self.path = Path(f"/proc/{backend}/schedstat")
        self.wall: list[float] = []
        self.processor: list[float] = []

    def time(self, work: Callable[[], Any]) -> Any:
        wall, own, other = time.perf_counter(), time.process_time(), self._backend()
        done = work()
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.processor.append(1000 * (time.process_time() - own + self._backend() - other))
        return done

    def _backend(self) -> float:
        return int(self.path.read_text().split()[0]) / 1e9

    def told(self) -> str:
        def at(times: list[float]) -> str:
            return f"{statistics.median(times):6.1f} {statistics.quantiles(times, n=20)[-1]:6.1f}"

        return f"{at(self.wall)}   ({at(self.processor)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cables", type=Path)
    parser.add_argument("--documents", type=int, default=250_000)
    parser.add_argument("--asked", type=int, default=40, help="questions of each kind")
    parser.add_argument("--taken-in", type=int, default=3000, help="sources taken in for measuring")
    parser.add_argument(
        "--unranked", action="store_true", help="leave the exact ranking of everything out, the longest part of a run"
    )
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings

    from panoh.project import database
    from panoh.project.migrating import migrate_tables

    records = made.records_of(arguments.cables)
    target = settings.DATABASE_TARGET
    lease = database.obtain_lease(target)
    try:
        database.make_ready(target)
        migrate_tables()
        officer = make_officer()
        made.load(target, records, arguments.documents, officer.organisation_id)
        measure_search(target, officer, questions(records, arguments.asked), not arguments.unranked)
        if arguments.taken_in:
            measure_import(target, officer, records, arguments.taken_in)
    finally:
        from django.db import connections

        connections.close_all()
        if lease is not None:
            lease.give_back()


def measure_search(target: Any, officer: Any, asked: dict[str, list[tuple[str, str]]], compared: bool) -> None:
    from django.db import connection

    from panoh.access.context import acting
    from panoh.library.models import Paragraph
    from panoh.library.queries.citations import list_alerts
    from panoh.library.queries.documents import count_unsettled, count_wanted
    from panoh.library.queries.searching import counts, search, similar_to, words_expression
    from panoh.library.rules.questions import read_question

    connection.ensure_connection()
    ours_at = connection.connection.info.backend_pid
    with target.connect(target.roles.owner) as owner, acting(officer):
        owner.autocommit = True
        owner.execute("SET enable_seqscan = off")
        print(
            f"{sum(counts(['all'])['all'].values())} sources; p50 and p95 in ms (limit {MOST_P95_MS:.0f}), in brackets processor"
        )
        print(f"{'':28}{'hits':>6}   {'ours':<32}{'bare':<32}of the best 20 the same")
        everything = Clock(ours_at)
        for kind, texts in asked.items():
            ours, bare, hits, shared = Clock(ours_at), Clock(owner.info.backend_pid), 0, []
            for text, order in texts:
                question = read_question(text)
                found = ours.time(lambda question=question, order=order: search(officer, question, order=order))
                hits += found.total
                if order == "best" and kind not in NOT_BARE:
                    expression, values = words_expression(question)
                    bare.time(lambda e=expression, v=values: ask_bare(owner, e, v))
                    best = rank_all(owner, expression, values) if compared else set()
                    if (
                        question.terms
                        and not question.tags
                        and not question.since
                        and not found.looked_back_to
                        and best
                    ):
                        own = {hit.document.pk for hit in found.hits}
                        shared.append(len(own & best) / min(20, len(best)))
            everything.wall += ours.wall
            everything.processor += ours.processor
            print(
                f"{kind:28}{hits / len(texts):6.0f}   {ours.told():<32}{bare.told() if bare.wall else '':<32}"
                + (f"{100 * statistics.mean(shared):.0f} %" if shared else ""),
                flush=True,
            )
        print(f"{'all of these':28}{'':6}   {everything.told()}")
        alike = list(
            Paragraph.objects.filter(kind="paragraph", document__in=[hit.document for hit in found.hits])[: len(texts)]
        )
        for kind, work in (
            ("similar paragraphs", [lambda one=one: similar_to(officer, one) for one in alike]),
            ("counts of a calendar", [lambda: counts(["day"])] * 20),
            ("counts of origins and tags", [lambda: counts(["origin", "tag"])] * 20),
            ("alerts", [lambda: list_alerts(officer)] * 20),
            ("wanted and unsettled", [lambda: (count_wanted(officer), count_unsettled(officer))] * 20),
        ):
            ours = Clock(ours_at)
            for one in work:
                ours.time(one)
            print(f"{kind:28}{'':6}   {ours.told()}", flush=True)


def ask_bare(owner: Any, expression: str, values: list[Any]) -> None:
    given = f"WITH asked AS MATERIALIZED (SELECT ({expression}) AS q)"
    owner.execute(f"{given} SELECT count(*) FROM bench_bare, asked WHERE search @@ q", values)
    owner.execute(
        f"{given} SELECT document_id FROM bench_bare, asked WHERE search @@ q ORDER BY ts_rank_cd(search, q, 1) DESC LIMIT 20",
        values,
    ).fetchall()


def rank_all(owner: Any, expression: str, values: list[Any]) -> set[Any]:
    """The twenty best of all that answer, by our own index and weights."""
    both = " UNION ALL ".join(
        f"SELECT document_id, search FROM library_index, asked WHERE rank {rank} AND search @@ q"
        for rank in ("= 0", "> 0")
    )
    rows = owner.execute(
        f"WITH asked AS MATERIALIZED (SELECT ({expression}) AS q) SELECT document_id FROM ({both}) hit, asked"
        " ORDER BY ts_rank_cd('{0.1,0.2,0.4,1.0}', search, q, 1) DESC LIMIT 20",
        values,
    )
    return {row[0] for row in rows.fetchall()}


def measure_import(target: Any, officer: Any, records: list[dict[str, Any]], many: int) -> None:
    from django.db import connection

    from panoh.access.context import acting
    from panoh.library.importing import import_path
    from panoh.library.models import SavedSearch
    from panoh.library.operations.watching import save_search
    from panoh.library.rules.questions import read_question
    from panoh.library.sources import read_sources

    with acting(officer):
        (first,) = _one(connection, "SELECT coalesce(sum(many), 0)::int + 1 FROM library_counts(ARRAY['all'])")
        if not SavedSearch.objects.exists():
            for texts in questions(records, SAVED // 10).values():
                for text, _order in texts:
                    save_search(by=officer, question=read_question(text))
        saved = SavedSearch.objects.count()
    fresh = list(made.recombined(records, many, first))
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(mp_context=get_context("spawn")) as readers:
        dump = Path(folder) / "recombined.jsonl"
        with dump.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(one) + "\n" for one in fresh)
        list(readers.map(read_sources, [[]] * 20))  # what a process needs to begin is not measured
        pids = [os.getpid(), connection.connection.info.backend_pid, *readers._processes]
        before, started = [_processor(pid) for pid in pids], time.perf_counter()
        outcome = import_path(dump, by=officer, entered=lambda: acting(officer), readers=readers)
        spent = time.perf_counter() - started
        used = [1000 * (_processor(pid) - one) / many for pid, one in zip(pids, before, strict=True)]
        size = dump.stat().st_size // many
    print(
        f"import: {outcome.new} sources of {size} bytes, {outcome.new / spent:.0f} a second (limit {LEAST_A_SECOND}), with {saved} saved searches;"
        f" processor each: program {used[0]:.2f}, database {used[1]:.2f}, readers {sum(used[2:]):.2f} ms"
    )
    with target.connect(target.roles.owner) as owner:
        owner.execute(
            "CREATE TEMP TABLE bare (id uuid DEFAULT gen_random_uuid() PRIMARY KEY, words text, search tsvector)"
        )
        owner.execute("CREATE INDEX ON bare USING gin (search)")
        owner.commit()
        before_bare, started = _processor(owner.info.backend_pid), time.perf_counter()
        for at in range(0, many, 200):
            with owner.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO bare (words, search) VALUES (%s, to_tsvector('russian', %s))",
                    [(one["text"], one["text"]) for one in fresh[at : at + 200]],
                )
            owner.commit()
        bare = time.perf_counter() - started
        each = 1000 * (_processor(owner.info.backend_pid) - before_bare) / many
    print(
        f"bare inserts of the same texts: {many / bare:.0f} a second, processor each {each:.2f} ms; import is {bare / spent:.2f} of it"
    )


def _processor(pid: int) -> float:
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def _one(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


if __name__ == "__main__":
    main()
