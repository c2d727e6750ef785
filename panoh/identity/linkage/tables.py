"""A register that lies in a CSV file, and the suggestions written to another: linkage without a database."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from panoh.identity.linkage.people import UNKNOWN_YEAR, Record
from panoh.identity.words import words_of

COLUMNS = ("id", "full_name", "father_name", "birth_year", "birth_date", "sex", "province")


class NoTableOfPersons(ValueError):
    """The first line has no id, or no full_name."""


def read_records(path: Path) -> Iterator[Record]:
    """Columns id and full_name; father_name, birth_year, birth_date, sex and province where they are told."""
    with (
        gzip.open(path, "rt", newline="", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(newline="", encoding="utf-8-sig") as file
    ):
        rows = csv.reader(file)
        head = next(rows, [])
        if not {"id", "full_name"}.issubset(head):
            raise NoTableOfPersons
        places = [head.index(name) if name in head else -1 for name in COLUMNS]
        for row in rows:
            if not row:
                continue
            row.append("")  # what a column that is not there says
            number, name, father, year, day, sex, province = (
                row[place] if place < len(row) else "" for place in places
            )
            yield Record(number, words_of(name), words_of(father), _years(year), sex or "U", _day(day), province)


@lru_cache
def _years(told: str) -> tuple[int, int] | None:
    return (int(told), int(told)) if told.isdecimal() and 0 < int(told) < UNKNOWN_YEAR else None


@lru_cache(maxsize=50_000)
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
