"""Dumps of a catalogue: JSON lines (also packed with gzip), one document to a line, its fields beside its text.

What the catalogue says of a document goes before what the text says; where the two differ, that is a doubt.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panoh.library.reading.cable import read_cable
from panoh.library.reading.cable_head import REFID
from panoh.library.reading.document import Reading
from panoh.library.reading.files import read_file, reference_of

ENDINGS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
LONGEST_LINE = 32 * 1024 * 1024


def is_dump(path: Path) -> bool:
    return path.name.lower().endswith(ENDINGS)


def records_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line as it stands, numbered; a line that is longer than any document ends the file, so a bomb costs no more."""
    with path.open("rb") as file:
        lines = gzip.GzipFile(fileobj=file) if path.name.lower().endswith(".gz") else file
        number = 0
        while line := lines.readline(LONGEST_LINE):
            number += 1
            if line.strip():
                yield number, line
            if len(line) == LONGEST_LINE:
                return


def read_record(name: str, line: bytes) -> Reading:
    try:
        record: Any = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        record = None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        found = read_file(name, line)
        found.doubt("damaged", name)
        return found
    told = {key: _whole(value) for key, value in record.items() if isinstance(value, str)}
    lost = sum(value.count("\ufffd") - record[key].count("\ufffd") for key, value in told.items())
    if not told.get("refid"):
        found = read_file(name, (told.get("header", "") + "\n" + told["text"]).encode())
        if lost:
            found.doubt("letters_lost", str(lost))
        return found
    listed = f"refid: {told['refid']}\ncreated: {told.get('created', '')}\nreleased: {told.get('released', '')}\nclassification: {told.get('classification', '')}\norigin: {told.get('origin', '')}\n\n"
    found = read_cable(listed + told.get("header", "") + "\n" + told["text"], told["refid"])
    if REFID.fullmatch(found.refid) is None:
        # A catalogue may number otherwise than cables are: its own number stands, or two lines without one would be one source.
        found.refid = re.sub(r"[^\w.-]+", "-", told["refid"].strip()).strip("-.")[:80] or reference_of(line)
    if told.get("subject") and not found.subject:
        found.subject = told["subject"]
    if told.get("tags") and not found.tags:
        found.tags = told["tags"].replace(",", " ").split()
    found.encoding, found.media_type, found.language = "utf-8", "application/jsonl", found.language or "en"
    if lost:
        found.doubt("letters_lost", str(lost))
    return found


def _whole(value: str) -> str:
    """JSON can name halves of letters and a letter zero, which are no text and can be kept nowhere."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace").replace("\0", "\ufffd")
