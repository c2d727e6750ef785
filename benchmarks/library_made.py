"""A library of many sources for measuring: recombined from real cables, and put into the tables by COPY, past the readers.

Each source has the head of one cable (its classification, origin, tags, references), another number and day, and four to
fourteen paragraphs drawn from all of them. What `load` puts in, the index is made of afterwards by the database's own function, a
batch at a time, so a load that was ended goes on where it stood.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

SEED = 7
BATCH = 500
TABLES = ("library_document", "library_paragraph", "library_reference")
DOCUMENT = "id refid organisation_id kind title subject created_on classification rank handling origin addressees copied_to tags declassify header opening language encoding media_type file_name content_sha256 sounds state settled taken_in_at entry_id version"
PARAGRAPH = "id document_id anchor position kind label mark section text in_force redacted"
REFERENCE = "id document_id position label text refid"


def records_of(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def recombined(records: list[dict[str, Any]], many: int, first: int = 1) -> Iterator[dict[str, Any]]:
    """So many records of a dump, none like another, numbered from `first`."""
    rng = random.Random(SEED * 1_000_003 + first)
    heads, paragraphs = [], []
    for record in records:
        cut = record["text"].find("¶1.")
        if cut > 0 and record["tags"]:
            heads.append((record, record["text"][:cut]))
            paragraphs += [
                one.strip() for one in re.split(r"(?m)^[ \t]*¶\d+\.", record["text"][cut:]) if 80 < len(one) < 3000
            ]
    for number in range(first, first + many):
        record, head = rng.choice(heads)
        day = _day(rng)
        post = re.sub(r"^\d\d|\d+$", "", record["refid"])
        body = "\n\n".join(f"¶{n}. {words}" for n, words in enumerate(rng.choices(paragraphs, k=rng.randint(4, 14)), 1))
        yield {
            **record,
            "refid": f"{day:%y}{post}{number}",
            "created": f"{day} 10:00",
            "text": re.sub(r"\b0{2,}\d+\b", f"{number:06}", head, count=1) + body,
            "header": "",
        }


def _day(rng: random.Random) -> date:
    return date(1990, 1, 1) + timedelta(days=rng.randrange(20 * 365))


def load(target: Any, records: list[dict[str, Any]], many: int, organisation_id: UUID) -> None:
    """Fill the tables of an empty library, then its index."""
    with target.connect(target.roles.owner) as owner:
        owner.autocommit = True
        (here,) = owner.execute("SELECT count(*) FROM library_document").fetchone()  # 0: the policy hides all
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            (here,) = owner.execute("SELECT count(*) FROM library_document").fetchone()
            if here < many:
                _copy(owner, records, here, many, organisation_id)
            _index(owner)
            _make_bare(owner)
            owner.execute("VACUUM ANALYZE")
        finally:
            for table in TABLES:
                owner.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
                owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _copy(owner: Any, records: list[dict[str, Any]], here: int, many: int, organisation_id: UUID) -> None:
    from panoh.kernel.ids import new_id
    from panoh.library.reading.dumps import read_record
    from panoh.library.reading.marks import rank_of
    from panoh.library.rules.anchors import anchors_of

    readings = [read_record(one["refid"], json.dumps(one).encode()) for one in records if one["tags"]]
    texts = list({one.text for found in readings for one in found.paragraphs if 80 < len(one.text) < 3000})
    named = [(text, anchor) for text, anchor in zip(texts, anchors_of(texts), strict=True) if "-" not in anchor]
    rng = random.Random(SEED + here)
    now, entry = datetime.now(UTC), new_id()
    for start in range(here, many, BATCH):
        documents, paragraphs, references = [], [], []
        for number in range(start + 1, min(start + BATCH, many) + 1):
            head, key, day = rng.choice(readings), new_id(), _day(rng)
            post = re.sub(r"^\d\d|\d+$", "", head.refid)
            rank = rank_of(head.classification, head.handling, [])
            documents.append(
                (key, f"{day:%y}{post}{number}", organisation_id, "cable", head.subject[:500], head.subject, day, head.classification[:60], rank,
                 head.handling, head.origin[:200], head.addressees, head.copied_to, list(dict.fromkeys(head.tags)), head.declassify[:200], "", head.opening, "en", "utf-8",
                 "application/jsonl", f"made#{number}", f"{number:064x}", "", "in_force", [], now + timedelta(microseconds=number), entry, 1)
            )  # fmt: skip
            for place, (text, anchor) in enumerate(rng.sample(named, rng.randint(4, 14))):
                paragraphs.append(
                    (new_id(), key, anchor, place, "paragraph", f"{place + 1}", "", "", text, True, False)
                )
            references += [
                (new_id(), key, at, one.label[:5], one.text[:300], one.refid[:80])
                for at, one in enumerate(head.references)
            ]
        with owner.transaction():
            for table, columns, rows in zip(
                TABLES, (DOCUMENT, PARAGRAPH, REFERENCE), (documents, paragraphs, references), strict=True
            ):
                with owner.cursor().copy(f"COPY {table} ({', '.join(columns.split())}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
        if start % 10_000 == 0:
            print(f"{start} put in", flush=True)


def _make_bare(owner: Any) -> None:
    """The peer: the same texts in a table of their own, with a vector of their words alone and one index; made once more where rows are missing."""
    owner.execute("CREATE TABLE IF NOT EXISTS bench_bare (document_id uuid PRIMARY KEY, search tsvector NOT NULL)")
    (missing,) = owner.execute(
        "SELECT count(*) FROM library_index i WHERE NOT EXISTS (SELECT FROM bench_bare b WHERE b.document_id = i.document_id)"
    ).fetchone()
    if missing:
        owner.execute("DROP INDEX IF EXISTS bench_bare_search")
        owner.execute(
            "INSERT INTO bench_bare SELECT i.document_id, to_tsvector('russian', string_agg(p.text, E'\\n' ORDER BY p.position))"
            " FROM library_index i JOIN library_paragraph p ON p.document_id = i.document_id AND p.in_force"
            " WHERE NOT EXISTS (SELECT FROM bench_bare b WHERE b.document_id = i.document_id) GROUP BY 1"
        )
        owner.execute("CREATE INDEX bench_bare_search ON bench_bare USING gin (search)")
        print(f"{missing} more in the bare table", flush=True)


def _index(owner: Any) -> None:
    while True:
        ids = [
            row[0]
            for row in owner.execute(
                "SELECT d.id FROM library_document d WHERE NOT EXISTS (SELECT FROM library_index i WHERE i.document_id = d.id)"
                " ORDER BY d.id LIMIT 20000"
            )
        ]
        if not ids:
            return
        for start in range(0, len(ids), BATCH):
            owner.execute("SELECT library_index_documents(%s)", [ids[start : start + BATCH]])
        print(f"{len(ids)} more in the index", flush=True)
