"""The door: a file's name and bytes in, a Reading out. What a file is, its content says, not its name."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Sequence

from panoh.library.reading import mail, markup, office, printed
from panoh.library.reading.cable import looks_like_cable, read_cable
from panoh.library.reading.cable_head import REFID
from panoh.library.reading.decoding import decode
from panoh.library.reading.document import Doubt, Reading
from panoh.library.reading.office import Unreadable
from panoh.library.reading.prose import Block, blocks_of_text, language_of, read_prose

# Text beyond this is no document that anybody reads; its beginning is taken in, and told.
LONGEST_TEXT = 8 * 1024 * 1024
LARGEST_FILE = 256 * 1024 * 1024
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_file(name: str, content: bytes) -> Reading:
    """Never refuses: what cannot be read is taken in with its name, and what stood in the way is told."""
    try:
        found = _read(name, content)
    except Unreadable as unreadable:
        found = Reading(kind="report", subject=name)
        found.media_type = media_type(content)
        found.doubt(unreadable.code)
        found.doubt("no_paragraphs")
    if not found.refid:
        named = REFID.search(name.upper().replace("_", " "))
        # A document that bears no reference of its own gets one from its content: the same file gets the same again.
        found.refid = named[0] if named and found.kind == "cable" else reference_of(content)
    if not found.language:
        found.language = language_of(found.subject + " " + found.body)
    return found


def reference_of(content: bytes) -> str:
    return f"DOC-{hashlib.sha256(content).hexdigest()[:12].upper()}"


def media_type(content: bytes) -> str:
    start = content[:1024].lstrip()
    if b"%PDF-" in content[:1024]:
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            if _is_docx(content)
            else "application/zip"
        )
    if content.startswith(OLD_OFFICE):
        return "application/x-ole-storage"
    if (
        re.match(
            rb"(?:From |(?:Return-Path|Received|From|To|Date|Subject|Message-ID|MIME-Version|Delivered-To|X-[\w-]+): ?)",
            start,
        )
        and re.search(rb"(?mi)^(?:From|Date|Subject): ?", content[:8192])
        and re.search(rb"(?mi)^(?:MIME-Version|Message-ID|Date): ", content[:8192])
    ):
        return "message/rfc822"
    lowered = start[:600].lower()
    if lowered.startswith((b"<!doctype html", b"<html")) or re.search(
        rb"<(?:html|head|body|div|table|p)[\s>]", lowered
    ):
        return "text/html"
    return "text/plain"


def _is_docx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "word/document.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _read(name: str, content: bytes) -> Reading:
    kind = media_type(content)
    if kind == "application/pdf":
        blocks, title, doubts = printed.read_pdf(content)
        return _prose_or_cable(blocks, title, name, kind, doubts)
    if kind.endswith("wordprocessingml.document"):
        blocks, title, doubts, heads = office.read_docx(content)
        return _prose_or_cable(blocks, title, name, kind, doubts, heads)
    if kind == "application/zip":
        raise Unreadable("archive_left_closed" if zipfile.is_zipfile(io.BytesIO(content)) else "damaged")
    if kind == "application/x-ole-storage":  # Word before 2007, or a DOCX locked with a password
        raise Unreadable("encrypted" if b"E\0n\0c\0r\0y\0p\0t" in content else "damaged")
    if kind == "message/rfc822":
        return mail.read_letter(content)
    cut = len(content) > LONGEST_TEXT
    text, encoding, doubts = decode(
        content[:LONGEST_TEXT], markup.declared_encoding(content) if kind == "text/html" else ""
    )
    if cut:
        doubts = [*doubts, Doubt("cut_short", str(len(content)))]
    if kind == "text/html":
        blocks, title, scripts = markup.read_markup(text)
        if scripts:
            doubts = [*doubts, Doubt("scripts_left_out")]
        found = _prose_or_cable(blocks, title, name, kind, doubts)
        if found.kind == "report":
            found.kind = "web_page"
    elif looks_like_cable(text):
        found = read_cable(text, name)
        found.doubt_all(doubts)
    else:
        found = read_prose(blocks_of_text(text))
        found.doubt_all(doubts)
        if text.count("\0") or sum(letter == "\ufffd" for letter in text[:4000]) > 400:
            raise Unreadable("damaged")
    found.encoding, found.media_type = encoding, kind
    return found


def _prose_or_cable(
    blocks: list[Block], title: str, name: str, kind: str, doubts: list[Doubt], heads: Sequence[str] = ()
) -> Reading:
    text = markup.as_text(blocks)
    found = read_cable(text, name) if looks_like_cable(text) else read_prose(blocks, title=title, heads=heads)
    found.doubt_all(doubts)
    found.media_type = kind
    return found
