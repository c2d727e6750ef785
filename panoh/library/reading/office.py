"""DOCX to blocks: a ZIP of XML, read with the standard library within limits. Macros and embedded objects are never opened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.etree import ElementTree

from panoh.library.reading.document import Doubt
from panoh.library.reading.prose import Block

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST_INSIDE = 80 * 1024 * 1024
MOST_TIMES = 200  # text packs ten to one, a bomb a thousand to one


class Unreadable(Exception):
    """The file cannot be read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_docx(content: bytes) -> tuple[list[Block], str, list[Doubt], list[str]]:
    """(blocks, title, doubts, the lines over each page)."""
    doubts: list[Doubt] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if any(name.lower().endswith(("vbaproject.bin", ".vba")) for name in names):
                doubts.append(Doubt("macros_left_out"))
            if any("embeddings/" in name for name in names):
                doubts.append(Doubt("attachments_left_out"))
            root = _parse(_take(archive, "word/document.xml"))
            heads = [
                block.text
                for name in names
                if re.fullmatch(r"word/header\d*\.xml", name)
                for paragraph in _parse(_take(archive, name)).iter(f"{WORD}p")
                if (block := _block(paragraph)).text.strip()
            ]
            title = ""
            if "docProps/core.xml" in names:
                core = _parse(_take(archive, "docProps/core.xml"))
                title = (core.findtext("{http://purl.org/dc/elements/1.1/}title") or "").strip()
    except (
        zipfile.BadZipFile,
        KeyError,
        EOFError,
        ElementTree.ParseError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise Unreadable("damaged") from error
    except RuntimeError as error:  # the archive is locked with a password
        raise Unreadable("encrypted") from error
    blocks = [block for paragraph in root.iter(f"{WORD}p") if (block := _block(paragraph)).text.strip()]
    return blocks, title, doubts, heads


def _take(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part, never more than the limit: what the directory says of its size may be a lie, so reading stops there too."""
    told = archive.getinfo(name)
    if told.file_size > LARGEST_INSIDE or told.file_size > MOST_TIMES * max(told.compress_size, 1024):
        raise Unreadable("too_large_inside")
    with archive.open(name) as part:
        read = part.read(LARGEST_INSIDE + 1)
    if len(read) > LARGEST_INSIDE:
        raise Unreadable("too_large_inside")
    return read


def _parse(xml: bytes) -> ElementTree.Element:
    """No document type: entities that grow or point elsewhere are declared there, and Word never writes one."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", xml[:4096], re.IGNORECASE) or b"<!ENTITY" in xml:
        raise Unreadable("damaged")
    return ElementTree.fromstring(xml)  # noqa: S314 - without a document type there are no entities


def _block(paragraph: ElementTree.Element) -> Block:
    pieces = []
    for node in paragraph.iter():
        if node.tag == f"{WORD}t":
            pieces.append(node.text or "")
        elif node.tag in (f"{WORD}tab", f"{WORD}br", f"{WORD}cr"):
            pieces.append(" ")
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    named = (style.get(f"{WORD}val") or "") if style is not None else ""
    level = re.match(r"(?:Heading|Title|Заголовок|[1-6]$)\s?(\d?)", named)
    listed = paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None
    text = "".join(pieces).strip()
    return Block(f"• {text}" if listed and not level and text else text, (int(level[1] or 1) if level else 0))
