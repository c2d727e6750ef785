"""A register that lies in a CSV file, and the suggestions written to another: linkage without a database."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from panoh.identity.linkage.people import Record
from panoh.identity.words import words_of

NEEDED = ("id", "full_name")


def read_records(path: Path) -> Iterator[Record]:
    """Columns id and full_name; father_name, birth_year, birth_date, sex and province where they are told."""
    with (
        gzip.open(path, "rt", newline="", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(newline="", encoding="utf-8-sig") as file
    ):
        table = csv.DictReader(file)
        for row in table:
            year = row.get("birth_year") or ""
            yield Record(
                row["id"],
                words_of(row["full_name"]),
                words_of(row.get("father_name") or ""),
                (int(year), int(year)) if year.isdecimal() else None,
                row.get("sex") or "U",
                _day(row.get("birth_date") or ""),
                row.get("province") or "",
            )


def _day(told: str) -> int:
    try:
        day = date.fromisoformat(told).timetuple().tm_yday
    except ValueError:
        return 0
    return day if day > 1 else 0


def write_suggestions(path: Path, pairs: Iterable[tuple[float, str, str]]) -> int:
    written = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("weight", "id_a", "id_b"))
        for weight, a, b in pairs:
            writer.writerow((f"{weight:.3f}", a, b))
            written += 1
    return written
