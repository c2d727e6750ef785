"""Letters as EML, and mailboxes of them. Attachments are named, not opened: what is meant to be taken in is put beside."""

from __future__ import annotations

import email
import email.policy
import hashlib
import mailbox
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from panoh.library.reading import markup
from panoh.library.reading.decoding import decode
from panoh.library.reading.document import Reading
from panoh.library.reading.prose import blocks_of_text, read_prose

# What a person wrote stands at the beginning; beyond this are attachments, which are not opened anyway.
LARGEST_READ = 32 * 1024 * 1024
LARGEST_LETTER = 256 * 1024 * 1024


def read_letter(content: bytes) -> Reading:
    message = email.message_from_bytes(content[:LARGEST_READ], policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the default policy makes
    text, scripts = _text_of(message)
    found = read_prose(blocks_of_text(text), kind="letter", title=_header(message, "subject"))
    found.media_type = "message/rfc822"
    named = _header(message, "message-id").strip("<> ")
    # The id of a letter is an address: kept as a number that says the same each time and can stand in a page's address.
    found.refid = f"MAIL-{hashlib.sha256(named.encode()).hexdigest()[:12].upper()}" if named else ""
    found.origin = _header(message, "from")
    found.addressees = [one.strip() for one in _header(message, "to").split(",") if one.strip()]
    found.copied_to = [one.strip() for one in _header(message, "cc").split(",") if one.strip()]
    found.header = "\n".join(
        f"{name}: {_header(message, name)}" for name in ("from", "to", "cc", "date", "subject") if message[name]
    )
    found.doubts = [one for one in found.doubts if one.code not in ("no_date",)]
    found.created = _day(message, found)
    if scripts:
        found.doubt("scripts_left_out")
    attached = [
        part.get_filename() or part.get_content_type()
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    ]
    if attached:
        found.doubt("attachments_left_out", ", ".join(attached))
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime"):
        found.doubt("encrypted")
    if len(content) > LARGEST_READ:
        found.doubt("cut_short", str(len(content)))
    return found


def letters_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each letter of a mailbox, one at a time: a mailbox may be larger than memory."""
    box = mailbox.mbox(path, create=False)
    for key in box.iterkeys():
        with box.get_file(key) as letter:
            yield int(key), letter.read(LARGEST_LETTER)


def _header(message: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(message.get(name, "")).split())
    except (ValueError, LookupError, AttributeError, IndexError):  # a header that breaks the parser is as good as none
        return ""


def _day(message: EmailMessage, found: Reading) -> datetime | None:
    told = _header(message, "date")
    if not told:
        found.doubt("no_date")
        return None
    try:
        read = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        found.doubt("impossible_date", told)
        return None
    return read.astimezone(UTC).replace(tzinfo=None) if read.tzinfo else read


def _text_of(message: EmailMessage) -> tuple[str, bool]:
    for wanted in ("text/plain", "text/html"):
        for part in message.walk():
            if part.get_content_type() == wanted and part.get_content_disposition() != "attachment":
                payload = part.get_payload(decode=True)
                if isinstance(payload, bytes):
                    text, _encoding, _doubts = decode(payload, part.get_content_charset() or "")
                    if wanted == "text/plain":
                        return text, False
                    blocks, _title, scripts = markup.read_markup(text)
                    return "\n\n".join(block.text for block in blocks), scripts
    return "", False
