"""The listing that pages and dumps put before a cable: reference id, created, released, classification, origin.

Three shapes are met: a row under the heads "Reference ID Created Released Classification Origin"; lines "refid: …";
and bare lines of number, time, reference, origin, classification.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from panoh.library.reading.cable_head import REFID
from panoh.library.reading.marks import RANKS

HEADS = re.compile(r"Reference ID\W+(?:Created\W+)?(?:Released\W+)?(?:Date\W+)?Classification\W+Origin", re.IGNORECASE)
TIME = r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?"
ROW = re.compile(
    rf"({REFID.pattern})\s+({TIME})\s+(?:({TIME})\s+)?((?:{'|'.join(sorted(map(re.escape, RANKS), key=len, reverse=True))}))\s+([^\n\t]+?)\s*(?:\n|\t|$)"
)
KEYED = re.compile(
    r"^\s*(refid|reference id|date|created|released|origin|classification|subject|title)[ \t]*:[ \t]*(\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
VIEWING = re.compile(r"Viewing cable\s+(\w+),[ \t]*(\S.*)")
LISTED_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%d %B %Y, %H:%M", "%A, %d %B %Y, %H:%M")  # fmt: skip


# Without heads above it a row stands at the beginning or is none.
LONGEST_ROW = 2000


@dataclass(slots=True)
class Listing:
    refid: str = ""
    created: datetime | None = None
    released: datetime | None = None
    classification: str = ""
    origin: str = ""
    subject: str = ""
    impossible: str = ""
    end: int = 0


def read_time(text: str) -> datetime | None:
    for form in LISTED_TIMES:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - as printed
        except ValueError:
            continue
    return None


def read_listing(text: str) -> Listing:
    start = text[:80_000]
    found = Listing()
    heads = HEADS.search(start)
    row = ROW.search(start, heads.end()) if heads else ROW.search(start[:LONGEST_ROW])
    if row and (heads or row.start() < 400):
        found.refid, found.classification, found.origin, found.end = row[1], row[7], row[8].strip(), row.end()
        _time(found, row[5], "created")
        _time(found, row[6] or "", "released")
        if match := VIEWING.search(start):
            found.subject = match[2].strip()
        return found
    if _read_keyed(start[:3000], found) or _read_bare(start, found):
        return found
    first = start.lstrip().split("\n", 1)[0].strip()
    if re.fullmatch(r"\w+, \d{1,2} \w+ \d{4}, \d\d:\d\d", first):
        _time(found, first, "created")
        found.end = start.find(first) + len(first)
    return found


def _read_keyed(start: str, found: Listing) -> bool:
    lines = {match[1].lower(): match for match in reversed(list(KEYED.finditer(start)))}
    refid = lines.get("refid") or lines.get("reference id")
    if refid is None or REFID.fullmatch(refid[2].strip().upper()) is None:
        return False
    found.refid = refid[2].strip().upper()
    found.origin = lines["origin"][2].strip() if "origin" in lines else ""
    found.classification = lines["classification"][2].strip() if "classification" in lines else ""
    day = lines.get("created") or lines.get("date")
    _time(found, day[2] if day else "", "created")
    _time(found, lines["released"][2] if "released" in lines else "", "released")
    found.end = max(match.end() for match in lines.values())
    return True


def _read_bare(start: str, found: Listing) -> bool:
    """A day, the reference, the origin and the classification on lines of their own, in this order."""
    match = re.search(
        rf"^({TIME})[ \t]*\n\s*({REFID.pattern})[ \t]*\n\s*([^\n]+?)[ \t]*\n\s*({'|'.join(sorted(map(re.escape, RANKS), key=len, reverse=True))})[ \t]*$",
        start,
        re.MULTILINE,
    )
    if match is None:
        return False
    found.refid, found.origin, found.classification, found.end = match[2], match[6].strip(), match[7], match.end()
    _time(found, match[1], "created")
    return True


def _time(found: Listing, text: str, name: str) -> None:
    if not text.strip():
        return
    read = read_time(text)
    if read is None:
        found.impossible = text.strip()[:40]
    setattr(found, name, read)
