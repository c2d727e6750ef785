"""How fast sources are taken in and searched, beside bare PostgreSQL full text on the same rows in the same run.

    python benchmarks/library_search.py ../shared/data/cables/cables.jsonl.gz [--documents 250000] [--questions 200]

Documents are made by recombination: each new one has the head of a real cable, another number and day, and paragraphs drawn from
all of them. (1) They are taken in by the way of `panoh library import`: read on all cores, rows, ledger, row-level security, index.
(2) Questions of one to three words, phrases, words with a tag or a span of years, are searched with facets and snippets as the page
does. The peer has one table (id, text, tsvector) with a GIN index, filled by the same texts; it is asked for the number of hits
and the twenty best by ts_rank_cd, without facets, snippets or a rule of who may see.

Printed: documents per second, p50 and p95 of both, and their ratio. Limits: 200 documents a second, p95 60 ms.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]
os.environ["PANOH_MODE"] = "demo"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panoh.project.settings")

SEED = 7
LEAST_A_SECOND, MOST_P95_MS = 200, 60.0


def recombined(records: list[dict[str, Any]], many: int) -> Iterator[dict[str, Any]]:
    """So many documents, none like another, from the heads and paragraphs of these."""
    rng = random.Random(SEED)
    heads, paragraphs = [], []
    for record in records:
        cut = record["text"].find("¶1.")
        if cut > 0 and record["tags"]:
            heads.append((record, record["text"][:cut]))
            paragraphs += [
                one.strip() for one in re.split(r"(?m)^[ \t]*¶\d+\.", record["text"][cut:]) if 80 < len(one) < 3000
            ]
    for number in range(1, many + 1):
        record, head = rng.choice(heads)
        day = date(2000, 1, 1) + timedelta(days=rng.randrange(3650))
        post = re.sub(r"^\d\d|\d+$", "", record["refid"])
        body = "\n\n".join(f"¶{n}. {words}" for n, words in enumerate(rng.choices(paragraphs, k=rng.randint(4, 14)), 1))
        yield {
            **record,
            "refid": f"{day:%y}{post}{number}",
            "created": f"{day} 10:00",
            "text": re.sub(r"\b0{2,}\d+\b", f"{number:06}", head, count=1) + body,
            "header": "",
        }


def questions(records: list[dict[str, Any]], many: int) -> list[str]:
    rng = random.Random(SEED + 1)
    words = [word for one in records for word in re.findall(r"\b[a-z]{5,12}\b", one["text"])]
    tags = sorted({tag for one in records for tag in one["tags"].split() if tag.isalpha()})
    found = []
    for _ in range(many):
        kind = rng.random()
        one, two, three = rng.choice(words), rng.choice(words), rng.choice(words)
        if kind < 0.3:
            found.append(one)
        elif kind < 0.6:
            found.append(f"{one} {two}")
        elif kind < 0.75:
            found.append(f"{one} {two} {three}")
        elif kind < 0.85:
            source = rng.choice(records)["text"]
            pair = re.search(r"\b[a-z]{4,} [a-z]{4,}\b", source[rng.randrange(max(1, len(source) - 500)) :])
            found.append(f'"{pair[0]}"' if pair else one)
        elif kind < 0.95:
            found.append(f"{one} tag:{rng.choice(tags)}")
        else:
            found.append(f"{one} {2000 + rng.randrange(5)}..{2006 + rng.randrange(4)}")
    return found


def make_officer() -> Any:
    from django.utils import timezone

    from panoh.access.context import acting_as_system
    from panoh.access.models import Account, Member, Office, Organisation
    from panoh.access.queries import actor_for
    from panoh.ledger.operations import record

    since = date(2015, 1, 1)
    with acting_as_system("an officer for measuring", records=["bench.officer.made"]):
        titles = dict.fromkeys(("en", "ru", "tg", "prs"), "Bench")
        organisation = Organisation.objects.create(code="bench", kind="un", titles=titles, valid_from=since)
        office = Office.objects.create(
            organisation=organisation, code="bench", prefix="901", titles=titles, place="3501263", valid_from=since
        )
        account = Account.objects.create_user("bench", password=secrets.token_urlsafe(20), name="Bench")
        member = Member.objects.create(
            account=account, organisation=organisation, office=office, role="protection_officer", valid_from=since
        )
        made = [row.pk for row in (organisation, office, account, member)]
        record(by=None, kind="bench.officer.made", subjects=made, payload={}, occurred_on=timezone.localdate())
    return actor_for(member)


def spread(times: list[float]) -> tuple[float, float]:
    return statistics.median(times) * 1000, statistics.quantiles(times, n=20)[-1] * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cables", type=Path)
    parser.add_argument("--documents", type=int, default=250_000)
    parser.add_argument("--questions", type=int, default=200)
    arguments = parser.parse_args()

    import django

    django.setup()
    from django.conf import settings

    from panoh.project import database
    from panoh.project.migrating import make_beside

    with gzip.open(arguments.cables, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    lease = database.obtain_lease(settings.DATABASE_TARGET)
    target = replace(settings.DATABASE_TARGET, name="panoh_library_bench")
    make_beside(target)
    try:
        measure(target, records, arguments.documents, arguments.questions)
    finally:
        from django.db import connections

        connections.close_all()
        database.drop(target)
        if lease is not None:
            lease.give_back()


def measure(target: Any, records: list[dict[str, Any]], many: int, asked: int) -> None:
    from panoh.access.context import acting
    from panoh.library.importing import import_path
    from panoh.library.queries.searching import search, words_expression
    from panoh.library.rules.questions import read_question

    officer = make_officer()
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(mp_context=get_context("spawn")) as readers:
        dump = Path(folder) / "recombined.jsonl"
        with dump.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(one) + "\n" for one in recombined(records, many))
        started = time.perf_counter()
        outcome = import_path(dump, by=officer, entered=lambda: acting(officer), readers=readers)
        spent = time.perf_counter() - started
    print(f"import: {outcome.new} documents, {outcome.new / spent:.0f} a second (limit {LEAST_A_SECOND})")

    with target.connect(target.roles.owner) as owner:
        started = time.perf_counter()
        owner.execute("CREATE TABLE bare (id uuid PRIMARY KEY, words text, search tsvector)")
        owner.execute("CREATE INDEX ON bare USING gin (search) WITH (fastupdate = off)")
        owner.execute("SELECT set_config('panoh.inside', 'library', false)")
        owner.execute(
            "INSERT INTO bare SELECT d.id, w.words, to_tsvector('russian', w.words) FROM library_document d, LATERAL ("
            "SELECT string_agg(p.text, E'\\n') AS words FROM library_paragraph p WHERE p.document_id = d.id) w"
        )
        owner.commit()
        print(f"bare insert of the same texts with their index: {many / (time.perf_counter() - started):.0f} a second")
        owner.autocommit = True
        owner.execute("VACUUM ANALYZE")

    texts = questions(records, asked)
    ours: list[float] = []
    hits = 0
    for text in texts:
        started = time.perf_counter()
        with acting(officer):
            hits += search(officer, read_question(text)).total
        ours.append(time.perf_counter() - started)
    bare: list[float] = []
    with target.connect(target.roles.owner) as owner:
        for text in texts:
            expression, values = words_expression(read_question(text))
            started = time.perf_counter()
            owner.execute(f"SELECT count(*) FROM bare WHERE search @@ ({expression})", values)
            owner.execute(
                f"SELECT id FROM bare, (SELECT ({expression}) AS q) asked WHERE search @@ q ORDER BY ts_rank_cd(search, q) DESC LIMIT 20",
                values,
            )
            bare.append(time.perf_counter() - started)
    for name, times in (("search with facets and snippets", ours), ("bare full text", bare)):
        middle, late = spread(times)
        print(
            f"{name}: p50 {middle:.1f} ms, p95 {late:.1f} ms" + (f" (limit {MOST_P95_MS:.0f})" if times is ours else "")
        )
    print(f"{hits / asked:.0f} hits a question; p95 of ours is {spread(ours)[1] / spread(bare)[1]:.2f} of the bare one")


if __name__ == "__main__":
    main()
