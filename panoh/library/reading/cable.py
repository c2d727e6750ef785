"""A diplomatic cable as text: a listing of its fields (where a page or a dump puts one first), transmission lines, opening, body."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise

from panoh.library.reading import cable_body, cable_head, listing
from panoh.library.reading.cable_head import REFID, read_references, read_transmission
from panoh.library.reading.document import Reading
from panoh.library.reading.marks import CAPTIONS, NAMES, RANKS, SENSITIVE, classification_of, rank_of
from panoh.library.reading.posts import post_of_origin

PARTIAL = re.compile(
    r"partial extract of the original cable|not the full text|full text of the original cable is not available"
)


def looks_like_cable(text: str) -> bool:
    """Whether a text is a cable: a head line or transmission lines, and a line of tags or a subject near it."""
    start = text[:60_000]
    signs = (
        cable_head.HEAD.search(start) is not None,
        cable_head.SENT.search(start) is not None and cable_head.FROM.search(start) is not None,
        re.search(r"^[ \t]*TAGS?\b", start, re.MULTILINE) is not None,
        re.search(r"^[ \t]*E\.?O\.?[ \t]?1\d{4}", start, re.MULTILINE) is not None,
        listing.read_listing(start).refid != "",
    )
    # A body without its head still shows what it is: numbered, and marked paragraph by paragraph.
    return (
        sum(signs) >= 2 or len(re.findall(r"^[ \t]*¶[ \t]*\d+\.[ \t]*\((?:U|SBU|LOU|C|S)\)", start, re.MULTILINE)) > 1
    )


def read_cable(text: str, name: str = "") -> Reading:
    """All fields and paragraphs. `name` is the file's name, of use where the text does not tell its own reference."""
    if "\\" in text:
        text = re.sub(r"[ \t]*\\$", "", text, flags=re.MULTILINE)
    listed = listing.read_listing(text)
    head = cable_head.head_of(text)
    header = _transmission_of(text, head.start() if head else None)
    sent = read_transmission(header)
    body_start = head.end(3) if head else _after(text, header, listed.end)
    rest = cable_head.set_apart(text[body_start:])
    opening = cable_head.read_opening(rest, CAPTIONS)
    body = rest[opening.end :]

    found = Reading(kind="cable", media_type="text/plain")
    found.header = header
    found.opening = ((text[head.start() : head.end(3)] if head else "") + rest[: opening.end]).strip()
    found.tags, found.subject, found.declassify = opening.tags, opening.subject, opening.declassify
    found.handling = list(dict.fromkeys(opening.captions))
    found.addressees, found.copied_to = sent.to, sent.info
    found.released = listed.released
    found.paragraphs = cable_body.read_body(body, cable_head.page_name_of(head) if head else "")
    if listed.subject and not found.subject:
        found.subject = listed.subject

    origin, post, number = cable_head.post_of(head) if head else ("", "", "")
    _settle_origin(found, listed.origin, sent.origin, origin)
    _settle_created(found, listed.created, sent, text, bool(listed.impossible), listed.impossible)
    _settle_classification(found, listed.classification, head)
    # In the transmission line the number has four digits at most; the head line has it whole.
    if sent.number and number and int(number) % 10_000 != int(sent.number) % 10_000:
        found.doubt("references_differ", f"{number} / {sent.number}")
    number = number if number and int(number) else sent.number
    letters = sent.post or post or (post_of_origin(found.origin) if found.origin else "")
    _settle_refid(found, listed.refid, letters, number, name)
    year = found.created.year if found.created else (int(found.refid[:2]) if REFID.fullmatch(found.refid) else None)
    found.references, supposed = read_references(opening.references, year, letters, number)
    if supposed:
        found.doubt("reference_year_guessed", opening.references[:80])
    if not found.subject:
        found.doubt("no_subject")
    if not any(one.kind == "paragraph" for one in found.paragraphs):
        found.doubt("no_paragraphs")
    if PARTIAL.search(text[:5000].casefold()):
        found.doubt("partial_text")
    numbers = cable_body.numbers_of(found.paragraphs)
    for before, after in pairwise(numbers):
        if after not in (before + 1, 1):
            found.doubt("numbering_jumps", f"{before} → {after}")
            break
    return found


def _transmission_of(text: str, until: int | None) -> str:
    """The transmission lines: from VZCZC… (or DE, FM) to the last address before the head line."""
    area = text[:until] if until is not None else text[:20_000]
    starts = [one.start() for one in re.finditer(r"^[ \t]*VZCZC\w+", area, re.MULTILINE)]
    if not starts:
        starts = [
            one.start()
            for one in re.finditer(
                r"^(?:(?:[OPRZ] )*[OPRZ] \d{6}Z |DE R\w+ #|FM |\d{6}Z [A-Za-z]{3} \d\d$)", area, re.MULTILINE
            )
        ][:1]
    if not starts:
        return ""
    lines = []
    for line in area[starts[-1] :].split("\n"):
        bare = line.strip()
        if re.match(r"^(?:TAGS\b|SUBJECT\b|E\.?O\.?\s?1\d{4}|-{6,}|UNCLAS|CONFIDENTIAL\b|SECRET\b)", bare):
            break
        lines.append(bare)
    return "\n".join(lines).strip()


def _after(text: str, header: str, listed_end: int) -> int:
    """Where the opening begins when there is no head line: after the transmission lines, or after the listing."""
    last = header.rsplit("\n", 1)[-1] if header else ""
    at = text.find(last, text.find(header[:30])) if last else -1
    return at + len(last) if at >= 0 else listed_end


def _settle_origin(found: Reading, listed: str, sent: str, head: str) -> None:
    found.origin = listed or sent or head
    if found.origin and not listed and not sent:
        found.doubt("origin_guessed", found.origin)


def _settle_created(
    found: Reading, listed: datetime | None, sent: cable_head.Transmission, text: str, impossible: bool, told: str
) -> None:
    found.created = sent.sent_at or listed
    if sent.sent_at and listed and sent.sent_at.date() != listed.date():
        found.created = listed
        found.doubt("dates_differ", f"{sent.sent_at:%Y-%m-%d} / {listed:%Y-%m-%d}")
    if sent.impossible or impossible:
        found.doubt("impossible_date", sent.impossible or told)
    if found.created is None:
        found.doubt("no_date")


def _settle_classification(found: Reading, listed: str, head: re.Match[str] | None) -> None:
    said = classification_of(head[1].replace(" ", "")) if head else ""
    if said == "UNCLASSIFIED" and "SENSITIVE" in found.handling:
        said = NAMES[SENSITIVE]
    known = classification_of(listed) if listed else ""
    if listed and not known:
        found.doubt("classification_unknown", listed)
    if said and known and RANKS[said] != RANKS[known]:
        found.doubt("classifications_differ", f"{known} / {said}")
    found.classification = known or said
    if not found.classification:
        found.classification = listed.upper()
        if not listed:
            found.doubt("classification_unknown", "")
    marks = [one.mark for one in found.paragraphs if one.mark]
    if rank_of(found.classification, found.handling, marks) > RANKS.get(found.classification, 9):
        found.doubt("classification_raised", ", ".join(sorted(set(marks) | set(found.handling))))


def _settle_refid(found: Reading, listed: str, post: str, number: str, name: str) -> None:
    """Year, post and number make the reference. The listing says it whole; the year may have to come from the file's name."""
    made = f"{found.created.year % 100:02}{post}{int(number)}" if found.created and post and number else ""
    named = REFID.search(name.upper().replace("_", " "))
    if listed:
        found.refid = listed
        if made and made != listed:
            found.doubt("references_differ", f"{listed} / {made}")
    elif made:
        found.refid = made
        if named and named[0] != made:
            found.doubt("references_differ", f"{made} / {named[0]}")
    elif named:
        found.refid = named[0]
        found.doubt("reference_from_file_name", named[0])
    elif post and number:
        found.refid = f"{post}{int(number)}"
        found.doubt("reference_without_year", found.refid)
    else:
        found.doubt("no_reference")
